"""The rules of `kaysis.common.turkish` as immutable SQL functions.

They serve expression indexes and generated columns of a million rows, so each has a quick way for
text made of ASCII and the letters of Turkish (2–3 µs a name) and a general way for everything else
(10–20 µs). `replace()` with nothing to replace costs 0.2 µs; `translate()` scans its whole list for
each character, and PostgreSQL has no Turkish collation that can be relied on. The functions use no
collation but "C", call nothing outside pg_catalog (a restore and maintenance run with an empty
search path), and need the server encoding UTF8.

The text is built from the tables in `turkish`. A change there changes the functions: it needs a new
migration that runs `create_functions` again and rewrites what was stored.
"""

from collections.abc import Iterable

from kaysis.common import turkish

FUNCTIONS = ("kaysis_lower", "kaysis_upper", "kaysis_fold", "kaysis_sort_key")

_LOWER_LETTERS, _UPPER_LETTERS = "çğöşüâîû", "ÇĞÖŞÜÂÎÛ"
_FOLDED_LETTERS = "cgosuaiu"
_MARKS = r"'[\u0300-\u036f]+'"
# PostgreSQL's regular expressions read \uXXXX themselves, whatever the string syntax is.
# Dashes, quotes and the like have no case, and running text is full of them.
_OTHER = r"[^\u0001-\u007f\u2010-\u2026çğıöşüâîûÇĞİÖŞÜÂÎÛ]"
# The same as words see them: blanks.
_SIGNS = "–—‘’“”…"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _replace(expression: str, pairs: Iterable[tuple[str, str]]) -> str:
    for old, new in pairs:
        expression = f"replace({expression}, {_quote(old)}, {_quote(new)})"
    return expression


def _translate(expression: str, table: dict[str, str]) -> str:
    return f"translate({expression}, {_quote(''.join(table))}, {_quote(''.join(table.values()))})"


def _compose(expression: str) -> str:
    return _replace(f"normalize({expression}, NFC)", [("i\u0307", "i")])


def _ascii(expression: str) -> str:
    unmarked = f"regexp_replace(normalize({expression}, NFKD), {_MARKS}, '', 'g')"
    return f'lower({_translate(unmarked, turkish.UNDECOMPOSED)} COLLATE "C")'


def _function(name: str, declare: str, body: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION {name}(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
{declare}
BEGIN
{body}
END
$body$"""


def _casing(
    name: str, ascii_casing: str, pairs: list[tuple[str, str]], table: dict[str, str]
) -> str:
    quick = _replace("t", pairs[:2])
    quick = _replace(f'{ascii_casing}({quick} COLLATE "C")', pairs[2:])
    return _function(
        name,
        "",
        f"    IF t ~ {_quote(_OTHER)} THEN RETURN {_translate(_compose('t'), table)}; END IF;\n"
        f"    RETURN {quick};",
    )


def _words(name: str, quick: str, general: str, allowed: str) -> str:
    """`quick` yields ASCII, or it was not the right way; words are then kept one space apart."""
    return _function(
        name,
        f"DECLARE s text := {quick};",
        f"""    IF octet_length(s) <> char_length(s) THEN
        s := translate(s, {_quote(_SIGNS)}, {_quote(" " * len(_SIGNS))});
        IF octet_length(s) <> char_length(s) THEN s := {general}; END IF;
    END IF;
    IF s ~ '[^{allowed} ]|  |^ | $' THEN
        s := btrim(regexp_replace(s, '[^{allowed}]+', ' ', 'g'));
    END IF;
    RETURN s;""",
    )


def create_functions() -> list[str]:
    """The `CREATE OR REPLACE FUNCTION` statements."""
    small = list(zip(_UPPER_LETTERS, _LOWER_LETTERS, strict=True))
    big = list(zip(_LOWER_LETTERS, _UPPER_LETTERS, strict=True))
    folded = [*zip(_LOWER_LETTERS, _FOLDED_LETTERS, strict=True)]
    folded += [*zip(_UPPER_LETTERS, _FOLDED_LETTERS, strict=True), ("ı", "i"), ("İ", "i")]
    blank = [(tilde, " ") for tilde in turkish.TILDES]
    keys = list(turkish.KEYS.items())
    circumflexes = [("â", "a"), ("î", "i"), ("û", "u")]
    quick_key = _replace("t", [("~", " "), ("I", "ı"), ("İ", "i")])
    quick_key = _replace(f'lower({quick_key} COLLATE "C")', [*small, *keys, *circumflexes])
    return [
        _casing("kaysis_lower", "lower", [("I", "ı"), ("İ", "i"), *small], turkish.TO_LOWER),
        _casing("kaysis_upper", "upper", [("i", "İ"), ("ı", "I"), *big], turkish.TO_UPPER),
        _words("kaysis_fold", _replace('lower(t COLLATE "C")', folded), _ascii("t"), "a-z0-9"),
        _words(
            "kaysis_sort_key",
            quick_key,
            _ascii(_replace(_translate(_compose("t"), turkish.TO_LOWER), [*blank, *keys])),
            "a-z0-9~",
        ),
    ]


def drop_functions() -> list[str]:
    return [f"DROP FUNCTION IF EXISTS {name}(text)" for name in FUNCTIONS]
