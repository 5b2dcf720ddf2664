"""Correcting an appointment: what is said before it is saved, and that it comes true."""

import datetime as dt

import pytest
import time_machine as travel

from iyem import services
from iyem.authority import ask_one
from iyem.models import AppointmentState
from iyem.officer import correcting
from iyem.officer.forms import CorrectForm
from iyem.services.states import as_recorded_at
from tests.factories.iyem import act_for, appoint, manager, moment
from tests.iyem.officer.test_register import preview

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(ministry):
    """The department's head since 2024."""
    head = manager(given_name="Mehmet", family_name="Ak")
    return appoint(ministry[2], head, "2024-01-01 09:00", title="Başkan")


def given(**changed):
    return {
        "title": "Başkan",
        "starts_at": "2024-01-01T09:00",
        "ends_at": "",
        "legal_ground": "",
        "reason": "Yanlış yazılmış",
        **changed,
    }


def url_of(appointment):
    return f"/yetkili/iyem/gorev/{appointment.pk}/duzelt/"


def shown(client, appointment, **changed):
    return preview(client, given(**changed), url_of(appointment))


def test_before_anything_is_changed_it_invites(ayse, held):
    page = shown(ayse, held)
    assert "Bir alanı değiştirdikçe" in page
    assert "Çakışma yok" not in page


def test_what_the_register_will_answer_is_told_beside_what_it_answered(ayse, held):
    page = shown(ayse, held, starts_at="2024-02-01T09:00", title="Daire Başkanı")
    assert "Çakışma yok" in page
    assert "01.01.2024 09:00 – 01.02.2024 09:00" in page
    assert "görevi o anda başlamamıştı" in page
    assert "Yetkili: Başkan" in page
    assert "Yetkili: Daire Başkanı" in page
    assert "(known_at)" in page
    assert AppointmentState.objects.count() == 1


def test_conflicts_are_told_and_then_no_answer_is_promised(ayse, ministry, held):
    before = appoint(ministry[2], manager(), "2023-01-01 09:00", "2024-01-01 09:00")
    page = shown(ayse, held, starts_at="2023-06-01T09:00")
    assert "Bu makamda o sırada" in page
    assert before.manager.person.full_name in page
    assert "İmza yetkisi sorulursa" not in page
    assert "Bitiş, başlangıçtan sonra" in shown(ayse, held, ends_at="2023-12-01T09:00")


def test_what_is_cut_short_with_it_is_told(ayse, held):
    act_for(held, manager(given_name="Elif", family_name="Çınar"), "2026-11-20", "2026-11-30")
    page = shown(ayse, held, ends_at="2026-11-25T09:00")
    assert "Birlikte değişecekler" in page
    assert "Elif ÇINAR" in page
    assert "20.11.2026 00:00 – 25.11.2026 09:00" in page
    assert "geri alınır" in shown(ayse, held, ends_at="2026-11-10T09:00")


def test_the_reason_may_be_written_last(ayse, held):
    page = shown(ayse, held, title="Daire Başkanı", reason="")
    assert "gerekçesini yazın" in page
    assert "Çakışma yok" in page


def test_the_preview_is_for_officers_of_the_unit(cem, deniz, held):
    for client in (cem, deniz):
        response = client.post(
            url_of(held), given(), headers={"HX-Request": "true", "HX-Target": "onizleme"}
        )
        assert response.status_code == 403


def test_a_correction_that_changes_nothing_is_refused(ayse, held):
    response = ayse.post(url_of(held), given())
    assert response.status_code == 422
    assert "Kayıttan farklı bir bilgi yok" in response.content.decode()
    assert AppointmentState.objects.count() == 1
    changed = given(title="Daire Başkanı")
    assert ayse.post(url_of(held), changed).status_code == 302
    assert ayse.post(url_of(held), changed).status_code == 422
    assert AppointmentState.objects.count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"starts_at": "2024-03-01T09:00"},
        {"starts_at": "2023-10-01T09:00"},
        {"ends_at": "2026-11-23T09:00"},
        {"ends_at": "2027-02-01T09:00", "title": "Daire Başkanı"},
        {"title": "Daire Başkanı"},
        {"legal_ground": "Onay 2024/1"},
    ],
)
def test_what_was_told_comes_true_at_every_moment(officer, ministry, changed):
    with as_recorded_at(moment("2024-01-05 09:00")):
        held = appoint(ministry[2], manager(), "2024-01-01 09:00", title="Başkan")
    with as_recorded_at(moment("2026-11-19 09:00")):
        services.record_absence(
            actor=officer,
            appointment=held,
            kind="leave",
            starts_at=moment("2026-11-20 00:00"),
            ends_at=moment("2026-11-30 00:00"),
        )
    form = CorrectForm(given(**changed))
    told = correcting.preview(appointment=held, state=held.states.current().get(), form=form)
    assert told.complete
    assert not told.refused
    unit, code = ministry[2].pk, held.manager.manager_code
    moments = [
        moment(text) + dt.timedelta(minutes=late)
        for text in (
            "2023-10-01 09:00",
            "2024-01-01 09:00",
            "2024-01-05 09:00",
            "2024-03-01 09:00",
            "2026-11-20 00:00",
            "2026-11-23 09:00",
            "2026-11-30 00:00",
            "2027-02-01 09:00",
        )
        for late in (-1, 0, 1)
    ]
    before = {at: ask_one(unit, code, at) for at in moments}
    value = form.cleaned_data
    later = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
    with as_recorded_at(later), travel.travel(later, tick=False):
        services.correct_appointment(
            actor=officer,
            appointment=held,
            reason=value["reason"],
            starts_at=value["starts_at"],
            ends_at=value["ends_at"],
            open_end=value["ends_at"] is None,
            title=value["title"],
            legal_ground=value["legal_ground"],
        )
        for at in moments:
            now, known = (
                ask_one(unit, code, at),
                ask_one(unit, code, at, moment("2026-11-24 12:00")),
            )
            # Who asks with an earlier knowledge gets the earlier answer.
            assert (known.authorised, known.title) == (before[at].authorised, before[at].title)
            pair = (correcting.verdict_of(before[at]), correcting.verdict_of(now))
            (said,) = [
                (each.before, each.after) for each in told.differences if at_in(each, at)
            ] or [None]
            if said is None:
                same = pair[0].authorised == pair[1].authorised
                unconfirmed = "unconfirmed" in (before[at].reason, now.reason)
                assert same or unconfirmed, (at, pair)
            elif before[at].reason != "unconfirmed" and now.reason != "unconfirmed":
                assert said == pair, at


def at_in(difference, at):
    return difference.since <= at and (difference.until is None or at < difference.until)
