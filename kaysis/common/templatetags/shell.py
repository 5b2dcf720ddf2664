"""Small pieces of markup that every page uses: `{% load shell %}`."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.conf import settings
from django.forms.formsets import BaseFormSet
from django.forms.utils import ErrorList
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import localize, number_format
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from kaysis.common.casing import capital
from kaysis.common.components import Fact
from kaysis.common.types import Text

register = template.Library()

TONES = ("neutral", "info", "success", "warning", "danger")
_TONE_ICONS = {
    "neutral": "circle",
    "info": "info",
    "success": "check",
    "warning": "warning",
    "danger": "stop",
}


@cache
def _icon(name: str, size: str) -> SafeString:
    return format_html(
        '<svg class="k-icon{}" width="20" height="20" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        f" k-icon--{size}" if size else "",
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A drawing from static/img/icons.svg, hidden from screen readers: the text beside it speaks.

    `size` is "", "sm" or "lg".
    """
    return _icon(name, size)


@register.simple_tag
def badge(text: Text, tone: str = "neutral", symbol: str = "") -> SafeString:
    """A status: always text and a sign, so that it never depends on colour."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"badge tone must be one of {TONES}, not {tone!r}")
    sign = _icon(symbol or _TONE_ICONS[tone], "sm")
    return format_html('<span class="k-badge k-badge--{}">{}{}</span>', tone, sign, text)


@register.simple_tag
def card(facts: Iterable[Fact]) -> SafeString:
    """An identity card: what is known of one object. Lines without a value are left out."""
    lines = []
    for fact in facts:
        if fact.value or fact.value == 0:
            value = str(conditional_escape(localize(fact.value)))
            if fact.url:
                value = f'<a href="{escape(fact.url)}">{value}</a>'
            lines.append(f"<div><dt>{escape(fact.label)}</dt><dd>{value}</dd></div>")
    return SafeString(f'<dl class="k-card-list">{"".join(lines)}</dl>')


@register.simple_tag
def kept(template_name: str, **words: str) -> SafeString:
    """A template that needs nothing but `words` and the language, drawn once for each of them."""
    draw = _kept.__wrapped__ if settings.DEBUG else _kept
    return draw(template_name, get_language(), tuple(sorted(words.items())))


@cache
def _kept(template_name: str, language: str, words: tuple[tuple[str, str], ...]) -> SafeString:
    return render_to_string(template_name, dict(words))


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: Any) -> str:
    """The query string of this page with `changes`; None takes a parameter away.

    What Django's `querystring` gives, without copying the request's for each of many links.
    """
    kept = [
        (name, value)
        for name, values in context["request"].GET.lists()
        if name not in changes
        for value in values
    ]
    kept += [(name, value) for name, value in changes.items() if value is not None]
    return f"?{urlencode(kept)}"


@register.simple_tag(takes_context=True)
def page_numbers(
    context: template.Context, numbers: Iterable[int | str], current: int
) -> SafeString:
    """The items of the pages to choose from; what is left out between them is a “…”."""
    word = gettext("Sayfa")
    page = f'<span class="visually-hidden">{word}</span>'
    rest = address(context, sayfa=None)
    base = escape(f"{rest}&" if len(rest) > 1 else rest)
    items = []
    for number in numbers:
        if not isinstance(number, int):
            items.append(f'<li class="k-pages__number"><span>{escape(number)}</span></li>')
            continue
        here = ' aria-current="page"' if number == current else ""
        link = f'<a href="{base}sayfa={number}"{here}>{page} {number}</a>'
        items.append(f'<li class="k-pages__number">{link}</li>')
    return SafeString("".join(items))


# {{ label|capital }}: as Django's capfirst, which is wrong for Turkish: il → Il.
register.filter("capital", capital)


@register.filter
def number(value: Any) -> str:
    """A number the way the reader's language groups it: 1.234.567. Text passes unchanged."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_format(value, use_l10n=True, force_grouping=True)
    return str(value)


@register.filter
def is_under(path: str, url: str) -> bool:
    """Whether the page at `path` belongs to the section that starts at `url`."""
    return path.startswith(url) if url != "/" else path == "/"


def _target(form: forms.BaseForm, name: str) -> str:
    """The id of the first control of a field, so that a link to it lands on something."""
    field = form[name]
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def _form_errors(form: forms.BaseForm) -> Iterable[dict[str, str]]:
    for name, errors in form.errors.items():
        known = name in form.fields
        for error in errors:
            # With its name: a summary that says "this field is required" five times helps nobody.
            text = f"{form[name].label}: {error}" if known else str(error)
            yield {"text": text, "target": _target(form, name) if known else ""}


@register.simple_tag
def error_links(*sources: forms.BaseForm | BaseFormSet | ErrorList | None) -> list[dict[str, str]]:
    """All errors of the given forms and formsets as {"text", "target"}; target is an id or ""."""
    links: list[dict[str, str]] = []
    for source in sources:
        if isinstance(source, forms.BaseForm):
            links += _form_errors(source)
        elif isinstance(source, BaseFormSet) and source.is_bound:
            links += [{"text": str(e), "target": ""} for e in source.non_form_errors()]
            for form in source.forms:
                links += _form_errors(form)
        elif isinstance(source, ErrorList):
            links += [{"text": str(e), "target": ""} for e in source]
    return links
