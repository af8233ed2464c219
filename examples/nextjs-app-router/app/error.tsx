"use client";

import { useEffect } from "react";
import posthog from "posthog-js";

/** React hands errors to the nearest boundary, and then window.onerror never sees them. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => {
    // An error with a digest comes from the server, where onRequestError has captured it with its real message.
    if (!(error instanceof Error && "digest" in error)) posthog.captureException(error);
  }, [error]);
  return (
    <main>
      <h1>That one crashed.</h1>
      <button onClick={() => retry()}>Try again</button>
    </main>
  );
}
