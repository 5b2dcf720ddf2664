"""What the common layer's registries render: `{% load kaysis %}`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from kaysis.common import panels as registry

register = template.Library()


@register.simple_tag(takes_context=True, name="panels")
def panels(context: template.Context, slot: str, obj: Any) -> SafeString:
    """All panels registered for `slot` that this request sees about `obj`, in order."""
    assert context.template is not None, "drawn in a template"
    engine, html = context.template.engine, []
    for found in registry.shown(slot, context["request"], obj):
        # As an {% include %}: what every template may use is in the page's context already.
        drawn = engine.get_template(found.panel.template)
        with context.push(**found.context, panel=found.panel, object=obj):
            html.append(drawn.render(context))
    return mark_safe("".join(html))  # noqa: S308 — rendered by templates just now
