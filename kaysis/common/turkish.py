"""Turkish text: casing, folding, sorting, slugs and the dative suffix.

`str.lower`, `str.upper` and every default collation are wrong for Turkish, and ICU cannot be relied
on. What is defined here is defined once more in SQL (`kaysis_lower`, `kaysis_upper`, `kaysis_fold`,
`kaysis_sort_key`: see `kaysis.common.turkish_sql`, which is built from the tables below); a
property test holds both sides equal. Expressions for queries are in `kaysis.common.functions`.

Casing covers the Latin alphabets (ASCII, Latin-1, Latin Extended-A, Azerbaijani ə, Romanian ș ț);
letters of other scripts are left as they are.
"""

import re
import unicodedata

_DOTTED_I = "i\u0307"  # what a foreign lower() makes of İ; NFC does not put it together again
_CASED = [*range(0x41, 0x5B), *range(0xC0, 0x180), 0x18F, 0x218, 0x21A]


def _case_tables() -> tuple[dict[str, str], dict[str, str]]:
    to_lower = {"I": "ı", "İ": "i"}
    to_upper = {"ı": "I", "i": "İ"}
    for code in _CASED:
        big, small = chr(code), chr(code).lower()
        if len(small) == 1 and small != big:
            to_lower.setdefault(big, small)
            to_upper.setdefault(small, big)
    return to_lower, to_upper


TO_LOWER, TO_UPPER = _case_tables()

#: Latin letters that do not decompose into an ASCII letter and marks.
UNDECOMPOSED = dict(zip("ıßẞæÆœŒøØđĐðÐłŁħĦŋŊþÞəƏ", "issaaooooddddllhhnnttee", strict=True))

#: Letters that follow their base letter in the Turkish alphabet, as a sort key writes them: "~" is
#: greater than any letter or digit, so "c~" comes after "cz" and before "d". ı comes before i.
KEYS = {"ç": "c~", "ğ": "g~", "ı": "h~", "ö": "o~", "ş": "s~", "ü": "u~"}
TILDES = "~\uff5e"  # the second one decomposes into the first

_LOWER = str.maketrans(TO_LOWER)
_UPPER = str.maketrans(TO_UPPER)
_KEYS = str.maketrans({**KEYS, **dict.fromkeys(TILDES, " ")})
_UNDECOMPOSED = str.maketrans(UNDECOMPOSED)
# Letters that `str.lower` knows and the tables do not; dashes, quotes and the like are no letters.
_BEYOND_LATIN = re.compile("[^\u0000-\u017f\u2010-\u2026]")
_MARKS = re.compile("[\u0300-\u036f]+")
_NOT_FOLDED = re.compile("[^a-z0-9]+")
_NOT_KEY = re.compile("[^a-z0-9~]+")


def compose(text: str) -> str:
    """`text` in NFC, with "i" + combining dot above (a damaged İ) read as "i"."""
    return unicodedata.normalize("NFC", text).replace(_DOTTED_I, "i")


def lower(text: str) -> str:
    """Turkish lower case: `IĞDIR` → `ığdır`, `İstanbul` → `istanbul`. Returns NFC."""
    text = compose(text)
    if _BEYOND_LATIN.search(text):
        return text.translate(_LOWER)
    # A table takes ten times as long for a long text.
    return text.replace("I", "ı").replace("İ", "i").lower()


def upper(text: str) -> str:
    """Turkish upper case: `ığdır` → `IĞDIR`, `istanbul` → `İSTANBUL`. Returns NFC."""
    return compose(text).translate(_UPPER)


def _to_ascii(text: str) -> str:
    """Lower-case ASCII for every Latin letter; what is not Latin stays as it is."""
    unmarked = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return unmarked.translate(_UNDECOMPOSED).lower()


def fold(text: str) -> str:
    """The form in which texts are compared when searching: lower-case ASCII words, one space apart.

    `IĞDIR`, `ığdır` and `igdir` all give `igdir`; `Millî` gives `milli`; punctuation and letters of
    other scripts give a space; ligatures and width variants are taken apart.
    """
    return _NOT_FOLDED.sub(" ", _to_ascii(text)).strip(" ")


def sort_key(text: str) -> str:
    """An ASCII text whose byte-wise order is the Turkish order of `text`.

    Case, circumflexes and punctuation do not count; digits come before letters. Compare keys in
    Python or under the collation "C"; break ties by something else.
    """
    return _NOT_KEY.sub(" ", _to_ascii(lower(text).translate(_KEYS))).strip(" ")


def slug(text: str) -> str:
    """`text` as part of an address or a file name: `Iğdır İli` → `igdir-ili`."""
    return fold(text).replace(" ", "-")


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CONJUNCTIONS = frozenset({"ve", "veya", "ya", "yahut", "ile", "de", "da", "ki"})
_ROMAN = re.compile(r"[IVX]+")


def title(text: str) -> str:
    """Title case for names: `MİLLÎ EĞİTİM BAKANLIĞI` → `Millî Eğitim Bakanlığı`.

    Conjunctions stay small except at the beginning, a suffix after an apostrophe stays small, and
    Roman numerals of ordinals (`II. Bölge`) stay capital.
    """
    text = compose(text)

    def one(match: re.Match[str]) -> str:
        word = match.group()
        if _ROMAN.fullmatch(word) and text[match.end() : match.end() + 1] == ".":
            return word
        small = lower(word)
        if match.start() and small in _CONJUNCTIONS:
            return small
        return upper(small[0]) + small[1:]

    return _WORD.sub(one, text)


def person_name(text: str) -> str:
    """A given or family name as typed, its blanks single. What is typed in one case throughout
    (`IŞIK NUR`, `ışık nur`) gets title case; mixed case is meant as it stands."""
    text = " ".join(compose(text).split())
    return title(text) if text in (lower(text), upper(text)) else text


# --- The dative suffix ------------------------------------------------------------------------

_BACK, _FRONT = "aâıouû", "eêiîöü"
_VOWELS = _BACK + _FRONT
# Loan words whose last vowel is a back one but which take front suffixes.
_FRONT_LOANS = ("saat", "ziraat", "sıhhat", "kontrol", "protokol", "petrol", "istiklal", "emlak")
# One-word names that are common nouns, hence written without an apostrophe …
_COMMON = re.compile(r"(?:l[ıiuü]k|tay|kurul|kurum|merkez|meclis|daire|okul|kolej|müze)$")
# … and those that already carry the possessive suffix, as these two provinces do.
_POSSESSED = re.compile(
    r"(?:l[ıiuü]ğ[ıiuü]|kurulu|kurumu|merkezi|meclisi|okulu|(?:belediye|üniversite|daire|müze)si)$"
)
_POSSESSED_PLACES = ("kocaeli", "kırklareli")
_CLOSABLE = re.compile(r"[lrnsşfy][çkpstz]$")  # consonant pairs in which a Turkish word can end
_TAIL = re.compile(r"\s*\([^()]*\)$")


def dative(name: str) -> str:
    """The name of an institution as the addressee of a letter: with the suffix -a / -e.

    Follows the spelling guide of the Turkish Language Association and the regulation on official
    correspondence (2020):

    * vowel harmony by the last vowel: a ı o u → -a, e i ö ü → -e (a few loan words excepted);
    * a possessive compound, that is a name of two or more words that ends in ı i u ü, or a single
      word such as `Valiliği`, takes -na / -ne: `ANKARA VALİLİĞİ` → `ANKARA VALİLİĞİNE`;
    * any other name takes -ya / -ye after a vowel, -a / -e after a consonant; the k of -lık
      softens: `ANONİM ORTAKLIK` → `ANONİM ORTAKLIĞA`;
    * names of institutions take no apostrophe; one-word proper names and abbreviations do, and in
      them nothing softens: `İSKİ` → `İSKİ'YE`, `TÜİK` → `TÜİK'E`, `Ankara` → `Ankara'ya`;
    * an abbreviation that cannot be read as a word is read by its letters, whose names all end in
      -e: `TBMM` → `TBMM'YE`; after a full stop there is no apostrophe: `A.Ş.` → `A.Ş.YE`;
    * the suffix is capital when the word before it is; text in parentheses at the end stays behind
      the suffix.

    Returns NFC without blanks around it; a name without a letter comes back as it is.
    """
    name = compose(name).strip()
    tail = _TAIL.search(name)
    if tail and tail.start():
        return dative(name[: tail.start()]) + tail.group()
    words = _WORD.findall(name)
    if not words:
        return name
    last = words[-1]
    capital = last == upper(last) and (len(last) > 1 or name == upper(name))
    suffix = _suffix(lower(last), single=len(words) == 1, capital=capital)
    if name.endswith("."):
        suffix = suffix.removeprefix("'")
    if suffix.startswith("ğ"):
        name = name[:-1]
    return name + (upper(suffix) if capital else suffix)


def _suffix(word: str, *, single: bool, capital: bool) -> str:
    """The suffix of a lower-case last `word`; one that begins with ğ replaces the last letter."""
    vowels = [letter for letter in word if letter in _VOWELS]
    spelled = not vowels or (
        single
        and capital
        and len(word) <= 6
        and not set(word[-2:]) & set(_VOWELS)
        and not _CLOSABLE.search(word)
    )
    if spelled:
        return "'ye"
    end = "e" if vowels[-1] in _FRONT or word.endswith(_FRONT_LOANS) else "a"
    possessed = bool(_POSSESSED.search(word))
    proper = single and not possessed and not _COMMON.search(word)
    if possessed or (word[-1] in "ıiuü" and (not single or word in _POSSESSED_PLACES)):
        end = f"n{end}"
    elif word[-1] in _VOWELS:
        end = f"y{end}"
    elif not proper and re.search(r"l[ıiuü]k$", word):
        end = f"ğ{end}"
    return f"'{end}" if proper else end
