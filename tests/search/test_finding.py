"""What is found, and in which order."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kaysis.common import indexing, jumps, turkish
from kaysis.common.jumps import Jump
from kaysis.search import engine, finder, statement
from kaysis.search.query import Word, every, parse
from tests.search.conftest import Things

pytestmark = pytest.mark.django_db

ANYBODY = AnonymousUser()
UNIT = "Iğdır İl Nüfus ve Vatandaşlık Müdürlüğü"


@pytest.fixture
def register(things):
    """A few units of the kind whose names are hard to tell apart."""
    things.add(UNIT, "Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü, Iğdır", weight=4)
    things.add("Kars İl Nüfus ve Vatandaşlık Müdürlüğü", "Kars", weight=4)
    things.add("Tuzluca İlçe Nüfus Müdürlüğü", "Tuzluca Kaymakamlığı, Iğdır", weight=2)
    things.add("Iğdır İl Sağlık Müdürlüğü", "Sağlık Bakanlığı, Iğdır", weight=4)
    things.add("Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü", "İçişleri Bakanlığı", weight=6)
    things.add("Sağlık Bakanlığı", "Cumhurbaşkanlığı", weight=16, numbers=["10000009", "sb"])
    things.add("Türkiye İstatistik Kurumu (TÜİK)", weight=8, numbers=["TÜİK"])
    things.add("TÜİK Kars Bölge Müdürlüğü", "Türkiye İstatistik Kurumu", weight=4)
    return things


@pytest.mark.parametrize(
    "text",
    [
        "igdir nufus mudurlugu",
        "IĞDIR NÜFUS MÜDÜRLÜĞÜ",
        "müdürlüğü ığdır nüfus",
        "vatandaşlık iğdir",
        "ıgdır nüf",
        "Iğdır'ın nüfus müdürlüğü",
        "ığdır nüfus müdürlük",
        "mudrlugu igdr nufus",
        "igdrı nufsu mudurlugu",
        "ığdırnüfus müdürlüğü",
        "ığ dır nüfus",
        "ığdır nüfus mudurlukleri",
    ],
)
def test_the_same_unit_is_first_however_it_is_written(register, titles, text):
    assert titles(text)[0] == UNIT


def test_both_words_are_wanted(register, titles):
    assert titles("ığdır nüfus") == [UNIT, "Tuzluca İlçe Nüfus Müdürlüğü"]


def test_an_abbreviation_leads_to_its_owner(register, titles):
    assert titles("tüik")[0] == "Türkiye İstatistik Kurumu (TÜİK)"
    assert titles("TUIK kars")[0] == "TÜİK Kars Bölge Müdürlüğü"


def test_a_misspelling_is_said(register):
    result = finder.search("igdr nufus", user=ANYBODY)
    assert result.instead == "Iğdır Nüfus"
    assert not result.partial
    assert finder.search("ığdır nüfus", user=ANYBODY).instead == ""
    # Another ending is no misspelling.
    assert finder.search("ığdır müdürlükleri", user=ANYBODY).instead == ""


def test_a_word_that_is_like_nothing_is_given_up(register):
    result = finder.search("ığdır qqqqqq nüfus", user=ANYBODY)
    assert result.found.hits[0].title == UNIT
    assert result.instead == "Iğdır Nüfus"


def test_if_no_entry_has_all_words_all_but_one_are_enough(register):
    result = finder.search("tüik ığdır sağlık", user=ANYBODY)
    assert result.partial
    assert [hit.title for hit in result.found.hits] == ["Iğdır İl Sağlık Müdürlüğü"]


@pytest.mark.parametrize("text", ["qqqqqq", "", "   ", "&|!", "🏛️", "12345", "q" * 5000, "\0"])
def test_nothing_is_found_without_fuss(register, text):
    result = finder.search(text, user=ANYBODY)
    assert (result.found.total, result.found.hits, result.instead) == (0, [], "")


def test_order_of_results(things, titles):
    """Number, exact title, beginning of a title, words of a title, of a subtitle, elsewhere."""
    things.add("G", body="tapu kadastro")
    things.add("F", "Kadastro ve Tapu")
    things.add("Kadastrolar Tapular")
    things.add("Kadastro ve Tapu İşleri")
    things.add("Tapu Kadastrosu")
    things.add("Tapu Kadastro Şubesi")
    things.add("Tapu Kadastro")
    assert titles("tapu kadastro") == [
        "Tapu Kadastro", "Tapu Kadastro Şubesi", "Kadastro ve Tapu İşleri", "Tapu Kadastrosu",
        "Kadastrolar Tapular", "F", "G",
    ]  # fmt: skip
    things.add("H", numbers=["5651"])
    things.add("5651 Sayılı")
    assert titles("5651") == ["H", "5651 Sayılı"]


def test_the_well_known_rise_but_not_above_what_is_named(things, titles):
    things.add("Çevre Şubesi")
    things.add("İklim ve Çevre Bakanlığı", weight=16)
    things.add("Çevre")
    things.add("Çevre Vakfı", weight=2)
    assert titles("çevre") == [
        "Çevre", "İklim ve Çevre Bakanlığı", "Çevre Vakfı", "Çevre Şubesi",
    ]  # fmt: skip


def test_what_is_closed_comes_last_unless_it_is_named(things, titles):
    things.add("Orman Bakanlığı", active=False)
    things.add("Orman Müdürlüğü", active=False)
    things.add("Yeşil Orman İşletmesi")
    things.add("Orman Bakanlığı Vakfı")
    assert titles("orman") == [
        "Orman Bakanlığı Vakfı", "Yeşil Orman İşletmesi", "Orman Bakanlığı", "Orman Müdürlüğü",
    ]  # fmt: skip
    assert titles("orman bakanlığı")[0] == "Orman Bakanlığı"


def test_a_former_name_is_found(things):
    things.add("Aile Bakanlığı", former=["Kadın Bakanlığı"], body="Kadın Bakanlığı")
    hit = finder.search("kadın bakanlığı", user=ANYBODY).found.hits[0]
    assert (hit.title, hit.former) == ("Aile Bakanlığı", ["Kadın Bakanlığı"])


def test_pages_share_out_the_results(things):
    expected = {things.add(f"Aynı Ad {n}") for n in range(45)}
    pages = [finder.search("aynı ad", user=ANYBODY, page=n).found for n in range(1, 7)]
    assert [len(page.hits) for page in pages] == [10, 10, 10, 10, 5, 0]
    assert {hit.object_id for page in pages for hit in page.hits} == expected
    assert {page.total for page in pages} == {45}


def test_common_words_are_counted_only_so_far(things, monkeypatch):
    for n in range(60):
        things.add(f"Ortak {n}")
    best = things.add("Ortak Sözcük Bakanlığı", weight=16)
    last = things.add("Aa Ortak")
    condition = every([Word("ortak")])
    wanted = engine.Wanted("aa ortak", condition, condition, condition, condition, 62)
    found = engine.look_for(wanted, ["sey"], candidates=10)
    assert found.more
    assert found.total <= 12
    # The best known is in the first tier; a title that begins with the query is always looked at.
    assert {last, best} <= {hit.object_id for hit in found.hits}
    assert found.hits[0].object_id == last
    assert not engine.look_for(wanted, ["sey"], candidates=100).more


def test_the_index_is_asked_for_what_is_rare(things):
    """And only the entries found are checked for the rest."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {things.table} SELECT n, 'Ortak' || CASE WHEN n <= 2 THEN ' Nadir'"
            " WHEN n <= 20 THEN ' Seyrek' ELSE '' END, '', '', '{}', 1, true, '{}'"
            " FROM generate_series(1, 100) n"
        )
    indexing.reindex_all("sey")
    rare = finder.search("ortak nadir", user=ANYBODY)
    assert rare.found.total == 2
    assert rare.wanted is not None
    assert (rare.wanted.sought, rare.wanted.expected) == (Word("nadir"), 2)
    common = finder.search("ortak seyrek", user=ANYBODY)
    assert common.wanted is not None
    assert common.wanted.sought == every([Word("ortak"), Word("seyrek")])
    assert common.found.total == 18


def test_the_statement_uses_every_index(things):
    """A changed condition of an index would go unnoticed until the tables are large."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {things.table} SELECT n, 'Birim w' || n, '', '', '{{}}',"
            " CASE WHEN n <= 1000 THEN 8 WHEN n <= 2000 THEN 4 ELSE 1 END, true, '{}'"
            " FROM generate_series(1, 9000) n"
        )
        indexing.reindex_all("sey")
        cursor.execute("ANALYZE search_searchentry")
        # Small as it still is, the table could as well be read from end to end.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (GENERIC_PLAN) " + statement.QUERY)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    for name in ("folded", "tier0", "tier1", "tier2", "tier3"):
        assert f"search_entry_{name}" in plan


# --- Kinds ------------------------------------------------------------------------------------


@pytest.fixture
def laws(things):
    """A second kind, which only those may find who are signed in."""
    made = Things("yasa")
    indexing.register(made.source(order=200, visible=lambda user: user.is_authenticated))
    return made


class Member:
    is_authenticated = True


def test_kinds_are_counted_and_narrow_the_results(things, laws, titles):
    things.add("Orman Müdürlüğü")
    things.add("Tapu Müdürlüğü")
    laws.add("Orman Kanunu")
    member = Member()
    result = finder.search("orman", user=member)
    assert result.kinds == {"sey": 1, "yasa": 1}
    assert titles("orman", user=member, kind="yasa") == ["Orman Kanunu"]
    assert finder.search("orman", user=member, kind="yasa").kinds == {"sey": 1, "yasa": 1}
    assert finder.search("tapu", user=member).kinds == {"sey": 1}


def test_what_a_person_may_not_find_does_not_exist(things, laws, titles):
    things.add("Orman Müdürlüğü")
    number = laws.add("Orman Kanunu", numbers=["6831"])
    jump = Jump(kind="yasa", pattern="6831", find=lambda match: number)
    jumps.register(jump)
    try:
        assert titles("orman") == ["Orman Müdürlüğü"]
        assert finder.search("orman", user=ANYBODY).kinds == {}
        assert titles("orman", kind="yasa") == []
        assert titles("6831") == []
        assert finder.suggest("kanunu", user=ANYBODY) == []
        assert finder.jump("6831", user=ANYBODY) is None
        found = finder.jump(" 6831 ", user=Member())
        assert found is not None
        assert found.title == "Orman Kanunu"
        assert [hit.title for hit in finder.suggest("6831", user=Member())] == ["Orman Kanunu"]
    finally:
        jumps.unregister(jump)


def test_paths_are_asked_once_for_each_kind(things):
    asked = []

    def paths(ids):
        asked.append(ids)
        return {number: [("Üst", None)] for number in ids}

    numbers = [things.add("Orman 1"), things.add("Orman 2")]
    indexing.unregister("sey")
    indexing.register(things.source(paths=paths))
    hits = finder.search("orman", user=ANYBODY).found.hits
    assert finder.paths_of(hits) == {("sey", n): [("Üst", None)] for n in numbers}
    assert [sorted(ids) for ids in asked] == [numbers]


# --- Cost -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ığdır nüfus müdürlüğü", 3),  # few hits: relatives of the words are looked up, too
        ("Sağlık Bakanlığı", 2),
        ("10000009", 2),
        ("müdürlüğü", 2),
        ("igdr nufus", 4),
        ("qqqqqq", 2),
        ("tüik ığdır sağlık", 4),
        ("", 0),
    ],
)
def test_number_of_statements(register, django_assert_num_queries, text, number):
    with django_assert_num_queries(number):
        finder.search(text, user=ANYBODY)


def test_suggestions_of_what_is_being_typed(register, django_assert_num_queries):
    with django_assert_num_queries(2):
        hits = finder.suggest("ığdır nü", user=ANYBODY)
    assert hits[0].title == UNIT
    assert finder.suggest("igdr nü", user=ANYBODY)[0].title == UNIT
    for n in range(20):
        register.add(f"Nüfus {n}")
    assert len(finder.suggest("nüfus", user=ANYBODY)) == 8


# --- Whatever is indexed is found -------------------------------------------------------------

letters = "abcçdefgğhıijklmnoöprsştuüvyzâî"
words_of_titles = st.text(letters, min_size=3, max_size=12)
titles_made = st.lists(words_of_titles, min_size=1, max_size=6).map(" ".join)


def misspelt(text: str, choice: random.Random) -> str:
    """`text` with one letter left out, doubled, replaced, put in, or exchanged with the next."""
    while True:
        place = choice.randrange(len(text))
        if text[place] == " " or text[place : place + 2][-1:] == " ":
            continue
        letter = choice.choice(letters)
        before, this, after = text[:place], text[place], text[place + 1 :]
        return choice.choice(
            [
                before + after,
                before + this + this + after,
                before + letter + after,
                before + letter + this + after,
                before + after[:1] + this + after[1:],
            ]
        )


@given(title=titles_made, seed=st.integers(0, 2**32), cut=st.floats(0.05, 1))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_title_is_found_by_any_of_its_forms(things, title, seed, cut):
    assume(parse(title).words)
    with transaction.atomic():
        number = things.add(turkish.title(title))
        forms = [
            title,
            turkish.fold(title),
            turkish.upper(title),
            turkish.lower(title),
            title[: max(1, int(len(title) * cut))],
            " ".join(random.Random(seed).sample(title.split(), len(title.split()))),
            misspelt(title, random.Random(seed)),
        ]
        for form in forms:
            for found in (
                finder.search(form, user=ANYBODY).found.hits,
                finder.suggest(form, user=ANYBODY),
            ):
                assert number in [hit.object_id for hit in found], form
        transaction.set_rollback(True)


@given(st.text(max_size=300) | st.text("&|!:*()<->'\\\"%_ ab1", max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_query_gets_an_answer(things, text):
    with transaction.atomic():
        things.add("ab a1", "b 1a")
        finder.search(text, user=ANYBODY)
        finder.suggest(text, user=ANYBODY)
        finder.jump(text, user=ANYBODY)
        transaction.set_rollback(True)
