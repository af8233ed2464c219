import type { NextApiRequest, NextApiResponse } from "next";
import { capture } from "@/lib/analytics";
import { currentUserId } from "@/lib/session";
import { CardDeclined, findKit, placeOrder, type Order } from "@/lib/shop";

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  if (req.method !== "POST") return res.status(405).json({ error: "POST an order." });
  if (!currentUserId(req)) return res.status(401).json({ error: "Log in first." });
  const kit = findKit(req.body.kit);
  if (!kit) return res.status(404).json({ error: "No such kit." });

  let placed: Order;
  try {
    placed = await placeOrder(String(req.body.key), kit, req.body.card);
  } catch (error) {
    if (error instanceof CardDeclined) return res.status(402).json({ error: "The card was declined." });
    throw error; // goes to onRequestError in instrumentation.ts, once, and Next.js answers with 500
  }

  // Sent twice, the form gives the same order, and so an event with the same uuid and time: it counts once.
  await capture(
    req,
    "order_placed",
    { order_id: placed.id, kit: kit.slug, amount_cents: kit.priceCents },
    { uuid: placed.id, timestamp: placed.placedAt },
  );
  res.status(201).json({ order: { id: placed.id } });
}
