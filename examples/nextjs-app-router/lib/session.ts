// Fake: the cookie holds the user's id as it is, and any e-mail with any password of eight characters gets in.
// A real session is signed or opaque, and checked.
import { createHash } from "node:crypto";
import { cookies } from "next/headers";

const name = "hangar_session";

interface CookieStore {
  get(name: string): { value: string } | undefined;
}

export const userIdFrom = (store: CookieStore) => store.get(name)?.value;
export const currentUserId = async () => userIdFrom(await cookies());

/** Returns the user's stable id, or null for a wrong password. Here it is derived; in a real app it is the primary key. */
export async function openSession(form: FormData): Promise<string | null> {
  const email = String(form.get("email")).trim().toLowerCase();
  if (!email.includes("@") || String(form.get("password")).length < 8) return null;
  const userId = "usr_" + createHash("sha256").update(email).digest("hex").slice(0, 12);
  const secure = process.env.NODE_ENV === "production";
  (await cookies()).set(name, userId, { httpOnly: true, sameSite: "lax", secure });
  return userId;
}

export async function closeSession() {
  (await cookies()).delete(name);
}
