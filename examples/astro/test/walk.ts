/** Goes through the shop once, as a browser without JavaScript would: actions are plain form posts then. */
export async function walk(base: string) {
  // The cookie that posthog-js would have written for the token phc_test.
  const visitor = { distinct_id: 'visitor-1', $device_id: 'visitor-1', $user_state: 'anonymous', $sesid: [0, 'session-1', 0] };
  const cookies = new Map([['ph_phc_test_posthog', encodeURIComponent(JSON.stringify(visitor))]]);

  async function load(path: string, init?: RequestInit) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(base + path, { redirect: 'manual', ...init, headers: { cookie, origin: base } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value && value !== 'deleted') cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  }

  /** Fills the form of a page, hidden fields included, and sends it to one of the actions. Returns the status: 303 is a redirect. */
  async function submit(path: string, action: string, fields: Record<string, string>) {
    const body = new URLSearchParams();
    for (const [, name = '', value = ''] of (await (await load(path)).text()).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
      body.set(name, value);
    }
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return (await load(`${path}?_action=${action}`, { method: 'POST', body })).status;
  }

  const ada = { email: 'ada@hangar.example', password: 'correct horse' };
  return {
    wrongPassword: await submit('/enter', 'login', { ...ada, password: 'wrong' }),
    signup: await submit('/enter', 'signup', ada),
    order: await submit('/kits/dart', 'order', {}),
    declined: await submit('/kits/dart', 'order', { card: 'declined' }),
    gateway: await submit('/kits/albatross', 'order', {}),
    unknown: (await load('/kits/brick')).status,
    leave: await submit('/', 'leave', {}),
    loggedOut: await submit('/kits/dart', 'order', {}),
    login: await submit('/enter', 'login', ada),
  };
}
