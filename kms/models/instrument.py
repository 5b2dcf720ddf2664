"""An instrument of legislation, and what is cited but not recorded."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from kaysis.accounts.audit import audited
from kaysis.common.functions import Fold, SortKey
from kms.models.types import RANKS, SHORT, SLUGS, InstrumentType, OpenType, Scope, Status
from kms.querysets import InstrumentQuerySet, ReferenceQuerySet
from kms.text import emergency_lapse

#: From this day on the last text of what is repealed is kept beside its first one.
LAST_TEXTS_FROM = dt.date(2015, 1, 1)


def _rank() -> Case:
    return Case(
        *(When(type=kind, then=Value(rank)) for kind, rank in RANKS.items()),
        default=Value(9),
        output_field=models.SmallIntegerField(),
    )


def cite_instrument(type_: str, number: str, title: str) -> str:
    """`Instrument.short_citation` of one of which only these facts were read."""
    word = SHORT[type_]
    if type_ == InstrumentType.CONSTITUTION:
        return word
    return f"{number} s. {word}" if number else title


def cite_reference(type_: str, number: str, name: str) -> str:
    """`Reference.citation` of one of which only these facts were read."""
    if type_ == OpenType.COURT:
        return f"AYM, {number}" if number else str(OpenType.COURT.label)
    word = SHORT.get(type_, "")
    named = f"{number} s. {word}".strip() if number else name or word
    return named or str(_("Belirtilmemiş mevzuat"))


@audited(exclude=["updated_at"])
class Instrument(models.Model):
    """A law, a regulation, a circular … whatever has articles and binds.

    A number alone is not a key: type, number, series (tertip) and acceptance date are. Whether it
    is in force is never typed: it follows from `effective_from`, `lapsed_on`,
    `without_effect_from`, and the repeals among its relations, which triggers of `Relation` keep
    in `ended` and `ended_on`.
    """

    type = models.CharField(_("tür"), max_length=30, choices=InstrumentType.choices)
    rank = models.GeneratedField(
        expression=_rank(), output_field=models.SmallIntegerField(), db_persist=True
    )
    number = models.CharField(_("sayı"), max_length=30, blank=True)
    series = models.SmallIntegerField(
        _("tertip"), null=True, blank=True, help_text=_("Düstur tertibi: 1 – 5.")
    )
    title = models.CharField(_("ad"), max_length=1500)
    abbreviation = models.CharField(_("kısaltma"), max_length=20, blank=True)
    accepted_on = models.DateField(_("kabul ya da karar tarihi"), null=True, blank=True)
    gazette_date = models.DateField(_("Resmî Gazete tarihi"), null=True, blank=True)
    gazette_number = models.CharField(
        _("Resmî Gazete sayısı"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^\d{1,6}$", _("Yalnız rakam yazın."))],
    )
    gazette_repeat = models.SmallIntegerField(
        _("mükerrer"), default=0, help_text=_("0: asıl sayı, 1: mükerrer, 2: ikinci mükerrer …")
    )
    effective_from = models.DateField(_("yürürlük tarihi"), null=True, blank=True)
    lapsed_on = models.DateField(
        _("kendiliğinden sona erme"),
        null=True,
        blank=True,
        help_text=_("Süresi dolan ya da kendiliğinden yürürlükten kalkan mevzuat için."),
    )
    without_effect_from = models.DateField(
        _("uygulamasının kalmadığı tarih"),
        null=True,
        blank=True,
        help_text=_("Yürürlükten kaldırılmamış ama uygulanacak hükmü kalmamış mevzuat için."),
    )
    without_effect_reason = models.CharField(
        _("uygulaması kalmama nedeni"), max_length=500, blank=True
    )
    scope = models.CharField(
        _("yayım"), max_length=15, choices=Scope.choices, default=Scope.GAZETTE
    )
    issuer = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="instruments",
        verbose_name=_("çıkaran kurum"),
    )
    issuer_name = models.CharField(
        _("çıkaran makam"),
        max_length=300,
        blank=True,
        help_text=_("Kayıtlı kurumlardan biri değilse, o günkü adıyla."),
    )
    ended = models.BooleanField(_("kaldırıldı"), default=False, editable=False)
    ended_on = models.DateField(_("kaldırılma tarihi"), null=True, blank=True, editable=False)
    published = models.BooleanField(_("yayımda"), default=True, editable=False)
    source_id = models.CharField(_("kaynaktaki kimlik"), max_length=40, blank=True)
    source_url = models.URLField(_("kaynak adresi"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kaydeden"),
        editable=False,
    )
    created_at = models.DateTimeField(_("kayıt zamanı"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("son değişiklik"), default=timezone.now, editable=False)
    title_folded = models.GeneratedField(
        expression=Fold(F("title")), output_field=models.TextField(), db_persist=True
    )
    title_sort = models.GeneratedField(
        expression=SortKey(F("title")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    year = models.GeneratedField(
        expression=models.functions.ExtractYear(
            Coalesce(F("accepted_on"), F("gazette_date"), F("effective_from"))
        ),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("mevzuat")
        verbose_name_plural = _("mevzuat")
        constraints = [
            models.UniqueConstraint(
                fields=["type", "number", "series", "accepted_on"],
                condition=~Q(number="") & Q(scope="gazette"),
                nulls_distinct=False,
                name="kms_instrument_key",
                violation_error_message=_(
                    "Bu tür, sayı, tertip ve kabul tarihiyle kayıtlı bir mevzuat var."
                ),
            ),
            models.CheckConstraint(
                condition=Q(type__in=InstrumentType.values),
                name="kms_instrument_type",
                violation_error_message=_("Böyle bir mevzuat türü yok."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="kms_instrument_title",
                violation_error_message=_("Mevzuatın adı boş olamaz."),
            ),
            models.CheckConstraint(
                condition=Q(scope="gazette") | Q(issuer__isnull=False) | ~Q(issuer_name=""),
                name="kms_instrument_publisher",
                violation_error_message=_("Kurum içi mevzuatın yayımlayan kurumu yazılmalıdır."),
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True) | Q(series__range=(1, 9)),
                name="kms_instrument_series",
                violation_error_message=_("Tertip 1 ile 9 arasındadır."),
            ),
            models.CheckConstraint(
                condition=Q(gazette_repeat__range=(0, 9)),
                name="kms_instrument_repeat",
                violation_error_message=_("Mükerrer 0 ile 9 arasındadır."),
            ),
            models.CheckConstraint(
                condition=Q(ended=True) | Q(ended_on__isnull=True),
                name="kms_instrument_end",
                violation_error_message=_("Kaldırılma tarihi yalnız kaldırılmış mevzuatta olur."),
            ),
        ]
        indexes = [
            models.Index(fields=["number", "type"], name="kms_instrument_number"),
            models.Index(fields=["title_sort", "id"], name="kms_instrument_title"),
            models.Index(fields=["type", "title_sort"], name="kms_instrument_type"),
            models.Index(fields=["year", "type"], name="kms_instrument_year"),
            models.Index(fields=["-gazette_date", "-id"], name="kms_instrument_newest"),
            # The list in its order, and its facets, from the index alone.
            models.Index(
                fields=["rank", "title_sort", "id"],
                include=["type"],
                condition=Q(published=True),
                name="kms_instrument_order",
            ),
            # What is found by words of its name, the first of them, or by its abbreviation.
            models.Index(
                fields=["rank", "ended", "id"],
                condition=Q(published=True),
                name="kms_instrument_first",
            ),
            GinIndex(
                fields=["title_folded"],
                opclasses=["gin_trgm_ops"],
                name="kms_instrument_words",
            ),
            models.Index(
                Upper("abbreviation"),
                condition=~Q(abbreviation=""),
                name="kms_instrument_abbreviation",
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.short_citation} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("kms:instrument", args=[self.pk])

    def clean(self) -> None:
        self.title = " ".join(self.title.split())
        self.number = self.number.strip()

    @property
    def short_citation(self) -> str:
        """ "4982 s. Kanun", "Anayasa"; the title of what has no number."""
        return cite_instrument(self.type, self.number, self.title)

    @property
    def gazette_issue(self) -> str:
        """ "25269", "30544 (Mükerrer)", "28351 (2. Mükerrer)"."""
        if not self.gazette_repeat:
            return self.gazette_number
        times = "" if self.gazette_repeat == 1 else f"{self.gazette_repeat}. "
        word = gettext("Mükerrer")
        return f"{self.gazette_number} ({times}{word})"

    @property
    def eli(self) -> str:
        """The permanent address, in the manner of the European Legislation Identifier."""
        return f"/eli/tr/{SLUGS[self.type]}/{self.year or 0}/{self.number or f'k{self.pk}'}/"

    @property
    def end(self) -> dt.date | None:
        """The day from which it is no longer in force; None also where that day is unknown."""
        days = [day for day in (self.ended_on, self.lapsed_on) if day]
        return min(days, default=None)

    def status_on(self, day: dt.date) -> Status:
        """The status on a day, from what is projected: exact as long as no repeal was undone."""
        if self.lapsed_on and self.lapsed_on <= day:
            return Status.REPEALED
        if self.ended and (self.ended_on is None or self.ended_on <= day):
            return Status.REPEALED
        begins = self.effective_from or self.gazette_date or self.accepted_on
        if begins and begins > day:
            return Status.NOT_YET
        if self.without_effect_from and self.without_effect_from <= day:
            return Status.WITHOUT_EFFECT
        return Status.IN_FORCE

    @property
    def lapse_reason(self) -> str:
        """Why it ended by itself, where that is known; "" otherwise.

        Constitution, article 119: a presidential decree of a state of emergency on which the
        Grand National Assembly does not decide within three months lapses.
        """
        published = self.gazette_date
        emergency = (
            self.type == InstrumentType.PRESIDENTIAL_DECREE
            and published is not None
            and self.lapsed_on == emergency_lapse(published)
        )
        return (
            gettext("Yayımlandığı günden başlayarak üç ay içinde TBMM'de karara bağlanmadı.")
            if emergency
            else ""
        )

    @property
    def status(self) -> Status:
        """The status today."""
        return self.status_on(timezone.localdate())


class Reference(models.Model):
    """Something that notes and texts cite and that is not recorded (yet): an open reference.

    As soon as an instrument of this type, number and date is recorded, relations that hang on the
    reference are moved to it (`kms.services.resolve_references`) and `resolved` says so.
    """

    type = models.CharField(
        _("tür"), max_length=30, choices=[*InstrumentType.choices, *OpenType.choices]
    )
    number = models.CharField(_("sayı"), max_length=60, blank=True)
    date = models.DateField(_("tarih"), null=True, blank=True)
    name = models.CharField(_("anıldığı ad"), max_length=500, blank=True)
    resolved = models.ForeignKey(
        Instrument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="references",
        verbose_name=_("karşılığı"),
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("açık atıf")
        verbose_name_plural = _("açık atıflar")
        constraints = [
            models.UniqueConstraint(
                fields=["type", "number", "date"],
                condition=Q(date__isnull=False) & ~Q(number=""),
                name="kms_reference_key",
                violation_error_message=_("Bu atıf zaten kayıtlı."),
            ),
            # Without a day the number names several, without a number nothing but the name does.
            models.UniqueConstraint(
                fields=["type", "number", "date", "name"],
                condition=Q(date__isnull=True) | Q(number=""),
                nulls_distinct=False,
                name="kms_reference_named",
                violation_error_message=_("Bu atıf zaten kayıtlı."),
            ),
        ]

    def __str__(self) -> str:
        return self.citation

    @property
    def citation(self) -> str:
        """ "12/7/2013 tarihli ve 6495 s. Kanun", "AYM, E. 2013/114, K. 2014/184"."""
        return cite_reference(self.type, self.number, self.name)
