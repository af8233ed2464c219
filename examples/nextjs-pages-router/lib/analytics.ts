import "server-only"; // a page that imports this, even for getServerSideProps, doesn't build
import { setTimeout } from "node:timers/promises";
import { cookieStateToProperties, cookieStoreFromHeader, PostHog, readPostHogCookie } from "posthog-node";
import { posthogConfig } from "./config";
import type { Events } from "./events";
import { currentUserId, type Caller } from "./session";

// With an empty token the client is disabled: every call is a silent no-op.
// Each event is sent on its own, so there is no queue to flush when a server or a function stops.
const posthog = new PostHog(posthogConfig?.token ?? "", {
  host: posthogConfig?.host,
  requestTimeout: 3_000,
  fetchRetryCount: 1,
  fetchRetryDelay: 1_000,
});

/** Who a request comes from: the session's user, else the visitor that posthog-js knows. */
function person(caller: Caller, userId = currentUserId(caller)) {
  const cookies = cookieStoreFromHeader(String(caller.headers.cookie ?? ""));
  const visitor = posthogConfig && readPostHogCookie(cookies, posthogConfig.token);
  return {
    distinctId: userId ?? visitor?.distinctId,
    properties: {
      ...cookieStateToProperties(visitor), // $session_id joins the event to the visit, $device_id to the browser
      ...(!userId && { $process_person_profile: false }), // no profile for a visitor who never logs in, as in posthog-js
    },
  };
}

/**
 * The Pages Router has no `after`, and once the response is out a function may freeze and a server may exit. So the response
 * waits: a round trip to PostHog, and a second where PostHog is slow. On a server, sending goes on after that second.
 */
async function beforeTheResponse(sent: Promise<void>) {
  await Promise.race([sent, setTimeout(1_000, undefined, { ref: false })]);
}

interface Details {
  /** Where the session is younger than the request: sign-up and log-in. */
  userId?: string;
  /** For what may be captured twice: with the same uuid, timestamp, name and person it counts once. */
  uuid?: string;
  timestamp?: Date;
}

/** For API routes: `await` it, then answer. */
export async function capture<E extends keyof Events>(caller: Caller, event: E, properties: Events[E], details: Details = {}) {
  const { userId, ...once } = details;
  const { distinctId, properties: known } = person(caller, userId);
  await beforeTheResponse(posthog.captureImmediate({ event, distinctId, properties: { ...known, ...properties }, ...once }));
}

/** For instrumentation.ts. */
export async function captureException(caller: Caller, error: unknown, properties: Record<string, unknown>) {
  const { distinctId, properties: known } = person(caller);
  await beforeTheResponse(posthog.captureExceptionImmediate(error, distinctId, { ...known, ...properties }));
}
