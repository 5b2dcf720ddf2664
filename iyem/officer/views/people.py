"""A manager as officers see one: past appointments, the masked national id, the curriculum."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from detsis import selectors as detsis_selectors
from iyem import selectors
from iyem.models import Curriculum, Manager
from iyem.officer.views.base import FormPage
from iyem.services.curricula import may_keep_curriculum
from iyem.views.manager import runs
from kaysis.accounts.forms import RevealForm
from kaysis.accounts.permissions import may_reveal
from kaysis.accounts.services import reveal_national_id
from kaysis.common.national_id import mask


class DeskManager(FormPage):
    """GET: the id is hidden whole. POST with a purpose shows it, and records that."""

    template_name = "iyem/officer/manager.html"

    @property
    def manager(self) -> Manager:
        if "manager" not in self.__dict__:
            managers = Manager.objects.select_related("person")
            code = self.kwargs["manager_code"]
            self.__dict__["manager"] = get_object_or_404(managers, manager_code=code)
        found: Manager = self.__dict__["manager"]
        return found

    def get_title(self) -> str:
        return self.manager.person.full_name

    def make_form(self, *data: Any) -> RevealForm:
        return RevealForm(*data[:1])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        manager = self.manager
        if not may_reveal(self.person, manager.person):
            raise PermissionDenied
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.refuse(form=form)
        number = reveal_national_id(
            actor=self.person, person=manager.person, purpose=form.cleaned_data["purpose"]
        )
        return self.render_to_response(self.get_context_data(national_id=number))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        manager, now = self.manager, timezone.now()
        career = selectors.career_of(manager)
        paths = detsis_selectors.paths({state.unit_id for state in career})
        kwargs.setdefault("national_id", mask(""))
        mine = may_keep_curriculum(self.person, manager)
        return super().get_context_data(
            manager=manager,
            rows=[
                {
                    "state": state,
                    "path": paths.get(state.unit_id, [])[:-1],
                    "now": runs(state, now),
                }
                for state in career
            ],
            may_reveal=may_reveal(self.person, manager.person),
            may_keep=mine,
            curricula=Curriculum.objects.filter(manager=manager).defer("document", "photo", "text")
            if mine
            else [],
            **kwargs,
        )
