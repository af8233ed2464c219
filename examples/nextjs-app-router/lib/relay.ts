import { NextResponse, type NextRequest } from "next/server";

/** Passes /relay/… on to PostHog. A rewrite on the app's own origin would send every cookie along, the session too. */
export function relay(request: NextRequest): NextResponse {
  const host = process.env.POSTHOG_HOST;
  if (!host) return new NextResponse(null, { status: 404 });

  const path = request.nextUrl.pathname.replace(/^\/relay/, "");
  const isAsset = path.startsWith("/static/") || path.startsWith("/array/");
  const target = new URL(path + request.nextUrl.search, isAsset ? host.replace(".i.posthog.com", "-assets.i.posthog.com") : host);

  const headers = new Headers(request.headers);
  headers.delete("cookie");
  headers.delete("authorization");
  return NextResponse.rewrite(target, { request: { headers } });
}
