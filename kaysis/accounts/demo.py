"""Invented people for a portal that shows itself: one or more for each role.

`load_demo` of the layer above calls `create_demo_people(scopes=…)` once there are units.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from kaysis.accounts.audit import because
from kaysis.accounts.cipher import fingerprint
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.accounts.models.roles import SCOPED_ROLES
from kaysis.accounts.selectors import ScopedGrant, grants_with_scopes
from kaysis.accounts.services.people import create_person
from kaysis.accounts.services.roles import add_grant

REASON = "Örnek kişi"
# Nobody has been given a number that begins so; the last two digits are the checksum.
FICTITIOUS_NUMBERS = 100_000_100

Scopes = Mapping[str, int | Sequence[int]]


@dataclass(frozen=True)
class DemoPerson:
    given_name: str
    family_name: str
    role: Role | None


@dataclass(frozen=True)
class ScopedPerson:
    person: Person
    grants: list[ScopedGrant]


PEOPLE = (
    DemoPerson("Zeynep", "Aydın", Role.CENTRAL_ADMINISTRATOR),
    DemoPerson("Mehmet", "Korkmaz", Role.CENTRAL_ADMINISTRATOR),
    DemoPerson("Elif", "Şahin", Role.DETSIS_OFFICER),
    DemoPerson("Cem", "Kaya", Role.DETSIS_OFFICER),
    DemoPerson("Ayşe", "Yılmaz", Role.IYEM_AUTHORISED),
    DemoPerson("Burak", "Demir", Role.IYEM_REGISTRAR),
    DemoPerson("Fatma", "Çelik", Role.SERVICE_EDITOR),
    DemoPerson("Gökhan", "Öztürk", Role.SERVICE_APPROVER),
    DemoPerson("Hülya", "Arslan", Role.LEGISLATION_EDITOR),
    DemoPerson("İbrahim", "Doğan", Role.DOCUMENT_EDITOR),
    DemoPerson("Işıl", "Güneş", Role.FILE_PLAN_EDITOR),
    DemoPerson("Kemal", "Yıldız", Role.ANALYST),
    DemoPerson("Deniz", "Ateş", None),
)


def fictitious_national_id(position: int) -> str:
    """The `position`-th invented national id: right by its checksum, given to nobody."""
    digits = [int(digit) for digit in str(FICTITIOUS_NUMBERS + position)]
    tenth = (7 * sum(digits[0::2]) - sum(digits[1::2])) % 10
    digits.append(tenth)
    digits.append(sum(digits) % 10)
    return "".join(map(str, digits))


def demo_people() -> list[ScopedPerson]:
    """The cast of the demo sign-in, with what each may do now: three queries."""
    known = [fingerprint(fictitious_national_id(position)) for position in range(len(PEOPLE))]
    people = list(
        Person.objects.filter(is_demo=True, is_active=True, national_id_hash__in=known).order_by(
            "pk"
        )
    )
    grants = grants_with_scopes(RoleGrant.objects.filter(person__in=people).valid_at())
    return [
        ScopedPerson(person, [held for held in grants if held.grant.person_id == person.pk])
        for person in people
    ]


@transaction.atomic
def create_demo_people(*, scopes: Scopes | None = None) -> list[Person]:
    """Make whoever is missing, and give each the role over the scope named for it.

    `scopes`: role → number of a unit, or several: the first person with that role gets the first.
    A role that needs a unit is not given where none is named; the others then cover the state.
    Repeating it adds what is missing and moves a role to the unit now named for it.
    `ImproperlyConfigured` unless demo sign-in is on.
    """
    if not settings.DEMO_SIGN_IN:
        raise ImproperlyConfigured("Demo people exist only where DEMO_SIGN_IN is on.")
    numbers = {role: _numbers(given) for role, given in (scopes or {}).items()}
    people = []
    for position, demo in enumerate(PEOPLE):
        person = _person(position, demo)
        if demo.role is not None:
            scope = next(numbers.get(demo.role, iter(())), None)
            if scope is not None or demo.role not in SCOPED_ROLES:
                _grant(person, demo.role, scope)
        people.append(person)
    return people


def _numbers(given: int | Sequence[int]) -> Iterator[int]:
    """The numbers in order, the last one again and again."""
    each = [given] if isinstance(given, int) else list(given)
    yield from each
    while each:
        yield each[-1]


def _person(position: int, demo: DemoPerson) -> Person:
    national_id = fictitious_national_id(position)
    try:
        return Person.objects.by_national_id(national_id)
    except Person.DoesNotExist:
        with because(REASON):
            return create_person(
                given_name=demo.given_name,
                family_name=demo.family_name,
                national_id=national_id,
                email=f"ornek{position + 1:02d}@example.invalid",
                mobile_phone=f"0500 000 00 {position + 1:02d}",
                is_demo=True,
                is_staff=position == 0,
            )


def _grant(person: Person, role: Role, scope: int | None) -> None:
    given = RoleGrant.objects.of(person).filter(role=role, granted_by=None, grant_reason=REASON)
    in_force = list(given.valid_at().select_for_update())
    if any(grant.scope_detsis_no == scope for grant in in_force):
        return
    now = timezone.now()
    with because(REASON):
        for elsewhere in in_force:
            elsewhere.validity = DateTimeTZRange(elsewhere.validity.lower, now)
            elsewhere.save(update_fields=["validity"])
    add_grant(
        granted_by=None,
        person=person,
        role=role,
        scope_detsis_no=scope,
        validity=DateTimeTZRange(now, None),
        reason=REASON,
    )
