"""People: found by POST only, so that neither names nor national ids land in addresses or logs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from kaysis.accounts.audit.history import history_of
from kaysis.accounts.forms import (
    PersonSearchForm,
    ReasonForm,
    RegisterPersonForm,
    RevealForm,
)
from kaysis.accounts.models import Person, RoleGrant
from kaysis.accounts.permissions import may_reveal
from kaysis.accounts.selectors import find_people, grants_with_scopes
from kaysis.accounts.services import (
    deactivate_person,
    reactivate_person,
    register_person,
    reveal_national_id,
)
from kaysis.accounts.views.base import OfficerPage
from kaysis.accounts.views.roles import GRANTS, AdministratorMixin
from kaysis.common.errors import add_to_form
from kaysis.common.national_id import mask

MOST_FOUND = 50


@method_decorator(sensitive_post_parameters("query"), name="dispatch")
class PersonSearch(AdministratorMixin, OfficerPage):
    """GET shows the form, POST what was found."""

    template_name = "accounts/people.html"
    title = _("Kişi ara")

    def get_trail(self) -> list[Any]:
        return [(GRANTS, reverse("accounts:grants"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", PersonSearchForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PersonSearchForm(request.POST)
        if not form.is_valid():
            return self.refuse(form=form)
        found = list(find_people(form.cleaned_data["query"])[: MOST_FOUND + 1])
        context = self.get_context_data(
            form=form, found=found[:MOST_FOUND], more=len(found) > MOST_FOUND
        )
        return self.render_to_response(context)


@method_decorator(sensitive_post_parameters("national_id"), name="dispatch")
class RegisterPerson(AdministratorMixin, OfficerPage):
    template_name = "accounts/form_page.html"
    title = _("Yeni kişi kaydı")

    def get_trail(self) -> list[Any]:
        return [(GRANTS, reverse("accounts:grants")), (_("Kişi ara"), reverse("accounts:people"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", RegisterPersonForm())
        return super().get_context_data(cancel_url=reverse("accounts:people"), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RegisterPersonForm(request.POST)
        if form.is_valid():
            try:
                person = register_person(actor=self.person, **form.cleaned_data)
            except ValidationError as error:
                add_to_form(form, error)
            else:
                messages.success(request, _("Kişi kaydedildi."))
                return redirect(person)
        return self.refuse(form=form)


class PersonPage(AdministratorMixin, OfficerPage):
    """What is known of a person, the id masked; POST with a purpose shows it, and records that."""

    template_name = "accounts/person.html"

    def get_subject(self) -> Person:
        return get_object_or_404(Person, public_id=self.kwargs["public_id"])

    def get_title(self) -> str:
        return str(self.get_subject())

    def get_trail(self) -> list[Any]:
        return [(GRANTS, reverse("accounts:grants")), (_("Kişi ara"), reverse("accounts:people"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subject = self.get_subject()
        kwargs.setdefault("form", RevealForm())
        kwargs.setdefault("national_id", mask(""))
        return super().get_context_data(
            subject=subject,
            grants=grants_with_scopes(RoleGrant.objects.of(subject)),
            may_reveal=may_reveal(self.person, subject),
            accesses=subject.national_id_accesses.select_related("actor")[:MOST_FOUND],
            history=history_of(subject),
            title=str(subject),
            **kwargs,
        )

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        form = RevealForm(request.POST)
        if not form.is_valid():
            return self.refuse(form=form)
        number = reveal_national_id(
            actor=self.person, person=self.get_subject(), purpose=form.cleaned_data["purpose"]
        )
        return self.render_to_response(self.get_context_data(national_id=number))


class SetActive(PersonPage):
    """Close an account, or open it again; asks for the reason."""

    template_name = "accounts/set_active.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReasonForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        form = ReasonForm(request.POST)
        subject = self.get_subject()
        if form.is_valid():
            change = deactivate_person if subject.is_active else reactivate_person
            try:
                change(actor=self.person, person=subject, reason=form.cleaned_data["reason"])
            except ValidationError as error:
                add_to_form(form, error)
            else:
                messages.success(request, _("Hesabın durumu değiştirildi."))
                return redirect(subject)
        return self.refuse(form=form)
