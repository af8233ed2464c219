import posthog from "posthog-js";
import "posthog-js/dist/exception-autocapture"; // else posthog-js loads it as a script, after the page's first errors
import type { PostHogConfig } from "./config.ts";

/** Every event of the shop, with its properties. Names: snake_case, object first, past tense. Amounts in cents, nothing personal. */
export interface Events {
  user_signed_up: { method: "password" }; // the backend's, as soon as that has an SDK
  user_logged_in: { method: "password" }; // the same
  kit_viewed: { kit: string; price_cents: number }; // the browser's
  order_placed: { order_id: string; kit: string; amount_cents: number }; // the backend's: it alone knows that money moved
}

/** Called once, before anything captures. */
export function startAnalytics(config: PostHogConfig | null): void {
  // Without init every call of posthog-js is a no-op. init("") would log an error on every page.
  if (!config) return;
  posthog.init(config.token, {
    // Bundles behaviours by date; this one captures $pageview on every navigation, and $pageleave.
    // Side effect: on localhost and 127.0.0.1 it marks the person as a test user and gives it a profile.
    defaults: "2026-08-30",
    api_host: config.host,
    // Query parameters to mask in the URLs that go along; your app may have others. Side effect: also masks ad click ids.
    mask_personal_data_properties: true,
    custom_personal_data_properties: ["email", "token"],
    // What nobody catches. What the router catches comes from main.tsx.
    capture_exceptions: true,
  });
}

interface Once {
  /** For what may be captured twice: with the same uuid, timestamp, name and person it counts once. */
  uuid: string;
  timestamp: Date;
}

export function capture<E extends keyof Events>(event: E, properties: Events[E], once?: Once): void {
  posthog.capture(event, properties, once);
}

/**
 * Makes posthog-js follow the session: the only place where identify and reset are called. src/api.ts calls it with every
 * answer that says who is logged in. After sign-up or log-in, identify joins the anonymous visit to the user; it sends nothing
 * when nothing changed. After log-out, or when the session has expired, reset makes the next visitor of this browser a new one.
 */
export function followSession(userId: string | null): void {
  const known = posthog.get_property("$user_state") === "identified";
  if (known && posthog.get_distinct_id() !== userId) posthog.reset();
  if (userId) posthog.identify(userId);
}

export function captureException(error: unknown, route?: string): void {
  posthog.captureException(error, { route }); // the route's pattern: path and query may hold personal data
}
