"""Ways of signing in, each in a folder of its own (`base.Method`)."""

from functools import cache
from importlib import import_module

from django.conf import settings

from kaysis.accounts.methods.base import Method

DEMO = "demo"


@cache
def _load(key: str) -> Method:
    method: Method = import_module(f"{__name__}.{key}").METHOD
    return method


def official() -> list[Method]:
    """The methods of `settings.SIGN_IN_METHODS`, whether connected or not, in that order."""
    return [_load(key) for key in settings.SIGN_IN_METHODS]


def demo_is_on() -> bool:
    return bool(settings.DEMO_SIGN_IN)


def mounted() -> list[Method]:
    """Those whose pages exist: the official ones, and the demo where it is switched on."""
    return [*official(), _load(DEMO)] if demo_is_on() else official()


def label_of(key: str) -> str:
    """The name of a method as kept with a sign-in; the key itself if the method is gone."""
    known = {method.key: str(method.label) for method in mounted()}
    return known.get(key, key)
