import type { APIContext } from 'astro';
import type { ActionAPIContext } from 'astro:actions';
import { POSTHOG_HOST, POSTHOG_PROJECT_TOKEN } from 'astro:env/server';
import { cookieStateToProperties, cookieStoreFromHeader, PostHog, readPostHogCookie } from 'posthog-node';
import type { Events } from './events.ts';

const token = POSTHOG_PROJECT_TOKEN?.trim() ?? '';

// No default: a token belongs to one region, and the SDK would send everything to the US. server.mjs has stopped for this
// already; here it is for astro dev.
if (token && !POSTHOG_HOST) throw new Error('POSTHOG_HOST must be a URL, such as https://eu.i.posthog.com');

// With an empty token the client is disabled: every call is a silent no-op, and shutdown returns at once.
const posthog = new PostHog(token, {
  host: POSTHOG_HOST?.trim(),
  // Side effect: an uncaught exception is sent before the process exits with 1, which takes up to two seconds.
  // An unhandled rejection is sent, too, and @astrojs/node keeps the process alive after it.
  enableExceptionAutocapture: true,
});

// server.mjs emits this when the last request has been answered.
process.once('hangar:closed', async () => {
  await posthog.shutdown(3_000); // its default is 30 seconds
  process.exit(0); // a send that ran into the limit would keep the process alive
});

type Context = APIContext | ActionAPIContext;

/** Who the request comes from: the session's user, else the visitor that posthog-js knows. */
function person({ locals, request }: Context) {
  const visitor = readPostHogCookie(cookieStoreFromHeader(request.headers.get('cookie') ?? ''), token);
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

/** For actions and endpoints. Queues, and returns at once. */
export function capture<E extends keyof Events>(context: Context, event: E, properties: Events[E], once?: Once): void {
  const { distinctId, properties: known } = person(context);
  posthog.capture({ event, distinctId, properties: { ...known, ...properties }, ...once });
}

export function captureException(error: unknown, context: Context): void {
  const { distinctId, properties } = person(context);
  // Only the route's pattern: path and query may hold personal data.
  posthog.captureException(error, distinctId, { ...properties, method: context.request.method, route: context.routePattern });
}
