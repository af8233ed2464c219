from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from .analytics import capture, user_id
from .fake import CardDeclined, start_payment
from .kits import KITS, Kit, find_kit
from .models import Order


def healthz(request):
    return HttpResponse("ok")


def home(request):
    return render(request, "shop/home.html", {"kits": KITS})


def kit_or_404(slug: str) -> Kit:
    if kit := find_kit(slug):
        return kit
    raise Http404("no such kit")


def kit(request, slug):
    found = kit_or_404(slug)
    capture("kit_viewed", {"kit": found.slug, "price_cents": found.price_cents}, user_id=user_id(request))
    return render(request, "shop/kit.html", {"kit": found})


def enter(request):
    if request.method != "POST":
        return render(request, "shop/enter.html")
    user = authenticate(request, email=request.POST.get("email", ""), password=request.POST.get("password", ""))
    if user is None:
        return render(request, "shop/enter.html", {"error": "Wrong e-mail or password."}, status=401)
    login(request, user)
    # After success only, and with the stable id. The browser learns the id from the next page (base.html).
    event = "user_signed_up" if request.POST.get("intent") == "signup" else "user_logged_in"
    capture(event, {"method": "password"}, user_id=str(user.pk))
    return redirect("home")


@require_POST
def leave(request):
    logout(request)
    return redirect("home")


@require_POST
@login_required
def order(request, slug):
    found = kit_or_404(slug)
    try:
        start_payment(found, request.POST.get("card", ""))
    except CardDeclined:
        return render(request, "shop/kit.html", {"kit": found, "error": "The card was declined."}, status=402)
    placed = Order.objects.create(user=request.user, kit=found.slug, amount_cents=found.price_cents)
    return redirect("receipt", placed.id)


@login_required
def receipt(request, order_id):
    return render(request, "shop/receipt.html", {"order": get_object_or_404(Order, id=order_id, user=request.user)})
