"""Rules about the name of a unit, which need nothing but the name."""

from __future__ import annotations

import itertools
import re

from django.utils.translation import gettext_lazy as _

from detsis.quality.catalogue import Rule, register
from kaysis.common import turkish
from kaysis.common.turkish import fold

_STRAY = re.compile(r"^\s|\s$|\s\s|\s[,;.)]|[(]\s|[\u00a0\u2000-\u200b\ufeff\t]")
# Words that carry a circumflex in the official spelling (Türk Dil Kurumu), by their folded form.
# For others, such as "idari", both spellings stand in official names.
_CIRCUMFLEX = {"milli": "Millî", "mulki": "Mülkî", "resmi": "Resmî"}
_COMMON_NAMES = """
    Ahmet Ali Ayşe Fatma Mehmet Mustafa Hüseyin Hasan Hatice Emine İbrahim İsmail Zeynep Elif Murat
    Ömer Yusuf Osman Ramazan Süleyman Mahmut Halil Recep Salih Şerife Zehra Meryem Kadir Kemal Orhan
    Ayhan Serkan Burak Emre Fatih Gökhan Hakan Volkan Yasin Selim Esra Büşra Merve Kübra Seda Sibel
    Özlem Nurcan Songül Filiz Hülya Derya Gül Sevgi
"""
_GIVEN_NAMES = frozenset(fold(name) for name in _COMMON_NAMES.split())
_TITLES = re.compile(r"\b(prof|doç|dr|av|uzm|öğr|gör|mak|müh)\.", re.IGNORECASE)
# A person's name is in order in the name of what is named after somebody.
_NAMED_AFTER = re.compile(
    r"\b(ilkokul|ortaokul|lise|okul|üniversite|hastane|cami|külliye|vakf|kütüphane|müze|park|"
    r"stad|tesis|yurd|anaokul|merkez|enstitü|fakülte|yüksekokul|kampüs|kışla|huzurev|bulvar|"
    r"cadde|sokak|mahalle|kreş|salon|konservatuvar|havaliman|baraj|köprü|belediye|köy|ilçe|"
    r"kaymakam|vali|polikliniğ|aile sağlığı)",
    re.IGNORECASE,
)


_OFFICE = ("ligi", "lugu")


def stray_blanks(name: str) -> str | None:
    """Blanks at the ends, doubled, before punctuation, or invisible ones."""
    found = _STRAY.search(name)
    if not found:
        return None
    return name.replace("\u00a0", "␣").replace("  ", " ␣ ").strip() or "␣"


def personal_name(name: str) -> str | None:
    """A person's name that somebody wrote into the unit's: "Ahmet Yılmaz (Müdür)".

    Looks for an academic title with a dot, or a common given name followed by another capitalised
    word, outside names of schools, hospitals and the like, which are named after people.
    """
    if _NAMED_AFTER.search(name.translate(_LOWER)):
        return None
    if _TITLES.search(name):
        return name
    words = re.findall(r"[^\W\d_]+", name)
    for first, second in itertools.pairwise(words):
        if fold(first) in _GIVEN_NAMES and first[:1].isupper() and second[:1].isupper():
            # A place named after somebody, with its office behind it: "Fatih Malmüdürlüğü".
            if fold(second).endswith(_OFFICE):
                continue
            return f"{first} {second}"
    return None


_LOWER = str.maketrans({"I": "ı", "İ": "i"})


def circumflex(name: str) -> str | None:
    """ "Milli" where the official spelling is "Millî", in any case."""
    for word in re.findall(r"[^\W\d_]+", name):
        plain = fold(word)
        if plain in _CIRCUMFLEX and "î" not in turkish.lower(word):
            official = _CIRCUMFLEX[plain]
            return f"{word} → {turkish.upper(official) if word.isupper() else official}"
    return None


def shouting(name: str) -> str | None:
    """A name of several words written in capitals only."""
    words = re.findall(r"[^\W\d_]{4,}", name)
    return name if len(words) > 1 and all(word.isupper() for word in words) else None


register(
    Rule(
        key="stray-blanks",
        title=_("Adda fazla ya da görünmez boşluk"),
        explanation=_(
            "Ad boşlukla başlıyor ya da bitiyor, içinde çift ya da görünmez boşluk var. Aramayı ve "
            "eşleştirmeyi bozar; boşlukları silin."
        ),
        check=stray_blanks,
    )
)
register(
    Rule(
        key="personal-name",
        title=_("Birim adında kişi adı"),
        explanation=_(
            "Birimin adına bir kişinin adı ya da unvanı yazılmış görünüyor. Yöneticiler İYEM'e "
            "kaydedilir; kişi adını birimin adından çıkarın."
        ),
        check=personal_name,
    )
)
register(
    Rule(
        key="circumflex",
        title=_("Millî / Milli yazımı"),
        explanation=_("Resmî yazımda düzeltme işareti vardır: “Millî”. Adı düzeltin."),
        check=circumflex,
    )
)
register(
    Rule(
        key="capitals",
        title=_("Ad bütünüyle büyük harfle yazılmış"),
        explanation=_(
            "Adın yalnız baş harfleri büyük yazılır; antet satırını portal büyük harfe çevirir."
        ),
        check=shouting,
    )
)
