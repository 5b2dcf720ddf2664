"""A person: anyone who signs in, or whom the registers name."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kaysis.accounts import cipher
from kaysis.accounts.audit.tracking import audited
from kaysis.common import turkish
from kaysis.common.functions import Fold, SortKey

_FULL_NAME = Concat("given_name", Value(" "), "family_name")


class PersonQuerySet(models.QuerySet["Person"]):
    def by_national_id(self, value: str) -> "Person":
        """The person with this national id; `Person.DoesNotExist` if there is none."""
        return self.get(national_id_hash=cipher.fingerprint(value))

    def named(self, text: str) -> "PersonQuerySet":
        """People whose name contains every word of `text`, whatever its case and accents."""
        found = self
        for word in turkish.fold(text).split():
            found = found.filter(name_folded__contains=word)
        return found


@audited(
    exclude=[
        "national_id_encrypted",
        "national_id_hash",
        "last_login",
        "session_epoch",
        "name_folded",
        "name_sort",
    ],
    noted={"contact": ["email", "mobile_phone", "work_phone"]},
)
class Person(AbstractBaseUser):
    """Nobody has a password here: e-Devlet, e-imza and m-imza vouch for who somebody is."""

    public_id = models.UUIDField(_("kişi kimliği"), default=uuid.uuid4, unique=True, editable=False)
    given_name = models.CharField(_("ad"), max_length=100)
    family_name = models.CharField(_("soyad"), max_length=100)
    national_id_encrypted = models.BinaryField(_("şifreli T.C. kimlik numarası"), editable=False)
    national_id_hash = models.CharField(
        _("T.C. kimlik numarasının özeti"),
        max_length=64,
        unique=True,
        editable=False,
        error_messages={"unique": _("Bu T.C. kimlik numarasıyla kayıtlı bir kişi zaten var.")},
    )
    email = models.EmailField(_("e-posta"), blank=True)
    mobile_phone = models.CharField(_("cep telefonu"), max_length=20, blank=True)
    work_phone = models.CharField(_("iş telefonu"), max_length=20, blank=True)
    is_active = models.BooleanField(_("etkin"), default=True)
    is_staff = models.BooleanField(
        _("sistem işletmeni"), default=False, help_text=_("Yönetim sayfalarını görebilir.")
    )
    is_demo = models.BooleanField(_("örnek kişi"), default=False, editable=False)
    session_epoch = models.PositiveIntegerField(
        _("oturum dönemi"),
        default=0,
        editable=False,
        help_text=_("Artırıldığında kişinin açık bütün oturumları geçersiz olur."),
    )
    # What a search compares with, and what lists are sorted by, in Turkish order.
    name_folded = models.GeneratedField(
        expression=Fold(_FULL_NAME), output_field=models.TextField(), db_persist=True
    )
    name_sort = models.GeneratedField(
        expression=SortKey(Concat("family_name", Value(" "), "given_name")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("kayıt zamanı"), auto_now_add=True)

    # Removes the inherited column: there is no password to keep or to lose.
    password = None  # type: ignore[assignment]

    objects = PersonQuerySet.as_manager()

    USERNAME_FIELD = "public_id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("kişi")
        verbose_name_plural = _("kişiler")
        ordering = ["name_sort", "id"]
        indexes = [
            GinIndex(
                fields=["name_folded"], opclasses=["gin_trgm_ops"], name="person_name_trigrams"
            ),
            models.Index(fields=["name_sort", "id"], name="person_name_sort"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(given_name="") & ~models.Q(family_name=""),
                name="person_has_a_name",
                violation_error_message=_("Ad ve soyad boş olamaz."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def __repr__(self) -> str:
        return f"<Person {self.public_id}>"

    def get_absolute_url(self) -> str:
        return reverse("accounts:person", args=[self.public_id])

    @property
    def full_name(self) -> str:
        """As officials are named on letters: `Ad SOYAD`."""
        return f"{self.given_name} {turkish.upper(self.family_name)}"

    def get_session_auth_hash(self) -> str:
        """Django ends a session whose hash differs: raising the epoch ends all of them."""
        return self._session_hash(secret=None)

    def get_session_auth_fallback_hash(self) -> "list[str]":
        """No fallback: an old secret key must not keep a revoked session alive."""
        return []

    def _session_hash(self, secret: str | None) -> str:
        salt = "kaysis.accounts.Person.session_epoch"
        value = f"{self.public_id}:{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def has_usable_password(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions guard only its admin, which is for operators."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff
