"""People, what they may do, and how they came in."""

from kaysis.accounts.models.access import FailedSignIn, NationalIdAccess, SignIn
from kaysis.accounts.models.clients import ApiClient
from kaysis.accounts.models.notifications import Notification
from kaysis.accounts.models.people import Person
from kaysis.accounts.models.roles import Role, RoleGrant

__all__ = [
    "ApiClient",
    "FailedSignIn",
    "NationalIdAccess",
    "Notification",
    "Person",
    "Role",
    "RoleGrant",
    "SignIn",
]
