"""A listener for proving that requests arrive: plain Python (3.8 or later), nothing to install, for this machine only.

    python3 listen.py [--port 8765] [--seconds 60] [--show KEY,KEY] [--expect VALUE,VALUE] [--forbid TEXT,TEXT] [--delay 0]

It answers every request with 200 and an empty JSON object, and prints method and path, header names (never their
values) and, of a JSON body, the names of its keys; with --show, in place of names, the strings and booleans there.
With --forbid it says where in a request (URL, headers, body) one of these texts stood, in whatever letter case and also
percent-encoded, and does not print the text: name what must never be sent, such as the address that a test typed in.
With --delay it answers that many seconds late, so that it shows what the app does meanwhile.
It writes no file. It stops after the given seconds or on Ctrl-C, prints what it counted, and exits with 0, or with
1 where a value of --expect was not among the shown values, a text of --forbid came or a body could not be searched
for it, or with 2 where it could not start.
"""

import argparse
import base64
import binascii
import gzip
import io
import json
import re
import signal
import sys
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

MAX_BODY = 16 << 20  # bytes as received
MAX_UNZIPPED = 64 << 20  # bytes
MAX_KEYS = 40  # key names printed for one request
MAX_DEPTH = 100  # what is nested deeper is not looked at

counts = {}  # "key: value" of each shown value -> how often
seen = set()  # shown values alone, for --expect
came = {}  # number of a text of --forbid -> in how many requests it stood
requests = 0
unsearched = 0  # bodies that --forbid could not look into
lock = threading.Lock()  # guards what stands above, and the order of printed lines


def read_options():
    parser = argparse.ArgumentParser(prog="listen", allow_abbrev=False)
    parser.add_argument("--port", type=whole(0, 65535), default=8765)
    parser.add_argument("--seconds", type=whole(1, 3600), default=60)
    parser.add_argument("--show", type=comma_list, default=[])
    parser.add_argument("--expect", type=comma_list, default=[])
    parser.add_argument("--forbid", type=comma_list, default=[])
    parser.add_argument("--delay", type=whole(0, 3600), default=0)
    read = parser.parse_args()
    if read.expect and not read.show:
        parser.error("--expect needs --show: the keys to look under")
    return read


def whole(least, most):
    def read(text):
        if not re.fullmatch("[0-9]{1,5}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"not a number from {least} to {most}: {plain(text)}")
        return int(text)

    return read


def comma_list(text):
    return [part.strip() for part in text.split(",") if part.strip()]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "listen"
    sys_version = ""

    def handle_any(self):
        body, size = self.read_body()
        self.report(body, size)  # first, so that what was answered was printed
        time.sleep(options.delay)
        self.answer()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any

    def read_body(self):
        """Returns the body, or as much of it as is kept, and its whole size in bytes."""
        body, size = bytearray(), 0
        for piece in self.pieces():
            size += len(piece)
            if size <= MAX_BODY:
                body += piece
        return bytes(body), size

    def pieces(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            while length := int(self.rfile.readline(100).split(b";")[0].strip() or b"0", 16):
                yield from self.blocks(length)
                self.rfile.readline(100)
            while self.rfile.readline(10000).strip():
                pass  # trailers
        else:
            length = self.headers.get("Content-Length", "0")
            yield from self.blocks(int(length) if re.fullmatch("[0-9]+", length) else 0)

    def blocks(self, length):
        while length > 0:
            block = self.rfile.read(min(length, 65536))
            if not block:
                raise ConnectionError("the body ended early")
            length -= len(block)
            yield block

    def answer(self):
        origin = one_line(self.headers.get("Origin", ""))
        preflight = self.command == "OPTIONS"
        self.send_response(204 if preflight else 200)
        self.send_header("Access-Control-Allow-Origin", origin or "*")
        if origin:
            self.send_header("Access-Control-Allow-Credentials", "true")
        self.send_header("Vary", "Origin")
        if preflight:
            self.send_header("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
            self.send_header("Access-Control-Allow-Headers", one_line(self.headers.get("Access-Control-Request-Headers", "*")))
        else:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
        self.end_headers()
        if self.command not in ("HEAD", "OPTIONS"):
            self.wfile.write(b"{}")

    def report(self, body, size):
        global requests
        zipped = body[:2] == b"\x1f\x8b"
        facts = []
        if size > 0:
            media_type = self.headers.get("Content-Type", "").split(";")[0].strip().lower()
            facts = [plain(media_type) or "no content type", *(["gzip"] if zipped else []), f"{size} bytes"]
        with lock:
            requests += 1
            lines = [f"{requests} {self.command} {route(self.path)} ({', '.join(facts) or 'no body'})"]
            if not options.show:
                lines.append("  headers: " + " ".join(sorted({plain(name.lower()) for name in self.headers})))
            found, text, fault = [], "", ""
            if size > MAX_BODY:
                text, fault = None, "too large"
            elif size > 0:
                found, text, fault = read(body, zipped)
            if fault:
                lines.append(f"  body: {fault}, not read")
            elif size > 0:
                lines += shown_lines(found) if options.show else key_lines(found)
            lines += forbidden_lines(self.path, self.headers, found, text)
            print("\n".join(lines), flush=True)

    def log_message(self, *_):
        pass  # report prints


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it would let two listeners share a port

    def handle_error(self, request, client_address):
        pass  # a connection that broke off is no request


def one_line(text):
    return (text.splitlines() or [""])[0]


def route(url):
    """A path as it may be printed: long segments (a key can stand there) are cut, and of the query only the names remain."""
    path, _, query = url.partition("?")
    segments = [f"{plain(part[:4])}...({len(part)})" if len(part) > 24 else plain(part) for part in path.split("/")]
    names = [plain(pair.split("=")[0]) for pair in query.split("&") if pair]
    return "/".join(segments) + ("?" + "&".join(names) if names else "")


def read(body, zipped):
    """(path, value) of everything in a body that isn't an object or a list, its text if it is any, and why it was not understood."""
    try:
        text = (unzip(body) if zipped else body).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, ValueError):
        return [], None, "not text"
    found = []
    return (found, text, "") if parse(text, found) else ([], text, "not JSON, not a form")


def forbidden_lines(url, headers, found, text):
    global unsearched
    if options.forbid and text is None:
        unsearched += 1
    lines = []
    for number, forbidden in enumerate(options.forbid, 1):
        places = ["the URL"] if has(url, forbidden) else []
        places += [f"header {plain(name)}" for name in sorted({name.lower() for name, value in headers.items() if has(value, forbidden)})]
        in_keys = [path for path, value in found if has(".".join(path), forbidden) or isinstance(value, str) and has(value, forbidden)]
        places += dict.fromkeys("key " + key_name("*" if has(key, forbidden) else key for key in path) for path in in_keys)
        if not in_keys and text is not None and has(text, forbidden):
            places.append("the body")
        if places:
            came[number] = came.get(number, 0) + 1
            more = f" and {len(places) - MAX_KEYS} more" if len(places) > MAX_KEYS else ""
            lines.append(f"  forbidden text {number} in {', '.join(places[:MAX_KEYS])}{more}")
    return lines


def has(text, forbidden):
    decoded = re.sub("%([0-7][0-9A-Fa-f])", lambda pair: chr(int(pair.group(1), 16)), text)
    return any(forbidden.lower() in form.lower() for form in (text, decoded))


def unzip(body):
    data = gzip.GzipFile(fileobj=io.BytesIO(body)).read(MAX_UNZIPPED + 1)
    if len(data) > MAX_UNZIPPED:
        raise ValueError("too large")
    return data


def shown_lines(found):
    lines = []
    for path, value in found:
        if isinstance(value, bool):
            value = str(value).lower()
        if not isinstance(value, str) or not path or path[-1] not in options.show:
            continue
        line = f"{plain(path[-1])}: {plain(value)[:200]}"
        counts[line] = counts.get(line, 0) + 1
        seen.add(value)
        lines.append("  " + line)
    return lines


def key_lines(found):
    names = list(dict.fromkeys(key_name(path) for path, _ in found))
    more = f" and {len(names) - MAX_KEYS} more" if len(names) > MAX_KEYS else ""
    return ["  keys: " + " ".join(names[:MAX_KEYS]) + more]


def key_name(path):
    return ".".join(plain(key) for key in path).replace(".[]", "[]")


def parse(text, found):
    """JSON, JSON lines, or a form whose fields may hold JSON, also in Base64."""
    for parts in ([text], [line for line in text.split("\n") if line.strip()]):
        try:
            values = [read_json(part) for part in parts]
        except (ValueError, RecursionError):
            continue  # not that; the next form is tried
        for value in values:
            walk(value, (), found)
        return True
    if not re.match(r"[\w.$[\]-]+=", text, re.ASCII):
        return False
    for name, value in parse_qsl(text, keep_blank_values=True):
        if not parse_field(value, found):
            found.append(((name,), value))
    return True


def parse_field(value, found):
    for decode in (lambda: value, lambda: from_base64(value)):
        try:
            inner = read_json(decode())
        except (ValueError, RecursionError, binascii.Error):
            continue
        if isinstance(inner, (dict, list)):
            walk(inner, (), found)
            return True
    return False


def from_base64(text):
    text = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4)).decode()


def read_json(text):
    return json.loads(text, parse_int=lambda _: 0, parse_float=lambda _: 0)


def walk(value, path, found):
    if len(path) > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            walk(item, (*path, "[]"), found)
    elif isinstance(value, dict):
        for key, item in value.items():
            walk(item, (*path, key), found)
    else:
        found.append((path, value))


def plain(text):
    """Printable ASCII only, all else as \\uXXXX: what others sent must not steer a terminal."""
    return re.sub(r"[^\x20-\x7e]", lambda found: escape_units(found.group()), str(text))


def escape_units(text):
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def summary():
    missing = [value for value in options.expect if value not in seen]
    lines = [f"stopped: {requests} {'request' if requests == 1 else 'requests'}"]
    lines += [f"{count} x {line}" for line, count in counts.items()]
    if missing:
        lines.append("expected and not seen: " + " ".join(plain(value) for value in missing))
    lines += [f"forbidden and seen: text {number} in {count} {'request' if count == 1 else 'requests'}" for number, count in sorted(came.items())]
    if unsearched:
        lines.append(f"not searched: {unsearched} {'body' if unsearched == 1 else 'bodies'}")
    print("\n".join(lines), flush=True)
    return 1 if missing or came or unsearched else 0


def main():
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    try:
        server = Server(("127.0.0.1", options.port), Handler)
    except OSError as error:
        print(f"cannot listen on port {options.port}: {error.strerror}; choose another with --port", file=sys.stderr)
        return 2
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"listening on http://127.0.0.1:{server.server_port} for {options.seconds} s", flush=True)
    try:
        time.sleep(options.seconds)
    except KeyboardInterrupt:
        pass
    with lock:
        return summary()


options = read_options()
sys.exit(main())
