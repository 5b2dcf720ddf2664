"""Every change in İYEM: one keyword-only function each, in one transaction.

Refusals are `RuleViolation` at the field concerned, `NotAllowed`, `Conflict` when somebody was
first, or Django's `ValidationError`.
"""

from iyem.services.appointments import (
    correct_appointment,
    end_appointment,
    register_appointment,
    withdraw_appointment,
)
from iyem.services.confirmations import confirm_list
from iyem.services.deputies import link_to_deputy, open_deputy_post, unlink_from_deputy
from iyem.services.legacy import restore_legacy_names
from iyem.services.managers import manager_of, register_manager
from iyem.services.proxies import (
    change_absence,
    record_absence,
    register_proxy,
    withdraw_absence,
)

__all__ = [
    "change_absence",
    "confirm_list",
    "correct_appointment",
    "end_appointment",
    "link_to_deputy",
    "manager_of",
    "open_deputy_post",
    "record_absence",
    "register_appointment",
    "register_manager",
    "register_proxy",
    "restore_legacy_names",
    "unlink_from_deputy",
    "withdraw_absence",
    "withdraw_appointment",
]
