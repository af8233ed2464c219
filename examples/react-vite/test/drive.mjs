// Clicks through a running app in a headless Chromium, with Node 20 or later and nothing to install. The commands and
// answers of the DevTools protocol pass through two pipes; when these close, Chromium ends. It is $CHROMIUM, else the first
// one in PATH. Each step waits up to ten seconds for what it needs, then fails with what the page shows instead.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const places = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
const flags = `--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync --disable-component-update
  --disable-background-networking --remote-debugging-pipe --disable-blink-features=AutomationControlled`.split(/\s+/);
// A browser that says "headless" is a bot to posthog-js, and so is one that is automated (the last flag above).
flags.push("--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36");

/** Starts a browser, runs steps(page), leaves the page as a visitor would, ends the browser. Returns what steps returned. */
export async function drive(base, steps) {
  const command = process.env.CHROMIUM || places.find(existsSync);
  if (!command) throw new Error("no Chromium in PATH: put its path into CHROMIUM");
  const profile = await mkdtemp(join(tmpdir(), "drive-"));
  const chromium = spawn(command, [...flags, `--user-data-dir=${profile}`], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => chromium.once("close", resolve).once("error", resolve));
  const [input, output] = chromium.stdio.slice(3).map((pipe) => pipe.on("error", () => {})); // `ended` tells as much

  const answers = new Map();
  let count = 0, unread = "", sessionId;
  output.setEncoding("utf8").on("data", (chunk) => {
    const messages = (unread + chunk).split("\0");
    unread = messages.pop();
    for (const { id, result } of messages.map((message) => JSON.parse(message))) answers.get(id)?.(result);
  });
  function send(method, params) {
    const answer = new Promise((resolve) => answers.set(++count, resolve));
    input.write(JSON.stringify({ id: count, method, params, sessionId }) + "\0");
    return Promise.race([answer, ended.then(() => Promise.reject(new Error(`${command} ended`)))]);
  }
  /** Runs a function in the page, and returns its value if that is JSON. */
  async function run(step, ...args) {
    const expression = `(${step})(...${JSON.stringify(args)})`;
    return (await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true }))?.result.value;
  }
  async function until(step, wanted) {
    for (let tries = 0; tries < 200; tries++, await sleep(50)) if (await run(step, wanted)) return;
    throw new Error(`no "${wanted}" at ${await run(() => `${location.pathname}:\n${document.body.innerText}`)}`);
  }
  const page = {
    run,
    open: (path) => send("Page.navigate", { url: new URL(path, base).href }),
    sees: (text) => until((text) => document.body.innerText.includes(text), text),
    /** Presses the button, else follows the link, that has just this text. */
    click: (text) => until((text) => {
      const found = [...document.querySelectorAll("button:enabled"), ...document.links].find((one) => one.innerText === text);
      found?.click();
      return Boolean(found);
    }, text),
    /** Replaces what stands in a field, as a keyboard does. */
    async type(selector, text) {
      await until((selector) => {
        document.querySelector(selector)?.select();
        return document.activeElement.matches(selector);
      }, selector);
      await send("Input.insertText", { text });
    },
  };
  try {
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    ({ sessionId } = await send("Target.attachToTarget", { targetId, flatten: true }));
    return await steps(page);
  } finally {
    await page.open("about:blank").then(() => sleep(1_000), () => {}); // for what a page sends as it is left
    input.end();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
