// Fake: stands in for the backend, so that the shop flies alone. Any e-mail with any password of eight characters gets in;
// session and orders live in localStorage. A real backend keeps its session in an httpOnly cookie, which no script can read.
import type { Kit, Order } from "./api.ts";

const kits: Kit[] = [
  { slug: "dart", name: "Dart", priceCents: 900 },
  { slug: "swallow", name: "Swallow", priceCents: 1900 },
  { slug: "albatross", name: "Albatross", priceCents: 4900 },
];

/** Answers what the browser's own fetch would. */
export async function fetch(path: string, init: { method: string; body?: string; headers: object }): Promise<Response> {
  await new Promise((arrived) => setTimeout(arrived, 50));
  const body = JSON.parse(init.body ?? "{}");
  const userId = localStorage.getItem("hangar_session");
  const orders: Record<string, Order> = JSON.parse(localStorage.getItem("hangar_orders") ?? "{}");

  switch (`${init.method} ${path}`) {
    case "GET /api/session":
      return Response.json({ user: userId && { id: userId } });
    case "POST /api/signup":
    case "POST /api/login": {
      if (!body.email.includes("@") || body.password.length < 8) return new Response(null, { status: 401 });
      const user = { id: await stableId(body.email) };
      localStorage.setItem("hangar_session", user.id);
      return Response.json({ user });
    }
    case "POST /api/logout":
      localStorage.removeItem("hangar_session");
      return Response.json({});
    case "GET /api/kits":
      return Response.json(kits);
    case "GET /api/orders":
      return userId ? Response.json(Object.values(orders)) : new Response(null, { status: 401 });
    case "POST /api/orders": {
      if (!userId) return new Response(null, { status: 401 });
      const kit = kits.find((kit) => kit.slug === body.kit);
      if (!kit) return new Response(null, { status: 404 });
      orders[body.key] ??= { id: crypto.randomUUID(), kit, placedAt: new Date().toISOString() };
      localStorage.setItem("hangar_orders", JSON.stringify(orders));
      return Response.json(orders[body.key]);
    }
  }
  const kit = kits.find((kit) => path === `/api/kits/${kit.slug}`);
  return kit ? Response.json(kit) : new Response(null, { status: 404 });
}

/** Here derived from the address; in a real backend it is the primary key. */
async function stableId(email: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(email.trim().toLowerCase()));
  return "usr_" + Array.from(new Uint8Array(hash, 0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
