import { randomUUID } from "node:crypto";
import type { GetServerSideProps, InferGetServerSidePropsType } from "next";
import { ApiForm } from "@/components/api-form";
import { KitViewed } from "@/components/kit-viewed";
import { currentUserId } from "@/lib/session";
import { findKit } from "@/lib/shop";

export const getServerSideProps = (async ({ req, params }) => {
  const kit = findKit(params?.slug);
  if (!kit) return { notFound: true };
  return { props: { userId: currentUserId(req), kit, orderKey: randomUUID() } };
}) satisfies GetServerSideProps;

export default function Page({ kit, orderKey }: InferGetServerSidePropsType<typeof getServerSideProps>) {
  return (
    <main>
      <KitViewed kit={kit.slug} priceCents={kit.priceCents} />
      <h1>{kit.name}</h1>
      <ApiForm action="/api/orders" next={`/?ordered=${kit.slug}`}>
        <input type="hidden" name="kit" value={kit.slug} />
        <input type="hidden" name="key" value={orderKey} />
        {/* posthog-js never reads what is typed; ph-no-capture also keeps the field out of autocapture. */}
        <input className="ph-no-capture" name="card" aria-label="Card" />
        <button>Order for {(kit.priceCents / 100).toFixed(2)}</button>
      </ApiForm>
    </main>
  );
}
