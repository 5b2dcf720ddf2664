"""Appointments and answers as the API gives them. Public: never an id, a phone or a birth date."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from iyem.authority import Answer
from iyem.models import AppointmentKind, AppointmentState, Manager


class SigningAuthoritySerializer(serializers.Serializer):
    """One answer; the field names are stable."""

    authorised = serializers.BooleanField()
    capacity = serializers.ChoiceField(["holder", "acting", "delegate"], allow_null=True)
    manager_code = serializers.IntegerField()
    unit = serializers.IntegerField()
    at = serializers.DateTimeField()
    known_at = serializers.DateTimeField()
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    explanation = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    mark = serializers.CharField(allow_blank=True)
    appointment = serializers.IntegerField(allow_null=True)


class SigningQuestionSerializer(serializers.Serializer):
    unit = serializers.IntegerField(min_value=10_000_000, max_value=99_999_999)
    manager_code = serializers.IntegerField(min_value=10_000_000, max_value=99_999_999)
    at = serializers.DateTimeField(required=False)
    known_at = serializers.DateTimeField(required=False)


class StateSerializer(serializers.Serializer):
    """An appointment as it is known now."""

    id = serializers.IntegerField()
    unit = serializers.IntegerField()
    manager_code = serializers.IntegerField()
    manager_name = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(AppointmentKind.choices)
    post = serializers.IntegerField(help_text="0: head of the unit; 1, 2 …: deputies")
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    registered_at = serializers.DateTimeField()


class RecordSerializer(serializers.Serializer):
    """One recorded state: what the register held from `known_from` on."""

    valid_from = serializers.DateTimeField(allow_null=True)
    valid_to = serializers.DateTimeField(allow_null=True)
    withdrawn = serializers.BooleanField()
    known_from = serializers.DateTimeField()
    known_to = serializers.DateTimeField(allow_null=True)
    title = serializers.CharField()
    legal_ground = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class AppointmentSerializer(StateSerializer):
    """An appointment with the evidence behind it."""

    represents = serializers.IntegerField(allow_null=True)
    records = RecordSerializer(many=True)


class ManagerSerializer(serializers.Serializer):
    manager_code = serializers.IntegerField()
    name = serializers.CharField()
    appointments = StateSerializer(many=True)


def answer(found: Answer) -> dict[str, Any]:
    question = found.question
    return {
        "authorised": found.authorised,
        "capacity": found.capacity,
        "manager_code": question.manager_code,
        "unit": question.unit,
        "at": question.at,
        "known_at": found.known_at,
        "since": found.since,
        "until": found.until,
        "confirmed_at": found.confirmed_at,
        "reason": found.reason,
        "explanation": str(found.explanation),
        "title": found.title,
        "mark": found.mark,
        "appointment": found.appointment,
    }


def state(row: AppointmentState) -> dict[str, Any]:
    """Needs manager__person, post and appointment."""
    return {
        "id": row.appointment_id,
        "unit": row.unit_id,
        "manager_code": row.manager.manager_code,
        "manager_name": row.manager.person.full_name,
        "title": row.title,
        "kind": row.kind,
        "post": row.post.ordinal,
        "since": row.validity.lower,
        "until": row.validity.upper,
        "registered_at": row.appointment.registered_at,
    }


def record(row: AppointmentState) -> dict[str, Any]:
    return {
        "valid_from": row.validity.lower,
        "valid_to": row.validity.upper,
        "withdrawn": row.withdrawn,
        "known_from": row.known.lower,
        "known_to": row.known.upper,
        "title": row.title,
        "legal_ground": row.legal_ground,
        "reason": row.reason,
    }


def manager(found: Manager, states: list[AppointmentState]) -> dict[str, Any]:
    return {
        "manager_code": found.manager_code,
        "name": found.person.full_name,
        "appointments": [state(row) for row in states],
    }
