"""Personal data is erased when it is no longer needed (KVKK)."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from iyem import services
from iyem.models import OfficerApplication
from iyem.services import retention
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.accounts.services import revoke_role, update_person
from tests.factories.accounts import PersonFactory, next_national_id, person_with
from tests.iyem.authorising.test_applications import CONTACT, apply

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _patience(settings):
    settings.IYEM_RETENTION_DAYS = 100


def later(number: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=number)


def test_decided_applications_lose_national_id_and_phones(state):
    refused = apply(state.burak, state.region)
    services.refuse_application(actor=state.ayse, application=refused, reason="Emekli")
    granted = apply(state.burak, state.branch)
    services.grant_application(actor=state.ayse, application=granted)
    pending = apply(state.burak, state.region)
    assert services.erase_personal_data(now=later(99)).applications == 0
    assert services.erase_personal_data(now=later(101)).applications == 2
    assert services.erase_personal_data(now=later(101)).applications == 0
    for key in (refused.pk, granted.pk):
        row = OfficerApplication.objects.get(pk=key)
        assert bytes(row.national_id_encrypted) == b""
        assert (row.national_id_hash, row.work_phone, row.mobile_phone) == ("", "", "")
        assert (row.given_name, row.email) == ("Fatma", "")
        assert row.erased_at is not None
    assert OfficerApplication.objects.get(pk=refused.pk).decision_reason == "Emekli"
    kept = OfficerApplication.objects.get(pk=pending.pk)
    assert kept.erased_at is None
    assert kept.mobile_phone == CONTACT["mobile_phone"]


def test_an_erased_application_still_has_its_page(ayse, state):
    refused = apply(state.burak, state.region)
    services.refuse_application(actor=state.ayse, application=refused, reason="Emekli")
    services.erase_personal_data(now=later(101))
    text = ayse.get(f"/yetkili/iyem/basvurular/{refused.pk}/").content.decode()
    assert "Saklama süresi dolduğu için" in text
    assert "Emekli" in text


def test_the_database_refuses_half_an_erasure(state):
    refused = apply(state.burak, state.region)
    rows = OfficerApplication.objects.filter(pk=refused.pk)
    for wrong in (
        {"work_phone": ""},
        {"email": ""},
        {"national_id_hash": ""},
        {"erased_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_phones_go_when_no_role_has_been_held_for_long(state):
    phones = {"mobile_phone": "0500 000 00 00", "work_phone": "0312 000 00 00"}
    never = PersonFactory(**phones)
    holder = person_with(Role.ANALYST, **phones)
    left = person_with(Role.ANALYST, **phones)
    number = next_national_id()
    applicant = PersonFactory(given_name="Fatma", family_name="Çelik", national_id=number, **phones)
    apply(state.burak, state.region, national_id=number)

    revoke_role(actor=state.zeynep, grant=RoleGrant.objects.get(person=left), reason="Görev bitti")
    assert services.erase_personal_data(now=later(50)).people == 0
    assert services.erase_personal_data(now=later(101)).people == 2

    def has_phones(person):
        person = Person.objects.get(pk=person.pk)
        return bool(person.mobile_phone or person.work_phone)

    assert [has_phones(each) for each in (never, left, holder, applicant)] == [
        False,
        False,
        True,
        True,
    ]


def test_erasing_goes_on_in_batches_and_by_command(state, monkeypatch, capsys):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        refused = apply(state.burak, state.region)
        services.refuse_application(actor=state.ayse, application=refused, reason="Emekli")
    assert services.erase_personal_data(now=later(101)).applications == 5
    call_command("erase_personal_data")
    assert "100 günden eski: 0 başvurunun ve 0 kişinin" in capsys.readouterr().out


def test_after_erasing_no_table_holds_the_contact_data(state):
    """Of somebody whose telephone changed twice before: neither the register nor its trail."""
    values = ["0555 111 22 33", "0555 444 55 66", "fatma@eski.gov.tr", "fatma@yeni.gov.tr"]
    number = next_national_id()
    refused = apply(
        state.burak,
        state.region,
        national_id=number,
        mobile_phone=values[0],
        email=values[2],
    )
    person = PersonFactory(national_id=number, mobile_phone=values[0], email=values[2])
    update_person(
        actor=state.zeynep,
        person=person,
        reason="Yeni hat",
        mobile_phone=values[1],
        email=values[3],
    )
    services.refuse_application(actor=state.ayse, application=refused, reason="Emekli")
    assert _tables_with(values[1]) == {"accounts_person"}
    assert _tables_with(values[0]) == {"iyem_officerapplication"}
    services.erase_personal_data(now=later(101))
    assert [_tables_with(value) for value in values] == [set(), set(), set(), set()]


def _tables_with(text: str) -> set[str]:
    """The tables that hold a text in any column."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = set()
        for table in tables:
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {table} t WHERE to_jsonb(t)::text LIKE %s)",
                [f"%{text}%"],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found
