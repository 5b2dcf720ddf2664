"""Managers and their codes (rule 15)."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from iyem.models import Manager
from iyem.permissions import is_officer
from kaysis.accounts import cipher
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person
from kaysis.accounts.services.people import create_person
from kaysis.common import turkish
from kaysis.common.errors import NotAllowed, RuleViolation
from kaysis.common.locks import advisory_lock
from kaysis.common.national_id import clean
from kaysis.common.numbers import NumbersExhausted, random_number

_BATCH = 1000
_DRAWS = 1000


@transaction.atomic
def register_manager(
    *, actor: Person, national_id: str, given_name: str = "", family_name: str = ""
) -> Manager:
    """The manager with this national id: the known one, or a new one with a new code.

    A known person keeps the name on record; a name that differs from it is refused, because it is
    more likely a slip in the national id than a new name. `RuleViolation` at `national_id`,
    `given_name`.
    """
    if not is_officer(actor):
        raise NotAllowed
    try:
        number = clean(national_id)
    except ValidationError as error:
        raise RuleViolation(error.messages[0], field="national_id") from None
    with because(str(_("Yönetici kaydı")), actor=actor):
        person = _person(number, given_name.strip(), family_name.strip())
        return manager_of(person)


def _person(number: str, given_name: str, family_name: str) -> Person:
    try:
        person = Person.objects.by_national_id(number)
    except Person.DoesNotExist:
        if not given_name or not family_name:
            raise RuleViolation(
                _("Bu kişi kayıtlı değil; adını ve soyadını da yazın."), field="given_name"
            ) from None
        # Of two officers who register somebody new at once, the second waits here.
        advisory_lock("iyem.person", cipher.fingerprint(number))
        known = Person.objects.filter(national_id_hash=cipher.fingerprint(number)).first()
        person = known or _created(number, given_name, family_name)
    same_name(person, given_name, family_name)
    return person


def _created(number: str, given_name: str, family_name: str) -> Person:
    try:
        with transaction.atomic():
            return create_person(given_name=given_name, family_name=family_name, national_id=number)
    except IntegrityError:
        # A sheet was faster: it takes no lock for each of its people.
        return Person.objects.by_national_id(number)


def same_name(person: Person, given_name: str, family_name: str) -> None:
    """`RuleViolation` at given_name if another name than the one on record was typed."""
    typed = turkish.fold(f"{given_name} {family_name}".strip())
    if typed and typed != turkish.fold(f"{person.given_name} {person.family_name}"):
        raise RuleViolation(
            _(
                "Bu T.C. kimlik numarası kayıtlarda başka bir ada ait. Numarayı denetleyin; ad "
                "değiştiyse merkez yöneticisinden düzeltilmesini isteyin."
            ),
            field="given_name",
        )


def manager_of(person: Person) -> Manager:
    """The person's manager row; made, with a code, if this is the first time. In a transaction."""
    # Of two officers who register the same person at once, the second waits here.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    manager = Manager.objects.filter(person=person).select_related("person").first()
    return manager or make_managers([person])[person.pk]


def make_managers(people: Sequence[Person]) -> dict[int, Manager]:
    """New managers with codes of their own, by the keys of their people, whose rows are locked and
    who are none yet. In a transaction.

    Codes are not locked (a sheet would keep everybody else's first registrations waiting): the
    unique index leaves out the row whose code somebody has, or wins at this moment, and another is
    drawn. Lower codes first, so that two sheets never wait for each other. Raises
    `NumbersExhausted`.
    """
    made: dict[int, Manager] = {}
    for _try in range(_DRAWS):
        missing = [person for person in people if person.pk not in made]
        if not missing:
            return made
        drawn = [Manager(person=person, manager_code=random_number()) for person in missing]
        drawn.sort(key=lambda manager: manager.manager_code)
        Manager.objects.bulk_create(drawn, batch_size=_BATCH, ignore_conflicts=True)
        written = Manager.objects.filter(person__in=missing).select_related("person")
        made.update({manager.person_id: manager for manager in written})
    raise NumbersExhausted("no free manager code of eight digits was found")
