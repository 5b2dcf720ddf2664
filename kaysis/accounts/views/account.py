"""The own account: data, sessions, who came in and who was turned away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from kaysis.accounts.forms import ContactForm
from kaysis.accounts.models import FailedSignIn, SignIn
from kaysis.accounts.selectors import grants_of, grants_with_scopes
from kaysis.accounts.services import end_other_sign_ins, end_sign_in, update_person
from kaysis.accounts.services.sessions import SESSION_KEY
from kaysis.accounts.views.base import OfficerMixin, OfficerPage
from kaysis.common.errors import add_to_form

SHOWN = 20


class Account(OfficerPage):
    template_name = "accounts/account.html"
    title = _("Hesabım")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = SignIn.objects.filter(person=self.person)
        return super().get_context_data(
            grants=grants_with_scopes(grants_of(self.person)),
            open_sign_ins=mine.open(),
            past_sign_ins=mine.exclude(ended_at=None)[:SHOWN],
            failures=FailedSignIn.objects.filter(person=self.person)[:SHOWN],
            this_key=self.request.session.get(SESSION_KEY),
            **kwargs,
        )


class EditContact(OfficerPage):
    """How one can be reached: the only data people change themselves."""

    template_name = "accounts/form_page.html"
    title = _("İletişim bilgilerimi güncelle")

    def get_trail(self) -> list[Any]:
        return [(_("Hesabım"), reverse("accounts:account"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ContactForm(instance=self.person))
        return super().get_context_data(cancel_url=reverse("accounts:account"), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ContactForm(request.POST)
        if form.is_valid():
            try:
                update_person(
                    actor=self.person,
                    person=self.person,
                    reason=gettext("Kendi iletişim bilgileri"),
                    **form.cleaned_data,
                )
            except ValidationError as error:
                add_to_form(form, error)
            else:
                messages.success(request, _("İletişim bilgileriniz güncellendi."))
                return redirect("accounts:account")
        return self.refuse(form=form)


class EndSignIn(OfficerMixin, View):
    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        if end_sign_in(actor=self.person, key=key):
            messages.success(request, _("Oturum sonlandırıldı."))
        else:
            messages.info(request, _("Bu oturum zaten kapalı."))
        return redirect("accounts:account")


class EndOtherSignIns(OfficerMixin, View):
    def post(self, request: HttpRequest) -> HttpResponse:
        end_other_sign_ins(request=request, actor=self.person)
        messages.success(request, _("Diğer bütün oturumlarınız sonlandırıldı."))
        return redirect("accounts:account")
