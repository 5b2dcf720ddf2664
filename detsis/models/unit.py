"""A unit, what it was at every day, and its KEP addresses.

`UnitChange` rows are the truth. `UnitVersion` is their projection over time and `Unit` the
projection of today, with the tree bounds beside it. Nothing but `detsis.services` writes them.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from mptt.models import MPTTModel

from detsis.models.codes import (
    BudgetType,
    Category,
    Country,
    District,
    LegalPersonality,
    Province,
    Status,
)
from detsis.querysets import (
    KepAddressQuerySet,
    UnitManager,
    UnitVersionQuerySet,
    central_first,
)
from kaysis.common.functions import Fold, SortKey

DETSIS_NO_MIN, DETSIS_NO_MAX = 10_000_000, 99_999_999
KEP_PATTERN = r"^[a-z0-9._-]+@([a-z0-9-]+\.)?hs0[1-8]\.kep\.tr$"


class OrganisationType(models.TextChoices):
    CENTRAL = "central", _("Merkez teşkilatı")
    PROVINCIAL = "provincial", _("Taşra teşkilatı")
    ABROAD = "abroad", _("Yurt dışı teşkilatı")


class Lower(Func):
    """The lower bound of a range."""

    function = "lower"


class UnitFacts(models.Model):
    """Everything that is true of a unit on a day; `Unit` and `UnitVersion` share it."""

    name = models.CharField(_("ad"), max_length=500)
    name_en = models.CharField(_("İngilizce adı"), max_length=500, blank=True)
    organisation_type = models.CharField(
        _("teşkilat türü"),
        max_length=10,
        choices=OrganisationType.choices,
        default=OrganisationType.CENTRAL,
    )
    is_institution = models.BooleanField(_("ana kurum"), default=False)
    corresponds_externally = models.BooleanField(
        _("dış yazışma yapar"),
        default=True,
        help_text=_("Kurum dışı yazışmalarda muhatap olabilir."),
    )
    active = models.BooleanField(_("faal"), default=True)
    addressee_suffix = models.CharField(
        _("muhatap adına eklenen"),
        max_length=200,
        blank=True,
        help_text=_("Muhatap satırında adın sonuna eklenen metin."),
    )
    addressee_cut = models.CharField(
        _("muhatap adından çıkarılan"),
        max_length=200,
        blank=True,
        help_text=_("Muhatap satırında addan çıkarılan metin."),
    )
    letterhead = ArrayField(
        models.CharField(max_length=300),
        verbose_name=_("antet satırları"),
        default=list,
        blank=True,
        size=6,
        help_text=_("Boşsa antet kurallara göre oluşturulur."),
    )
    phone = models.CharField(_("telefon"), max_length=40, blank=True)
    phone_extension = models.CharField(_("dahili"), max_length=20, blank=True)
    fax = models.CharField(_("belgegeçer"), max_length=40, blank=True)
    email = models.EmailField(_("e-posta"), blank=True)
    website = models.URLField(_("internet adresi"), blank=True)
    address = models.CharField(_("açık adres"), max_length=500, blank=True)
    postal_code = models.CharField(
        _("posta kodu"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}$", _("Posta kodu beş rakamdan oluşur."))],
    )
    founding_legislation = models.JSONField(
        _("kuruluş mevzuatı"),
        default=list,
        blank=True,
        help_text=_("Her biri ad, tarih ve sayı taşıyan dayanaklar."),
    )

    class Meta:
        abstract = True


def code_key(model: type[models.Model], verbose_name, *, constraint: bool) -> models.ForeignKey:
    """A nullable key to a code table, indexed only where pages filter by it (on `Unit`)."""
    return models.ForeignKey(
        model,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=verbose_name,
        db_constraint=constraint,
        db_index=False,
    )


class Unit(UnitFacts, MPTTModel):
    """Kurum/birim as it is today.

    `lft` and `rght` are spaced apart: their difference says nothing about the number of
    descendants (`detsis.tree`). All units stand on one number line, so `tree_id` is always 1.
    """

    detsis_no = models.IntegerField(
        _("T.C. Devlet Teşkilatı Numarası"),
        primary_key=True,
        validators=[MinValueValidator(DETSIS_NO_MIN), MaxValueValidator(DETSIS_NO_MAX)],
    )
    # Indexed together with rght (Meta.indexes): the last child's end is where the next one begins.
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("bağlı olduğu birim"),
        db_index=False,
    )
    civil_authority = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subordinate_units",
        verbose_name=_("mülki idare amirliği"),
    )
    category = code_key(Category, _("kategori"), constraint=True)
    status = code_key(Status, _("statü"), constraint=True)
    budget_type = code_key(BudgetType, _("bütçe türü"), constraint=True)
    legal_personality = code_key(LegalPersonality, _("tüzel kişilik"), constraint=True)
    province = code_key(Province, _("il"), constraint=True)
    district = code_key(District, _("ilçe"), constraint=True)
    country = code_key(Country, _("ülke"), constraint=True)

    valid_from = models.DateField(_("kuruluş tarihi"), null=True, blank=True, editable=False)
    valid_to = models.DateField(_("kapanış tarihi"), null=True, blank=True, editable=False)
    name_folded = models.GeneratedField(
        expression=Fold(F("name")), output_field=models.TextField(), db_persist=True
    )
    name_sort = models.GeneratedField(
        expression=SortKey(F("name")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    lft = models.BigIntegerField(editable=False)
    rght = models.BigIntegerField(editable=False)
    level = models.SmallIntegerField(editable=False)
    tree_id = models.SmallIntegerField(editable=False, default=1)

    objects = UnitManager()

    class MPTTMeta:
        order_insertion_by: list[str] = []

    class Meta:
        verbose_name = _("birim")
        verbose_name_plural = _("birimler")
        constraints = [
            models.CheckConstraint(
                condition=Q(detsis_no__range=(DETSIS_NO_MIN, DETSIS_NO_MAX)),
                name="detsis_unit_number",
                violation_error_message=_(
                    "Devlet Teşkilatı Numarası sekiz rakamdan oluşur ve 0 ile başlamaz."
                ),
            ),
            models.CheckConstraint(
                condition=Q(lft__lt=F("rght")),
                name="detsis_unit_bounds",
                violation_error_message=_("Ağaç sınırları bozuk."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("detsis_no")),
                name="detsis_unit_not_own_parent",
                violation_error_message=_("Bir birim kendisine bağlı olamaz."),
            ),
            models.CheckConstraint(
                condition=Q(civil_authority__isnull=True) | ~Q(civil_authority=F("detsis_no")),
                name="detsis_unit_not_own_authority",
                violation_error_message=_("Bir birim kendisinin mülki idare amirliği olamaz."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="detsis_unit_has_name",
                violation_error_message=_("Birimin adı boş olamaz."),
            ),
            models.CheckConstraint(
                condition=Q(country__isnull=True) | Q(organisation_type="abroad"),
                name="detsis_unit_country_abroad",
                violation_error_message=_("Ülke yalnız yurt dışı birimleri için girilir."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                name="detsis_unit_valid_range",
                violation_error_message=_("Kapanış tarihi kuruluş tarihinden sonra olmalıdır."),
            ),
        ]
        indexes = [
            # (tree_id, lft) comes from django-mptt.
            models.Index(fields=["parent", "rght"], name="detsis_unit_parent_rght"),
            models.Index(
                F("parent"), central_first(), F("name_sort"), name="detsis_unit_parent_order"
            ),
            # Of what may be seen: rows in their order, and counted without a look at the table.
            models.Index(
                fields=["name_sort", "detsis_no"],
                condition=Q(valid_from__isnull=False),
                name="detsis_unit_by_name",
            ),
            models.Index(
                fields=["province", "name_sort", "detsis_no"],
                condition=Q(valid_from__isnull=False),
                name="detsis_unit_of_province",
            ),
            models.Index(fields=["category", "name_sort"], name="detsis_unit_category"),
            models.Index(fields=["province", "district", "name_sort"], name="detsis_unit_place"),
            GinIndex(OpClass(F("name_folded"), name="gin_trgm_ops"), name="detsis_unit_name_trgm"),
            # What never came into being (`hidden_from`): hardly any row.
            models.Index(
                fields=["detsis_no"],
                condition=Q(valid_from__isnull=True),
                name="detsis_unit_hidden",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="number_for_ever", fields=["detsis_no"]),
        ]

    def __str__(self) -> str:
        return f"{self.detsis_no} {self.name}"

    def save(self, *args, **kwargs) -> None:
        """Plain save: bounds come from `detsis.tree`, never from django-mptt.

        django-mptt would close gaps and, written by two processes at once, corrupt the tree.
        """
        super(MPTTModel, self).save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("detsis:unit", args=[self.detsis_no])

    def delete(self, *args, **kwargs):
        raise TypeError("A unit is never deleted; close it (detsis.services).")

    def get_descendant_count(self) -> int:
        """The number of descendants, counted: bounds are spaced apart."""
        return type(self).objects.below(self).count()

    def is_leaf_node(self) -> bool:
        return not type(self).objects.filter(parent=self).exists()

    def insert_at(self, *args, **kwargs):
        raise TypeError("Use detsis.services: it holds the tree lock.")

    move_to = insert_at


class UnitVersion(UnitFacts):
    """What a unit was during `validity` ([from, to), days). No gap, no overlap."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    validity = DateRangeField(_("geçerlilik"))
    parent = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        related_name="child_versions",
        verbose_name=_("bağlı olduğu birim"),
    )
    # A version repeats what `Unit` and the recording service have already checked against the
    # code tables; checking ten keys again for each row would make loads three times slower.
    civil_authority = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("mülki idare amirliği"),
        db_constraint=False,
    )
    category = code_key(Category, _("kategori"), constraint=False)
    status = code_key(Status, _("statü"), constraint=False)
    budget_type = code_key(BudgetType, _("bütçe türü"), constraint=False)
    legal_personality = code_key(LegalPersonality, _("tüzel kişilik"), constraint=False)
    province = code_key(Province, _("il"), constraint=False)
    district = code_key(District, _("ilçe"), constraint=False)
    country = code_key(Country, _("ülke"), constraint=False)

    objects = UnitVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("birim sürümü")
        verbose_name_plural = _("birim sürümleri")
        constraints = [
            ExclusionConstraint(
                name="detsis_version_no_overlap",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("validity", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Bir birimin aynı güne ait iki hâli olamaz."),
            ),
            models.CheckConstraint(
                condition=Q(validity__isempty=False) & Q(validity__lower_inf=False),
                name="detsis_version_validity",
                violation_error_message=_("Geçerlilik aralığı bir günle başlamalıdır."),
            ),
        ]
        indexes = [models.Index(Lower("validity"), name="detsis_version_from")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.validity}"

    @property
    def detsis_no(self) -> int:
        return self.unit_id


class KepAddress(models.Model):
    """Kayıtlı elektronik posta address of a unit, with the days it was in use."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="kep_addresses", verbose_name=_("birim")
    )
    address = models.CharField(
        _("KEP adresi"),
        max_length=254,
        validators=[
            RegexValidator(
                KEP_PATTERN, _("KEP adresi ad@hs01.kep.tr biçiminde, küçük harfle yazılır.")
            )
        ],
    )
    validity = DateRangeField(_("geçerlilik"))

    objects = KepAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("KEP adresi")
        verbose_name_plural = _("KEP adresleri")
        constraints = [
            ExclusionConstraint(
                name="detsis_kep_one_unit",
                expressions=[
                    ("address", RangeOperators.EQUAL),
                    ("validity", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Bu KEP adresi aynı tarihlerde başka bir kayıtta var."),
            ),
            models.CheckConstraint(
                condition=Q(address__regex=KEP_PATTERN),
                name="detsis_kep_format",
                violation_error_message=_(
                    "KEP adresi ad@hs01.kep.tr biçiminde, küçük harfle yazılır."
                ),
            ),
            models.CheckConstraint(
                condition=Q(validity__isempty=False),
                name="detsis_kep_validity",
                violation_error_message=_("Geçerlilik aralığı boş olamaz."),
            ),
        ]

    def __str__(self) -> str:
        return self.address
