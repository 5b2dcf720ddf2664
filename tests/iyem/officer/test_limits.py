"""Nobody finds out national ids by trying."""

from pathlib import Path

import pytest

from iyem.models import LookupRefusal
from iyem.officer import bulk
from iyem.officer.views.base import PREVIEW
from kaysis.accounts import cipher
from kaysis.accounts.audit import because
from kaysis.common.errors import TooMany
from kaysis.settings import base
from tests.factories.accounts import PersonFactory, next_national_id
from tests.factories.iyem import manager
from tests.iyem.officer.test_bulk import line, sheet

pytestmark = pytest.mark.django_db
REGISTER = "/yetkili/iyem/kayit/"


@pytest.fixture(autouse=True)
def _rates(settings):
    settings.IYEM_ID_LOOKUPS = {"typed": ["3/h"], "sheet": ["5/d"]}


def look(client, number):
    """The preview beside the form."""
    headers = {"HX-Request": "true", "HX-Target": PREVIEW}
    return client.post(REGISTER, {"who": number}, headers=headers)


def test_after_so_many_ids_an_officer_waits_and_it_is_on_record(ayse, officer):
    known = PersonFactory(given_name="Mehmet", family_name="Ak")
    number = cipher.decrypt(known.national_id_encrypted, known.national_id_hash)
    for _try in range(3):
        assert look(ayse, next_national_id()).status_code == 200
    refused = look(ayse, number)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    page = refused.content.decode()
    assert "çok sayıda T.C. kimlik numarası denendi (sınır: 3)" in page
    assert "Mehmet" not in page
    assert number not in page
    # Not even the second time; one row tells of it.
    assert look(ayse, number).status_code == 429
    row = LookupRefusal.objects.get()
    assert (row.actor, row.way, row.rate) == (officer, "typed", "3/h")
    assert row.ip_address
    assert number not in str(row)


def test_one_id_asked_again_and_again_is_one(ayse):
    number = next_national_id()
    assert [look(ayse, number).status_code for _ in range(6)] == [200] * 6


def test_names_codes_and_slips_cost_nothing(ayse):
    known = manager()
    for text in (str(known.manager_code), known.person.full_name, "12345678901", "123") * 2:
        assert look(ayse, text).status_code == 200
    assert look(ayse, next_national_id()).status_code == 200


def test_each_officer_is_counted_apart_and_anew_in_the_next_window(
    ayse, cem, settings, time_machine
):
    settings.IYEM_ID_LOOKUPS = {"typed": ["9/h", "3/m"], "sheet": []}
    for _try in range(4):
        last = look(ayse, next_national_id())
    assert last.status_code == 429
    assert look(cem, next_national_id()).status_code == 200
    time_machine.shift(60)
    assert look(ayse, next_national_id()).status_code == 200


def test_whoever_is_refused_registers_nobody_by_id(ayse, ministry):
    for _try in range(4):
        look(ayse, next_national_id())
    response = ayse.post(REGISTER, {"who": next_national_id()})
    assert response.status_code == 429


def test_the_ids_of_sheets_are_counted_apart(ayse, officer, ministry):
    def upload(count):
        lines = [line(ministry[2]) for _ in range(count)]
        return ayse.post("/yetkili/iyem/toplu/", {"file": sheet(*lines)})

    assert upload(4).status_code == 302
    assert look(ayse, next_national_id()).status_code == 200
    refused = upload(2)
    assert refused.status_code == 429
    assert "sınır: 5" in refused.content.decode()
    assert LookupRefusal.objects.get().way == "sheet"


def test_commands_are_not_counted(officer, ministry):
    for _sheet in range(2):
        rows = bulk.read(sheet(*[line(ministry[2]) for _ in range(4)]), officer)
        bulk.check(rows)
    with because("Deneme", actor=officer):
        bulk.check(rows)
        with pytest.raises(TooMany):
            bulk.check(rows)


def test_the_guide_names_the_rates_of_the_settings():
    table = Path("docs/operations.md").read_text(encoding="utf-8")
    names = {"typed": "IYEM_ID_LOOKUPS_TYPED", "sheet": "IYEM_ID_LOOKUPS_SHEET"}
    for way, rates in base.IYEM_ID_LOOKUPS.items():
        assert f"| `{names[way]}` | {','.join(rates)} |" in table
