import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { createAnalytics } from "../src/analytics.ts";
import { createApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { walk } from "./walk.ts";

interface Sent {
  event: string;
  distinct_id: string;
  uuid: string;
  timestamp: string;
  properties: Record<string, unknown>;
}

/** Stands in for PostHog and keeps what arrives. */
async function listener() {
  const events: Sent[] = [];
  const server = createServer(async (req, res) => {
    const body = await buffer(req);
    events.push(...JSON.parse(String(req.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body)).batch);
    res.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { events, close: () => server.close(), host: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function fly(posthog: { token: string; host: string } | null) {
  const analytics = createAnalytics(posthog);
  const server = createApp(analytics).listen(0, "127.0.0.1");
  await once(server, "listening");
  const result = await walk(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await analytics.posthog.shutdown(3_000);
  server.close();
  return result;
}

test("each moment is captured once, for the right person", async () => {
  const { events, host, close } = await listener();
  const { userId, orderId } = await fly({ token: "phc_test", host });
  close();

  assert.deepEqual(
    events.map(({ event, distinct_id }) => `${event} ${distinct_id}`).sort(),
    [
      `$exception ${userId}`, // the gateway; not the wrong password, the declined card or the missing session
      "kit_viewed visitor-1",
      `order_placed ${userId}`,
      `user_logged_in ${userId}`,
      `user_signed_up ${userId}`,
    ],
  );
  const order = events.find(({ event }) => event === "order_placed");
  assert.equal(order?.uuid, orderId);
  assert.equal(order?.timestamp, "2026-11-20T10:00:00.000Z");
  const signup = events.find(({ event }) => event === "user_signed_up");
  assert.equal(signup?.properties.$session_id, "session-1");
});

test("the shop runs without a token", async () => {
  assert.ok(createAnalytics(null).posthog.isDisabled);
  const { statuses } = await fly(null);
  assert.deepEqual(statuses, [402, 500, 401]);
});

test("a token without a host stops the start", () => {
  assert.equal(readConfig({ POSTHOG_PROJECT_TOKEN: " " }).posthog, null);
  assert.throws(() => readConfig({ POSTHOG_PROJECT_TOKEN: "phc_test" }), /POSTHOG_HOST/);
});
