import { ActionError, defineAction, type ActionAPIContext } from 'astro:actions';
import { z } from 'astro/zod';
import { capture, captureException } from '../lib/analytics.ts';
import { closeSession, openSession } from '../lib/session.ts';
import { CardDeclined, findKit, placeOrder, type Order } from '../lib/shop.ts';

const credentials = z.object({ email: z.string(), password: z.string() });

export const server = {
  login: defineAction({
    accept: 'form',
    input: credentials,
    handler: reported(async (input, context) => enter(input, context, 'user_logged_in')),
  }),

  signup: defineAction({
    accept: 'form',
    input: credentials,
    handler: reported(async (input, context) => enter(input, context, 'user_signed_up')),
  }),

  leave: defineAction({ accept: 'form', handler: reported(async (_form, context) => closeSession(context)) }),

  order: defineAction({
    accept: 'form',
    input: z.object({ kit: z.string(), key: z.string(), card: z.string().optional() }),
    handler: reported(async (input, context) => {
      if (!context.locals.userId) throw new ActionError({ code: 'UNAUTHORIZED', message: 'Log in first.' });
      const kit = findKit(input.kit);
      if (!kit) throw new ActionError({ code: 'NOT_FOUND', message: 'No such kit.' });

      let order: Order;
      try {
        order = await placeOrder(input.key, kit, input.card);
      } catch (error) {
        if (error instanceof CardDeclined) throw new ActionError({ code: 'PAYMENT_REQUIRED', message: 'The card was declined.' });
        throw error;
      }

      // Sent twice, the form gives the same order, and so an event with the same uuid and time: it counts once.
      capture(
        context,
        'order_placed',
        { order_id: order.id, kit: kit.slug, amount_cents: kit.priceCents },
        { uuid: order.id, timestamp: order.placedAt },
      );
      return { kit: kit.slug };
    }),
  }),
};

async function enter(input: z.infer<typeof credentials>, context: ActionAPIContext, moment: 'user_signed_up' | 'user_logged_in') {
  if (!openSession(context, input.email, input.password)) {
    throw new ActionError({ code: 'UNAUTHORIZED', message: 'Wrong e-mail or password.' });
  }
  // After success only, and with the stable id, which openSession has put into locals.
  // The browser learns the id from the layout (components/Identity.astro).
  capture(context, moment, { method: 'password' });
}

/**
 * Astro catches whatever a handler throws, tells no log and no middleware, and passes the message on to the page. So faults
 * are reported here, and only an ActionError, which is an answer, is passed on as it is.
 */
function reported<Input, Output>(handler: (input: Input, context: ActionAPIContext) => Promise<Output>) {
  return async (input: Input, context: ActionAPIContext) => {
    try {
      return await handler(input, context);
    } catch (error) {
      if (error instanceof ActionError) throw error;
      console.error(error);
      captureException(error, context);
      throw new ActionError({ code: 'INTERNAL_SERVER_ERROR', message: 'That one crashed.' });
    }
  };
}
