"""A working day of an officer: what must be done today, what is missing, what ends soon, what
others did.

Updates of posts that were registered before come before first registrations (rule 13).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from detsis import selectors as detsis_selectors
from detsis.models import Unit
from iyem.models import (
    AbsenceState,
    AppointmentState,
    Confirmation,
    Curriculum,
    LegacyManager,
)
from iyem.officer.others import latest_of_others
from iyem.officer.standing import unheld, unregistered
from iyem.permissions import AnyPerson, units_of
from iyem.rules import moment
from kaysis.accounts.models import Role
from kaysis.accounts.permissions import scopes_of
from kaysis.common.types import Text

# How many lines a part of the page shows; a link leads to the rest.
MOST = 8
SOON_DAYS = 7
# A list is to be confirmed again so long before its confirmation lapses.
REMIND_DAYS = 14


@dataclass(slots=True)
class Task:
    """A line: a unit (None: a whole list), what about it, and where it is done."""

    unit: Unit | None
    text: Text
    url: str
    action: Text
    tone: str = "neutral"
    label: Text = ""
    path: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """Lines of one kind; `more` leads to all of them, where there are more than shown."""

    title: Text
    tasks: list[Task]
    number: int
    more: str = ""


@dataclass(slots=True)
class Day:
    """The start page, in its order."""

    today: list[Part]
    missing: list[Part]
    soon: list[Part]
    others: list[Any]

    @property
    def waiting(self) -> int:
        """How many things must be done today."""
        return sum(part.number for part in self.today)

    @property
    def lacking(self) -> int:
        return sum(part.number for part in self.missing)

    @property
    def ending(self) -> int:
        return sum(part.number for part in self.soon)


# --- The page ------------------------------------------------------------------------------------


def of(person: Any) -> Day:
    """The day of this officer. The number of queries does not depend on the number of units."""
    now = timezone.now()
    units = units_of(person)
    waiting, vacant = _without_head(units, now)
    day = Day(
        today=[
            _awaiting(waiting),
            _unconfirmed(person, now),
            _ending(units, now, _end_of_today(now), _("Bugün bitenler")),
            _without_proxy(units, now),
            _reviews(person, units),
        ],
        missing=[_unregistered(units), _vacant(vacant), _legacy(units)],
        soon=[
            _ending(
                units,
                _end_of_today(now),
                _end_of_today(now) + dt.timedelta(days=SOON_DAYS),
                _("Yedi gün içinde bitenler"),
            )
        ],
        others=latest_of_others(person, units, MOST),
    )
    _give_paths([*day.today, *day.missing, *day.soon], day.others)
    return day


def waiting_for(person: Any) -> dict[str, int]:
    """Numbers for the panel of the start page of the signed-in area."""
    now = timezone.now()
    units = units_of(person)
    return {
        "updates": len(_without_head(units, now)[0]),
        "unconfirmed": _unconfirmed(person, now).number,
        "ending": _ending_states(units, now, _end_of_today(now)).count(),
        "absent": _absent(units, now).count(),
        "unregistered": unregistered(units).count(),
    }


def _end_of_today(now: dt.datetime) -> dt.datetime:
    tomorrow = timezone.localtime(now).date() + dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(tomorrow, dt.time()))


def _register_url(unit: int, ordinal: int = 0) -> str:
    """The form for a post, and from there back to the work list."""
    back = reverse("iyem:work")
    return f"{reverse('iyem:register')}?birim={unit}&sira={ordinal}&donus={back}"


def _without_head(units: QuerySet[Unit], now: dt.datetime) -> tuple[list[int], list[int]]:
    """Units whose head's post waits for an update, and those where it was left vacant. One query
    over the whole scope, because every such query looks at every unit."""
    rows = list(unheld(units, now).order_by("lft").values_list("pk", "left_vacant"))
    return [pk for pk, left in rows if not left], [pk for pk, left in rows if left]


def _awaiting(numbers: list[int]) -> Part:
    tasks = [
        Task(
            unit=unit,
            text=_("Amiri ayrıldı, yerine kayıt yapılmadı."),
            url=_register_url(unit.pk),
            action=_("Kaydet"),
            tone="danger",
            label=_("Bugün kaydedilmeli"),
        )
        for unit in _first(numbers)
    ]
    more = f"{reverse('iyem:desk-units')}?durum=guncelle"
    return Part(_("Güncellenmesi gereken makamlar"), tasks, len(numbers), more)


def _first(numbers: list[int]) -> QuerySet[Unit]:
    return Unit.objects.filter(pk__in=numbers[:MOST]).order_by("lft")


def _count(found: QuerySet[Any], tasks: list[Task]) -> int:
    return len(tasks) if len(tasks) < MOST else found.count()


def _unconfirmed(person: AnyPerson, now: dt.datetime) -> Part:
    numbers = scopes_of(person, Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR).numbers
    last = dict(
        Confirmation.objects.filter(scope__in=numbers)
        .values_list("scope")
        .annotate(last=Max("confirmed_at"))
    )
    patience = dt.timedelta(days=settings.IYEM_CONFIRMATION_DAYS - REMIND_DAYS)
    tasks = []
    for unit in Unit.objects.filter(pk__in=numbers).order_by("lft"):
        confirmed = last.get(unit.pk)
        if confirmed is not None and now - confirmed < patience:
            continue
        if confirmed is None:
            text = _("Liste hiç teyit edilmedi.")
        else:
            text = _("Son teyit %(day)s.") % {"day": moment(confirmed)}
        tasks.append(
            Task(
                unit=unit,
                text=text,
                url=reverse("iyem:confirm", args=[unit.pk]),
                action=_("Listeyi gözden geçir"),
                tone="warning",
                label=_("Teyit edilmeli"),
            )
        )
    return Part(_("Teyit bekleyen listeler"), tasks[:MOST], len(tasks), reverse("iyem:lists"))


def _ending_states(
    units: QuerySet[Unit], since: dt.datetime, until: dt.datetime
) -> QuerySet[AppointmentState]:
    states: QuerySet[AppointmentState] = AppointmentState.objects.current().filter(
        validity__endswith__gt=since,
        validity__endswith__lte=until,
        unit__in=units.values("pk"),
    )
    return states


def _ending(units: QuerySet[Unit], since: dt.datetime, until: dt.datetime, title: Text) -> Part:
    found = _ending_states(units, since, until)
    states = found.select_related("unit", "manager__person", "appointment")
    tasks = []
    for state in states.order_by("validity__endswith", "pk")[:MOST]:
        told = {
            "name": state.manager.person.full_name,
            "kind": state.appointment.get_kind_display(),
            "end": moment(state.validity.upper),
        }
        tasks.append(
            Task(
                unit=state.unit,
                text=_("%(name)s, %(kind)s: %(end)s anında biter.") % told,
                url=reverse("iyem:desk-unit", args=[state.unit_id]),
                action=_("Birimi aç"),
                tone="info",
                label=f"{timezone.localtime(state.validity.upper):%d.%m. %H:%M}",
            )
        )
    return Part(title, tasks, _count(found, tasks))


def _absent(units: QuerySet[Unit], now: dt.datetime) -> QuerySet[AbsenceState]:
    """Holders who are away now with nobody acting for them."""
    acting = (
        AppointmentState.objects.current()
        .valid_at(now)
        .filter(slot="acting", post=OuterRef("appointment__post"))
    )
    states: QuerySet[AbsenceState] = (
        AbsenceState.objects.current()
        .valid_at(now)
        .filter(~Exists(acting), appointment__post__unit__in=units.values("pk"))
    )
    return states


def _without_proxy(units: QuerySet[Unit], now: dt.datetime) -> Part:
    found = _absent(units, now)
    states = found.select_related("absence", "manager__person", "appointment__post__unit")
    tasks = []
    for state in states.order_by("validity__endswith", "pk")[:MOST]:
        post = state.appointment.post
        told = {
            "name": state.manager.person.full_name,
            "kind": state.absence.get_kind_display(),
            "end": moment(state.validity.upper),
        }
        proxy = reverse("iyem:proxy", args=[post.unit_id])
        tasks.append(
            Task(
                unit=post.unit,
                text=_("%(name)s, %(kind)s: %(end)s anına kadar; vekili yok.") % told,
                url=f"{proxy}?sira={post.ordinal}&izin={state.absence_id}",
                action=_("Vekil kaydet"),
                tone="warning",
                label=_("İmza atan yok"),
            )
        )
    return Part(_("Vekili olmayan izinliler"), tasks, _count(found, tasks))


def _reviews(person: Any, units: QuerySet[Unit]) -> Part:
    """Curricula that wait for a review."""
    waiting = reviewable(person, units).filter(status="submitted")
    number = waiting.count()
    tasks = []
    if number:
        tasks = [
            Task(
                unit=None,
                text=ngettext(
                    "%(n)d özgeçmiş inceleme bekliyor.",
                    "%(n)d özgeçmiş inceleme bekliyor.",
                    number,
                )
                % {"n": number},
                url=reverse("iyem:curricula"),
                action=_("İncele"),
                tone="info",
                label=_("İnceleme"),
            )
        ]
    return Part(_("Özgeçmişler"), tasks, number)


def reviewable(person: Any, units: QuerySet[Unit]) -> QuerySet[Curriculum]:
    """Curricula of the managers of these units, without the person's own."""
    inside = AppointmentState.objects.current().filter(
        manager=OuterRef("manager"), validity__isempty=False, unit__in=units.values("pk")
    )
    return Curriculum.objects.filter(Exists(inside)).exclude(manager__person=person)


def _unregistered(units: QuerySet[Unit]) -> Part:
    found = unregistered(units)
    tasks = [
        Task(
            unit=unit,
            text=_("Amiri İYEM'e hiç kaydedilmedi."),
            url=_register_url(unit.pk),
            action=_("Kaydet"),
            label=_("İlk kayıt"),
        )
        for unit in found.order_by("tree_id", "lft")[:MOST]
    ]
    more = f"{reverse('iyem:desk-units')}?durum=ilk"
    return Part(_("İlk kaydı yapılmamış birimler"), tasks, _count(found, tasks), more)


def _vacant(numbers: list[int]) -> Part:
    tasks = [
        Task(
            unit=unit,
            text=_("Makam boş olarak işaretli."),
            url=reverse("iyem:desk-unit", args=[unit.pk]),
            action=_("Birimi aç"),
            tone="warning",
            label=_("Boş"),
        )
        for unit in _first(numbers)
    ]
    more = f"{reverse('iyem:desk-units')}?durum=bos"
    return Part(_("Boş makamlar"), tasks, len(numbers), more)


def _legacy(units: QuerySet[Unit]) -> Part:
    """Names from before İYEM that are still shown (rule 11)."""
    number = LegacyManager.objects.filter(wipe=None, unit__in=units.values("pk")).count()
    tasks = []
    if number:
        tasks = [
            Task(
                unit=None,
                text=ngettext(
                    "%(n)d eski ad duruyor; kurumun ilk kaydıyla silinir.",
                    "%(n)d eski ad duruyor; kurumun ilk kaydıyla silinir.",
                    number,
                )
                % {"n": number},
                url=reverse("iyem:legacy"),
                action=_("Adları gör"),
                label=_("İYEM öncesi"),
            )
        ]
    return Part(_("İYEM öncesi adlar"), tasks, number)


def _give_paths(parts: list[Part], others: list[Any]) -> None:
    """One query for all units of the page."""
    tasks = [task for part in parts for task in part.tasks if task.unit is not None]
    numbers = {task.unit.pk for task in tasks if task.unit} | {each.unit_id for each in others}
    paths = detsis_selectors.paths(numbers)
    for task in tasks:
        if task.unit is not None:
            task.path = paths.get(task.unit.pk, [])[:-1]
    for each in others:
        each.path = paths.get(each.unit_id, [])[:-1]
