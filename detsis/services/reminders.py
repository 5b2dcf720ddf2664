"""Reminding the centre of files whose answer is due."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from detsis.models import ChangeSet, ChangeSetStatus
from kaysis.accounts.models import Role
from kaysis.accounts.selectors import holders_of
from kaysis.accounts.services import notify_everyone

# Days left on which the central administrators are reminded.
REMIND_ON = (1, 0)


def remind_due_files(*, today: dt.date | None = None) -> int:
    """Tell the central administrators of every waiting file due today or tomorrow.

    Returns how many notifications were sent. Each is sent once per file and day, however often the
    job runs: the key says which file and how many days were left.
    """
    today = today or timezone.localdate()
    due = ChangeSet.objects.filter(
        status=ChangeSetStatus.SUBMITTED,
        due_on__in=[today + dt.timedelta(days=days) for days in REMIND_ON],
    )
    people = list(holders_of(Role.CENTRAL_ADMINISTRATOR))
    sent = 0
    for file in due.order_by("due_on", "pk"):
        assert file.due_on is not None, "filtered by it"
        left = (file.due_on - today).days
        with override("tr"):
            text = (
                _("Yarın süresi dolacak değişiklik dosyası: %(title)s")
                if left
                else _("Bugün sonuçlandırılması gereken değişiklik dosyası: %(title)s")
            )
        sent += len(
            notify_everyone(
                people=people,
                kind="detsis.change_set_due",
                text=text % {"title": file.title},
                url=reverse("detsis:change-set", args=[file.pk]),
                key=f"detsis.change_set_due/{file.pk}/{file.due_on:%Y-%m-%d}/{left}",
            )
        )
    return sent
