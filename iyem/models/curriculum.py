"""Curricula of managers (rule 18)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from iyem.models.manager import Manager
from kaysis.accounts.audit import audited
from kaysis.accounts.models import Person


class CurriculumStatus(models.TextChoices):
    SUBMITTED = "submitted", _("İncelemede")
    APPROVED = "approved", _("Onaylandı")
    RETURNED = "returned", _("İade edildi")
    REPLACED = "replaced", _("Yenisiyle değişti")


@audited(exclude=["document", "photo"])
class Curriculum(models.Model):
    """Published only when approved, with consent, and while its manager is in office."""

    manager = models.ForeignKey(
        Manager, on_delete=models.PROTECT, related_name="curricula", verbose_name=_("yönetici")
    )
    text = models.TextField(_("özgeçmiş"), blank=True)
    document = models.BinaryField(_("PDF dosyası"), null=True, blank=True)
    photo = models.BinaryField(_("fotoğraf"), null=True, blank=True)
    photo_type = models.CharField(max_length=20, blank=True)
    consent_at = models.DateTimeField(_("yayım rızası zamanı"), null=True, blank=True)
    status = models.CharField(
        _("durum"),
        max_length=9,
        choices=CurriculumStatus.choices,
        default=CurriculumStatus.SUBMITTED,
    )
    submitted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("gönderen")
    )
    submitted_at = models.DateTimeField(_("gönderme zamanı"), auto_now_add=True)
    reviewed_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("inceleyen"),
    )
    reviewed_at = models.DateTimeField(_("inceleme zamanı"), null=True, blank=True)
    review_note = models.CharField(_("inceleme notu"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("özgeçmiş")
        verbose_name_plural = _("özgeçmişler")
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["manager"],
                condition=Q(status="approved"),
                name="iyem_curriculum_one_approved",
                violation_error_message=_("Yöneticinin onaylı tek özgeçmişi olur."),
            ),
            models.UniqueConstraint(
                fields=["manager"],
                condition=Q(status="submitted"),
                name="iyem_curriculum_one_submitted",
                violation_error_message=_("Yöneticinin incelemede bir özgeçmişi var."),
            ),
            models.CheckConstraint(
                name="iyem_curriculum_has_content",
                condition=~Q(text="") | Q(document__isnull=False),
                violation_error_message=_("Özgeçmiş metni ya da PDF dosyası gereklidir."),
            ),
            models.CheckConstraint(
                name="iyem_curriculum_review",
                condition=Q(status="submitted", reviewed_at__isnull=True)
                | (~Q(status="submitted") & Q(reviewed_at__isnull=False)),
                violation_error_message=_("İncelemenin zamanı kaydedilmelidir."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manager}: {self.get_status_display()}"
