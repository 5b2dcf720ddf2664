"""`{% load accounts %}`: how sign-ins read."""

import re

from django import template
from django.utils.translation import gettext as _

from kaysis.accounts import methods

register = template.Library()

# First match wins: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edge", "Edg"),
    ("Opera", "OPR/"),
    ("Firefox", "Firefox/"),
    ("Chrome", "Chrome/"),
    ("Safari", "Safari/"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """ "Firefox, Windows" from what the browser calls itself."""
    parts = [
        next((name for name, mark in known if mark in user_agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, parts)) or _first_word(user_agent) or _("Bilinmeyen cihaz")


def _first_word(user_agent: str) -> str:
    found = re.match(r"[\w.-]{1,40}", user_agent)
    return found.group() if found else ""


@register.filter
def method_label(key: str) -> str:
    """The name of a sign-in method."""
    return methods.label_of(key)
