"""Relations: ranks, circles, what ends an instrument, and citations that find their instrument."""

import datetime as dt
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kaysis.accounts.models import Role
from kaysis.common.errors import RuleViolation
from kms import services
from kms.models import (
    RANKS,
    Instrument,
    InstrumentType,
    Origin,
    Reference,
    Relation,
    RelationKind,
    Status,
    Violation,
)
from kms.selectors.citations import find_cited, match_citations
from kms.selectors.impact import impact_of
from kms.selectors.reading import status_on
from kms.storing import prepare
from tests.factories.accounts import person_with
from tests.factories.kms import instrument, publish, text

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 1, 1)
GONE = "yürürlükten kaldırılmıştır."


def relate(source, target, kind="repeals", **given) -> int:
    return services.relate(actor=None, source=source, kind=kind, targets=[target], **given)


def test_a_lower_instrument_changes_no_higher_one():
    law = instrument()
    rule = instrument("Yönetmelik", type=InstrumentType.REGULATION, number="")
    for kind in (RelationKind.REPEALS, RelationKind.AMENDS):
        with pytest.raises(ValidationError, match="kendi sırasındakini"):
            relate(rule, law, kind)
    with pytest.raises(ValidationError, match="kendi sırasındakini"):
        relate(law, rule, RelationKind.BASED_ON)
    assert Relation.objects.count() == 0
    assert relate(law, rule) == 1


def test_every_type_has_a_rank_and_the_database_knows_it():
    assert set(RANKS) == set(InstrumentType.values)
    for kind in InstrumentType.values:
        made = instrument(f"Deneme {kind}", type=kind)
        assert made.rank == RANKS[kind]


def test_bases_do_not_go_round():
    a, b, c = (instrument(f"Kanun {name}") for name in "abc")
    relate(a, b, RelationKind.BASED_ON)
    relate(b, c, RelationKind.BASED_ON)
    with pytest.raises(ValidationError, match="kendine dönemez"):
        relate(c, a, RelationKind.BASED_ON)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_whatever_is_entered_the_bases_stay_without_a_circle(pairs):
    with transaction.atomic():
        laws = [instrument(f"Kanun {n}") for n in range(6)]
        below: dict[int, set[int]] = {n: set() for n in range(6)}

        def reaches(start: int, goal: int) -> bool:
            seen, todo = set(), [start]
            while todo:
                node = todo.pop()
                if node == goal:
                    return True
                if node not in seen:
                    seen.add(node)
                    todo += below[node]
            return False

        for source, target in pairs:
            closes = reaches(target, source)
            try:
                with transaction.atomic():
                    relate(laws[source], laws[target], RelationKind.BASED_ON)
            except ValidationError:
                assert closes
            else:
                assert not closes
                below[source].add(target)
        transaction.set_rollback(True)


def test_what_real_texts_break_is_kept_and_marked():
    law, rule = instrument(), instrument("Y", type=InstrumentType.REGULATION, number="")
    made = Relation.objects.create(
        source=rule, target=law, kind="amends", origin=Origin.TEXT, whole=True
    )
    made.refresh_from_db()
    assert made.violation == Violation.RANK


def test_a_relation_has_exactly_one_thing_on_each_side():
    law = instrument()
    with pytest.raises(IntegrityError), transaction.atomic():
        Relation.objects.create(target=law, kind="amends", origin="editor")
    with pytest.raises(IntegrityError), transaction.atomic():
        Relation.objects.create(source=law, target=law, kind="amends", origin="text")


def test_a_repeal_ends_from_its_day_on_and_undone_it_ends_nothing():
    old, new = instrument("Eski Kanun"), instrument("Yeni Kanun")
    relate(new, old, on=DAY)
    old.refresh_from_db()
    assert old.ended
    assert old.ended_on == DAY
    assert old.status_on(DAY - dt.timedelta(days=1)) == Status.IN_FORCE
    assert old.status_on(DAY) == Status.REPEALED
    relation = Relation.objects.get()
    services.undo_relation(
        actor=None, relation=relation, on=dt.date(2022, 1, 1), reason="Kaldıran hüküm iptal edildi"
    )
    old.refresh_from_db()
    assert not old.ended
    assert old.ended_on is None
    assert old.status == Status.IN_FORCE
    # In between it was repealed, and still is when that day is asked for.
    assert status_on(old, dt.date(2021, 6, 1)) == Status.REPEALED
    assert status_on(old, dt.date(2022, 1, 1)) == Status.IN_FORCE
    assert list(Instrument.objects.in_force(dt.date(2021, 6, 1))) == [new]
    with pytest.raises(RuleViolation):
        services.undo_relation(actor=None, relation=relation, on=DAY, reason="yine")


def test_the_end_of_an_amending_instrument_undoes_no_amendment():
    law, amending, last = instrument("Kanun"), instrument("Değiştiren"), instrument("Son")
    relate(amending, law, RelationKind.AMENDS)
    relate(last, amending)
    law.refresh_from_db()
    assert law.status == Status.IN_FORCE
    assert Relation.objects.get(kind="amends").undone_on is None


def test_status_has_four_values_and_comes_from_dates():
    day = dt.date(2024, 6, 1)
    made = instrument(effective_from=day)
    assert made.status_on(day - dt.timedelta(days=1)) == Status.NOT_YET
    assert made.status_on(day) == Status.IN_FORCE
    services.amend_instrument(
        actor=None, instrument=made, reason="x", without_effect_from=dt.date(2025, 1, 1)
    )
    assert made.status_on(dt.date(2025, 1, 1)) == Status.WITHOUT_EFFECT
    services.amend_instrument(
        actor=None, instrument=made, reason="x", lapsed_on=dt.date(2025, 6, 1)
    )
    assert made.status_on(dt.date(2025, 6, 1)) == Status.REPEALED
    for status in Status:
        found = Instrument.objects.with_status(status, dt.date(2025, 3, 1))
        assert (made in found) == (status == Status.WITHOUT_EFFECT)


def test_notes_become_dated_relations_and_find_their_instrument_later():
    law = instrument(number="4982", accepted_on=dt.date(2003, 10, 9))
    publish(
        law,
        text(
            "Amaç: Amaç budur.",
            "Kapsam: (Değişik: 17/11/2005-5432/2 md.) Kapsam budur.",
            "Son: (Mülga: 2/7/2018-KHK-703/35 md.)",
        ),
    )
    changed = Relation.objects.get(verb="degisik")
    assert (changed.kind, changed.target_place, changed.source_place) == ("amends", "m. 2", "m. 2")
    assert changed.date == dt.date(2005, 11, 17)
    assert changed.source is None
    assert changed.source_reference.number == "5432"
    assert Relation.objects.get(verb="mulga").source_reference.type == "decree_law"
    # The other law of that number is not the one that is meant.
    instrument(number="5432", accepted_on=dt.date(1949, 1, 1), series=3)
    changed.refresh_from_db()
    assert changed.source is None
    amending = instrument(number="5432", accepted_on=dt.date(2005, 11, 17))
    changed.refresh_from_db()
    assert changed.source == amending
    assert changed.source_reference is None
    assert Reference.objects.get(number="5432").resolved == amending


def test_a_text_that_repeals_a_law_ends_it():
    old = instrument("Eski Kanun", number="1050", accepted_on=dt.date(1927, 5, 26), series=3)
    new = instrument("Yeni Kanun", gazette_date=dt.date(2003, 12, 24))
    publish(
        new,
        text(
            "Amaç: Amaç budur.",
            "Kaldırılan kanun: 26/5/1927 tarihli ve 1050 sayılı Muhasebei Umumiye Kanunu"
            " yürürlükten kaldırılmıştır.",
        ),
    )
    old.refresh_from_db()
    assert old.ended_on == dt.date(2003, 12, 24)


def test_a_repealed_article_ends_no_law():
    old = instrument("Eski Kanun", number="1050", accepted_on=dt.date(1927, 5, 26), series=3)
    publish(
        instrument("Yeni Kanun"),
        text(f"Son: 26/5/1927 tarihli ve 1050 sayılı Kanunun 3 üncü maddesi {GONE}"),
    )
    old.refresh_from_db()
    assert not old.ended
    assert Relation.objects.get(target=old).target_place == "m. 3"


def test_a_thousand_are_repealed_by_one_pasted_list_in_seconds():
    new = instrument("Toplu Kaldırma Kanunu", accepted_on=dt.date(2024, 1, 2))
    Instrument.objects.bulk_create(
        Instrument(
            type="law",
            number=str(20_000 + n),
            title=f"Kanun {n}",
            accepted_on=dt.date(1950, 1, 1),
        )
        for n in range(1000)
    )
    lines = [f"{20_000 + n} sayılı Kanun" for n in range(1000)]
    lines += ["99999 sayılı Kanun", "anlaşılmaz satır"]
    start = time.perf_counter()
    matched = match_citations(lines)
    made = services.relate(
        actor=None,
        source=new,
        kind="repeals",
        targets=[each.candidates[0] for each in matched if each.state == "matched"],
        on=DAY,
    )
    took = time.perf_counter() - start
    assert made == 1000
    assert [each.state for each in matched[-2:]] == ["missing", "missing"]
    assert Instrument.objects.filter(ended_on=DAY).count() == 1000
    assert took < 20


def test_a_number_of_two_laws_is_ambiguous_and_a_date_tells_them_apart():
    civil = instrument("Devlet Memurları Kanunu", number="657", accepted_on=dt.date(1965, 7, 14))
    maps = instrument("Harita Kanunu", number="657", accepted_on=dt.date(1925, 4, 22), series=3)
    assert set(find_cited("657")) == {civil, maps}
    found = match_citations(["14/7/1965 tarihli ve 657 sayılı Kanun", "657 sayılı Kanun"])
    assert found[0].candidates == (civil,)
    assert found[1].state == "ambiguous"


def test_editors_keep_their_own_institutions_only():
    from tests.factories.detsis import chain, unit

    board, office = chain("Bakanlık", "Daire", is_institution=True)
    other = unit("Başka Kurum")
    editor = person_with(Role.LEGISLATION_EDITOR, board.pk)
    own = services.record_instrument(
        actor=editor, type="directive", title="Yönerge", scope="institutional", issuer=office
    )
    assert own.published is False
    with pytest.raises(PermissionDenied):
        services.record_instrument(
            actor=editor, type="directive", title="Yönerge", scope="institutional", issuer=other
        )
    with pytest.raises(PermissionDenied):
        services.record_instrument(actor=editor, type="law", number="9", title="Kanun")
    visible = Instrument.objects.visible_to
    assert own in visible(editor)
    assert own not in visible(person_with(Role.LEGISLATION_EDITOR, other.pk))


def test_impact_goes_to_any_depth_in_a_fixed_number_of_queries(django_assert_num_queries):
    root = instrument("Kök")
    layer = [root]
    for depth in range(4):
        fresh = [instrument(f"D{depth}-{n}", type="directive", number="") for n in range(3)]
        for each in fresh:
            relate(each, layer[0], RelationKind.BASED_ON)
        layer = fresh
    with django_assert_num_queries(4):
        impact = impact_of(root)
    assert impact.total == 12
    assert impact.by_depth == [(1, 3), (2, 3), (3, 3), (4, 3)]
    assert impact_of(layer[0]).total == 0


def test_two_instruments_with_the_same_key_are_refused():
    instrument(number="1", accepted_on=dt.date(2000, 1, 1))
    with pytest.raises(ValidationError):
        instrument(number="1", accepted_on=dt.date(2000, 1, 1))
    instrument(number="1", accepted_on=dt.date(2000, 1, 1), series=3)


def test_a_paragraph_is_cited_as_the_act_cited_it():
    law = instrument("Örnek Kanun", number="5809")
    publish(
        law,
        "Madde 1 – Metin.\n(Mülga ikinci fıkra: 5/11/2008-9200/66 md.)\n",
        valid_from=dt.date(2020, 1, 1),
    )
    assert law.in_relations.get().target_place == "m. 1/2"


def test_what_stands_in_the_name_of_another_law_is_not_repealed():
    words = (
        "Madde 1 – 22/4/1925 tarihli ve 657 sayılı Harita Kanununun 4 üncü maddesinin "
        "değiştirilmesine dair 2/1/1961 tarihli ve 203 sayılı Kanun yürürlükten kaldırılmıştır.\n"
    )
    found = [c for c in prepare(words, today=dt.date(2026, 1, 1)).claims if c.kind == "repeals"]
    assert [(c.other.number, c.whole) for c in found] == [("203", True)]


def test_a_court_that_suspends_repeals_nothing():
    words = (
        "Madde 3 – Metin.\n\n5651 SAYILI KANUNA EK VE DEĞİŞİKLİK GETİREN MEVZUATIN YÜRÜRLÜĞE GİRİŞ "
        "TARİHLERİNİ GÖSTERİR LİSTE\n\nDeğiştiren Kanunun Numarası\n\nMaddeler\n\nYürürlüğe Giriş "
        "Tarihi\n\nAnayasa Mahkemesinin 2/10/2014 tarihli ve E.: 2014/149, K.: 2014/14 sayılı "
        "(Yürürlüğü Durdurma) Kararı\n\n3\n\n9/10/2014\n"
    )
    (claim,) = prepare(words, today=dt.date(2026, 1, 1)).claims
    assert (claim.kind, claim.verb, claim.place) == ("amends", "yurutmeyi_durdurma", "m. 3")


def test_provisions_printed_beside_a_law_have_numbers_of_their_own():
    law = instrument("Örnek Kanun", number="5393")
    publish(
        law,
        "Madde 1 – Metin.\n\nKANUNA İŞLENEMEYEN HÜKÜMLER\n\n"
        "Geçici Madde 1 – (Mülga: 1/1/2015-9200/3 md.)\n",
    )
    assert law.in_relations.get().target_place == "işlenemeyen geçici m. 1"


def test_what_is_cited_again_hangs_on_what_is_known_at_once():
    changing = instrument("Değiştiren", number="6600", accepted_on=dt.date(2015, 1, 1))
    for number in ("8801", "8802"):
        law = instrument(number=number)
        publish(law, text("Süre: (Değişik: 1/1/2015-6600/1 md.) Süre on gündür."))
        assert law.in_relations.get().source == changing


def test_a_number_without_a_day_means_only_what_bears_the_cited_name():
    cheques = instrument("Çekle Ödemelerin Düzenlenmesi Hakkında Kanun", number="3167")
    hunting = "Son: 3167 sayılı Kara Avcılığı Kanunu yürürlükten kaldırılmıştır."
    publish(instrument("Kara Avcılığı Kanunu", accepted_on=dt.date(2020, 1, 1)), text(hunting))
    cheques.refresh_from_db()
    assert not cheques.ended
    assert Relation.objects.get().target_reference.name == "Kara Avcılığı Kanunu"


def test_a_regulation_carries_out_the_law_of_its_name_and_rests_on_the_one_it_cites():
    law = instrument("Bilgi Edinme Hakkı Kanunu", number="4982")
    rule = instrument(
        "Bilgi Edinme Hakkı Kanununun Uygulanmasına İlişkin Yönetmelik",
        type="regulation",
        number="",
        accepted_on=dt.date(2012, 1, 1),
    )
    words = (
        "Dayanak: Bu Yönetmelik 4982 sayılı Kanunun 31 inci maddesine dayanılarak hazırlanmıştır."
    )
    publish(rule, text(words), title=rule.title)
    found = set(rule.out_relations.values_list("kind", "target", "target_place"))
    assert found == {
        (RelationKind.BASED_ON, law.pk, "m. 31"),
        (RelationKind.IMPLEMENTS, law.pk, ""),
    }


def test_a_name_means_the_law_that_bore_it_then_and_never_a_younger_one():
    old = instrument("Türk Ticaret Kanunu", number="6762", accepted_on=dt.date(1956, 6, 29))
    young = instrument("Türk Ticaret Kanunu", number="6102", accepted_on=dt.date(2011, 1, 13))
    for year, wanted in ((1957, old), (2011, young), (1950, None)):
        rule = instrument(
            "Türk Ticaret Kanununun Yürürlüğü ve Uygulama Şekli Hakkında Kanun",
            accepted_on=dt.date(year, 12, 1),
        )
        publish(rule, text("Amaç: Amaç budur."), title=rule.title)
        assert rule.out_relations.get(kind=RelationKind.IMPLEMENTS).target == wanted


def test_a_law_that_adopts_a_decree_ends_it_as_a_decree_where_the_name_is_its_own():
    decree = instrument(
        "Olağanüstü Hal Kapsamında Yerleşmeye İlişkin Cumhurbaşkanlığı Kararnamesi",
        type="presidential_decree",
        number="126",
        accepted_on=None,
        gazette_date=dt.date(2023, 2, 24),
        lapsed_on=dt.date(2023, 5, 25),
    )
    assert "üç ay" in decree.lapse_reason
    law = instrument(
        "Olağanüstü Hal Kapsamında Yerleşmeye İlişkin Cumhurbaşkanlığı Kararnamesinin Kabul"
        " Edilmesine Dair Kanun",
        accepted_on=dt.date(2023, 4, 5),
        gazette_date=dt.date(2023, 4, 8),
    )
    publish(law, text("Amaç: Amaç budur."), title=law.title)
    decree.refresh_from_db()
    assert decree.end == dt.date(2023, 4, 8)
    assert law.out_relations.get().verb == "aynen_kabul"


def test_decrees_that_share_a_name_are_not_taken_for_each_other():
    name = "Olağanüstü Hal Kapsamında Bazı Düzenlemeler Yapılması Hakkında Kanun Hükmünde Kararname"
    decree = instrument(name, type="decree_law", number="678", accepted_on=dt.date(2016, 10, 31))
    laws = [instrument(f"{name}nin Kabul Edilmesine Dair Kanun", accepted_on=dt.date(2018, 2, day))
            for day in (1, 2)]  # fmt: skip
    prepared = []
    for law in laws:
        each = prepare(text("Amaç: Amaç budur."), "first", today=DAY, title=law.title)
        each.instrument = law.pk
        prepared.append(each)
    services.publish_prepared(prepared)
    decree.refresh_from_db()
    assert not decree.ended
    assert Relation.objects.filter(target_reference__name=name).count() == 2


def test_an_article_that_was_worked_into_another_law_changes_that_law():
    banks = instrument("Bankalar", number="4743", accepted_on=dt.date(2002, 1, 30))
    changing = instrument("Değiştiren", number="5230", accepted_on=dt.date(2004, 7, 16))
    publish(
        changing,
        text("Madde: (30/1/2002 tarihli ve 4743 sayılı Kanun ile ilgili olup yerine işlenmiştir.)"),
    )
    relation = Relation.objects.get()
    assert (relation.kind, relation.source, relation.target) == ("amends", changing, banks)
    assert (relation.source_place, relation.date) == ("m. 1", dt.date(2004, 7, 16))


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ("4/5/2010 tarihli ve 7601 sayılı Kanun ile ekleri yürürlükten kaldırılmıştır.", True),
        ("a) 4/5/2010 tarihli ve 7601 sayılı Kanun,\n\nb) 15 sayılı Kanunun 2 nci maddesi,\n\n"
         "yürürlükten kaldırılmıştır.", True),
        ("4/5/2010 tarihli ve 7601 sayılı Kanun hariç, 15 sayılı Kanun yürürlükten kaldırılmıştır.",
         False),
        ("7601 sayılı Kanunla değiştirilen 15 sayılı Kanun yürürlükten kaldırılmıştır.", False),
        ("(Bu madde 7601 sayılı Kanunla ilgili olup, 15 sayılı Kanunun 2 nci maddesi ile"
         " yürürlükten kaldırılmıştır.)", False),
        ("7601 sayılı Kanun uygulanmaz. 20/3/1950 tarihli ve 15 sayılı Kanun yürürlükten"
         " kaldırılmıştır.", False),
        ("7601 sayılı Kanunun 3 üncü maddesi dışındaki hükümleri yürürlükten kaldırılmıştır.",
         False),
    ],
)  # fmt: skip
def test_the_sentence_decides_what_ends(words, ends):
    old = instrument("Eski", number="7601")
    publish(instrument("Yeni", accepted_on=dt.date(2020, 1, 1)), text(f"Son: {words}"))
    old.refresh_from_db()
    assert old.ended is ends
    if not ends:
        assert not old.in_relations.filter(kind="repeals").exists()
