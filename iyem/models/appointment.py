"""Appointments (rules 1, 11–17): who holds, keeps or represents a post, and since when known."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from iyem.models.manager import Manager
from iyem.models.post import Post
from iyem.models.states import State, kept_triggers, range_constraints
from kaysis.accounts.models import Person


class AppointmentKind(models.TextChoices):
    SUBSTANTIVE = "substantive", _("Asaleten")
    ACTING_FILLED = "acting_filled", _("Dolu kadroya vekâleten")
    ACTING_VACANT = "acting_vacant", _("Boş kadroya vekâleten")
    DELEGATED = "delegated", _("İmza yetkisi devri")


class Slot(models.TextChoices):
    """What may be filled once at a time on a post."""

    HOLDER = "holder", _("Asıl")
    ACTING = "acting", _("Vekil")
    DELEGATE = "delegate", _("İmza yetkisi devredilen")


SLOT_OF = {
    AppointmentKind.SUBSTANTIVE: Slot.HOLDER,
    AppointmentKind.ACTING_FILLED: Slot.ACTING,
    AppointmentKind.ACTING_VACANT: Slot.ACTING,
    AppointmentKind.DELEGATED: Slot.DELEGATE,
}
# Those that stand for the holder of a filled post.
REPRESENTING = (AppointmentKind.ACTING_FILLED, AppointmentKind.DELEGATED)


class Source(models.TextChoices):
    SCREEN = "screen", _("Ekran")
    BULK = "bulk", _("Toplu kayıt")
    EBYS = "ebys", _("EBYS web servisi")
    DEMO = "demo", _("Örnek veri")


# A copy that differs from the appointment would slip past the exclusions.
_COPIES = """
    IF NOT EXISTS (
        SELECT 1 FROM iyem_appointment a JOIN iyem_post p ON p.id = a.post_id
        WHERE a.id = NEW.appointment_id AND a.post_id = NEW.post_id AND p.unit_id = NEW.unit_id
            AND a.manager_id = NEW.manager_id AND a.kind = NEW.kind
            AND NEW.slot = CASE a.kind WHEN 'substantive' THEN 'holder'
                WHEN 'delegated' THEN 'delegate' ELSE 'acting' END)
    THEN
        RAISE EXCEPTION 'state of appointment % is not a copy of it', NEW.appointment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'iyem_state_copies';
    END IF;
    RETURN NEW;
"""


class Appointment(models.Model):
    """That a manager was registered for a post; its dates are in its states."""

    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("makam")
    )
    manager = models.ForeignKey(
        Manager, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("yönetici")
    )
    kind = models.CharField(_("görev türü"), max_length=14, choices=AppointmentKind.choices)
    represents = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proxies",
        verbose_name=_("kime vekâleten"),
    )
    # Authority begins at this moment, however early the appointment (rule 16).
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
    first_registration = models.BooleanField(_("birimin ilk kaydı"), default=False)

    class Meta:
        verbose_name = _("görev")
        verbose_name_plural = _("görevler")
        constraints = [
            models.CheckConstraint(
                name="iyem_appointment_kind",
                condition=Q(kind__in=AppointmentKind.values),
                violation_error_message=_("Böyle bir görev türü yok."),
            ),
            models.CheckConstraint(
                name="iyem_appointment_represents",
                condition=(
                    Q(kind__in=REPRESENTING, represents__isnull=False)
                    | (~Q(kind__in=REPRESENTING) & Q(represents__isnull=True))
                ),
                violation_error_message=_(
                    "Dolu kadroya vekâlet ve imza yetkisi devri, yerine imza atılan yöneticiyi "
                    "gösterir; diğer görevler göstermez."
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="as_registered", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.manager} – {self.get_kind_display()}"


class AppointmentState(State):
    """The appointment during `validity`, as the register held it during `known`."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="states", verbose_name=_("görev")
    )
    # Copies of the appointment's own, for the exclusions and for the one query of an answer; a
    # trigger refuses a copy that differs.
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager = models.ForeignKey(Manager, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=14, choices=AppointmentKind.choices)
    slot = models.CharField(max_length=8, choices=Slot.choices)
    title = models.CharField(_("unvan"), max_length=200)
    legal_ground = models.CharField(_("hukuki dayanak"), max_length=500, blank=True)
    # Recorded later than the day it happened (rule 13).
    late = models.BooleanField(_("geç kayıt"), default=False)
    left_vacant = models.BooleanField(_("makam boşaldı"), default=False)

    class Meta:
        verbose_name = _("görevin durumu")
        verbose_name_plural = _("görevlerin durumları")
        constraints = [
            ExclusionConstraint(
                name="iyem_one_at_a_time",
                expressions=[
                    (F("post"), RangeOperators.EQUAL),
                    (F("slot"), RangeOperators.EQUAL),
                    (F("validity"), RangeOperators.OVERLAPS),
                    (F("known"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Bu makamda aynı zaman aralığında başka bir yönetici kayıtlı."
                ),
            ),
            ExclusionConstraint(
                name="iyem_vacant_means_vacant",
                expressions=[
                    (F("post"), RangeOperators.EQUAL),
                    (F("validity"), RangeOperators.OVERLAPS),
                    (F("known"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind__in=["substantive", "acting_vacant"]),
                violation_error_message=_(
                    "Boş kadroya vekâlet, makamda asil bir yöneticinin bulunduğu zamana girilemez."
                ),
            ),
            ExclusionConstraint(
                name="iyem_one_current_state",
                expressions=[
                    (F("appointment"), RangeOperators.EQUAL),
                    (F("known"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Görevin iki geçerli kaydı olamaz."),
            ),
            models.CheckConstraint(
                name="iyem_state_has_title",
                condition=~Q(title=""),
                violation_error_message=_("Unvan yazılmalıdır."),
            ),
            models.CheckConstraint(
                name="iyem_proxy_ends",
                condition=~Q(kind__in=["acting_filled", "delegated"])
                | Q(validity__isempty=True)
                | Q(validity__upper_inf=False),
                violation_error_message=_("Dolu kadroya vekâletin ve imza devrinin bitişi olmalı."),
            ),
            *range_constraints("iyem_state"),
        ]
        indexes = [
            # "May this manager sign for this unit": a handful of rows.
            models.Index(fields=["unit", "manager"], name="iyem_state_unit_manager"),
            models.Index(fields=["manager"], name="iyem_state_manager"),
            # What ends today, among all there ever was.
            models.Index(
                RangeEndsWith("validity"),
                condition=Q(known__upper_inf=True),
                name="iyem_state_ends",
            ),
        ]
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
                func="PERFORM iyem_check_proxies(NEW.appointment_id); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.validity}"
