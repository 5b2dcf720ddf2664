"""Every state change of DETSİS.

- `units`: what can happen to a unit (found, rename, move, close, merge …)
- `record`: writes changes and everything that follows from them, in one transaction
- `projection`: brings `Unit` and the tree to what the versions say of today
- `codes`: the code tables
"""

from detsis.services.projection import put_into_force
from detsis.services.record import Wanted, record_changes
from detsis.services.units import (
    amend_unit,
    close_unit,
    correct_change,
    devolve_unit,
    found_unit,
    merge_units,
    move_unit,
    rename_unit,
    reopen_unit,
    split_unit,
    void_change,
)

__all__ = [
    "Wanted",
    "amend_unit",
    "close_unit",
    "correct_change",
    "devolve_unit",
    "found_unit",
    "merge_units",
    "move_unit",
    "put_into_force",
    "record_changes",
    "rename_unit",
    "reopen_unit",
    "split_unit",
    "void_change",
]
