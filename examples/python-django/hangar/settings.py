import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def posthog_settings(env) -> dict | None:
    """Reads and checks what PostHog needs, once. A wrong value stops whatever starts; a missing token does not."""
    token = env.get("POSTHOG_PROJECT_TOKEN", "").strip()
    if not token:
        return None
    # No default: a token belongs to one region, and the SDK would send everything to the US.
    host = env.get("POSTHOG_HOST", "").strip()
    parts = urlsplit(host)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ImproperlyConfigured("POSTHOG_HOST must be a URL, such as https://eu.i.posthog.com")
    return {"token": token, "host": host}


POSTHOG = posthog_settings(os.environ)  # None: analytics is off

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = os.environ.get("DEBUG") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or "only for a shop that sells nothing"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "shop",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "shop.middleware.posthog_context",  # before whatever may fail, so that its errors have the context, too
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
AUTH_USER_MODEL = "shop.User"
AUTHENTICATION_BACKENDS = ["shop.fake.AnyPassword"]
LOGIN_URL = "enter"

ROOT_URLCONF = "hangar.urls"
WSGI_APPLICATION = "hangar.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
TIME_ZONE = "UTC"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"shop": {"handlers": ["console"], "level": "INFO"}},
}
