"""The catalogue: each rule finds what it is for and leaves the rest alone."""

import csv
import io

import pytest
from django.core.management import call_command

from detsis import quality
from detsis.models import QualityFinding, QualityScore
from detsis.quality import names
from detsis.quality.run import refresh
from tests.factories.detsis import LONG_AGO, unit


@pytest.mark.parametrize(
    ("check", "name", "found"),
    [
        (names.stray_blanks, "İl Müdürlüğü", False),
        (names.stray_blanks, " İl Müdürlüğü", True),
        (names.stray_blanks, "İl  Müdürlüğü", True),
        (names.stray_blanks, "İl\u00a0Müdürlüğü", True),
        (names.stray_blanks, "Bilgi İşlem , Daire", True),
        (names.personal_name, "Bilgi İşlem Daire Başkanlığı", False),
        (names.personal_name, "Personel Şube Müdürlüğü (Ahmet Yılmaz)", True),
        (names.personal_name, "Prof. Dr. Ayşe Kaya Bölümü", True),
        (names.personal_name, "Mehmet Akif Ersoy Üniversitesi", False),
        (names.personal_name, "Şehit Ali Gaffar Okkan İlkokulu", False),
        (names.personal_name, "Gül Yetiştirme Şefliği", True),
        (names.personal_name, "Fatih Malmüdürlüğü", False),
        (names.circumflex, "Milli Eğitim Müdürlüğü", True),
        (names.circumflex, "MİLLİ SAVUNMA BAKANLIĞI", True),
        (names.circumflex, "Millî Eğitim Müdürlüğü", False),
        (names.circumflex, "MİLLÎ EĞİTİM BAKANLIĞI", False),
        (names.circumflex, "Milliyet Müdürlüğü", False),
        (names.shouting, "PERSONEL DAİRESİ BAŞKANLIĞI", True),
        (names.shouting, "TÜİK Bölge Müdürlüğü", False),
        (names.shouting, "TÜBİTAK", False),
    ],
)
def test_rules_about_names(check, name, found):
    assert (check(name) is not None) == found


def test_a_rule_names_the_right_spelling():
    assert names.circumflex("Milli Eğitim") == "Milli → Millî"
    assert names.circumflex("MİLLİ EĞİTİM") == "MİLLİ → MİLLÎ"


def test_a_rule_has_one_way_of_finding():
    with pytest.raises(ValueError, match="either"):
        quality.register(quality.Rule(key="x", title="X", explanation="X"))
    assert len({rule.key for rule in quality.rules()}) == len(quality.rules())
    assert [rule.serious for rule in quality.rules()] == sorted(
        (rule.serious for rule in quality.rules()), reverse=True
    )


def rules_of(number: int) -> set[str]:
    return set(QualityFinding.objects.filter(unit=number).values_list("rule", flat=True))


@pytest.fixture
def state(db):
    ministry = unit(
        "Tarım Bakanlığı",
        is_institution=True,
        name_en="Ministry",
        category=19,
        kep_addresses=[{"address": "t@hs01.kep.tr", "valid_from": "2020-01-01"}],
    )
    unit("Personel Genel Müdürlüğü", ministry.pk)
    return ministry


@pytest.mark.django_db
def test_rules_about_records(state):
    detached = unit("Kopuk Daire")
    province = unit("İl Müdürlüğü", state.pk, organisation_type="provincial")
    placed = unit("Ankara İl Müdürlüğü", state.pk, organisation_type="provincial", province=6)
    twins = [unit("Şube Müdürlüğü", placed.pk), unit("ŞUBE MÜDÜRLÜĞÜ", placed.pk)]
    bare = unit("Kurum", is_institution=True)
    chain_of_bare = unit("Daire", bare.pk)
    refresh()
    assert rules_of(detached.pk) == {"detached"}
    assert rules_of(province.pk) == {"missing-place"}
    assert rules_of(placed.pk) == set()
    assert rules_of(twins[0].pk) == {"duplicate-name"}
    assert rules_of(twins[1].pk) == {"duplicate-name", "capitals"}
    assert rules_of(chain_of_bare.pk) == set()
    assert rules_of(bare.pk) == {
        "missing-kep",
        "no-manager-unit",
        "missing-english",
        "missing-status",
    }
    assert rules_of(state.pk) == {"missing-status"}


@pytest.mark.django_db
def test_what_only_looks_like_a_defect_is_left_alone(state):
    node = unit("Belediyeler", status=90)
    twins = [
        unit("Pınarbaşı Belediye Başkanlığı", node.pk, organisation_type="provincial", province=p)
        for p in (37, 38)
    ]
    refresh()
    assert [rules_of(made.pk) for made in (node, *twins)] == [set(), set(), set()]


@pytest.mark.django_db
def test_the_score_is_the_share_of_units_without_a_finding(state):
    own = unit("Bağlı Kurum", state.pk, is_institution=True, name_en="Agency", category=127)
    unit("Milli Parklar Dairesi", own.pk)
    refresh()
    scores = {row.institution_id: row for row in QualityScore.objects.all()}
    assert (scores[own.pk].units, scores[own.pk].faulty, scores[own.pk].score) == (2, 2, 0)
    assert (scores[state.pk].units, scores[state.pk].faulty) == (2, 1)
    assert scores[state.pk].score == 50
    finding = QualityFinding.objects.get(rule="circumflex")
    assert finding.institution_id == own.pk


@pytest.mark.django_db
def test_a_second_run_replaces_the_first(state):
    first = refresh()
    assert refresh() == first
    assert QualityFinding.objects.filter(rule="missing-status").count() == 1


@pytest.mark.django_db
def test_the_command_lists_every_rule(state, capsys):
    call_command("check_quality")
    said = capsys.readouterr().out
    assert all(str(rule.title) in said for rule in quality.rules())


@pytest.mark.django_db
def test_the_pages_show_and_download_what_was_found(client, state, django_assert_max_num_queries):
    twin = [unit("Milli Daire", state.pk, effective_on=LONG_AGO) for _ in range(2)]
    refresh()
    with django_assert_max_num_queries(6):
        page = client.get("/kurumlar/veri-kalitesi/")
    assert "Tarım Bakanlığı" in page.content.decode()
    with django_assert_max_num_queries(7):
        page = client.get("/kurumlar/veri-kalitesi/bulgular/?kural=circumflex")
    assert page.content.decode().count("Milli → Millî") == 2
    rows = client.get("/kurumlar/veri-kalitesi/bulgular/?kural=circumflex&bicim=csv")
    text = b"".join(rows.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert {line[0] for line in lines[1:]} == {str(made.pk) for made in twin}
    scores = client.get("/kurumlar/veri-kalitesi/?bicim=json")
    assert str(state.pk) in b"".join(scores.streaming_content).decode()


@pytest.mark.django_db
def test_before_the_first_run_the_page_says_so(client):
    assert "Henüz denetim yapılmadı" in client.get("/kurumlar/veri-kalitesi/").content.decode()
