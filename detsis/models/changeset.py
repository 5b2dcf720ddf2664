"""A file of wanted changes: an officer's proposal, a bulk upload, a reorganisation by decree."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from detsis.models.change import ChangeKind
from detsis.models.unit import Unit
from detsis.querysets import ChangeSetQuerySet
from kaysis.accounts.audit import audited


class ChangeSetStatus(models.TextChoices):
    DRAFT = "draft", _("Taslak")
    SUBMITTED = "submitted", _("Onay bekliyor")
    RETURNED = "returned", _("İade edildi")
    REFUSED = "refused", _("Reddedildi")
    SCHEDULED = "scheduled", _("Onaylandı, gününü bekliyor")
    IN_FORCE = "in_force", _("Yürürlükte")
    WITHDRAWN = "withdrawn", _("Geri çekildi")


_S = ChangeSetStatus


@audited()
class ChangeSet(models.Model):
    """Items that are previewed, approved and put into force together, in one transaction.

    Approved before its date it is `scheduled`: its changes stand in the register with their future
    date, so any later day can already be looked at, and it can be withdrawn until the day comes.
    """

    title = models.CharField(_("konu"), max_length=300)
    institution = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="change_sets",
        verbose_name=_("kurum"),
        help_text=_("Öneren kurum; merkezce hazırlanan düzenlemelerde boştur."),
    )
    effective_on = models.DateField(_("geçerlilik tarihi"))
    reason = models.TextField(_("gerekçe"))
    legal_reference = models.CharField(_("hukuki dayanak"), max_length=500, blank=True)
    status = models.CharField(
        _("durum"), max_length=10, choices=ChangeSetStatus.choices, default=_S.DRAFT
    )
    due_on = models.DateField(_("sonuçlandırma tarihi"), null=True, blank=True)
    created_at = models.DateTimeField(_("oluşturulma"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("hazırlayan"),
    )
    submitted_at = models.DateTimeField(_("sunulma"), null=True, blank=True)
    decided_at = models.DateTimeField(_("karar zamanı"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("karar veren"),
    )
    decision_reason = models.TextField(_("karar gerekçesi"), blank=True)
    # Set by the form, so that a double click or a retried request makes one file.
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("değişiklik dosyası")
        verbose_name_plural = _("değişiklik dosyaları")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=[_S.RETURNED, _S.REFUSED, _S.WITHDRAWN])
                | ~Q(decision_reason=""),
                name="detsis_changeset_reasoned",
                violation_error_message=_("Bu karar için gerekçe yazılmalıdır."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[_S.DRAFT, _S.SUBMITTED, _S.WITHDRAWN])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="detsis_changeset_decided",
                violation_error_message=_("Kararı kimin, ne zaman verdiği kayıtlı olmalıdır."),
            ),
            models.CheckConstraint(
                condition=~Q(status=_S.SUBMITTED) | Q(submitted_at__isnull=False),
                name="detsis_changeset_submitted",
                violation_error_message=_("Sunulma zamanı kayıtlı olmalıdır."),
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="detsis_changeset_queue")]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="status_order",
                field="status",
                transitions=[
                    (_S.DRAFT, _S.SUBMITTED),
                    (_S.DRAFT, _S.SCHEDULED),
                    (_S.DRAFT, _S.IN_FORCE),
                    (_S.DRAFT, _S.WITHDRAWN),
                    (_S.SUBMITTED, _S.RETURNED),
                    (_S.SUBMITTED, _S.REFUSED),
                    (_S.SUBMITTED, _S.SCHEDULED),
                    (_S.SUBMITTED, _S.IN_FORCE),
                    (_S.SUBMITTED, _S.WITHDRAWN),
                    (_S.RETURNED, _S.SUBMITTED),
                    (_S.RETURNED, _S.WITHDRAWN),
                    (_S.SCHEDULED, _S.IN_FORCE),
                    (_S.SCHEDULED, _S.WITHDRAWN),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("detsis:change-set", args=[self.pk])


class ChangeItem(models.Model):
    """One wanted change of a file.

    A unit that does not exist yet is named by `key` (e.g. `yeni-1`); `parent` and
    `civil_authority` in `assignments`, and `successors`, may hold numbers or such keys.
    """

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField(_("sıra"))
    kind = models.CharField(_("tür"), max_length=12, choices=ChangeKind.choices)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="change_items",
        verbose_name=_("birim"),
    )
    key = models.CharField(_("geçici ad"), max_length=40, blank=True)
    assignments = models.JSONField(_("yeni değerler"), default=dict, blank=True)
    successors = models.JSONField(_("halefler"), default=list, blank=True)
    # What the item replaces or voids, when it corrects an earlier entry.
    corrects = models.ForeignKey(
        "detsis.UnitChange",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("düzelttiği kayıt"),
    )
    effective_on = models.DateField(
        _("geçerlilik tarihi"),
        null=True,
        blank=True,
        help_text=_("Boşsa dosyanın tarihi geçerlidir."),
    )

    class Meta:
        verbose_name = _("değişiklik")
        verbose_name_plural = _("değişiklikler")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["change_set", "position"],
                name="detsis_changeitem_position",
                violation_error_message=_("Aynı sırada iki değişiklik olamaz."),
            ),
            models.UniqueConstraint(
                fields=["change_set", "key"],
                condition=~Q(key=""),
                name="detsis_changeitem_key",
                violation_error_message=_("Bu geçici ad dosyada zaten var."),
            ),
            models.CheckConstraint(
                condition=(Q(unit__isnull=True) & Q(kind=ChangeKind.FOUNDED) & ~Q(key=""))
                | (Q(unit__isnull=False) & ~Q(kind=ChangeKind.FOUNDED) & Q(key="")),
                name="detsis_changeitem_target",
                violation_error_message=_(
                    "Kuruluşta geçici ad, diğer değişikliklerde birim gösterilir."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit_id or self.key}"
