"""Every form of the portal is drawn by Django's own templates under templates/django/forms/.

The renderer is set once (FORM_RENDERER); forms know nothing of CSS classes.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, ""),
    (forms.MultipleHiddenInput, ""),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


def css_class(widget: forms.Widget) -> str:
    """Bootstrap's class for a widget, by its kind."""
    return next(name for kind, name in _CLASSES if isinstance(widget, kind))


class KaysisBoundField(BoundField):
    """Adds the look to the widget, keeping whatever class the widget was given itself."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        given = attrs.get("class") or widget.attrs.get("class", "")
        names = [str(name) for name in (given, css_class(widget)) if name]
        if self.errors and names:
            names.append("is-invalid")
        if names:
            attrs["class"] = " ".join(names)
        return attrs


class Renderer(TemplatesSetting):
    """Django's renderer over the project's template folders."""

    bound_field_class = KaysisBoundField
