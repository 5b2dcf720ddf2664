"""Applications for very many officers in one transaction, as `apply_for_officer` and
`grant_application` make and grant one.

What is on record about all of them is read once (`Register`) and written in batches: the number of
statements does not grow with the entries. Each entry is held against the register and against the
entries before it by the same rules; the constraints of the database have the last word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem.access import applied_for, decided_for
from iyem.models import OfficerApplication
from iyem.models.officer import ApplicationStatus
from iyem.services.bulk import BATCH, EntryRefused, said_of
from iyem.services.officers import check_known, check_place, refuse_own
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.accounts.permissions import is_central_administrator
from kaysis.accounts.services.people import create_people
from kaysis.accounts.services.roles import add_grants
from kaysis.common import turkish
from kaysis.common.errors import NotAllowed, RuleViolation, friendly_integrity

__all__ = ["EntryRefused", "OfficerEntry", "Register", "apply_for_many"]

_CONTACT = ("email", "mobile_phone", "work_phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerEntry:
    """Who is to be authorised as what and where. `fingerprint` is the hash of the national id,
    `secret` the encrypted id, both made by `kaysis.accounts.cipher`."""

    role: Role
    scope: int
    fingerprint: str
    secret: bytes
    given_name: str
    family_name: str
    work_phone: str
    mobile_phone: str
    email: str


class Register:
    """What is on record about places, people and what they hold or have applied for.

    `check_*` raise what `apply_for_officer` would for one entry. With `lock`, known people stay as
    they are until the transaction ends.
    """

    def __init__(
        self, actor: Person, scopes: Collection[int], prints: Collection[str], *, lock: bool = False
    ) -> None:
        self.at = timezone.now()
        self._prints = set(prints)
        self._lock = lock
        self._central = is_central_administrator(actor)
        self.units = Unit.objects.in_bulk(set(scopes))
        self._allowed = {
            role: set(
                applied_for(actor, role).filter(pk__in=self.units).values_list("pk", flat=True)
            )
            for role in (Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR)
        }
        named = Unit.objects.filter(civil_authority=OuterRef("pk"))
        authorities = Unit.objects.filter(Exists(named), pk__in=self.units)
        self._authorities = set(authorities.values_list("pk", flat=True))
        waiting = OfficerApplication.objects.filter(
            status=ApplicationStatus.PENDING, national_id_hash__in=self._prints
        )
        self.waiting = set(waiting.values_list("role", "scope_id", "national_id_hash"))
        self.read_people()

    def read_people(self) -> None:
        """The known people and their grants: anew, when some were registered meanwhile."""
        people = Person.objects.filter(national_id_hash__in=self._prints).order_by("pk")
        if self._lock:
            people = people.select_for_update()
        self.people = {person.national_id_hash: person for person in people}
        grants = RoleGrant.objects.filter(
            person__in=self.people.values(),
            role__in=(Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR),
            validity__overlap=DateTimeTZRange(self.at, None),
        )
        # Key → whether in force now, or only later.
        self.held: dict[tuple[str, int | None, int], bool] = {}
        for role, scope, person, validity in grants.values_list(
            "role", "scope_detsis_no", "person_id", "validity"
        ):
            now = self.at in validity
            self.held[role, scope, person] = now or self.held.get((role, scope, person), False)

    def check_place(self, role: Role, number: int) -> None:
        """`NotAllowed`, or `RuleViolation` at scope."""
        unit = self.units.get(number)
        if unit is None or not (self._central or number in self._allowed[role]):
            raise NotAllowed(_("Bu görev yeri için başvuru yapamazsınız."))
        check_place(role, unit, named=number in self._authorities)

    def check_person(
        self, fingerprint: str, given_name: str, family_name: str, *, role: Role, scope: int
    ) -> None:
        """`RuleViolation` at given_name or national_id."""
        person = self.people.get(fingerprint)
        if person is not None:
            held = self.held.get((role.value, scope, person.pk), False)
            check_known(person, given_name, family_name, held=held)


def apply_for_many(
    *, actor: Person, entries: Sequence[OfficerEntry], grant: bool = False
) -> list[OfficerApplication]:
    """Ask for all officers, or for none; with `grant` they are authorised at once, from now on.

    Raises `NotAllowed`, `EntryRefused` with what the services for one would raise for that entry,
    or `ValidationError` where only the database saw what is wrong.
    """
    if not entries:
        return []
    with friendly_integrity(Person, RoleGrant, OfficerApplication), transaction.atomic():
        register = Register(
            actor,
            {entry.scope for entry in entries},
            {entry.fingerprint for entry in entries},
            lock=grant,
        )
        applications = []
        for place, entry in enumerate(entries):
            with said_of(place):
                applications.append(_application(actor, entry, register))
        with because(str(_("Yetki başvurusu")), actor=actor):
            OfficerApplication.objects.bulk_create(applications, batch_size=BATCH)
        if grant:
            _grant(actor, entries, applications, register)
    return applications


def _application(actor: Person, entry: OfficerEntry, register: Register) -> OfficerApplication:
    register.check_place(entry.role, entry.scope)
    register.check_person(
        entry.fingerprint, entry.given_name, entry.family_name, role=entry.role, scope=entry.scope
    )
    key = (entry.role.value, entry.scope, entry.fingerprint)
    if key in register.waiting:
        raise ValidationError(_("Bu kişi için aynı başvuru zaten bekliyor."))
    register.waiting.add(key)
    application = OfficerApplication(
        role=entry.role.value,
        scope=register.units[entry.scope],
        given_name=turkish.person_name(entry.given_name),
        family_name=turkish.person_name(entry.family_name),
        national_id_encrypted=entry.secret,
        national_id_hash=entry.fingerprint,
        work_phone=entry.work_phone.strip(),
        mobile_phone=entry.mobile_phone.strip(),
        email=entry.email.strip(),
        applied_by=actor,
    )
    # Keys are of rows just read; what must not be blank is a constraint.
    application.clean_fields(exclude=["scope", "applied_by"])
    return application


# --- Granting ------------------------------------------------------------------------------------


def _grant(
    actor: Person,
    entries: Sequence[OfficerEntry],
    applications: Sequence[OfficerApplication],
    register: Register,
) -> None:
    _may_decide(actor, entries)
    reasons = [
        _("İYEM yetki başvurusu (%(no)s)") % {"no": application.pk} for application in applications
    ]
    told = _("İYEM yetki başvuruları (%(first)s–%(last)s)") % {
        "first": applications[0].pk,
        "last": applications[-1].pk,
    }
    with because(told, actor=actor):
        _register_people(entries, register)
        grants = []
        for place, entry in enumerate(entries):
            with said_of(place):
                grants.append(_one_grant(actor, entry, reasons[place], register))
        add_grants(granted_by=actor, grants=grants)
        _decide(actor, applications, reasons, grants)


def _may_decide(actor: Person, entries: Sequence[OfficerEntry]) -> None:
    decided: set[tuple[Role, int]] = set()
    for role in {entry.role for entry in entries}:
        wanted = {entry.scope for entry in entries if entry.role == role}
        units = decided_for(actor, role).filter(pk__in=wanted)
        decided |= {(role, number) for number in units.values_list("pk", flat=True)}
    for place, entry in enumerate(entries):
        with said_of(place):
            if (entry.role, entry.scope) not in decided:
                raise NotAllowed
            refuse_own(actor, entry.fingerprint)


def _register_people(entries: Sequence[OfficerEntry], register: Register) -> None:
    """Unknown people come into being; known ones get what is missing of their contact details."""
    new: dict[str, Person] = {}
    filled: dict[int, Person] = {}
    for place, entry in enumerate(entries):
        known = register.people.get(entry.fingerprint) or new.get(entry.fingerprint)
        with said_of(place):
            if known is None:
                new[entry.fingerprint] = _person(entry)
            elif known.pk and _fill(known, entry):
                filled[known.pk] = known
    Person.objects.bulk_update(filled.values(), _CONTACT, batch_size=BATCH)
    if new:
        create_people([new[fingerprint] for fingerprint in sorted(new)])
        # Somebody else may have been faster with one of them.
        register.read_people()


def _person(entry: OfficerEntry) -> Person:
    person = Person(
        given_name=turkish.person_name(entry.given_name),
        family_name=turkish.person_name(entry.family_name),
        national_id_hash=entry.fingerprint,
        national_id_encrypted=entry.secret,
        **{name: getattr(entry, name).strip() for name in _CONTACT},
    )
    person.clean_fields()
    return person


def _fill(person: Person, entry: OfficerEntry) -> bool:
    missing = [name for name in _CONTACT if not getattr(person, name)]
    for name in missing:
        setattr(person, name, getattr(entry, name).strip())
    return bool(missing)


def _one_grant(actor: Person, entry: OfficerEntry, reason: str, register: Register) -> RoleGrant:
    register.check_person(
        entry.fingerprint, entry.given_name, entry.family_name, role=entry.role, scope=entry.scope
    )
    person = register.people[entry.fingerprint]
    key = (entry.role.value, entry.scope, person.pk)
    if key in register.held:
        raise RuleViolation(
            _("Bu kişiye bu görev yerinde bu yetki ileri bir tarih için verilmiş."),
            field="national_id",
        )
    register.held[key] = True
    grant = RoleGrant(
        person=person,
        role=entry.role.value,
        scope_detsis_no=entry.scope,
        validity=DateTimeTZRange(register.at, None),
        granted_by=actor,
        grant_reason=reason,
    )
    grant.clean_fields(exclude=["person", "granted_by"])
    return grant


_DECIDE = """
    UPDATE iyem_officerapplication a
    SET status = %s, decided_by_id = %s, decided_at = %s, decision_reason = d.reason,
        grant_id = d.grant_id
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS d(id, grant_id, reason)
    WHERE a.id = d.id
"""


def _decide(
    actor: Person,
    applications: Sequence[OfficerApplication],
    reasons: Sequence[str],
    grants: Sequence[RoleGrant],
) -> None:
    at: dt.datetime = timezone.now()
    status = ApplicationStatus.GRANTED
    for application, reason, grant in zip(applications, reasons, grants, strict=True):
        application.status, application.decided_by, application.decided_at = status, actor, at
        application.decision_reason, application.grant = reason, grant
    with connection.cursor() as cursor:
        cursor.execute(
            _DECIDE,
            [
                status.value,
                actor.pk,
                at,
                [application.pk for application in applications],
                [grant.pk for grant in grants],
                list(reasons),
            ],
        )
