"""The registry of search sources."""

import pytest

from kaysis.common import indexing
from kaysis.common.indexing import Source


def make(kind="thing", **changes):
    return Source(
        **{
            "kind": kind,
            "label": "Şey",
            "plural": "Şeyler",
            "sql": "SELECT t.id FROM thing t WHERE {where}",
            "id_column": "t.id",
            **changes,
        }
    )


class Recorder:
    def __init__(self):
        self.calls = []

    def reindex(self, source, ids):
        self.calls.append((source.kind, ids))

    def reindex_all(self, source):
        self.calls.append((source.kind, "all"))


@pytest.fixture
def backend():
    recorder = Recorder()
    before = indexing.set_backend(recorder)
    yield recorder
    indexing.set_backend(before)


@pytest.fixture
def thing():
    indexing.register(make())
    yield indexing.source("thing")
    indexing.unregister("thing")


def test_the_slot_takes_a_condition():
    source = make()
    assert source.select(restricted=False) == "SELECT t.id FROM thing t WHERE TRUE"
    assert source.select(restricted=True).endswith("WHERE t.id = ANY(%(ids)s)")
    with pytest.raises(ValueError, match="slot"):
        make(sql="SELECT 1")


def test_a_kind_is_registered_once_and_sources_are_in_order(thing):
    with pytest.raises(ValueError, match="already"):
        indexing.register(make())
    indexing.register(make("zz_first", order=-1000))
    try:
        kinds = [source.kind for source in indexing.sources()]
        assert kinds[0] == "zz_first"
        assert "thing" in kinds
    finally:
        indexing.unregister("zz_first")


def test_ids_reach_the_backend_once_each(thing, backend):
    indexing.reindex("thing", [3, 1, 3])
    indexing.reindex("thing", [])
    indexing.reindex_all("thing")
    assert backend.calls == [("thing", [1, 3]), ("thing", "all")]
    with pytest.raises(LookupError, match="nothing"):
        indexing.reindex("nothing", [1])


def test_without_a_backend_nothing_happens(thing):
    before = indexing.set_backend(None)
    try:
        indexing.reindex("thing", [1])
        indexing.reindex_all("thing")
    finally:
        indexing.set_backend(before)
