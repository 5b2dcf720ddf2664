"""Relations entered by people: a pasted list of citations, and what no longer holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kaysis.common.errors import KaysisError, add_to_form
from kaysis.common.types import Text
from kms import services
from kms.forms import RelationsForm, UndoForm
from kms.models import Instrument, Relation
from kms.officer.work import EditorPage, InstrumentPage
from kms.permissions import may_edit
from kms.selectors.citations import Matched, match_citations


class BulkRelations(InstrumentPage):
    """Paste citations → matched, ambiguous, missing → one commit."""

    title = _("Toplu ilişki")
    template_name = "kms/officer/relations.html"

    def get_trail(self) -> list[tuple[Text, str]]:
        found = self.get_instrument()
        return [
            *super().get_trail(),
            (found.short_citation, reverse("kms:manage", args=[found.pk])),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        instrument = self.get_instrument()
        begins = instrument.effective_from or instrument.gazette_date
        form = RelationsForm(initial={"on": begins})
        return self._answer(instrument, form, [])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        instrument = self.get_instrument()
        form = RelationsForm(request.POST)
        if not form.is_valid():
            return self._answer(instrument, form, [], status=422)
        matched = match_citations(form.cleaned_data["lines"])
        if "kaydet" not in request.POST:
            return self._answer(instrument, form, matched)
        targets = chosen(matched, request)
        targets = [target for target in targets if target.pk != instrument.pk]
        if not targets:
            form.add_error("lines", _("Eşleşen mevzuat yok."))
            return self._answer(instrument, form, matched, status=422)
        data = form.cleaned_data
        try:
            made = services.relate(
                actor=self.person,
                source=instrument,
                kind=data["kind"],
                targets=targets,
                on=data["on"],
                source_place=data["place"],
            )
        except (KaysisError, ValidationError) as error:
            add_to_form(form, error)
            return self._answer(instrument, form, matched, status=422)
        text = ngettext("%(n)d ilişki kaydedildi.", "%(n)d ilişki kaydedildi.", made) % {"n": made}
        messages.success(request, text)
        return redirect("kms:manage", instrument.pk)

    def _answer(
        self, instrument: Instrument, form: RelationsForm, matched: list[Matched], status: int = 200
    ) -> HttpResponse:
        by_state: dict[str, list[tuple[int, Matched]]] = {}
        for place, each in enumerate(matched):
            by_state.setdefault(each.state, []).append((place, each))
        context = self.get_context_data(
            instrument=instrument,
            form=form,
            matched=by_state.get("matched", []),
            ambiguous=by_state.get("ambiguous", []),
            missing=by_state.get("missing", []),
            checked=bool(matched),
        )
        return self.render_to_response(context, status=status)


def chosen(matched: list[Matched], request: HttpRequest) -> list[Instrument]:
    """The instruments of a checked list; of an ambiguous line, the one that was chosen."""
    found: list[Instrument] = []
    for place, each in enumerate(matched):
        if each.state == "matched":
            found.append(each.candidates[0])
            continue
        wanted = request.POST.get(f"satir-{place}", "")
        found += [row for row in each.candidates if str(row.pk) == wanted]
    return found


class Undo(EditorPage):
    """A relation that no longer holds: the repeal was annulled, for example."""

    title = _("İlişkiyi hükümsüz kıl")
    template_name = "kms/officer/form.html"

    def get_relation(self) -> Relation:
        rows = Relation.objects.visible_to(self.person).select_related("source", "target")
        found = get_object_or_404(rows, pk=self.kwargs["relation"])
        sides = [side for side in (found.source, found.target) if side is not None]
        if not any(may_edit(self.person, side) for side in sides):
            raise PermissionDenied
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.get_relation()
        return self.render_to_response(self.get_context_data(form=UndoForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        relation = self.get_relation()
        form = UndoForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.undo_relation(
                    actor=self.person, relation=relation, on=data["on"], reason=data["reason"]
                )
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
            else:
                messages.success(request, gettext("İlişki hükümsüz olarak işaretlendi."))
                return redirect("kms:manage", relation.source_id or relation.target_id)
        return self.render_to_response(self.get_context_data(form=form), status=422)
