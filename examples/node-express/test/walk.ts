/** Goes through the shop once, as a browser with posthog-js would. */
export async function walk(base: string) {
  let cookie = "";
  async function call(method: string, path: string, body?: unknown) {
    const response = await fetch(base + path, {
      method,
      headers: {
        "content-type": "application/json",
        "x-posthog-distinct-id": "visitor-1",
        "x-posthog-session-id": "session-1",
        cookie,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return { status: response.status, json: await response.json().catch(() => null) };
  }

  const ada = { email: "ada@hangar.example", password: "correct horse" };
  await call("GET", "/kits/dart");
  await call("POST", "/login", { ...ada, password: "wrong" });
  const { user } = (await call("POST", "/signup", ada)).json;
  const { order } = (await call("POST", "/orders", { kit: "dart" })).json;
  const payment = { order_id: order.id, paid_at: "2026-11-20T10:00:00.000Z" };
  await call("POST", "/webhooks/payments", payment);
  await call("POST", "/webhooks/payments", payment); // delivered twice
  const declined = await call("POST", "/orders", { kit: "dart", card: "declined" });
  const failed = await call("POST", "/orders", { kit: "albatross" });
  await call("POST", "/logout");
  const loggedOut = await call("POST", "/orders", { kit: "dart" });
  await call("POST", "/login", ada);
  return { userId: user.id as string, orderId: order.id as string, statuses: [declined, failed, loggedOut].map((r) => r.status) };
}
