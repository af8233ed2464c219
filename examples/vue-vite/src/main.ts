import { createApp } from "vue";
import { captureException, startAnalytics } from "./analytics.ts";
import { ApiError } from "./api.ts";
import App from "./App.vue";
import { readPostHogConfig } from "./config.ts";
import { router } from "./router.ts";

// First, so that nothing captures before init: that would be lost.
startAnalytics(readPostHogConfig(import.meta.env.VITE_POSTHOG_PROJECT_TOKEN, import.meta.env.VITE_POSTHOG_HOST));

const reported = new WeakSet<Error>();

function report(error: unknown, route = router.currentRoute.value): void {
  if (error instanceof ApiError) return; // an answer of the API: expected, or a fault that the backend has reported
  if (error instanceof Error) {
    if (reported.has(error)) return; // a failed router.push comes from the router, and again from the component that awaits it
    reported.add(error);
  }
  console.error(error); // with a handler set, Vue and the router don't log
  captureException(error, route.matched.at(-1)?.path);
}

const app = createApp(App);
// Vue catches what components throw, in async handlers and watchers, too: window.onerror never sees it.
app.config.errorHandler = (error) => report(error);
// The router catches what guards throw, and pages that fail to load.
router.onError((error, to) => report(error, to));

app.use(router).mount("#app");
