"""A manager: a person with a code that outlives every appointment (rule 15)."""

from __future__ import annotations

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit import audited
from kaysis.accounts.models import Person

CODE_MIN, CODE_MAX = 10_000_000, 99_999_999


@audited()
class Manager(models.Model):
    """Amir/yönetici. The code is issued at the first registration and says nothing of the unit."""

    manager_code = models.IntegerField(
        _("T.C. Yönetici Kodu"),
        unique=True,
        editable=False,
        validators=[MinValueValidator(CODE_MIN), MaxValueValidator(CODE_MAX)],
        error_messages={"unique": _("Bu yönetici kodu daha önce verilmiş.")},
    )
    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="manager", verbose_name=_("kişi")
    )
    registered_at = models.DateTimeField(_("ilk kayıt zamanı"), auto_now_add=True)

    class Meta:
        verbose_name = _("yönetici")
        verbose_name_plural = _("yöneticiler")
        constraints = [
            models.CheckConstraint(
                name="iyem_manager_code",
                condition=Q(manager_code__range=(CODE_MIN, CODE_MAX)),
                violation_error_message=_("T.C. Yönetici Kodu sekiz rakamdan oluşur."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="code_for_ever", fields=["manager_code", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.person.full_name} ({self.manager_code})"

    def get_absolute_url(self) -> str:
        return reverse("iyem:manager", args=[self.manager_code])
