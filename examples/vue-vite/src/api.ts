import { fetch } from "./fake-backend.ts"; // without this line, the calls go to a real backend
import { setSession } from "./session.ts";

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

/** An answer that the caller can't use. It is no fault of the page, so main.ts doesn't report it. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the API answered ${status}`);
    this.status = status;
  }
}

async function send(method: string, path: string, body?: object): Promise<Response> {
  try {
    return await fetch(path, { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  } catch {
    throw new ApiError(503); // no network: nobody's fault
  }
}

async function read<T>(response: Response): Promise<T> {
  if (response.status === 401) setSession(null); // no session any more; App.vue leads to /enter
  if (!response.ok) throw new ApiError(response.status);
  return response.json();
}

/** Asked on every load of the page. An API that can't be reached is no log-out: then nothing is reset. */
export async function askSession(): Promise<void> {
  const { user } = await read<{ user: User | null }>(await send("GET", "/api/session"));
  setSession(user?.id ?? null);
}

/** Returns false for a wrong password. */
export async function enter(intent: "signup" | "login", email: string, password: string): Promise<boolean> {
  const response = await send("POST", `/api/${intent}`, { email, password });
  if (response.status === 401) return false;
  const { user } = await read<{ user: User }>(response);
  setSession(user.id);
  return true;
}

export async function leave(): Promise<void> {
  await read(await send("POST", "/api/logout"));
  setSession(null);
}

export const getKits = async () => read<Kit[]>(await send("GET", "/api/kits"));
export const getKit = async (slug: string) => read<Kit>(await send("GET", `/api/kits/${encodeURIComponent(slug)}`));
export const getOrders = async () => read<Order[]>(await send("GET", "/api/orders"));

/** Sent again with the same key, it gives the same order again. */
export async function placeOrder(key: string, kit: string, payment: string): Promise<Order> {
  return read<Order>(await send("POST", "/api/orders", { key, kit, payment }));
}
