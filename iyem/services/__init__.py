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
from iyem.services.campaigns import change_campaign, open_campaign, send_reminders
from iyem.services.confirmations import confirm_list
from iyem.services.curricula import review_curriculum, submit_curriculum, withdraw_consent
from iyem.services.deputies import (
    link_to_deputy,
    next_deputy_post,
    open_deputy_post,
    unlink_from_deputy,
)
from iyem.services.legacy import restore_legacy_names
from iyem.services.managers import manager_of, register_manager
from iyem.services.officers import apply_for_officer, grant_application, refuse_application
from iyem.services.proxies import (
    change_absence,
    record_absence,
    register_proxy,
    withdraw_absence,
)
from iyem.services.retention import erase_personal_data

__all__ = [
    "apply_for_officer",
    "change_absence",
    "change_campaign",
    "confirm_list",
    "correct_appointment",
    "end_appointment",
    "erase_personal_data",
    "grant_application",
    "link_to_deputy",
    "manager_of",
    "next_deputy_post",
    "open_campaign",
    "open_deputy_post",
    "record_absence",
    "refuse_application",
    "register_appointment",
    "register_manager",
    "register_proxy",
    "restore_legacy_names",
    "review_curriculum",
    "send_reminders",
    "submit_curriculum",
    "unlink_from_deputy",
    "withdraw_absence",
    "withdraw_appointment",
    "withdraw_consent",
]
