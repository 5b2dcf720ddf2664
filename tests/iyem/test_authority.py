"""May this manager sign for this unit at this moment?"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from detsis import services as detsis_services
from iyem import services
from iyem.authority import Question, ask, ask_one
from iyem.models import Confirmation
from iyem.services.states import as_recorded_at
from tests.factories.detsis import chain, unit
from tests.factories.iyem import act_for, appoint, centre, manager, moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _patient(settings):
    """Confirmation has tests of its own."""
    settings.IYEM_CONFIRMATION_DAYS = 20_000


def answer(of_unit, who, at, known=None):
    return ask_one(of_unit.pk, who.manager_code, moment(at), moment(known) if known else None)


def test_a_holder_signs_from_registration_to_the_end():
    office, who = unit(), manager()
    appoint(office, who, "2024-01-01 09:00", "2024-06-01 17:00", recorded="2024-01-03 10:00")
    assert answer(office, who, "2023-12-31").reason == "not_begun"
    assert answer(office, who, "2024-01-02").reason == "not_registered_yet"
    found = answer(office, who, "2024-01-03 10:00")
    assert found.authorised
    assert (found.capacity, found.reason, found.mark) == ("holder", "", "")
    assert found.since == moment("2024-01-03 10:00")
    assert found.until == moment("2024-06-01 17:00")
    assert answer(office, who, "2024-06-01 16:59").authorised
    assert answer(office, who, "2024-06-01 17:00").reason == "ended"


def test_unknown_things_are_named():
    office, who = unit(), manager()
    assert answer(office, who, "2024-01-01").reason == "no_appointment"
    at = moment("2024-01-01")
    assert ask_one(99_999_998, who.manager_code, at).reason == "unknown_unit"
    assert ask_one(office.pk, 11_111_111, at).reason == "unknown_manager"


def test_who_is_away_does_not_sign_and_the_acting_one_does():
    office, holder, acting = unit(), manager(), manager()
    appointment = appoint(office, holder)
    act_for(appointment, acting, "2024-03-01 10:00", "2024-03-10 10:00")
    before = answer(office, holder, "2024-03-01 09:59")
    assert before.authorised
    assert before.until == moment("2024-03-01 10:00")
    assert answer(office, acting, "2024-03-01 09:59").reason == "not_begun"
    assert answer(office, holder, "2024-03-01 10:00").reason == "absent"
    during = answer(office, acting, "2024-03-01 10:00")
    assert during.authorised
    assert (during.capacity, during.mark) == ("acting", "V.")
    after = answer(office, holder, "2024-03-10 10:00")
    assert after.authorised
    assert after.since == moment("2024-03-10 10:00")
    assert answer(office, acting, "2024-03-10 10:00").reason == "ended"


def test_a_delegate_signs_beside_the_holder():
    office, holder, delegate = unit(), manager(), manager()
    appointment = appoint(office, holder)
    act_for(appointment, delegate, "2024-03-01", "2024-04-01", kind="delegated")
    assert answer(office, holder, "2024-03-15").authorised
    found = answer(office, delegate, "2024-03-15")
    assert found.authorised
    assert (found.capacity, found.mark) == ("delegate", "a.")


def test_a_later_correction_changes_only_what_is_known_later():
    office, who = unit(), manager()
    appointment = appoint(office, who, "2024-01-01", recorded="2024-01-01")
    with as_recorded_at(moment("2024-05-01")):
        services.correct_appointment(
            actor=centre(),
            appointment=appointment,
            ends_at=moment("2024-02-01"),
            reason="Ayrılış yanlış girilmişti",
        )
    assert answer(office, who, "2024-03-01").reason == "ended"
    assert answer(office, who, "2024-03-01", known="2024-04-30").authorised
    assert answer(office, who, "2024-03-01", known="2024-05-01").reason == "ended"
    assert answer(office, who, "2024-03-01", known="2023-12-01").reason == "no_appointment"


def test_what_was_withdrawn_never_was():
    office, who = unit(), manager()
    appointment = appoint(office, who, recorded="2024-01-01 09:00")
    with as_recorded_at(moment("2024-02-01")):
        services.withdraw_appointment(actor=centre(), appointment=appointment, reason="Yanlış kişi")
    assert answer(office, who, "2024-01-15").reason == "no_appointment"
    assert answer(office, who, "2024-01-15", known="2024-01-20").authorised


def test_a_closed_unit_signs_nothing():
    office, who = unit(), manager()
    appoint(office, who)
    before = timezone.now()
    detsis_services.close_unit(
        actor=None, unit=office.pk, effective_on=dt.date(2024, 7, 1), reason="Kapandı"
    )
    assert answer(office, who, "2024-06-30 23:59").authorised
    assert answer(office, who, "2024-07-01 00:00").reason == "unit_closed"
    # The closing was recorded only now: until then the register knew nothing of it.
    then = ask_one(office.pk, who.manager_code, moment("2024-07-02"), before)
    assert then.authorised
    assert ask_one(office.pk, who.manager_code, moment("2024-07-02"), timezone.now()).reason == (
        "unit_closed"
    )


def test_an_unconfirmed_list_is_not_kept_current(settings):
    settings.IYEM_CONFIRMATION_DAYS = 180
    _root, ministry, office = chain("Devlet", "Bakanlık", "Daire")
    who = manager()
    appoint(office, who, "2024-01-01", recorded="2024-01-01")
    assert answer(office, who, "2024-06-28").authorised
    late = answer(office, who, "2024-07-15")
    assert (late.authorised, late.reason, late.capacity) == (False, "unconfirmed", "holder")
    Confirmation.objects.create(
        scope=ministry,
        reach="hierarchy",
        confirmed_at=moment("2024-07-10"),
        confirmed_by=centre(),
        units=2,
        missing=1,
    )
    found = answer(office, who, "2024-07-15")
    assert found.authorised
    assert found.confirmed_at == moment("2024-07-10")
    assert answer(office, who, "2024-07-09").reason == "unconfirmed"
    assert answer(office, who, "2025-07-09").reason == "unconfirmed"


def test_a_confirmation_reaches_what_its_giver_looks_after(settings):
    settings.IYEM_CONFIRMATION_DAYS = 10
    ministry = unit("Bakanlık")
    governorship = unit("Ankara Valiliği", ministry)
    directorate = unit(
        "İl Müdürlüğü", ministry, civil_authority=governorship.pk, organisation_type="provincial"
    )
    who = manager()
    appoint(directorate, who, "2024-01-01", recorded="2024-01-01")
    given = {"confirmed_by": centre(), "units": 1, "missing": 0}
    Confirmation.objects.create(
        scope=ministry, reach="hierarchy", confirmed_at=moment("2024-02-01"), **given
    )
    assert answer(directorate, who, "2024-02-02").reason == "unconfirmed"
    Confirmation.objects.create(
        scope=governorship, reach="civil", confirmed_at=moment("2024-02-01"), **given
    )
    assert answer(directorate, who, "2024-02-02").authorised


def test_a_thousand_questions_are_one_statement(django_assert_num_queries):
    office, who = unit(), manager()
    appoint(office, who)
    questions = [Question(office.pk, who.manager_code, moment("2024-02-01"))] * 999
    questions.append(Question(office.pk, 12_345_678, moment("2024-02-01")))
    with django_assert_num_queries(1):
        answers = ask(questions)
    assert [found.authorised for found in answers] == [True] * 999 + [False]


def test_the_plan_of_the_question_is_kept():
    """Planning takes five times as long as answering (docs/decisions/0305)."""
    question = Question(unit().pk, manager().manager_code, timezone.now())
    ask([question])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proconfig FROM pg_proc WHERE oid = 'iyem_signing_facts'::regproc::oid"
        )
        assert cursor.fetchone()[0] == ["plan_cache_mode=force_generic_plan"]


@pytest.mark.parametrize("zone", [dt.UTC, dt.timezone(dt.timedelta(hours=-9, minutes=-30))])
def test_moments_come_back_to_the_microsecond(zone):
    office, who = unit(), manager()
    registered = dt.datetime(2024, 1, 3, 7, 0, 0, 123_456, tzinfo=dt.UTC)
    with as_recorded_at(registered):
        services.register_appointment(
            actor=centre(),
            unit=office,
            manager=who,
            title="Müdür",
            starts_at=moment("2024-01-01"),
        )
    at = registered.astimezone(zone)
    assert ask_one(office.pk, who.manager_code, at).since == registered
    before = at - dt.timedelta(microseconds=1)
    assert ask_one(office.pk, who.manager_code, before).reason == "not_registered_yet"


@pytest.mark.parametrize("year", [1, 1900, 9998])
def test_moments_far_away_are_answered(year):
    """Istanbul's own time before 1910 has seconds in its offset."""
    office, who = unit(), manager()
    appoint(office, who, "2024-01-01", "2024-06-01")
    at = dt.datetime(year, 6, 1, tzinfo=ZoneInfo("Europe/Istanbul"))
    expected = "not_begun" if year < 2024 else "ended"
    assert ask_one(office.pk, who.manager_code, at).reason == expected
