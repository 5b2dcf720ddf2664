"""Queries kept in the database: what a migration has created is what the code says."""

import datetime as dt

import pytest
from django.db import connection

from detsis import asof, queries, selectors
from kaysis.common import kept
from tests.factories.detsis import chain

pytestmark = pytest.mark.django_db


def test_the_database_holds_every_kept_query_as_the_code_has_it():
    known = {query.name: query for query in kept.every()}
    assert {"detsis_standing", "detsis_paths", "iyem_incumbents"} <= set(known)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc, proconfig, provolatile FROM pg_proc WHERE proname = ANY(%s)",
            [list(known)],
        )
        found = {name: rest for name, *rest in cursor.fetchall()}
    assert set(found) == set(known)
    for name, (body, settings, volatility) in found.items():
        assert body == known[name].body, f"{name} has changed: write a migration"
        assert settings == ["plan_cache_mode=force_generic_plan"]
        assert volatility == "s"


def test_no_parameter_can_be_taken_for_a_column():
    for query in kept.every():
        assert all(name.startswith("p_") for name in query.parameters), query.name


def test_a_kept_query_gives_what_it_says():
    units = chain("Sağlık Bakanlığı", "Strateji Başkanlığı")
    numbers = [unit.pk for unit in units]
    rows = queries.PATHS_NOW.fetch(p_units=[numbers[1]])
    assert rows == [
        (numbers[1], numbers[0], "Sağlık Bakanlığı"),
        (numbers[1], numbers[1], "Strateji Başkanlığı"),
    ]
    assert queries.PATHS_NOW.fetch(p_units=[]) == []


def test_one_query_each(django_assert_num_queries):
    units = chain("Sağlık Bakanlığı", "Strateji Başkanlığı")
    today = dt.date.today()
    for day in (None, today):
        with django_assert_num_queries(1):
            standing = asof.standing_of(units[1].pk, day)
        assert standing is not None
        assert [facts.name for facts in standing.chain] == [unit.name for unit in units]
        with django_assert_num_queries(1):
            assert len(selectors.path(units[1].pk, day)) == 2
        with django_assert_num_queries(1):
            rows, total = asof.Children(units[0].pk, None, day).part(offset=0, limit=5)
        assert ([row.detsis_no for row in rows], total) == ([units[1].pk], 1)
        with django_assert_num_queries(1):
            first = asof.first_children([units[0].pk], None, day, limit=5)
        assert first == {units[0].pk: rows}
