import { redirect } from '@sveltejs/kit';
import { closeSession } from '#lib/server/session.ts';
import { kits } from '#lib/server/shop.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({ kits, ordered: url.searchParams.has('ordered') });

export const actions: Actions = {
  leave(event) {
    closeSession(event);
    redirect(303, '/');
  },
};
