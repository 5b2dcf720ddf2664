"""`/mevzuat/<id>/`: an instrument as it is read on a day, and everything it is connected with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from detsis.views.days import asked_day
from kaysis.common.components import Fact
from kaysis.common.pagecache import cached_page
from kms.models import (
    STATUS_TONES,
    Instrument,
    InstrumentType,
    Passage,
    Relation,
    Scope,
    Status,
    TextVersion,
    VersionKind,
)
from kms.permissions import may_edit
from kms.querysets import visible_sql
from kms.selectors.citations import anchor_for, find_place
from kms.selectors.page import find_all, shown_of
from kms.selectors.reading import Pages, Texts, part_of, status_on
from kms.selectors.relations import lies_ahead, pending_of
from kms.views.markup import cut, groups_html, links_html, parts_html
from kms.views.sections import data_links, go_forms, sections

UNITS = 10


def find(request: HttpRequest, pk: int) -> Instrument:
    """The instrument; Http404 for what the reader may not see."""
    visible, given = visible_sql(request.user)
    rows = Instrument.objects.raw(_FIND.format(visible=visible), {**given, "pk": pk})
    found = next(iter(rows), None)
    if found is None:
        raise Http404
    return found


_FIND = "SELECT i.* FROM kms_instrument i WHERE i.id = %(pk)s AND {visible}"


@require_safe
@cached_page(ttl=600)
def instrument_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Text, amendments, relations and links of an instrument, on `?tarih=`."""
    found = find_all(pk, request.user, units=UNITS + 1)
    if found is None:
        raise Http404
    instrument, units = found.instrument, found.units
    day = asked_day(request)
    today = timezone.localdate()
    reading = Reading.of(request, found.texts, day or today)
    groups, reading.shown = shown_of(instrument, reading.version, reading.part)
    context = {
        **head(instrument, day or today),
        "day": day,
        "today": today,
        "reading": reading,
        "parts": reading.parts,
        "contents": reading.contents,
        "articles": reading.articles,
        "facts": facts_of(instrument),
        "sections": sections(instrument, "read"),
        "go_forms": go_forms(instrument, day or today),
        "data_links": data_links(instrument),
        "groups": groups_html(groups, instrument),
        # The latest counterparts come first: none of them lies ahead, then nothing does.
        "pending": pending_of(instrument, today) if lies_ahead(groups, today) else [],
        "commencements": found.commencements,
        "units": units[:UNITS],
        "more_units": len(units) > UNITS,
        "editor": request.user.is_authenticated and may_edit(request.user, instrument),
    }
    return render(request, "kms/instrument.html", context)


def head(instrument: Instrument, day: dt.date) -> dict[str, Any]:
    """What the pages of an instrument share: its name, its status, its path."""
    status = status_on(instrument, day)
    return {
        "instrument": instrument,
        "type_label": InstrumentType(instrument.type).label,
        "status": status,
        "status_tone": STATUS_TONES[status][0],
        "status_symbol": STATUS_TONES[status][1],
        "repealed": status == Status.REPEALED,
        "ending": ending_of(instrument) if status == Status.REPEALED else None,
        "breadcrumbs": [
            (_("Mevzuat"), reverse("kms:instruments")),
            (instrument.short_citation, instrument.get_absolute_url()),
        ],
    }


def ending_of(instrument: Instrument) -> Relation | None:
    """The repeal that ended it."""
    rows = Relation.objects.filter(
        target=instrument, kind="repeals", whole=True, undone_on__isnull=True
    )
    return rows.select_related("source", "source_reference").order_by("in_force_on", "pk").first()


def facts_of(instrument: Instrument) -> list[Fact]:
    """The identity card."""
    issuer = instrument.issuer
    days = [
        (_("Kabul tarihi"), instrument.accepted_on),
        (_("Resmî Gazete tarihi"), instrument.gazette_date),
        (_("Yürürlük tarihi"), instrument.effective_from),
        (_("Yürürlükten kalktığı tarih"), instrument.end),
        (_("Uygulamasının kalmadığı tarih"), instrument.without_effect_from),
    ]
    source = gettext("Resmî kaynak") if instrument.source_url else ""
    scope = Scope(instrument.scope).label if instrument.scope != Scope.GAZETTE else ""
    return [
        Fact(_("Tür"), InstrumentType(instrument.type).label),
        Fact(_("Sayı"), instrument.number),
        Fact(_("Tertip"), instrument.series),
        Fact(_("Kısaltma"), instrument.abbreviation),
        *(Fact(label, f"{day:%d.%m.%Y}" if day else "") for label, day in days),
        Fact(_("Resmî Gazete sayısı"), instrument.gazette_issue),
        Fact(_("Yayım"), scope),
        Fact(
            _("Çıkaran"),
            issuer.name if issuer else instrument.issuer_name,
            issuer.get_absolute_url() if issuer else "",
        ),
        Fact(_("Kalıcı adres"), instrument.eli, instrument.eli),
        Fact(
            _("Kaynak"),
            source,
            instrument.source_url,
        ),
    ]


class Reading:
    """The text of a page: which version, which part of it, where in it the reader is."""

    def __init__(
        self,
        texts: Texts,
        version: TextVersion | None,
        *,
        known: bool,
        part: int,
        anchor: str,
        day: dt.date,
    ) -> None:
        self.texts, self.version, self.known = texts, version, known
        self.part, self.anchor, self.day = part, anchor, day
        #: The page itself, once it is read.
        self.shown = Pages("", "", [])

    @classmethod
    def of(cls, request: HttpRequest, texts: Texts, day: dt.date) -> Reading:
        """What `?tarih=`, `?metin=`, `?madde=` and `?bolum=` ask for."""
        version, known = texts.on(day)
        wanted = request.GET.get("metin", "")
        if wanted.isascii() and wanted.isdigit():
            version, known = texts.get(int(wanted[:12])), True
            if version is None:
                raise Http404
        part, anchor = 1, ""
        asked = request.GET.get("madde", "").replace("\x00", "").strip()[:80]
        if version is not None and asked:
            anchor = anchor_of(version, asked)
            part = part_of(version, anchor) or 1 if anchor else 1
        elif request.GET.get("bolum", "").isdecimal():
            part = int(request.GET["bolum"][:4])
        if version is not None and not 1 <= part <= version.parts:
            raise Http404
        return cls(texts, version, known=known, part=part, anchor=anchor, day=day)

    @property
    def html(self) -> str:
        """The passages of the page, without footnotes."""
        return mark_safe(self._dated(self.shown.html))  # noqa: S308 — escaped by kms.rendering

    @property
    def footnotes(self) -> str:
        return mark_safe(self._dated(self.shown.footnotes))  # noqa: S308 — escaped by kms.rendering

    def _dated(self, html: str) -> str:
        """Links to other pages of this text keep the day and the version that are shown."""
        return (
            html.replace('href="?madde=', f'href="{self.query}madde=')
            if self.query != "?"
            else html
        )

    @property
    def query(self) -> str:
        """The beginning of the query string of links within this text."""
        if self.version is None or self.version.last:
            return "?"
        return f"?metin={self.version.pk}&amp;"

    @property
    def links(self) -> str:
        return self.query.replace("&amp;", "&")

    @property
    def articles(self) -> str:
        """The articles on the page, as links."""
        links = [(f"#{anchor}", cut(title, 70)) for anchor, title in self.shown.articles]
        return links_html(links) if links else ""

    @property
    def contents(self) -> str:
        """The headings of the whole text, as links."""
        entries = self.version.contents if self.version else []
        links = [(f"{self.query}madde={each['a']}#{each['a']}", each["t"]) for each in entries]
        return links_html(links) if links else ""

    @property
    def short(self) -> bool:
        """Whether the contents are few enough to be shown at once."""
        return self.version is not None and len(self.version.contents) < 25

    @property
    def parts(self) -> str:
        """The pages of a long text, as links; nothing for a text of one page."""
        if self.version is None or self.version.parts < 2:
            return ""
        return parts_html(self.version.parts, self.part, self.query)

    @property
    def companion(self) -> bool:
        return self.version is not None and self.version.kind == VersionKind.REPEALED_PROVISIONS


def anchor_of(version: TextVersion, asked: str) -> str:
    """An anchor, or what people type ("50", "ek 2"), as an anchor of the version; "" if unknown."""
    head = asked.split("-f", maxsplit=1)[0]
    known = Passage.objects.filter(version=version, anchor__in=[asked, head]).exists()
    if known:
        return asked
    place = find_place(asked)
    if place is None or place.article is None:
        return ""
    names = [anchor_for(place), anchor_for(place, suffix=False)]
    found = Passage.objects.filter(version=version, anchor__in=names)
    return found.order_by("-anchor").values_list("anchor", flat=True).first() or ""
