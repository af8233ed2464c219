import posthog from 'posthog-js';
import 'posthog-js/dist/exception-autocapture'; // else posthog-js loads it as a script, after the page's first errors
import { PUBLIC_POSTHOG_HOST, PUBLIC_POSTHOG_PROJECT_TOKEN } from 'astro:env/client';
import type { Events } from './events.ts';

// Runs once on every page, before the scripts that import it. Without init every call of posthog-js is a no-op.
if (PUBLIC_POSTHOG_PROJECT_TOKEN && PUBLIC_POSTHOG_HOST) {
  posthog.init(PUBLIC_POSTHOG_PROJECT_TOKEN, {
    // Bundles behaviours by date; this one captures $pageview and $pageleave.
    // Side effect: on localhost and 127.0.0.1 it marks the person as a test user and gives it a profile.
    defaults: '2026-08-30',
    // Own origin: what the browser sends goes to pages/relay, so the CSP stays at connect-src 'self'.
    api_host: '/relay',
    ui_host: PUBLIC_POSTHOG_HOST.replace('.i.posthog.com', '.posthog.com'),
    // Query parameters to mask in the URLs that go along; your app may have others. Side effect: also masks ad click ids.
    mask_personal_data_properties: true,
    custom_personal_data_properties: ['email', 'token'],
    // Uncaught errors and rejections.
    capture_exceptions: true,
  });
}

/**
 * Makes posthog-js follow the server's session: the only place where identify and reset are called.
 * After sign-up or log-in, identify joins the anonymous visit to the user; it sends nothing when nothing changed.
 * After log-out, or when the session has expired, reset makes the next visitor of this browser a new one.
 */
export function followSession(userId?: string): void {
  const known = posthog.get_property('$user_state') === 'identified';
  if (known && posthog.get_distinct_id() !== userId) posthog.reset();
  if (userId) posthog.identify(userId);
}

export function capture<E extends keyof Events>(event: E, properties: Events[E]): void {
  posthog.capture(event, properties);
}
