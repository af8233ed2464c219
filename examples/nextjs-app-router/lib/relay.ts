import { NextResponse, type NextRequest } from "next/server";

/** Passes /relay/… on to PostHog. A rewrite in next.config.ts would send every cookie along, the session's too. */
export function relay({ nextUrl, headers }: NextRequest): NextResponse {
  const host = process.env.POSTHOG_HOST?.trim().replace(/\/$/, "");
  if (!host) return new NextResponse(null, { status: 404 });

  const path = nextUrl.pathname.replace(/^\/relay/, "").replace(/\/_$/, "/");
  const isAsset = path.startsWith("/static/") || path.startsWith("/array/");
  const origin = isAsset ? host.replace(".i.posthog.com", "-assets.i.posthog.com") : host;

  const kept = new Headers(headers);
  kept.delete("cookie");
  kept.delete("authorization");
  kept.delete("referer"); // the page's whole URL, with the parameters that the events mask
  // Joined as text: new URL(path, origin) would let a path such as //elsewhere.example choose the host.
  return NextResponse.rewrite(origin + path + nextUrl.search, { request: { headers: kept } });
}
