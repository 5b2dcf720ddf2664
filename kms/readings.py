"""What a text says about other instruments: who amended it, what it repeals, what it rests on.

Pure: from a parsed document to `Claim`s; `kms.services.relations` turns them into rows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kaysis.common.turkish import lower
from kms.models.types import OpenType, Origin, RelationKind
from kms.naming import TYPE_OF_KIND, Named, tidy_title
from kms.text import (
    AmendmentRow,
    Document,
    Ground,
    InstrumentKind,
    Kind,
    Locator,
    Node,
    Note,
    Reference,
    TargetPart,
    Tie,
    Verb,
    find_grounds,
    place_text,
)
from kms.text.repeals import REPEALED, repealed

#: A table may name repealed articles beyond the last one that is printed, but not by hundreds.
_BEYOND = 200
#: No law has a longer number.
_LAW_DIGITS = 4
_REPEALS = frozenset({Verb.REPEALED, Verb.ANNULLED})
_TIES = {Tie.RESTS_ON: RelationKind.BASED_ON, Tie.CARRIES_OUT: RelationKind.IMPLEMENTS}
_ORDINALS = {
    1: "birinci",
    2: "ikinci",
    3: "üçüncü",
    4: "dördüncü",
    5: "beşinci",
    6: "altıncı",
    7: "yedinci",
    8: "sekizinci",
    9: "dokuzuncu",
    10: "onuncu",
    -1: "son",
}
_PARTS = {
    TargetPart.TITLE: "başlık",
    TargetPart.ARTICLE: "madde",
    TargetPart.PARAGRAPH: "fıkra",
    TargetPart.ITEM: "bent",
    TargetPart.SUBITEM: "alt bent",
    TargetPart.SUBPARAGRAPH: "paragraf",
    TargetPart.SENTENCE: "cümle",
    TargetPart.PHRASE: "ibare",
    TargetPart.PROVISION: "hüküm",
    TargetPart.DEFINITION: "tanım",
    TargetPart.TABLE: "cetvel",
    TargetPart.DIVISION: "bölüm",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One relation that a text states between its instrument and another.

    `incoming`: the other acts on this instrument. Places are as they are cited ("m. 3/1-b");
    `anchor` is that of the provision in this text, where it is the target.
    """

    kind: str
    other: Named
    incoming: bool
    origin: str
    verb: str = ""
    place: str = ""
    anchor: str = ""
    part: str = ""
    other_place: str = ""
    whole: bool = False
    date: dt.date | None = None
    in_force_on: dt.date | None = None
    note: str = ""


def claims(document: Document, title: str = "") -> list[Claim]:
    """Everything the text says: from its notes, its table of amendments, and its articles.

    `title`: the name of the instrument, where the text does not begin with it.
    """
    effect = _Effects(document.amendments)
    found = [claim for note in document.notes if (claim := _from_note(document, note, effect))]
    seen = {(c.other.type, c.other.number, _article(c.place)) for c in found}
    dates = {(c.other.type, c.other.number): c.date for c in found if c.date and c.other.number}
    found += _from_table(document, seen, dates)
    found += _from_articles(document)
    found += (_from_ground(document, ground) for ground in find_grounds(document, title))
    return _dated(document, found)


def _dated(document: Document, found: list[Claim]) -> list[Claim]:
    """What is cited without a day, with the day the text gives for the same number elsewhere."""
    days: dict[tuple[str, str], set[dt.date]] = {}
    for each in document.references:
        if each.number and each.date:
            key = (TYPE_OF_KIND.get(each.instrument, OpenType.OTHER), each.number)
            days.setdefault(key, set()).add(each.date)
    return [
        replace(claim, other=replace(claim.other, date=next(iter(known))))
        if claim.origin == Origin.TEXT
        and claim.other.date is None
        and len(known := days.get((claim.other.type, claim.other.number), set())) == 1
        else claim
        for claim in found
    ]


# --- Notes ------------------------------------------------------------------------------------


def named_by(
    kind: InstrumentKind | None, number: str, date: dt.date | None, case: str, ruling: str
) -> Named:
    """What a note or a row names; a court's ruling by its E. and K. numbers."""
    if kind is InstrumentKind.COURT or case or ruling:
        parts = [f"E. {case}" if case else "", f"K. {ruling}" if ruling else ""]
        return Named(OpenType.COURT, ", ".join(filter(None, parts)), date)
    if kind is InstrumentKind.LAW and len(number) > _LAW_DIGITS and number.isdigit():
        # "25171": changed by a communiqué, and the issue of the Gazette stands for its number
        return Named(OpenType.OTHER, "", date, f"{number} sayılı Resmî Gazete")
    return Named(TYPE_OF_KIND.get(kind, OpenType.OTHER) if kind else OpenType.OTHER, number, date)


def _from_note(document: Document, note: Note, effects: _Effects) -> Claim | None:
    if not note.parsed and note.date is None:
        return None
    other = named_by(note.instrument, note.number, note.date, note.case, note.ruling)
    node = document.find(note.applies_to) or document.find(note.anchor)
    place = _place_of(document, node, note)
    if note.verb is Verb.INCORPORATED:
        # "(… 4743 sayılı Kanun ile ilgili olup yerine işlenmiştir.)": this article changed that law
        return Claim(
            kind=RelationKind.AMENDS,
            verb=note.verb.value,
            other=other,
            incoming=False,
            origin=Origin.NOTE,
            place=place[:120],
            anchor=(note.applies_to or note.anchor)[:120],
            other_place=f"m. {note.article}"[:120] if note.article else "",
            note=" ".join(note.raw.split())[:1000],
        )
    return Claim(
        kind=RelationKind.REPEALS if note.verb in _REPEALS else RelationKind.AMENDS,
        verb=note.verb.value,
        other=other,
        incoming=True,
        origin=Origin.NOTE,
        place=place,
        anchor=(note.applies_to or note.anchor)[:120],
        part=_part(note),
        other_place=f"m. {note.article}"[:120] if note.article else "",
        date=note.date,
        in_force_on=effects.day(other, place),
        note=" ".join(note.raw.split())[:1000],
    )


def _place_of(document: Document, node: Node | None, note: Note) -> str:
    """Where a note stands, with the paragraph it names itself: that is how the act cited it.

    What could not be worked into the text has numbers of its own.
    """
    if node is None or not node.place:
        return ""
    place = node.place
    own = note.ordinals[0] if len(note.ordinals) == 1 and note.part is TargetPart.PARAGRAPH else 0
    if own > 0 and place.paragraph is not None and not place.item:
        place = replace(place, paragraph=own)
    foreign = any(above.kind is Kind.UNINTEGRATED for above in document.ancestors(node.anchor))
    return f"işlenemeyen {place_text(place)}" if foreign else place_text(place)


def _part(note: Note) -> str:
    """ "ikinci ve üçüncü fıkra", "ibare"; empty where the whole provision is meant."""
    word = _PARTS.get(note.part, "")
    named = [_ORDINALS.get(number, f"{number}.") for number in note.ordinals[:4]]
    return " ".join(filter(None, (" ve ".join(named), word)))[:120]


class _Effects:
    """When changes took effect, by the table at the end of the text."""

    def __init__(self, rows: tuple[AmendmentRow, ...]) -> None:
        self._days: dict[tuple[str, str], list[AmendmentRow]] = {}
        for row in rows:
            other = named_by(row.instrument, row.number, row.date, row.case, row.ruling)
            if row.in_force:
                self._days.setdefault((other.type, other.number), []).append(row)

    def day(self, other: Named, place: str) -> dt.date | None:
        rows = self._days.get((other.type, other.number), [])
        days = {day for row in rows for day in row.in_force}
        if len(days) == 1:
            return days.pop()
        article = _article(place)
        own = {
            row.in_force[0]
            for row in rows
            if len(row.in_force) == 1
            and article
            and any(_article(place_text(each)) == article for each in row.places)
        }
        return own.pop() if len(own) == 1 else None


def _article(place: str) -> str:
    """ "m. 3/1-b" → "m. 3"; "m. 28/A" stays."""
    return re.sub(r"/(?:\d+|son)\b.*$", "", place)


# --- The table of amendments ------------------------------------------------------------------


def _from_table(
    document: Document,
    seen: set[tuple[str, str, str]],
    dates: Mapping[tuple[str, str], dt.date | None],
) -> Iterator[Claim]:
    """Rows that no note in the text repeats: changed phrases, and provisions that are gone."""
    # "2017/9923": years and numbers of decisions are no articles.
    numbers = [n.designation.number or 0 for n in document.articles() if n.designation]
    longest = max(numbers, default=0) + _BEYOND
    told: set[tuple[Named, str, tuple[dt.date, ...]]] = set()
    for row in document.amendments:
        if not (row.number or row.case or row.ruling):
            continue
        other = named_by(row.instrument, row.number, row.date, row.case, row.ruling)
        date = row.date or dates.get((other.type, other.number))
        other = replace(other, date=date)
        court = other.type == OpenType.COURT
        suspended = court and "durdur" in lower(row.raw_instrument)
        annulled = court and not suspended
        places: list[Locator | None] = [
            place for place in row.places[:60] if (place.article or 0) <= longest
        ] or [None]
        for place in places:
            shown = place_text(place) if place else ""
            said = (other, shown, row.in_force)
            if (other.type, other.number, _article(shown)) in seen or said in told:
                continue
            told.add(said)
            yield Claim(
                kind=RelationKind.REPEALS if annulled else RelationKind.AMENDS,
                verb=(Verb.ANNULLED if annulled else Verb.SUSPENDED).value if court else "",
                other=other,
                incoming=True,
                origin=Origin.TABLE,
                place=shown[:120],
                anchor=_anchor_of(document, place),
                date=date,
                in_force_on=row.in_force[0] if len(row.in_force) == 1 else None,
                note=" ".join(row.raw_instrument.split())[:1000],
            )


def _anchor_of(document: Document, place: Locator | None) -> str:
    if place is None or place.article is None:
        return ""
    anchor = f"{place.type}{place.article}{lower(place.suffix)}"
    return anchor if document.find(anchor) else ""


# --- Articles ---------------------------------------------------------------------------------


def _from_articles(document: Document) -> Iterator[Claim]:
    """Repeals that the text itself pronounces."""
    folded = lower(document.text)
    if len(folded) != len(document.text):
        return
    starts = [reference.start for reference in document.references]
    for place, reference in enumerate(document.references):
        if reference.own or not (
            reference.number or reference.instrument is InstrumentKind.CONSTITUTION
        ):
            continue
        if _node_is_own(document, reference):
            following = starts[place + 1] if place + 1 < len(starts) else len(folded)
            article = document.find(reference.anchor.split("-f")[0])
            limit = article.end if article is not None else len(folded)
            whole = repealed(document.text, folded, reference, following, limit)
            if whole is not None:
                said = REPEALED.search(folded, reference.end)
                words = document.text[reference.start : said.end() if said else reference.end]
                made = _claim(reference, RelationKind.REPEALS, document, whole=whole)
                yield replace(made, note=" ".join(words.split())[:1000])


def _node_is_own(document: Document, reference: Reference) -> bool:
    """Whether it stands in an article of the text's own, no footnote, note or foreign provision."""
    anchor = reference.anchor
    return (
        bool(anchor)
        and anchor.split("-")[0][:1] not in ("d", "i")
        and anchor.split("-")[0] not in ("kunye", "kaynak")
        and not any(
            node.kind in (Kind.UNINTEGRATED, Kind.BATCH, Kind.FOOTNOTES, Kind.AMENDMENTS)
            for node in document.ancestors(anchor)
        )
    )


def _from_ground(document: Document, ground: Ground) -> Claim:
    """What the text rests on or carries out; a decree that a law adopts ends as a decree."""
    kind = _TIES.get(ground.tie, RelationKind.REPEALS)
    made = _claim(ground.reference, kind, document, whole=kind == RelationKind.REPEALS)
    verb = ""
    if kind == RelationKind.REPEALS:
        verb = (Verb.ADOPTED_CHANGED if ground.changed else Verb.ADOPTED).value
    other = made.other
    if not other.number:
        other = replace(other, name=tidy_title(ground.reference.name)[0][:500])
    return replace(made, verb=verb, other=other, note=ground.raw[:1000])


def own_name(name: str) -> str:
    """A name that tells instruments apart; "" for the bare word of the kind ("Kanun")."""
    return name if " " in name and _BARE.fullmatch(lower(name)) is None else ""


_BARE = re.compile(
    r"(?:kanun\s+hükmünde|cumhurbaşkanlığı|cumhurbaşkanı|bakanlar\s+kurulu)\s+karar\w*"
)


def _claim(reference: Reference, kind: str, document: Document, *, whole: bool = False) -> Claim:
    node = document.find(reference.anchor)
    place = place_text(node.place) if node is not None and node.place else ""
    type_ = TYPE_OF_KIND.get(reference.instrument, OpenType.OTHER)
    return Claim(
        kind=kind,
        verb=Verb.REPEALED.value if kind == RelationKind.REPEALS else "",
        other=Named(type_, reference.number, reference.date, own_name(reference.name)[:500]),
        incoming=False,
        origin=Origin.TEXT,
        place=place[:120],
        anchor=reference.anchor[:120],
        other_place=", ".join(place_text(each) for each in reference.places)[:120],
        whole=whole,
        note=" ".join(reference.raw.split())[:1000],
    )
