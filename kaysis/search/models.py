"""The index: one row per object that can be found, and the words that occur in them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

#: Tiers are searched in this order until enough is found (docs/decisions/0201-search.md).
TIERS = (0, 1, 2, 3)


class SearchEntry(models.Model):
    """An object of some subsystem as its `kaysis.common.indexing.Source` describes it.

    Written by `kaysis.search.backend` only. `vector` holds folded words: those of the title with
    weight A, of the subtitle B, of numbers and abbreviations C, of the body D, and one `@kind`.
    """

    kind = models.CharField(_("tür"), max_length=30)
    object_id = models.BigIntegerField(_("nesne"))
    title = models.TextField(_("başlık"))
    subtitle = models.TextField(_("alt başlık"), blank=True)
    numbers = ArrayField(models.TextField(), verbose_name=_("numaralar"), default=list, blank=True)
    url = models.TextField(_("adres"))
    weight = models.FloatField(_("ağırlık"), default=1)
    active = models.BooleanField(_("faal"), default=True)
    facets = models.JSONField(_("nitelikler"), default=dict, blank=True)
    folded = models.TextField(_("katlanmış başlık"), db_collation="C", editable=False)
    vector = SearchVectorField(_("sözcükler"), editable=False)
    tier = models.SmallIntegerField(_("kat"), editable=False)

    class Meta:
        verbose_name = _("arama kaydı")
        verbose_name_plural = _("arama kayıtları")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                name="search_entry_object",
                violation_error_message=_("Bu nesne dizinde zaten var."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="search_entry_weight",
                violation_error_message=_("Ağırlık sıfırdan büyük olmalıdır."),
            ),
            models.CheckConstraint(
                condition=Q(tier__in=TIERS),
                name="search_entry_tier",
                violation_error_message=_("Böyle bir kat yok."),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "folded"], name="search_entry_folded"),
            # A row is in exactly one of these. Each search reads what nobody has merged yet, so
            # that list is kept short.
            *(
                GinIndex(
                    fields=["vector"],
                    condition=Q(tier=tier),
                    gin_pending_list_limit=256,
                    name=f"search_entry_tier{tier}",
                )
                for tier in TIERS
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A folded word of the index that begins with a letter.

    Endings, misspellings and beginnings of words are looked up here, among some ten thousand
    words, instead of among all entries. `entries` says in about how many entries it occurs.
    """

    word = models.TextField(_("sözcük"), primary_key=True, db_collation="C")
    form = models.TextField(_("yazılışı"))
    stem = models.TextField(_("gövde"), db_collation="C")
    entries = models.PositiveIntegerField(_("kayıt sayısı"), default=0)

    class Meta:
        verbose_name = _("sözcük")
        verbose_name_plural = _("sözcükler")
        indexes = [
            models.Index(fields=["stem"], name="search_word_stem"),
            GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="search_word_trgm"),
        ]

    def __str__(self) -> str:
        return self.form
