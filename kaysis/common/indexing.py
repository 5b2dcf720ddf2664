"""How subsystems join the search index without knowing it.

A subsystem registers one `Source` per kind of object in its `AppConfig.ready()` and its services
call `reindex` in the transaction that changes the objects. The index itself, `kaysis.search`, sets
the backend; until it does, nothing happens.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from kaysis.common.types import Text

#: What the SELECT of a source yields, in this order.
COLUMNS = (
    "object_id",  # bigint
    "title",  # text
    "subtitle",  # text, shown below the title, e.g. the path of a unit
    "body",  # text, found but not shown
    "numbers",  # text[], numbers and abbreviations that mean this object
    "url",  # text, path of the object's page
    # real, puts one object before another that matches as well: usually 1, for the few thousand
    # that are looked for most 4, for the best known 8 to 16
    "weight",
    "active",  # boolean
    # jsonb object of text or lists of text: "place" is shown beside the title, "former" lists
    # earlier names
    "facets",
)

#: (name, address or None) from the top down.
Path: TypeAlias = Sequence[tuple[str, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of object in the index.

    `sql` is a SELECT of `COLUMNS` with the slot `{where}` where a condition may stand
    (`… FROM detsis_unit u WHERE {where}`); the condition restricts `id_column`. It is run with
    parameters, so a per cent sign in it is written twice. `plural` heads its group of results.

    `paths` says where objects stand, without themselves, for a whole page of results in one query;
    it is shown in place of the subtitle. `visible` says whether a person may find this kind at all:
    the index holds nothing that not everybody may see who may find the kind.
    """

    kind: str
    label: Text
    plural: Text
    sql: str
    id_column: str
    order: int = 100
    paths: Callable[[list[int]], Mapping[int, Path]] | None = None
    visible: Callable[[Any], bool] | None = None

    def __post_init__(self) -> None:
        if self.sql.count("{where}") != 1:
            raise ValueError(f"the source {self.kind!r} must have the slot {{where}} once")

    def select(self, *, restricted: bool) -> str:
        """The SELECT, for all objects or for those in the parameter `%(ids)s` (a list)."""
        condition = f"{self.id_column} = ANY(%(ids)s)" if restricted else "TRUE"
        return self.sql.replace("{where}", condition)


class Backend(Protocol):
    """What the index does. Both run in the caller's transaction."""

    def reindex(self, source: Source, ids: list[int]) -> None:
        """Make the entries of `ids` what the source says; entries it no longer yields go."""

    def reindex_all(self, source: Source) -> None:
        """The same for every object of the source."""


_sources: dict[str, Source] = {}
_backend: Backend | None = None


def register(source: Source) -> None:
    """Add a source. Raises ValueError when the kind is taken."""
    if source.kind in _sources:
        raise ValueError(f"the search source {source.kind!r} is already registered")
    _sources[source.kind] = source


def unregister(kind: str) -> None:
    """Take a source away again (tests)."""
    _sources.pop(kind, None)


def sources() -> Iterator[Source]:
    """All sources in the order in which results are grouped."""
    return iter(sorted(_sources.values(), key=lambda source: (source.order, source.kind)))


def source(kind: str) -> Source:
    """The source of `kind`. Raises LookupError."""
    try:
        return _sources[kind]
    except KeyError:
        raise LookupError(f"no search source is registered for {kind!r}") from None


def set_backend(backend: Backend | None) -> Backend | None:
    """Set what keeps the index; returns what did before."""
    global _backend
    before, _backend = _backend, backend
    return before


def reindex(kind: str, ids: Iterable[int]) -> None:
    """Bring the entries of these objects up to date, now, in the caller's transaction.

    Raises LookupError for a kind that is not registered.
    """
    wanted = sorted(set(ids))
    found = source(kind) if _backend and wanted else None
    if _backend and found:
        _backend.reindex(found, wanted)


def reindex_all(kind: str) -> None:
    """Bring all entries of a kind up to date, after a bulk load for example."""
    if _backend:
        _backend.reindex_all(source(kind))
