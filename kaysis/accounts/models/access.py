"""How people came in, who was turned away, and who looked at a national id."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit.tracking import append_only
from kaysis.accounts.models.people import Person


class SignInEnd(models.TextChoices):
    """Why a session is over."""

    SIGN_OUT = "sign_out", _("Çıkış yapıldı")
    IDLE = "idle", _("Uzun süre işlem yapılmadı")
    TOO_OLD = "too_old", _("Oturum süresi doldu")
    ENDED_ELSEWHERE = "ended_elsewhere", _("Başka bir oturumdan sonlandırıldı")
    REVOKED = "revoked", _("Yetki değişikliği nedeniyle sonlandırıldı")
    REPLACED = "replaced", _("Aynı tarayıcıda yeniden giriş yapıldı")


class SignInQuerySet(models.QuerySet["SignIn"]):
    def open(self) -> "SignInQuerySet":
        return self.filter(ended_at__isnull=True)


class SignIn(models.Model):
    """One session of one person, open or over. The session itself holds only this row's `key`."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="sign_ins", verbose_name=_("kişi")
    )
    method = models.CharField(_("yöntem"), max_length=30)
    started_at = models.DateTimeField(_("başlangıç"))
    last_seen_at = models.DateTimeField(_("son işlem"))
    ip_address = models.GenericIPAddressField(_("IP adresi"), null=True, blank=True)
    user_agent = models.CharField(_("tarayıcı"), max_length=400, blank=True)
    ended_at = models.DateTimeField(_("bitiş"), null=True, blank=True)
    end_reason = models.CharField(
        _("bitiş nedeni"), max_length=20, choices=SignInEnd.choices, blank=True
    )

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("oturum")
        verbose_name_plural = _("oturumlar")
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["person", "-started_at"], name="signin_person_started"),
            models.Index(fields=["person"], name="signin_open", condition=Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="signin_end_complete",
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                violation_error_message=_("Biten oturumun nedeni bulunmalıdır."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.started_at:%d.%m.%Y %H:%M}"


@append_only
class FailedSignIn(models.Model):
    """A sign-in that was refused. `person` is known only when the method proved who it was."""

    method = models.CharField(_("yöntem"), max_length=30)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("kişi")
    )
    reason = models.CharField(_("neden"), max_length=60)
    at = models.DateTimeField(_("zaman"), auto_now_add=True)
    ip_address = models.GenericIPAddressField(_("IP adresi"), null=True, blank=True)
    user_agent = models.CharField(_("tarayıcı"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("başarısız giriş")
        verbose_name_plural = _("başarısız girişler")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["person", "-at"], name="failed_signin_person")]

    def __str__(self) -> str:
        return f"{self.method}: {self.reason}"


@append_only
class NationalIdAccess(models.Model):
    """Somebody saw somebody's national id in clear."""

    actor = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("gören")
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="national_id_accesses",
        verbose_name=_("kişi"),
    )
    purpose = models.TextField(_("amaç"))
    at = models.DateTimeField(_("zaman"), auto_now_add=True)
    ip_address = models.GenericIPAddressField(_("IP adresi"), null=True, blank=True)
    request_id = models.CharField(_("istek kimliği"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("kimlik numarası görüntüleme")
        verbose_name_plural = _("kimlik numarası görüntülemeleri")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="national_id_access_has_a_purpose",
                condition=~Q(purpose=""),
                violation_error_message=_("Kimlik numarasının neden görüntülendiği yazılmalıdır."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} → {self.person}"
