"""Applications tell whose a national id is, too: they count as look-ups (iyem.officer.limits)."""

import pytest

from iyem.models import LookupRefusal, OfficerApplication
from tests.iyem.authorising.test_pages import BASE, form, line, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rates(settings):
    settings.IYEM_ID_LOOKUPS = {"typed": ["2/h"], "sheet": ["3/d"]}


def test_ids_typed_into_applications_are_counted(burak, state):
    told = [
        burak.post(f"{BASE}/basvurular/yeni/", form("bölge müdürlüğü")).status_code
        for _try in range(3)
    ]
    assert told == [302, 302, 429]
    assert OfficerApplication.objects.count() == 2
    assert LookupRefusal.objects.get().actor == state.burak


def test_ids_in_sheets_of_applications_are_counted(burak, state):
    assert upload(burak, *[line(state.region) for _row in range(3)]).status_code == 302
    assert upload(burak, line(state.region)).status_code == 429
