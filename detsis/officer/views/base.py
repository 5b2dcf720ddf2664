"""What the pages about files of changes share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis import selectors
from detsis.models import ChangeItem, ChangeSet, ChangeSetStatus
from detsis.permissions import may_decide
from detsis.services.items import EDITABLE
from kaysis.accounts.models import Role
from kaysis.accounts.views.base import OfficerPage
from kaysis.common.errors import KaysisError
from kaysis.common.types import Text

ROLES = (Role.DETSIS_OFFICER, Role.CENTRAL_ADMINISTRATOR)
WORK = _("Birim değişiklikleri")
_S = ChangeSetStatus
TONES = {
    _S.DRAFT: "neutral",
    _S.SUBMITTED: "info",
    _S.RETURNED: "warning",
    _S.REFUSED: "danger",
    _S.SCHEDULED: "info",
    _S.IN_FORCE: "success",
    _S.WITHDRAWN: "neutral",
}
ICONS = {_S.DRAFT: "draft", _S.SUBMITTED: "clock", _S.SCHEDULED: "calendar"}


def urgency(change_set: ChangeSet, today: dt.date) -> tuple[Text, str] | None:
    """How urgent a waiting file is, in words and a tone."""
    if change_set.status != _S.SUBMITTED or change_set.due_on is None:
        return None
    left = (change_set.due_on - today).days
    if left < 0:
        return _("Süresi geçti"), "danger"
    if left == 0:
        return _("Bugün son gün"), "danger"
    if left == 1:
        return _("Yarın son gün"), "warning"
    if left <= 7:
        return _("Bu hafta"), "warning"
    return _("Süresi var"), "neutral"


def dress(change_set: ChangeSet, today: dt.date) -> ChangeSet:
    """Adds what lists and the file's page show of it: tone, symbol, urgency."""
    status = _S(change_set.status)
    shown: Any = change_set
    shown.tone, shown.symbol = TONES[status], ICONS.get(status, "")
    shown.urgency = urgency(change_set, today)
    return change_set


def with_paths(change_sets: Iterable[ChangeSet]) -> list[ChangeSet]:
    """Adds to each file of a list where its institution stands. One query."""
    files = list(change_sets)
    trails = selectors.paths({file.institution_id for file in files if file.institution_id})
    for file in files:
        shown: Any = file
        shown.institution_path = trails.get(file.institution_id or 0, [])
    return files


class FilePageBase(OfficerPage):
    """Pages of one file. Who may not see it gets 404."""

    roles = ROLES

    def get_file(self) -> ChangeSet:
        files = ChangeSet.objects.visible_to(self.person).select_related(
            "institution", "created_by", "decided_by"
        )
        return get_object_or_404(files, pk=self.kwargs["pk"])

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(WORK, reverse("detsis:work"))]


def may_edit(person: Any, file: ChangeSet) -> bool:
    """Whether the person may change what the file says, as it stands now."""
    own = file.created_by_id == person.pk or may_decide(person)
    return file.status in EDITABLE and own


def editable_file(person: Any, number: str | int) -> ChangeSet:
    """The file; Http404 or PermissionDenied where there is none for this person to edit."""
    text = str(number)
    pk = int(text) if text.isdecimal() and len(text) < 12 else 0
    file = get_object_or_404(ChangeSet.objects.visible_to(person), pk=pk)
    if not may_edit(person, file):
        raise PermissionDenied(gettext("Bu dosya artık değiştirilemez ya da sizin dosyanız değil."))
    return file


def keys_of(file: ChangeSet | None, without: ChangeItem | None = None) -> dict[str, str]:
    """Temporary name → name of the units the file founds."""
    if file is None:
        return {}
    rows = file.items.exclude(key="")
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return {
        key: str(given.get("name", "")) for key, given in rows.values_list("key", "assignments")
    }


def say(request: HttpRequest, error: KaysisError | ValidationError) -> None:
    """The refusal as a message on the next page."""
    text = str(error) if isinstance(error, KaysisError) else " ".join(error.messages)
    messages.error(request, text)
