import type { Instrumentation } from "next";
import { cookieStoreFromHeader } from "posthog-node";

export async function register() {
  if (process.env.NEXT_RUNTIME === "nodejs") await import("./lib/start");
}

/**
 * Next.js calls this once for each error that escapes a page, a route handler, a server action or proxy.ts.
 * redirect() and notFound() are control flow and never arrive here.
 */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { captureException } = await import("./lib/analytics");
  // Only the route's pattern: path and query may hold personal data.
  const { routePath, routeType } = context;
  await captureException(error, cookieStoreFromHeader(String(request.headers.cookie ?? "")), { routePath, routeType });
};
