"""Proposing: choosing what happens to a unit, then saying it; and editing a row of a file."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from detsis import selectors, services
from detsis.models import ChangeItem, ChangeKind, ChangeSet, Unit
from detsis.officer.forms import KINDS, ChangeForm, FileForm, ItemDayForm, facts_of
from detsis.officer.picking import Purpose, candidates, choosable, suggest
from detsis.officer.views.base import ROLES, WORK, editable_file, keys_of
from detsis.permissions import may_propose
from detsis.timeline import FACTS, KEP
from kaysis.accounts.views.base import OfficerMixin, OfficerPage
from kaysis.common.errors import KaysisError, NotAllowed, add_to_form
from kaysis.common.turkish import fold
from kaysis.common.types import Text

# What a new unit takes over from the unit above it, until somebody says otherwise.
_INHERITED = ("organisation_type", "province", "district", "country", "civil_authority")


def facts_below(parent: Unit | None) -> dict[str, Any]:
    """What a new unit starts with."""
    facts = {**FACTS, KEP: []}
    if parent is not None:
        known = facts_of(parent)
        facts |= {"parent": parent.pk, **{name: known[name] for name in _INHERITED}}
    return facts


class ChangePage(OfficerPage):
    """A page with the form of one change, alone or as a row of a file."""

    roles = ROLES
    template_name = "detsis/officer/propose.html"

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(WORK, reverse("detsis:work"))]

    def make_change(self, data: Any = None) -> ChangeForm:
        raise NotImplementedError

    def make_extra(self, data: Any = None) -> FileForm | ItemDayForm:
        """The heading of a new file, or the day of a row of one."""
        raise NotImplementedError

    def save(self, change: ChangeForm, extra: Any) -> ChangeSet:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        change, extra = self.make_change(request.POST), self.make_extra(request.POST)
        if change.wants_more:
            # Nothing is checked: the same page with more fields, and all that was typed.
            return self.render_to_response(self.form_context(change, extra, checked=False))
        # Every form is asked, so that all its errors are shown at once.
        if all([change.is_valid(), extra.is_valid()]):
            try:
                return redirect(self.save(change, extra))
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except (KaysisError, ValidationError) as error:
                add_to_form(change, error)
        return self.render_to_response(self.form_context(change, extra), status=422)

    def form_context(self, change: ChangeForm, extra: Any, *, checked: bool = True) -> Any:
        texts = {name: (text, hint) for name, text, hint, _icon in KINDS}
        return self.get_context_data(
            change=change,
            extra=extra,
            kind=change.kind,
            kind_text=texts.get(change.kind, (change.kind.label, ""))[0],
            kind_hint=texts.get(change.kind, ("", ""))[1],
            checked=checked and change.is_bound,
        )


class Propose(ChangePage):
    """First what happens, in plain words; then only the fields of that."""

    title = _("Değişiklik öner")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._unit: Unit | None = None

    @property
    def unit(self) -> Unit:
        if self._unit is None:
            units = Unit.objects.visible_to(self.person).select_related("status", "category")
            self._unit = get_object_or_404(units, pk=self.kwargs["detsis_no"])
            if not may_propose(self.person, self._unit.pk):
                raise PermissionDenied(gettext("Bu birim yetki alanınızda değil."))
        return self._unit

    def get_file(self) -> ChangeSet | None:
        """The file the change is added to, if it is not one of its own."""
        number = self.request.GET.get("dosya", "")
        return editable_file(self.person, number) if number else None

    def get_kind(self) -> str:
        kind = self.request.GET.get("tur", "")
        if kind and kind not in {name for name, *_rest in KINDS}:
            raise Http404
        return kind

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.get_kind():
            return self.render_to_response(self.get_context_data())
        return self.render_to_response(self.form_context(self.make_change(), self.make_extra()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.get_kind():
            raise Http404
        return super().post(request, *args, **kwargs)

    def make_change(self, data: Any = None) -> ChangeForm:
        file, kind = self.get_file(), self.get_kind()
        founding = kind == ChangeKind.FOUNDED
        return ChangeForm(
            data,
            kind=kind,
            unit=None if founding else self.unit.pk,
            facts=facts_below(self.unit) if founding else facts_of(self.unit),
            person=self.person,
            keys=keys_of(file),
            file=file.pk if file else None,
        )

    def make_extra(self, data: Any = None) -> FileForm | ItemDayForm:
        if self.get_file():
            return ItemDayForm(data)
        texts = {name: text for name, text, *_rest in KINDS}
        initial = {
            "title": f"{self.unit.name}: {texts[self.get_kind()]}"[:300],
            "effective_on": timezone.localdate(),
        }
        return FileForm(data, initial=initial)

    def save(self, change: ChangeForm, extra: Any) -> ChangeSet:
        file = self.get_file()
        if file:
            item = change.item(effective_on=extra.cleaned_data["effective_on"])
            services.add_items(actor=self.person, change_set=file, items=[item])
            return file
        institution = selectors.institution_of(self.unit)
        return services.create_change_set(
            actor=self.person,
            institution=institution.pk if institution else None,
            items=[change.item()],
            idempotency_key=extra.cleaned_data["key"],
            **extra.header(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit, file = self.unit, self.get_file()
        shown = [entry for entry in KINDS if (entry[0] == ChangeKind.REOPENED) != bool(unit.active)]
        back = file.get_absolute_url() if file else unit.get_absolute_url()
        return super().get_context_data(
            **{
                "unit": unit,
                "heading": unit.name,
                "path": selectors.path(unit.pk)[:-1],
                "kind": "",
                "kinds": shown,
                "file": file,
                "query": f"&dosya={file.pk}" if file else "",
                "back": back,
                **kwargs,
            }
        )


class RowPage(ChangePage):
    """Pages about a row of a file, which is given by the address."""

    @property
    def file(self) -> ChangeSet:
        if "file" not in self.__dict__:
            self.__dict__["file"] = editable_file(self.person, self.kwargs["pk"])
        found: ChangeSet = self.__dict__["file"]
        return found

    def get_trail(self) -> list[tuple[Text, str]]:
        return [*super().get_trail(), (self.file.title, self.file.get_absolute_url())]

    def make_extra(self, data: Any = None) -> FileForm | ItemDayForm:
        return ItemDayForm(data)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.form_context(self.make_change(), self.make_extra()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "file": self.file,
                "unit": None,
                "path": [],
                "query": "",
                "heading": self.get_title(),
                "back": self.file.get_absolute_url(),
                **kwargs,
            }
        )


class FoundInFile(RowPage):
    """A new unit in a file, below any unit or below another new one."""

    title = _("Yeni birim kur")

    def make_change(self, data: Any = None) -> ChangeForm:
        facts = facts_below(self.file.institution)
        return ChangeForm(
            data,
            kind=ChangeKind.FOUNDED,
            unit=None,
            facts=facts,
            person=self.person,
            keys=keys_of(self.file),
            file=self.file.pk,
        )

    def save(self, change: ChangeForm, extra: Any) -> ChangeSet:
        item = change.item(effective_on=extra.cleaned_data["effective_on"])
        services.add_items(actor=self.person, change_set=self.file, items=[item])
        return self.file


class EditItem(RowPage):
    """A row of a file, filled with what it says now."""

    title = _("Satırı düzenle")

    @property
    def item(self) -> ChangeItem:
        if "item" not in self.__dict__:
            rows = self.file.items.select_related("unit")
            self.__dict__["item"] = get_object_or_404(rows, pk=self.kwargs["item"])
        found: ChangeItem = self.__dict__["item"]
        return found

    def make_change(self, data: Any = None) -> ChangeForm:
        item = self.item
        return ChangeForm(
            data,
            kind=item.kind,
            unit=item.unit_id,
            facts=facts_of(item.unit) if item.unit else facts_below(None),
            given=item.assignments,
            successors=item.successors,
            person=self.person,
            keys=keys_of(self.file, without=item),
            file=self.file.pk,
        )

    def make_extra(self, data: Any = None) -> FileForm | ItemDayForm:
        return ItemDayForm(data, initial={"effective_on": self.item.effective_on})

    def save(self, change: ChangeForm, extra: Any) -> ChangeSet:
        by = change.item(
            effective_on=extra.cleaned_data["effective_on"], corrects=self.item.corrects_id
        )
        services.replace_item(actor=self.person, change_set=self.file, item=self.item.pk, by=by)
        return self.file

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.item
        name = item.unit.name if item.unit else str(item.assignments.get("name", ""))
        path = selectors.path(item.unit_id)[:-1] if item.unit_id else []
        return super().get_context_data(
            **{"heading": name, "unit": item.unit, "path": path, **kwargs}
        )


class UnitOptions(OfficerMixin, View):
    """Suggestions of a unit picker, as JSON: only what may be chosen for the purpose."""

    roles = ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "")[:200]
        try:
            purpose = Purpose(request.GET.get("icin", ""))
        except ValueError:
            raise Http404 from None
        results = (
            [
                {
                    "title": found.name,
                    "kind": str(found.number),
                    "path": found.path,
                    "value": found.text,
                }
                for found in candidates(suggest(text, choosable(purpose, self.person)))
            ]
            if len(text.strip()) > 1
            else []
        )
        return JsonResponse({"results": [*self._new_units(text, purpose), *results]})

    def _new_units(self, text: str, purpose: Purpose) -> list[dict[str, str]]:
        """Units that the file itself founds."""
        number = self.request.GET.get("dosya", "")
        if not number or purpose not in (Purpose.PARENT, Purpose.SUCCESSOR):
            return []
        folded = fold(text)
        return [
            {
                "title": name,
                "kind": key,
                "path": gettext("bu dosyada kuruluyor"),
                "value": f"{name} ({key})",
            }
            for key, name in keys_of(editable_file(self.person, number)).items()
            if folded in fold(f"{name} {key}")
        ]
