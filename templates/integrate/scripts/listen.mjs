// A listener for proving that requests arrive: plain Node (18.3 or later), nothing to install, for this machine only.
//
//   node listen.mjs [--port 8765] [--seconds 60] [--show KEY,KEY] [--expect VALUE,VALUE] [--forbid TEXT,TEXT] [--delay 0]
//
// It answers every request with 200 and an empty JSON object, and prints method and path, header names (never their
// values) and, of a JSON body, the names of its keys; with --show, in place of names, the strings and booleans there.
// With --forbid it says where in a request (URL, headers, body) one of these texts stood, in whatever letter case and also
// percent-encoded, and does not print the text: name what must never be sent, such as the address that a test typed in.
// With --delay it answers that many seconds late, so that it shows what the app does meanwhile.
// It writes no file. It stops after the given seconds or on Ctrl-C, prints what it counted, and exits with 0, or with
// 1 where a value of --expect was not among the shown values, a text of --forbid came or a body could not be searched
// for it, or with 2 where it could not start.
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";

const MAX_BODY = 16 << 20; // bytes as received
const MAX_UNZIPPED = 64 << 20; // bytes
const MAX_KEYS = 40; // key names printed for one request
const MAX_DEPTH = 100; // what is nested deeper is not looked at

const options = readOptions();
const counts = new Map(); // "key: value" of each shown value → how often
const seen = new Set(); // shown values alone, for --expect
const came = new Map(); // number of a text of --forbid → in how many requests it stood
let requests = 0;
let unsearched = 0; // bodies that --forbid could not look into

const server = createServer((request, response) => {
  const chunks = [];
  let size = 0;
  request.on("data", (chunk) => {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
  });
  request.on("error", () => {});
  request.on("end", () => {
    report(request, Buffer.concat(chunks), size); // first, so that what was answered was printed
    setTimeout(answer, options.delay * 1000, request, response);
  });
});

server.on("error", (error) => {
  console.error(`cannot listen on port ${options.port}: ${error.code}; choose another with --port`);
  process.exit(2);
});
server.listen(options.port, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port} for ${options.seconds} s`);
  setTimeout(stop, options.seconds * 1000);
});
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "8765" },
        seconds: { type: "string", default: "60" },
        show: { type: "string", default: "" },
        expect: { type: "string", default: "" },
        forbid: { type: "string", default: "" },
        delay: { type: "string", default: "0" },
      },
    });
    const list = (text) => text.split(",").map((part) => part.trim()).filter(Boolean);
    const [show, expect, forbid] = [values.show, values.expect, values.forbid].map(list);
    const read = { port: whole(values.port, 0, 65535), seconds: whole(values.seconds, 1, 3600), delay: whole(values.delay, 0, 3600), show, expect, forbid };
    if (read.expect.length > 0 && read.show.length === 0) throw new Error("--expect needs --show: the keys to look under");
    return read;
  } catch (error) {
    console.error(`${error.message}\nusage: listen [--port 8765] [--seconds 60] [--show KEY,KEY] [--expect VALUE,VALUE] [--forbid TEXT,TEXT] [--delay 0]`);
    process.exit(2);
  }
}

function whole(text, least, most) {
  const number = /^[0-9]{1,5}$/.test(text) ? Number(text) : -1;
  if (number < least || number > most) throw new Error(`not a number from ${least} to ${most}: ${plain(text)}`);
  return number;
}

function answer(request, response) {
  response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
  if (request.headers.origin) response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Vary", "Origin");
  if (request.method === "OPTIONS") {
    response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    response.setHeader("Access-Control-Allow-Headers", request.headers["access-control-request-headers"] ?? "*");
    response.writeHead(204).end();
    return;
  }
  response.setHeader("Content-Type", "application/json");
  response.setHeader("Content-Length", 2);
  response.writeHead(200).end(request.method === "HEAD" ? undefined : "{}");
}

function report(request, body, size) {
  requests++;
  const zipped = body[0] === 0x1f && body[1] === 0x8b;
  const facts = [];
  if (size > 0) {
    const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
    facts.push(type ? plain(type) : "no content type", ...(zipped ? ["gzip"] : []), `${size} bytes`);
  }
  const lines = [`${requests} ${request.method} ${route(request.url)} (${facts.join(", ") || "no body"})`];
  if (options.show.length === 0) lines.push(`  headers: ${Object.keys(request.headers).map(plain).sort().join(" ")}`);
  const { found, text, fault } = size > MAX_BODY ? { found: [], fault: "too large" } : size > 0 ? read(body, zipped) : { found: [], text: "" };
  if (fault) lines.push(`  body: ${fault}, not read`);
  else if (size > 0) lines.push(...(options.show.length > 0 ? shownLines(found) : keyLines(found)));
  lines.push(...forbiddenLines(request, found, text));
  console.log(lines.join("\n"));
}

// A path as it may be printed: long segments (a key can stand there) are cut, and of the query only the names remain.
function route(url) {
  const [path, query] = url.split(/\?(.*)/s);
  const segments = path.split("/").map((part) => (part.length > 24 ? `${plain(part.slice(0, 4))}...(${part.length})` : plain(part)));
  const names = (query ?? "").split("&").filter(Boolean).map((pair) => plain(pair.split("=")[0]));
  return segments.join("/") + (names.length > 0 ? `?${names.join("&")}` : "");
}

// Returns [path, value] of everything in a body that isn't an object or a list, its text if it is any, and why it was not understood.
function read(body, zipped) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(zipped ? gunzipSync(body, { maxOutputLength: MAX_UNZIPPED }) : body);
  } catch {
    return { found: [], fault: "not text" };
  }
  const found = [];
  return parse(text, found) ? { found, text } : { found: [], text, fault: "not JSON, not a form" };
}

function forbiddenLines(request, found, text) {
  if (options.forbid.length > 0 && text === undefined) unsearched++;
  return options.forbid.flatMap((forbidden, i) => {
    const inKeys = found.filter(([path, value]) => has(path.join("."), forbidden) || (typeof value === "string" && has(value, forbidden)));
    const places = [
      ...(has(request.url, forbidden) ? ["the URL"] : []),
      ...Object.keys(request.headers).sort().filter((name) => has(String(request.headers[name]), forbidden)).map((name) => `header ${plain(name)}`),
      ...new Set(inKeys.map(([path]) => `key ${keyName(path.map((key) => (has(key, forbidden) ? "*" : key)))}`)),
    ];
    if (inKeys.length === 0 && text !== undefined && has(text, forbidden)) places.push("the body");
    if (places.length === 0) return [];
    came.set(i + 1, (came.get(i + 1) ?? 0) + 1);
    const more = places.length > MAX_KEYS ? ` and ${places.length - MAX_KEYS} more` : "";
    return [`  forbidden text ${i + 1} in ${places.slice(0, MAX_KEYS).join(", ")}${more}`];
  });
}

function has(text, forbidden) {
  const decoded = text.replace(/%([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return [text, decoded].some((form) => form.toLowerCase().includes(forbidden.toLowerCase()));
}

function shownLines(found) {
  const lines = [];
  for (const [path, value] of found) {
    const key = path.at(-1);
    if (!["string", "boolean"].includes(typeof value) || !options.show.includes(key)) continue;
    const text = String(value);
    const line = `${plain(key)}: ${plain(text).slice(0, 200)}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
    seen.add(text);
    lines.push(`  ${line}`);
  }
  return lines;
}

function keyLines(found) {
  const names = [...new Set(found.map(([path]) => keyName(path)))];
  const more = names.length > MAX_KEYS ? ` and ${names.length - MAX_KEYS} more` : "";
  return [`  keys: ${names.slice(0, MAX_KEYS).join(" ")}${more}`];
}

function keyName(path) {
  return path.map(plain).join(".").replaceAll(".[]", "[]");
}

// JSON, JSON lines, or a form whose fields may hold JSON, also in Base64.
function parse(text, found) {
  for (const parts of [[text], text.split("\n").filter((line) => line.trim())]) {
    try {
      for (const value of parts.map((part) => JSON.parse(part))) walk(value, [], found);
      return true;
    } catch {
      // Not that; the next form is tried.
    }
  }
  if (!/^[\w.$[\]-]+=/.test(text)) return false;
  for (const [name, value] of new URLSearchParams(text)) {
    if (!parseField(value, found)) found.push([[name], value]);
  }
  return true;
}

function parseField(value, found) {
  for (const text of [value, Buffer.from(value, "base64").toString()]) {
    try {
      const inner = JSON.parse(text);
      if (inner === null || typeof inner !== "object") continue;
      walk(inner, [], found);
      return true;
    } catch {
      // Not that.
    }
  }
  return false;
}

function walk(value, path, found) {
  if (path.length > MAX_DEPTH) return;
  if (Array.isArray(value)) for (const item of value) walk(item, [...path, "[]"], found);
  else if (value !== null && typeof value === "object") for (const key of Object.keys(value)) walk(value[key], [...path, key], found);
  else found.push([path, value]);
}

// Printable ASCII only, all else as \uXXXX: what others sent must not steer a terminal.
function plain(text) {
  return String(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function stop() {
  const missing = options.expect.filter((value) => !seen.has(value));
  const lines = [`stopped: ${requests} ${requests === 1 ? "request" : "requests"}`];
  for (const [line, count] of counts) lines.push(`${count} x ${line}`);
  if (missing.length > 0) lines.push(`expected and not seen: ${missing.map(plain).join(" ")}`);
  for (const [i, count] of [...came].sort(([a], [b]) => a - b)) lines.push(`forbidden and seen: text ${i} in ${count} ${count === 1 ? "request" : "requests"}`);
  if (unsearched > 0) lines.push(`not searched: ${unsearched} ${unsearched === 1 ? "body" : "bodies"}`);
  process.stdout.write(`${lines.join("\n")}\n`, () => process.exit(missing.length > 0 || came.size > 0 || unsearched > 0 ? 1 : 0));
}
