"""Relations between instruments: dated rows, down to a provision where that is known."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.common.errors import declare_constraint
from kms.models.instrument import Instrument, Reference
from kms.models.text import TextVersion
from kms.models.types import Origin, RelationKind, Violation
from kms.querysets import RelationQuerySet

declare_constraint(
    "kms_relation_rank",
    _(
        "Bir mevzuat yalnız kendi sırasındakini ya da altındakini değiştirir ve kaldırır; "
        "dayanağı ise kendi sırasında ya da üstünde olur."
    ),
)
declare_constraint("kms_relation_cycle", _("Dayanak zinciri kendine dönemez."))

#: Judges rank and circular bases. What an editor enters is refused; what is read from texts is
#: kept and marked, since real legislation breaks its own rules.
_JUDGE = """
    broken := '';
    IF NEW.source_id IS NULL OR NEW.target_id IS NULL THEN
        NEW.violation := '';
        RETURN NEW;
    END IF;
    SELECT rank INTO source_rank FROM kms_instrument WHERE id = NEW.source_id;
    SELECT rank INTO target_rank FROM kms_instrument WHERE id = NEW.target_id;
    IF NEW.kind IN ('amends', 'repeals') AND source_rank > target_rank
        OR NEW.kind IN ('based_on', 'implements') AND target_rank > source_rank
    THEN
        broken := 'rank';
    ELSIF NEW.kind = 'based_on' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('kms-basis', 0));
        IF EXISTS (
            WITH RECURSIVE basis(id) AS (
                SELECT NEW.target_id
                UNION
                SELECT r.target_id FROM kms_relation r JOIN basis b ON r.source_id = b.id
                WHERE r.kind = 'based_on' AND r.target_id IS NOT NULL
                    AND r.id IS DISTINCT FROM NEW.id AND r.violation = ''
            ) SELECT 1 FROM basis WHERE id = NEW.source_id
        ) THEN
            broken := 'cycle';
        END IF;
    END IF;
    IF broken <> '' AND NEW.origin = 'editor' THEN
        RAISE EXCEPTION 'relation breaks the rule %', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'kms_relation_' || broken;
    END IF;
    NEW.violation := broken;
    RETURN NEW;
"""

#: Keeps `Instrument.ended` and `ended_on`: a repeal that was undone ends nothing.
_END = """
    touched := '{}';
    IF TG_OP <> 'INSERT' AND OLD.whole AND OLD.kind = 'repeals' AND OLD.target_id IS NOT NULL THEN
        touched := touched || OLD.target_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.whole AND NEW.kind = 'repeals' AND NEW.target_id IS NOT NULL THEN
        touched := touched || NEW.target_id;
    END IF;
    IF touched = '{}' THEN
        RETURN NULL;
    END IF;
    UPDATE kms_instrument i SET ended = e.found > 0, ended_on = e.day
    FROM (
        SELECT t.id, count(r.id) AS found, min(coalesce(r.in_force_on, r.date)) AS day
        FROM unnest(touched) AS t(id)
        LEFT JOIN kms_relation r ON r.target_id = t.id AND r.kind = 'repeals' AND r.whole
            AND r.undone_on IS NULL
        GROUP BY t.id
    ) e
    WHERE i.id = e.id AND (i.ended, i.ended_on) IS DISTINCT FROM (e.found > 0, e.day);
    RETURN NULL;
"""


class Relation(models.Model):
    """`source` is based on, amends, repeals or implements `target`.

    Either side is an instrument or, while that is not recorded, an open reference. `whole` says
    that the target as a whole is meant; otherwise `target_place` and `target_anchor` name the
    provision, and `target_part` what of it ("ikinci fıkra"). `date` is that of the acting
    instrument, `in_force_on` the day the change took effect. A relation read from a text belongs
    to that `version` and goes when the text is read anew.
    """

    kind = models.CharField(_("ilişki"), max_length=10, choices=RelationKind.choices)
    verb = models.CharField(_("işlem"), max_length=20, blank=True)
    source = models.ForeignKey(
        Instrument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="out_relations",
        verbose_name=_("etkileyen mevzuat"),
        db_index=False,
    )
    source_reference = models.ForeignKey(
        Reference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="out_relations",
        verbose_name=_("etkileyen açık atıf"),
    )
    source_place = models.CharField(_("etkileyen hüküm"), max_length=120, blank=True)
    target = models.ForeignKey(
        Instrument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="in_relations",
        verbose_name=_("etkilenen mevzuat"),
        db_index=False,
    )
    target_reference = models.ForeignKey(
        Reference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="in_relations",
        verbose_name=_("etkilenen açık atıf"),
    )
    target_place = models.CharField(_("etkilenen hüküm"), max_length=120, blank=True)
    target_anchor = models.CharField(_("etkilenen hükmün çapası"), max_length=120, blank=True)
    target_part = models.CharField(_("hükmün bölümü"), max_length=120, blank=True)
    whole = models.BooleanField(_("bütünüyle"), default=False)
    date = models.DateField(_("tarih"), null=True, blank=True)
    in_force_on = models.DateField(_("yürürlük tarihi"), null=True, blank=True)
    undone_on = models.DateField(_("hükümsüz kaldığı tarih"), null=True, blank=True)
    undone_note = models.CharField(_("hükümsüz kalma nedeni"), max_length=500, blank=True)
    origin = models.CharField(_("nereden okundu"), max_length=10, choices=Origin.choices)
    note = models.CharField(_("not"), max_length=1000, blank=True)
    version = models.ForeignKey(
        TextVersion,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="relations",
        verbose_name=_("okunduğu metin"),
    )
    violation = models.CharField(
        _("bozduğu kural"), max_length=10, choices=Violation.choices, blank=True, editable=False
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kaydeden"),
        editable=False,
        db_index=False,
    )
    recorded_at = models.DateTimeField(_("kayıt zamanı"), default=timezone.now, editable=False)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("mevzuat ilişkisi")
        verbose_name_plural = _("mevzuat ilişkileri")
        constraints = [
            models.CheckConstraint(
                condition=Q(source__isnull=False, source_reference__isnull=True)
                | Q(source__isnull=True, source_reference__isnull=False),
                name="kms_relation_source",
                violation_error_message=_("Etkileyen ya bir mevzuat ya bir açık atıftır."),
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, target_reference__isnull=True)
                | Q(target__isnull=True, target_reference__isnull=False),
                name="kms_relation_target",
                violation_error_message=_("Etkilenen ya bir mevzuat ya bir açık atıftır."),
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(target__isnull=True) | ~Q(source=F("target")),
                name="kms_relation_not_itself",
                violation_error_message=_("Bir mevzuat kendisiyle ilişkilendirilemez."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RelationKind.values),
                name="kms_relation_kind",
                violation_error_message=_("Böyle bir ilişki türü yok."),
            ),
            models.CheckConstraint(
                condition=Q(undone_on__isnull=True) | ~Q(undone_note=""),
                name="kms_relation_undone",
                violation_error_message=_("Hükümsüz kalan ilişkinin nedeni yazılmalıdır."),
            ),
        ]
        indexes = [
            models.Index(fields=["target", "kind", "date"], name="kms_relation_in"),
            models.Index(fields=["source", "kind", "date"], name="kms_relation_out"),
            models.Index(
                fields=["violation"], condition=~Q(violation=""), name="kms_relation_violation"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="judge",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("kind", "source_id", "target_id", "origin"),
                declare=[
                    ("source_rank", "smallint"),
                    ("target_rank", "smallint"),
                    ("broken", "text"),
                ],
                func=_JUDGE,
            ),
            pgtrigger.Trigger(
                name="end",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("touched", "bigint[]")],
                func=_END,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id or self.source_reference_id} {self.kind} {self.target_id}"

    @property
    def effective_on(self) -> dt.date | None:
        return self.in_force_on or self.date


class Commencement(models.Model):
    """A provision that enters into force on another day than its instrument."""

    instrument = models.ForeignKey(
        Instrument,
        on_delete=models.PROTECT,
        related_name="commencements",
        verbose_name=_("mevzuat"),
    )
    place = models.CharField(_("hüküm"), max_length=120)
    date = models.DateField(_("yürürlük tarihi"))
    note = models.CharField(_("açıklama"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("hükmün yürürlüğü")
        verbose_name_plural = _("hükümlerin yürürlüğü")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "place"],
                name="kms_commencement_once",
                violation_error_message=_("Bu hükmün yürürlük tarihi zaten yazılmış."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.date}"
