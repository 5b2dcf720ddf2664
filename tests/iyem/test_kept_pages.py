"""Kept pages follow the clock: a leave begins, a proxy ends, a term begins, without any entry."""

import pytest
from django.test import Client

from tests.cache import forget
from tests.factories.detsis import chain
from tests.factories.iyem import act_for, appoint, manager, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, time_machine):
    """A department: its head is on leave on the 24th from ten to noon, another stands in."""
    settings.PAGE_CACHE = True
    forget()
    time_machine.move_to(moment("2026-11-24 08:00"), tick=False)
    unit = chain("Cumhurbaşkanlığı", "Bilgi İşlem Dairesi", "Yazılım Şubesi")[1]
    head = appoint(unit, manager(given_name="Mehmet", family_name="Ak"), title="Başkan")
    stand_in = manager(given_name="Elif", family_name="Çınar")
    times = ("2026-11-24 10:00", "2026-11-24 12:00")
    act_for(head, stand_in, *times, recorded="2026-11-24 08:00")
    yield unit, stand_in
    forget()


def asked(time_machine, at: str, url: str) -> str:
    time_machine.move_to(moment(f"2026-11-24 {at}"), tick=False)
    return Client().get(url).content.decode()


def test_a_leave_and_a_proxy_show_at_their_minute(office, time_machine):
    unit, _stand_in = office
    url = f"/kurum/{unit.pk}/"
    assert "Elif ÇINAR" not in asked(time_machine, "09:59", url)
    assert "Elif ÇINAR" not in asked(time_machine, "09:59:59", url)
    page = asked(time_machine, "10:00", url)
    assert "Elif ÇINAR" in page
    assert "İzinli ya da görevli" in page
    assert "Elif ÇINAR" in asked(time_machine, "11:59:59", url)
    page = asked(time_machine, "12:00", url)
    assert "Elif ÇINAR" not in page
    assert "İzinli ya da görevli" not in page


def test_the_chart_and_its_files_follow(office, time_machine):
    unit, _stand_in = office
    for url in (f"/kurum/{unit.pk}/sema/", f"/kurum/{unit.pk}/sema.svg"):
        assert "Elif ÇINAR V." not in asked(time_machine, "09:59", url)
        assert "Elif ÇINAR V." in asked(time_machine, "10:00", url), url


def test_the_page_of_a_manager_follows(office, time_machine):
    _unit, stand_in = office
    url = stand_in.get_absolute_url()
    none = "Şu anda kayıtlı bir görevi yok"
    assert none in asked(time_machine, "09:59", url)
    assert none not in asked(time_machine, "10:00", url)
    assert none not in asked(time_machine, "11:59", url)
    assert none in asked(time_machine, "12:00", url)


def test_until_then_the_page_is_kept(office, time_machine, django_assert_num_queries):
    unit, _stand_in = office
    asked(time_machine, "09:55", f"/kurum/{unit.pk}/")
    with django_assert_num_queries(0):
        asked(time_machine, "09:59", f"/kurum/{unit.pk}/")
