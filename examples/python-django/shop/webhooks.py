import json
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .analytics import capture
from .models import Order


@csrf_exempt
@require_POST
def payments(request):
    """Called by the payment provider. A real one signs its calls: verify the signature before believing the body."""
    try:
        body = json.loads(request.body)
        order_id, paid_at = UUID(body["order_id"]), parse_datetime(body["paid_at"])
    except (ValueError, KeyError, TypeError, AttributeError):
        paid_at = None
    if paid_at is None:
        raise BadRequest("no order_id and paid_at")
    mark_as_paid(order_id, paid_at)
    return HttpResponse(status=204)


@transaction.atomic
def mark_as_paid(order_id, paid_at):
    # Providers deliver more than once. The first line of defence is this update, the second the event's uuid and time.
    first = Order.objects.filter(id=order_id, paid_at=None).update(paid_at=paid_at)
    order = Order.objects.filter(id=order_id).first()
    if order is None:
        raise Http404("no such order")
    if first:
        # On commit: what is rolled back has not happened. The person is the buyer, not the caller.
        transaction.on_commit(
            lambda: capture(
                "order_placed",
                {"order_id": str(order.id), "kit": order.kit, "amount_cents": order.amount_cents},
                user_id=str(order.user_id),
                uuid=order.id,
                timestamp=paid_at,
            )
        )
