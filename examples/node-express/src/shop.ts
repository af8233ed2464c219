// The shop without HTTP. Fake: orders live in memory, and no money moves.
import { randomUUID } from "node:crypto";

/** An answer the client can expect. Everything else that is thrown is a fault of ours. */
export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Kit {
  slug: string;
  name: string;
  priceCents: number;
}

export interface Order {
  /** A UUID, so that it can name the one event that the order causes. */
  id: string;
  userId: string;
  kit: Kit;
  paidAt: Date | null;
}

export const kits: Kit[] = [
  { slug: "dart", name: "Dart", priceCents: 900 },
  { slug: "swallow", name: "Swallow", priceCents: 1900 },
  { slug: "albatross", name: "Albatross", priceCents: 4900 },
];

export const orders = new Map<string, Order>();

export function findKit(slug: unknown): Kit {
  const kit = kits.find((kit) => kit.slug === slug);
  if (!kit) throw new HttpError(404, "no such kit");
  return kit;
}

/** Starts a payment. The provider reports its success later, through the webhook. */
export async function placeOrder(userId: string, kit: Kit, card: unknown): Promise<Order> {
  if (card === "declined") throw new HttpError(402, "the card was declined");
  if (kit.slug === "albatross") throw new Error("payment gateway: connection reset"); // the checkout that can fail

  const order: Order = { id: randomUUID(), userId, kit, paidAt: null };
  orders.set(order.id, order);
  return order;
}
