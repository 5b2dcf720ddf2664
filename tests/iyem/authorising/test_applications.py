"""Applications: who may make them, who decides, what granting does (rules 4–8)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from detsis import services as detsis_services
from iyem import services
from iyem.access import decidable_applications, visible_applications
from iyem.models import OfficerApplication
from iyem.permissions import may_register
from iyem.staffing import coordinators, grants_visible_to, short_places
from kaysis.accounts import cipher
from kaysis.accounts.models import Person, Role, RoleGrant, SignIn
from kaysis.accounts.services import revoke_role
from kaysis.common.errors import Conflict, NotAllowed, RuleViolation
from tests.factories.accounts import PersonFactory, RoleGrantFactory, next_national_id, person_with
from tests.factories.detsis import unit

pytestmark = pytest.mark.django_db

CONTACT = {
    "work_phone": "0312 111 11 11",
    "mobile_phone": "0500 111 11 11",
    "email": "fatma@example.org",
}


def apply(actor, scope, role=Role.IYEM_REGISTRAR, **given):
    given = {
        "national_id": next_national_id(),
        "given_name": "Fatma",
        "family_name": "Çelik",
        **CONTACT,
        **given,
    }
    return services.apply_for_officer(actor=actor, role=role, scope=scope, **given)


# --- Applying ------------------------------------------------------------------------------------


def test_rule_8_every_field_is_required(state):
    for missing in ("given_name", "family_name", "work_phone", "mobile_phone", "email"):
        with pytest.raises(ValidationError):
            apply(state.ayse, state.region, **{missing: ""})
    with pytest.raises(RuleViolation) as refused:
        apply(state.ayse, state.region, national_id="12345678901")
    assert refused.value.field == "national_id"
    with pytest.raises(ValidationError) as wrong:
        apply(state.ayse, state.region, work_phone="yok")
    assert "work_phone" in wrong.value.message_dict


def test_rule_4_a_place_of_a_yetkili_and_of_a_gorevli(state):
    for place in (state.ministry, state.governorship):
        assert apply(state.zeynep, place, Role.IYEM_AUTHORISED).pk
    for place in (state.region, state.directorate, state.school):
        assert apply(state.zeynep, place).pk
    for place, role in (
        (state.office, Role.IYEM_AUTHORISED),
        (state.region, Role.IYEM_AUTHORISED),
        (state.office, Role.IYEM_REGISTRAR),
    ):
        with pytest.raises(RuleViolation) as refused:
            apply(state.zeynep, place, role)
        assert refused.value.field == "scope"


def test_who_may_apply_for_whom(state):
    """A Yetkili for the own place and the Görevli in the coordination, a Görevli for the own."""
    detsis = person_with(Role.DETSIS_OFFICER, state.ministry.pk)
    allowed = [
        (state.ayse, state.ministry, Role.IYEM_AUTHORISED),
        (state.ayse, state.region, Role.IYEM_REGISTRAR),
        (state.burak, state.region, Role.IYEM_REGISTRAR),
        (state.burak, state.branch, Role.IYEM_REGISTRAR),
        (state.cem, state.directorate, Role.IYEM_REGISTRAR),
        (detsis, state.ministry, Role.IYEM_AUTHORISED),
        (detsis, state.region, Role.IYEM_REGISTRAR),
    ]
    for actor, place, role in allowed:
        assert apply(actor, place, role).status == "pending"
    refused = [
        (state.ayse, state.governorship, Role.IYEM_AUTHORISED),
        (state.ayse, state.directorate, Role.IYEM_REGISTRAR),
        (state.cem, state.region, Role.IYEM_REGISTRAR),
        (state.burak, state.ministry, Role.IYEM_AUTHORISED),
        (state.burak, state.directorate, Role.IYEM_REGISTRAR),
        (state.deniz, state.region, Role.IYEM_REGISTRAR),
    ]
    for actor, place, role in refused:
        with pytest.raises(NotAllowed):
            apply(actor, place, role)


def test_the_same_person_is_not_asked_for_twice(state):
    number = next_national_id()
    apply(state.ayse, state.region, national_id=number)
    with pytest.raises(ValidationError, match="zaten bekliyor"):
        apply(state.burak, state.region, national_id=number)


def test_a_known_national_id_bears_one_name_and_one_authority(state):
    number = next_national_id()
    person = PersonFactory(given_name="Işıl", family_name="Güneş", national_id=number)
    with pytest.raises(RuleViolation) as refused:
        apply(state.ayse, state.region, national_id=number)
    assert refused.value.field == "given_name"
    names = {"given_name": "IŞIL", "family_name": "güneş"}
    RoleGrantFactory(person=person, role=Role.IYEM_REGISTRAR, scope_detsis_no=state.region.pk)
    with pytest.raises(RuleViolation, match="zaten sahip"):
        apply(state.ayse, state.region, national_id=number, **names)
    assert apply(state.ayse, state.branch, national_id=number, **names).pk


def test_the_national_id_is_kept_encrypted_and_in_no_history(state):
    number = next_national_id()
    application = apply(state.ayse, state.region, national_id=number)
    kept = OfficerApplication.objects.get(pk=application.pk)
    assert number.encode() not in bytes(kept.national_id_encrypted)
    assert cipher.decrypt(kept.national_id_encrypted, kept.national_id_hash) == number
    told = [str(row) for row in OfficerApplication.events.rel.related_model.objects.values()]
    assert told
    assert not any(number in text or CONTACT["mobile_phone"] in text for text in told)


# --- Deciding ------------------------------------------------------------------------------------


def test_rule_7_who_decides(state):
    """The centre authorises Yetkili; whoever coordinates the place, its Görevli (rule 5)."""
    places = {
        "head": apply(state.zeynep, state.ministry, Role.IYEM_AUTHORISED),
        "region": apply(state.zeynep, state.region),
        "directorate": apply(state.zeynep, state.directorate),
    }
    told = {
        name: {key for key, row in places.items() if row in decidable_applications(person)}
        for name, person in (
            ("ayse", state.ayse),
            ("burak", state.burak),
            ("cem", state.cem),
            ("zeynep", state.zeynep),
        )
    }
    assert told == {
        "ayse": {"region"},
        "burak": set(),
        "cem": {"directorate"},
        "zeynep": {"head", "region", "directorate"},
    }
    for actor, key in ((state.ayse, "head"), (state.ayse, "directorate"), (state.burak, "region")):
        with pytest.raises(NotAllowed):
            services.grant_application(actor=actor, application=places[key])
        with pytest.raises(NotAllowed):
            services.refuse_application(actor=actor, application=places[key], reason="Hayır")
    assert not Person.objects.filter(given_name="Fatma").exists()


def test_granting_registers_an_unknown_person_and_gives_the_role(state):
    number = next_national_id()
    application = apply(state.burak, state.region, national_id=number)
    grant = services.grant_application(actor=state.ayse, application=application)
    person = Person.objects.by_national_id(number)
    assert (person.given_name, person.email, person.work_phone, person.mobile_phone) == (
        "Fatma",
        CONTACT["email"],
        CONTACT["work_phone"],
        CONTACT["mobile_phone"],
    )
    assert (grant.person, grant.role, grant.scope_detsis_no) == (
        person,
        Role.IYEM_REGISTRAR,
        state.region.pk,
    )
    assert grant.granted_by == state.ayse
    application.refresh_from_db()
    assert (application.status, application.decided_by, application.grant) == (
        "granted",
        state.ayse,
        grant,
    )
    assert may_register(person, state.branch.pk)
    assert not may_register(person, state.office.pk)
    with pytest.raises(Conflict):
        services.refuse_application(actor=state.ayse, application=application, reason="Geç")


def test_a_known_person_keeps_the_own_contact_details(state):
    number = next_national_id()
    person = PersonFactory(
        given_name="Fatma", family_name="Çelik", national_id=number, email="kendi@example.org"
    )
    application = apply(state.burak, state.region, national_id=number)
    grant = services.grant_application(actor=state.ayse, application=application)
    person.refresh_from_db()
    assert grant.person == person
    assert (person.email, person.mobile_phone) == ("kendi@example.org", CONTACT["mobile_phone"])


def test_grants_are_dated(state):
    start = timezone.now() + dt.timedelta(days=3)
    grant = services.grant_application(
        actor=state.ayse,
        application=apply(state.burak, state.region),
        valid_from=start,
        valid_to=start + dt.timedelta(days=10),
    )
    assert grant.validity.lower == start
    assert not may_register(grant.person, state.region.pk)
    with pytest.raises(ValidationError) as refused:
        services.grant_application(
            actor=state.ayse,
            application=apply(state.burak, state.region),
            valid_from=start,
            valid_to=start,
        )
    assert "valid_to" in refused.value.message_dict


def test_refusing_needs_a_reason(state):
    application = apply(state.burak, state.region)
    with pytest.raises(RuleViolation) as refused:
        services.refuse_application(actor=state.ayse, application=application, reason=" ")
    assert refused.value.field == "reason"
    services.refuse_application(actor=state.ayse, application=application, reason="Emekli oldu")
    application.refresh_from_db()
    assert (application.status, application.decision_reason) == ("refused", "Emekli oldu")
    # Asking again is allowed.
    assert apply(state.burak, state.region).pk


def test_nobody_decides_about_themselves(state):
    number = cipher.decrypt(state.ayse.national_id_encrypted, state.ayse.national_id_hash)
    own = apply(
        state.burak, state.region, national_id=number, given_name="Ayşe", family_name="Yılmaz"
    )
    assert own not in decidable_applications(state.ayse)
    with pytest.raises(RuleViolation):
        services.grant_application(actor=state.ayse, application=own)


def test_an_account_closed_meanwhile_gets_nothing(state):
    number = next_national_id()
    person = PersonFactory(given_name="Fatma", family_name="Çelik", national_id=number)
    application = apply(state.burak, state.region, national_id=number)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(RuleViolation):
        services.grant_application(actor=state.ayse, application=application)
    application.refresh_from_db()
    assert application.status == "pending"


def test_applications_are_seen_by_those_they_concern(state):
    region = apply(state.burak, state.region)
    directorate = apply(state.cem, state.directorate)
    head = apply(state.ayse, state.ministry, Role.IYEM_AUTHORISED)
    seen = {
        name: set(visible_applications(person))
        for name, person in (
            ("ayse", state.ayse),
            ("burak", state.burak),
            ("cem", state.cem),
            ("deniz", state.deniz),
            ("zeynep", state.zeynep),
        )
    }
    assert seen == {
        "ayse": {region, head},
        "burak": {region},
        "cem": {directorate},
        "deniz": set(),
        "zeynep": {region, directorate, head},
    }


# --- Holding, moving, losing ---------------------------------------------------------------------


def test_revoking_ends_open_sessions_at_once(state, burak):
    grant = RoleGrant.objects.get(person=state.burak)
    assert burak.get("/yetkili/").status_code == 200
    revoke_role(actor=state.ayse, grant=grant, reason="Görev yeri değişti")
    assert burak.get("/yetkili/").status_code == 302
    assert not SignIn.objects.filter(person=state.burak, ended_at=None).exists()
    assert not may_register(Person.objects.get(pk=state.burak.pk), state.region.pk)


def test_grants_are_carried_over_when_units_move(state):
    """The Görevli of a unit that moves to another institution stays; who coordinates changes."""
    other = unit("Sağlık Bakanlığı", state.head.pk, is_institution=True)
    elif_ = person_with(Role.IYEM_AUTHORISED, other.pk)
    grant = RoleGrant.objects.get(person=state.burak)
    assert coordinators([state.region.pk]) == {state.region.pk: state.ministry.pk}
    assert grant in grants_visible_to(state.ayse)
    assert grant not in grants_visible_to(elif_)
    detsis_services.move_unit(
        actor=None, unit=state.region.pk, parent=other.pk, effective_on=timezone.localdate()
    )
    assert coordinators([state.region.pk]) == {state.region.pk: other.pk}
    assert may_register(state.burak, state.branch.pk)
    assert grant in grants_visible_to(elif_)
    assert grant not in grants_visible_to(state.ayse)
    revoke_role(actor=elif_, grant=grant, reason="Yeni kurum")


def test_grants_follow_a_unit_to_another_civil_authority(state):
    registrar = person_with(Role.IYEM_REGISTRAR, state.directorate.pk)
    grant = RoleGrant.objects.get(person=registrar)
    assert coordinators([state.directorate.pk]) == {state.directorate.pk: state.governorship.pk}
    assert grant in grants_visible_to(state.cem)
    detsis_services.amend_unit(
        actor=None,
        unit=state.directorate.pk,
        facts={"civil_authority": None},
        effective_on=timezone.localdate(),
    )
    assert coordinators([state.directorate.pk]) == {state.directorate.pk: state.ministry.pk}
    assert grant in grants_visible_to(state.ayse)
    assert grant not in grants_visible_to(state.cem)


# --- At least two (rule 4) -----------------------------------------------------------------------


def short_of(person):
    return {(each.unit.pk, each.role.value): each for each in short_places(person)}


def test_rule_4_fewer_than_two_is_a_warning_with_a_deadline(state, settings):
    settings.IYEM_OFFICERS_DEADLINE_DAYS = 30
    ayse = short_of(state.ayse)
    assert set(ayse) == {
        (state.ministry.pk, "iyem_authorised"),
        (state.region.pk, "iyem_registrar"),
    }
    assert set(short_of(state.burak)) == {(state.region.pk, "iyem_registrar")}
    assert set(short_of(state.cem)) == {
        (state.governorship.pk, "iyem_authorised"),
        (state.directorate.pk, "iyem_registrar"),
    }
    assert {number for number, _role in short_of(state.zeynep)} == {
        state.head.pk,
        state.ministry.pk,
        state.governorship.pk,
    }
    region = ayse[state.region.pk, "iyem_registrar"]
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert (region.officers, region.missing) == (1, 1)
    # The factory's grant began a day ago, and there never were two.
    assert region.deadline == yesterday + dt.timedelta(days=30)
    assert not region.overdue
    person_with(Role.IYEM_REGISTRAR, state.region.pk)
    assert (state.region.pk, "iyem_registrar") not in short_of(state.ayse)


def test_the_deadline_begins_when_the_second_one_leaves(state, settings):
    settings.IYEM_OFFICERS_DEADLINE_DAYS = 10
    second = person_with(Role.IYEM_REGISTRAR, state.region.pk)
    grant = RoleGrant.objects.get(person=second)
    revoke_role(actor=state.ayse, grant=grant, reason="Emekli")
    region = short_of(state.ayse)[state.region.pk, "iyem_registrar"]
    assert region.deadline == timezone.localdate() + dt.timedelta(days=10)


def test_where_nobody_ever_was_the_deadline_is_long_over(state):
    directorate = short_of(state.cem)[state.directorate.pk, "iyem_registrar"]
    assert (directorate.officers, directorate.overdue) == (0, True)


def test_a_closed_account_is_no_officer(state):
    second = person_with(Role.IYEM_REGISTRAR, state.region.pk)
    assert (state.region.pk, "iyem_registrar") not in short_of(state.ayse)
    Person.objects.filter(pk=second.pk).update(is_active=False)
    assert short_of(state.ayse)[state.region.pk, "iyem_registrar"].officers == 1


def test_looking_for_short_places_takes_the_same_queries_however_many(
    state, django_assert_max_num_queries
):
    for number in range(6):
        unit(f"Bölge {number}", state.ministry.pk, organisation_type="provincial")
    person = Person.objects.get(pk=state.ayse.pk)
    with django_assert_max_num_queries(7):
        assert len(short_places(person)) == 8
