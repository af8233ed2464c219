import { useEffect } from "react";
import { Form, redirect, useActionData, useLoaderData, useNavigation, type ActionFunctionArgs, type LoaderFunctionArgs } from "react-router";
import { capture } from "../analytics.ts";
import { kit, placeOrder } from "../api.ts";
import { CardDeclined, tokenize } from "../payments.ts";

/** Captures nothing: it runs again after every action. */
export async function loader({ params }: LoaderFunctionArgs) {
  return { ...(await kit(params.slug!)), key: crypto.randomUUID() }; // the form's key: sent again, it is the same order
}

export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData();
  let payment: string;
  try {
    payment = await tokenize(form.get("card"), form.get("kit"));
  } catch (error) {
    if (error instanceof CardDeclined) return { error: "The card was declined." };
    throw error; // goes to onError in main.tsx, once, and to pages/crashed.tsx
  }
  const order = await placeOrder(form.get("key"), form.get("kit"), payment);

  // Sent twice, the form gives the same order, and so an event with the same uuid and time: it counts once.
  capture(
    "order_placed",
    { order_id: order.id, kit: order.kit.slug, amount_cents: order.kit.priceCents },
    { uuid: order.id, timestamp: new Date(order.placedAt) },
  );
  return redirect("/orders");
}

export function Component() {
  const { slug, name, priceCents, key } = useLoaderData<typeof loader>();
  const failed = useActionData<typeof action>();
  const busy = useNavigation().state !== "idle";

  // In development React runs effects twice (Strict Mode), so the event shows up twice there; not in production.
  useEffect(() => capture("kit_viewed", { kit: slug, price_cents: priceCents }), [slug, priceCents]);

  return (
    <>
      <h1>{name}</h1>
      <Form method="post">
        <input type="hidden" name="kit" value={slug} />
        <input type="hidden" name="key" value={key} />
        {/* posthog-js never reads what is typed; ph-no-capture also keeps the field out of autocapture. */}
        <input className="ph-no-capture" name="card" aria-label="Card" />
        <button disabled={busy}>Order for {(priceCents / 100).toFixed(2)}</button>
        {failed && <p role="alert">{failed.error}</p>}
      </Form>
    </>
  );
}
