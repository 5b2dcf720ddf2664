"""The work list: what waits, what is scheduled, what was decided."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detsis.models import ChangeItem, ChangeKind, ChangeSet, ChangeSetStatus, Unit
from detsis.officer.views.base import ROLES, WORK, dress, with_paths
from detsis.permissions import may_decide
from kaysis.accounts.views.base import OfficerMixin, breadcrumbs
from kaysis.common.filters import FilterSet
from kaysis.common.types import Text
from kaysis.common.views import ListPage

_S = ChangeSetStatus
PART = "bolum"
WAITING, OPEN, SCHEDULED, DECIDED = "bekleyen", "acik", "planli", "sonuclanan"


def waiting_for(person: Any) -> Q:
    """The files that wait for this person: to decide them, or to go on with the own ones."""
    own = Q(created_by=person, status__in=[_S.DRAFT, _S.RETURNED])
    return own | Q(status=_S.SUBMITTED) if may_decide(person) else own


def part_filters(person: Any) -> dict[str, Q]:
    """Part of the work list → its files."""
    return {
        WAITING: waiting_for(person),
        OPEN: Q(status__in=[_S.DRAFT, _S.RETURNED, _S.SUBMITTED]) & ~waiting_for(person),
        SCHEDULED: Q(status=_S.SCHEDULED),
        DECIDED: Q(status__in=[_S.IN_FORCE, _S.REFUSED, _S.WITHDRAWN]),
    }


PARTS: dict[str, tuple[Text, Text, Text]] = {
    WAITING: (
        _("Sizi bekleyenler"),
        _("Sizi bekleyen dosya yok"),
        _("Bir birimin sayfasındaki “Değişiklik öner” ile yeni bir dosya başlatabilirsiniz."),
    ),
    OPEN: (
        _("Başkasında olanlar"),
        _("Başkasının elinde bekleyen dosya yok"),
        _("Onaya sunduğunuz dosyalar sonuçlanana kadar burada görünür."),
    ),
    SCHEDULED: (
        _("Gününü bekleyenler"),
        _("Gününü bekleyen düzenleme yok"),
        _("İleri tarihli olarak onaylanan dosyalar yürürlüğe girecekleri güne kadar burada durur."),
    ),
    DECIDED: (
        _("Sonuçlananlar"),
        _("Sonuçlanan dosya yok"),
        _("Yürürlüğe giren, reddedilen ve geri çekilen dosyalar burada görünür."),
    ),
}


class ChangeSetFilter(FilterSet):
    """Files by status, kind of change, institution and author."""

    q = django_filters.CharFilter(method="words", label=_("Konuda ya da kurumda geçen"))
    durum = django_filters.ChoiceFilter(
        field_name="status", choices=_S.choices, label=_("Durum"), empty_label=_("Tümü")
    )
    tur = django_filters.ChoiceFilter(
        method="with_kind",
        label=_("Değişikliğin türü"),
        choices=[
            (kind.value, kind.label)
            for kind in ChangeKind
            if kind not in (ChangeKind.REGISTERED, ChangeKind.VOIDED)
        ],
        empty_label=_("Tümü"),
    )
    kurum = django_filters.ModelChoiceFilter(
        field_name="institution",
        label=_("Kurum"),
        queryset=lambda request: institutions_of(request.user),
        empty_label=_("Tümü"),
    )
    benim = django_filters.ChoiceFilter(
        method="mine",
        label=_("Hazırlayan"),
        choices=[("1", _("Benim hazırladıklarım"))],
        empty_label=_("Herkes"),
    )

    class Meta:
        model = ChangeSet
        fields: list[str] = []

    def words(self, files: Any, _name: str, value: str) -> Any:
        return files.filter(Q(title__icontains=value) | Q(institution__name__icontains=value))

    def with_kind(self, files: Any, _name: str, value: str) -> Any:
        items = ChangeItem.objects.filter(kind=value).values("change_set")
        return files.filter(pk__in=items)

    def mine(self, files: Any, _name: str, value: str) -> Any:
        return files.filter(created_by=self.request.user)


def institutions_of(person: Any) -> QuerySet[Unit]:
    """The institutions whose files the person sees."""
    seen = ChangeSet.objects.visible_to(person).exclude(institution=None)
    return Unit.objects.filter(pk__in=seen.values("institution")).order_by("name_sort")


class WorkList(OfficerMixin, ListPage):
    """One part of the files, the most urgent first; the tabs say how many the others hold."""

    roles = ROLES
    title = WORK
    filterset_class = ChangeSetFilter
    card_template = "detsis/officer/file_row.html"
    template_name = "detsis/officer/work.html"

    def get_part(self) -> str:
        part = self.request.GET.get(PART, "")
        return part if part in PARTS else WAITING

    def get_all(self) -> QuerySet[ChangeSet]:
        return ChangeSet.objects.visible_to(self.person)

    def get_queryset(self) -> QuerySet[ChangeSet]:
        part = self.get_part()
        files = (
            self.get_all()
            .filter(part_filters(self.person)[part])
            .select_related("institution", "created_by")
            .annotate(changes_held=Count("items"))
        )
        if part == SCHEDULED:
            return files.order_by("effective_on", "-pk")
        if part == DECIDED:
            return files.order_by("-decided_at", "-pk")
        # What has a deadline first, then what was returned, then drafts.
        turn = Case(
            When(status=_S.SUBMITTED, then=Value(0)),
            When(status=_S.RETURNED, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return files.order_by(turn, "due_on", "-pk")

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        part = self.get_part()
        self.empty_title, self.empty_text = PARTS[part][1:]
        context = super().get_context_data(**kwargs)
        today = timezone.localdate()
        for file in with_paths(context["page_obj"].object_list):
            dress(file, today)
        if context["active_filters"]:
            context["empty_title"] = ListPage.empty_title
            context["empty_text"] = ListPage.empty_text
        return {
            **context,
            "decides": may_decide(self.person),
            "parts": self._parts(part),
            "part_title": PARTS[part][0],
            "clear_url": f"{self.request.path}?{PART}={part}",
            "kept_parameters": [(PART, part)],
            "overdue": self.get_all().filter(status=_S.SUBMITTED, due_on__lt=today).count()
            if part == WAITING and may_decide(self.person)
            else 0,
        }

    def _parts(self, current: str) -> list[tuple[Text, int, str, bool]]:
        """(name, number of files, address, whether it is this one). One query."""
        conditions = part_filters(self.person)
        numbers = self.get_all().aggregate(
            **{part: Count("pk", filter=condition) for part, condition in conditions.items()}
        )
        start = reverse("detsis:work")
        return [
            (PARTS[part][0], numbers[part], f"{start}?{PART}={part}", part == current)
            for part in PARTS
        ]
