"""The changes a unit went through: append-only, and the source of everything else in DETSİS."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from detsis.models.unit import Unit
from kaysis.accounts.audit import append_only


class ChangeKind(models.TextChoices):
    REGISTERED = "registered", _("Kayıt")
    FOUNDED = "founded", _("Kuruluş")
    RENAMED = "renamed", _("Ad değişikliği")
    MOVED = "moved", _("Bağlılık değişikliği")
    AMENDED = "amended", _("Bilgi güncelleme")
    MERGED = "merged", _("Birleşme")
    SPLIT = "split", _("Bölünme")
    DEVOLVED = "devolved", _("Devir")
    CLOSED = "closed", _("Kapatma")
    REOPENED = "reopened", _("Yeniden açma")
    VOIDED = "voided", _("Kaydın geri alınması")


# How many successors a kind of change must name: (at least, at most; None = no limit).
SUCCESSORS: dict[str, tuple[int, int | None]] = {
    ChangeKind.MERGED: (1, 1),
    ChangeKind.DEVOLVED: (1, 1),
    ChangeKind.SPLIT: (2, None),
}
ENDING_KINDS = (ChangeKind.CLOSED, ChangeKind.MERGED, ChangeKind.SPLIT, ChangeKind.DEVOLVED)

# Deferred to the end of the transaction, when the succession rows stand beside the change.
_SUCCESSOR_COUNT_SQL = """
    SELECT count(*) INTO found FROM detsis_succession WHERE change_id = NEW.id;
    IF (NEW.kind IN ('merged', 'devolved') AND found <> 1)
        OR (NEW.kind = 'split' AND found < 2)
        OR (NEW.kind NOT IN ('merged', 'devolved', 'split') AND found <> 0)
    THEN
        RAISE EXCEPTION 'change % of kind % has % successors', NEW.id, NEW.kind, found
            USING ERRCODE = 'check_violation', CONSTRAINT = 'detsis_change_successors',
                TABLE = 'detsis_unitchange';
    END IF;
    RETURN NULL;
"""


@append_only
class UnitChange(models.Model):
    """From `effective_on` on, the facts in `assignments` hold for the unit.

    `id` is the cursor of the change feed: rows are written under the tree lock, so ids become
    visible in order. `assignments` maps field names to values as the API gives them (units by
    number, codes by code); `before` holds the values they replaced. A wrong entry is never
    altered: a row of kind `voided` points at it, and a correcting row may `replace` it.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="changes", verbose_name=_("birim")
    )
    kind = models.CharField(_("tür"), max_length=12, choices=ChangeKind.choices)
    effective_on = models.DateField(_("geçerlilik tarihi"))
    assignments = models.JSONField(_("yeni değerler"), default=dict)
    before = models.JSONField(_("önceki değerler"), default=dict)
    reason = models.TextField(_("gerekçe"), blank=True)
    legal_reference = models.CharField(_("hukuki dayanak"), max_length=500, blank=True)
    change_set = models.ForeignKey(
        "detsis.ChangeSet",
        on_delete=models.PROTECT,
        null=True,
        related_name="changes",
        verbose_name=_("değişiklik dosyası"),
    )
    voids = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="voided_by",
        verbose_name=_("geri aldığı kayıt"),
    )
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="replaced_by",
        verbose_name=_("düzelttiği kayıt"),
        db_index=False,
    )
    recorded_at = models.DateTimeField(_("kayıt zamanı"), db_default=models.functions.Now())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("kaydeden"),
        db_index=False,
    )
    source = models.CharField(_("kaynak"), max_length=20, default="web")
    ip_address = models.GenericIPAddressField(_("IP adresi"), null=True, editable=False)
    request_id = models.CharField(_("istek kimliği"), max_length=64, blank=True, editable=False)
    # Recorded before its day: `put_into_force` looks only at these.
    scheduled = models.BooleanField(_("günü gelmeden kaydedildi"), default=False)

    class Meta:
        verbose_name = _("birim değişikliği")
        verbose_name_plural = _("birim değişiklikleri")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="voided", voids__isnull=False)
                | (~Q(kind="voided") & Q(voids__isnull=True)),
                name="detsis_change_voids",
                violation_error_message=_("Geri alma kaydı, geri aldığı kaydı göstermelidir."),
            ),
            models.CheckConstraint(
                condition=Q(voids__isnull=True) | ~Q(voids=F("id")),
                name="detsis_change_not_own_void",
                violation_error_message=_("Bir kayıt kendisini geri alamaz."),
            ),
        ]
        indexes = [
            models.Index(fields=["effective_on", "id"], name="detsis_change_effective"),
            models.Index(
                fields=["effective_on"],
                condition=Q(scheduled=True),
                name="detsis_change_scheduled",
            ),
            # Pages and feeds of what changed leave out the first registrations: nearly all rows.
            models.Index(
                fields=["id"],
                include=["unit"],
                condition=~Q(kind="registered"),
                name="detsis_change_list",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="successor_count",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=[("found", "integer")],
                func=_SUCCESSOR_COUNT_SQL,
                # Loads are of kinds that have no successor: spare them the look-up per row.
                condition=pgtrigger.Q(new__kind__in=["merged", "devolved", "split"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.unit_id} {self.kind} {self.effective_on}"


@append_only
class Succession(models.Model):
    """A unit that carries on the work of one that ended."""

    change = models.ForeignKey(UnitChange, on_delete=models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="successions", verbose_name=_("sona eren")
    )
    successor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="predecessions", verbose_name=_("halef")
    )

    class Meta:
        verbose_name = _("halefiyet")
        verbose_name_plural = _("halefiyetler")
        constraints = [
            models.UniqueConstraint(
                fields=["change", "successor"],
                name="detsis_succession_once",
                violation_error_message=_("Aynı halef iki kez yazılamaz."),
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="detsis_succession_other",
                violation_error_message=_("Bir birim kendisinin halefi olamaz."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"
