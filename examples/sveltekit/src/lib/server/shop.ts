// Fake: orders live in memory, and no money moves.
import { randomUUID } from 'node:crypto';
import { error } from '@sveltejs/kit';

export interface Kit {
  slug: string;
  name: string;
  priceCents: number;
}

export const kits: Kit[] = [
  { slug: 'dart', name: 'Dart', priceCents: 900 },
  { slug: 'swallow', name: 'Swallow', priceCents: 1900 },
  { slug: 'albatross', name: 'Albatross', priceCents: 4900 },
];

export function findKit(slug: string): Kit {
  return kits.find((kit) => kit.slug === slug) ?? error(404, 'No such kit.');
}

export interface Order {
  /** A UUID, so that it can name the one event that the order causes. */
  id: string;
  kit: Kit;
  placedAt: Date;
}

const orders = new Map<string, Order>();

export class CardDeclined extends Error {}

/** Charges once per key: a form that is sent twice gets the same order again. */
export async function placeOrder(key: string, kit: Kit, card: unknown): Promise<Order> {
  if (card === 'declined') throw new CardDeclined();
  if (kit.slug === 'albatross') throw new Error('payment gateway: connection reset'); // the checkout that can fail

  const order = orders.get(key) ?? { id: randomUUID(), kit, placedAt: new Date() };
  orders.set(key, order);
  return order;
}
