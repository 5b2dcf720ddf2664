"""Amendment notes in parentheses: "(Ek: 12/7/2013-6495/33 md.; Mülga: …)".

One parenthesis may hold several statements; each becomes a ``Note`` with its own span. Companion
documents and amending laws carry two more kinds: "(25/10/1984 tarih ve 3065 sayılı Kanunun
hükmüdür.)", where a text comes from, and "(… sayılı Kanun ile ilgili olup yerine işlenmiştir.)",
which law an article changed.
"""

import re
from dataclasses import dataclass, replace

from .letters import (
    DASH,
    DATE_PATTERN,
    LAST,
    NUMBER_WORD,
    ORDINAL,
    make_date,
    number_word,
    pattern,
)
from .model import InstrumentKind, Note, TargetPart, Verb

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
_PARTS = (
    ("alt", TargetPart.SUBITEM),
    ("başlı", TargetPart.TITLE),
    ("cüm", TargetPart.SENTENCE),
    ("para", TargetPart.SUBPARAGRAPH),
    ("ibare", TargetPart.PHRASE),
    ("ifade", TargetPart.PHRASE),
    ("tanım", TargetPart.DEFINITION),
    ("hük", TargetPart.PROVISION),
    ("parantez", TargetPart.PROVISION),
    ("ben", TargetPart.ITEM),
    ("fık", TargetPart.PARAGRAPH),
    ("fırka", TargetPart.PARAGRAPH),
    ("fikra", TargetPart.PARAGRAPH),
    ("fkra", TargetPart.PARAGRAPH),
    ("cetvel", TargetPart.TABLE),
    ("tarife", TargetPart.TABLE),
    ("tablo", TargetPart.TABLE),
    ("liste", TargetPart.TABLE),
    ("bölüm", TargetPart.DIVISION),
    ("kısım", TargetPart.DIVISION),
    ("madde", TargetPart.ARTICLE),
)
_NUMBER_OR_WORD = pattern(rf"(?<![a-zçğıöşü])(?:(?P<word>{NUMBER_WORD})(?![a-zçğıöşü])|(?P<digits>[0-9]{{1,3}}))")
_ORDINAL_OR_DIGITS = pattern(rf"(?<![a-zçğıöşü]){ORDINAL}(?![a-zçğıöşü])|[0-9]")
_D = rf"[{DASH}/.\s,]"
_MD = r"(?:md|mad|madde|nci|inci|uncu|üncü)"
_INSTRUMENT = pattern(
    rf"{_D}{{0,6}}(?:(?:itibar[ıi]?\s?[ıi]le|tarih(?:li)?|gün(?:lü)?)?\s{{0,3}}(?:ve\s{{0,3}})?)"
    rf"{_D}{{0,6}}(?:(?P<khk>k\.?\s?h\.?\s?k\.?)(?:'?[a-zı]{{0,4}}){_D}{{0,5}}|(?P<cbk>cb?k){_D}{{0,3}})?"
    rf"(?P<number>(?:19|20)?[0-9]{{2}}/[0-9]{{3,5}}(?=\s{{0,4}}sayılı)|[0-9]{{1,5}})"
    rf"(?:{_D}{{0,4}}(?P<khk2>k\.?h\.?k\.?)|{_D}{{0,3}}(?P<cbk2>cb?k))?"
    rf"(?:\s{{0,4}}sayılı\s{{0,4}}(?P<word>kanun\s+hükmünde\s+kararname|khk|kanun|k\.h\.k|"
    r"cumhurbaşkanlığı\s+kararnamesi|bakanlar\s+kurulu\s+karar|cumhurbaşkanı\s+karar)[a-zçğıöşü']{0,8})?"
    rf"(?:{_D}{{0,4}}(?P<article>(?:ek|geçici|mükerrer)?\s{{0,2}}(?:madde)?\s{{0,2}}[0-9]{{1,4}}"
    rf"(?:\s?[/{DASH}]\s?[a-zçğıöşü0-9]{{1,2}}(?![a-zçğıöşü0-9]))?))?"
)
_END = pattern(
    r"(?:\bmd|karar[ıi]|karar[ıi]\s+ile|karar[ıi]yla|kararlar[ıi]\s+ile|hükmüdür|işlenmiştir|edilmiştir)"
    r"\s*[.,]?\s*\)"
)
_NEXT_HEAD = pattern(r"\n\s*\n\s*(?:ek\s+|geçici\s+|mükerrer\s+)?madde\s+[0-9]")
_MD = re.compile(r"\bmd\b\.?")
_THEN = pattern(rf"[;.]\s*(?=(?:{_VERB})\b[^:;()]{{0,30}}[:;]\s*[0-9])")
_TAIL = pattern(r"(?:khk\W{0,5})?[0-9]{2,5}\s?/\s?[0-9]{1,4}(?:\s?[-/]\s?\w)?\W{0,3}md")
_CASE = pattern(r"\b(?:e|esas)\s?(?:no)?\s?[.:;,]{0,2}\s?[:.]?\s?(?P<case>[0-9]{4}\s?/\s?[0-9]{1,5})")
_RULING = pattern(
    rf"\b(?:k|karar)\s?(?:no)?\s?[.:;,]{{0,2}}\s?[:.]?\s?(?P<ruling>[0-9]{{4}}\s?/\s?[0-9]{{1,5}}(?:\s?[{DASH}]\s?[0-9]{{1,3}})?)"
)
_ORIGIN_VERB = pattern(r"hükm|hükmü|teselsül|md\.?\s*\)?\s*\Z|ek\s+madde")
_INCORPORATED = pattern(r"işlenmiş|ilgili\s+olup|ilgilidir|yerine\s+iş|eklenmesi\s+ile\s+ilgili|değiştirilmesi")
_SAYILI = pattern(
    r"(?P<number>(?:[0-9]{2,4}/)?[0-9]{1,5})\s{1,4}sayılı\s{1,4}(?P<rest>[^()]{0,220})"
)
_KHK_WORD = pattern(r"kanun\s+hükm[üu]nde\s+kararname|\bk\.?\s?h\.?\s?k\b")
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
    matching parenthesis alone would let a note that is not closed swallow what follows. It never
    reaches over the head of an article.

    The second list holds the spans of the parentheses that begin with the word of a note but are
    none ("(Ek gösterge dahil)").
    """
    pairs = closing_parentheses(text)
    endings, next_heads = _Lookahead(_END, folded), _Lookahead(_NEXT_HEAD, folded)
    groups: list[Group] = []
    others: list[tuple[int, int]] = []
    position = 0
    while opening := _OPENING.search(folded, position):
        start = opening.start()
        position = opening.end()
        limit, matching = start + LONGEST, pairs.get(start)
        head = next_heads.after(position)
        if head and head.start() < min(limit, len(text) if matching is None else matching):
            limit, matching = head.start(), None
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
    """End of a note without any ")": after the last "md." of its paragraph."""
    limit = min(limit, opening.start() + 400)
    blank = text.find("\n\n", opening.start(), limit)
    end = opening.end()
    for found in _MD.finditer(folded, opening.start(), blank if blank > 0 else limit):
        end = found.end()
    return end


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
    return bool(found["colon"] == ":" or after[0].isdigit() or after.startswith(("ana", "rg", "an.")))


def _statement(
    text: str, folded: str, head: re.Match[str], stop: int, group: tuple[int, int]
) -> Note:
    verb = _VERB_OF["".join(head["verb"].split())]
    end = stop
    while end > head.end() and text[end - 1] in " \n\t\r;,(":
        end -= 1
    part, ordinals = _target(head["target"])
    note = Note(
        verb,
        head.start(),
        end,
        *group,
        text[head.start() : end],
        part=part,
        ordinals=ordinals,
    )
    body = _mend_digits(folded[head.end() : end])
    if "mah" in body or _CASE.search(body):
        return _with_court(note, body)
    return _with_instrument(note, body)


def _mend_digits(body: str) -> str:
    """Letters that were read for digits in a date: "12/5/l988", "26/1O/1988", "27/6//1989"."""
    body = re.sub(r"(?<=[0-9/])[lı](?=[0-9])|(?<![a-zçğıöşü])l(?=[0-9]/)", "1", body)
    body = re.sub(r"(?<=[0-9])o(?=[0-9/])", "0", body)
    return body.replace("//", "/")


def court_numbers(folded: str) -> tuple[str, str]:
    """The E. and K. numbers of a ruling of the Constitutional Court, "" where missing."""
    case, ruling = _CASE.search(folded), _RULING.search(folded)
    return (
        "".join(case["case"].split()) if case else "",
        "".join(ruling["ruling"].split()) if ruling else "",
    )


def _with_court(note: Note, body: str) -> Note:
    case, ruling = court_numbers(body)
    found = DATE_PATTERN.search(body)
    return replace(
        note,
        date=make_date(found) if found else None,
        instrument=InstrumentKind.COURT,
        case=case,
        ruling=ruling,
    )


def _with_instrument(note: Note, body: str) -> Note:
    found = DATE_PATTERN.search(body)
    position = found.end() if found else 0
    if found and (later := DATE_PATTERN.search(body, position)) and "ile değişik" not in body:
        # "Mülga: 9/7/2018 tarih itibarı ile; 2/7/2018-KHK-703/…": the act's own date comes last
        found, position = later, later.end()
    when = make_date(found) if found else None
    instrument = _INSTRUMENT.match(body, position) if found else None
    if not instrument and (tail := _TAIL.search(body, position)):
        # the date is misprinted ("23/1/20008"): the end still tells number and article
        instrument = _INSTRUMENT.match(body, tail.start())
    if not instrument:
        return replace(note, date=when)
    return replace(
        note,
        date=when,
        instrument=_instrument_kind(instrument),
        number=instrument["number"],
        article=_tidy_article(instrument["article"] or ""),
    )


def _instrument_kind(found: re.Match[str]) -> InstrumentKind:
    word = " ".join((found["word"] or "").split())
    if found["khk"] or found["khk2"] or word.startswith(("kanun hük", "khk", "k.h.k")):
        return InstrumentKind.DECREE_LAW
    if found["cbk"] or found["cbk2"] or word.startswith("cumhurbaşkanlığı"):
        return InstrumentKind.PRESIDENTIAL_DECREE
    if word.startswith("bakanlar"):
        return InstrumentKind.MINISTERS_DECISION
    if word.startswith("cumhurbaşkanı "):
        return InstrumentKind.PRESIDENTIAL_DECISION
    return InstrumentKind.LAW


def _tidy_article(raw: str) -> str:
    return re.sub(rf"\s*([/{DASH}])\s*", r"\1", " ".join(raw.split())).replace("madde ", "")


def _target(raw: str) -> tuple[TargetPart, tuple[int, ...]]:
    """What "ikinci ve üçüncü fıkra" means; counts ("iki cümle") are not places."""
    compact = "".join(raw.split())
    part = next((part for words, part in _PARTS if words in compact), TargetPart.UNSPECIFIED)
    if not _ORDINAL_OR_DIGITS.search(raw):
        return part, ()
    ordinals: list[int] = []
    for found in _NUMBER_OR_WORD.finditer(raw):
        value = number_word(found["word"]) if found["word"] else int(found["digits"])
        if value is not None:
            ordinals.append(value)
    if LAST in ordinals:
        return part, (LAST,)
    if len(ordinals) == 2 and re.search(r"\bil[aâ]\b", raw) and 0 < ordinals[0] < ordinals[1] < 99:
        ordinals = list(range(ordinals[0], ordinals[1] + 1))
    return part, tuple(ordinals)


def _court_note(
    text: str, folded: str, at: int, close: int, group: tuple[int, int]
) -> Note | None:
    note = Note(Verb.ANNULLED, at, close, *group, text[at:close])
    note = _with_court(note, folded[at:close])
    return note if note.parsed else None


def _origin_note(text: str, folded: str, start: int, close: int, end: int) -> Note | None:
    """"(25/10/1984 tarih ve 3065 sayılı Kanunun hükmüdür.)" and "(… yerine işlenmiştir.)"."""
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
    note = Note(
        verb, start + 1, close, start, end, text[start + 1 : close], date=make_date(first)
    )
    named = _SAYILI.search(body)
    if named and named.start() - first.end() < 40:
        article = _ARTICLE_OF.search(named["rest"])
        is_khk = _KHK_WORD.search(named["rest"][:60])
        return replace(
            note,
            instrument=InstrumentKind.DECREE_LAW if is_khk else InstrumentKind.LAW,
            number=named["number"],
            article=_tidy_article(article["article"]) if article else "",
        )
    instrument = _INSTRUMENT.match(body, first.end())
    if not instrument:
        return None
    return replace(
        note,
        instrument=_instrument_kind(instrument),
        number=instrument["number"],
        article=_tidy_article(instrument["article"] or ""),
    )


def batch_note(text: str, folded: str, start: int, end: int) -> Note | None:
    """The act named in the title of a batch of a companion document.

    "3 – 31/7/1970 tarih ve 1327 sayılı Kanun ile yürürlükten kaldırılmış … hükümlerin metinleri"
    says which act replaced the texts that follow.
    """
    body = _mend_digits(folded[start:end])
    found = DATE_PATTERN.search(body)
    note = Note(
        Verb.REPEALED,
        start,
        end,
        start,
        end,
        text[start:end],
        date=make_date(found) if found else None,
    )
    if "anayasa mah" in " ".join(body.split())[:40]:
        return _with_court(replace(note, verb=Verb.ANNULLED), body)
    named = _SAYILI.search(body)
    if not named:
        return None
    is_khk = _KHK_WORD.search(named["rest"][:60])
    return replace(
        note,
        instrument=InstrumentKind.DECREE_LAW if is_khk else InstrumentKind.LAW,
        number=named["number"],
    )
