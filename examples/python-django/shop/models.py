from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class User(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid4)  # stable and opaque: also the id in PostHog
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    objects = BaseUserManager()


class Order(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4)  # a UUID, so that it can name the one event that the order causes
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    kit = models.SlugField()
    amount_cents = models.PositiveIntegerField()
    paid_at = models.DateTimeField(null=True)
