"""`/api/v1/managers/` and `/api/v1/appointments/`: who holds what; proxies from an EBYS."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from detsis.models import Unit
from iyem import selectors, services
from iyem.api import representation
from iyem.api.authority import asked_moment
from iyem.models import AbsenceKind, Appointment, AppointmentKind, AppointmentState, Manager
from iyem.models.appointment import REPRESENTING, Source
from kaysis.accounts import scopes
from kaysis.accounts.models import ApiClient
from kaysis.accounts.tokens import client_of
from kaysis.common.api.views import ApiView, ListApiView
from kaysis.common.errors import NotAllowed, RuleViolation

SCOPE = "iyem.proxies"
KEY = "Idempotency-Key"


class ManagerView(ApiView):
    """A manager by code, with all appointments as they are known now."""

    @extend_schema(
        operation_id="manager",
        summary=gettext_lazy("Yönetici"),
        responses=representation.ManagerSerializer,
    )
    def get(self, request: Request, manager_code: int) -> Response:
        manager = Manager.objects.select_related("person").filter(manager_code=manager_code).first()
        if manager is None:
            raise Http404
        states = selectors.career_of(manager)
        for state in states:
            state.manager = manager
        return Response(representation.manager(manager, states))


class ProxySerializer(serializers.Serializer):
    """A proxy for the holder of a post. `absence` records the holder's leave with it."""

    unit = serializers.IntegerField(min_value=10_000_000, max_value=99_999_999)
    manager_code = serializers.IntegerField(min_value=10_000_000, max_value=99_999_999)
    kind = serializers.ChoiceField(AppointmentKind.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(required=False)
    post = serializers.IntegerField(default=0, min_value=0, max_value=999)
    title = serializers.CharField(default="", allow_blank=True, max_length=200)
    absence = serializers.ChoiceField(AbsenceKind.choices, required=False)
    legal_ground = serializers.CharField(default="", allow_blank=True, max_length=500)
    reason = serializers.CharField(default="", allow_blank=True, max_length=500)


class AppointmentListView(ListApiView):
    """Who is in office; POST records a proxy (rule 17)."""

    serializer_class = representation.StateSerializer
    queryset = AppointmentState.objects.none()
    filter_backends = ()

    def get_queryset(self) -> Any:
        errors: dict[str, list[str]] = {}
        query = self.request.query_params
        at = asked_moment(query, "at", errors) or timezone.now()
        states = selectors.states_now(at)
        for name, field in (("unit", "unit_id"), ("manager_code", "manager__manager_code")):
            if text := query.get(name):
                if not (text.isascii() and text.isdigit() and len(text) == 8):
                    errors[name] = [_("Sekiz rakamlı bir numara girin.")]
                else:
                    states = states.filter(**{field: int(text)})
        if text := query.get("below"):
            units = Unit.objects.visible_to(self.request.user)
            above = units.filter(pk=int(text)).first() if text.isdecimal() else None
            if above is None:
                errors["below"] = [_("Bu numarayla kayıtlı bir birim yok.")]
            else:
                states = states.filter(unit__lft__gte=above.lft, unit__lft__lt=above.rght)
        if errors:
            raise ValidationError(errors)
        return states

    def get_keyset_ordering(self) -> tuple[str, ...]:
        return ("appointment_id",)

    @extend_schema(
        operation_id="appointments_list",
        summary=gettext_lazy("Görevde olan yöneticiler"),
        parameters=[
            OpenApiParameter("unit", int, description=gettext_lazy("Yalnız bu birim.")),
            OpenApiParameter("below", int, description=gettext_lazy("Bu birim ve altındakiler.")),
            OpenApiParameter("manager_code", int, description=gettext_lazy("Yalnız bu yönetici.")),
            OpenApiParameter("at", dt.datetime, description=gettext_lazy("An; yoksa şimdi.")),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([representation.state(row) for row in rows or ()])

    @extend_schema(
        operation_id="appointments_create",
        summary=gettext_lazy("Vekâlet kaydı"),
        request=ProxySerializer,
        parameters=[
            OpenApiParameter(
                KEY,
                str,
                OpenApiParameter.HEADER,
                required=True,
                description=gettext_lazy("İstemcinin bu istek için seçtiği tekil anahtar."),
            )
        ],
        responses={201: representation.StateSerializer},
    )
    def post(self, request: Request) -> Response:
        client = client_of(request, SCOPE)
        key = request.headers.get(KEY, "").strip()
        if not key or len(key) > 100:
            raise ValidationError({KEY: [_("En çok 100 karakterlik bir istek anahtarı verin.")]})
        asked = ProxySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        appointment = _record(client, key, asked.validated_data)
        state = current_state(appointment)
        return Response(representation.state(state), status=201)


def _record(client: ApiClient, key: str, given: dict[str, Any]) -> Appointment:
    unit = Unit.objects.filter(pk=given["unit"], valid_from__isnull=False).first()
    if unit is None:
        raise RuleViolation(_("Bu numarayla kayıtlı bir birim yok."), field="unit")
    manager = Manager.objects.filter(manager_code=given["manager_code"]).first()
    if manager is None:
        raise RuleViolation(_("Bu kodla kayıtlı bir yönetici yok."), field="manager_code")
    _permit(client, unit.pk)
    kind = AppointmentKind(given["kind"])
    if kind not in REPRESENTING:
        raise RuleViolation(
            _("Web servisle yalnız dolu kadroya vekâlet ve imza yetkisi devri kaydedilir."),
            field="kind",
        )
    if given.get("ends_at") is None:
        raise RuleViolation(_("Vekâletin bitişi girilmelidir."), field="ends_at")
    return services.register_proxy(
        actor=client.responsible,
        unit=unit,
        manager=manager,
        kind=kind,
        starts_at=given["starts_at"],
        ends_at=given["ends_at"],
        title=given["title"],
        ordinal=given["post"],
        absence=given.get("absence"),
        legal_ground=given["legal_ground"],
        reason=given["reason"],
        source=Source.EBYS,
        client=f"api:{client.pk}",
        key=key,
    )


def _permit(client: ApiClient, unit: int) -> None:
    """The client's institution at or above the unit; its responsible person is asked later."""
    if not scopes.covers(client.scope_detsis_no, unit):
        raise NotAllowed(_("Bu birim istemcinin kurumuna bağlı değil."))


def current_state(appointment: Appointment) -> AppointmentState:
    states = AppointmentState.objects.current().filter(appointment=appointment)
    state: AppointmentState = states.select_related("manager__person", "post", "appointment").get()
    return state


class EndSerializer(serializers.Serializer):
    ends_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500)


class AppointmentView(ApiView):
    """One appointment with every state that the register held of it."""

    @extend_schema(
        operation_id="appointment",
        summary=gettext_lazy("Görev ve dayanağı"),
        responses=representation.AppointmentSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        appointment = Appointment.objects.filter(pk=pk).first()
        if appointment is None:
            raise Http404
        return Response(
            {
                **representation.state(current_state(appointment)),
                "represents": appointment.represents_id,
                "records": [representation.record(row) for row in selectors.record_of(appointment)],
            }
        )


class EndAppointmentView(ApiView):
    """A proxy ends before its time: the holder is back, or the proxy is away."""

    @extend_schema(
        operation_id="appointments_end",
        summary=gettext_lazy("Vekâleti erken bitirme"),
        request=EndSerializer,
        responses=representation.StateSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        client = client_of(request, SCOPE)
        asked = EndSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        appointment = (
            Appointment.objects.filter(pk=pk, kind__in=REPRESENTING)
            .select_related("post__unit", "manager")
            .first()
        )
        if appointment is None:
            raise Http404
        _permit(client, appointment.post.unit_id)
        services.end_appointment(
            actor=client.responsible, appointment=appointment, **asked.validated_data
        )
        return Response(representation.state(current_state(appointment)))
