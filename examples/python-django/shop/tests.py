import uuid
from datetime import datetime, timezone
from unittest import mock

from django.core.exceptions import ImproperlyConfigured
from django.test import TestCase
from posthog import Posthog

from hangar.settings import posthog_settings

from . import analytics
from .models import Order

ADA = {"email": "ada@hangar.example", "password": "correct horse"}
VISITOR = {"HTTP_X_POSTHOG_DISTINCT_ID": "visitor-1", "HTTP_X_POSTHOG_SESSION_ID": "session-1"}


class ShopTest(TestCase):
    """The SDK itself, with send off: nothing leaves the machine, and before_send sees what would have been sent."""

    def setUp(self):
        self.sent = []
        client = Posthog("phc_test", host="http://127.0.0.1:9", send=False, before_send=self.keep)
        self.enterContext(mock.patch.object(analytics, "client", client))
        self.client.raise_request_exception = False  # a fault becomes a 500, as in production

    def keep(self, event):
        self.sent.append(event)
        return event

    def post(self, path, status, **fields):
        response = self.client.post(path, fields, **VISITOR)
        self.assertEqual(response.status_code, status)
        return response

    def pay(self, order_id, status=204):
        body = {"order_id": order_id, "paid_at": "2026-11-20T10:00:00Z"}
        before = list(self.sent)
        with self.captureOnCommitCallbacks() as callbacks:
            response = self.client.post("/webhooks/payments", body, content_type="application/json")
        self.assertEqual(response.status_code, status)
        self.assertEqual(self.sent, before)  # what is rolled back is not captured
        for callback in callbacks:
            callback()

    def test_each_moment_is_captured_once_for_the_right_person(self):
        self.client.get("/kits/dart", **VISITOR)
        self.client.get("/kits/no-such-kit", **VISITOR)
        self.post("/enter", 401, **ADA | {"password": "wrong"})
        self.post("/kits/dart/order", 302)  # to the log-in
        self.post("/enter", 302, **ADA, intent="signup")
        order_id = self.post("/kits/dart/order", 302).url.removeprefix("/orders/")
        self.pay(order_id)
        self.pay(order_id)  # delivered twice
        self.pay(str(uuid.uuid4()), status=404)
        self.pay("no uuid", status=400)
        self.post("/kits/dart/order", 402, card="declined")
        self.post("/kits/albatross/order", 500)
        self.post("/leave", 302)
        self.post("/enter", 302, **ADA)

        user_id = str(Order.objects.get(id=order_id).user_id)
        # The gateway is an exception. A missing kit, a wrong password, no session, a declined card and a bad body are not.
        self.assertEqual(
            [(event["event"], event["distinct_id"]) for event in self.sent],
            [
                ("kit_viewed", "visitor-1"),
                ("user_signed_up", user_id),
                ("order_placed", user_id),
                ("$exception", user_id),
                ("user_logged_in", user_id),
            ],
        )
        viewed, signup, placed, fault, _ = self.sent
        self.assertIs(viewed["properties"]["$process_person_profile"], False)
        self.assertNotIn("$process_person_profile", signup["properties"])
        self.assertEqual(signup["properties"]["$session_id"], "session-1")
        self.assertEqual(placed["uuid"], order_id)
        self.assertEqual(datetime.fromisoformat(placed["timestamp"]), datetime(2026, 11, 20, 10, tzinfo=timezone.utc))
        self.assertEqual(fault["properties"]["route"], "kits/<slug:slug>/order")

    def test_the_shop_runs_without_a_token(self):
        with mock.patch.object(analytics, "client", None):
            self.post("/enter", 302, **ADA)
            self.post("/kits/albatross/order", 500)
        self.assertEqual(self.sent, [])

    def test_a_token_needs_a_host(self):
        self.assertIsNone(posthog_settings({"POSTHOG_PROJECT_TOKEN": " "}))
        with self.assertRaisesMessage(ImproperlyConfigured, "POSTHOG_HOST"):
            posthog_settings({"POSTHOG_PROJECT_TOKEN": "phc_test"})
