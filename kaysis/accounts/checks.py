"""What keeps a portal from starting: demo sign-in outside development, keys missing or known."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from kaysis.accounts import cipher, methods

# Written into every key that is published in a settings file.
PUBLISHED = (b"development-only", b"test-only")
SHORTEST_SECRET = 50
DEMO_REFUSED = "DEMO_SIGN_IN lets anybody in. It is for development only: switch it off."


def demo_is_misplaced() -> bool:
    """Whether anybody could sign in as an invented person where they must not."""
    production = str(settings.SETTINGS_MODULE).endswith(".production")
    at_the_desk = settings.DEBUG or settings.TESTING
    return settings.DEMO_SIGN_IN and (production or not at_the_desk)


def refuse_misplaced_demo() -> None:
    """Raised while Django starts, since a WSGI server runs no system check."""
    if demo_is_misplaced():
        raise ImproperlyConfigured(DEMO_REFUSED)


@register(Tags.security)
def demo_sign_in(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [Error(DEMO_REFUSED, id="accounts.E001")] if demo_is_misplaced() else []


def misplaced_counterparts() -> list[str]:
    """Ways of signing in that point where a production server must not, with what is wrong."""
    if not _must_be_secret():
        return []
    return [problem for method in methods.official() for problem in method.problems()]


def refuse_misplaced_counterparts() -> None:
    """Raised while Django starts: a counterpart lets anybody in as anybody."""
    if problems := misplaced_counterparts():
        raise ImproperlyConfigured(" ".join(problems))


@register(Tags.security)
def sign_in_methods(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [Error(problem, id="accounts.E007") for problem in misplaced_counterparts()]


@register(Tags.security)
def keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """All keys are there and of the right size; outside development none of them is published."""
    return [*_secret_key(), *_national_id_keys()]


def _must_be_secret() -> bool:
    return not (settings.DEBUG or settings.TESTING)


def _published(key: bytes) -> bool:
    return any(mark in key for mark in PUBLISHED)


def _secret_key() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_SECRET:
        yield Error(f"SECRET_KEY needs {SHORTEST_SECRET} characters.", id="accounts.E002")
    elif _must_be_secret() and _published(key.encode()):
        yield Error("SECRET_KEY is one from a settings file.", id="accounts.E003")


def _national_id_keys() -> Iterator[CheckMessage]:
    for name, texts in (
        ("NATIONAL_ID_KEY", settings.NATIONAL_ID_KEY.split(",")),
        ("NATIONAL_ID_HASH_KEY", [settings.NATIONAL_ID_HASH_KEY]),
    ):
        for text in texts:
            try:
                key = cipher.decode_key(text)
            except cipher.CipherError as error:
                yield Error(f"{name}: {error}", id="accounts.E004")
                continue
            if _must_be_secret() and _published(key):
                yield Error(f"{name} is one from a settings file.", id="accounts.E005")
    if settings.NATIONAL_ID_HASH_KEY in settings.NATIONAL_ID_KEY.split(","):
        yield Error("The two national id keys must differ.", id="accounts.E006")


@register(Tags.security, deploy=True)
def audit_is_out_of_reach(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The role the portal connects with must not own the trail: an owner can alter it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_class c"
            " WHERE c.relname = 'accounts_personevent'"
            " AND pg_has_role(current_user, c.relowner, 'MEMBER'))"
        )
        owns = cursor.fetchone()[0]
    hint = "Connect as a role that owns nothing; migrate as the owner (DATABASE_OWNER_URL)."
    message = "The portal's database role can alter the audit trail."
    return [Warning(message, hint=hint, id="accounts.W001")] if owns else []
