import type { GetServerSideProps, InferGetServerSidePropsType } from "next";
import Link from "next/link";
import { currentUserId } from "@/lib/session";
import { kits } from "@/lib/shop";

// In getServerSideProps capture nothing: it runs again when somebody goes back or forward, and for bots.
export const getServerSideProps = (async ({ req, query }) => {
  return { props: { userId: currentUserId(req), kits, ordered: "ordered" in query } };
}) satisfies GetServerSideProps;

export default function Page({ kits, ordered }: InferGetServerSidePropsType<typeof getServerSideProps>) {
  return (
    <main>
      <h1>Paper-airplane kits</h1>
      {ordered && <p role="status">Ordered. Mind the wind.</p>}
      <ul>
        {kits.map((kit) => (
          <li key={kit.slug}>
            <Link href={`/kits/${kit.slug}`}>{kit.name}</Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
