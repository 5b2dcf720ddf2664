"""Instruments and texts for tests, made by the same services the portal uses."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from kms import services
from kms.models import Instrument, InstrumentType, TextVersion, VersionKind
from kms.storing import prepare

_numbers = itertools.count(8001)


def instrument(title: str = "Deneme Kanunu", **given: Any) -> Instrument:
    """A published instrument: a law of 2010, unless `given` says otherwise."""
    facts: dict[str, Any] = {
        "type": InstrumentType.LAW,
        "number": str(next(_numbers)),
        "series": 5,
        "accepted_on": dt.date(2010, 5, 4),
        "gazette_date": dt.date(2010, 5, 12),
        "gazette_number": "27579",
        **given,
    }
    published = facts.pop("published", True)
    return services.record_instrument(actor=None, title=title, published=published, **facts)


def text(*articles: str, title: str = "DENEME KANUNU") -> str:
    """A text in the form of legislation: each article as "Başlık: cümleler"."""
    blocks = [title]
    for number, article in enumerate(articles, 1):
        heading, _, body = article.partition(": ")
        blocks += [heading, f"Madde {number} – {body}"]
    return "\n\n".join(blocks) + "\n"


def publish(
    of: Instrument,
    words: str,
    *,
    valid_from: dt.date | None = dt.date(2010, 5, 12),
    kind: str = VersionKind.CONSOLIDATED,
    title: str = "",
) -> TextVersion:
    """A published text of an instrument, without the way through drafts."""
    prepared = prepare(words, kind, today=timezone.localdate(), title=title)
    prepared.instrument, prepared.valid_from = of.pk, valid_from
    services.publish_prepared([prepared])
    return TextVersion.objects.get(pk=prepared.version)
