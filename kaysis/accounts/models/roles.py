"""What people may do: dated grants of a role, each over a part of the state."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit.tracking import audited
from kaysis.accounts.models.people import Person


class Role(models.TextChoices):
    """The offices of the portal (`kaysis.md`, rules 4–8, and the eight subsystems)."""

    CENTRAL_ADMINISTRATOR = "central_administrator", _("Merkez yöneticisi")
    DETSIS_OFFICER = "detsis_officer", _("DETSİS yetkilisi")
    IYEM_AUTHORISED = "iyem_authorised", _("İYEM Yetkilisi")
    IYEM_REGISTRAR = "iyem_registrar", _("İYEM Görevlisi")
    SERVICE_EDITOR = "service_editor", _("Hizmet kayıt görevlisi")
    SERVICE_APPROVER = "service_approver", _("Hizmet onay yetkilisi")
    LEGISLATION_EDITOR = "legislation_editor", _("Mevzuat kayıt görevlisi")
    DOCUMENT_EDITOR = "document_editor", _("Belge kayıt görevlisi")
    FILE_PLAN_EDITOR = "file_plan_editor", _("Dosya planı görevlisi")
    ANALYST = "analyst", _("Analist")


# Meaningful only for the whole state.
UNSCOPED_ROLES = (Role.CENTRAL_ADMINISTRATOR,)
# Meaningless without a unit. The others may be given for a unit or for the whole state.
SCOPED_ROLES = (Role.DETSIS_OFFICER, Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR)


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def valid_at(self, moment: object = None) -> "RoleGrantQuerySet":
        """Grants in force at `moment` (an aware datetime; None: now, by the database's clock)."""
        return self.filter(validity__contains=Now() if moment is None else moment)

    def of(self, person: Person) -> "RoleGrantQuerySet":
        return self.filter(person=person)


@audited()
class RoleGrant(models.Model):
    """One person holds one role over one scope for a time. Never deleted: it ends or is revoked."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="grants", verbose_name=_("kişi")
    )
    role = models.CharField(_("yetki"), max_length=30, choices=Role.choices)
    # A number and not a foreign key: units live in a layer above this one (`accounts.scopes`).
    scope_detsis_no = models.PositiveIntegerField(
        _("kapsam"),
        null=True,
        blank=True,
        help_text=_("Yetkinin geçerli olduğu birimin numarası; alt birimlerini de kapsar."),
    )
    validity = DateTimeRangeField(_("geçerlilik"), default_bounds="[)")
    granted_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("veren"),
        help_text=_("Boşsa yetki kurulum sırasında komutla verilmiştir."),
    )
    granted_at = models.DateTimeField(_("verilme zamanı"), auto_now_add=True)
    grant_reason = models.TextField(_("veriliş gerekçesi"))
    revoked_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("kaldıran"),
    )
    revoked_at = models.DateTimeField(_("kaldırılma zamanı"), null=True, blank=True)
    revoke_reason = models.TextField(_("kaldırılma gerekçesi"), blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("verilmiş yetki")
        verbose_name_plural = _("verilmiş yetkiler")
        ordering = ["-granted_at", "-id"]
        indexes = [
            # Who holds a role over a unit (or the state) now.
            models.Index(fields=["role", "scope_detsis_no"], name="grant_role_scope"),
        ]
        constraints = [
            ExclusionConstraint(
                name="grant_no_overlap",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    # NULL is unequal to NULL; no unit has the number 0.
                    (Coalesce(F("scope_detsis_no"), 0), RangeOperators.EQUAL),
                    (F("validity"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Bu kişide aynı kapsamda aynı yetki, seçilen zaman aralığında zaten var."
                ),
            ),
            models.CheckConstraint(
                name="grant_role_known",
                condition=Q(role__in=Role.values),
                violation_error_message=_("Böyle bir yetki yok."),
            ),
            models.CheckConstraint(
                name="grant_scope_fits_role",
                condition=(
                    Q(role__in=UNSCOPED_ROLES, scope_detsis_no__isnull=True)
                    | Q(role__in=SCOPED_ROLES, scope_detsis_no__isnull=False)
                    | ~Q(role__in=[*UNSCOPED_ROLES, *SCOPED_ROLES])
                ),
                violation_error_message=_(
                    "Merkez yöneticisi yetkisi bütün devleti kapsar; DETSİS ve İYEM yetkileri ise "
                    "bir birim için verilir."
                ),
            ),
            models.CheckConstraint(
                name="grant_scope_is_a_unit_number",
                condition=Q(scope_detsis_no__isnull=True)
                | Q(scope_detsis_no__range=(10_000_000, 99_999_999)),
                violation_error_message=_("Devlet teşkilatı numarası 8 rakamdan oluşur."),
            ),
            models.CheckConstraint(
                name="grant_validity_has_a_start",
                condition=Q(revoked_at__isnull=False)
                | Q(validity__isempty=False, validity__startswith__isnull=False),
                violation_error_message=_("Yetkinin başlangıcı bitişinden önce olmalıdır."),
            ),
            models.CheckConstraint(
                name="grant_has_a_reason",
                condition=~Q(grant_reason=""),
                violation_error_message=_("Yetkinin veriliş gerekçesi yazılmalıdır."),
            ),
            models.CheckConstraint(
                name="grant_revocation_complete",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoke_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason="")),
                violation_error_message=_("Kaldırılan yetkide kaldıran ve gerekçe bulunmalıdır."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:grant", args=[self.pk])

    @property
    def state(self) -> str:
        """ "revoked", "over", "coming" or "in_force"."""
        now = timezone.now()
        if self.revoked_at is not None:
            return "revoked"
        if self.validity.upper is not None and self.validity.upper <= now:
            return "over"
        return "coming" if self.validity.lower > now else "in_force"
