"""Texts: pasted or uploaded, previewed against the last one, checked, published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.common.errors import KaysisError, add_to_form
from kaysis.common.types import Text
from kms import services
from kms.forms import ReasonForm, TextForm
from kms.models import VERBS, EditState, Instrument, Reference, RelationKind, TextVersion
from kms.officer.work import EditorPage, InstrumentPage
from kms.permissions import may_check, may_edit
from kms.readings import Claim, claims
from kms.selectors.reading import texts_of
from kms.text import parse
from kms.views.compare import differences

#: So many of the relations found in a text are shown before it is published.
SHOWN = 200


class NewText(InstrumentPage):
    """A new text of an instrument, as a draft."""

    title = _("Yeni metin")
    template_name = "kms/officer/form.html"

    def get_trail(self) -> list[tuple[Text, str]]:
        found = self.get_instrument()
        return [
            *super().get_trail(),
            (found.short_citation, reverse("kms:manage", args=[found.pk])),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        instrument = self.get_instrument()
        first = "consolidated" if texts_of(instrument).versions else "first"
        begins = instrument.effective_from or instrument.gazette_date
        form = TextForm(initial={"kind": first, "valid_from": begins if first == "first" else None})
        return self.render_to_response(self.get_context_data(form=form, upload=True))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TextForm(request.POST, request.FILES)
        instrument = self.get_instrument()
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = services.draft_text(
                    actor=self.person,
                    instrument=instrument,
                    kind=data["kind"],
                    text=data["text"],
                    valid_from=data["valid_from"],
                    note=data["note"],
                )
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
            else:
                return redirect("kms:text", made.pk)
        return self.render_to_response(self.get_context_data(form=form, upload=True), status=422)


class VersionPage(EditorPage):
    """A page of one text. What one may not see is 404, what one may not change 403."""

    def get_version(self) -> TextVersion:
        visible = Instrument.objects.visible_to(self.person)
        rows = TextVersion.objects.select_related("instrument", "created_by").filter(
            instrument__in=visible
        )
        found = get_object_or_404(rows, pk=self.kwargs["version"])
        if not may_edit(self.person, found.instrument):
            raise PermissionDenied
        return found

    def get_trail(self) -> list[tuple[Text, str]]:
        found = self.get_version().instrument
        return [
            *super().get_trail(),
            (found.short_citation, reverse("kms:manage", args=[found.pk])),
        ]


class TextPage(VersionPage):
    """A text before it is published: what differs from the last one, and what it says of others."""

    title = _("Metin")
    template_name = "kms/officer/text.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.get_version()
        document = parse(version.text)
        found = claims(document)
        before = self._before(version)
        rows, counts = differences(before.text, version.text) if before else ([], {})
        kwargs.pop("version", None)  # the number in the address
        return super().get_context_data(
            version=version,
            instrument=version.instrument,
            before=before,
            rows=rows,
            counts=counts,
            shown=300,
            articles=sum(1 for _node in document.articles()),
            claims=[told(claim) for claim in found[:SHOWN]],
            claim_count=len(found),
            unread=len(document.unread_notes),
            is_draft=version.state == EditState.DRAFT,
            may_publish=version.state == EditState.REVIEW and may_check(self.person, version),
            waits=version.state == EditState.REVIEW,
            **kwargs,
        )

    def _before(self, version: TextVersion) -> TextVersion | None:
        """The published text it follows."""
        day = version.valid_from or timezone.localdate()
        texts = [v for v in texts_of(version.instrument).versions if v.pk != version.pk]
        earlier = [v for v in texts if v.valid_from is None or v.valid_from <= day]
        found = (earlier or texts)[-1:]
        return found[0] if found else None


def told(claim: Claim) -> dict[str, Any]:
    """A relation that will be recorded, in words."""
    other = Reference(type=claim.other.type, number=claim.other.number, name=claim.other.name)
    return {
        "kind": RelationKind(claim.kind).label,
        "verb": VERBS.get(claim.verb, ""),
        "incoming": claim.incoming,
        "place": claim.place,
        "part": claim.part,
        "other": other.citation,
        "other_place": claim.other_place,
        "date": claim.in_force_on or claim.date,
        "whole": claim.whole,
    }


class EditText(VersionPage):
    """Change a draft."""

    title = _("Taslağı düzenle")
    template_name = "kms/officer/form.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.get_version()
        if version.state != EditState.DRAFT:
            raise Http404
        form = TextForm(
            initial={
                "kind": version.kind,
                "valid_from": version.valid_from,
                "text": version.text,
                "note": version.note,
            }
        )
        return self.render_to_response(self.get_context_data(form=form, upload=True))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.get_version()
        form = TextForm(request.POST, request.FILES)
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.change_draft(
                    actor=self.person,
                    version=version,
                    text=data["text"],
                    valid_from=data["valid_from"],
                    note=data["note"],
                )
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
            else:
                return redirect("kms:text", version.pk)
        return self.render_to_response(self.get_context_data(form=form, upload=True), status=422)


_STEPS = {
    "sun": services.submit_text,
    "yayimla": services.publish_text,
    "geri-cek": services.withdraw_text,
}
_DONE = {
    "sun": _("Metin kontrole sunuldu."),
    "yayimla": _("Metin yayımlandı."),
    "geri-cek": _("Taslak geri çekildi."),
    "iade": _("Metin iade edildi."),
}


class TextStep(VersionPage):
    """Hand in, publish, withdraw at once; give back with a reason."""

    title = _("Metni iade et")
    template_name = "kms/officer/form.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._known()
        if self.kwargs["step"] != "iade":
            raise Http404
        self.get_version()
        return self.render_to_response(self.get_context_data(form=ReasonForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._known()
        version, step = self.get_version(), self.kwargs["step"]
        try:
            if step == "iade":
                form = ReasonForm(request.POST)
                if not form.is_valid():
                    return self.render_to_response(self.get_context_data(form=form), status=422)
                services.return_text(
                    actor=self.person, version=version, reason=form.cleaned_data["reason"]
                )
            else:
                _STEPS[step](actor=self.person, version=version)
        except (KaysisError, ValidationError) as error:
            said = str(error) if isinstance(error, KaysisError) else " ".join(error.messages)
            messages.error(request, said)
            return redirect("kms:text", version.pk)
        messages.success(request, _DONE[step])
        if step in ("geri-cek", "yayimla"):
            return redirect("kms:manage", version.instrument_id)
        return redirect("kms:text", version.pk)

    def _known(self) -> None:
        if self.kwargs["step"] not in _DONE:
            raise Http404
