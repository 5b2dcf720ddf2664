"""Tables of KMS lists."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaysis.common.formats import short_day
from kaysis.common.tables import Column, Table
from kaysis.common.templatetags.shell import badge
from kms.models import STATUS_TONES, VERBS, Instrument, InstrumentType, Relation, Status


def shown_day(day: Any) -> str:
    return short_day(day) if day else "—"


def status_badge(instrument: Instrument, today: dt.date | None = None) -> SafeString:
    return _badge(instrument.status_on(today or timezone.localdate()), get_language())


@cache
def _badge(status: Status, _language: str) -> SafeString:
    return badge(str(status.label), *STATUS_TONES[status])


@cache
def _type(value: str, _language: str) -> str:
    return escape(str(InstrumentType(value).label))


class InstrumentTable(Table):
    """Instruments; the name leads to the page."""

    caption = _("Mevzuat")
    caption_hidden = True

    title = Column(verbose_name=_("Ad"), order_by=("title_sort", "id"))
    number = Column(verbose_name=_("Sayı"))
    type = Column(verbose_name=_("Tür"), order_by=("rank", "title_sort"))
    gazette_date = Column(verbose_name=_("Resmî Gazete"), order_by=("gazette_date", "id"))
    status = Column(verbose_name=_("Durum"), orderable=False)

    #: What a row is made of: the list reads nothing else.
    FACTS = (
        "type",
        "number",
        "title",
        "accepted_on",
        "gazette_date",
        "gazette_number",
        "gazette_repeat",
        "effective_from",
        "lapsed_on",
        "without_effect_from",
        "ended",
        "ended_on",
        "issuer_name",
        "issuer__name",
    )

    class Meta(Table.Meta):
        attrs = {"class": "m-table"}

    @cached_property
    def today(self) -> dt.date:
        return timezone.localdate()

    @cached_property
    def language(self) -> str:
        return get_language()

    def cells(self, record: Instrument) -> list[str]:
        """The row, for `table_rows`."""
        gazette = shown_day(record.gazette_date)
        if record.gazette_number:
            gazette += f" / {escape(record.gazette_issue)}"
        issuer = record.issuer.name if record.issuer_id and record.issuer else record.issuer_name
        below = f'<span class="d-cell__minor">{escape(issuer)}</span>' if issuer else ""
        return [
            f'<a href="/mevzuat/{record.pk}/">{escape(record.title)}</a>{below}',
            escape(record.number) or "—",
            _type(record.type, self.language),
            gazette,
            _badge(record.status_on(self.today), self.language),
        ]


def side_cell(row: Relation, name: str) -> SafeString:
    """One side of a relation: linked where it is recorded."""
    instrument = getattr(row, name)
    place = getattr(row, f"{name}_place")
    shown = f" {place}" if place else ""
    if instrument is not None:
        return format_html(
            '<a href="/mevzuat/{}/">{}</a>{} <span class="d-cell__minor">{}</span>',
            instrument.pk,
            instrument.short_citation,
            shown,
            instrument.title,
        )
    reference = getattr(row, f"{name}_reference")
    return format_html("{}{}", reference.citation if reference else "—", shown)


class RelationTable(Table):
    """Relations of one instrument, as they are recorded."""

    caption = _("İlişkiler")
    caption_hidden = True

    kind = Column(verbose_name=_("İlişki"))
    source = Column(verbose_name=_("Etkileyen"), orderable=False)
    target = Column(verbose_name=_("Etkilenen"), orderable=False)
    date = Column(verbose_name=_("Tarih"))
    in_force_on = Column(verbose_name=_("Yürürlük"))

    def cells(self, record: Relation) -> list[str]:
        """The row, for `table_rows`."""
        what = f"{record.get_kind_display()}"
        verb = VERBS.get(record.verb)
        minor = [str(verb)] if verb and record.verb else []
        if record.undone_on:
            minor.append(str(_("hükümsüz")))
        below = f'<span class="d-cell__minor">{escape(", ".join(minor))}</span>' if minor else ""
        return [
            f"{escape(what)}{below}",
            side_cell(record, "source"),
            side_cell(record, "target"),
            shown_day(record.date),
            shown_day(record.in_force_on),
        ]


class AmendmentTable(Table):
    """What changed each article of an instrument."""

    caption = _("Madde madde değişiklikler")
    caption_hidden = True

    target_place = Column(verbose_name=_("Hüküm"), orderable=False)
    verb = Column(verbose_name=_("İşlem"))
    source = Column(verbose_name=_("Değiştiren"), orderable=False)
    date = Column(verbose_name=_("Tarih"))
    in_force_on = Column(verbose_name=_("Yürürlük"))

    def cells(self, record: Relation) -> list[str]:
        """The row, for `table_rows`."""
        place = escape(record.target_place) or "—"
        if record.target_anchor and record.target_place:
            head = escape(record.target_anchor)
            place = f'<a href="/mevzuat/{record.target_id}/?madde={head}#{head}">{place}</a>'
        part = record.target_part
        below = f'<span class="d-cell__minor">{escape(part)}</span>' if part else ""
        return [
            place + below,
            escape(str(VERBS.get(record.verb, VERBS[""]))),
            side_cell(record, "source"),
            shown_day(record.date),
            shown_day(record.in_force_on),
        ]
