"""What the common layer's registries render: `{% load kaysis %}`."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from kaysis.common import panels as registry

register = template.Library()


@register.simple_tag(takes_context=True, name="panels")
def panels(context: template.Context, slot: str, obj: Any) -> SafeString:
    """All panels registered for `slot` that this request sees about `obj`, in order."""
    request = context["request"]
    html = [
        render_to_string(
            found.panel.template,
            {**found.context, "panel": found.panel, "object": obj},
            request=request,
        )
        for found in registry.shown(slot, request, obj)
    ]
    return mark_safe("".join(html))  # noqa: S308 — rendered by templates just now
