"""Texts of an instrument: versions, their provisions, and the pieces that are read and searched."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit import audited
from kms.models.instrument import Instrument
from kms.models.types import EditState, VersionKind
from kms.querysets import TextVersionQuerySet


class Words(Func):
    """The words of a passage: stems of the Turkish text (A for titles, B), folded words (C, D).

    Folded words find what is typed without Turkish letters; stems find other endings. A tsvector
    holds at most 1 MB: of a passage that long the beginning is indexed.
    """

    output_field = SearchVectorField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        def part(function: str, config: str, column: str, mark: str) -> str:
            text = f"{function}(left({column}, 100000))"
            return f"setweight(to_tsvector('pg_catalog.{config}', {text}), '{mark}')"

        return (
            " || ".join(
                [
                    part("kaysis_lower", "turkish", "title", "A"),
                    part("kaysis_lower", "turkish", "body", "B"),
                    part("kaysis_fold", "simple", "title", "C"),
                    part("kaysis_fold", "simple", "body", "D"),
                ]
            ),
            [],
        )


@audited(exclude=["text"])
class TextVersion(models.Model):
    """The whole text as it stood from `valid_from` on; once published, the text never changes.

    `valid_from` is None where the day is unknown: such a text is taken for the oldest one.
    `excerpt`: a short text of the demo, not the official one.
    """

    instrument = models.ForeignKey(
        Instrument, on_delete=models.PROTECT, related_name="versions", verbose_name=_("mevzuat")
    )
    kind = models.CharField(_("metin türü"), max_length=20, choices=VersionKind.choices)
    valid_from = models.DateField(_("geçerlilik başlangıcı"), null=True, blank=True)
    state = models.CharField(
        _("durum"), max_length=10, choices=EditState.choices, default=EditState.DRAFT
    )
    text = models.TextField(_("metin"))
    checksum = models.CharField(_("özet değeri"), max_length=64, editable=False)
    note = models.CharField(_("açıklama"), max_length=500, blank=True)
    # By the key of a detected relation: whether it is recorded, and another target for it.
    decisions = models.JSONField(
        _("ilişki kararları"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        editable=False,
        blank=True,
    )
    excerpt = models.BooleanField(_("örnek metin"), default=False, editable=False)
    # Whether this is the text to be read today: the latest published one, companions aside.
    last = models.BooleanField(_("son metin"), default=False, editable=False)
    parts = models.PositiveSmallIntegerField(_("sayfa sayısı"), default=1, editable=False)
    articles = models.PositiveIntegerField(_("madde sayısı"), default=0, editable=False)
    contents = models.JSONField(_("içindekiler"), default=list, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hazırlayan"),
        editable=False,
    )
    created_at = models.DateTimeField(_("kayıt zamanı"), default=timezone.now, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kontrol eden"),
        editable=False,
    )
    published_at = models.DateTimeField(_("yayım zamanı"), null=True, blank=True, editable=False)

    objects = TextVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("metin sürümü")
        verbose_name_plural = _("metin sürümleri")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "kind", "valid_from"],
                condition=Q(state="published"),
                nulls_distinct=False,
                name="kms_version_once",
                violation_error_message=_("Bu mevzuatın bu güne ait bir metni zaten yayımlanmış."),
            ),
            models.UniqueConstraint(
                fields=["instrument", "kind", "valid_from", "checksum"],
                condition=Q(state__in=["draft", "review"]),
                nulls_distinct=False,
                name="kms_version_same_draft",
                violation_error_message=_("Bu metnin aynı taslağı zaten var."),
            ),
            models.UniqueConstraint(
                fields=["instrument"],
                condition=Q(kind="first", state="published"),
                name="kms_version_first",
                violation_error_message=_("Bu mevzuatın ilk metni zaten yayımlanmış."),
            ),
            models.UniqueConstraint(
                fields=["instrument"],
                condition=Q(last=True),
                name="kms_version_last",
                violation_error_message=_("Bir mevzuatın tek bir son metni olur."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="kms_version_text",
                violation_error_message=_("Metin boş olamaz."),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=False) | ~Q(state="published"),
                name="kms_version_published_at",
                violation_error_message=_("Yayımlanan metnin yayım zamanı olur."),
            ),
        ]
        indexes = [
            models.Index(fields=["instrument", "valid_from"], name="kms_version_day"),
            models.Index(fields=["-published_at", "-id"], name="kms_version_newest"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="text_for_ever",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="published")
                & (
                    pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                    | pgtrigger.Q(old__checksum__df=pgtrigger.F("new__checksum"))
                    | pgtrigger.Q(old__instrument__df=pgtrigger.F("new__instrument"))
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.kind} {self.valid_from or ''}".strip()


class Provision(models.Model):
    """A division, article, paragraph, item or annex of a version, citable by its anchor.

    `start` and `end` are its span in the text. Written with its version, never changed.
    """

    version = models.ForeignKey(
        TextVersion, on_delete=models.CASCADE, related_name="provisions", db_index=False
    )
    ordinal = models.PositiveIntegerField(_("sıra"))
    parent = models.PositiveIntegerField(_("üst hükmün sırası"), null=True)
    kind = models.CharField(_("tür"), max_length=15)
    anchor = models.CharField(_("çapa"), max_length=120)
    label = models.CharField(_("işaret"), max_length=60, blank=True)
    title = models.CharField(_("başlık"), max_length=500, blank=True)
    place = models.CharField(_("yer"), max_length=120, blank=True)
    start = models.PositiveIntegerField(_("başlangıç"))
    end = models.PositiveIntegerField(_("bitiş"))

    class Meta:
        verbose_name = _("hüküm")
        verbose_name_plural = _("hükümler")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "ordinal"],
                name="kms_provision_order",
                violation_error_message=_("Hükümlerin sırası tektir."),
            ),
            models.UniqueConstraint(
                fields=["version", "anchor"],
                name="kms_provision_anchor",
                violation_error_message=_("Bir metinde her çapa bir kez bulunur."),
            ),
        ]

    def __str__(self) -> str:
        return self.place or self.anchor


class Passage(models.Model):
    """A piece of a version as it is read and found: an article, a heading, a footnote, an annex.

    `html` is made by `kms.rendering`, from nothing but escaped text. `part` is the page of the
    reading view on which it stands (footnotes: 0). A projection of the text.
    """

    version = models.ForeignKey(
        TextVersion, on_delete=models.CASCADE, related_name="passages", db_index=False
    )
    ordinal = models.PositiveIntegerField(_("sıra"))
    part = models.PositiveSmallIntegerField(_("sayfa"))
    kind = models.CharField(_("tür"), max_length=15)
    anchor = models.CharField(_("çapa"), max_length=120, blank=True)
    title = models.TextField(_("başlık"), blank=True)
    body = models.TextField(_("metin"))
    html = models.TextField(_("biçimli metin"))
    footnotes = ArrayField(models.TextField(), verbose_name=_("dipnotlar"), default=list)
    # Whether it is found: passages of the text that is read today, and of companions.
    searched = models.BooleanField(_("aranır"), default=False)
    vector = models.GeneratedField(
        expression=Words(), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        verbose_name = _("metin parçası")
        verbose_name_plural = _("metin parçaları")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "ordinal"],
                name="kms_passage_order",
                violation_error_message=_("Metin parçalarının sırası tektir."),
            )
        ]
        indexes = [
            models.Index(fields=["version", "part", "ordinal"], name="kms_passage_part"),
            models.Index(fields=["version", "anchor"], name="kms_passage_anchor"),
            GinIndex(fields=["vector"], name="kms_passage_words", condition=Q(searched=True)),
        ]

    def __str__(self) -> str:
        return self.anchor or str(self.ordinal)
