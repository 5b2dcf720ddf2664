"""Code tables, kept by the central administrator.

The primary key is the code the outside world knows (the live service's ids, the plate number of a
province, ISO 3166 of a country), so that a unit's row can be read and replayed without a join.
"""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit import audited


class CodeTable(models.Model):
    """A code with a Turkish and an English name. Codes are retired, never deleted."""

    name = models.CharField(_("ad"), max_length=200)
    name_en = models.CharField(_("İngilizce adı"), max_length=200, blank=True)
    active = models.BooleanField(_("kullanımda"), default=True)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        if (get_language() or "tr").startswith("en") and self.name_en:
            return self.name_en
        return self.name


class NumericCode(CodeTable):
    code = models.PositiveIntegerField(_("kod"), primary_key=True)

    class Meta(CodeTable.Meta):
        abstract = True


@audited()
class Category(NumericCode):
    """Kategori: 19 Bakanlık, 127 bağlı kuruluş, 204 belediye …"""

    class Meta(NumericCode.Meta):
        verbose_name = _("kategori")
        verbose_name_plural = _("kategoriler")


@audited()
class Status(NumericCode):
    """Statü: Bakanlık, Genel Müdürlük, Daire Başkanlığı, Müdürlük …"""

    class Meta(NumericCode.Meta):
        verbose_name = _("statü")
        verbose_name_plural = _("statüler")


@audited()
class BudgetType(NumericCode):
    """Bütçe türü: the schedule of Law 5018 the unit's budget belongs to."""

    class Meta(NumericCode.Meta):
        verbose_name = _("bütçe türü")
        verbose_name_plural = _("bütçe türleri")


@audited()
class LegalPersonality(NumericCode):
    """Tüzel kişilik: of the state, of its own, none."""

    class Meta(NumericCode.Meta):
        verbose_name = _("tüzel kişilik")
        verbose_name_plural = _("tüzel kişilikler")


@audited()
class Province(NumericCode):
    """İl: the code is the plate number, 1–81."""

    class Meta(NumericCode.Meta):
        verbose_name = _("il")
        verbose_name_plural = _("iller")


@audited()
class District(NumericCode):
    """İlçe, in one province."""

    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, related_name="districts", verbose_name=_("il")
    )

    class Meta(NumericCode.Meta):
        verbose_name = _("ilçe")
        verbose_name_plural = _("ilçeler")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "name"],
                name="detsis_district_province_name",
                violation_error_message=_("Bu ilde bu adda bir ilçe zaten var."),
            )
        ]


@audited()
class Country(CodeTable):
    """Ülke: for units abroad. ISO 3166-1 alpha-2."""

    code = models.CharField(_("kod"), max_length=2, primary_key=True)

    class Meta(CodeTable.Meta):
        verbose_name = _("ülke")
        verbose_name_plural = _("ülkeler")
