"""Texts: pasted or uploaded, previewed against the last one, checked, published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kaysis.common.errors import KaysisError, add_to_form
from kaysis.common.types import Text
from kms import services
from kms.forms import DecisionsForm, ReasonForm, TextForm
from kms.models import EditState, Instrument, TextVersion
from kms.officer.work import EditorPage, InstrumentPage
from kms.permissions import may_check, may_edit
from kms.selectors.detected import Detected, detected_in
from kms.selectors.reading import texts_of
from kms.text import Document, emergency_lapse, end_notice, lapses_by_constitution, parse
from kms.views.compare import differences

#: So many of the relations found in a text stand on one page of their list.
SHOWN = 50


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
    """A text before it is published: what differs from the last one, and what it says of others.

    A POST holds decisions about the relations of one page of their list.
    """

    title = _("Metin")
    template_name = "kms/officer/text.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.get_version()
        found = self._detected(version)
        form = DecisionsForm(
            request.POST, rows=list(self._page(found).object_list), own=version.instrument
        )
        if form.is_valid():
            try:
                services.decide_relations(
                    actor=self.person, version=version, decisions=form.decisions()
                )
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
            else:
                messages.success(request, gettext("Kararlar kaydedildi."))
                return redirect(f"{reverse('kms:text', args=[version.pk])}#h-notlar")
        return self.refuse(form=form, found=found)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.get_version()
        document = parse(version.text)
        before = self._before(version)
        found = kwargs.pop("found", None) or self._detected(version)
        page = self._page(found)
        open_ = version.state in (EditState.DRAFT, EditState.REVIEW)
        form = kwargs.pop("form", None) or DecisionsForm(
            rows=list(page.object_list), own=version.instrument
        )
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
            form=form,
            page_obj=page,
            page_range=page.paginator.get_elided_page_range(page.number),
            may_decide=open_,
            claim_count=len(found),
            known=sum(row.known for row in found),
            undecided=sum(row.undecided for row in found) if open_ else 0,
            lapse=self._lapse(version, document),
            unread=len(document.unread_notes),
            is_draft=version.state == EditState.DRAFT,
            may_publish=version.state == EditState.REVIEW and may_check(self.person, version),
            waits=version.state == EditState.REVIEW,
            **kwargs,
        )

    def _detected(self, version: TextVersion) -> list[Detected]:
        return detected_in(version, self._before(version))

    def _page(self, found: list[Detected]) -> Page[Detected]:
        return Paginator(found, SHOWN).get_page(self.request.GET.get("sayfa"))

    def _lapse(self, version: TextVersion, document: Document) -> dict[str, Any] | None:
        """The notice that the instrument ended by itself, while its facts do not say so."""
        notice = end_notice(document)
        if notice is None or not notice.lapsed or version.instrument.lapsed_on:
            return None
        published = version.instrument.gazette_date
        day = emergency_lapse(published) if published and lapses_by_constitution(notice) else None
        return {"said": " ".join(notice.raw.split())[:400], "day": day}

    def _before(self, version: TextVersion) -> TextVersion | None:
        """The published text it follows."""
        day = version.valid_from or timezone.localdate()
        texts = [v for v in texts_of(version.instrument).versions if v.pk != version.pk]
        earlier = [v for v in texts if v.valid_from is None or v.valid_from <= day]
        found = (earlier or texts)[-1:]
        return found[0] if found else None


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
