"""An instrument, its texts and its relations as the API gives them, and for OpenAPI."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kms.models import (
    Instrument,
    InstrumentType,
    Reference,
    Relation,
    RelationKind,
    Scope,
    Status,
    TextVersion,
    VersionKind,
)


class IssuerSerializer(serializers.Serializer):
    """Who issued it: a recorded unit, or a name of then."""

    detsis_no = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


class VersionSerializer(serializers.Serializer):
    """One text of an instrument: the first one, or as it stood from `valid_from` on."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(VersionKind.choices)
    valid_from = serializers.DateField(allow_null=True)
    last = serializers.BooleanField()
    articles = serializers.IntegerField()
    checksum = serializers.CharField()
    url = serializers.CharField()


class InstrumentSerializer(serializers.Serializer):
    """An instrument; `status` is that of today. `versions` only where one is asked for alone."""

    id = serializers.IntegerField()
    type = serializers.ChoiceField(InstrumentType.choices)
    rank = serializers.IntegerField()
    number = serializers.CharField(allow_blank=True)
    series = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    abbreviation = serializers.CharField(allow_blank=True)
    citation = serializers.CharField()
    accepted_on = serializers.DateField(allow_null=True)
    gazette_date = serializers.DateField(allow_null=True)
    gazette_number = serializers.CharField(allow_blank=True)
    gazette_repeat = serializers.IntegerField()
    effective_from = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(Status.choices)
    scope = serializers.ChoiceField(Scope.choices)
    issuer = IssuerSerializer(allow_null=True)
    eli = serializers.CharField()
    url = serializers.CharField()
    versions = VersionSerializer(many=True, required=False)


class SideSerializer(serializers.Serializer):
    """The other side of a relation; `id` is null while it is an open reference."""

    id = serializers.IntegerField(allow_null=True)
    type = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    date = serializers.DateField(allow_null=True)


class RelationSerializer(serializers.Serializer):
    """A relation as seen from one instrument: `out` acts on the other side, `in` is acted on."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(RelationKind.choices)
    verb = serializers.CharField(allow_blank=True)
    direction = serializers.ChoiceField(["out", "in"])
    instrument = SideSerializer()
    citation = serializers.CharField()
    provision = serializers.CharField(allow_blank=True)
    source_provision = serializers.CharField(allow_blank=True)
    part = serializers.CharField(allow_blank=True)
    whole = serializers.BooleanField()
    date = serializers.DateField(allow_null=True)
    in_force_on = serializers.DateField(allow_null=True)
    undone_on = serializers.DateField(allow_null=True)
    resolved = serializers.BooleanField()
    origin = serializers.CharField()
    violation = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


def instrument_json(row: Instrument) -> dict[str, Any]:
    """`row` with its issuer selected."""
    issuer = None
    if row.issuer is not None:
        issuer = {"detsis_no": row.issuer_id, "name": row.issuer.name}
    elif row.issuer_name:
        issuer = {"detsis_no": None, "name": row.issuer_name}
    return {
        "id": row.pk,
        "type": row.type,
        "rank": row.rank,
        "number": row.number,
        "series": row.series,
        "title": row.title,
        "abbreviation": row.abbreviation,
        "citation": row.short_citation,
        "accepted_on": row.accepted_on,
        "gazette_date": row.gazette_date,
        "gazette_number": row.gazette_number,
        "gazette_repeat": row.gazette_repeat,
        "effective_from": row.effective_from,
        "ended_on": row.end,
        "status": row.status.value,
        "scope": row.scope,
        "issuer": issuer,
        "eli": row.eli,
        "url": row.get_absolute_url(),
    }


def version_json(row: TextVersion) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "valid_from": row.valid_from,
        "last": row.last,
        "articles": row.articles,
        "checksum": row.checksum,
        "url": f"/mevzuat/{row.instrument_id}/metin.json?metin={row.pk}",
    }


def relation_json(row: Relation, of: int) -> dict[str, Any]:
    """A relation from the point of view of the instrument `of`."""
    outgoing = row.source_id == of
    other = row.target if outgoing else row.source
    reference = row.target_reference if outgoing else row.source_reference
    return {
        "id": row.pk,
        "kind": row.kind,
        "verb": row.verb,
        "direction": "out" if outgoing else "in",
        "instrument": _side(other, reference),
        "citation": other.short_citation if other else reference.citation if reference else "",
        "provision": row.target_place,
        "source_provision": row.source_place,
        "part": row.target_part,
        "whole": row.whole,
        "date": row.date,
        "in_force_on": row.in_force_on,
        "undone_on": row.undone_on,
        "resolved": other is not None,
        "origin": row.origin,
        "violation": row.violation,
        "note": row.note,
    }


def _side(instrument: Instrument | None, reference: Reference | None) -> dict[str, Any]:
    if instrument is not None:
        return {
            "id": instrument.pk,
            "type": instrument.type,
            "number": instrument.number,
            "title": instrument.title,
            "date": instrument.accepted_on,
        }
    assert reference is not None, "the database holds one or the other"
    return {
        "id": None,
        "type": reference.type,
        "number": reference.number,
        "title": reference.name,
        "date": reference.date,
    }
