"""Leave and travel of a holder: the only times in which somebody acts for a filled post (17)."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from iyem.models.appointment import Appointment, Source
from iyem.models.manager import Manager
from iyem.models.states import State, kept_triggers, range_constraints
from kaysis.accounts.models import Person


class AbsenceKind(models.TextChoices):
    LEAVE = "leave", _("Yıllık izin")
    SICK = "sick", _("Sağlık izni")
    EXCUSED = "excused", _("Mazeret izni")
    DOMESTIC = "domestic", _("Yurt içi görevlendirme")
    ABROAD = "abroad", _("Yurt dışı görevlendirme")
    SUSPENDED = "suspended", _("Görevden uzaklaştırma")


_COPIES = """
    IF NOT EXISTS (
        SELECT 1 FROM iyem_absence b JOIN iyem_appointment a ON a.id = b.appointment_id
        WHERE b.id = NEW.absence_id AND a.id = NEW.appointment_id
            AND a.manager_id = NEW.manager_id AND a.kind IN ('substantive', 'acting_vacant'))
    THEN
        RAISE EXCEPTION 'state of absence % is not a copy of it', NEW.absence_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'iyem_state_copies';
    END IF;
    RETURN NEW;
"""
# Those who stand for the absent one, and what the absent one does for others meanwhile.
_PROXIES = """
    PERFORM iyem_check_proxies(NEW.appointment_id);
    PERFORM iyem_check_proxies(s.appointment_id)
    FROM iyem_appointmentstate s
    WHERE s.manager_id = NEW.manager_id AND upper_inf(s.known) AND s.slot <> 'holder'
        AND s.validity && NEW.validity AND upper_inf(NEW.known);
    RETURN NULL;
"""


class Absence(models.Model):
    """That a holder is away; from when to when is in its states."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="absences", verbose_name=_("görev")
    )
    kind = models.CharField(_("ayrılış türü"), max_length=9, choices=AbsenceKind.choices)
    registered_at = models.DateTimeField(_("kayıt zamanı"))
    registered_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kaydeden"),
    )
    source = models.CharField(
        _("kaynak"), max_length=6, choices=Source.choices, default=Source.SCREEN
    )

    class Meta:
        verbose_name = _("ayrılış")
        verbose_name_plural = _("ayrılışlar")
        constraints = [
            models.CheckConstraint(
                name="iyem_absence_kind",
                condition=Q(kind__in=AbsenceKind.values),
                violation_error_message=_("Böyle bir ayrılış türü yok."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="as_registered", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class AbsenceState(State):
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, related_name="states", verbose_name=_("ayrılış")
    )
    # Copies, as in AppointmentState: whose absence, and the person, who cannot act elsewhere.
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    manager = models.ForeignKey(Manager, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("ayrılışın durumu")
        verbose_name_plural = _("ayrılışların durumları")
        constraints = [
            ExclusionConstraint(
                name="iyem_one_absence",
                expressions=[
                    (F("appointment"), RangeOperators.EQUAL),
                    (F("validity"), RangeOperators.OVERLAPS),
                    (F("known"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Yönetici bu zaman aralığında zaten ayrılmış görünüyor."),
            ),
            ExclusionConstraint(
                name="iyem_one_current_absence",
                expressions=[
                    (F("absence"), RangeOperators.EQUAL),
                    (F("known"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Ayrılışın iki geçerli kaydı olamaz."),
            ),
            models.CheckConstraint(
                name="iyem_absence_ends",
                condition=Q(validity__isempty=True) | Q(validity__upper_inf=False),
                violation_error_message=_("Ayrılışın bitişi girilmelidir."),
            ),
            *range_constraints("iyem_absence"),
        ]
        indexes = [models.Index(fields=["manager"], name="iyem_absence_manager")]
        triggers = [
            *kept_triggers(),
            pgtrigger.Trigger(
                name="copies", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_COPIES
            ),
            pgtrigger.Trigger(
                name="proxies",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=_PROXIES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absence} {self.validity}"
