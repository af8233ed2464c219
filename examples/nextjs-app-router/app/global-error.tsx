"use client";

import ErrorPage from "./error";

/** For errors of the root layout, which app/error.tsx doesn't cover. Brings its own document. */
export default function GlobalError(props: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
