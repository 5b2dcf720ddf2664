"""What a text says it rests on, carries out and adopts.

Three statements are told apart. What an instrument rests on stands in an article headed
"Dayanak", in its enacting sentence ("… dayanılarak hazırlanmıştır"), or, for decrees with the
force of law, in the line "Yetki Kanununun Tarihi … No". What it carries out stands in its name
("… Kanununun Uygulanmasına İlişkin Yönetmelik") or in the sentence of its purpose. A decree is
adopted by a law that is named after it ("… Kararnamenin Kabul Edilmesine Dair Kanun").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .letters import DATE, fold, make_date, pattern, squeeze
from .model import Document, InstrumentKind, Kind, Node, Reference

#: The purpose and the basis of an instrument stand in its first articles.
_FIRST = 4
_TITLE_REACH = 1200


class Tie(StrEnum):
    """How an instrument is tied to the one it names."""

    RESTS_ON = "dayanak"
    CARRIES_OUT = "uygulama"
    ADOPTS = "kabul"


@dataclass(frozen=True, slots=True)
class Ground:
    """One tie: to an instrument by number, or by name alone where the text gives no number.

    `changed`: the decree was adopted with changes. `raw` is the sentence's own words.
    """

    tie: Tie
    reference: Reference
    raw: str
    changed: bool = False


def find_grounds(document: Document, title: str = "") -> Iterator[Ground]:
    """All ties a text states, each instrument once per tie. `title`: the name, where known."""
    seen: set[tuple[Tie, InstrumentKind, str]] = set()
    folded = fold(document.text)
    own = _own_articles(document)
    for ground in (
        *_empowering(document, folded),
        *_enacting(document, folded, own),
        *_purposes(document, folded, own),
        *_named(title or document.preamble.title),
    ):
        found = ground.reference
        keys = {
            (ground.tie, found.instrument, name)
            for name in (found.number, _plain(found.name) if " " in found.name else "")
            if name
        }
        if not keys & seen:
            yield ground
        seen |= keys


def _own_articles(document: Document) -> list[Node]:
    """Articles of the text's own: none that a companion, an annex or a table quotes."""
    return [
        node
        for node in document.articles()
        if not any(
            above.kind in (Kind.UNINTEGRATED, Kind.BATCH, Kind.ANNEX, Kind.FOOTNOTES)
            for above in document.ancestors(node.anchor)
        )
    ]


# --- Rests on ---------------------------------------------------------------------------------

_EMPOWERING = pattern(r"yetki\s+kanunu?nun\s+tarihi?\s*:?\s*")
_EMPOWERED = pattern(DATE + r"\s*,?\s*(?:no\s*:?\s*)?(?P<number>[0-9]{3,5})(?![0-9/.])")
_FIELD = pattern(r"yay[ıi][mn]|düstur|tertip")
#: "Dayanak", "Amaç, kapsam ve dayanak", "Hukuki dayanak" – not "Gelirlerin dayanakları".
_BASIS_HEADING = pattern(
    r"(?:\A|,\s*|\bve\s+)(?:hukuk[iî]|yasal|kanun[iî])?\s*dayana(?:k|ğ[ıi])(?=\s*(?:\Z|,|ve\b|[:.]))"
)
_MADE = r"(?:haz[ıi]rlan|ç[ıi]kar[ıi]l|düzenlen|kararlaşt[ıi]r[ıi]l|yürürlüğe\s+konul|ihdas\s+edil)"
_BASED = (
    r"(?:dayan[ıi]larak|dayanarak|istinaden|uyar[ıi]nca|gereğince|göre"
    r"|verdiği\s+yetki[a-zçğıöşü]{0,6})"
)
_ENACTED = pattern(
    rf"\b{_BASED}(?P<between>[^.;]{{0,120}}?){_MADE}[a-zçğıöşü]{{0,4}}m[ıiuü]ş(?:t[ıiuü]r)?\b"
)
_THIS = pattern(
    r"\b(?:bu|işbu)\s+(?:kanun|kararname|cumhurbaşkanlığı\s+kararname|tüzü[gkğ]|yönetmeli[kğ]|tebliğ|genelge"
    r"|yönerge|karar|esas|usul)"
)
_SENTENCE = re.compile(r"[.;:](?=\s+[(“\"']?[A-ZÇĞİÖŞÜ0-9])|\n[^\S\n]*\n")


def _empowering(document: Document, folded: str) -> Iterator[Ground]:
    """ "Yetki Kanununun Tarihi : 12/3/1986 No : 3268, 9/4/1987 3347" above the first article."""
    first = next((node.start for node in document.articles()), 0)
    label = _EMPOWERING.search(folded, 0, first)
    if not label:
        return
    stop = _FIELD.search(folded, label.end(), first)
    for found in _EMPOWERED.finditer(folded, label.end(), stop.start() if stop else first):
        number = found["number"]
        kind = InstrumentKind.CONSTITUTION if number == "2709" else InstrumentKind.LAW
        raw = squeeze(document.text[label.start() : found.end()])
        yield Ground(
            Tie.RESTS_ON,
            Reference(
                found.start(),
                found.end(),
                raw,
                kind,
                number,
                date=None if kind is InstrumentKind.CONSTITUTION else make_date(found),
                anchor="kunye",
            ),
            raw,
        )


def _enacting(document: Document, folded: str, own: list[Node]) -> Iterator[Ground]:
    """Articles headed "Dayanak", and enacting sentences of the preamble and the first articles."""
    first = own[0].start if own else 0
    spans = [(0, first, False)]
    spans += [
        (node.start, node.end, bool(_BASIS_HEADING.search(fold(node.title)))) for node in own[:60]
    ]
    for place, (start, end, basis) in enumerate(spans):
        if not basis and place > _FIRST:
            continue
        for reference in document.references:
            if reference.own or not start <= reference.start < end:
                continue
            sentence = _sentence(document.text, reference, (start, end))
            found = _ENACTED.search(folded, reference.end, sentence[1])
            said = folded[sentence[0] : reference.start]
            if (basis and _based(folded, reference, sentence)) or (
                found and (_THIS.search(said) or "kararlaşt" in found[0])
            ):
                yield Ground(
                    Tie.RESTS_ON, reference, squeeze(document.text[slice(*sentence)])[:600]
                )


def _based(folded: str, reference: Reference, sentence: tuple[int, int]) -> bool:
    """Within an article of bases: whether the sentence says that this is one of them."""
    return bool(re.search(rf"{_BASED}|hükm|hüküm", folded[reference.end : sentence[1]]))


def _sentence(text: str, reference: Reference, within: tuple[int, int]) -> tuple[int, int]:
    """Where the sentence around a reference begins and ends; items of a list belong to it."""
    start = within[0]
    for found in _SENTENCE.finditer(text, within[0], reference.start):
        start = found.end()
    after = _SENTENCE.search(text, reference.end, within[1])
    return start, after.start() if after else within[1]


# --- Carries out ------------------------------------------------------------------------------

_CARRIED = (
    r"(?:(?:mer'?[iî]yet|yürürlü[gğk][a-zçğıöşü]{0,3})\s+ve\s+)?"
    r"(?:uygula(?:ma|nma)|tatbik)[a-zçğıöşü]{0,5}"
)
_ENTERED = r"yürürlüğe\s+konulmas[ıi]na(?:\s+ve\s+uygulanmas[ıi]na)?"
_HOW = r"(?:ilişkin|dair|yönelik|hakk[ıi]nda|göster|sağla|düzenle|içerir|kapsa)"
_CARRIES_OUT = pattern(
    rf"[^.;:,()]{{0,60}}?\b(?:{_ENTERED}|uygulanmas[ıi](?:n[ıiae]n?)?)\s+(?:aç[ıi]s[ıi]ndan\s+)?{_HOW}"
)
_OWN_SUBJECT = pattern(r"\b(?:bu|işbu)\s+(?:kanun|madde|kararname|yönetmeli|tebliğ|tüzü)")
_TREATY = pattern(
    r"(?P<word>sözleşme|andlaşma|antlaşma|anlaşma|protokol)(?:s[ıi]|[üu])?'?\s*n?[ıiuü]n\s+"
    r"(?:hükümlerinin\s+|ve\s+[^.;]{5,220}?\bkararlar[ıi]n[ıi]n\s+)?uygulanmas[ıi]"
)
_NAME_WORD = re.compile(
    r"(?:[A-ZÇĞİÖŞÜ][\w’'.-]*|ve|ile|veya|dair|ilişkin|hakkında|hakkındaki|karşı|olan|arasında)\Z"
)


def _purposes(document: Document, folded: str, own: list[Node]) -> Iterator[Ground]:
    """ "Bu Yönetmeliğin amacı, 4982 sayılı … Kanununun uygulanmasına ilişkin …"."""
    for node in own[:_FIRST]:
        for reference in document.references:
            if reference.own or not node.start <= reference.start < node.end:
                continue
            sentence = _sentence(document.text, reference, (node.start, node.end))
            if not _THIS.search(folded, sentence[0], reference.start):
                continue
            found = _CARRIES_OUT.match(folded, reference.end, sentence[1])
            if found and not _OWN_SUBJECT.search(found[0]) and " sayılı" not in found[0]:
                raw = squeeze(document.text[slice(*sentence)])[:600]
                yield Ground(Tie.CARRIES_OUT, reference, raw)
        for found in _TREATY.finditer(folded, node.start, node.end):
            name = _name_before(document.text, node.start, found.start(), found.end("word"))
            if name and _THIS.search(folded, node.start, found.start()):
                reference = Reference(
                    found.start(),
                    found.end(),
                    document.text[found.start() : found.end()],
                    InstrumentKind.TREATY,
                    name=name,
                    anchor=node.anchor,
                )
                raw = squeeze(document.text[node.start : found.end()])[-600:]
                yield Ground(Tie.CARRIES_OUT, reference, raw)


def _name_before(text: str, start: int, word: int, end: int) -> str:
    """The name that ends with the word at ``word``: the capitalised words before it."""
    if not text[word].isupper():
        return ""
    words = text[max(start, word - 300) : word].split()
    name: list[str] = []
    while words and _NAME_WORD.match(words[-1]) and not words[-1].endswith("."):
        name.insert(0, words.pop())
    while name and not name[0][0].isupper():
        name.pop(0)
    return squeeze(" ".join([*name, text[word:end]])) if name else ""


# --- By its name ------------------------------------------------------------------------------

_KIND_OF_WORD = (
    ("kanun hükmünde kararname", InstrumentKind.DECREE_LAW),
    ("cumhurbaşkanlığı kararname", InstrumentKind.PRESIDENTIAL_DECREE),
    ("cumhurbaşkanı karar", InstrumentKind.PRESIDENTIAL_DECISION),
    ("bakanlar kurulu karar", InstrumentKind.MINISTERS_DECISION),
    ("kanun", InstrumentKind.LAW),
    ("tüzü", InstrumentKind.BYLAW),
    ("yönetmeli", InstrumentKind.REGULATION),
    ("tebliğ", InstrumentKind.COMMUNIQUE),
    ("sözleşme", InstrumentKind.TREATY),
    ("andlaşma", InstrumentKind.TREATY),
    ("antlaşma", InstrumentKind.TREATY),
    ("anlaşma", InstrumentKind.TREATY),
    ("protokol", InstrumentKind.TREATY),
)
_INSTRUMENT = (
    r"(?P<name>.{2,900}?\b(?P<word>kanun\s+hükmünde\s+kararname|cumhurbaşkanlığı\s+kararname"
    r"|cumhurbaşkanı\s+karar|bakanlar\s+kurulu\s+karar|kanun|tüzü[gğk]|yönetmeli[gğk]|tebliğ"
    r"|sözleşme|andlaşma|antlaşma|anlaşma|protokol)(?P<bare>(?:s?[ıiuü])?))'?\s*n?[ıiuü]n\s+"
)
_CARRIED_NAME = pattern(
    rf"\A{_INSTRUMENT}(?:{_CARRIED}|yürürlü[gğk][a-zçğıöşü]{{0,3}})(?:\s+(?:şekl|usul|esas|sureti)"
    r"[a-zçğıöşü]{0,8})?(?:\s+ve\s+(?:esas|usul)[a-zçğıöşü]{0,8})?\s+"
    r"(?:hakk[ıi]nda|dair|ilişkin|gösteren|yönetmeli[kğ]|tebliğ|tüzü[kğ]|genelge)"
)
_SHORT_CARRIED_NAME = pattern(
    r"\A(?P<name>.{2,300}?\b(?P<word>kanun|tüzü[gğk]|yönetmeli[gğk])(?P<bare>[ıiuü]))\s+"
    r"uygulama\s+(?:yönetmeliği|tebliği|tüzüğü|genelgesi|esaslar[ıi])"
)
_ADOPTED_NAME = pattern(
    rf"\A{_INSTRUMENT}(?P<changed>değiştirilerek\s+)?kab[uü]l(?:ü|\s+edilmesi)(?:ne\s+(?:dair|ilişkin)"
    r"|\s+hakk[ıi]nda)\s+kanun"
)
#: The number of what is named stands first in the name, or right before the word of its kind.
_NUMBER_IN_NAME = pattern(
    r"\b(?:"
    + DATE
    + r"\s*(?:tarihli|tarih|günlü)?\s*(?:ve)?\s*)?(?P<number>[0-9]{1,5})\s+sayılı\s+"
)
_CHANGING = pattern(r"değişiklik|değiştiril|yürürlükten\s+kald|eklenmesi")


def _named(title: str) -> Iterator[Ground]:
    """What the name of the instrument says it carries out or adopts."""
    title = squeeze(title)[:_TITLE_REACH]
    folded = fold(title)
    for tie, shape in (
        (Tie.ADOPTS, _ADOPTED_NAME),
        (Tie.CARRIES_OUT, _CARRIED_NAME),
        (Tie.CARRIES_OUT, _SHORT_CARRIED_NAME),
    ):
        found = shape.match(folded)
        if found is None:
            continue
        if tie is Tie.CARRIES_OUT and _CHANGING.search(folded, found.end("name")):
            continue
        changed = tie is Tie.ADOPTS and bool(found["changed"])
        yield Ground(tie, _by_name(title, folded, found), title[:600], changed)
        return


def _by_name(title: str, folded: str, found: re.Match[str]) -> Reference:
    """The instrument of a name, with number and date where the name gives them."""
    word = " ".join(found["word"].split())
    kind = next(kind for start, kind in _KIND_OF_WORD if word.startswith(start))
    numbers = list(_NUMBER_IN_NAME.finditer(folded, 0, found.end("name")))
    last, only = numbers[-1] if numbers else None, len(numbers) == 1
    before = last is not None and last.end() == found.start("word")
    numbered = last if last and (before or (only and last.start() == 0)) else None
    name = title[(numbered.end() if numbered and only else 0) : found.end("name")]
    number = numbered["number"] if numbered else ""
    date = make_date(numbered) if numbered and numbered["day"] else None
    if kind is InstrumentKind.BYLAW or kind is InstrumentKind.REGULATION:
        name = re.sub(r"[ğĞ](?=[ıiuüIİUÜ]?\Z)", lambda g: "k" if g[0] == "ğ" else "K", name)
        name = re.sub(r"k(?=[ıiuü]\Z)", "ğ", re.sub(r"K(?=[IİUÜ]\Z)", "Ğ", name))
    return Reference(
        0, 0, title[: found.end("name")], kind, number, date=date, name=squeeze(name), anchor=""
    )


def _plain(name: str) -> str:
    """A name without what spellings differ in: case and the circumflex."""
    return fold(squeeze(name)).translate(str.maketrans("âîû", "aiu"))
