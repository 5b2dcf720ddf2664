"""People for tests: factories, and the cast that permission tests are told with.

Ayşe is the authorised officer of a unit, Burak a registrar of the same scope, Cem an officer
elsewhere, Deniz a citizen, Zeynep the central administrator.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from kaysis.accounts.demo import fictitious_national_id
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.accounts.services.national_ids import set_national_id

# Far from the demo people's own.
_numbers = count(1_000)


def next_national_id() -> str:
    """A valid national id that no other test person has."""
    return fictitious_national_id(next(_numbers))


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    """`PersonFactory(national_id="…")` to know the id."""

    class Meta:
        model = Person

    given_name = factory.Sequence(lambda n: f"Ad{n}")
    family_name = factory.Sequence(lambda n: f"Soyad{n}")

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **kwargs: Any) -> Person:
        person = model_class(*args, **{k: v for k, v in kwargs.items() if k != "national_id"})
        set_national_id(person, kwargs.get("national_id") or next_national_id())
        person.save()
        return person


class RoleGrantFactory(factory.django.DjangoModelFactory[RoleGrant]):
    """In force since a day ago, open end; no check that the unit of the scope exists."""

    class Meta:
        model = RoleGrant

    person = factory.SubFactory(PersonFactory)
    role = Role.ANALYST
    scope_detsis_no = None
    grant_reason = "Test"
    validity = factory.LazyFunction(
        lambda: DateTimeTZRange(timezone.now() - timedelta(days=1), None)
    )


def person_with(role: Role, scope_detsis_no: int | None = None, **names: Any) -> Person:
    """A new person who holds one role."""
    person = PersonFactory(**names)
    RoleGrantFactory(person=person, role=role, scope_detsis_no=scope_detsis_no)
    return person


@dataclass(frozen=True)
class Cast:
    ayse: Person
    burak: Person
    cem: Person
    deniz: Person
    zeynep: Person

    @property
    def everybody(self) -> dict[str, Person]:
        return {name: getattr(self, name) for name in ("ayse", "burak", "cem", "deniz", "zeynep")}


def make_cast(
    *,
    scope: int,
    elsewhere: int,
    officer: Role = Role.IYEM_AUTHORISED,
    registrar: Role = Role.IYEM_REGISTRAR,
) -> Cast:
    """The cast over two units that are not below one another; `officer` and `registrar` say as
    what Ayşe (and Cem) and Burak act.
    """
    return Cast(
        ayse=person_with(officer, scope, given_name="Ayşe", family_name="Yılmaz"),
        burak=person_with(registrar, scope, given_name="Burak", family_name="Demir"),
        cem=person_with(officer, elsewhere, given_name="Cem", family_name="Kaya"),
        deniz=PersonFactory(given_name="Deniz", family_name="Ateş"),
        zeynep=person_with(Role.CENTRAL_ADMINISTRATOR, given_name="Zeynep", family_name="Aydın"),
    )
