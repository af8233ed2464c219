import { NextResponse, type NextRequest } from "next/server";
import { relay } from "./lib/relay";

export function proxy(request: NextRequest) {
  if (request.nextUrl.pathname.startsWith("/relay/")) return relay(request);

  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const dev = process.env.NODE_ENV === "development"; // its tools use eval and inline styles
  const csp = [
    "default-src 'self'",
    // strict-dynamic: scripts that posthog-js loads (/relay/static/…) are trusted through the one that loads them.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' ${dev ? "'unsafe-eval'" : ""}`,
    `style-src 'self' ${dev ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "connect-src 'self'",
    "worker-src 'self' blob:", // session replay compresses in a worker made from a blob
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce); // for pages/_document.tsx
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", csp);
  return response;
}

export const config = { matcher: "/((?!_next/static|_next/image|favicon.ico).*)" };
