import { cookieStateToProperties, cookieStoreFromHeader, PostHog, readPostHogCookie } from 'posthog-node';
import { POSTHOG_HOST, POSTHOG_PROJECT_TOKEN } from '$app/env/public';
import { getRequestEvent } from '$app/server';
import type { Events } from '../events.ts';

// env.ts sees each variable alone, so the pair is checked here: hooks.server.ts imports this when the server starts.
if (POSTHOG_PROJECT_TOKEN && !POSTHOG_HOST) throw new Error('POSTHOG_HOST must be set, such as https://eu.i.posthog.com');

// With an empty token the client is disabled: every call is a silent no-op, and shutdown returns at once.
const posthog = new PostHog(POSTHOG_PROJECT_TOKEN, {
  host: POSTHOG_HOST,
  // Side effect: an uncaught exception is sent before the process exits with 1, which takes up to two seconds.
  enableExceptionAutocapture: true,
});

// adapter-node emits this when the last request has been answered. Three seconds, after the six of SHUTDOWN_TIMEOUT.
process.once('sveltekit:shutdown', async () => {
  await posthog.shutdown(3_000); // its default is 30 seconds
  process.exit(0); // a send that ran into the limit would keep the process alive
});

/** Who the request comes from: the session's user, else the visitor that posthog-js knows. */
function person() {
  const { locals, request } = getRequestEvent();
  const visitor = readPostHogCookie(cookieStoreFromHeader(request.headers.get('cookie') ?? ''), POSTHOG_PROJECT_TOKEN);
  return {
    distinctId: locals.userId ?? visitor?.distinctId,
    properties: {
      ...cookieStateToProperties(visitor), // $session_id joins the event to the visit, $device_id to the browser
      ...(!locals.userId && { $process_person_profile: false }), // no profile for a visitor who never logs in, as in posthog-js
    },
  };
}

/** For what may be captured twice: with the same uuid, timestamp, name and person it counts once. */
interface Once {
  uuid?: string;
  timestamp?: Date;
}

/** For actions, endpoints and whatever they call. Queues, and returns at once. */
export function capture<E extends keyof Events>(event: E, properties: Events[E], once?: Once): void {
  const { distinctId, properties: known } = person();
  posthog.capture({ event, distinctId, properties: { ...known, ...properties }, ...once });
}

/** For handleError in hooks.server.ts. */
export function captureException(error: unknown, properties: Record<string, unknown>): void {
  const { distinctId, properties: known } = person();
  posthog.captureException(error, distinctId, { ...known, ...properties });
}
