// Fake: the cookie holds the user's id as it is, and any e-mail with any password of eight characters gets in.
// A real session is signed or opaque, and checked.
import { createHash } from 'node:crypto';
import type { Cookies, RequestEvent } from '@sveltejs/kit';

const name = 'hangar_session'; // SvelteKit's cookies are httpOnly, secure and sameSite=lax unless told otherwise

export const currentUserId = (cookies: Cookies) => cookies.get(name);

/** Puts the user's stable id into cookie and locals, or returns false for a wrong password. Here the id is derived; in a real app it is the primary key. */
export function openSession({ cookies, locals }: RequestEvent, form: FormData): boolean {
  const email = String(form.get('email')).trim().toLowerCase();
  if (!email.includes('@') || String(form.get('password')).length < 8) return false;
  locals.userId = 'usr_' + createHash('sha256').update(email).digest('hex').slice(0, 12);
  cookies.set(name, locals.userId);
  return true;
}

export function closeSession({ cookies, locals }: RequestEvent): void {
  cookies.delete(name);
  locals.userId = undefined;
}
