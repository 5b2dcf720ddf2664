"""Curricula: handing in, reviewing, and the list of those that wait."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from iyem import selectors
from iyem.models import Curriculum, Manager
from iyem.models.curriculum import CurriculumStatus
from iyem.officer import overview
from iyem.officer.forms import CurriculumForm, ReviewForm
from iyem.officer.photos import PHOTO_TYPE
from iyem.officer.views.base import DESK, ROLES, FormPage
from iyem.permissions import units_of
from iyem.services import review_curriculum, submit_curriculum, withdraw_consent
from iyem.services.curricula import may_keep_curriculum, may_review
from kaysis.accounts.permissions import is_central_administrator
from kaysis.accounts.views.base import OfficerMixin, breadcrumbs
from kaysis.common.types import Text
from kaysis.common.views import ListPage

CURRICULA = _("Özgeçmişler")
TONES = {
    CurriculumStatus.SUBMITTED: "info",
    CurriculumStatus.APPROVED: "success",
    CurriculumStatus.RETURNED: "warning",
    CurriculumStatus.REPLACED: "neutral",
}


class Curricula(OfficerMixin, ListPage):
    """Those that wait first."""

    roles = ROLES
    title = CURRICULA
    card_template = "iyem/officer/curriculum_row.html"
    template_name = "iyem/officer/curricula.html"
    empty_title = _("Özgeçmiş yok")
    empty_text = _("Bir yöneticinin sayfasından özgeçmişini gönderebilirsiniz.")

    def get_queryset(self) -> QuerySet[Curriculum]:
        found = Curriculum.objects.all()
        if not is_central_administrator(self.person):
            found = overview.reviewable(self.person, units_of(self.person))
        return (
            found.exclude(status=CurriculumStatus.REPLACED)
            .defer("document", "photo", "text")
            .select_related("manager__person", "submitted_by")
            .order_by(F("reviewed_at").desc(nulls_first=True), "-submitted_at", "-pk")
        )

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs((DESK, reverse("iyem:work")), self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for each in context["page_obj"].object_list:
            each.tone = TONES[each.status]
        return context


class CurriculumPageBase(FormPage):
    def get_trail(self) -> list[tuple[Text, str]]:
        return [*super().get_trail(), (CURRICULA, reverse("iyem:curricula"))]


class SubmitCurriculum(CurriculumPageBase):
    """Text with a photo, or a PDF."""

    template_name = "iyem/officer/submit_curriculum.html"
    title = _("Özgeçmiş gönder")

    @property
    def manager(self) -> Manager:
        if "manager" not in self.__dict__:
            managers = Manager.objects.select_related("person")
            code = self.kwargs["manager_code"]
            found = get_object_or_404(managers, manager_code=code)
            if not may_keep_curriculum(self.person, found):
                raise PermissionDenied
            self.__dict__["manager"] = found
        manager: Manager = self.__dict__["manager"]
        return manager

    def make_form(self, *data: Any) -> CurriculumForm:
        self.manager  # noqa: B018 — refuses before anything is read
        return CurriculumForm(*data)

    def perform(self, form: Any) -> str:
        given = form.cleaned_data
        document = given["document"].read() if given["document"] else None
        curriculum = submit_curriculum(
            actor=self.person,
            manager=self.manager,
            text=given["text"],
            document=document,
            photo=given["photo"],
            photo_type=PHOTO_TYPE,
            consent=given["consent"],
        )
        self.done(_("Özgeçmiş incelemeye gönderildi."))
        return reverse("iyem:curriculum", args=[curriculum.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(manager=self.manager, **kwargs)


def visible_curriculum(person: Any, pk: int) -> Curriculum:
    """The curriculum; Http404 for whoever has nothing to do with its manager."""
    found = get_object_or_404(
        Curriculum.objects.select_related("manager__person", "submitted_by", "reviewed_by"), pk=pk
    )
    if not may_keep_curriculum(person, found.manager):
        raise Http404
    return found


class CurriculumPage(CurriculumPageBase):
    """A curriculum and, while it waits, its review."""

    template_name = "iyem/officer/curriculum.html"

    @property
    def curriculum(self) -> Curriculum:
        if "curriculum" not in self.__dict__:
            self.__dict__["curriculum"] = visible_curriculum(self.person, self.kwargs["pk"])
        found: Curriculum = self.__dict__["curriculum"]
        return found

    def get_title(self) -> str:
        return self.curriculum.manager.person.full_name

    def make_form(self, *data: Any) -> ReviewForm:
        self.curriculum  # noqa: B018 — refuses before anything is read
        return ReviewForm(*data[:1])

    def perform(self, form: Any) -> str:
        review_curriculum(actor=self.person, curriculum=self.curriculum, **form.cleaned_data)
        self.done(_("İnceleme kaydedildi."))
        return reverse("iyem:curriculum", args=[self.curriculum.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        curriculum = self.curriculum
        waits = curriculum.status == CurriculumStatus.SUBMITTED
        return super().get_context_data(
            curriculum=curriculum,
            tone=TONES[CurriculumStatus(curriculum.status)],
            reviews=waits and may_review(self.person, curriculum),
            present=selectors.states_now().filter(manager=curriculum.manager),
            **kwargs,
        )


class CurriculumFile(OfficerMixin, View):
    """The PDF or the photo, for those who review it. `part`: pdf or foto."""

    roles = ROLES

    def get(self, request: HttpRequest, pk: int, part: str) -> HttpResponse:
        return file_response(visible_curriculum(self.person, pk), part)


def file_response(curriculum: Curriculum, part: str) -> HttpResponse:
    """A file of a curriculum; Http404 if it has none."""
    content = {"pdf": curriculum.document, "foto": curriculum.photo}.get(part)
    if not content:
        raise Http404
    kind = "application/pdf" if part == "pdf" else curriculum.photo_type
    name = f"ozgecmis-{curriculum.manager.manager_code}.{'pdf' if part == 'pdf' else 'jpg'}"
    return HttpResponse(
        bytes(content),
        content_type=kind,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


class WithdrawConsent(OfficerMixin, View):
    """POST: what is published of the manager goes at once."""

    roles = ROLES

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        curriculum = visible_curriculum(self.person, pk)
        withdraw_consent(actor=self.person, manager=curriculum.manager)
        return redirect("iyem:curriculum", pk)
