from django.apps import AppConfig
from django.conf import settings
from django.core.signals import got_request_exception


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        from . import analytics

        analytics.start(settings.POSTHOG)
        # Django sends this signal for what becomes a 500, once. Http404, PermissionDenied and a bad request are answers, and
        # don't come here; a middleware's process_exception would get them, too.
        got_request_exception.connect(analytics.capture_fault)
