"""Sentences that repeal: "… 1965 sayılı Kanun yürürlükten kaldırılmıştır"."""

import re

from .model import Reference

#: At most so many characters after a citation the repeal of what it cites is looked for.
_REACH = 600
REPEALED = re.compile(r"yürürlükten\s+kald[ıi]r[ıi]lm[ıi]ş\w*")
_PARTS_OF = re.compile(
    r"madde|fıkra|bend|bent|ibare|cümle|hükm|hüküm|cetvel|bölüm|kısım|\bek\s*\d|listesi|tablo"
)
_SENTENCE_END = re.compile(
    r"[.;]\)?\s+(?=[A-ZÇĞİÖŞÜ(])|(?<=[a-zçğıöşü]{3})\.\s+(?=\d{1,2}[./]\d)"
    r"|(?<![,;])\n\s*\n\s*(?:\(\d|[a-zçğıöşü]\))"
)


def repealed(
    text: str, folded: str, reference: Reference, following: int, limit: int
) -> bool | None:
    """True: repealed as a whole; False: a part of it; None: this sentence repeals nothing.

    `following` is where the next citation begins: what is said of that one does not count.
    `limit` is where the article ends.
    """
    found = REPEALED.search(folded, reference.end, min(limit, reference.end + _REACH))
    if found is None or _not_meant(text, folded, reference, found.start()):
        return None
    about = _KHK.sub(" ", folded[reference.end : min(following, found.start())])
    if reference.places or _PARTS_OF.search(about):
        return False
    said = folded[reference.start : reference.end].strip()
    return said.endswith(("kanun", "kararname")) or not _POSSESSIVE.search(said)


def _not_meant(text: str, folded: str, reference: Reference, verb: int) -> bool:
    """Whether the citation is none of what the verb at `verb` repeals."""
    return bool(
        _SENTENCE_END.search(text[reference.end : verb])
        or _BY_ANOTHER.search(folded, max(reference.end, verb - 30), verb)
        or _INSTRUMENTAL.search(folded, reference.end - 12, reference.end)
        or _BY.match(folded, reference.end)
        or _IN_A_NAME.match(folded[reference.start : reference.end + 40])
        or _EXCEPT.search(folded, reference.end, verb)
        or _IN_ANOTHER_NAME.match(folded, reference.end, verb)
    )


#: The act by which something is repealed: "703 sayılı KHK'nin 21 inci maddesiyle".
_INSTRUMENTAL = re.compile(r"(?:[ıiuü]yla|[ıiuü]yle|kanunla|kararnameyle)\s*$")
_BY = re.compile(
    r"\s*(?:madde\w*\s+)?(?:(?:ile|uyar[ıi]nca|gereğince)\s+(?!ek(?:leri)?\b|tadil|bu\b|aynı|bun|\d)"
    r"|(?:ile\s+)?(?:değişik|değiştirilen|eklenen|kabul\s+edilen)\b)"
)
#: "… mezkûr madde 3065 sayılı Kanunun 61 inci maddesi ile yürürlükten kaldırılmıştır".
_BY_ANOTHER = re.compile(r"(?:madde\w*\s+ile|maddesiyle|kararnameyle|kanunla|kanun\s+ile)\s*$")
#: "5228 sayılı Bazı Kanunlarda ve 178 sayılı KHK'de Değişiklik Yapılması Hakkında Kanun".
_IN_A_NAME = re.compile(r"\d+\s+sayılı\s[^.;,]{0,80}?[dt][ae]\s+değişiklik\s+yap")
#: "657 sayılı … Kanununun 4 üncü maddesinin değiştirilmesine dair … 203 sayılı Kanun".
_IN_ANOTHER_NAME = re.compile(
    r"[^.;]{0,250}?\b(?:değiştirilmesine|eklenmesine|değişiklik\s+yapılmasına)\b[^.;]{0,120}?"
    r"\b(?:dair|ilişkin|hakk[ıi]nda(?:ki)?)\b[^.;]{0,60}?\bsayılı"
)
#: "… hariç", "… dışındaki hükümleri yürürlükten kaldırılmıştır": what is left out is not repealed.
_EXCEPT = re.compile(r"\b(?:hari[çc]|dışında(?:ki)?)\b")
_KHK = re.compile(r"kanun\s+hükmünde\s+kararname")
_POSSESSIVE = re.compile(r"(?:n[ıiuü]n|daki|deki|[ae]|n[ıi])$")
