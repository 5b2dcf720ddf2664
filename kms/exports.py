"""What the downloads of KMS lists hold. Keys are the field names of the API."""

from __future__ import annotations

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.common.exports import Column
from kms.models import Instrument, InstrumentType, Origin, Relation, RelationKind, Scope, Status


def status_expression() -> Case:
    """Today's status, computed by the database."""
    day = timezone.localdate()
    ended = (
        Q(lapsed_on__lte=day)
        | Q(ended=True, ended_on__isnull=True)
        | Q(ended=True, ended_on__lte=day)
    )
    return Case(
        When(ended, then=Value(Status.REPEALED.value)),
        When(Instrument.objects.not_begun(day), then=Value(Status.NOT_YET.value)),
        When(without_effect_from__lte=day, then=Value(Status.WITHOUT_EFFECT.value)),
        default=Value(Status.IN_FORCE.value),
        output_field=CharField(),
    )


def instrument_columns() -> list[Column]:
    """The columns of a list of instruments; the status is that of today."""
    return [
        Column("id", _("Kayıt numarası"), kind="number"),
        Column("type", _("Tür"), labels=dict(InstrumentType.choices)),
        Column("number", _("Sayı")),
        Column("series", _("Tertip"), kind="number"),
        Column("title", _("Ad")),
        Column("accepted_on", _("Kabul tarihi"), kind="date"),
        Column("gazette_date", _("Resmî Gazete tarihi"), kind="date"),
        Column("gazette_number", _("Resmî Gazete sayısı")),
        Column("gazette_repeat", _("Mükerrer"), kind="number"),
        Column("status", _("Durum"), status_expression(), labels=dict(Status.choices)),
        Column("ended_on", _("Kaldırılma tarihi"), kind="date"),
        Column("scope", _("Yayım"), labels=dict(Scope.choices)),
        Column(
            "issuer",
            _("Çıkaran"),
            Coalesce(F("issuer__name"), F("issuer_name"), output_field=CharField()),
        ),
    ]


RELATION_COLUMNS = [
    Column("kind", _("İlişki"), labels=dict(RelationKind.choices)),
    Column("source", _("Etkileyen"), lambda row: side(row, "source")),
    Column("source_provision", _("Etkileyen hüküm"), "source_place"),
    Column("target", _("Etkilenen"), lambda row: side(row, "target")),
    Column("provision", _("Etkilenen hüküm"), "target_place"),
    Column("part", _("Bölüm"), "target_part"),
    Column("date", _("Tarih"), kind="date"),
    Column("in_force_on", _("Yürürlük"), kind="date"),
    Column("undone_on", _("Hükümsüz kaldığı tarih"), kind="date"),
    Column("origin", _("Kaynak"), labels=dict(Origin.choices)),
    Column("note", _("Not")),
]


def side(row: Relation, name: str) -> str:
    """A side of a relation in words."""
    instrument = getattr(row, name)
    if instrument is not None:
        return f"{instrument.short_citation} {instrument.title}".strip()
    reference = getattr(row, f"{name}_reference")
    return reference.citation if reference is not None else ""
