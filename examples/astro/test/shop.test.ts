import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { walk } from './walk.ts';

interface Sent {
  event: string;
  distinct_id: string;
  uuid: string;
  properties: Record<string, unknown>;
}

/** Stands in for PostHog and keeps what arrives. */
async function listener() {
  const requests: { url?: string; headers: IncomingHttpHeaders; events: Sent[] }[] = [];
  const server = createServer(async (req, res) => {
    const body = await buffer(req);
    const json = String(req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
    requests.push({ url: req.url, headers: req.headers, events: json.startsWith('{') ? (JSON.parse(json).batch ?? []) : [] });
    res.end('{}');
  }).listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return { requests, host: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Starts the built shop, with no PostHog variable but these. */
function start(env: Record<string, string>) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.includes('POSTHOG')));
  const port = String(30000 + Math.floor(Math.random() * 10000));
  const shop = spawn(process.execPath, ['server.mjs'], { env: { ...inherited, ...env, HOST: '127.0.0.1', PORT: port }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
  return { shop, base: `http://127.0.0.1:${port}` };
}

/** Runs the shop, and stops it as a platform would: with its queue still full. */
async function withShop<T>(env: Record<string, string>, visit: (base: string) => Promise<T>): Promise<T> {
  const { shop, base } = start(env);
  shop.stderr.pipe(process.stderr);
  await new Promise<void>((ready) => shop.stdout.on('data', (line) => String(line).includes('listening') && ready()));
  try {
    return await visit(base);
  } finally {
    shop.kill('SIGTERM');
    await once(shop, 'exit');
  }
}

test('each moment is captured once, for the right person', async () => {
  const { requests, host } = await listener();
  const statuses = await withShop({ POSTHOG_PROJECT_TOKEN: 'phc_test', POSTHOG_HOST: host }, async (base) => {
    const headers = { origin: base, cookie: 'hangar_session=secret', authorization: 'secret' };
    await fetch(`${base}/relay/e/?ip=0`, { method: 'POST', body: 'not JSON', headers, redirect: 'error' });
    return walk(base);
  });
  assert.deepEqual(statuses, {
    wrongPassword: 401, signup: 303, order: 303, declined: 402, gateway: 500, unknown: 404, leave: 303, loggedOut: 303, login: 303,
  });

  // Redirects, a wrong password, a declined card, an unknown kit: no exceptions. The gateway: one.
  const events = requests.flatMap((request) => request.events);
  const [order, signup, fault] = ['order_placed', 'user_signed_up', '$exception'].map((name) => events.find(({ event }) => event === name));
  const userId = signup?.distinct_id;
  assert.match(userId ?? '', /^usr_/);
  assert.deepEqual(
    events.map(({ event, distinct_id }) => `${event} ${distinct_id}`).sort(),
    [`$exception ${userId}`, `order_placed ${userId}`, `user_logged_in ${userId}`, `user_signed_up ${userId}`],
  );
  assert.equal(signup?.properties.$session_id, 'session-1');
  assert.equal(order?.uuid, order?.properties.order_id);
  assert.equal(fault?.properties.route, '/kits/[slug]');

  const relayed = requests.find(({ url }) => url === '/e/?ip=0');
  assert.ok(relayed);
  assert.equal(relayed.headers.cookie, undefined);
  assert.equal(relayed.headers.authorization, undefined);
});

test('the shop runs without a token', async () => {
  const statuses = await withShop({}, walk);
  assert.equal(statuses.order, 303);
});

test('a token without a host ends the shop', async () => {
  const { shop } = start({ POSTHOG_PROJECT_TOKEN: 'phc_test' });
  const exit = once(shop, 'exit');
  assert.match(await text(shop.stderr), /POSTHOG_HOST must be/);
  assert.deepEqual(await exit, [1, null]);
});
