import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { walk } from "./walk.js";

/** Stands in for PostHog and keeps what arrives. */
async function listener() {
  const requests = [];
  const server = createServer(async (req, res) => {
    const body = await buffer(req);
    const text = String(req.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
    requests.push({ url: req.url, headers: req.headers, events: text.startsWith("{") ? (JSON.parse(text).batch ?? []) : [] });
    res.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { requests, close: () => server.close(), host: `http://127.0.0.1:${server.address().port}` };
}

/** Starts the built shop, with no PostHog variable but these. */
function start(env, stdio) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.includes("POSTHOG")));
  const port = 30000 + Math.floor(Math.random() * 10000);
  const next = ["node_modules/next/dist/bin/next", "start", "-p", String(port)];
  return { port, shop: spawn(process.execPath, next, { env: { ...inherited, ...env }, stdio }) };
}

/** Runs the shop, and stops it as a platform would. */
async function withShop(env, visit) {
  const { port, shop } = start(env, ["ignore", "pipe", "inherit"]);
  await new Promise((ready) => shop.stdout.on("data", (line) => String(line).includes("Ready") && ready()));
  try {
    return await visit(`http://127.0.0.1:${port}`);
  } finally {
    shop.kill("SIGTERM");
    await once(shop, "exit");
  }
}

test("each moment is captured once, for the right person", async () => {
  const { requests, host, close } = await listener();
  const statuses = await withShop({ POSTHOG_PROJECT_TOKEN: "phc_test", POSTHOG_HOST: host }, async (base) => {
    const statuses = await walk(base);
    await fetch(`${base}/relay/e/_?ip=0`, { method: "POST", body: "{}", headers: { cookie: "hangar_session=secret", referer: `${base}/?token=secret` } });
    return statuses;
  });
  close();
  assert.deepEqual(statuses, {
    wrongPassword: 401,
    noUser: 401,
    noJson: 400,
    signup: 200,
    order: 201,
    orderAgain: 201,
    declined: 402,
    gateway: 500,
    logout: 204,
    login: 200,
  });

  // No exceptions: a wrong password, no session, no JSON, a declined card. The gateway: one.
  const events = requests.flatMap((request) => request.events);
  const userId = events[0].distinct_id;
  assert.deepEqual(
    events.map(({ event, distinct_id }) => `${event} ${distinct_id}`),
    ["user_signed_up", "order_placed", "order_placed", "$exception", "user_logged_in"].map((event) => `${event} ${userId}`),
  );
  assert.match(userId, /^usr_/);
  const [signup, order, again, exception] = events;
  assert.equal(signup.properties.$session_id, "session-1");
  assert.equal(order.uuid, order.properties.order_id);
  assert.deepEqual([again.uuid, again.timestamp], [order.uuid, order.timestamp]); // PostHog counts the two as one
  assert.equal(exception.properties.routePath, "/api/orders");

  const relayed = requests.find(({ url }) => url === "/e/?ip=0");
  assert.ok(relayed);
  assert.equal(relayed.headers.cookie, undefined);
  assert.equal(relayed.headers.referer, undefined);
});

test("the shop runs without a token", async () => {
  const statuses = await withShop({}, walk);
  assert.equal(statuses.order, 201);
});

test("a token without a host ends the shop", async () => {
  const { shop } = start({ POSTHOG_PROJECT_TOKEN: "phc_test" }, "ignore");
  assert.deepEqual(await once(shop, "exit"), [1, null]);
});

test("a slow PostHog holds an answer for a second, not longer", async (t) => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  t.after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const host = `http://127.0.0.1:${silent.address().port}`;
  await withShop({ POSTHOG_PROJECT_TOKEN: "phc_test", POSTHOG_HOST: host }, async (base) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ email: "ada@hangar.example", password: "correct horse", intent: "signup" });
    const asked = Date.now();
    const { status } = await fetch(base + "/api/session", { method: "POST", headers, body });
    assert.equal(status, 200);
    assert.ok(Date.now() - asked < 2_000, `it took ${Date.now() - asked} ms`);
  });
});
