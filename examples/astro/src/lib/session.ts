// Fake: the cookie holds the user's id as it is, and any e-mail with any password of eight characters gets in.
// A real session is signed or opaque, and checked.
import { createHash } from 'node:crypto';
import type { AstroCookies } from 'astro';
import type { ActionAPIContext } from 'astro:actions';

const name = 'hangar_session';

export const currentUserId = (cookies: AstroCookies) => cookies.get(name)?.value;

/** Puts the user's stable id into cookie and locals, or returns false for a wrong password. Here the id is derived; in a real app it is the primary key. */
export function openSession({ cookies, locals }: ActionAPIContext, email: string, password: string): boolean {
  if (!email.includes('@') || password.length < 8) return false;
  locals.userId = 'usr_' + createHash('sha256').update(email.trim().toLowerCase()).digest('hex').slice(0, 12);
  cookies.set(name, locals.userId, { path: '/', httpOnly: true, sameSite: 'lax', secure: import.meta.env.PROD });
  return true;
}

export function closeSession({ cookies, locals }: ActionAPIContext): void {
  cookies.delete(name, { path: '/' });
  locals.userId = undefined;
}
