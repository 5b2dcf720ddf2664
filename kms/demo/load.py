"""Loads the demo legislation through the services, into a register without legislation."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from detsis.models import Unit
from kms import services
from kms.demo.facts import Articles, Texts, facts, text_of, texts
from kms.models import Instrument, InstrumentType, RelationKind, Scope, VersionKind
from kms.storing import Prepared, prepare

_OTHER_657 = "Harita Genel Müdürlüğü ile İlgili Bazı Düzenlemeler Hakkında Kanun"
_CHANGED_4982 = dt.date(2005, 11, 22)


@transaction.atomic
def load() -> str:
    """Nothing where legislation stands already."""
    if Instrument.objects.exists():
        return ""
    given = texts()
    made = [*_recorded(), *_institutional(given)]
    services.publish_prepared(_texts(made, given))
    _bases(made, given)
    return f"{len(made)} mevzuat yüklendi."


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _recorded() -> list[Instrument]:
    return [
        services.record_instrument(
            actor=None,
            published=True,
            type=fact.type,
            number=fact.number,
            series=fact.series,
            title=fact.title,
            abbreviation=fact.abbreviation,
            accepted_on=_day(fact.accepted),
            gazette_date=_day(fact.gazette),
            gazette_number=fact.issue,
            gazette_repeat=fact.repeat,
        )
        for fact in facts()
    ]


def _institutional(given: Texts) -> list[Instrument]:
    issuers = {
        unit.name: unit
        for unit in Unit.objects.filter(
            name__in={name for _title, name, _day in given.institutional}, is_institution=True
        )
    }
    return [
        services.record_instrument(
            actor=None,
            published=True,
            type=InstrumentType.DIRECTIVE,
            title=title,
            scope=Scope.INSTITUTIONAL,
            issuer=issuers.get(name),
            issuer_name="" if name in issuers else name,
            accepted_on=_day(day),
            effective_from=_day(day),
        )
        for title, name, day in given.institutional
    ]


def _texts(made: list[Instrument], given: Texts) -> list[Prepared]:
    found: list[Prepared] = []
    for instrument in made:
        begins = instrument.gazette_date or instrument.effective_from
        if instrument.number == "4982":
            found.append(_excerpt(instrument, given.first_4982, VersionKind.FIRST, begins))
            found.append(
                _excerpt(instrument, given.last_4982, VersionKind.CONSOLIDATED, _CHANGED_4982)
            )
            continue
        articles = given.articles.get(instrument.number, [])
        if instrument.number == "657" and instrument.series != 5:
            articles = []
        if not articles:
            about = f"Bu metin, {instrument.title} için yer tutan kısa bir örnektir."
            articles = [("Konu", about)]
        found.append(_excerpt(instrument, articles, VersionKind.CONSOLIDATED, begins))
    return found


def _excerpt(
    instrument: Instrument,
    articles: Articles,
    kind: str,
    begins: dt.date | None,
) -> Prepared:
    prepared = prepare(text_of(instrument.title, articles), kind, today=timezone.localdate())
    prepared.instrument, prepared.valid_from, prepared.excerpt = instrument.pk, begins, True
    return prepared


def _bases(made: list[Instrument], given: Texts) -> None:
    by_title = {instrument.title: instrument for instrument in made}
    by_number = {
        instrument.number: instrument for instrument in made if instrument.title != _OTHER_657
    }
    for title, kind, target in given.bases:
        services.relate(
            actor=None,
            source=by_title[title],
            kind=RelationKind(kind),
            targets=[by_number.get(target) or by_title[target]],
        )
    constitution = by_number["2709"]
    for number in ("1", "5018", "4982", "5393", "6698"):
        services.relate(
            actor=None,
            source=by_number[number],
            kind=RelationKind.BASED_ON,
            targets=[constitution],
        )
