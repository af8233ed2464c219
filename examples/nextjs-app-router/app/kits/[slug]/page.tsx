import { randomUUID } from "node:crypto";
import { notFound } from "next/navigation";
import { order } from "@/app/actions";
import { KitViewed } from "@/components/kit-viewed";
import { StateForm } from "@/components/state-form";
import { findKit } from "@/lib/shop";

export default async function Page({ params }: { params: Promise<{ slug: string }> }) {
  const kit = findKit((await params).slug);
  if (!kit) notFound();
  return (
    <main>
      <KitViewed kit={kit.slug} priceCents={kit.priceCents} />
      <h1>{kit.name}</h1>
      <StateForm action={order}>
        <input type="hidden" name="kit" value={kit.slug} />
        <input type="hidden" name="key" value={randomUUID()} />
        {/* posthog-js never reads what is typed; ph-no-capture also keeps the field out of autocapture. */}
        <input className="ph-no-capture" name="card" aria-label="Card" />
        <button>Order for {(kit.priceCents / 100).toFixed(2)}</button>
      </StateForm>
    </main>
  );
}
