"""Every form of the portal is drawn by Django's own templates under templates/django/forms/.

The renderer is set once (FORM_RENDERER); forms know nothing of CSS classes.
"""

import html
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kaysis.common.widgets import DateInput

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

    def as_field_group(self) -> SafeString:
        """The whole field. Filters are drawn on every list page and mostly say the same as before:
        what a field without errors says decides how it looks, so its HTML is kept by that."""
        look = None if self.errors else self._look()
        if look is None:
            return super().as_field_group()
        if look not in _drawn:
            if len(_drawn) >= _MOST_DRAWN:
                _drawn.clear()
            _drawn[look] = super().as_field_group()
        return _drawn[look]

    def _look(self) -> tuple[Any, ...] | None:
        """Everything the HTML of the field depends on; None where that is not known."""
        widget = self.field.widget
        if type(widget) not in _PLAIN or self.form.template_name_label != "django/forms/label.html":
            return None
        value = self.value()
        return (
            get_language(),
            type(widget),
            self.html_name,
            self.auto_id,
            str(self.label),
            str(self.help_text),
            self.field.required,
            self.field.disabled,
            tuple(sorted((name, str(given)) for name, given in widget.attrs.items())),
            tuple((str(key), str(text)) for key, text in getattr(widget, "choices", ())),
            tuple(map(str, value)) if isinstance(value, list | tuple) else str(value or ""),
        )


# Widgets whose HTML is decided by what `_look` names; flat choices only.
_PLAIN = (forms.TextInput, forms.Select, DateInput)
_MOST_DRAWN = 2000
_drawn: dict[tuple[Any, ...], SafeString] = {}


class Renderer(TemplatesSetting):
    """Django's renderer over the project's template folders."""

    bound_field_class = KaysisBoundField

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        draw = _DRAWN_HERE.get(template_name)
        if draw is not None:
            return draw(context["widget"])
        return super().render(template_name, context, request)


def draw_select(widget: dict[str, Any]) -> SafeString:
    """What django/forms/widgets/select.html draws, in a twentieth of the time: that is a template
    inside a template for each of the eighty provinces."""
    parts = [f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_escaped(group)}">')
        parts += [
            f'\n  <option value="{_escaped(str(option["value"]))}"'
            f"{_attributes(option['attrs'])}>{_escaped(option['label'])}</option>"
            for option in options
        ]
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return SafeString("".join(parts))


def draw_choices(widget: dict[str, Any]) -> SafeString:
    """Radio buttons and check boxes: each option with its label beside it, never around it."""
    own = widget["attrs"].get("id")
    parts = [f'<div class="k-choices"{_attributes({"id": own or False})}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            name = _escaped(group)
            parts.append(
                f'<div class="k-choices__group" role="group" aria-label="{name}">'
                f'<p class="k-choices__title" aria-hidden="true">{name}</p>'
            )
        for option in options:
            attrs = option["attrs"]
            parts.append(
                f'<div class="form-check"><input type="{option["type"]}"'
                f' name="{_escaped(option["name"])}" value="{_escaped(str(option["value"]))}"'
                f'{_attributes(attrs)}><label class="form-check-label"'
                f"{_attributes({'for': attrs.get('id') or False})}>"
                f"{_escaped(option['label'])}</label></div>"
            )
        if group:
            parts.append("</div>")
    parts.append("</div>")
    return SafeString("".join(parts))


# Lists of choices: as templates they would be a template inside a template for each choice.
_DRAWN_HERE = {
    forms.Select.template_name: draw_select,
    forms.RadioSelect.template_name: draw_choices,
    forms.CheckboxSelectMultiple.template_name: draw_choices,
}


def _attributes(attrs: dict[str, Any]) -> str:
    """As django/forms/widgets/attrs.html: True stands alone, False is left out."""
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )


def _escaped(text: Any) -> str:
    if hasattr(text, "__html__"):
        return text.__html__()
    return html.escape(text if isinstance(text, str) else str(localize(text)))
