/** Goes through the shop once, as a browser without JavaScript would: server actions are plain form posts then. */
export async function walk(base) {
  // The cookie that posthog-js would have written for the token phc_test.
  const visitor = { distinct_id: "visitor-1", $device_id: "visitor-1", $user_state: "anonymous", $sesid: [0, "session-1", 0] };
  const cookies = new Map([["ph_phc_test_posthog", encodeURIComponent(JSON.stringify(visitor))]]);

  async function load(path, init = {}) {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(base + path, { redirect: "manual", ...init, headers: { cookie, origin: base } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  }

  /** Fills the form of a page, hidden fields included, and sends it. Returns the status: 303 is a redirect(). */
  async function submit(path, fields) {
    const form = new FormData();
    for (const [input] of (await (await load(path)).text()).matchAll(/<input type="hidden"[^>]*>/g)) {
      const value = (name) => new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1].replaceAll("&quot;", '"') ?? "";
      form.append(value("name"), value("value"));
    }
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return (await load(path, { method: "POST", body: form })).status;
  }

  const ada = { email: "ada@hangar.example", password: "correct horse" };
  return {
    wrongPassword: await submit("/enter", { ...ada, password: "wrong", intent: "login" }),
    signup: await submit("/enter", { ...ada, intent: "signup" }),
    order: await submit("/kits/dart", {}),
    declined: await submit("/kits/dart", { card: "declined" }),
    gateway: await submit("/kits/albatross", {}),
    logout: await submit("/", {}),
    login: await submit("/enter", { ...ada, intent: "login" }),
  };
}
