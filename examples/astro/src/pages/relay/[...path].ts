import type { APIRoute } from 'astro';
import { POSTHOG_HOST } from 'astro:env/server';

/** Passes /relay/… on to PostHog: named headers only, so the session cookie and Authorization stay at home. */
const relay: APIRoute = async ({ url, request, clientAddress }) => {
  const host = POSTHOG_HOST?.trim().replace(/\/$/, '');
  if (!host) return new Response('', { status: 404 });

  const path = url.pathname.slice('/relay'.length);
  const isAsset = path.startsWith('/static/') || path.startsWith('/array/');
  const origin = isAsset ? host.replace('.i.posthog.com', '-assets.i.posthog.com') : host;

  const headers = new Headers({ 'x-forwarded-for': clientAddress }); // PostHog derives the country from it
  for (const name of ['accept', 'content-type', 'origin', 'user-agent']) {
    const value = request.headers.get(name);
    if (value) headers.set(name, value);
  }
  const body = request.method === 'POST' ? await request.arrayBuffer() : null;

  try {
    // Joined as text: new URL(path, origin) would let a path such as //elsewhere.example choose the host.
    const answer = await fetch(origin + path + url.search, { method: request.method, headers, body, signal: AbortSignal.timeout(5_000) });
    const kept = new Headers(answer.headers);
    for (const name of ['content-encoding', 'content-length', 'set-cookie']) kept.delete(name); // fetch has unzipped the body
    return new Response(answer.body, { status: answer.status, headers: kept });
  } catch {
    return new Response('', { status: 502 }); // no fault of the shop; posthog-js tries again
  }
};

export const GET = relay;
export const POST = relay;
