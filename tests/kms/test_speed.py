"""What pages of legislation ask of the database, however much there is; searching by sample."""

import datetime as dt
import gc

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from hypothesis import given, strategies

from kaysis.accounts.models import Role
from kms import services
from kms.importers import import_legislation
from kms.models import Instrument, InstrumentType, Passage
from kms.querysets import visible_sql
from kms.selectors.search import CANDIDATES, PAGE, full_text, terms
from kms.text.letters import fold
from tests.factories.accounts import person_with
from tests.factories.detsis import unit
from tests.factories.kms import instrument, publish, text

pytestmark = pytest.mark.django_db


def _search(query, **given):
    rows = given.pop("rows", Instrument.objects.filter(published=True))
    return full_text(query, rows, narrowed=given.pop("narrowed", False), **given)


@pytest.fixture
def many():
    """A law of 600 articles that all say the same, and one that says something else."""
    law = instrument("Uzun Kanun", number="9001")
    articles = ["Başlık: Bu maddede hayvancılık desteği düzenlenir."] * 600
    publish(law, text(*articles, "Zürafa: Zürafa bakımı ve desteği ayrıca düzenlenir."))
    return law


@pytest.mark.parametrize("relations", [1, 120])
def test_an_instrument_asks_twice_whatever_it_has(client, django_assert_num_queries, relations):
    law = instrument("Kanun", number="4982", accepted_on=dt.date(2003, 10, 9))
    publish(law, text(*["Madde: Bu maddenin metni."] * (300 if relations > 1 else 2)))
    for n in range(relations):
        rule = instrument(f"Yönerge {n}", type=InstrumentType.DIRECTIVE, number="")
        services.relate(actor=None, source=rule, kind="based_on", targets=[law])
        unit(f"Daire {n}", founding_legislation=[{"number": "4982", "date": "2003-10-09"}])
    with django_assert_num_queries(2):
        page = client.get(f"/mevzuat/{law.pk}/").content.decode()
    assert page.count("Daire ") >= min(relations, 10)


def test_the_list_and_the_search_ask_the_same_of_much_and_little(
    client, django_assert_num_queries, many
):
    for n in range(60):
        instrument(f"Kanun {n}", number=str(7000 + n))
    with django_assert_num_queries(1):
        assert "Kanun 10" in client.get("/mevzuat/").content.decode()
    with django_assert_num_queries(2):
        client.get("/mevzuat/ara/?q=hayvancılık")
    with django_assert_num_queries(3):
        client.get("/mevzuat/ara/?q=hayvancılık desteği")


def test_of_a_common_word_a_sample_is_ranked_and_said_to_be_one(client, many):
    found = _search("hayvancılık")
    assert (found.total, found.more, len(found.hits)) == (CANDIDATES, True, PAGE)
    last = _search("hayvancılık", page=CANDIDATES // PAGE)
    assert len(last.hits) == PAGE
    page = client.get("/mevzuat/ara/?q=hayvancılık").content.decode()
    assert f"{CANDIDATES} maddeden fazlası" in page


def test_what_is_rare_is_found_wherever_its_number_lies(many):
    for query in ("zürafa", "zurafa", "zürafa desteği", "zürafa -hayvancılık", '"zürafa bakımı"'):
        found = _search(query)
        assert (found.total, found.more) == (1, False), query
    assert _search("zürafa hayvancılık").total == 0
    assert _search("-zürafa").total == 0


def test_headings_come_before_the_sample(many):
    passages = Passage.objects.filter(version__instrument=many, kind="article")
    odd = passages.filter(title__contains="Zürafa").get()
    assert odd.title
    assert "Zürafa" in _search("desteği zürafa").hits[0].title
    assert "Zürafa" in _search("düzenlenir zürafa").hits[0].title


def test_filters_narrow_before_the_sample_is_taken(many):
    other = instrument("Öteki Kanun", number="9002", accepted_on=dt.date(1999, 1, 1))
    publish(other, text("Tek: Hayvancılık burada da anılır."))
    few = Instrument.objects.filter(pk=other.pk)
    found = _search("hayvancılık", rows=few, narrowed=True)
    assert [hit.citation for hit in found.hits] == ["9002 s. Kanun"]
    assert (found.total, found.more) == (1, False)


def test_among_many_instruments_each_passage_is_asked_for_its_own(many, monkeypatch):
    other = instrument("Öteki Kanun", number="9002", accepted_on=dt.date(1999, 1, 1))
    publish(other, text("Tek: Hayvancılık burada da anılır."))
    monkeypatch.setattr("kms.selectors.search._FEW", 0)
    only = _search("hayvancılık", rows=Instrument.objects.filter(pk=other.pk), narrowed=True)
    assert [hit.citation for hit in only.hits] == ["9002 s. Kanun"]
    every = _search("hayvancılık desteği", rows=Instrument.objects.all(), narrowed=True)
    assert every.more


def test_short_words_are_not_taken_for_beginnings():
    assert [term.folded for term in terms("su belediye 5393")] == ["su", "belediye:*", "5393:*"]
    assert [term.left_out for term in terms('-"kamu hizmeti" -su vergi')] == [True, True, False]
    assert terms(' "" - !') == []


def test_the_samples_are_read_from_their_own_indexes(many):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'kms_passage'"
            " AND indexdef LIKE '%% USING gin %%' ORDER BY 1",
            [],
        )
        names = {row[0] for row in cursor.fetchall()}
    assert names >= {"kms_passage_words_64", "kms_passage_words_8", "kms_passage_titles_16"}


def test_the_function_ranks_as_many_as_python_says(many):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'kms_passages_found'")
        assert f"LIMIT {CANDIDATES + 1})" in cursor.fetchone()[0]


def test_editors_see_by_sql_what_they_see_by_querysets():
    office = unit("Başkanlık")
    own = instrument("Kendi Taslağı", published=False, issuer=office)
    other = instrument("Başka Taslak", published=False)
    editor = person_with(Role.LEGISLATION_EDITOR, office.pk)
    for someone in (AnonymousUser(), editor):
        visible, given = visible_sql(someone)
        rows = Instrument.objects.raw(f"SELECT i.* FROM kms_instrument i WHERE {visible}", given)
        assert {row.pk for row in rows} == set(
            Instrument.objects.visible_to(someone).values_list("pk", flat=True)
        )
    assert own.pk in {row.pk for row in rows}
    assert other.pk not in {row.pk for row in rows}


def test_an_import_gives_garbage_collection_back(tmp_path):
    before = gc.get_threshold()
    import_legislation(tmp_path)
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


@given(strategies.text())
def test_folding_a_law_keeps_every_place(given_text):
    assert len(fold(given_text)) == len(given_text)
