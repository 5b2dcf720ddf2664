"""Who may do what in KMS.

A legislation editor keeps the instruments that the institutions of the own scope issue; an editor
of the whole state, and the central administration, keep all of them.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from kaysis.accounts.models import Person, Role
from kaysis.accounts.permissions import has_role, is_central_administrator
from kms.models import Instrument, TextVersion
from kms.querysets import editor_scopes

AnyPerson = Person | AnonymousUser
ROLES = (Role.LEGISLATION_EDITOR, Role.CENTRAL_ADMINISTRATOR)


def is_editor(person: AnyPerson) -> bool:
    return has_role(person, *ROLES)


def may_issue_for(person: AnyPerson, detsis_no: int | None) -> bool:
    """Record an instrument of this institution; without one, of the whole state."""
    scopes = editor_scopes(person)
    return scopes.everywhere or (detsis_no is not None and scopes.covers(detsis_no))


def may_edit(person: AnyPerson, instrument: Instrument) -> bool:
    """Change the instrument, its texts and its relations."""
    return may_issue_for(person, instrument.issuer_id)


def may_check(person: AnyPerson, version: TextVersion) -> bool:
    """Publish a text that waits for its check: never one's own, unless one is the centre."""
    if is_central_administrator(person):
        return True
    return may_edit(person, version.instrument) and version.created_by_id != person.pk
