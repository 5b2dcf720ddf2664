"""A state of three units, since this layer knows none: B hangs below A, C stands elsewhere."""

import pytest

from kaysis.accounts import scopes
from kaysis.accounts.scopes import ScopeInfo
from tests.factories.accounts import Cast, make_cast

UNIT_A, UNIT_B, UNIT_C = 70_000_001, 70_000_002, 70_000_003
_UNITS = {
    UNIT_A: ScopeInfo(UNIT_A, "Deneme Bakanlığı", url=f"/kurum/{UNIT_A}/"),
    UNIT_B: ScopeInfo(UNIT_B, "Personel Başkanlığı", path=("Deneme Bakanlığı",)),
    UNIT_C: ScopeInfo(UNIT_C, "Örnek Valiliği"),
}
_PARENTS = {UNIT_B: [UNIT_A]}


def _describe(detsis_no: int) -> ScopeInfo | None:
    return _UNITS.get(detsis_no)


def _ancestors(detsis_no: int) -> list[int]:
    return _PARENTS.get(detsis_no, [])


@pytest.fixture(autouse=True)
def units(monkeypatch: pytest.MonkeyPatch) -> None:
    """These units and no others: the layer above has registered its own."""
    monkeypatch.setattr(scopes, "_resolvers", [])
    monkeypatch.setattr(scopes, "_ancestors", [])
    scopes.register_resolver(_describe)
    scopes.register_ancestors(_ancestors)


@pytest.fixture
def cast(db: None) -> Cast:
    """Ayşe and Burak over A, Cem over C."""
    return make_cast(scope=UNIT_A, elsewhere=UNIT_C)
