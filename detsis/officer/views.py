"""Proposals and files of changes: the work list, the forms, the file and the decisions on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from detsis import selectors, services
from detsis.models import ChangeKind, ChangeSet, ChangeSetStatus, Unit
from detsis.officer.fields import UnitField
from detsis.officer.forms import KINDS, ChangeForm, DecisionForm, FileForm
from detsis.permissions import may_decide, may_propose
from detsis.services import ItemInput
from kaysis.accounts.audit.history import history_of
from kaysis.accounts.models import Role
from kaysis.accounts.views.base import OfficerMixin, OfficerPage, breadcrumbs
from kaysis.common.errors import KaysisError, NotAllowed, add_to_form
from kaysis.common.types import Text
from kaysis.common.views import ListPage

ROLES = (Role.DETSIS_OFFICER, Role.CENTRAL_ADMINISTRATOR)
WORK = _("Birim değişiklikleri")
_S = ChangeSetStatus
TONES = {
    _S.DRAFT: "neutral",
    _S.SUBMITTED: "warning",
    _S.RETURNED: "warning",
    _S.REFUSED: "danger",
    _S.SCHEDULED: "info",
    _S.IN_FORCE: "success",
    _S.WITHDRAWN: "neutral",
}


def deadline(change_set: ChangeSet, today: dt.date) -> tuple[Text, str] | None:
    """How urgent a waiting file is, in words and a tone."""
    if change_set.status != _S.SUBMITTED or change_set.due_on is None:
        return None
    left = (change_set.due_on - today).days
    if left < 0:
        return _("Süresi geçti"), "danger"
    if left == 0:
        return _("Bugün son gün"), "danger"
    if left <= 3:
        return _("Son üç gün"), "warning"
    return _("Süresi var"), "info"


class ChangeSetFilter(django_filters.FilterSet):
    """Files by status."""

    durum = django_filters.ChoiceFilter(
        field_name="status", choices=_S.choices, label=_("Durum"), empty_label=_("Tümü")
    )
    benim = django_filters.ChoiceFilter(
        method="mine",
        label=_("Hazırlayan"),
        choices=[("1", _("Benim hazırladıklarım"))],
        empty_label=_("Tümü"),
    )

    class Meta:
        model = ChangeSet
        fields: list[str] = []

    def mine(self, files: Any, _name: str, value: str) -> Any:
        return files.filter(created_by=self.request.user)


class WorkList(OfficerMixin, ListPage):
    """What waits, what is scheduled, what was decided: the most urgent first."""

    roles = ROLES
    title = WORK
    lead = _("Öneriler, toplu değişiklikler ve teşkilat düzenlemeleri; süresi yakın olanlar önce.")
    filterset_class = ChangeSetFilter
    card_template = "detsis/officer/file_row.html"
    template_name = "detsis/officer/work.html"
    empty_title = _("Bekleyen iş yok")
    empty_text = _("Bir birimin sayfasında “Değişiklik öner” ile yeni bir öneri başlatın.")

    def get_queryset(self) -> QuerySet[ChangeSet]:
        return (
            ChangeSet.objects.visible_to(self.person)
            .select_related("institution", "created_by")
            .extra(select={"waits": "status <> 'submitted'"})
            .order_by("waits", "due_on", "-id")
        )

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        today = timezone.localdate()
        files = list(context["page_obj"].object_list)
        for file in files:
            file.tone, file.urgency = TONES[_S(file.status)], deadline(file, today)
        context["page_obj"].object_list = files
        return {**context, "decides": may_decide(self.person)}


class ProposalBase(OfficerPage):
    """Pages about one unit inside the officer's scope."""

    roles = ROLES

    def get_unit(self) -> Unit:
        units = Unit.objects.visible_to(self.person).select_related("parent", "civil_authority")
        unit = get_object_or_404(units, pk=self.kwargs["detsis_no"])
        if not may_propose(self.person, unit.pk):
            raise PermissionDenied(gettext("Bu birim yetki alanınızda değil."))
        return unit

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(WORK, reverse("detsis:work"))]


class Propose(ProposalBase):
    """Choosing what happens to a unit, then saying it."""

    template_name = "detsis/officer/propose.html"
    title = _("Değişiklik öner")

    def get_file(self) -> ChangeSet | None:
        """The file the change is added to, if it is not one of its own."""
        number = self.request.GET.get("dosya", "")
        if not number:
            return None
        files = ChangeSet.objects.visible_to(self.person)
        return get_object_or_404(files, pk=number if number.isdecimal() else 0)

    def get_kind(self) -> str:
        kind = self.request.GET.get("tur", "")
        if kind and kind not in {name for name, *_rest in KINDS}:
            raise Http404
        return kind

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        unit, kind, file = self.get_unit(), self.get_kind(), self.get_file()
        if not kind:
            raise Http404
        keys = _keys_of(file)
        change = ChangeForm(request.POST, unit=unit, kind=kind, keys=keys)
        header = None if file else FileForm(request.POST)
        forms_ = [form for form in (change, header) if form]
        # Every form is asked, so that all its errors are shown at once.
        if not [form for form in forms_ if not form.is_valid()]:
            try:
                item = change.item(key=f"yeni-{len(keys) + 1}")
                if file:
                    _append(self.person, file, item)
                elif header:
                    file = services.create_change_set(
                        actor=self.person,
                        institution=_institution(unit),
                        items=[item],
                        idempotency_key=header.cleaned_data["key"],
                        **header.header(),
                    )
            except (KaysisError, ValidationError) as error:
                add_to_form(change, error)
            else:
                return redirect(file.get_absolute_url() if file else "detsis:work")
        context = self._context(change=change, header=header)
        return self.render_to_response(context, status=422)

    def _context(self, **forms_: Any) -> dict[str, Any]:
        unit, kind, file = self.get_unit(), self.get_kind(), self.get_file()
        if kind and "change" not in forms_:
            title = {name: text for name, text, _hint in KINDS}[kind]
            forms_["change"] = ChangeForm(unit=unit, kind=kind, keys=_keys_of(file))
            if not file:
                forms_["header"] = FileForm(
                    initial={
                        "title": f"{unit.name}: {title}"[:300],
                        "effective_on": timezone.localdate(),
                    }
                )
        shown = [entry for entry in KINDS if (entry[0] == ChangeKind.REOPENED) != bool(unit.active)]
        return self.get_context_data(
            unit=unit,
            path=selectors.path(unit.pk),
            kind=kind,
            kinds=shown,
            file=file,
            query=f"&dosya={file.pk}" if file else "",
            **forms_,
        )


def _institution(unit: Unit) -> int | None:
    found = selectors.institution_of(unit)
    return found.pk if found else None


def _keys_of(file: ChangeSet | None) -> tuple[str, ...]:
    if file is None:
        return ()
    return tuple(file.items.exclude(key="").values_list("key", flat=True))


def _inputs(file: ChangeSet) -> list[ItemInput]:
    return [
        ItemInput(
            kind=item.kind,
            unit=item.unit_id,
            key=item.key,
            assignments=item.assignments,
            successors=item.successors,
            effective_on=item.effective_on,
            corrects=item.corrects_id,
        )
        for item in file.items.all()
    ]


def _append(actor: Any, file: ChangeSet, item: ItemInput) -> None:
    services.write_items(actor=actor, change_set=file, items=[*_inputs(file), item])


class PickUnit(OfficerMixin, View):
    """From the name or number typed on a file's page to the form for that unit."""

    roles = ROLES

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = get_object_or_404(ChangeSet.objects.visible_to(self.person), pk=pk)
        try:
            number = UnitField().clean(request.GET.get("birim", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(file)
        return redirect(f"{reverse('detsis:propose', args=[number])}?dosya={file.pk}")


class FilePage(OfficerPage):
    """A file: what it would do exactly, what stands in the way, who did what, what comes next."""

    roles = ROLES
    template_name = "detsis/officer/file.html"

    def get_file(self) -> ChangeSet:
        files = ChangeSet.objects.visible_to(self.person).select_related(
            "institution", "created_by", "decided_by"
        )
        return get_object_or_404(files, pk=self.kwargs["pk"])

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(WORK, reverse("detsis:work"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file = kwargs.pop("file", None) or self.get_file()
        editable = file.status in (_S.DRAFT, _S.RETURNED)
        undecided = editable or file.status == _S.SUBMITTED
        items = list(file.items.select_related("unit"))
        preview = services.preview_change_set(file) if undecided and items else None
        recorded = [] if undecided else _recorded(file)
        central, own = may_decide(self.person), file.created_by_id == self.person.pk
        problems: dict[int | None, list[Any]] = {}
        for problem in preview.problems if preview else []:
            problems.setdefault(problem.position, []).append(problem)
        return super().get_context_data(
            title=file.title,
            file=file,
            tone=TONES[_S(file.status)],
            urgency=deadline(file, timezone.localdate()),
            items=[(item, problems.get(item.position, [])) for item in items],
            preview=preview,
            problems=problems.get(None, []),
            recorded=recorded,
            editable=editable and (own or central),
            may_submit=editable and own and bool(items) and not central,
            may_approve=central
            and bool(items)
            and (file.status == _S.SUBMITTED or (file.status == _S.DRAFT and own)),
            may_decide=central and file.status == _S.SUBMITTED,
            may_withdraw=(undecided and (own or central))
            or (central and file.status == _S.SCHEDULED),
            history=history_of(file),
            central=central,
            **kwargs,
        )


def _recorded(file: ChangeSet) -> list[Any]:
    from detsis.wording import tell  # noqa: PLC0415 — wording is heavy and only used here

    changes = file.changes.filter(voids__isnull=True).select_related("unit")
    return tell(list(changes.prefetch_related("successions")[:500]))


class FileAction(FilePage):
    """A decision or another step of a file. `step` names it in the address."""

    template_name = "detsis/officer/decision.html"
    REASONED = {
        "iade": (services.return_change_set, _("Düzeltilmek üzere iade et")),
        "ret": (services.refuse_change_set, _("Reddet")),
        "geri-cek": (services.withdraw_change_set, _("Geri çek")),
    }
    PLAIN = {"sun": services.submit_change_set, "onayla": services.approve_change_set}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = self.kwargs["step"]
        if step not in self.REASONED:
            raise Http404
        return self.render_to_response(
            self.get_context_data(form=DecisionForm(), step=step, verb=self.REASONED[step][1])
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file, step = self.get_file(), self.kwargs["step"]
        if step in self.PLAIN:
            return self._do(file, self.PLAIN[step])
        if step == "sil":
            return self._remove_item(file)
        if step not in self.REASONED:
            raise Http404
        form = DecisionForm(request.POST)
        service, verb = self.REASONED[step]
        if not form.is_valid():
            context = self.get_context_data(file=file, form=form, step=step, verb=verb)
            return self.render_to_response(context, status=422)
        return self._do(file, service, reason=form.cleaned_data["reason"])

    def _do(self, file: ChangeSet, service: Any, **given: Any) -> HttpResponse:
        try:
            done = service(actor=self.person, change_set=file, **given)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except (KaysisError, ValidationError) as error:
            text = str(error) if isinstance(error, KaysisError) else " ".join(error.messages)
            messages.error(self.request, text)
        else:
            messages.success(
                self.request,
                gettext("Dosyanın durumu: %(status)s") % {"status": done.get_status_display()},
            )
        return redirect(file)

    def _remove_item(self, file: ChangeSet) -> HttpResponse:
        position = self.request.POST.get("sira", "")
        kept = [item for item in file.items.all() if str(item.position) != position]
        rows = {item.pk for item in kept}
        inputs = [
            entry
            for entry, item in zip(_inputs(file), file.items.all(), strict=True)
            if item.pk in rows
        ]
        try:
            services.write_items(actor=self.person, change_set=file, items=inputs)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except KaysisError as error:
            messages.error(self.request, str(error))
        return redirect(file)
