// Runs once in the browser, before React takes over.
import posthog from "posthog-js";
import "posthog-js/dist/exception-autocapture"; // else posthog-js loads it as a script, after the page's first errors

// Next.js writes these values into the bundle at build time, and only where the name stands like this.
const token = process.env.NEXT_PUBLIC_POSTHOG_PROJECT_TOKEN;
const host = process.env.NEXT_PUBLIC_POSTHOG_HOST;

// Without init every call of posthog-js is a no-op. init("") would log an error on every page.
if (token && host) {
  posthog.init(token, {
    // Bundles behaviours by date; this one captures $pageview on every navigation, and $pageleave.
    // Side effect: on localhost and 127.0.0.1 it marks the person as a test user and gives it a profile.
    defaults: "2026-08-30",
    // Own origin: what the browser sends goes to lib/relay.ts, so the CSP stays at connect-src 'self'.
    api_host: "/relay",
    ui_host: host.replace(".i.posthog.com", ".posthog.com"),
    // Next.js redirects URLs that end in a slash (308), which would double every request. lib/relay.ts turns /_ back.
    rewriteRequestPath(url) {
      url.pathname = url.pathname.replace(/\/$/, "/_");
      return url;
    },
    // Query parameters to mask in the URLs that go along; your app may have others. Side effect: also masks ad click ids.
    mask_personal_data_properties: true,
    custom_personal_data_properties: ["email", "token"],
    // Uncaught errors and rejections. Errors that React catches come from app/error.tsx.
    capture_exceptions: true,
  });
}
