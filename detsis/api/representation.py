"""A unit as the API gives it, and its description for OpenAPI."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from detsis.codenames import CodeNames, code_names_of
from detsis.models import KepAddress, OrganisationType, Unit
from detsis.rules import CODE_TABLES
from detsis.selectors import paths

PLAIN = (
    "name_en",
    "corresponds_externally",
    "addressee_suffix",
    "addressee_cut",
    "letterhead",
    "phone",
    "phone_extension",
    "fax",
    "email",
    "website",
    "address",
    "postal_code",
    "founding_legislation",
)


class CodeSerializer(serializers.Serializer):
    """A row of a code table."""

    code = serializers.CharField()
    name = serializers.CharField()


class UnitReferenceSerializer(serializers.Serializer):
    """A unit by number and name."""

    detsis_no = serializers.IntegerField()
    name = serializers.CharField()


class KepSerializer(serializers.Serializer):
    address = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class UnitSerializer(serializers.Serializer):
    """A unit on a day. `valid_from` and `valid_to` are the days it was founded and closed."""

    detsis_no = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    parent_detsis_no = serializers.IntegerField(allow_null=True)
    path = UnitReferenceSerializer(many=True)
    is_institution = serializers.BooleanField()
    organisation_type = serializers.ChoiceField(OrganisationType.choices)
    category = CodeSerializer(allow_null=True)
    status = CodeSerializer(allow_null=True)
    budget_type = CodeSerializer(allow_null=True)
    legal_personality = CodeSerializer(allow_null=True)
    province = CodeSerializer(allow_null=True)
    district = CodeSerializer(allow_null=True)
    country = CodeSerializer(allow_null=True)
    civil_authority = serializers.IntegerField(allow_null=True)
    kep_addresses = KepSerializer(many=True)
    corresponds_externally = serializers.BooleanField()
    addressee_suffix = serializers.CharField(allow_blank=True)
    addressee_cut = serializers.CharField(allow_blank=True)
    letterhead = serializers.ListField(child=serializers.CharField())
    phone = serializers.CharField(allow_blank=True)
    phone_extension = serializers.CharField(allow_blank=True)
    fax = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    postal_code = serializers.CharField(allow_blank=True)
    founding_legislation = serializers.ListField(child=serializers.DictField())
    active = serializers.BooleanField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    successors = serializers.ListField(child=serializers.IntegerField(), required=False)


class LineSerializer(serializers.Serializer):
    """A unit in a long list: enough to build the tree."""

    detsis_no = serializers.IntegerField()
    name = serializers.CharField()
    parent_detsis_no = serializers.IntegerField(allow_null=True)
    organisation_type = serializers.ChoiceField(OrganisationType.choices)
    is_institution = serializers.BooleanField()
    civil_authority = serializers.IntegerField(allow_null=True)
    active = serializers.BooleanField()


def unit_list(rows: Sequence[Any], day: dt.date | None) -> list[dict[str, Any]]:
    """Units (rows of `Unit`, or of `UnitVersion` with `day`) as JSON; three queries for all."""
    numbers = [row.detsis_no for row in rows]
    trails = paths(numbers, day)
    addresses = _addresses(numbers, day or timezone.localdate())
    names = code_names_of(rows)
    return [
        unit_json(row, trails.get(row.detsis_no, []), addresses[row.detsis_no], names)
        for row in rows
    ]


def unit_json(
    row: Any, trail: Sequence[Any], kep: Sequence[dict[str, Any]], names: CodeNames
) -> dict[str, Any]:
    lifetime = row if isinstance(row, Unit) else row.unit
    return {
        "detsis_no": row.detsis_no,
        "name": row.name,
        "parent_detsis_no": row.parent_id,
        "path": [{"detsis_no": crumb.detsis_no, "name": crumb.name} for crumb in trail],
        "is_institution": row.is_institution,
        "organisation_type": row.organisation_type,
        **{table: _code(table, getattr(row, f"{table}_id"), names) for table in CODE_TABLES},
        "civil_authority": row.civil_authority_id,
        "kep_addresses": list(kep),
        **{name: getattr(row, name) for name in PLAIN},
        "active": row.active,
        "valid_from": lifetime.valid_from,
        "valid_to": lifetime.valid_to,
    }


def _code(table: str, code: Any, names: CodeNames) -> dict[str, str] | None:
    return None if code is None else {"code": str(code), "name": names.of(table, code)}


def _addresses(numbers: Sequence[int], day: dt.date) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in KepAddress.objects.at(day).filter(unit__in=numbers).order_by("address"):
        found[row.unit_id].append(
            {
                "address": row.address,
                "valid_from": row.validity.lower,
                "valid_to": row.validity.upper,
            }
        )
    return found
