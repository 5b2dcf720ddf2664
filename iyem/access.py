"""Who may ask for officers, and who decides (rules 5, 7, 8)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from detsis.models import OrganisationType, Unit
from detsis.querysets import UnitQuerySet
from iyem.models import OfficerApplication
from iyem.permissions import AnyPerson, coordinated_by, units_of
from kaysis.accounts.models import Person, Role
from kaysis.accounts.permissions import is_central_administrator, may_grant, scopes_of

# Whoever has anything to do with the officers of a place.
ROLES = (
    Role.CENTRAL_ADMINISTRATOR,
    Role.IYEM_AUTHORISED,
    Role.IYEM_REGISTRAR,
    Role.DETSIS_OFFICER,
)
# Whoever sees the board and the campaigns.
OFFICERS = (Role.CENTRAL_ADMINISTRATOR, Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR)


def applied_for(person: AnyPerson, role: Role | str) -> UnitQuerySet:
    """The units for which the person may ask for officers with this role.

    The centre enters what comes by letter. A place's own Yetkili asks for a second one, and for the
    Görevli of the own coordination, as a Görevli does for the own place. Where nobody has a role in
    İYEM yet, the DETSİS officer of the institution begins.
    """
    units: UnitQuerySet = Unit.objects.visible_to(person).active()
    if is_central_administrator(person):
        return units
    allowed = Q(pk__in=[])
    if role == Role.IYEM_AUTHORISED:
        allowed |= Q(pk__in=scopes_of(person, Role.IYEM_AUTHORISED).numbers)
    else:
        allowed |= Q(
            pk__in=units_of(person).values("pk"), organisation_type=OrganisationType.PROVINCIAL
        )
    detsis = scopes_of(person, Role.DETSIS_OFFICER)
    if detsis.everywhere:
        return units
    if detsis.numbers:
        allowed |= Q(pk__in=Unit.objects.within(detsis.numbers).values("pk"))
    return units.filter(allowed)


def may_apply(person: Person, role: Role | str, unit: Unit) -> bool:
    return applied_for(person, role).filter(pk=unit.pk).exists() or (
        # A closed unit is refused with a reason of its own.
        is_central_administrator(person)
    )


def may_decide(person: Person, application: OfficerApplication) -> bool:
    """The centre about Yetkili and Görevli, a Yetkili about Görevli of the own coordination."""
    return may_grant(person, application.role, application.scope_id)


def visible_applications(person: AnyPerson) -> QuerySet[OfficerApplication]:
    """The own ones, and those about units that the person looks after or asks for."""
    applications = OfficerApplication.objects.select_related("scope", "applied_by", "decided_by")
    if is_central_administrator(person):
        return applications
    own = Q(applied_by=person) if isinstance(person, Person) else Q(pk__in=[])
    asked = applied_for(person, Role.IYEM_REGISTRAR).filter(pk=OuterRef("scope"))
    authorised = applied_for(person, Role.IYEM_AUTHORISED).filter(pk=OuterRef("scope"))
    return applications.filter(
        own
        | Q(Exists(asked), role=Role.IYEM_REGISTRAR)
        | Q(Exists(authorised), role=Role.IYEM_AUTHORISED)
    )


def decided_for(person: AnyPerson, role: Role | str) -> UnitQuerySet:
    """The units at which the person decides who gets this role."""
    units: UnitQuerySet = Unit.objects.visible_to(person)
    if is_central_administrator(person):
        return units
    authorised = scopes_of(person, Role.IYEM_AUTHORISED).numbers
    if role != Role.IYEM_REGISTRAR or not authorised:
        return units.none()
    return units.filter(coordinated_by(authorised), organisation_type=OrganisationType.PROVINCIAL)


def decidable_applications(person: Person) -> QuerySet[OfficerApplication]:
    """The pending ones that this person decides."""
    pending = OfficerApplication.objects.select_related("scope", "applied_by").filter(
        status="pending"
    )
    pending = pending.exclude(national_id_hash=person.national_id_hash)
    if is_central_administrator(person):
        return pending
    places = decided_for(person, Role.IYEM_REGISTRAR)
    return pending.filter(role=Role.IYEM_REGISTRAR, scope__in=places.values("pk"))
