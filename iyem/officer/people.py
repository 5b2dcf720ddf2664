"""Finding the person an officer means: by national id, by manager code or by name.

Whoever is looked for by national id was never sent in an address; the look is recorded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import QuerySet

from iyem.models import AppointmentState, LookupWay, Manager
from iyem.officer import limits
from iyem.permissions import is_officer, units_of
from kaysis.accounts import cipher
from kaysis.accounts.audit import context
from kaysis.accounts.models import NationalIdAccess, Person
from kaysis.common import national_id, turkish

# How many are offered to choose from.
MOST = 8
# "Ayşe YILMAZ (12345678)", as the picker itself writes it, or the bare code.
_CODED = re.compile(r"(?:^|.*\()([1-9]\d{7})\)?$", re.DOTALL)
_DIGITS = re.compile(r"[\d\s]+")
# A look that is repeated while one form is filled in is one look.
SAME_LOOK_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a text means. `number` is set when it is a valid national id, whoever has it."""

    managers: tuple[Manager, ...] = ()
    person: Person | None = None
    number: str = ""
    bad_number: bool = False

    @property
    def manager(self) -> Manager | None:
        """The one manager that is meant, if there is one."""
        return self.managers[0] if len(self.managers) == 1 else None

    @property
    def masked(self) -> str:
        return national_id.mask(self.number) if self.number else ""


def find(text: str, most: int = MOST) -> Found:
    """By national id, by code, by the whole name, else by the words of the name.

    Raises `TooMany` if the person of the request has looked up too many ids.
    """
    text = text.strip()
    digits = "".join(text.split())
    if _DIGITS.fullmatch(text) and len(digits) != 8:
        return _by_national_id(digits)
    if coded := _CODED.match(text):
        return Found(managers=tuple(_managers().filter(manager_code=int(coded[1]))))
    folded = turkish.fold(text)
    if not folded:
        return Found()
    exact = _managers().filter(person__name_folded=folded)[:most]
    return Found(managers=tuple(exact) or tuple(suggest(text, most)))


def _by_national_id(digits: str) -> Found:
    if not national_id.is_valid(digits):
        return Found(bad_number=True)
    limits.spend(LookupWay.TYPED, [cipher.fingerprint(digits)])
    try:
        person = Person.objects.by_national_id(digits)
    except Person.DoesNotExist:
        return Found(number=digits)
    return Found(managers=tuple(_managers().filter(person=person)), person=person, number=digits)


def _managers() -> QuerySet[Manager]:
    return Manager.objects.select_related("person").order_by("person__name_folded", "manager_code")


def suggest(text: str, most: int = MOST) -> list[Manager]:
    """Managers whose name contains every word."""
    found = _managers()
    for word in turkish.fold(text).split():
        found = found.filter(person__name_folded__contains=word)
    return list(found[:most])


def written(manager: Manager) -> str:
    """As it stands in the input, and is understood again."""
    return f"{manager.person.full_name} ({manager.manager_code})"


def record_look(*, actor: Person, person: Person, purpose: str) -> None:
    """Somebody typed a national id and was shown whose it is."""
    key = f"iyem-look:{actor.pk}:{person.pk}"
    if not cache.add(key, 1, SAME_LOOK_SECONDS):
        return
    now = context.current()
    access = NationalIdAccess(
        actor=actor,
        person=person,
        purpose=purpose,
        ip_address=now.get("ip"),
        request_id=now.get("request_id", ""),
    )
    access.full_clean()
    access.save()


def may_see_id(actor: Person, person: Person) -> bool:
    """Whether the officer registers this person: somebody with an appointment in the own scope."""
    if not is_officer(actor):
        return False
    states = AppointmentState.objects.current().filter(
        manager__person=person, validity__isempty=False
    )
    return states.filter(unit__in=units_of(actor).values("pk")).exists()
