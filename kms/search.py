"""How instruments and their articles stand in the search index, and queries that lead to one."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kaysis.common import indexing, jumps
from kaysis.common.indexing import Path, Source
from kaysis.common.jumps import Jump
from kms.models import Instrument, Passage
from kms.selectors.citations import find_cited, passage_of
from kms.text import parse_citation

# The number of an instrument means it, and so does its citation ("4982 sayılı kanun"). The best
# known laws come first by their rank; what is repealed comes after.
_INSTRUMENT = """
    SELECT i.id AS object_id, i.title,
        concat_ws(', ', nullif(i.number, '') || ' sayılı', s.label,
            to_char(i.gazette_date, 'DD.MM.YYYY')) AS subtitle,
        concat_ws(' ', i.abbreviation, i.issuer_name, u.name) AS body,
        array_remove(ARRAY[nullif(i.number, ''), nullif(i.abbreviation, '')], NULL)::text[]
            AS numbers,
        '/mevzuat/' || i.id || '/' AS url,
        CASE WHEN i.rank = 1 THEN 16 WHEN i.rank = 2 AND NOT i.ended THEN 5 ELSE 2 END::float
            AS weight,
        NOT (i.ended AND (i.ended_on IS NULL OR i.ended_on <= CURRENT_DATE)
            OR coalesce(i.lapsed_on <= CURRENT_DATE, FALSE)) AS active,
        jsonb_strip_nulls(jsonb_build_object('place', i.year::text)) AS facets
    FROM kms_instrument i
    LEFT JOIN detsis_unit u ON u.detsis_no = i.issuer_id
    CROSS JOIN LATERAL (SELECT CASE i.type {labels} END AS label) s
    WHERE i.published AND {{where}}
"""
_PROVISION = """
    SELECT p.id AS object_id,
        left(concat_ws(' ', i.number, {short}, p.title), 300) AS title,
        i.title AS subtitle, left(p.body, 6000) AS body, ARRAY[]::text[] AS numbers,
        '/mevzuat/' || i.id || '/?madde=' || p.anchor || '#' || p.anchor AS url,
        0.5::float AS weight,
        NOT (i.ended OR coalesce(i.lapsed_on <= CURRENT_DATE, FALSE)) AS active,
        '{{{{}}}}'::jsonb AS facets
    FROM kms_passage p JOIN kms_textversion v ON v.id = p.version_id AND v.last
    JOIN kms_instrument i ON i.id = v.instrument_id
    WHERE p.searched AND p.kind = 'article' AND p.anchor <> '' AND i.published AND {{where}}
"""


def _labels() -> str:
    from django.utils import translation  # noqa: PLC0415 — the index is Turkish, always

    from kms.models import InstrumentType  # noqa: PLC0415

    with translation.override("tr"):
        return " ".join(
            f"WHEN '{value}' THEN '{str(label).replace(chr(39), chr(39) * 2)}'"
            for value, label in InstrumentType.choices
        )


def _short() -> str:
    from kms.models import SHORT  # noqa: PLC0415

    cases = " ".join(f"WHEN '{kind}' THEN '{word}'" for kind, word in SHORT.items())
    return f"CASE i.type {cases} END"


def provision_paths(ids: list[int]) -> Mapping[int, Path]:
    """The instrument above each article."""
    rows = Passage.objects.filter(pk__in=ids).values_list(
        "pk", "version__instrument_id", "version__instrument__title"
    )
    return {pk: [(title, f"/mevzuat/{instrument}/")] for pk, instrument, title in rows}


def _instrument(match: re.Match[str]) -> int | None:
    found = find_cited(match[0])
    return found[0].pk if len(found) == 1 else None


def _article(match: re.Match[str]) -> int | None:
    cited = parse_citation(match[0])
    if cited is None or cited.place is None or cited.place.article is None:
        return None
    found = find_cited(match[0])
    passage = passage_of(found[0], cited.place) if len(found) == 1 else None
    return passage.pk if passage else None


INSTRUMENT_SOURCE = Source(
    kind="instrument",
    label=_("Mevzuat"),
    plural=_("Mevzuat"),
    sql=_INSTRUMENT.replace("{labels}", _labels()).replace("{{where}}", "{where}"),
    id_column="i.id",
    order=30,
)
PROVISION_SOURCE = Source(
    kind="provision",
    label=_("Madde"),
    plural=_("Mevzuat maddeleri"),
    sql=_PROVISION.replace("{short}", _short())
    .replace("{{where}}", "{where}")
    .replace("{{{{}}}}", "{}"),
    id_column="p.id",
    order=35,
    paths=provision_paths,
)
_WORD = r"(?:s\.|say[ıi]l[ıi]|k\.|kanun|khk|cbk)"
_PLACE = (
    r"(?:(?:ek|geçici|gecici|mükerrer|mukerrer) )?(?:m\.|md\.?|madde|m) ?\d{1,4}[\w/.()-]{0,12}"
)
JUMPS = (
    Jump(
        kind="provision",
        pattern=rf"\d{{1,5}} ?(?:{_WORD} ?(?:kanun\w*|khk\w*)? ?)?{_PLACE}",
        find=_article,
    ),
    Jump(kind="provision", pattern=rf"(?:anayasa|[a-zçğıöşü]{{2,5}}) {_PLACE}", find=_article),
    Jump(
        kind="instrument",
        pattern=r"\d{1,5}(?: ?(?:s\.|say[ıi]l[ıi])? ?(?:kanun\w*|khk|cbk)?)?",
        find=_instrument,
    ),
)


def register() -> None:
    """Called once by the app's `ready()`."""
    indexing.register(INSTRUMENT_SOURCE)
    indexing.register(PROVISION_SOURCE)
    for jump in JUMPS:
        jumps.register(jump)


__all__ = ["INSTRUMENT_SOURCE", "JUMPS", "PROVISION_SOURCE", "Instrument", "register"]
