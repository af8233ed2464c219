"""Goes through a running shop once, as a browser would, to see its events arrive wherever POSTHOG_HOST points."""

import json
import os
import re
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

BASE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
VISITOR = {"X-PostHog-Distinct-Id": "visitor-1", "X-PostHog-Session-Id": "session-1"}
ADA = {"email": "ada@hangar.example", "password": "correct horse"}
browser = build_opener(HTTPCookieProcessor(CookieJar()))


def call(path, body=None, **headers):
    try:
        response = browser.open(Request(BASE + path, body, VISITOR | headers))
    except HTTPError as error:
        response = error
    print(response.status, "POST" if body else "GET", path)
    return response.url, response.read().decode()


def submit(page, action, **fields):
    """Fills a form of a page and sends it, with the page's CSRF token."""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', call(page)[1])[1]
    return call(action, urlencode(fields | {"csrfmiddlewaretoken": token}).encode())[0]


submit("/enter", "/enter", **ADA | {"password": "wrong"}, intent="login")
submit("/enter", "/enter", **ADA, intent="signup")
receipt = submit("/kits/dart", "/kits/dart/order")
payment = json.dumps({"order_id": receipt.rsplit("/", 1)[1], "paid_at": "2026-11-20T10:00:00Z"}).encode()
for _ in range(2):  # delivered twice
    call("/webhooks/payments", payment, **{"Content-Type": "application/json"})
submit("/kits/dart", "/kits/dart/order", card="declined")
submit("/kits/albatross", "/kits/albatross/order")
submit("/", "/leave")
submit("/enter", "/enter", **ADA, intent="login")
