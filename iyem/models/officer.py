"""Applications to become İYEM Yetkilisi or Görevlisi (rules 4–8)."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from kaysis.accounts.audit import audited
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.common import turkish

PHONE = RegexValidator(
    r"^\+?[0-9 ()-]{10,20}$", _("Telefon numarasını alan koduyla yazın: 0312 000 00 00")
)


class ApplicationStatus(models.TextChoices):
    PENDING = "pending", _("Bekliyor")
    GRANTED = "granted", _("Yetki verildi")
    REFUSED = "refused", _("Reddedildi")


# What is erased one day must not live on in the history.
@audited(
    exclude=["national_id_encrypted", "national_id_hash", "work_phone", "mobile_phone", "email"]
)
class OfficerApplication(models.Model):
    """Whom a place wants to have authorised. The national id is kept as a person's is."""

    role = models.CharField(
        _("istenen yetki"),
        max_length=30,
        choices=[
            (Role.IYEM_AUTHORISED.value, Role.IYEM_AUTHORISED.label),
            (Role.IYEM_REGISTRAR.value, Role.IYEM_REGISTRAR.label),
        ],
    )
    scope = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("görev yeri")
    )
    given_name = models.CharField(_("ad"), max_length=100)
    family_name = models.CharField(_("soyad"), max_length=100)
    national_id_encrypted = models.BinaryField(
        _("şifreli T.C. kimlik numarası"), editable=False, blank=True
    )
    national_id_hash = models.CharField(
        _("T.C. kimlik numarasının özeti"),
        max_length=64,
        editable=False,
        blank=True,
        db_index=True,
    )
    # Blank only when erased.
    work_phone = models.CharField(_("iş telefonu"), max_length=20, blank=True, validators=[PHONE])
    mobile_phone = models.CharField(
        _("cep telefonu"), max_length=20, blank=True, validators=[PHONE]
    )
    email = models.EmailField(_("e-posta"), blank=True)
    status = models.CharField(
        _("durum"),
        max_length=8,
        choices=ApplicationStatus.choices,
        default=ApplicationStatus.PENDING,
    )
    applied_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("başvuran")
    )
    applied_at = models.DateTimeField(_("başvuru zamanı"), auto_now_add=True)
    decided_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("karar veren"),
    )
    decided_at = models.DateTimeField(_("karar zamanı"), null=True, blank=True)
    decision_reason = models.CharField(_("karar gerekçesi"), max_length=500, blank=True)
    grant = models.OneToOneField(
        RoleGrant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="iyem_application",
        verbose_name=_("verilen yetki"),
    )
    # When national id and contact data of a decided application were erased (KVKK).
    erased_at = models.DateTimeField(_("silinme zamanı"), null=True, blank=True)

    class Meta:
        verbose_name = _("yetki başvurusu")
        verbose_name_plural = _("yetki başvuruları")
        ordering = ["-applied_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "scope", "national_id_hash"],
                condition=Q(status="pending"),
                name="iyem_application_once",
                violation_error_message=_("Bu kişi için aynı başvuru zaten bekliyor."),
            ),
            models.CheckConstraint(
                name="iyem_application_role",
                condition=Q(role__in=["iyem_authorised", "iyem_registrar"]),
                violation_error_message=_("Yalnız İYEM yetkileri için başvurulur."),
            ),
            models.CheckConstraint(
                name="iyem_application_decision",
                condition=(
                    Q(status="pending", decided_at__isnull=True, grant__isnull=True)
                    | Q(status="granted", decided_at__isnull=False, grant__isnull=False)
                    | (
                        Q(status="refused", decided_at__isnull=False, grant__isnull=True)
                        & ~Q(decision_reason="")
                    )
                ),
                violation_error_message=_("Kararın zamanı, ret kararının gerekçesi olmalıdır."),
            ),
            models.CheckConstraint(
                name="iyem_application_complete",
                condition=~Q(given_name="")
                & ~Q(family_name="")
                & (
                    (
                        Q(erased_at=None)
                        & ~Q(national_id_hash="")
                        & ~Q(work_phone="")
                        & ~Q(mobile_phone="")
                        & ~Q(email="")
                    )
                    | Q(
                        erased_at__isnull=False,
                        national_id_encrypted=b"",
                        national_id_hash="",
                        work_phone="",
                        mobile_phone="",
                        email="",
                    )
                ),
                violation_error_message=_(
                    "T.C. kimlik numarası, ad, soyad, iş telefonu, cep telefonu ve e-posta "
                    "zorunludur."
                ),
            ),
            models.CheckConstraint(
                name="iyem_application_erased",
                condition=Q(erased_at=None) | ~Q(status="pending"),
                violation_error_message=_("Bekleyen başvurunun bilgileri silinemez."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}: {self.get_role_display()}"

    @property
    def full_name(self) -> str:
        """As officials are named on letters: `Ad SOYAD`."""
        return f"{self.given_name} {turkish.upper(self.family_name)}"
