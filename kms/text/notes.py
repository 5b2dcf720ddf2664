"""Amendment notes in parentheses: "(Ek: 12/7/2013-6495/33 md.; Mülga: …)".

One parenthesis may hold several statements; each becomes a ``Note`` with its own span. Companion
documents and amending laws carry two more kinds: "(25/10/1984 tarih ve 3065 sayılı Kanunun
hükmüdür.)", where a text comes from, and "(… sayılı Kanun ile ilgili olup yerine işlenmiştir.)",
which law an article changed.
"""

import re
from dataclasses import dataclass, replace

from .acts import (
    CASE,
    INSTRUMENT,
    instrument_kind,
    mend_digits,
    target_part,
    tidy_article,
    with_court,
    with_instrument,
)
from .letters import DASH, DATE_PATTERN, NUMBER_WORD, make_date, pattern
from .model import InstrumentKind, Note, Verb
from .references import instrument_kind as named_kind
from .references import kind_after

#: A note longer than this is no note: an unclosed parenthesis.
LONGEST = 2500

_VERBS = (
    ("yürürlüğü durdurma", Verb.SUSPENDED),
    ("yürürlüğünün durdurulması", Verb.SUSPENDED),
    ("yeniden yürürlük", Verb.REVIVED),
    ("yeniden düzenlenen", Verb.RECAST),
    ("yeniden düzenleme", Verb.RECAST),
    ("yeniden düzenlendi", Verb.RECAST),
    ("yen.düz", Verb.RECAST),
    ("yeniden düz", Verb.RECAST),
    ("değiştirilerek kabul", Verb.ADOPTED_CHANGED),
    ("aynen kabul", Verb.ADOPTED),
    ("aynen kabül", Verb.ADOPTED),
    ("kabul", Verb.ADOPTED),
    ("değiştirilen", Verb.CHANGED),
    ("değişiklik", Verb.CHANGED),
    ("değişik", Verb.CHANGED),
    ("değ", Verb.CHANGED),
    ("mülga", Verb.REPEALED),
    ("iptal", Verb.ANNULLED),
    ("eklenen", Verb.ADDED),
    ("ek", Verb.ADDED),
)
_VERB_OF = {"".join(words.split()): verb for words, verb in _VERBS}
_VERB = "|".join(
    r"\s*".join(words.split()) if " " in words else re.escape(words) for words, _ in _VERBS
)
_OPENING = pattern(
    rf"\(\s{{0,8}}\(?(?:(?P<verb>{_VERB})\b"
    rf"|(?P<origin>[0-9]{{1,2}}\s?[./]\s?[0-9]{{1,2}}\s?[./]\s?[0-9]{{4}})"
    rf"|(?P<court>anayasa\s+mah|ana\.\s?mah))"
)
#: Words that may stand between the verb and the colon.
_PART_WORD = (
    rf"{NUMBER_WORD}|fıkralar|fıkrası|fıkranın|fıkra|fırka|bentler|bendin|bendi|bent|bend|alt|paragraflar"
    r"|paragraf|cümleler|cümlesi|cümle|ibareler|ibare|hükümler|hüküm|tanımlar|tanım|başlıklar"
    r"|başlığı|başlık|madde|maddeler|cetveller|cetvel|tarife|tablo|liste|parantez|içi|sıralar|sıra"
    r"|bölüm|kısım|ve|veya|ile|il[aâ]|metin|rakam|isim|unvan|ayırım|satırlar|satır|sütun|adı|ilk"
    r"|[0-9]{1,3}(?![0-9]|\s?[./]\s?[0-9])|(?:inci|nci|ıncı|ncı|uncu|ncu|üncü|ncü)|\([a-zçğıöşü0-9]{1,3}\)|[a-zçğıöşü]\)?"
    r"|kanun|kanunun|kenar|gösterge|tablosu|listesi|cetveli|cümleleri|bentleri|fıkraları|kroki|sınır"
    r"|koordinat|birleştirilen|fikra|fikralar|parağraf|birnici|yeni|tümce|resim|şekil|ek"
)
_STATEMENT = pattern(
    rf"(?P<verb>{_VERB})\b[.'’]?(?P<target>(?:[\s,{DASH}]{{0,6}}(?:{_PART_WORD})(?![a-zçğıöşü])){{0,14}}"
    r"(?:[^:;()0-9]{1,30}(?=:\s?[0-9]))?)\s{0,4}(?P<colon>[:;.]?)"
)
_END = pattern(
    r"(?:\bmd|karar[ıi]|karar[ıi]\s+ile|karar[ıi]yla|kararlar[ıi]\s+ile|hükmüdür|işlenmiştir|edilmiştir)"
    r"\s*[.,]?\s*\)"
)
#: What a note never reaches over: the head of an article, another note at the start of a block,
#: the paragraph after one whose parenthesis was not closed.
_BARRIER = pattern(
    rf"\n\s*\n\s*(?:(?:ek\s+|geçici\s+|mükerrer\s+)?madde\s+[0-9]|\((?:{_VERB})\b[^()]{{0,60}}[0-9]/)"
    r"|(?<=işlenmiştir)\s*\.?\s*(?:\([0-9]{1,3}\)|[a-zçğıöşü]\))\s*\("
)
_MD = re.compile(r"\bmd\b\.?")
_THEN = pattern(rf"[;.]\s*(?=(?:{_VERB})\b[^:;()]{{0,30}}[:;]\s*[0-9])")
_ORIGIN_VERB = pattern(r"hükm|hükmü|teselsül|md\.?\s*\)?\s*\Z|ek\s+madde")
_INCORPORATED = pattern(
    r"işlenmiş|ilgili\s+olup|ilgilidir|yerine\s+iş|eklenmesi\s+ile\s+ilgili|değiştirilmesi"
)
_SAYILI = pattern(
    r"(?P<number>(?:[0-9]{2,4}/)?[0-9]{1,5})\s{1,4}sayılı\s{1,4}(?P<rest>[^()]{0,220})"
)
_DECREES = frozenset({InstrumentKind.DECREE_LAW, InstrumentKind.PRESIDENTIAL_DECREE})
_ARTICLE_OF = pattern(
    r"(?P<article>(?:(?:ek|geçici|mükerrer)\s{1,3})?[0-9]{1,4}(?:\s?/\s?[a-zçğıöşü])?)"
    r"\s?[.']?\s?(?:[ıiuü]?n?c[ıiuü])?\s{1,4}madde"
)


@dataclass(slots=True)
class Group:
    """A note in parentheses: its span and the statements read in it."""

    start: int
    end: int
    notes: list[Note]


def closing_parentheses(text: str) -> dict[int, int]:
    """Position of the matching ")" for each "(": one pass, unmatched ones are left out."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for found in re.finditer(r"[()]", text):
        if found[0] == "(":
            waiting.append(found.start())
        elif waiting:
            pairs[waiting.pop()] = found.start()
    return pairs


def find_groups(text: str, folded: str) -> tuple[list[Group], list[tuple[int, int]]]:
    """All amendment notes of a text, in order, not overlapping.

    A note ends at the ")" after "md." or "Kararı ile" if that comes before the matching one: the
    matching parenthesis alone would let a note that is not closed swallow what follows.

    The second list holds the spans of the parentheses that begin with the word of a note but are
    none ("(Ek gösterge dahil)").
    """
    pairs = closing_parentheses(text)
    endings, barriers = _Lookahead(_END, folded), _Lookahead(_BARRIER, folded)
    groups: list[Group] = []
    others: list[tuple[int, int]] = []
    position = 0
    while opening := _OPENING.search(folded, position):
        start = opening.start()
        position = opening.end()
        limit, matching = start + LONGEST, pairs.get(start)
        barrier = barriers.after(position)
        if barrier and barrier.start() < min(limit, len(text) if matching is None else matching):
            limit, matching = barrier.start(), None
        if matching is not None:
            limit = min(matching + 1, limit)
        ending = endings.after(position)
        if ending and ending.end() <= limit:
            close = ending.end() - 1
        elif matching is not None and matching - start <= LONGEST:
            close = matching
        else:
            close = _last_md(text, folded, opening, limit)
        end = close + 1 if text[close : close + 1] == ")" else close
        notes = _read_group(text, folded, (start, close, end), opening)
        if notes:
            groups.append(Group(start, end, notes))
            position = max(position, end)
        elif opening["verb"]:
            others.append((start, end))
    return groups, others


class _Lookahead:
    """The next match of a pattern after a position that only moves forward: linear in all."""

    def __init__(self, searched: re.Pattern[str], folded: str) -> None:
        self._pattern = searched
        self._folded = folded
        self._found: re.Match[str] | None = None
        self._exhausted = False

    def after(self, position: int) -> re.Match[str] | None:
        if self._exhausted or (self._found and self._found.start() >= position):
            return self._found
        self._found = self._pattern.search(self._folded, position)
        self._exhausted = self._found is None
        return self._found


def _last_md(text: str, folded: str, opening: re.Match[str], limit: int) -> int:
    """End of a note without any ")": after the last "md." of its paragraph, else the paragraph."""
    limit = min(limit, opening.start() + 400, len(text))
    blank = text.find("\n\n", opening.start(), limit)
    limit = blank if blank > 0 else limit
    ends = [found.end() for found in _MD.finditer(folded, opening.start(), limit)]
    return ends[-1] if ends else max(limit, opening.end())


def _read_group(
    text: str, folded: str, span: tuple[int, int, int], opening: re.Match[str]
) -> list[Note]:
    start, close, end = span
    if opening["verb"]:
        return _statements(text, folded, span)
    stop = close
    later: list[Note] = []
    if then := _THEN.search(folded, start, close):
        # "(16/12/1940-3940 sayılı Kanunun 1 inci maddesi hükmü olup …; Mülga: …)"
        stop = then.start()
        later = [
            replace(note, group_start=start)
            for note in _statements(text, folded, (then.end() - 1, close, end))
        ]
    if opening["court"]:
        note = _court_note(text, folded, opening.start("court"), stop, (start, end))
    else:
        note = _origin_note(text, folded, start, stop, end)
    return [note, *later] if note else []


def _statements(text: str, folded: str, span: tuple[int, int, int]) -> list[Note]:
    """The statements between the parentheses; none when the words are no note at all."""
    start, close, end = span
    heads: list[re.Match[str]] = []
    position = start + 1
    while found := _STATEMENT.search(folded, position, close):
        position = found.end()
        if _begins_statement(folded, start, found, close, first=not heads):
            heads.append(found)
        elif not heads:
            return []
    if not heads:
        return []
    stops = [*(head.start() for head in heads[1:]), close]
    return [
        _statement(text, folded, head, stop, (start, end))
        for head, stop in zip(heads, stops, strict=True)
    ]


def _begins_statement(
    folded: str, start: int, found: re.Match[str], close: int, *, first: bool
) -> bool:
    before = folded[max(start, found.start() - 6) : found.start()].rstrip()
    after = folded[found.end() : close][:16].lstrip(" \n:;.,(" + DASH)
    if first:
        if before.lstrip(" (\n"):
            return False
    elif not (before and (before[-1] in ";:.,(" or before.endswith(("md", "ile", "ve", "-")))):
        return False
    if not after:
        return bool(found["colon"])
    return bool(
        found["colon"] == ":" or after[0].isdigit() or after.startswith(("ana", "rg", "an."))
    )


def _statement(
    text: str, folded: str, head: re.Match[str], stop: int, group: tuple[int, int]
) -> Note:
    verb = _VERB_OF["".join(head["verb"].split())]
    end = stop
    while end > head.end() and text[end - 1] in " \n\t\r;,(":
        end -= 1
    part, ordinals = target_part(head["target"])
    note = Note(
        verb,
        head.start(),
        end,
        *group,
        text[head.start() : end],
        part=part,
        ordinals=ordinals,
    )
    body = mend_digits(folded[head.end() : end])
    if "mah" in body or CASE.search(body):
        return with_court(note, body)
    return with_instrument(note, body)


def _court_note(text: str, folded: str, at: int, close: int, group: tuple[int, int]) -> Note | None:
    note = Note(Verb.ANNULLED, at, close, *group, text[at:close])
    note = with_court(note, folded[at:close])
    return note if note.parsed else None


def _origin_note(text: str, folded: str, start: int, close: int, end: int) -> Note | None:
    """Read "(… 3065 sayılı Kanunun hükmüdür.)" and "(… ilgili olup yerine işlenmiştir.)"."""
    body = folded[start + 1 : close]
    if _INCORPORATED.search(body) and "hükmü olup" not in body:
        verb = Verb.INCORPORATED
    elif _ORIGIN_VERB.search(body):
        verb = Verb.ORIGIN
    else:
        return None
    first = DATE_PATTERN.search(body)
    if not first:
        return None
    note = Note(verb, start + 1, close, start, end, text[start + 1 : close], date=make_date(first))
    named = _SAYILI.search(body)
    if named and named.start() - first.end() < 40:
        article = _ARTICLE_OF.search(named["rest"])
        return replace(
            note,
            instrument=_kind_named(named["rest"]),
            number=named["number"],
            article=tidy_article(article["article"]) if article else "",
        )
    instrument = INSTRUMENT.match(body, first.end())
    if not instrument:
        return None
    return replace(
        note,
        instrument=instrument_kind(instrument),
        number=instrument["number"],
        article=tidy_article(instrument["article"] or ""),
    )


def batch_note(text: str, folded: str, start: int, end: int) -> Note | None:
    """The act named in the title of a batch of a companion document.

    "3 – 31/7/1970 tarih ve 1327 sayılı Kanun ile yürürlükten kaldırılmış … hükümlerin metinleri"
    says which act replaced the texts that follow; "1) … sayılı Kanunun geçici maddesi:" where
    they come from.
    """
    body = mend_digits(folded[start:end])
    found = DATE_PATTERN.search(body)
    note = Note(
        _batch_verb(body),
        start,
        end,
        start,
        end,
        text[start:end],
        date=make_date(found) if found else None,
    )
    if "anayasa mah" in " ".join(body.split())[:40]:
        return with_court(replace(note, verb=Verb.ANNULLED), body)
    named = _SAYILI.search(body)
    if not named:
        return None
    return replace(note, instrument=_kind_named(named["rest"]), number=named["number"])


def _batch_verb(body: str) -> Verb:
    """Of provisions that were "repealed or changed" it is sure only that they were changed."""
    if "değişt" in body:
        return Verb.CHANGED
    return Verb.REPEALED if re.search(r"kaldır|iptal", body) else Verb.ORIGIN


def _kind_named(rest: str) -> InstrumentKind:
    """A law or a decree, by the folded words after "sayılı"; "… Kanun Hükmünde Kararnamenin
    Değiştirilerek Kabulü Hakkında Kanun" is a law."""
    found = kind_after(rest, 0, len(rest))
    kind = named_kind(found[0]) if found else InstrumentKind.LAW
    return kind if kind in _DECREES else InstrumentKind.LAW
