"""Every form of İYEM: empty, sent twice, twice at once, for another's things, and with nonsense.

Whatever is wrong is told by the form (4xx); nothing is half-written, nothing doubled.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils.http import urlencode

from tests.iyem.forms.world import CASES, Case, World

# Long enough for any field, short enough for the limit of a request.
LONG = "x" * 20_000
# A bell, a mark that turns the rest of the line around, a null.
CONTROL = ["Müdür\x07", "Müdür\u202eınakşaB", "Mü\x00dür"]
ODD = [
    "-1",
    "99999999999999999999999999",
    "²",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "0001-01-01",
    "9999-12-31",
]
# Whatever a ticked box says, it is ticked.
TICKED = {"looked", "consent"}
# What may say anything.
FREE = {"title", "legal_ground", "reason", "text", "note", "name", "given_name", "family_name"}


def rows() -> Counter[str]:
    """How many rows each table of İYEM and of its people has."""
    return Counter(
        {
            model._meta.label: model._default_manager.count()
            for model in apps.get_models()
            if model._meta.app_label in ("iyem", "accounts")
            # What is merely looked at leaves rows of its own.
            and model._meta.object_name not in ("NationalIdAccess", "SignIn")
        }
    )


def send(client: Client, url: str, data: dict) -> int:
    client.raise_request_exception = False
    return client.post(url, data).status_code


def signed_in(world: World, case: Case) -> Client:
    client = Client()
    client.force_login(world.person(case.who))
    return client


@pytest.fixture
def world(db) -> World:
    return World()


with_every_form = pytest.mark.parametrize("name", CASES)
# Without fields, nothing is missing.
BUTTONS = {"open deputy", "unlink", "withdraw consent"}


@pytest.mark.parametrize("name", sorted(set(CASES) - BUTTONS))
def test_an_empty_form_is_refused_at_its_fields(world, name):
    case = CASES[name](world)
    assert case.data
    client, before = signed_in(world, case), rows()
    client.raise_request_exception = False
    response = client.post(case.url, {})
    assert response.status_code == 422
    if name not in ("grant", "refuse"):  # two buttons, of which none was pressed
        assert 'href="#id_' in response.content.decode()
    assert rows() == before


@with_every_form
def test_sent_twice_in_a_row_it_counts_once(world, name):
    case = CASES[name](world)
    client, before = signed_in(world, case), rows()
    assert send(client, case.url, case.data) == 302
    once = rows()
    assert once != before or name in ("withdraw consent", "unlink", "restore")
    again = send(client, case.url, case.data)
    assert again == 302 if case.repeatable else 400 <= again < 500
    assert rows() == once


@with_every_form
def test_another_scope_is_out_of_reach(world, name):
    case = CASES[name](world)
    client, before = signed_in(world, case), rows()
    for url in case.foreign_urls:
        assert send(client, url, case.data) in (403, 404), url
    for wrong in case.foreign_data:
        assert send(client, case.url, case.data | wrong) in (403, 404, 422), wrong
    assert rows() == before


@with_every_form
def test_nonsense_is_refused_at_its_field(world, name):
    case = CASES[name](world)
    client, before = signed_in(world, case), rows()
    for field in set(case.data) - TICKED:
        for wrong in (LONG, *CONTROL):
            status = send(client, case.url, case.data | {field: wrong})
            assert status == 422, (field, wrong[:20], status)
        assert rows() == before, field
    for field in set(case.data) - TICKED - FREE:
        for wrong in ODD:
            status = send(client, case.url, case.data | {field: wrong})
            assert status < 500, (field, wrong, status)
            if status == 302:
                # It was text, or a date that is possible: from now on it is done.
                world = World()
                client = signed_in(world, case := CASES[name](world))
                world = None


@pytest.mark.django_db(transaction=True)
@with_every_form
def test_sent_twice_at_the_same_moment_it_counts_once(name):
    case = CASES[name](world := World())
    before = rows()
    assert send(signed_in(world, case), case.url, case.data) == 302
    once = rows() - before

    case = CASES[name](world := World())
    clients = [signed_in(world, case) for _ in range(2)]
    before = rows()
    gate = threading.Barrier(2)

    def press(client: Client) -> int:
        gate.wait(timeout=60)
        try:
            return send(client, case.url, case.data)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(press, clients))
    assert told[0] == 302, told
    assert told[1] < 500, told
    # A button without fields leads back to its page, with the refusal as a message.
    assert case.repeatable or not case.data or told[1] >= 400, told
    assert rows() - before == once


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [LONG, *CONTROL, *ODD, ""])
def test_the_public_question_bears_anything(wrong):
    client = Client(raise_request_exception=False)
    given = {"unit": "10000000", "manager_code": "10000001", "day": "2026-11-24", "time": "12:00"}
    assert client.get("/imza-yetkisi/", given).status_code == 200
    for field in ("unit", "manager_code", "day", "time"):
        response = client.get("/imza-yetkisi/", given | {field: wrong})
        assert response.status_code in (200, 414, 422), (field, response.status_code)


@pytest.mark.django_db
def test_addresses_bear_anything(client_of):
    """What stands behind the question mark, and numbers that no table can hold."""
    world = World()
    client = client_of(world.officer)
    client.raise_request_exception = False
    huge = "9" * 30
    urls = [
        *(f"/yetkili/iyem/gorev/{huge}/{act}/" for act in ("bitir", "duzelt", "geri-al", "izin")),
        *(f"/yetkili/iyem/izin/{huge}/{act}/" for act in ("degistir", "geri-al")),
        f"/yetkili/iyem/ozgecmis/{huge}/",
        f"/yetkili/iyem/yonetici/{huge}/",
        f"/yonetici/{huge}/",
        f"/yetkili/iyem/basvurular/{huge}/",
        f"/yetkili/iyem/yetkililer/{huge}/kaldir/",
        f"/yetkili/iyem/kampanyalar/{huge}/",
    ]
    for url in urls:
        assert client.get(url).status_code in (403, 404), url
    desk = f"/yetkili/iyem/birim/{world.office.pk}/"
    asked = [
        *(
            ("/yetkili/iyem/kayit/", name)
            for name in ("birim", "sira", "tur", "baslangic", "yonetici", "unvan", "donus")
        ),
        (desk, "bolum"),
        (desk + "?bolum=takvim", "ay"),
        (desk + "?bolum=takvim", "sira"),
        (desk + "?bolum=gecmis", "sayfa"),
        (desk + "vekalet/", "sira"),
        (desk + "vekalet/", "izin"),
        ("/yetkili/iyem/birimler/", "q"),
        ("/yetkili/iyem/birim-sec/", "q"),
        ("/yetkili/iyem/kapsama/birimler/", "kapsam"),
        ("/yetkili/iyem/kapsama/birimler/", "il"),
        ("/yetkili/iyem/basvurular/yer-sec/", "q"),
        ("/yetkili/iyem/basvurular/yeni/", "yer"),
    ]
    for wrong in (huge, "-1", "²", "\x00", "\u202e", "x" * 500, "9999-12-31T23:59", "0001-01-01"):
        for url, name in asked:
            joint = "&" if "?" in url else "?"
            response = client.get(f"{url}{joint}{urlencode({name: wrong})}")
            assert response.status_code < 500, (url, name, wrong)
    keys = {"basvuru": [huge, "-1", "²"]}
    assert client.post("/yetkili/iyem/basvurular/karar/", keys).status_code == 302
