import { redirect } from "react-router";
import { followSession } from "./analytics.ts";
import { fetch } from "./fake-backend.ts"; // without this line, the calls go to a real backend

export interface Kit {
  slug: string;
  name: string;
  priceCents: number;
}

export interface Order {
  /** A UUID, so that it can name the one event that the order causes. */
  id: string;
  kit: Kit;
  placedAt: string;
}

interface User {
  id: string;
}

async function send(method: string, path: string, body?: object): Promise<Response> {
  try {
    return await fetch(path, { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  } catch {
    return new Response(null, { status: 503, statusText: "offline" }); // no network: nobody's fault
  }
}

/** Throws what the router understands: a redirect when there is no session any more, else the unexpected answer itself. */
async function read<T>(response: Response): Promise<T> {
  if (response.status === 401) {
    followSession(null);
    throw redirect("/enter");
  }
  if (!response.ok) throw response;
  return response.json();
}

/** Asked on every load of the page. An API that can't be reached is no log-out: then nothing is reset. */
export async function currentUserId(): Promise<string | null> {
  const { user } = await read<{ user: User | null }>(await send("GET", "/api/session"));
  followSession(user?.id ?? null);
  return user?.id ?? null;
}

/** Returns false for a wrong password. */
export async function enter(intent: "signup" | "login", email: unknown, password: unknown): Promise<boolean> {
  const response = await send("POST", `/api/${intent}`, { email, password });
  if (response.status === 401) return false;
  const { user } = await read<{ user: User }>(response);
  followSession(user.id);
  return true;
}

export async function leave(): Promise<void> {
  await read(await send("POST", "/api/logout"));
  followSession(null);
}

export const kits = async () => read<Kit[]>(await send("GET", "/api/kits"));
export const kit = async (slug: string) => read<Kit>(await send("GET", `/api/kits/${encodeURIComponent(slug)}`));
export const orders = async () => read<Order[]>(await send("GET", "/api/orders"));

/** Sent again with the same key, it gives the same order again. */
export async function placeOrder(key: unknown, kit: unknown, payment: string): Promise<Order> {
  return read<Order>(await send("POST", "/api/orders", { key, kit, payment }));
}
