"use server";

import { redirect } from "next/navigation";
import { capture } from "@/lib/analytics";
import { closeSession, currentUserId, openSession } from "@/lib/session";
import { CardDeclined, findKit, placeOrder, type Order } from "@/lib/shop";

export interface FormState {
  error?: string;
}

export async function enter(_state: FormState, form: FormData): Promise<FormState> {
  const userId = await openSession(form);
  if (!userId) return { error: "Wrong e-mail or password." };

  // After success only, and with the stable id. The browser learns the id from the layout (components/identity.tsx).
  const event = form.get("intent") === "signup" ? "user_signed_up" : "user_logged_in";
  await capture(event, { method: "password" }, { userId });
  redirect("/");
}

export async function leave() {
  await closeSession();
  redirect("/");
}

export async function order(_state: FormState, form: FormData): Promise<FormState> {
  const kit = findKit(form.get("kit"));
  if (!kit) return { error: "No such kit." };
  if (!(await currentUserId())) redirect("/enter");

  let placed: Order;
  try {
    placed = await placeOrder(String(form.get("key")), kit, form.get("card"));
  } catch (error) {
    if (error instanceof CardDeclined) return { error: "The card was declined." };
    throw error; // goes to onRequestError in instrumentation.ts, once, and to app/error.tsx
  }

  // Sent twice, the form gives the same order, and so an event with the same uuid and time: it counts once.
  await capture(
    "order_placed",
    { order_id: placed.id, kit: kit.slug, amount_cents: kit.priceCents },
    { uuid: placed.id, timestamp: placed.placedAt },
  );
  redirect("/?ordered=" + kit.slug); // throws: never inside the try
}
