"""Every state change of DETSİS.

- `units`: what can happen to a unit (found, rename, move, close, merge …)
- `record`: writes changes and everything that follows from them, in one transaction
- `items`: what a file of changes holds
- `changesets`: the way of a file of changes from draft to decision; `preview`: what it would do
- `projection`: brings `Unit` and the tree to what the versions say of today
"""

from detsis.services.changesets import (
    approve_change_set,
    create_change_set,
    edit_change_set,
    refuse_change_set,
    return_change_set,
    submit_change_set,
    withdraw_change_set,
)
from detsis.services.items import ItemInput, add_items, remove_item, replace_item, write_items
from detsis.services.preview import preview_change_set
from detsis.services.projection import put_into_force
from detsis.services.record import Wanted, record_changes
from detsis.services.reminders import remind_due_files
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
    "ItemInput",
    "Wanted",
    "add_items",
    "amend_unit",
    "approve_change_set",
    "close_unit",
    "correct_change",
    "create_change_set",
    "devolve_unit",
    "edit_change_set",
    "found_unit",
    "merge_units",
    "move_unit",
    "preview_change_set",
    "put_into_force",
    "record_changes",
    "refuse_change_set",
    "remind_due_files",
    "remove_item",
    "rename_unit",
    "reopen_unit",
    "replace_item",
    "return_change_set",
    "split_unit",
    "submit_change_set",
    "void_change",
    "withdraw_change_set",
    "write_items",
]
