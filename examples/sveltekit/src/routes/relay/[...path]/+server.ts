import { POSTHOG_HOST } from '$app/env/public';
import type { RequestHandler } from './$types';

// posthog-js posts to /relay/e/. By default SvelteKit would answer with a redirect, which doubles every request.
export const trailingSlash = 'ignore';

/** Passes /relay/… on to PostHog: named headers only, so the session cookie and Authorization stay at home. */
const relay: RequestHandler = async ({ url, request, getClientAddress }) => {
  if (!POSTHOG_HOST) return new Response(null, { status: 404 });

  const path = url.pathname.slice('/relay'.length);
  const isAsset = path.startsWith('/static/') || path.startsWith('/array/');
  const host = POSTHOG_HOST.replace(/\/$/, '');
  const origin = isAsset ? host.replace('.i.posthog.com', '-assets.i.posthog.com') : host;

  const headers = new Headers({ 'x-forwarded-for': getClientAddress() }); // PostHog derives the country from it
  for (const name of ['accept', 'content-type', 'origin', 'user-agent']) {
    const value = request.headers.get(name);
    if (value) headers.set(name, value);
  }
  const body = request.method === 'POST' ? await request.arrayBuffer() : undefined; // adapter-node's BODY_SIZE_LIMIT holds: 512K

  try {
    // Joined as text: new URL(path, origin) would let a path such as //elsewhere.example choose the host.
    const answer = await fetch(origin + path + url.search, { method: request.method, headers, body, signal: AbortSignal.timeout(5_000) });
    const kept = new Headers(answer.headers);
    for (const name of ['content-encoding', 'content-length', 'set-cookie']) kept.delete(name); // fetch has unzipped the body
    return new Response(answer.body, { status: answer.status, headers: kept });
  } catch {
    return new Response(null, { status: 502 }); // no fault of the shop; posthog-js tries again
  }
};

export const GET = relay;
export const POST = relay;
