import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit/hooks';
import { POSTHOG_PROJECT_TOKEN } from '$app/env/public';
import { captureException } from '#lib/server/analytics.ts';
import { currentUserId } from '#lib/server/session.ts';

export const init: ServerInit = () => {
  console.log(`hangar: analytics ${POSTHOG_PROJECT_TOKEN ? 'on' : 'off'}`);
};

export const handle: Handle = ({ event, resolve }) => {
  event.locals.userId = currentUserId(event.cookies);
  return resolve(event);
};

/** SvelteKit calls this once for each error of a load function, an action, an endpoint or a page. Redirects never arrive here. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  if (kind !== 'unknown') return; // error(404, …) and unknown routes are answers
  console.error(error); // this hook takes the place of SvelteKit's own message
  captureException(error, { method: event.request.method, route: event.route.id }); // the route's pattern: the URL may hold personal data
};
