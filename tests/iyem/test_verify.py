"""The public question: may this manager sign, as the register knows now or knew then?"""

import html

import pytest
from django.test import Client

from iyem import services
from iyem.services.states import as_recorded_at
from tests.factories.detsis import unit
from tests.factories.iyem import appoint, centre, moment

pytestmark = pytest.mark.django_db
URL = "/imza-yetkisi/"


@pytest.fixture
def held(time_machine):
    """Head since January; on 10 November the end was corrected to 1 November."""
    time_machine.move_to(moment("2026-11-24 12:00"), tick=False)
    held = appoint(unit("Bilgi İşlem Dairesi"), start="2026-08-01 09:00", title="Başkan")
    with as_recorded_at(moment("2026-11-10 10:00")):
        services.correct_appointment(
            actor=centre(),
            appointment=held,
            reason="Ayrılmıştı",
            ends_at=moment("2026-11-01 17:00"),
        )
    return held


def asked(held, **given):
    question = {"unit": held.post.unit_id, "manager_code": held.manager.manager_code, **given}
    response = Client().get(URL, question)
    return response.status_code, html.unescape(response.content.decode())


def test_a_later_correction_changes_the_answer_only_for_later_knowledge(held):
    status, page = asked(held, day="2026-11-05", time="10:00")
    assert (status, "sona ermişti" in page) == (200, True)
    status, page = asked(held, day="2026-11-05", time="10:00", known_day="2026-11-09")
    assert (status, "bu birim adına imza atabilir" in page) == (200, True)
    assert "09.11.2026 23:59 anındaki kayıtlarla" in page
    _status, page = asked(
        held, day="2026-11-05", time="10:00", known_day="2026-11-10", known_time="10:01"
    )
    assert "sona ermişti" in page


def test_the_data_behind_the_page_is_of_the_same_moment(held):
    """Noon in Istanbul is nine o'clock of the time that Z stands for."""
    _status, page = asked(
        held, day="2026-10-05", time="12:00", known_day="2026-11-09", known_time="15:30"
    )
    link = page.split('href="/api/v1/signing-authority/')[1].split('"')[0]
    assert "at=2026-10-05T09:00:00Z" in link
    assert "known_at=2026-11-09T12:30:00Z" in link
    answer = Client().get(f"/api/v1/signing-authority/{link}").json()
    assert answer["authorised"] is True
    assert answer["at"].startswith(("2026-10-05T12:00", "2026-10-05T09:00"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"known_day": "2026-11-25"}, "Bilgi tarihi gelecekte olamaz"),
        ({"known_time": "10:00"}, "Saat yazdıysanız tarihi de yazın"),
        ({"time": "10:00"}, "Saat yazdıysanız tarihi de yazın"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(held, given, said):
    status, page = asked(held, **given)
    assert status == 422
    assert said in page
