"""Writing the index: it is what the sources say, in the same transaction."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaysis.common import indexing
from kaysis.common.locks import LockOutsideTransaction
from kaysis.search import backend, tasks, words
from kaysis.search.models import SearchEntry, SearchWord

pytestmark = pytest.mark.django_db


def places() -> dict[int, tuple[str, ...]]:
    """Where the rows lie: a row that is written again lies elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT object_id, ctid::text FROM search_searchentry")
        return dict(cursor.fetchall())


def test_an_entry_follows_its_object(things):
    first, second = things.add("Nüfus Müdürlüğü", "Iğdır"), things.add("Tapu Müdürlüğü")
    entry = SearchEntry.objects.get(object_id=first)
    assert (entry.title, entry.folded, entry.url) == (
        "Nüfus Müdürlüğü",
        "nufus mudurlugu",
        f"/sey/{first}/",
    )
    things.set(first, title="Nüfus Dairesi")
    things.set(second, hidden=True)
    indexing.reindex("sey", [first, second, 999])
    assert list(SearchEntry.objects.values_list("title", flat=True)) == ["Nüfus Dairesi"]


def test_weights_of_words(things):
    number = things.add("Nüfus", "Iğdır", body="Aras Nüfus", numbers=["NVİ", "12.5"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT vector::text FROM search_searchentry WHERE object_id = %s", [number])
        assert cursor.fetchone()[0] == (
            "'12':3C '5':3C '@sey' 'aras':4 'igdir':2B 'nufus':1A,4 'nvi':3C"
        )


def test_what_has_not_changed_is_not_written_again(things):
    numbers = [things.add(f"Birim {n}") for n in range(3)]
    before = places()
    things.set(numbers[1], title="Başka")
    indexing.reindex_all("sey")
    after = places()
    assert [after[n] == before[n] for n in numbers] == [True, False, True]


def test_the_index_is_part_of_the_transaction(things):
    things.add("Kalan")
    with transaction.atomic():
        things.add("Vazgeçilen")
        transaction.set_rollback(True)
    assert list(SearchEntry.objects.values_list("title", flat=True)) == ["Kalan"]


@pytest.mark.django_db(transaction=True)
def test_no_index_without_a_transaction():
    with pytest.raises(LockOutsideTransaction):
        indexing.reindex("unit", [12345678])


def test_new_words_are_learnt_as_they_are_written(things):
    things.add("IĞDIR İl Müdürlüğü", "Millî Eğitim", body="Aras 3b a1", numbers=["14279872"])
    found = {word.word: (word.form, word.stem) for word in SearchWord.objects.all()}
    assert found["mudurlugu"] == ("müdürlüğü", "mudurluk")
    assert found["milli"][0] == "millî"
    assert found["igdir"][0] == "ığdır"
    assert {"aras", "a1"} <= set(found)
    assert not {"3b", "14279872", "@sey"} & set(found)


def test_counting_words_anew_forgets_those_that_are_gone(things):
    first = things.add("Eski Sözcük")
    things.add("Yeni Sözcük")
    assert set(SearchWord.objects.values_list("word", flat=True)) == {"eski", "sozcuk", "yeni"}
    things.set(first, hidden=True)
    indexing.reindex("sey", [first])
    words.recount()
    assert dict(SearchWord.objects.values_list("word", "entries")) == {"yeni": 1, "sozcuk": 1}
    things.add("Üçüncü Sözcük")
    tasks.recount_words()
    assert SearchWord.objects.get(word="sozcuk").entries == 2


def test_many_new_entries_are_counted_at_once(things):
    things.add("Ortak")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {things.table} SELECT n, 'Ortak Yeni', '', '', '{{}}', 1, true, '{{}}'"
            " FROM generate_series(2, 100) n"
        )
    indexing.reindex_all("sey")
    assert dict(SearchWord.objects.values_list("word", "entries")) == {"ortak": 100, "yeni": 99}
    # What is written again is not counted again.
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {things.table} SET subtitle = 'Başka'")
    indexing.reindex_all("sey")
    assert SearchWord.objects.get(word="ortak").entries == 100


def test_every_entry_is_in_the_tier_of_its_weight_or_sampled_into_one(things):
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {things.table} SELECT n, 'Birim ' || n, '', '', '{{}}',"
            " CASE WHEN n <= 100 THEN 8 WHEN n <= 200 THEN 4 ELSE 1 END, true, '{}'"
            " FROM generate_series(1, 20200) n"
        )
    indexing.reindex_all("sey")
    sizes = [SearchEntry.objects.filter(tier=tier).count() for tier in range(4)]
    assert sum(sizes) == 20200
    assert 100 + 15 < sizes[0] < 100 + 75
    assert 100 + 200 < sizes[1] < 100 + 400
    assert 2000 < sizes[2] < 2500
    assert not SearchEntry.objects.filter(weight=8).exclude(tier=0).exists()


@pytest.mark.parametrize(
    "given",
    [
        {"title": "x" * 5000},
        {"title": "başlık", "body": "y" * 300_000},
        {"title": "başlık", "body": " ".join(f"sözcük{n}" for n in range(60_000))},
        {"title": "başlık", "subtitle": "a:1A 'b' \\ & | ! <-> :*", "numbers": ["'", "1/2-3"]},
        {"title": "кириллица", "body": "漢字 🏛️"},
    ],
)
def test_no_text_is_refused(things, given):
    number = things.add(**given)
    assert SearchEntry.objects.filter(object_id=number).exists()


@given(
    texts=st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        min_size=4,
        max_size=4,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_random_text_is_refused(things, texts):
    title, subtitle, body, number = texts
    with transaction.atomic():
        made = things.add(title, subtitle, body=body, numbers=[number])
        assert SearchEntry.objects.get(object_id=made).title == title
        transaction.set_rollback(True)


def test_rebuilding_repairs_and_forgets(things, capsys):
    first = things.add("Doğru")
    SearchEntry.objects.update(title="Yanlış", folded="yanlis")
    SearchEntry.objects.create(
        kind="gone", object_id=1, title="x", url="/", folded="x", vector="x", tier=3
    )
    SearchWord.objects.all().delete()
    call_command("rebuild_search")
    assert "1 entries removed" in capsys.readouterr().out
    assert list(SearchEntry.objects.values_list("kind", "title", "folded")) == [
        ("sey", "Doğru", "dogru")
    ]
    things.set(first, hidden=True)
    call_command("rebuild_search", kind="sey")
    assert not SearchEntry.objects.exists()
    with pytest.raises(CommandError, match="sey"):
        call_command("rebuild_search", kind="gone")


def test_every_source_has_its_function_after_a_migration():
    for source in indexing.sources():
        assert backend._is_kept(source), source.kind


def test_a_source_that_came_later_is_written_by_the_statement(things):
    assert not backend._is_kept(indexing.source("sey"))
    assert SearchEntry.objects.filter(object_id=things.add("Nüfus")).exists()


def test_the_function_writes_what_the_statement_writes(things, monkeypatch):
    source = indexing.source("sey")
    first, second = things.add("Nüfus Müdürlüğü", "Iğdır"), things.add("Tapu", numbers=["TKGM"])
    before = list(SearchEntry.objects.order_by("object_id").values())
    SearchEntry.objects.all().delete()
    backend.keep_statements()
    backend._kept.clear()
    monkeypatch.setattr(backend, "_write", None)
    indexing.reindex("sey", [first, second])
    after = list(SearchEntry.objects.order_by("object_id").values())
    assert [row | {"id": 0} for row in after] == [row | {"id": 0} for row in before]
    things.set(second, hidden=True)
    indexing.reindex("sey", [first, second])
    assert list(SearchEntry.objects.values_list("object_id", flat=True)) == [first]
    backend._kept.clear()
    assert backend._is_kept(source)
    backend._kept.clear()


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_waits_for_changes_and_changes_wait_for_a_rebuild():
    from django.db import connections

    other = connections["default"].copy()
    try:
        with transaction.atomic():
            indexing.reindex("unit", [12345678])
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [backend.LOCK]
                )
                assert cursor.fetchone() == (False,)
                cursor.execute(
                    "SELECT pg_try_advisory_lock_shared(hashtextextended(%s, 0))", [backend.LOCK]
                )
                assert cursor.fetchone() == (True,)
                cursor.execute("SELECT pg_advisory_unlock_all()")
        with transaction.atomic():
            indexing.reindex_all("unit")
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_lock_shared(hashtextextended(%s, 0))", [backend.LOCK]
                )
                assert cursor.fetchone() == (False,)
    finally:
        other.close()
