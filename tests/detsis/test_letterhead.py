"""Letterhead, addressee and closing: the examples of the regulation, and what is registered."""

import datetime as dt

import pytest

from detsis import services
from detsis.asof import Standing, standing_of
from detsis.letterhead import (
    Closing,
    Relation,
    addressee,
    closing,
    correspondence_of,
    letterhead,
    number_prefix,
    relation,
)
from detsis.models import Unit
from detsis.seed import CategoryCode as C
from detsis.seed import StatusCode, seed_code_tables
from tests.factories.detsis import LONG_AGO, unit

pytestmark = pytest.mark.django_db

PARLIAMENT, PRESIDENCY, MINISTRY = C.PARLIAMENT, C.PRESIDENCY, C.MINISTRY
ATTACHED, RELATED, UNIVERSITY = C.AFFILIATED, C.ASSOCIATED, C.HIGHER_EDUCATION
MUNICIPALITY, PROVINCIAL = C.MUNICIPALITY, C.CIVIL_ADMINISTRATION


@pytest.fixture(autouse=True)
def _codes():
    seed_code_tables()


def institution(name: str, category: int, parent: Unit | None = None, **given) -> Unit:
    return unit(name, parent, is_institution=True, category=int(category), **given)


def standing(made: Unit, day: dt.date | None = None) -> Standing:
    found = standing_of(made.pk, day)
    assert found is not None
    return found


@pytest.fixture
def state() -> dict[str, Unit]:
    """A small state: a ministry, an attached institution, a province, a municipality."""
    education = institution("Millî Eğitim Bakanlığı", MINISTRY)
    interior = institution("İçişleri Bakanlığı", MINISTRY)
    ankara = institution("Ankara Valiliği", PROVINCIAL, interior)
    cankaya = unit("Çankaya Kaymakamlığı", ankara)
    environment = institution("Çevre, Şehircilik ve İklim Değişikliği Bakanlığı", MINISTRY)
    cadastre = institution("Tapu ve Kadastro Genel Müdürlüğü", ATTACHED, environment)
    municipalities = unit("Belediyeler")
    city = institution("Çankaya Belediye Başkanlığı", MUNICIPALITY, municipalities)
    provincial = unit("İl Millî Eğitim Müdürlüğü", education, civil_authority=ankara.pk)
    return {
        "parliament": institution("Türkiye Büyük Millet Meclisi", PARLIAMENT),
        "education": education,
        "personnel": unit("Personel Genel Müdürlüğü", education),
        "interior": interior,
        "ankara": ankara,
        "cankaya": cankaya,
        "provincial": provincial,
        "section": unit("Atama Şubesi", provincial),
        "district": unit("İlçe Millî Eğitim Müdürlüğü", provincial, civil_authority=cankaya.pk),
        "cadastre": cadastre,
        "cadastre_unit": unit("Personel Dairesi Başkanlığı", cadastre),
        "city": city,
        "city_unit": unit("Mali Hizmetler Müdürlüğü", city),
        "university": institution("Gazi Üniversitesi Rektörlüğü", UNIVERSITY),
    }


@pytest.mark.parametrize(
    ("who", "lines"),
    [
        ("education", ["T.C.", "MİLLÎ EĞİTİM BAKANLIĞI"]),
        ("personnel", ["T.C.", "MİLLÎ EĞİTİM BAKANLIĞI", "Personel Genel Müdürlüğü"]),
        (
            "cadastre_unit",
            [
                "T.C.",
                "ÇEVRE, ŞEHİRCİLİK VE İKLİM DEĞİŞİKLİĞİ BAKANLIĞI",
                "TAPU VE KADASTRO GENEL MÜDÜRLÜĞÜ",
                "Personel Dairesi Başkanlığı",
            ],
        ),
        ("provincial", ["T.C.", "ANKARA VALİLİĞİ", "İl Millî Eğitim Müdürlüğü"]),
        ("section", ["T.C.", "ANKARA VALİLİĞİ", "Atama Şubesi"]),
        ("district", ["T.C.", "ÇANKAYA KAYMAKAMLIĞI", "İlçe Millî Eğitim Müdürlüğü"]),
        ("ankara", ["T.C.", "ANKARA VALİLİĞİ"]),
        ("cankaya", ["T.C.", "ÇANKAYA KAYMAKAMLIĞI"]),
        ("city", ["T.C.", "ÇANKAYA BELEDİYE BAŞKANLIĞI"]),
        ("city_unit", ["T.C.", "ÇANKAYA BELEDİYE BAŞKANLIĞI", "Mali Hizmetler Müdürlüğü"]),
        ("parliament", ["TÜRKİYE BÜYÜK MİLLET MECLİSİ"]),
    ],
)
def test_letterhead_follows_the_rules(state, who, lines):
    assert letterhead(standing(state[who])) == lines


@pytest.mark.parametrize(
    ("who", "lines"),
    [
        ("education", ["MİLLÎ EĞİTİM BAKANLIĞINA"]),
        ("ankara", ["ANKARA VALİLİĞİNE"]),
        ("personnel", ["MİLLÎ EĞİTİM BAKANLIĞINA", "(Personel Genel Müdürlüğü)"]),
        ("provincial", ["ANKARA VALİLİĞİNE", "(İl Millî Eğitim Müdürlüğü)"]),
        ("district", ["ÇANKAYA KAYMAKAMLIĞINA", "(İlçe Millî Eğitim Müdürlüğü)"]),
        ("city_unit", ["ÇANKAYA BELEDİYE BAŞKANLIĞINA", "(Mali Hizmetler Müdürlüğü)"]),
        ("parliament", ["TÜRKİYE BÜYÜK MİLLET MECLİSİNE"]),
    ],
)
def test_addressee_from_outside(state, who, lines):
    assert addressee(standing(state[who])) == lines


def test_within_one_institution_a_unit_is_addressed_directly(state):
    lines = addressee(standing(state["personnel"]), standing(state["education"]))
    assert lines == ["PERSONEL GENEL MÜDÜRLÜĞÜNE"]


def test_a_local_administration_is_below_no_governorship():
    governor = institution("Ankara Valiliği", PROVINCIAL)
    city = institution("Mamak Belediye Başkanlığı", MUNICIPALITY, civil_authority=governor.pk)
    works = unit("Fen İşleri Müdürlüğü", city, civil_authority=governor.pk)
    assert letterhead(standing(works)) == [
        "T.C.",
        "MAMAK BELEDİYE BAŞKANLIĞI",
        "Fen İşleri Müdürlüğü",
    ]


def test_an_institution_of_its_own_standing_does_not_name_a_ministry():
    ministry = institution("Ticaret Bakanlığı", MINISTRY)
    board = institution("Rekabet Kurumu", RELATED, ministry)
    assert letterhead(standing(board)) == ["T.C.", "REKABET KURUMU"]


def test_registered_lines_prevail():
    own = ["T.C.", "CUMHURBAŞKANLIĞI", "Dijital Dönüşüm Ofisi"]
    office = institution("Cumhurbaşkanlığı Dijital Dönüşüm Ofisi", PRESIDENCY, letterhead=own)
    assert letterhead(standing(office)) == own


def test_registered_cut_and_suffix_shape_the_addressee():
    made = institution(
        "Gazi Üniversitesi Rektörlüğü",
        UNIVERSITY,
        addressee_cut="Rektörlüğü",
        addressee_suffix="Makamı",
    )
    assert addressee(standing(made)) == ["GAZİ ÜNİVERSİTESİ MAKAMINA"]


def test_a_status_decides_where_the_name_does_not():
    province = unit("Ankara İl Yönetimi", status=int(StatusCode.GOVERNORSHIP))
    school = unit("Kaymakamlığı Destekleme Müdürlüğü", province, status=14)
    assert letterhead(standing(school))[1] == "ANKARA İL YÖNETİMİ"


def test_a_unit_without_institution_writes_in_the_name_of_its_root():
    root = unit("Kök Birim")
    leaf = unit("Uç Birim", root)
    assert letterhead(standing(leaf)) == ["T.C.", "KÖK BİRİM", "Uç Birim"]


def test_the_letterhead_of_a_past_day_has_the_names_of_that_day(state):
    day = dt.date(2020, 1, 1)
    services.rename_unit(
        unit=state["ankara"].pk, name="Başkent Valiliği", effective_on=day, actor=None
    )
    made = state["provincial"]
    before, after = standing(made, day - dt.timedelta(days=1)), standing(made, day)
    assert letterhead(before)[1] == "ANKARA VALİLİĞİ"
    assert letterhead(after)[1] == "BAŞKENT VALİLİĞİ"
    assert letterhead(standing(made)) == letterhead(after)


def test_nothing_stands_before_the_founding(state):
    assert standing_of(state["ankara"].pk, LONG_AGO - dt.timedelta(days=1)) is None
    assert standing_of(99_999_999) is None


def test_number_prefix():
    assert number_prefix(67915368) == "E-67915368-"


@pytest.mark.parametrize(
    ("sender", "receiver", "expected"),
    [
        ("education", "ankara", Relation.SUBORDINATE),
        ("ankara", "education", Relation.SUPERIOR),
        ("ankara", "cankaya", Relation.SUBORDINATE),
        ("cankaya", "ankara", Relation.SUPERIOR),
        ("education", "interior", Relation.EQUAL),
        ("cadastre", "ankara", Relation.EQUAL),
        ("education", "university", Relation.EQUAL),
        ("education", "cadastre", Relation.EQUAL),
        ("personnel", "education", Relation.SUPERIOR),
        ("education", "personnel", Relation.SUBORDINATE),
        ("ankara", "city", Relation.SUBORDINATE),
        ("city", "ankara", Relation.SUPERIOR),
        # judged by line 1: the district directorate stands as its district governorship
        ("ankara", "district", Relation.SUBORDINATE),
        # and who signs for the governor stands as the governor
        ("provincial", "cankaya", Relation.SUBORDINATE),
        ("provincial", "education", Relation.SUPERIOR),
        ("ankara", "provincial", Relation.SUBORDINATE),
        ("cadastre_unit", "cadastre", Relation.SUPERIOR),
    ],
)
def test_relation(state, sender, receiver, expected):
    assert relation(standing(state[sender]), standing(state[receiver])) is expected


def test_closing_depends_on_all_addressees(state):
    sender = standing(state["ankara"])
    above, below = standing(state["interior"]), standing(state["cankaya"])
    assert closing(sender, [above]) is Closing.SUBMIT
    assert closing(sender, [below]) is Closing.REQUEST
    assert closing(sender, [above, below]) is Closing.BOTH
    with pytest.raises(ValueError, match="at least one"):
        closing(sender, [])


def test_correspondence_costs_one_query(state, django_assert_num_queries):
    with django_assert_num_queries(1):
        shown = correspondence_of(standing(state["provincial"]))
    assert shown.number_prefix == f"E-{state['provincial'].pk}-"
    with django_assert_num_queries(1):
        correspondence_of(standing(state["provincial"], dt.date(2020, 5, 1)))
