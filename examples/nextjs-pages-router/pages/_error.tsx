import type { NextPageContext } from "next";
import posthog from "posthog-js";

/**
 * In production, Next.js shows this page for what React catches in the browser, and window.onerror never sees such an error.
 * An error boundary inside _app.tsx would come first: then posthog.captureException belongs into its componentDidCatch.
 */
export default function ErrorPage({ statusCode }: { statusCode: number }) {
  return (
    <main>
      <h1>{statusCode === 404 ? "No such page." : "That one crashed."}</h1>
    </main>
  );
}

ErrorPage.getInitialProps = ({ res, err }: NextPageContext) => {
  // Only in the browser: what failed on the server has been reported by onRequestError (instrumentation.ts).
  if (!res && err) posthog.captureException(err);
  return { statusCode: res?.statusCode ?? err?.statusCode ?? (err ? 500 : 404) };
};
