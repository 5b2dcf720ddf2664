"""Every change to people, roles, sessions and notifications.

One keyword-only function per change, in one transaction. Refusals are Django's `ValidationError`
(a message for the form) and `PermissionDenied`.
"""

from kaysis.accounts.services.national_ids import reveal_national_id
from kaysis.accounts.services.notifications import (
    mark_all_read,
    mark_read,
    notify,
    notify_everyone,
)
from kaysis.accounts.services.people import (
    deactivate_person,
    reactivate_person,
    register_person,
    update_person,
)
from kaysis.accounts.services.roles import grant_role, revoke_role
from kaysis.accounts.services.sessions import (
    end_other_sign_ins,
    end_sessions,
    end_sign_in,
    record_failure,
    sign_in,
    sign_out,
)

__all__ = [
    "deactivate_person",
    "end_other_sign_ins",
    "end_sessions",
    "end_sign_in",
    "grant_role",
    "mark_all_read",
    "mark_read",
    "notify",
    "notify_everyone",
    "reactivate_person",
    "record_failure",
    "register_person",
    "reveal_national_id",
    "revoke_role",
    "sign_in",
    "sign_out",
    "update_person",
]
