"""The eighteen working rules, one test each; docs/iyem-rules.md says where each rule lives."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from iyem import services
from iyem.authority import ask_one
from iyem.models import (
    AppointmentState,
    Campaign,
    DeputyLink,
    LegacyManager,
    LegacyWipe,
    Manager,
    OfficerApplication,
)
from iyem.models.appointment import Source
from iyem.permissions import may_register, units_of
from iyem.services.campaigns import open_campaign
from iyem.services.curricula import published_curriculum, review_curriculum, submit_curriculum
from iyem.services.officers import apply_for_officer, grant_application
from iyem.services.states import as_recorded_at
from iyem.staffing import short_places
from kaysis.accounts import methods
from kaysis.accounts.models import Role
from kaysis.accounts.services import grant_role
from kaysis.common.errors import KaysisError, NotAllowed
from tests.factories.accounts import PersonFactory, next_national_id, person_with
from tests.factories.detsis import unit
from tests.factories.iyem import act_for, appoint, centre, manager, moment

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture
def state():
    """A ministry with central, abroad and provincial units, and a governorship."""
    root = unit("Cumhurbaşkanlığı")
    ministry = unit("Bakanlık", root, is_institution=True)
    office = unit("Genel Müdürlük", ministry)
    governorship = unit("Ankara Valiliği", unit("İçişleri", root), organisation_type="provincial")
    return {
        "root": root,
        "ministry": ministry,
        "office": office,
        "embassy": unit("Büyükelçilik", ministry, organisation_type="abroad"),
        "region": unit("Bölge Müdürlüğü", ministry, organisation_type="provincial"),
        "governorship": governorship,
        "district": unit("Çankaya Kaymakamlığı", governorship, organisation_type="provincial"),
        "directorate": unit(
            "İl Müdürlüğü",
            ministry,
            organisation_type="provincial",
            civil_authority=governorship.pk,
        ),
    }


def test_rule_01_every_level_of_every_unit(state):
    for place in state.values():
        appointment = appoint(place)
        who = appointment.manager
        assert ask_one(place.pk, who.manager_code, moment("2024-02-01")).authorised


def test_rule_02_local_governments_register_themselves(state):
    municipality = unit("Belediye", state["root"], is_institution=True)
    own = person_with(Role.IYEM_AUTHORISED, municipality.pk)
    ministry = person_with(Role.IYEM_AUTHORISED, state["ministry"].pk)
    assert may_register(own, municipality.pk)
    assert not may_register(ministry, municipality.pk)


def test_rule_03_centre_and_provinces_register_their_own(state):
    headquarters = person_with(Role.IYEM_AUTHORISED, state["ministry"].pk)
    for place in ("ministry", "office", "embassy"):
        assert may_register(headquarters, state[place].pk)
    provincial = person_with(Role.IYEM_REGISTRAR, state["directorate"].pk)
    assert may_register(provincial, state["directorate"].pk)
    assert not may_register(provincial, state["office"].pk)


def test_rule_04_at_least_two_for_each_place(state):
    first = person_with(Role.IYEM_AUTHORISED, state["ministry"].pk)

    def short():
        places = short_places(first)
        return {(place.unit, place.role): place.officers for place in places}

    assert short()[state["ministry"], Role.IYEM_AUTHORISED] == 1
    assert short()[state["region"], Role.IYEM_REGISTRAR] == 0
    assert (state["directorate"], Role.IYEM_REGISTRAR) not in short(), "the governor's to see to"
    person_with(Role.IYEM_AUTHORISED, state["ministry"].pk)
    for _each in range(2):
        person_with(Role.IYEM_REGISTRAR, state["region"].pk)
    assert (state["ministry"], Role.IYEM_AUTHORISED) not in short()
    assert (state["region"], Role.IYEM_REGISTRAR) not in short()


def test_rule_05_coordination_follows_the_civil_authority(state):
    headquarters = person_with(Role.IYEM_AUTHORISED, state["ministry"].pk)
    governor = person_with(Role.IYEM_AUTHORISED, state["governorship"].pk)
    assert may_register(headquarters, state["region"].pk)
    assert not may_register(headquarters, state["directorate"].pk)
    assert may_register(governor, state["directorate"].pk)
    assert not may_register(governor, state["region"].pk)
    # What stands under a district governorship, the governor's reaches too.
    school = unit(
        "Okul",
        state["ministry"],
        organisation_type="provincial",
        civil_authority=state["district"].pk,
    )
    assert may_register(governor, school.pk)
    assert may_register(person_with(Role.IYEM_AUTHORISED, state["district"].pk), school.pk)


def test_rule_06_officers_reach_their_area_and_no_further(state):
    registrar = person_with(Role.IYEM_REGISTRAR, state["region"].pk)
    below = unit("Şube", state["region"], organisation_type="provincial")
    assert set(units_of(registrar)) == {state["region"], below}
    with pytest.raises(NotAllowed):
        appoint(state["office"], actor=registrar)
    assert not AppointmentState.objects.exists()


def test_rule_07_who_gives_which_role(state):
    headquarters = person_with(Role.IYEM_AUTHORISED, state["ministry"].pk)
    given = {"person": PersonFactory(), "reason": "Test"}
    grant_role(
        actor=centre(),
        role=Role.IYEM_AUTHORISED,
        scope_detsis_no=state["governorship"].pk,
        **given,
    )
    grant_role(
        actor=headquarters,
        role=Role.IYEM_REGISTRAR,
        scope_detsis_no=state["region"].pk,
        **given,
    )
    for role, place in (
        (Role.IYEM_AUTHORISED, "ministry"),  # only the centre makes a Yetkili
        (Role.IYEM_REGISTRAR, "office"),  # a Görevli is for provincial units
        (Role.IYEM_REGISTRAR, "directorate"),  # that is the governor's to give
    ):
        with pytest.raises(PermissionDenied):
            grant_role(actor=headquarters, role=role, scope_detsis_no=state[place].pk, **given)


def test_rule_08_an_application_is_complete(state):
    given = {
        "actor": centre(),
        "role": Role.IYEM_AUTHORISED,
        "scope": state["ministry"],
        "national_id": next_national_id(),
        "given_name": "Ayşe",
        "family_name": "Yılmaz",
        "work_phone": "0312 000 00 00",
        "mobile_phone": "0500 000 00 00",
        "email": "ayse@example.invalid",
    }
    for field in ("national_id", "given_name", "work_phone", "mobile_phone", "email"):
        with pytest.raises((KaysisError, ValidationError)):
            apply_for_officer(**{**given, field: ""})
    assert not OfficerApplication.objects.exists()
    application = apply_for_officer(**given)
    grant = grant_application(actor=centre(), application=application)
    assert grant.role == Role.IYEM_AUTHORISED
    assert grant.scope_detsis_no == state["ministry"].pk


def test_rule_09_the_officers_area_is_for_those_who_signed_in(client):
    answer = client.get("/yetkili/iyem/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/giris/")


def test_rule_10_three_ways_to_sign_in(client):
    assert [method.key for method in methods.official()] == ["edevlet", "eimza", "mimza"]
    page = client.get("/giris/").content.decode()
    for method in methods.official():
        assert str(method.label) in page


def test_rule_11_the_first_registration_wipes_the_old_names(state):
    other = unit("Başka Kurum", state["root"], is_institution=True)
    for place in (state["ministry"], state["office"], other):
        LegacyManager.objects.create(unit=place, name="Eski Ad")
    appoint(state["embassy"])
    wipe = LegacyWipe.objects.get()
    assert (wipe.institution, wipe.names) == (state["ministry"], 2)
    assert [row.unit for row in LegacyManager.objects.filter(wipe=None)] == [other]
    with pytest.raises(NotAllowed):
        services.restore_legacy_names(
            actor=person_with(Role.IYEM_AUTHORISED, state["ministry"].pk), wipe=wipe, reason="x"
        )
    assert services.restore_legacy_names(actor=centre(), wipe=wipe, reason="Yanlış kurum") == 2
    appoint(state["office"])
    assert LegacyManager.objects.filter(wipe=None).count() == 3, "restored names are the centre's"


def test_rule_11_a_refused_registration_wipes_nothing(state):
    LegacyManager.objects.create(unit=state["office"], name="Eski Ad")
    with pytest.raises(KaysisError):
        appoint(state["office"], start="1900-01-01")
    assert not LegacyWipe.objects.exists()
    assert LegacyManager.objects.filter(wipe=None).count() == 1


def test_rule_12_a_campaign_has_its_last_day():
    given = {"actor": centre(), "name": "İlk kayıt", "remind_every_days": 7}
    campaign = open_campaign(**given, first_day=dt.date(2026, 1, 1), last_day=dt.date(2026, 3, 1))
    assert dt.date(2026, 3, 1) in Campaign.objects.get(pk=campaign.pk).period
    with pytest.raises((KaysisError, ValidationError)):
        open_campaign(**given, first_day=dt.date(2026, 2, 1), last_day=dt.date(2026, 4, 1))
    assert Campaign.objects.count() == 1


def test_rule_13_late_entries_are_accepted_and_marked(state):
    place = state["office"]
    first = appoint(place, start="2024-01-01 09:00", recorded="2024-06-01")
    assert not first.states.get().late, "the first registration of a unit is no change"
    with as_recorded_at(moment("2025-03-03 23:59")):
        services.end_appointment(
            actor=centre(),
            appointment=first,
            ends_at=moment("2025-03-03 17:30"),
            reason="Emeklilik",
        )
    assert not first.states.current().get().late, "the same day, to the last minute"
    successor = appoint(place, start="2025-03-03 17:30", recorded="2025-03-04 00:00")
    state_now = successor.states.get()
    assert state_now.late
    assert state_now.validity.lower == moment("2025-03-03 17:30"), "to hour and minute"


def test_rule_14_first_level_units_answer_to_deputies(state):
    post = services.open_deputy_post(actor=centre(), unit=state["ministry"])
    deputy = appoint(state["ministry"], ordinal=post.ordinal, title="Bakan Yardımcısı")
    assert deputy.post == post
    link = services.link_to_deputy(
        actor=centre(), unit=state["office"], post=post, starts_on=dt.date(2026, 1, 1)
    )
    other = services.open_deputy_post(actor=centre(), unit=state["ministry"])
    services.link_to_deputy(
        actor=centre(), unit=state["office"], post=other, starts_on=dt.date(2026, 6, 1)
    )
    link.refresh_from_db()
    assert link.validity.upper == dt.date(2026, 6, 1), "one deputy at a time"
    today = DeputyLink.objects.get(unit=state["office"], validity__contains=dt.date(2026, 7, 1))
    assert today.post == other
    governors = services.open_deputy_post(actor=centre(), unit=state["governorship"])
    services.link_to_deputy(
        actor=centre(), unit=state["directorate"], post=governors, starts_on=dt.date(2026, 1, 1)
    )
    with pytest.raises(KaysisError):
        services.link_to_deputy(
            actor=centre(), unit=state["region"], post=governors, starts_on=dt.date(2026, 1, 1)
        )


def test_rule_15_the_code_is_unique_and_never_changes(state):
    who = manager()
    code = who.manager_code
    assert 10_000_000 <= code <= 99_999_999
    with transaction.atomic():
        assert services.manager_of(who.person).manager_code == code
    for place in ("office", "region"):
        appoint(state[place], who)
    assert Manager.objects.get(person=who.person).manager_code == code
    with pytest.raises(DatabaseError), transaction.atomic():
        Manager.objects.filter(pk=who.pk).update(manager_code=11_111_111)
    with pytest.raises(DatabaseError), transaction.atomic():
        who.delete()


def test_rule_16_authority_begins_at_registration_and_is_kept_current(state, settings):
    settings.IYEM_CONFIRMATION_DAYS = 180
    place, who = state["office"], manager()
    appoint(place, who, "2024-01-01", recorded="2024-02-01")

    def reason(at):
        return ask_one(place.pk, who.manager_code, moment(at)).reason

    assert reason("2024-01-15") == "not_registered_yet"
    assert reason("2024-02-01") == ""
    assert reason("2025-02-01") == "unconfirmed"
    officer = person_with(Role.IYEM_AUTHORISED, state["ministry"].pk)
    services.confirm_list(actor=officer, scope=state["ministry"])
    now = timezone.now()
    assert ask_one(place.pk, who.manager_code, now).authorised
    assert reason("2025-02-01") == "unconfirmed", "a confirmation does not reach back"


def test_rule_17_proxies_from_the_screen_and_from_an_ebys(state):
    place, acting, again = state["office"], manager(), manager()
    holder = appoint(place)
    act_for(holder, acting, "2024-03-01 10:00", "2024-03-05 10:00")
    # The next one begins at the minute the former ends: no gap and no overlap.
    act_for(holder, again, "2024-03-05 10:00", "2024-03-08 10:00", source=Source.EBYS)
    for at, who in (("2024-03-05 09:59", acting), ("2024-03-05 10:00", again)):
        others = {acting, again, holder.manager} - {who}
        assert ask_one(place.pk, who.manager_code, moment(at)).authorised
        for other in others:
            assert not ask_one(place.pk, other.manager_code, moment(at)).authorised
    with pytest.raises((KaysisError, ValidationError)):
        act_for(holder, acting, "2024-03-07", "2024-03-09")
    with pytest.raises((KaysisError, ValidationError)):
        act_for(holder, acting, "2024-05-01", "2024-05-09", absence=None)


def test_rule_18_a_curriculum_is_published_while_in_office(state):
    appointment = appoint(state["office"])
    who = appointment.manager
    curriculum = submit_curriculum(
        actor=centre(), manager=who, text="1980 doğumlu değildir.", consent=True
    )
    assert published_curriculum(who) is None, "not before it is reviewed"
    review_curriculum(actor=centre(), curriculum=curriculum, approve=True)
    assert published_curriculum(who) == curriculum
    link = f'href="/yonetici/{who.manager_code}/ozgecmis/"'
    pages = [f"/kurum/{appointment.post.unit_id}/{part}" for part in ("", "sema/")]
    for page in pages:
        assert link in Client().get(page).content.decode(), page
    services.end_appointment(
        actor=centre(),
        appointment=appointment,
        ends_at=timezone.now() - dt.timedelta(minutes=5),
        reason="Ayrıldı",
    )
    assert published_curriculum(who) is None
    for page in pages:
        assert link not in Client().get(page).content.decode(), page


def test_the_table_of_rules_names_what_exists():
    text = (ROOT / "docs" / "iyem-rules.md").read_text()
    rows = re.findall(r"^\| (\d+) \|[^|]*\|([^|]*)\| `(\w+)` \|$", text, re.MULTILINE)
    assert [int(number) for number, _where, _test in rows] == list(range(1, 19))
    for _number, where, test in rows:
        assert test in globals()
        paths = re.findall(r"`([\w/.]+)`", where)
        assert paths
        for path in paths:
            assert (ROOT / path).exists(), path
