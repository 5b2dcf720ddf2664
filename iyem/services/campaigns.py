"""First-registration campaigns and their reminders (rule 12)."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Iterator
from typing import Any

import structlog
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from detsis.models import Unit
from iyem import coverage
from iyem.coverage import Office
from iyem.models import Campaign, CampaignReminder
from iyem.staffing import OFFICERS
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person, RoleGrant
from kaysis.accounts.permissions import is_central_administrator
from kaysis.common.errors import NotAllowed, RuleViolation, friendly_integrity

log = structlog.get_logger("iyem")


def open_campaign(
    *, actor: Person, name: str, first_day: dt.date, last_day: dt.date, remind_every_days: int
) -> Campaign:
    """A campaign from `first_day` to `last_day`, both counted. The centre only.

    Raises `NotAllowed`, `RuleViolation` at last_day, `ValidationError` if another one overlaps.
    """
    return _save(
        Campaign(created_by=actor),
        actor=actor,
        name=name,
        first_day=first_day,
        last_day=last_day,
        remind_every_days=remind_every_days,
    )


def change_campaign(
    *,
    actor: Person,
    campaign: Campaign,
    name: str,
    first_day: dt.date,
    last_day: dt.date,
    remind_every_days: int,
) -> Campaign:
    """Set right, prolong or end earlier. Raises as `open_campaign`."""
    return _save(
        campaign,
        actor=actor,
        name=name,
        first_day=first_day,
        last_day=last_day,
        remind_every_days=remind_every_days,
    )


def _save(
    campaign: Campaign,
    *,
    actor: Person,
    name: str,
    first_day: dt.date,
    last_day: dt.date,
    remind_every_days: int,
) -> Campaign:
    if not is_central_administrator(actor):
        raise NotAllowed
    if last_day < first_day:
        raise RuleViolation(_("Son gün ilk günden önce olamaz."), field="last_day")
    campaign.name = name.strip()
    campaign.period = DateRange(first_day, last_day + dt.timedelta(days=1))
    campaign.remind_every_days = remind_every_days
    with (
        friendly_integrity(Campaign),
        transaction.atomic(),
        because(str(_("İlk kayıt kampanyası")), actor=actor),
    ):
        campaign.full_clean()
        campaign.save()
    return campaign


def send_reminders(*, today: dt.date | None = None) -> int:
    """Remind the officers in whose charge units are still missing. Returns how many were sent.

    Each officer is reminded of each office at most once in `remind_every_days`, however often the
    job runs and whenever it is killed: the row that says so is committed before the message goes.
    A server that does not answer leaves no row, so that the next run tries again.
    """
    today = today or timezone.localdate()
    campaign = Campaign.objects.filter(period__contains=today).first()
    if campaign is None:
        return 0
    coverage.refresh()
    due = list(_due(campaign, today))
    if not due:
        return 0
    sent = 0
    # Raises before anything is written, if nobody answers.
    with mail.get_connection() as connection:
        for grant, unit, missing in due:
            row = _claim(campaign, grant, missing, today)
            if row is None:
                continue
            message = _message(campaign, grant.person, unit, missing, today)
            message.connection = connection
            try:
                message.send()
            except smtplib.SMTPException as error:
                log.warning("reminder_refused", reminder=row.pk, error=type(error).__name__)
                continue
            CampaignReminder.objects.filter(pk=row.pk).update(sent_at=timezone.now())
            sent += 1
    return sent


def _due(campaign: Campaign, today: dt.date) -> Iterator[tuple[RoleGrant, Unit, int]]:
    """Officers with an e-mail address whose turn it is, and how much they have missing."""
    grants = list(
        RoleGrant.objects.filter(role__in=OFFICERS, person__is_active=True)
        .valid_at()
        .exclude(person__email="")
        .select_related("person")
        .order_by("pk")
    )
    missing = coverage.missing_at({Office(g.role, g.scope_detsis_no or 0) for g in grants})
    since = today - dt.timedelta(days=campaign.remind_every_days)
    lately = set(
        CampaignReminder.objects.filter(campaign=campaign, day__gt=since).values_list(
            "officer_id", "scope_id"
        )
    )
    units = Unit.objects.in_bulk({office.scope for office in missing})
    for grant in grants:
        number = missing.get(Office(grant.role, grant.scope_detsis_no or 0), 0)
        if number and (grant.person_id, grant.scope_detsis_no) not in lately:
            yield grant, units[grant.scope_detsis_no], number


def _claim(
    campaign: Campaign, grant: RoleGrant, missing: int, today: dt.date
) -> CampaignReminder | None:
    """The row of a message that is about to be sent; None if another worker has it."""
    row, created = CampaignReminder.objects.get_or_create(
        campaign=campaign,
        officer=grant.person,
        scope_id=grant.scope_detsis_no,
        day=today,
        defaults={"missing": missing},
    )
    return row if created else None


def _message(
    campaign: Campaign, officer: Person, unit: Unit, missing: int, today: dt.date
) -> mail.EmailMessage:
    last_day = campaign.period.upper - dt.timedelta(days=1)
    with override(settings.LANGUAGE_CODE):
        context: dict[str, Any] = {
            "campaign": campaign,
            "officer": officer,
            "unit": unit,
            "missing": missing,
            "last_day": last_day,
            "days_left": (last_day - today).days,
            "url": settings.SITE_URL
            + reverse("iyem:campaign-missing", args=[campaign.pk])
            + f"?kapsam={unit.pk}",
        }
        subject = ngettext(
            "İYEM: %(n)d birimin yöneticisi henüz kaydedilmedi",
            "İYEM: %(n)d birimin yöneticisi henüz kaydedilmedi",
            missing,
        ) % {"n": missing}
        text = render_to_string("iyem/authorising/reminder.txt", context)
    return mail.EmailMessage(subject=subject, body=text, to=[officer.email])
