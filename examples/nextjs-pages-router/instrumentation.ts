import type { Instrumentation } from "next";

export async function register() {
  if (process.env.NEXT_RUNTIME === "nodejs") await import("./lib/start");
}

/** Next.js calls this once for each error that escapes getServerSideProps, the rendering of a page, an API route or proxy.ts. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  // A body that is no JSON, or is too large, comes here too. Next.js answers it with 400 or 413: no fault of ours.
  if (error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500) return;
  const { captureException } = await import("./lib/analytics");
  // Only the route's pattern: path and query may hold personal data.
  const { routePath, routeType } = context;
  await captureException(request, error, { routePath, routeType });
};
