"""The API of İYEM: questions, and proxies from an institution's EBYS."""

import datetime as dt
import io
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from iyem.models import Absence, Appointment, ProxyRequest
from kaysis.accounts.models import ApiClient, Role
from kaysis.accounts.services.api_clients import (
    Credentials,
    create_api_client,
    deactivate_api_client,
)
from tests.factories.accounts import person_with
from tests.factories.detsis import chain, unit
from tests.factories.iyem import act_for, appoint, manager, moment

pytestmark = pytest.mark.django_db
ASK = "/api/v1/signing-authority/"
WRITE = "/api/v1/appointments/"


@pytest.fixture
def ministry():
    return chain("Devlet", "Bakanlık", "Daire")


@pytest.fixture
def officer(ministry):
    return person_with(Role.IYEM_AUTHORISED, ministry[1].pk)


def token_of(credentials, scope="iyem.proxies"):
    answer = Client().post(
        "/api/token/",
        {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "scope": scope,
        },
    )
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


@pytest.fixture
def credentials(ministry, officer):
    return create_api_client(
        name="Bakanlık EBYS", scope_detsis_no=ministry[1].pk, responsible=officer
    )


@pytest.fixture
def post(client, credentials):
    token = token_of(credentials)

    def send(body, key=None, url=WRITE, token=token):
        return client.post(
            url,
            body,
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": key or uuid.uuid4().hex,
            },
        )

    return send


def body(office, acting, **changes):
    start = timezone.now().replace(second=0, microsecond=0) + dt.timedelta(days=1)
    return {
        "unit": office.pk,
        "manager_code": acting.manager_code,
        "kind": "acting_filled",
        "absence": "leave",
        "starts_at": start.isoformat(),
        "ends_at": (start + dt.timedelta(days=3)).isoformat(),
        **changes,
    }


def test_the_answer_has_the_promised_names(client):
    office, who = unit(), manager()
    appointment = appoint(office, who)
    found = client.get(
        ASK, {"unit": office.pk, "manager_code": who.manager_code, "at": "2024-02-01T10:00:00Z"}
    ).json()
    assert found["authorised"] is True
    assert found["capacity"] == "holder"
    assert found["manager_code"] == who.manager_code
    assert found["unit"] == office.pk
    assert found["appointment"] == appointment.pk
    assert {"at", "known_at", "since", "until", "confirmed_at", "reason"} <= set(found)


def test_a_moment_without_a_zone_is_istanbuls(client):
    office, who = unit(), manager()
    appoint(office, who, "2024-02-01 10:00")
    query = {"unit": office.pk, "manager_code": who.manager_code}
    before = client.get(ASK, query | {"at": "2024-02-01T09:59"}).json()
    assert (before["authorised"], before["reason"]) == (False, "not_begun")
    assert client.get(ASK, query | {"at": "2024-02-01T10:00"}).json()["authorised"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"unit": "abc", "manager_code": "12345678"}, "unit"),
        ({"unit": "12345678"}, "manager_code"),
        ({"unit": "12345678", "manager_code": "1234567٨"}, "manager_code"),
        ({"unit": "12345678", "manager_code": "12345678", "at": "dün"}, "at"),
        ({"unit": "12345678", "manager_code": "12345678", "known_at": "2024-13-01"}, "known_at"),
        ({"unit": "12345678", "manager_code": "12345678", "at": "0001-01-01T00:00+14:00"}, "at"),
    ],
)
def test_what_cannot_be_asked_is_named_at_its_field(client, query, field):
    answer = client.get(ASK, query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_thousand_questions_in_one_call(client, django_assert_num_queries):
    office, who = unit(), manager()
    appoint(office, who)
    question = {"unit": office.pk, "manager_code": who.manager_code, "at": "2024-02-01T10:00Z"}
    with django_assert_num_queries(1):
        answer = client.post(ASK, {"questions": [question] * 1000}, "application/json")
    assert [found["authorised"] for found in answer.json()["results"]] == [True] * 1000
    too_many = client.post(ASK, {"questions": [question] * 1001}, "application/json")
    assert too_many.status_code == 400


def test_an_ebys_records_a_proxy_and_the_answer_follows(client, post, ministry):
    holder, acting = manager(), manager()
    appoint(ministry[2], holder)
    wanted = body(ministry[2], acting)
    answer = post(wanted)
    assert answer.status_code == 201, answer.content
    during = {"unit": ministry[2].pk, "at": wanted["starts_at"]}
    assert client.get(ASK, during | {"manager_code": acting.manager_code}).json()["authorised"]
    away = client.get(ASK, during | {"manager_code": holder.manager_code}).json()
    assert (away["authorised"], away["reason"]) == (False, "absent")


def test_asking_again_with_the_same_key_does_nothing_again(post, ministry):
    appoint(ministry[2])
    acting = manager()
    wanted = body(ministry[2], acting)
    first, second = post(wanted, "anahtar-1"), post(wanted, "anahtar-1")
    assert first.status_code == second.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert Appointment.objects.filter(kind="acting_filled").count() == 1
    assert Absence.objects.count() == 1
    assert ProxyRequest.objects.count() == 1
    other = post(wanted | {"title": "Başka"}, "anahtar-1")
    assert other.status_code == 409
    assert other.json()["errors"][0]["field"] == "key"


def test_a_client_writes_only_for_its_institution(post, ministry):
    elsewhere = unit("Başka Kurum")
    appoint(elsewhere)
    assert post(body(elsewhere, manager())).status_code == 403
    assert not Appointment.objects.filter(kind="acting_filled").exists()


def test_without_a_token_or_with_a_wrong_one_nothing_is_written(client, post, ministry):
    appoint(ministry[2])
    wanted = body(ministry[2], manager())
    assert client.post(WRITE, wanted, "application/json").status_code == 401
    assert post(wanted, token="uydurma").status_code == 401
    # A wrong token is no visitor either.
    answer = client.get(ASK, headers={"Authorization": "Bearer uydurma"})
    assert answer.status_code == 401


def test_a_closed_client_and_a_token_for_reading_write_nothing(post, ministry, credentials):
    appoint(ministry[2])
    wanted = body(ministry[2], manager())
    assert post(wanted, token=token_of(credentials, "read")).status_code == 403
    deactivate_api_client(client=credentials.client, reason="Sözleşme bitti")
    assert post(wanted).status_code == 401


def test_when_the_responsible_loses_the_role_the_client_writes_no_more(post, ministry, officer):
    appoint(ministry[2])
    officer.grants.update(validity=(moment("2020-01-01"), moment("2020-01-02")))
    assert post(body(ministry[2], manager())).status_code == 403


def test_a_proxy_ends_early(client, post, ministry):
    appoint(ministry[2])
    acting = manager()
    wanted = body(ministry[2], acting)
    made = post(wanted).json()
    early = dt.datetime.fromisoformat(wanted["starts_at"]) + dt.timedelta(days=1)
    answer = post(
        {"ends_at": early.isoformat(), "reason": "Asıl döndü"}, url=f"{WRITE}{made['id']}/end/"
    )
    assert answer.status_code == 200, answer.content
    assert dt.datetime.fromisoformat(answer.json()["until"]) == early
    records = client.get(f"{WRITE}{made['id']}/").json()["records"]
    assert len(records) == 2
    assert records[1]["known_to"] is not None


def test_who_is_in_office_below_a_unit(client, ministry):
    first = appoint(ministry[2])
    act_for(first, manager(), "2024-03-01", "2024-03-05")
    answer = client.get(WRITE, {"below": ministry[1].pk, "at": "2024-03-02T00:00"}).json()
    assert sorted(row["kind"] for row in answer["results"]) == ["acting_filled", "substantive"]
    assert client.get(WRITE, {"below": "1"}).status_code == 400


def test_public_answers_carry_no_personal_data(client, ministry):
    person = person_with(Role.ANALYST, email="gizli@example.org", mobile_phone="05550000000")
    from django.db import transaction

    from iyem import services

    with transaction.atomic():
        who = services.manager_of(person)
    appointment = appoint(ministry[2], who)
    for url in (
        f"/api/v1/managers/{who.manager_code}/",
        f"{WRITE}{appointment.pk}/",
        f"/yonetici/{who.manager_code}/",
        f"/imza-yetkisi/?unit={ministry[2].pk}&manager_code={who.manager_code}",
        f"/kurum/{ministry[2].pk}/",
    ):
        text = client.get(url).content.decode()
        assert person.family_name.upper() in text.upper()
        assert "gizli@example.org" not in text
        assert "05550000000" not in text
        assert person.national_id_hash not in text


def test_a_command_sets_a_client_up(ministry, officer):
    out = io.StringIO()
    call_command(
        "create_api_client", "EBYS", str(ministry[1].pk), str(officer.public_id), stdout=out
    )
    client = ApiClient.objects.get()
    assert (client.name, client.scope_detsis_no) == ("EBYS", ministry[1].pk)
    lines = dict(line.split(": ") for line in out.getvalue().splitlines())
    assert token_of(Credentials(client, lines["client_id"], lines["client_secret"]))
    with pytest.raises(CommandError):
        call_command("create_api_client", "EBYS", "99999998", str(officer.public_id))
    with pytest.raises(CommandError):
        call_command("create_api_client", "EBYS", str(ministry[1].pk), str(uuid.uuid4()))


def test_one_question_is_one_statement(client, django_assert_num_queries):
    office, who = unit(), manager()
    appoint(office, who, f"{timezone.localdate() - dt.timedelta(days=1)}")
    address = f"{ASK}?unit={office.pk}&manager_code={who.manager_code}"
    with django_assert_num_queries(1):
        assert client.get(address).json()["authorised"]


def test_the_answer_has_the_headers_of_the_others(client):
    """It is written without REST framework's renderer, and nobody can tell."""
    query = {"unit": 10_000_000, "manager_code": 10_000_000}
    answer, other = client.get(ASK, query), client.get("/api/v1/units/")
    for header in ("Content-Type", "Vary", "Cache-Control", "X-Frame-Options"):
        assert answer.get(header) == other.get(header), header
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert client.head(ASK, query).content == b""
    assert client.get(ASK, query, headers={"accept": "text/csv"}).status_code == 406
    assert client.get(ASK, {**query, "format": "xml"}).status_code == 404
    for accepted in ("*/*", "application/json", "application/json;q=0.9, text/html", "text/*, */*"):
        for asked in (query, {**query, "format": "json"}):
            given = client.get(ASK, asked, headers={"accept": accepted})
            assert (given.status_code, given["Content-Type"]) == (200, "application/json")
            assert given["Vary"] == client.get(ASK, query)["Vary"]
    assert client.get(ASK, query, headers={"authorization": "Bearer no"}).status_code == 401
    assert client.delete(ASK).status_code == 405


def test_whoever_asks_too_often_waits_here_too(client, settings):
    settings.API_THROTTLES = {"anonymous": "2/d", "client": ""}
    query = {"unit": 10_000_000, "manager_code": 10_000_000}
    where = {"REMOTE_ADDR": f"2001:db8::{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}"}
    assert [client.get(ASK, query, **where).status_code for _ in range(3)] == [200, 200, 429]
