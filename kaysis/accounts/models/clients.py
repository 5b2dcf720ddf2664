"""Machine clients of the API: an institution's EBYS."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit.tracking import audited
from kaysis.accounts.models.people import Person


@audited()
class ApiClient(models.Model):
    """An OAuth 2 application of one institution. What it writes, it writes for a responsible
    person, and only while that person holds the roles it takes."""

    application = models.OneToOneField(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        on_delete=models.PROTECT,
        related_name="api_client",
        verbose_name=_("OAuth uygulaması"),
    )
    name = models.CharField(_("ad"), max_length=200)
    # A number and not a foreign key: units live in a layer above this one (`accounts.scopes`).
    scope_detsis_no = models.PositiveIntegerField(_("kurum"))
    responsible = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="api_clients",
        verbose_name=_("sorumlu"),
    )
    active = models.BooleanField(_("etkin"), default=True)
    created_at = models.DateTimeField(_("kayıt zamanı"), auto_now_add=True)

    class Meta:
        verbose_name = _("API istemcisi")
        verbose_name_plural = _("API istemcileri")
        constraints = [
            models.CheckConstraint(
                name="api_client_scope_is_a_unit_number",
                condition=Q(scope_detsis_no__range=(10_000_000, 99_999_999)),
                violation_error_message=_("Devlet teşkilatı numarası 8 rakamdan oluşur."),
            ),
            models.CheckConstraint(
                name="api_client_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("İstemcinin adı yazılmalıdır."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
