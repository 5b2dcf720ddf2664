"""First-registration campaigns (rule 12) and the reminders they send."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from kaysis.accounts.audit import audited
from kaysis.accounts.models import Person


@audited()
class Campaign(models.Model):
    """Until `period.upper` all units are to have their managers registered."""

    name = models.CharField(_("ad"), max_length=200)
    period = DateRangeField(_("süre"))
    remind_every_days = models.PositiveSmallIntegerField(_("hatırlatma aralığı (gün)"), default=7)
    created_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("oluşturan")
    )
    created_at = models.DateTimeField(_("oluşturma zamanı"), auto_now_add=True)

    class Meta:
        verbose_name = _("ilk kayıt kampanyası")
        verbose_name_plural = _("ilk kayıt kampanyaları")
        ordering = ["-period"]
        constraints = [
            ExclusionConstraint(
                name="iyem_one_campaign",
                expressions=[("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("Bu tarihlerde başka bir kampanya var."),
            ),
            models.CheckConstraint(
                name="iyem_campaign_period",
                condition=Q(
                    period__isempty=False, period__lower_inf=False, period__upper_inf=False
                ),
                violation_error_message=_("Kampanyanın ilk ve son günü olmalıdır."),
            ),
            models.CheckConstraint(
                name="iyem_campaign_pace",
                condition=Q(remind_every_days__range=(1, 90)),
                violation_error_message=_("Hatırlatma aralığı 1 ile 90 gün arasındadır."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignReminder(models.Model):
    """One message to one officer on one day: written before it is sent, so never sent twice."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reminders")
    officer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    scope = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("gün"))
    missing = models.PositiveIntegerField(_("eksik birim sayısı"))
    sent_at = models.DateTimeField(_("gönderilme zamanı"), null=True, blank=True)

    class Meta:
        verbose_name = _("hatırlatma")
        verbose_name_plural = _("hatırlatmalar")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "officer", "scope", "day"],
                name="iyem_reminder_once_a_day",
                violation_error_message=_("Bu hatırlatma bugün gönderilmiş."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.day:%d.%m.%Y}"
