/** Goes through the shop once, as the forms of its pages would. */
export async function walk(base) {
  // The cookie that posthog-js would have written for the token phc_test.
  const visitor = { distinct_id: "visitor-1", $device_id: "visitor-1", $user_state: "anonymous", $sesid: [0, "session-1", 0] };
  const cookies = new Map([["ph_phc_test_posthog", encodeURIComponent(JSON.stringify(visitor))]]);

  async function call(method, path, body) {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const headers = { cookie, ...(body !== undefined && { "content-type": "application/json" }) };
    const response = await fetch(base + path, { method, headers, body });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return { status: response.status, text: await response.text() };
  }
  const post = async (path, fields) => (await call("POST", path, JSON.stringify(fields))).status;

  /** The key that the page of a kit gives its form. */
  async function orderKey(kit) {
    const page = await call("GET", `/kits/${kit}`);
    return /name="key" value="([^"]+)"/.exec(page.text)[1];
  }

  const ada = { email: "ada@hangar.example", password: "correct horse" };
  const order = { kit: "dart", key: await orderKey("dart"), card: "" };
  return {
    wrongPassword: await post("/api/session", { ...ada, password: "wrong", intent: "login" }),
    noUser: await post("/api/orders", order),
    noJson: (await call("POST", "/api/session", "{")).status,
    signup: await post("/api/session", { ...ada, intent: "signup" }),
    order: await post("/api/orders", order),
    orderAgain: await post("/api/orders", order),
    declined: await post("/api/orders", { ...order, card: "declined" }),
    gateway: await post("/api/orders", { ...order, kit: "albatross", key: await orderKey("albatross") }),
    logout: (await call("DELETE", "/api/session")).status,
    login: await post("/api/session", { ...ada, intent: "login" }),
  };
}
