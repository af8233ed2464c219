import type { ClientInit, HandleClientError } from '@sveltejs/kit/hooks';
import posthog from 'posthog-js';
import 'posthog-js/dist/exception-autocapture'; // else posthog-js loads it as a script, after the page's first errors
import { POSTHOG_HOST, POSTHOG_PROJECT_TOKEN } from '$app/env/public';

/** Runs once in the browser, before the first page is hydrated. */
export const init: ClientInit = () => {
  // Without init every call of posthog-js is a no-op. init("") would log an error on every page.
  if (!POSTHOG_PROJECT_TOKEN) return;
  posthog.init(POSTHOG_PROJECT_TOKEN, {
    // Bundles behaviours by date; this one captures $pageview on every navigation, and $pageleave.
    // Side effect: on localhost and 127.0.0.1 it marks the person as a test user and gives it a profile.
    defaults: '2026-08-30',
    // Own origin: what the browser sends goes to routes/relay, so the CSP stays at connect-src 'self'.
    api_host: '/relay',
    ui_host: POSTHOG_HOST.replace('.i.posthog.com', '.posthog.com'),
    // Query parameters to mask in the URLs that go along; your app may have others. Side effect: also masks ad click ids.
    mask_personal_data_properties: true,
    custom_personal_data_properties: ['email', 'token'],
    // What nobody catches, in event handlers and promises. What SvelteKit catches comes from handleError.
    capture_exceptions: true,
  });
};

/**
 * Errors in components and in load functions that run in the browser. The server's own errors arrive here no second time,
 * and neither do redirects.
 */
export const handleError: HandleClientError = ({ kind, error }) => {
  if (kind !== 'unknown') return; // error(404, …) and unknown routes are answers
  console.error(error); // this hook takes the place of SvelteKit's own message
  posthog.captureException(error);
};
