import { PostHog } from "posthog-node";
import type { Config } from "./config.ts";

/** Every event of the shop, with its properties. Names: snake_case, object first, past tense. Amounts in cents, nothing personal. */
export interface Events {
  user_signed_up: { method: "password" };
  user_logged_in: { method: "password" };
  kit_viewed: { kit: string; price_cents: number };
  order_placed: { order_id: string; kit: string; amount_cents: number };
}

interface Details {
  /** From the session, never from the browser. Without it the event belongs to an anonymous visitor. */
  userId?: string;
  /** For what may be captured twice: with the same uuid, timestamp, name and person it counts once. */
  uuid?: string;
  timestamp?: Date;
}

export type Analytics = ReturnType<typeof createAnalytics>;

export function createAnalytics(config: Config["posthog"]) {
  // With an empty token the client is disabled: every call is a silent no-op, and shutdown returns at once.
  const posthog = new PostHog(config?.token ?? "", {
    host: config?.host,
    // Side effect: an uncaught exception is sent before the process exits with 1, which takes up to two seconds.
    enableExceptionAutocapture: true,
  });

  // A visitor who never logs in gets no person profile, as in posthog-js.
  const profile = (userId?: string) => (userId ? {} : { $process_person_profile: false });

  return {
    posthog,

    capture<E extends keyof Events>(event: E, properties: Events[E], { userId, ...once }: Details): void {
      posthog.capture({
        ...once,
        event,
        distinctId: userId, // without a user, the request's context knows the visitor's id, if the browser sent one
        properties: { ...properties, ...profile(userId) },
      });
    },

    captureException(error: unknown, properties: Record<string, unknown>, userId?: string): void {
      posthog.captureException(error, userId, { ...properties, ...profile(userId) });
    },
  };
}
