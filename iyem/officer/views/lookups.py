"""Suggestions of the pickers, as JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from detsis.officer.picking import candidates, suggest
from iyem import selectors
from iyem.models import Manager
from iyem.officer import people
from iyem.officer.fields import among
from iyem.officer.views.base import ROLES
from kaysis.accounts.views.base import OfficerMixin


class UnitOptions(OfficerMixin, View):
    """Units of the officer's scope."""

    roles = ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "")[:200]
        units = suggest(text, among(self.person)) if len(text.strip()) > 1 else []
        results = [
            {
                "title": each.name,
                "kind": str(each.number),
                "path": each.path,
                "value": each.text,
            }
            for each in candidates(units)
        ]
        return JsonResponse({"results": results})


@method_decorator(sensitive_post_parameters("q"), name="dispatch")
class ManagerOptions(OfficerMixin, View):
    """Managers by name or code. Digits of a national id are answered by the preview alone."""

    roles = ROLES

    def post(self, request: HttpRequest) -> HttpResponse:
        text = request.POST.get("q", "").strip()[:200]
        found: list[Manager] = []
        if len(text) > 1 and not text.replace(" ", "").isdecimal():
            found = people.suggest(text)
        elif len(text) == 8:
            found = list(people.find(text).managers)
        present = selectors.states_now().filter(manager__in=[each.pk for each in found])
        offices: dict[int, Any] = {}
        for state in present:
            offices.setdefault(state.manager_id, state)
        results = [
            {
                "title": each.person.full_name,
                "kind": str(each.manager_code),
                "path": f"{offices[each.pk].title}, {offices[each.pk].unit.name}"
                if each.pk in offices
                else gettext("şu anda görevi yok"),
                "value": people.written(each),
            }
            for each in found
        ]
        return JsonResponse({"results": results})
