"""Production: everything from the environment, nothing by default that would be unsafe."""

from django.core.exceptions import ImproperlyConfigured

from kaysis.settings.base import *  # noqa: F403
from kaysis.settings.base import env

# What has a default at the desk: the databases there are our own, and letters go to the terminal,
# which is the log here.
for _needed in (
    *("SECRET_KEY", "NATIONAL_ID_KEY", "NATIONAL_ID_HASH_KEY", "ALLOWED_HOSTS"),
    *("SITE_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"),
):
    if not env(_needed, default=""):
        raise ImproperlyConfigured(f"{_needed} is missing or empty: docs/operations.md says what.")

SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
NATIONAL_ID_KEY = env("NATIONAL_ID_KEY")
NATIONAL_ID_HASH_KEY = env("NATIONAL_ID_HASH_KEY")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^saglik/", r"^metrics"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-kaysis"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
