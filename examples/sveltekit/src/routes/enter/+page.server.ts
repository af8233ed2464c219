import { fail, redirect } from '@sveltejs/kit';
import { capture } from '#lib/server/analytics.ts';
import { openSession } from '#lib/server/session.ts';
import type { Actions, RequestEvent } from './$types';

async function enter(event: RequestEvent, moment: 'user_signed_up' | 'user_logged_in') {
  const form = await event.request.formData();
  if (!openSession(event, form)) return fail(401, { error: 'Wrong e-mail or password.' });
  // After success only, and with the stable id, which openSession has put into locals.
  // The browser learns the id from the layout (lib/Identity.svelte).
  capture(moment, { method: 'password' });
  redirect(303, '/');
}

export const actions: Actions = {
  login: (event) => enter(event, 'user_logged_in'),
  signup: (event) => enter(event, 'user_signed_up'),
};
