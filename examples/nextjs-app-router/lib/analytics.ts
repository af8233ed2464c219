import "server-only";
import { setTimeout } from "node:timers/promises";
import { after } from "next/server";
import { cookies } from "next/headers";
import { cookieStateToProperties, PostHog, readPostHogCookie, type CookieStore } from "posthog-node";
import { posthogConfig } from "./config";
import type { Events } from "./events";
import { userIdFrom } from "./session";

// With an empty token the client is disabled: every call is a silent no-op.
// Each event is sent on its own, so there is no queue to flush when a server or a function stops. The numbers keep a dead
// network from holding the process: two attempts of three seconds, one second apart.
const posthog = new PostHog(posthogConfig?.token ?? "", {
  host: posthogConfig?.host,
  requestTimeout: 3_000,
  fetchRetryCount: 1,
  fetchRetryDelay: 1_000,
});

/** Who a request comes from: the session's user, else the visitor that posthog-js knows. */
function person(store: CookieStore, userId = userIdFrom(store)) {
  const visitor = posthogConfig && readPostHogCookie(store, posthogConfig.token);
  return {
    distinctId: userId ?? visitor?.distinctId,
    properties: {
      ...cookieStateToProperties(visitor), // $session_id joins the event to the visit, $device_id to the browser
      ...(!userId && { $process_person_profile: false }), // no profile for a visitor who never logs in, as in posthog-js
    },
  };
}

interface Details {
  /** Where the session is younger than the request: sign-up and log-in. */
  userId?: string;
  /** For what may be captured twice: with the same uuid, timestamp, name and person it counts once. */
  uuid?: string;
  timestamp?: Date;
}

/** For server actions and route handlers. Sends after the response; `after` also runs when `redirect()` follows. */
export async function capture<E extends keyof Events>(event: E, properties: Events[E], details: Details = {}) {
  const { userId, ...once } = details;
  const { distinctId, properties: known } = person(await cookies(), userId);
  after(() => posthog.captureImmediate({ event, distinctId, properties: { ...known, ...properties }, ...once }));
}

/** For instrumentation.ts, where `after` throws outside some requests. The error page waits for this: a second, at most. */
export async function captureException(error: unknown, store: CookieStore, properties: Record<string, unknown>) {
  const { distinctId, properties: known } = person(store);
  const sent = posthog.captureExceptionImmediate(error, distinctId, { ...known, ...properties });
  await Promise.race([sent, setTimeout(1_000, undefined, { ref: false })]);
}
