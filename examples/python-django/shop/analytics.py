"""PostHog for the shop: the one module that knows the SDK."""

import logging
import sys
from contextlib import contextmanager
from datetime import datetime
from typing import Literal
from uuid import UUID

from posthog import Posthog, identify_context, new_context, set_context_session

log = logging.getLogger(__name__)

# Every event of the shop. Names: snake_case, object first, past tense. Amounts in cents, nothing personal.
Event = Literal["user_signed_up", "user_logged_in", "kit_viewed", "order_placed"]

# Posthog("") would work too: it logs an error, and then does nothing.
client: Posthog | None = None  # None: analytics is off


def start(config: dict | None) -> None:
    """One client for each process, made when Django is set up (apps.py). If the process forks later, as gunicorn's does with
    preload_app, the SDK gives each child a queue and a thread of its own."""
    global client
    if config:
        client = Posthog(config["token"], host=config["host"])
    log.info("analytics %s", "on" if client else "off")


@contextmanager
def request_context(headers):
    """What posthog-js adds to requests to this host (its option tracing_headers). Good for analytics only: anyone can send any.

    The SDK's own PosthogContextMiddleware does this too, and sends the user's e-mail address, the IP address and the URL with
    its query along; the header's id wins over the session's user there, and each 404 is an exception.
    """
    with new_context(fresh=True, capture_exceptions=False):
        if visitor := headers.get("X-PostHog-Distinct-Id"):
            identify_context(visitor)
        if session := headers.get("X-PostHog-Session-Id"):
            set_context_session(session)
        yield


def user_id(request) -> str | None:
    """The user's stable id, from the session and from nowhere else."""
    user = getattr(request, "user", None)  # missing if a middleware failed before it was known
    return str(user.pk) if user and user.is_authenticated else None


def capture(
    event: Event, properties: dict, *, user_id: str | None, uuid: UUID | None = None, timestamp: datetime | None = None
) -> None:
    """Queues an event and returns at once. Never raises.

    Without user_id it belongs to the visitor of the request's context, or to nobody. What may be captured twice needs a uuid
    and a timestamp: with the same two, name and person it counts once.
    """
    if client is None:
        return
    properties = properties | profile(user_id)
    client.capture(event, distinct_id=user_id, properties=properties, uuid=uuid, timestamp=timestamp)


def capture_fault(sender, request, **_) -> None:
    """Receiver of got_request_exception. Only the route's pattern goes along: path and query may hold personal data."""
    if client is None:
        return
    who = user_id(request)
    properties = {"method": request.method, "route": getattr(request.resolver_match, "route", None), **profile(who)}
    client.capture_exception(sys.exc_info()[1], distinct_id=who, properties=properties)


def profile(user_id: str | None) -> dict:
    """A visitor who never logs in gets no person profile, as in posthog-js."""
    return {} if user_id else {"$process_person_profile": False}


def flush() -> None:
    """For the end of a process. shutdown() has no limit: with a PostHog that doesn't answer it takes a minute and more."""
    if client:
        client.flush(timeout_seconds=2)
