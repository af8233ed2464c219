import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { build, preview } from "vite";
import { drive } from "./drive.mjs";
import { walk } from "./walk.js";

/** posthog-js zips without saying so in a header; what it sends while a page is left is a form field in Base64. */
function unpack(body) {
  const text = String(body[0] === 0x1f ? gunzipSync(body) : body);
  return JSON.parse(text.startsWith("data=") ? atob(decodeURIComponent(text.slice("data=".length))) : text).batch;
}

/** Stands in for PostHog and keeps what arrives. */
async function listener() {
  const requests = [];
  const events = [];
  const server = createServer(async (req, res) => {
    const body = await buffer(req);
    requests.push(req.url);
    if (req.method === "POST" && req.url.startsWith("/e/")) events.push(...unpack(body));
    res.setHeader("access-control-allow-origin", req.headers.origin ?? "*");
    res.setHeader("access-control-allow-headers", "content-type");
    res.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { requests, events, close: () => server.close(), host: `http://127.0.0.1:${server.address().port}` };
}

/** Builds the shop for these values, which win over those of .env files. */
async function make(t, token, host) {
  Object.assign(process.env, { VITE_POSTHOG_PROJECT_TOKEN: token, VITE_POSTHOG_HOST: host });
  const outDir = await mkdtemp(join(tmpdir(), "hangar-"));
  t.after(() => rm(outDir, { recursive: true }));
  await build({ logLevel: "error", build: { outDir, emptyOutDir: true } });
  return outDir;
}

/** Serves what was built as `npm start` does, and walks through it. */
async function fly(t, outDir) {
  const shop = await preview({ logLevel: "error", build: { outDir }, preview: { host: "127.0.0.1" } });
  t.after(() => shop.close());
  return drive(shop.resolvedUrls.local[0], walk);
}

test("each moment is captured once, for the right person", async (t) => {
  const { events, host, close } = await listener();
  t.after(close);
  const userId = await fly(t, await make(t, "phc_test", host));
  assert.match(userId, /^usr_/);

  const who = ({ properties }) => (properties.distinct_id === userId ? "user" : "visitor");
  const automatic = ["$pageview", "$pageleave", "$autocapture", "$set"];
  const moments = events.filter(({ event }) => !automatic.includes(event)).map((sent) => `${sent.event} ${who(sent)}`);
  assert.deepEqual(moments.sort(), [
    "$exception user", // the gateway; not the wrong password, the declined card, the missing kit or session
    "$exception user", // what nobody catches
    "$identify user", // the sign-up
    "$identify user", // the log-in after the session had expired, as somebody new until then
    "kit_viewed user",
    "kit_viewed user",
    "kit_viewed user",
    "kit_viewed visitor",
    "order_placed user",
    "user_logged_in user",
    "user_signed_up user",
  ]);

  const [first, second] = events.filter(({ event }) => event === "$identify").map(({ properties }) => properties.$anon_distinct_id);
  const look = events.find((sent) => sent.event === "kit_viewed" && who(sent) === "visitor");
  assert.ok([first, second].includes(look.properties.distinct_id));
  assert.notEqual(first, second);

  const order = events.find(({ event }) => event === "order_placed");
  assert.equal(order.uuid, order.properties.order_id);
  const gateway = events.find(({ properties }) => properties.$exception_list?.[0].value.startsWith("payment gateway"));
  assert.equal(gateway.properties.route, "kits/:slug");
  // Reached by a click, without a page load.
  const page = events.find(({ event, properties }) => event === "$pageview" && properties.$pathname === "/kits/albatross");
  assert.equal(page.properties.navigation_type, "pushState");
});

test("without a token the shop runs, and sends nothing", async (t) => {
  const { requests, host, close } = await listener();
  t.after(close);
  assert.match(await fly(t, await make(t, "", host)), /^usr_/);
  assert.deepEqual(requests, []);
});

test("a token without a host stops the build, neither of them does not", async (t) => {
  await assert.rejects(make(t, "phc_test", ""), /VITE_POSTHOG_HOST must be a URL/);
  await make(t, "", "");
});
