"""Loads the demo managers: in bulk what is many, by the services what is special."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from detsis.models import Unit
from iyem import coverage, services
from iyem.demo.names import FAMILY, GIVEN, title_for
from iyem.models import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    Campaign,
    Confirmation,
    LegacyManager,
    Manager,
    Post,
    Slot,
)
from iyem.models.appointment import Source
from iyem.models.confirmation import Reach
from iyem.services.states import as_recorded_at
from kaysis.accounts.demo import fictitious_national_id
from kaysis.accounts.models import Person
from kaysis.accounts.permissions import is_central_administrator
from kaysis.accounts.services.national_ids import set_national_id
from kaysis.common import turkish
from kaysis.common.numbers import issue_numbers

SEED = 20_161_101
FIRST_POSITION = 2_000  # of the invented national ids; lower ones are the cast's and the tests'
GROUND = "Atama onayı"
# These institutions have not begun with İYEM: their old names are still there (rule 11).
NOT_BEGUN = ("Kültür ve Turizm Bakanlığı", "Gençlik ve Spor Bakanlığı")
HEADS_WITH_DEPUTIES = ("Bakanlığı", "Valiliği")
PROXIES = 40
_ANALYZE = """
    ANALYZE accounts_person, iyem_manager, iyem_post, iyem_appointment, iyem_appointmentstate,
        iyem_legacymanager
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A manager to be: of which unit, since when, recorded when."""

    unit: int
    title: str
    starts_at: dt.datetime
    recorded_at: dt.datetime


@transaction.atomic
def load() -> str:
    """Nothing where managers stand already, or where nobody is there to have registered them."""
    actor = next(
        (
            person
            for person in Person.objects.filter(is_demo=True).order_by("pk")[:20]
            if is_central_administrator(person)
        ),
        None,
    )
    if actor is None or Manager.objects.exists() or not Unit.objects.exists():
        return ""
    chance = random.Random(SEED)
    skipped = _not_begun(chance)
    rows = [row for row in _rows(chance) if row.unit not in skipped]
    _insert(rows, chance, actor)
    _confirm(actor, chance)
    with connection.cursor() as cursor:
        # The planner still believes the tables empty, and would go through them row by row.
        cursor.execute(_ANALYZE)
    _deputies(actor, chance)
    _proxies(actor, chance)
    _campaign(actor)
    coverage.refresh()
    return f"{Manager.objects.count():,} örnek yönetici yüklendi.".replace(",", ".")


def _rows(chance: random.Random) -> Iterable[Row]:
    """Most central units, offices of provinces and districts; fewer municipalities."""
    now = timezone.now()
    units = Unit.objects.active().filter(valid_from__isnull=False)
    found = units.values_list("pk", "name", "level", "is_institution", "valid_from").order_by("pk")
    for number, name, level, institution, founded in found:
        share = 0.9 if institution and level < 4 else 0.55
        if "Belediye" in name:
            share = 0.35
        if chance.random() > share:
            continue
        recorded = now - dt.timedelta(days=chance.randint(5, 300), minutes=chance.randint(0, 1440))
        starts = recorded - dt.timedelta(days=chance.randint(0, 900))
        founded_at = _morning(founded)
        starts = max(starts, founded_at)
        yield Row(
            number, title_for(name), starts.replace(second=0, microsecond=0), max(recorded, starts)
        )


def _morning(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9)))


def people(count: int, chance: random.Random) -> list[Person]:
    """So many invented people, saved."""
    first = FIRST_POSITION + Person.objects.filter(is_demo=True).count()
    made = []
    for position in range(first, first + count):
        person = Person(
            given_name=chance.choice(GIVEN), family_name=chance.choice(FAMILY), is_demo=True
        )
        set_national_id(person, fictitious_national_id(position))
        made.append(person)
    return Person.objects.bulk_create(made, batch_size=2000)


def managers(count: int, chance: random.Random) -> list[Manager]:
    codes = issue_numbers(Manager, "manager_code", count)
    return Manager.objects.bulk_create(
        [
            Manager(person=person, manager_code=code)
            for person, code in zip(people(count, chance), codes, strict=True)
        ],
        batch_size=2000,
    )


def _insert(rows: list[Row], chance: random.Random, actor: Person) -> None:
    posts = Post.objects.bulk_create([Post(unit_id=row.unit) for row in rows], batch_size=2000)
    who = managers(len(rows), chance)
    appointments = Appointment.objects.bulk_create(
        [
            Appointment(
                post=post,
                manager=manager,
                kind=AppointmentKind.SUBSTANTIVE,
                registered_at=row.recorded_at,
                registered_by=actor,
                source=Source.DEMO,
                first_registration=True,
            )
            for row, post, manager in zip(rows, posts, who, strict=True)
        ],
        batch_size=2000,
    )
    AppointmentState.objects.bulk_create(
        [
            AppointmentState(
                appointment=appointment,
                post_id=appointment.post_id,
                unit_id=row.unit,
                manager_id=appointment.manager_id,
                kind=AppointmentKind.SUBSTANTIVE,
                slot=Slot.HOLDER,
                validity=DateTimeTZRange(row.starts_at, None),
                known=DateTimeTZRange(row.recorded_at, None),
                title=row.title,
                legal_ground=GROUND,
                recorded_by=actor,
            )
            for row, appointment in zip(rows, appointments, strict=True)
        ],
        batch_size=2000,
    )


def _not_begun(chance: random.Random) -> set[int]:
    """The units of institutions that have only their old names; some of these are given."""
    found: set[int] = set()
    for institution in Unit.objects.filter(name__in=NOT_BEGUN):
        units = list(Unit.objects.at_or_below(institution).active())
        found |= {unit.pk for unit in units}
        LegacyManager.objects.bulk_create(
            LegacyManager(
                unit=unit,
                name=f"{chance.choice(GIVEN)} {turkish.upper(chance.choice(FAMILY))}",
                title=title_for(unit.name),
            )
            for unit in units
            if chance.random() < 0.6
        )
    return found


def _confirm(actor: Person, chance: random.Random) -> None:
    """Most institutions and civil authorities have looked through their lists lately."""
    scopes = (
        Unit.objects.active().filter(is_institution=True, level__lte=4).exclude(name__in=NOT_BEGUN)
    )
    civil = set(
        Unit.objects.exclude(civil_authority=None).values_list("civil_authority", flat=True)
    )
    now = timezone.now()
    rows = []
    for scope in scopes.values_list("pk", flat=True).union(
        Unit.objects.filter(pk__in=civil).values_list("pk", flat=True)
    ):
        if chance.random() > 0.85:
            continue
        at = now - dt.timedelta(days=chance.randint(1, 150))
        for reach in (Reach.HIERARCHY, Reach.CIVIL) if scope in civil else (Reach.HIERARCHY,):
            rows.append(
                Confirmation(
                    scope_id=scope,
                    reach=reach,
                    confirmed_at=at,
                    confirmed_by=actor,
                    units=0,
                    missing=0,
                )
            )
    Confirmation.objects.bulk_create(rows, batch_size=2000)


def _deputies(actor: Person, chance: random.Random) -> None:
    """Two or three deputies for ministries and governorships, each with units of its own (14)."""
    now = timezone.now()
    for ending in HEADS_WITH_DEPUTIES:
        heads = Unit.objects.active().filter(name__endswith=ending, level__lte=3)
        for unit in heads.exclude(name__in=NOT_BEGUN).order_by("pk")[:20]:
            number = 3 if ending == "Bakanlığı" else 2
            posts = [services.open_deputy_post(actor=actor, unit=unit) for _each in range(number)]
            for post, manager in zip(posts, managers(number, chance), strict=True):
                at = now - dt.timedelta(days=chance.randint(30, 160))
                with as_recorded_at(at):
                    services.register_appointment(
                        actor=actor,
                        unit=unit,
                        manager=manager,
                        title=f"{title_for(unit.name)} Yardımcısı",
                        starts_at=at,
                        ordinal=post.ordinal,
                        legal_ground=GROUND,
                        source=Source.DEMO,
                    )
            _link(actor, unit, posts)


def _link(actor: Person, unit: Unit, posts: list[Post]) -> None:
    below = Unit.objects.active().filter(parent=unit, civil_authority=None)
    if not below.exists() or unit.name.endswith("Valiliği"):
        below = Unit.objects.active().filter(civil_authority=unit).exclude(parent=unit)
    day = timezone.localdate() - dt.timedelta(days=20)
    for position, each in enumerate(below.order_by("name_sort")[:30]):
        services.link_to_deputy(
            actor=actor, unit=each, post=posts[position % len(posts)], starts_on=day
        )


def _proxies(actor: Person, chance: random.Random) -> None:
    """Leaves before, around and after today, with somebody who acts, and a few delegations."""
    now = timezone.now().replace(second=0, microsecond=0)
    held = AppointmentState.objects.current().filter(
        kind="substantive", unit__level__lte=3, validity__startswith__lt=now - dt.timedelta(days=60)
    )
    holders = list(
        held.filter(post__ordinal=0)
        .select_related("appointment__post__unit", "unit")
        .order_by("unit__level", "pk")[: PROXIES * 3]
    )
    for state, manager in zip(
        chance.sample(holders, min(PROXIES, len(holders))), managers(PROXIES, chance), strict=False
    ):
        starts = now + dt.timedelta(days=chance.randint(-30, 20), hours=chance.randint(0, 6))
        delegated = chance.random() < 0.25
        with as_recorded_at(min(now, starts - dt.timedelta(days=1))):
            services.register_proxy(
                actor=actor,
                unit=state.unit,
                manager=manager,
                kind=AppointmentKind.DELEGATED if delegated else AppointmentKind.ACTING_FILLED,
                starts_at=starts,
                ends_at=starts + dt.timedelta(days=chance.randint(2, 15)),
                absence=None if delegated else chance.choice(["leave", "domestic", "abroad"]),
                legal_ground="Vekâlet onayı",
                source=Source.DEMO,
            )


def _campaign(actor: Person) -> None:
    today = timezone.localdate()
    Campaign.objects.create(
        name="Örnek ilk kayıt çalışması",
        period=DateRange(today - dt.timedelta(days=40), today + dt.timedelta(days=30)),
        created_by=actor,
    )
