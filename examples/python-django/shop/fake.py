"""Fake: any e-mail with any password of eight characters gets in, and no money moves."""

from django.contrib.auth.backends import ModelBackend

from .kits import Kit
from .models import User


class AnyPassword(ModelBackend):
    def authenticate(self, request, email="", password=""):
        if "@" not in email or len(password) < 8:
            return None
        return User.objects.get_or_create(email=email.strip().lower())[0]


class CardDeclined(Exception):
    pass


def start_payment(kit: Kit, card: str) -> None:
    """The provider reports its success later, through the webhook."""
    if card == "declined":
        raise CardDeclined
    if kit.slug == "albatross":  # the checkout that can fail
        raise ConnectionError("payment gateway: connection reset")
