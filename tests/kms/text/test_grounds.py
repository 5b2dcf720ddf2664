"""What a text rests on, carries out and adopts: by its own words, or by its name."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms.text import InstrumentKind, Tie, find_grounds, parse

HEAD = "ÖRNEK YÖNETMELİĞİ\n\n"


def ties(text: str, title: str = "") -> list[tuple[Tie, str, str]]:
    return [
        (each.tie, each.reference.number, each.reference.name)
        for each in find_grounds(parse(text), title)
    ]


def article(number: int, heading: str, body: str) -> str:
    return f"{heading}\n\nMADDE {number} – (1) {body}\n\n"


@pytest.mark.parametrize(
    "heading",
    ["Dayanak", "Amaç, kapsam ve dayanak", "Hukuki dayanak", "Kapsam ve dayanak", "DAYANAK"],
)
def test_an_article_of_bases_names_them_all(heading):
    text = HEAD + article(
        2,
        heading,
        "Bu Yönetmelik, 10/12/2003 tarihli ve 5018 sayılı Kamu Malî Yönetimi ve Kontrol Kanununun"
        " 55 inci maddesi ile 10/7/2018 tarihli ve 1 sayılı Cumhurbaşkanlığı Kararnamesinin 24"
        " üncü maddesine dayanılarak hazırlanmıştır.",
    )
    assert [row[:2] for row in ties(text)] == [(Tie.RESTS_ON, "5018"), (Tie.RESTS_ON, "1")]


@pytest.mark.parametrize(
    "heading", ["Gelirlerin dayanakları", "Tescilde dayanak belgesi", "Esas sözleşmedeki dayanak"]
)
def test_an_article_about_other_bases_names_none(heading):
    text = HEAD + article(9, heading, "5018 sayılı Kanunun 3 üncü maddesi hükümlerine göre ödenir.")
    assert ties(text) == []


def test_the_constitution_is_a_basis_and_an_end_notice_is_none():
    text = HEAD + article(
        3, "Dayanak", "Bu Yönetmelik Anayasanın 124 üncü maddesine dayanılarak hazırlanmıştır."
    )
    assert ties(text) == [(Tie.RESTS_ON, "2709", "")]
    notice = "Bu Kararname Anayasa’nın 119 uncu maddesi uyarınca kendiliğinden kalkmıştır.\n\n"
    assert ties(notice + HEAD + article(1, "Amaç", "Amaç budur.")) == []


def test_an_enacting_sentence_counts_without_a_heading():
    text = HEAD + article(
        1,
        "Amaç",
        "Bu Yönetmelik, 4982 sayılı Kanunun 31 inci maddesi uyarınca hazırlanmıştır. 657 sayılı"
        " Kanuna göre düzenlenen belgeler saklıdır.",
    )
    assert ties(text) == [(Tie.RESTS_ON, "4982", "Kanun")]


def test_decrees_with_the_force_of_law_name_the_laws_that_empower_them():
    text = (
        "ÖRNEK HAKKINDA KANUN HÜKMÜNDE KARARNAME\n\nKanun Hükmünde Kararnamenin Tarihi : 13/3/1989"
        " No : 367\n\nYetki Kanununun Tarihi : 12/3/1986 No : 3268\n\n9/4/1987 3347\n\n"
        "Yayımlandığı R.G. Tarihi : 4/5/1989 No : 20158\n\nMadde 1 – Amaç budur.\n"
    )
    found = list(find_grounds(parse(text)))
    assert [(each.reference.number, each.reference.date) for each in found] == [
        ("3268", dt.date(1986, 3, 12)),
        ("3347", dt.date(1987, 4, 9)),
    ]


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        ("Bilgi Edinme Hakkı Kanununun Uygulanmasına İlişkin Esas ve Usuller Hakkında Yönetmelik",
         "", "Bilgi Edinme Hakkı Kanunu"),
        ("TÜRK MEDENÎ KANUNUNUN YÜRÜRLÜĞÜ VE UYGULAMA ŞEKLİ HAKKINDA KANUN",
         "", "TÜRK MEDENÎ KANUNU"),
        ("6502 sayılı Tüketicinin Korunması Hakkında Kanunun Uygulanmasına Dair Yönetmelik",
         "6502", "Tüketicinin Korunması Hakkında Kanun"),
        ("Çocuk Haklarının Kullanılmasına İlişkin Avrupa Sözleşmesinin Uygulanmasına Dair Kanun",
         "", "Çocuk Haklarının Kullanılmasına İlişkin Avrupa Sözleşmesi"),
        ("Kamu İhale Kanunu Uygulama Yönetmeliği", "", "Kamu İhale Kanunu"),
        ("Nüfus Hizmetleri Kanununun Uygulanmasını Gösteren Yönetmelik",
         "", "Nüfus Hizmetleri Kanunu"),
        ("Karayolları Trafik Tüzüğünün Uygulanması Hakkında Yönetmelik",
         "", "Karayolları Trafik Tüzüğü"),
    ],
)  # fmt: skip
def test_a_name_tells_what_is_carried_out(title, number, name):
    assert ties("MADDE 1 – Amaç budur.\n", title) == [(Tie.CARRIES_OUT, number, name)]


@pytest.mark.parametrize(
    "title",
    [
        "Ürünlere İlişkin Teknik Mevzuatın Hazırlanması ve Uygulanmasına Dair Kanun",
        "Özelleştirme Uygulamaları Hakkında Kanun",
        "Uygulama İmkanı Kalmamış Bazı Kanunların Yürürlükten Kaldırılmasına Dair Kanun",
        "Kamu İhale Kanununun Uygulanmasına İlişkin Yönetmelikte Değişiklik Yapılmasına Dair"
        " Yönetmelik",
        "Devlet Memurları Kanunu",
    ],
)
def test_other_names_carry_nothing_out(title):
    assert ties("MADDE 1 – Amaç budur.\n", title) == []


def test_the_sentence_of_the_purpose_tells_it_with_the_number():
    text = HEAD + article(
        1,
        "Amaç",
        "Bu Yönetmeliğin amacı, 9/10/2003 tarihli ve 4982 sayılı Bilgi Edinme Hakkı Kanununun"
        " uygulanmasına ilişkin esas ve usulleri düzenlemektir.",
    )
    title = "Bilgi Edinme Hakkı Kanununun Uygulanmasına İlişkin Yönetmelik"
    assert ties(text, title) == [(Tie.CARRIES_OUT, "4982", "Bilgi Edinme Hakkı Kanunu")]


def test_the_law_itself_is_not_what_it_carries_out():
    text = HEAD + article(
        1,
        "Amaç",
        "Bu Kanun, 657 sayılı Kanunun 4 üncü maddesindekileri kapsar ve bu Kanunun uygulanmasına"
        " ilişkin usulleri düzenler.",
    )
    assert ties(text) == []


def test_a_law_may_carry_out_a_treaty():
    text = HEAD + article(
        1,
        "Amaç",
        "Bu Kanunun amacı; 25/10/1980 tarihli Uluslararası Çocuk Kaçırmanın Hukukî Veçhelerine Dair"
        " Sözleşmenin uygulanmasını sağlamaya yönelik usûl ve esasları düzenlemektir.",
    )
    (found,) = find_grounds(parse(text))
    assert (found.tie, found.reference.instrument) == (Tie.CARRIES_OUT, InstrumentKind.TREATY)
    assert found.reference.name.startswith("Uluslararası Çocuk Kaçırmanın")
    vague = article(1, "Amaç", "Bu Kanun, taraf olunan milletlerarası andlaşmanın uygulanmasını"
                    " sağlamaktır.")  # fmt: skip
    assert ties(HEAD + vague) == []


@pytest.mark.parametrize(
    ("title", "number", "changed"),
    [
        ("Olağanüstü Hal Kapsamında Yerleşme ve Yapılaşmaya İlişkin Cumhurbaşkanlığı Kararnamesinin"
         " Kabul Edilmesine Dair Kanun", "", False),
        ("X Genel Müdürlüğünün Kurulması ile 14/1/1970 Tarihli ve 1211 Sayılı Kanunda Değişiklik"
         " Yapılması Hakkında 422 Sayılı Kanun Hükmünde Kararnamenin Değiştirilerek Kabulüne Dair"
         " Kanun", "422", True),
    ],
)  # fmt: skip
def test_a_law_may_adopt_a_decree(title, number, changed):
    (found,) = find_grounds(parse("MADDE 1 – Amaç budur.\n"), title)
    assert (found.tie, found.reference.number, found.changed) == (Tie.ADOPTS, number, changed)


@given(
    st.lists(
        st.sampled_from(
            ["Bu Kanun", "5018 sayılı", "Kanununun", "uygulanmasına", "ilişkin", "dayanılarak", ".",
             "hazırlanmıştır", "Dayanak", "\n\nMADDE 2 – ", "Anayasanın 5 inci maddesi", "(", ")",
             "Sözleşmenin", "Yetki Kanununun Tarihi : 1/1/1990 No : 3268", "\n\n", "(1)"]
        ),
        max_size=40,
    ),
    st.text(max_size=80),
)  # fmt: skip
def test_no_text_and_no_name_makes_it_fail(words, title):
    for ground in find_grounds(parse(" ".join(words)), title):
        assert ground.reference.number or ground.reference.name or ground.raw


def test_a_long_text_takes_no_longer_than_its_length_asks():
    title = "Kanununun " * 200
    text = HEAD + "".join(
        article(n, "Dayanak", "Bu Kanun " + "5018 sayılı Kanunun 3 üncü maddesi, " * 300)
        for n in range(1, 5)
    )
    assert len(ties(text, title)) <= 2
