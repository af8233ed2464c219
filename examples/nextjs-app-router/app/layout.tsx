import Link from "next/link";
import type { ReactNode } from "react";
import { Identity } from "@/components/identity";
import { currentUserId } from "@/lib/session";
import { leave } from "./actions";

export const metadata = { title: "Hangar" };

// Reads the session, so every page is rendered per request. The nonces of proxy.ts need that, too.
export default async function Layout({ children }: { children: ReactNode }) {
  const userId = await currentUserId();
  return (
    <html lang="en">
      <body>
        <Identity userId={userId} />
        {userId ? (
          <form action={leave}>
            <button>Log out</button>
          </form>
        ) : (
          <Link href="/enter">Log in</Link>
        )}
        {children}
      </body>
    </html>
  );
}
