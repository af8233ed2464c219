import { PostHogErrorBoundary } from "@posthog/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, isRouteErrorResponse, type ClientOnErrorFunction } from "react-router";
import { RouterProvider } from "react-router/dom";
import { captureException, startAnalytics } from "./analytics.ts";
import { readPostHogConfig } from "./config.ts";
import { routes } from "./routes.tsx";

// First, so that nothing captures before init: that would be lost.
startAnalytics(readPostHogConfig(import.meta.env.VITE_POSTHOG_PROJECT_TOKEN, import.meta.env.VITE_POSTHOG_HOST));
const router = createBrowserRouter(routes);

/** The router catches what loaders, actions and components throw, so window.onerror never sees it. Called once for each. */
const onError: ClientOnErrorFunction = (error, { pattern }) => {
  if (isRouteErrorResponse(error)) return; // an answer of the API: expected, or a fault that the backend has reported
  console.error(error);
  captureException(error, pattern);
};

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    {/* For what stands around the router. Needs no provider: it takes the client that init has started. */}
    <PostHogErrorBoundary fallback={<h1>That one crashed.</h1>}>
      <RouterProvider router={router} onError={onError} />
    </PostHogErrorBoundary>
  </StrictMode>,
);
