"""The page of a file, its heading, and the steps on its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis import selectors, services
from detsis.models import ChangeSet, ChangeSetStatus
from detsis.officer.fields import UnitField
from detsis.officer.forms import DecisionForm, FileForm
from detsis.officer.picking import Purpose
from detsis.officer.review import UNDECIDED, Review, kept_preview, review
from detsis.officer.views.base import FilePageBase, dress, editable_file, may_edit, say
from detsis.permissions import may_decide
from detsis.services.items import EDITABLE
from kaysis.accounts.audit.history import history_of
from kaysis.accounts.models import Person
from kaysis.accounts.views.base import breadcrumbs
from kaysis.common.errors import Conflict, KaysisError, NotAllowed, add_to_form
from kaysis.common.types import Text

_S = ChangeSetStatus
ROWS_ON_A_PAGE = 50
CHANGES, TREE, HISTORY = "degisiklikler", "agac", "gecmis"


class PickForm(forms.Form):
    """The unit a change is to be added for."""

    def __init__(self, *args: Any, person: Person, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["birim"] = UnitField(
            label=_("Değişiklik eklenecek birim"), purpose=Purpose.SUBJECT, person=person
        )


class FilePage(FilePageBase):
    """What the file would do exactly, what stands in the way, who did what, what comes next."""

    template_name = "detsis/officer/file.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = self.get_file()
        pick = None
        if "birim" in request.GET and may_edit(self.person, file):
            pick = PickForm(request.GET, person=self.person)
            if pick.is_valid():
                number = pick.cleaned_data["birim"]
                return redirect(f"{reverse('detsis:propose', args=[number])}?dosya={file.pk}")
        return self.render_to_response(self.get_context_data(file=file, pick=pick))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file: ChangeSet = kwargs.pop("file", None) or self.get_file()
        dress(file, timezone.localdate())
        items = list(file.items.select_related("unit"))
        seen = review(file, items)
        editable = may_edit(self.person, file)
        part = self.request.GET.get("bolum", CHANGES)
        pick = kwargs.pop("pick", None)
        if editable and pick is None:
            pick = PickForm(person=self.person)
        context = {
            "title": file.title,
            "breadcrumbs": breadcrumbs(*self.get_trail(), file.title),
            "file": file,
            "review": seen,
            "part": part if part in (TREE, HISTORY) else CHANGES,
            "parts": self._parts(file, seen, part),
            "problems": _problem_links(file, seen),
            "editable": editable,
            "pick": pick,
            "central": may_decide(self.person),
            "institution_path": selectors.path(file.institution.pk) if file.institution else [],
            **steps_of(self.person, file, bool(items), seen),
        }
        pages = Paginator(seen.rows, ROWS_ON_A_PAGE)
        page = pages.get_page(self.request.GET.get("sayfa"))
        context |= {"page_obj": page, "paginator": pages}
        if context["part"] == HISTORY:
            context["history"] = history_of(file)
        return super().get_context_data(**{**context, **kwargs})

    def _parts(self, file: ChangeSet, seen: Review, part: str) -> list[tuple[Text, str, bool]]:
        url = file.get_absolute_url()
        parts: list[tuple[Text, str, bool]] = [
            (_("Değişiklikler"), url, part not in (TREE, HISTORY))
        ]
        if seen.before or seen.after:
            parts.append((_("Ağaç: önce ve sonra"), f"{url}?bolum={TREE}", part == TREE))
        parts.append((_("Dosyanın geçmişi"), f"{url}?bolum={HISTORY}", part == HISTORY))
        return parts


def _problem_links(file: ChangeSet, seen: Review) -> list[tuple[str, int | None, str]]:
    """(address, row, message): each problem leads to its row, on whatever page that is."""
    places = {row.position: index for index, row in enumerate(seen.rows)}
    links = []
    for problem in seen.problems:
        address = ""
        if problem.position in places:
            page = places[problem.position] // ROWS_ON_A_PAGE + 1
            start = f"{file.get_absolute_url()}?sayfa={page}" if page > 1 else ""
            address = f"{start}#satir-{problem.position}"
        links.append((address, problem.position, problem.message))
    return links


def steps_of(person: Person, file: ChangeSet, filled: bool, seen: Review) -> dict[str, Any]:
    """What the person may do with the file now, and what is said about it."""
    central, own = may_decide(person), file.created_by_id == person.pk
    editable = may_edit(person, file)
    submitted = file.status == _S.SUBMITTED
    undecided = file.status in UNDECIDED
    steps = {
        "may_submit": editable and own and filled and not central,
        "may_approve": central and filled and (submitted or (file.status == _S.DRAFT and own)),
        "may_decide": central and submitted,
        "may_withdraw": (undecided and (own or central))
        or (central and file.status == _S.SCHEDULED),
        "later": file.effective_on > timezone.localdate(),
    }
    return {**steps, "blocked": not seen.fine, "next_step": _next_step(file, steps, filled, seen)}


def _next_step(file: ChangeSet, steps: dict[str, Any], filled: bool, seen: Review) -> Text:
    goes_on = steps["may_submit"] or steps["may_approve"]
    said: list[tuple[bool, Text]] = [
        (
            not filled and file.status in EDITABLE,
            _("Dosyada henüz değişiklik yok. Aşağıdan bir birim seçerek başlayın."),
        ),
        (
            goes_on and not seen.fine,
            _("İşaretlenen satırlar düzeltilmeden dosya ilerleyemez."),
        ),
        (steps["may_decide"], _("Bu dosya kararınızı bekliyor.")),
        (steps["may_approve"], _("Önizlemeyi gözden geçirip onaylayabilirsiniz.")),
        (
            steps["may_submit"] and file.status == _S.RETURNED,
            _("Dosya düzeltilmek üzere size iade edildi. Düzeltip yeniden sunun."),
        ),
        (steps["may_submit"], _("Önizlemeyi gözden geçirip onaya sunabilirsiniz.")),
    ]
    return next((text for holds, text in said if holds), STATES[_S(file.status)])


STATES: dict[ChangeSetStatus, Text] = {
    _S.DRAFT: _("Dosya hazırlanıyor; henüz onaya sunulmadı."),
    _S.RETURNED: _("Dosya, düzeltilmesi için hazırlayanına iade edildi."),
    _S.SUBMITTED: _("Merkezin kararı bekleniyor."),
    _S.SCHEDULED: _("Onaylandı; günü gelince kendiliğinden yürürlüğe girer."),
    _S.IN_FORCE: _("Değişiklikler yürürlükte."),
    _S.REFUSED: _("Dosya reddedildi; kayıtlarda bir değişiklik yapılmadı."),
    _S.WITHDRAWN: _("Dosya geri çekildi."),
}


class EditFile(FilePageBase):
    """The heading of a draft or returned file."""

    template_name = "detsis/officer/heading.html"
    title = _("Dosya bilgilerini düzenle")

    def get_trail(self) -> list[tuple[Text, str]]:
        file = self.get_file()
        return [*super().get_trail(), (file.title, file.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file = editable_file(self.person, self.kwargs["pk"])
        kwargs.setdefault("form", FileForm(instance=file))
        return super().get_context_data(file=file, back=file.get_absolute_url(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = editable_file(self.person, self.kwargs["pk"])
        form = FileForm(request.POST)
        if form.is_valid():
            try:
                services.edit_change_set(actor=self.person, change_set=file, **form.header())
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
            else:
                return redirect(file)
        return self.refuse(form=form)


class FileAction(FilePageBase):
    """A decision or another step of a file. `step` names it in the address."""

    template_name = "detsis/officer/decision.html"
    REASONED: dict[str, tuple[Callable[..., ChangeSet], Text, Text]] = {
        "iade": (
            services.return_change_set,
            _("Düzeltilmek üzere iade et"),
            _("Hazırlayan dosyayı düzeltip yeniden sunabilir. Gerekçeniz kendisine bildirilir."),
        ),
        "ret": (
            services.refuse_change_set,
            _("Reddet"),
            _("Dosya kapanır; hiçbir değişiklik kaydedilmez. Gerekçeniz hazırlayana bildirilir."),
        ),
        "geri-cek": (
            services.withdraw_change_set,
            _("Geri çek"),
            _(
                "Dosya kapanır. Gününü bekleyen bir dosyada kayda geçen bütün değişiklikler "
                "birlikte geri alınır ve birimlerin geçmişinde görünür."
            ),
        ),
    }
    PLAIN: dict[str, tuple[Callable[..., ChangeSet], Text]] = {
        "sun": (services.submit_change_set, _("Dosya onaya sunuldu.")),
        "onayla": (services.approve_change_set, _("Dosya onaylandı.")),
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = self.kwargs["step"]
        if step not in self.REASONED:
            raise Http404
        return self.render_to_response(self._reason_context(self.get_file(), DecisionForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file, step = self.get_file(), self.kwargs["step"]
        if step in self.PLAIN:
            service, said = self.PLAIN[step]
            return self._do(file, service, said)
        if step == "sil":
            return self._remove_item(file)
        if step not in self.REASONED:
            raise Http404
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self._reason_context(file, form), status=422)
        said = {
            "iade": _("Dosya iade edildi."),
            "ret": _("Dosya reddedildi."),
            "geri-cek": _("Dosya geri çekildi."),
        }[step]
        return self._do(file, self.REASONED[step][0], said, reason=form.cleaned_data["reason"])

    def _reason_context(self, file: ChangeSet, form: DecisionForm) -> dict[str, Any]:
        _service, verb, text = self.REASONED[self.kwargs["step"]]
        trail = [*self.get_trail(), (file.title, file.get_absolute_url())]
        return self.get_context_data(
            title=verb,
            file=file,
            form=form,
            verb=verb,
            text=text,
            final=self.kwargs["step"] != "iade",
            trail=trail,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trail = kwargs.pop("trail", self.get_trail())
        return super().get_context_data(breadcrumbs=breadcrumbs(*trail, kwargs["title"]), **kwargs)

    def _do(self, file: ChangeSet, service: Any, said: Text, **given: Any) -> HttpResponse:
        try:
            if self.kwargs["step"] == "sun" and may_edit(self.person, file):
                items = list(file.items.select_related("unit"))
                if items and not kept_preview(file, items).fine:
                    messages.error(
                        self.request, gettext("İşaretlenen satırlar düzeltilmeden dosya sunulamaz.")
                    )
                    return redirect(file)
            service(actor=self.person, change_set=file, **given)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Conflict as error:
            # Somebody was first: the file as it is now, under the message.
            say(self.request, error)
            return redirect(file)
        except (KaysisError, ValidationError) as error:
            say(self.request, error)
        else:
            messages.success(self.request, str(said))
        return redirect(file)

    def _remove_item(self, file: ChangeSet) -> HttpResponse:
        number = self.request.POST.get("satir", "")
        try:
            services.remove_item(
                actor=self.person,
                change_set=file,
                item=int(number) if number.isdecimal() and len(number) < 12 else 0,
            )
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except KaysisError as error:
            say(self.request, error)
        else:
            messages.success(self.request, gettext("Satır dosyadan çıkarıldı."))
        return redirect(file)
