import Link from "next/link";
import { kits } from "@/lib/shop";

export default async function Page({ searchParams }: { searchParams: Promise<{ ordered?: string }> }) {
  const { ordered } = await searchParams;
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
