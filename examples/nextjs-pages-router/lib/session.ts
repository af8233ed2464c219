// Fake: the cookie holds the user's id as it is, and any e-mail with any password of eight characters gets in.
// A real session is signed or opaque, and checked.
import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";

const name = "hangar_session";
const attributes = "Path=/; HttpOnly; SameSite=Lax" + (process.env.NODE_ENV === "production" ? "; Secure" : "");

/** A request of getServerSideProps, of an API route, or of onRequestError. */
export interface Caller {
  headers: NodeJS.Dict<string | string[]>;
}

/** null, not undefined: props must be JSON, and "nobody" is something else than "not known here" (components/identity.tsx). */
export function currentUserId({ headers }: Caller): string | null {
  return new RegExp(`(?:^|; )${name}=([^;]+)`).exec(String(headers.cookie ?? ""))?.[1] ?? null;
}

/** Returns the user's stable id, or null for a wrong password. Here it is derived; in a real app it is the primary key. */
export function openSession(res: ServerResponse, email: unknown, password: unknown): string | null {
  if (typeof email !== "string" || !email.includes("@")) return null;
  if (typeof password !== "string" || password.length < 8) return null;
  const userId = "usr_" + createHash("sha256").update(email.trim().toLowerCase()).digest("hex").slice(0, 12);
  res.setHeader("Set-Cookie", `${name}=${userId}; ${attributes}`);
  return userId;
}

export function closeSession(res: ServerResponse) {
  res.setHeader("Set-Cookie", `${name}=; Max-Age=0; ${attributes}`);
}
