"""Turkish text in Python and in SQL."""

import string
import unicodedata

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kaysis.common import turkish
from kaysis.common.turkish_sql import FUNCTIONS

TURKISH = "abcçdefgğhıijklmnoöpqrsştuüvwxyzABCÇDEFGĞHIİJKLMNOÖPQRSŞTUÜVWXYZâîûÂÎÛ"
turkish_text = st.text(TURKISH + string.digits + " .,-'’()/~\t\n")
# Unassigned characters are left out: Python's and PostgreSQL's Unicode tables differ in age.
any_text = st.text(st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\0"))
text = (
    turkish_text
    | turkish_text.map(lambda value: unicodedata.normalize("NFD", value))
    | st.text(TURKISH + "\u0307\u0302\u0327\u0306\u0301ßæØ~～éÉĀəŞşȚﬁⅡ")
    | any_text
)


def test_casing_knows_both_letters_i():
    assert turkish.lower("IĞDIR İSTANBUL") == "ığdır istanbul"
    assert turkish.upper("ığdır istanbul") == "IĞDIR İSTANBUL"
    assert turkish.lower("ÂLİM ÉCOLE ŐR ƏLİ") == "âlim école őr əli"


def test_decomposed_and_damaged_dots_are_read():
    assert turkish.lower(unicodedata.normalize("NFD", "İĞÜ")) == "iğü"
    assert turkish.lower("i\u0307zmir") == "izmir"
    assert turkish.upper("i\u0307zmir") == "İZMİR"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("IĞDIR", "igdir"),
        ("ığdır", "igdir"),
        ("igdir", "igdir"),
        ("İğdır", "igdir"),
        ("Millî", "milli"),
        ("  Bilgi\tİşlem —  Dairesi (Bşk.) ", "bilgi islem dairesi bsk"),
        ("Ankara'nın 7/A", "ankara nin 7 a"),
        ("ﬁ Ⅱ Ł ß", "fi ii l s"),
        ("Αθήνα", ""),
    ],
)
def test_fold(text, folded):
    assert turkish.fold(text) == folded
    assert turkish.fold(unicodedata.normalize("NFD", text)) == folded


def test_slug():
    assert turkish.slug("Çankaya Kaymakamlığı (İl)") == "cankaya-kaymakamligi-il"


def test_sort_key_gives_the_turkish_order():
    alphabet = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
    words = [letter + tail for letter in alphabet for tail in ("", "a", "z")]
    assert sorted(set(words), key=turkish.sort_key) == words
    names = ["1. Bölge", "Çam", "Czam", "hız", "Iğdır", "İğdır", "sz", "Şam", "zil"]
    assert sorted(set(names), key=turkish.sort_key) == ["1. Bölge", "Czam", "Çam", *names[3:]]


@given(turkish_text, turkish_text)
def test_sort_key_compares_letter_by_letter(left, right):
    order = {
        letter: place for place, letter in enumerate("0123456789abcçdefgğhıijklmnoöpqrsştuüvwxyz")
    }

    def letters(value: str) -> list[int]:
        plain = turkish.lower(value).translate(str.maketrans("âîû", "aiu"))
        words = "".join(c if c in order else " " for c in plain).split()
        return [order.get(c, -1) for c in " ".join(words)]

    smaller = turkish.sort_key(left) < turkish.sort_key(right)
    assert smaller == (letters(left) < letters(right))
    assert turkish.sort_key(left).isascii()


def test_title():
    assert turkish.title("MİLLÎ EĞİTİM BAKANLIĞI") == "Millî Eğitim Bakanlığı"
    assert turkish.title("AİLE VE SOSYAL HİZMETLER İL MÜDÜRLÜĞÜ") == (
        "Aile ve Sosyal Hizmetler İl Müdürlüğü"
    )
    assert turkish.title("II. BÖLGE (IĞDIR) T.C. ANKARA'NIN") == "II. Bölge (Iğdır) T.C. Ankara'nın"


def test_person_name_cases_what_is_typed_in_one_case():
    assert turkish.person_name("IŞIK  NUR") == turkish.person_name(" ışık nur ") == "Işık Nur"
    assert turkish.person_name("İBRAHİM") == "İbrahim"
    assert turkish.person_name("MacDonald") == "MacDonald"


@pytest.mark.parametrize(
    ("name", "addressed"),
    [
        ("MİLLÎ EĞİTİM BAKANLIĞI", "MİLLÎ EĞİTİM BAKANLIĞINA"),
        ("Millî Eğitim Bakanlığı", "Millî Eğitim Bakanlığına"),
        ("ANKARA VALİLİĞİ", "ANKARA VALİLİĞİNE"),
        ("TÜRKİYE BÜYÜK MİLLET MECLİSİ", "TÜRKİYE BÜYÜK MİLLET MECLİSİNE"),
        ("ÇANKAYA KAYMAKAMLIĞI", "ÇANKAYA KAYMAKAMLIĞINA"),
        ("IĞDIR MÜDÜRLÜĞÜ", "IĞDIR MÜDÜRLÜĞÜNE"),
        ("TÜRK DİL KURUMU", "TÜRK DİL KURUMUNA"),
        ("VALİLİĞİ", "VALİLİĞİNE"),
        ("VALİLİK", "VALİLİĞE"),
        ("ANONİM ORTAKLIK", "ANONİM ORTAKLIĞA"),
        ("GENEL KURMAY", "GENEL KURMAYA"),
        ("YÜKSEK MAHKEME", "YÜKSEK MAHKEMEYE"),
        ("DANIŞTAY", "DANIŞTAYA"),
        ("KALİTE KONTROL", "KALİTE KONTROLE"),
        ("DERGÂHI ÂLİ EVRAK HAZİNESİ", "DERGÂHI ÂLİ EVRAK HAZİNESİNE"),
        ("İSKİ", "İSKİ'YE"),
        ("TÜİK", "TÜİK'E"),
        ("AFAD", "AFAD'A"),
        ("TBMM", "TBMM'YE"),
        ("ÖSYM", "ÖSYM'YE"),
        ("Ankara", "Ankara'ya"),
        ("KOCAELİ", "KOCAELİ'NE"),
        ("T.C. ZİRAAT BANKASI A.Ş.", "T.C. ZİRAAT BANKASI A.Ş.YE"),
        ("İL MÜDÜRLÜĞÜ (ANKARA)", "İL MÜDÜRLÜĞÜNE (ANKARA)"),
        ("", ""),
    ],
)
def test_dative(name, addressed):
    assert turkish.dative(name) == addressed
    assert turkish.dative(unicodedata.normalize("NFD", name)) == addressed


@given(st.text("abcçdefgğhıijklmnoöprsştuüvyzâîû", min_size=1), st.sampled_from("ıiuü"))
def test_every_compound_takes_a_harmonic_suffix(stem, vowel):
    name = f"Ankara {stem}s{vowel}"
    assert turkish.dative(name) == name + ("na" if vowel in "ıu" else "ne")
    assert turkish.dative(turkish.upper(name)) == turkish.upper(turkish.dative(name))


@given(text)
def test_dative_takes_any_text(name):
    plain = turkish.compose(name).strip()
    assert turkish.dative(name) == plain or len(turkish.dative(name)) > len(plain) - 1


@pytest.fixture(scope="module")
def in_sql(django_db_setup, django_db_blocker):
    def run(value: str) -> tuple[str, ...]:
        with connection.cursor() as cursor:
            calls = ", ".join(f"{name}(%s)" for name in FUNCTIONS)
            cursor.execute(f"SELECT {calls}", [value] * len(FUNCTIONS))
            return cursor.fetchone()

    with django_db_blocker.unblock():
        yield run


def in_python(value):
    return (
        turkish.lower(value),
        turkish.upper(value),
        turkish.fold(value),
        turkish.sort_key(value),
    )


@settings(max_examples=1500, deadline=None)
@given(value=text)
@example(value="i\u0307\u0302 I\u0327\u0307 ～~ç~Ḉ ẞ K ﬁ")
def test_sql_says_the_same(in_sql, value):
    assert in_sql(value) == in_python(value)


def test_sql_says_the_same_for_every_character(in_sql):
    every = [
        chr(code) for code in range(1, 0x110000) if unicodedata.category(chr(code)) not in "CsCn"
    ]
    for start in range(0, len(every), 5000):
        value = "x".join(every[start : start + 5000])
        assert in_sql(value) == in_python(value)


@pytest.mark.django_db
def test_functions_are_immutable_strict_and_parallel_safe():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT provolatile, proisstrict, proparallel FROM pg_proc WHERE proname = ANY(%s)",
            [list(FUNCTIONS)],
        )
        assert cursor.fetchall() == [("i", True, "s")] * 4


@pytest.mark.django_db
def test_functions_work_without_a_search_path():
    """As in a restore, ANALYZE and REINDEX of a table with a generated column."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")
        for name in FUNCTIONS:
            cursor.execute(f"SELECT public.{name}('Çé i̇')")
            assert cursor.fetchone()[0]
