/** Goes through the shop once, as a browser without JavaScript would: form actions are plain form posts then. */
export async function walk(base: string) {
  // What the build was told (vite.config.ts), or what adapter-node believes without that: TLS ends at a proxy in front of it.
  const origin = process.env.ORIGIN ?? base.replace('http:', 'https:');
  // The cookie that posthog-js would have written for the token phc_test.
  const visitor = { distinct_id: 'visitor-1', $device_id: 'visitor-1', $user_state: 'anonymous', $sesid: [0, 'session-1', 0] };
  const cookies = new Map([['ph_phc_test_posthog', encodeURIComponent(JSON.stringify(visitor))]]);

  async function load(path: string, init?: RequestInit) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(base + path, { redirect: 'manual', ...init, headers: { accept: 'text/html', cookie, origin } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  }

  /** Fills the form of a page, its hidden key included, and sends it. Returns the status: 303 is a redirect(). */
  async function submit(path: string, fields: Record<string, string>) {
    const key = /name="key" value="([^"]+)"/.exec(await (await load(path)).text())?.[1] ?? '';
    return (await load(path, { method: 'POST', body: new URLSearchParams({ key, ...fields }) })).status;
  }

  const ada = { email: 'ada@hangar.example', password: 'correct horse' };
  return {
    wrongPassword: await submit('/enter?/login', { ...ada, password: 'wrong' }),
    signup: await submit('/enter?/signup', ada),
    order: await submit('/kits/dart', {}),
    declined: await submit('/kits/dart', { card: 'declined' }),
    gateway: await submit('/kits/albatross', {}),
    unknown: (await load('/kits/brick')).status,
    leave: await submit('/?/leave', {}),
    loggedOut: await submit('/kits/dart', {}),
    login: await submit('/enter?/login', ada),
  };
}
