import { randomUUID } from 'node:crypto';
import { fail, redirect } from '@sveltejs/kit';
import { capture } from '#lib/server/analytics.ts';
import { CardDeclined, findKit, placeOrder, type Order } from '#lib/server/shop.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ params }) => ({ kit: findKit(params.slug), key: randomUUID() });

export const actions: Actions = {
  async default({ locals, params, request }) {
    const kit = findKit(params.slug);
    if (!locals.userId) redirect(303, '/enter');

    const form = await request.formData();
    let order: Order;
    try {
      order = await placeOrder(String(form.get('key')), kit, form.get('card'));
    } catch (error) {
      if (error instanceof CardDeclined) return fail(402, { error: 'The card was declined.' });
      throw error; // goes to handleError in hooks.server.ts, once, and to +error.svelte
    }

    // Sent twice, the form gives the same order, and so an event with the same uuid and time: it counts once.
    capture(
      'order_placed',
      { order_id: order.id, kit: kit.slug, amount_cents: kit.priceCents },
      { uuid: order.id, timestamp: order.placedAt },
    );
    redirect(303, `/?ordered=${kit.slug}`); // throws: never inside the try
  },
};
