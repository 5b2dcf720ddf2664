"""Every address of the signed-in area × who asks × what is answered."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver

from kaysis.accounts import services
from kaysis.accounts.models import NationalIdAccess, Notification, Person, Role, RoleGrant
from kaysis.accounts.services.national_ids import reveal_national_id
from tests.accounts.conftest import UNIT_A, UNIT_B
from tests.factories.accounts import Cast, PersonFactory, next_national_id, person_with

pytestmark = pytest.mark.django_db

# Who besides the central administrator gets in; a visitor is sent to the sign-in page everywhere.
EVERYBODY, ADMINISTRATOR = "everybody", "administrator"
ADDRESSES = {
    "home": EVERYBODY,
    "notifications": EVERYBODY,
    "read_all_notifications": EVERYBODY,
    "open_notification": EVERYBODY,
    "account": EVERYBODY,
    "edit_contact": EVERYBODY,
    "end_other_sign_ins": EVERYBODY,
    "end_sign_in": EVERYBODY,
    "grants": ADMINISTRATOR,
    "grant": ADMINISTRATOR,
    "revoke": ADMINISTRATOR,
    "people": ADMINISTRATOR,
    "register_person": ADMINISTRATOR,
    "person": ADMINISTRATOR,
    "grant_role": ADMINISTRATOR,
    "set_active": ADMINISTRATOR,
}
# Open to visitors by their nature.
PUBLIC = {"sign_in", "sign_out", "demo_sign_in"}
# The methods' own, with tests of their own (tests/accounts/methods).
METHODS = ("edevlet", "eimza", "mimza")
POST_ONLY = {"read_all_notifications", "open_notification", "end_other_sign_ins", "end_sign_in"}


def address(name: str, cast: Cast) -> str:
    from django.urls import reverse

    grant = cast.ayse.grants.get()
    arguments = {
        "grant": [grant.pk],
        "revoke": [grant.pk],
        "person": [cast.ayse.public_id],
        "grant_role": [cast.ayse.public_id],
        "set_active": [cast.ayse.public_id],
        "end_sign_in": ["00000000-0000-4000-8000-000000000000"],
        "open_notification": [
            Notification.objects.get_or_create(person=cast.ayse, kind="t", text="Merhaba")[0].pk
        ],
    }
    return reverse(f"accounts:{name}", args=arguments.get(name, []))


def test_no_address_is_forgotten() -> None:
    _, resolver = get_resolver().namespace_dict["accounts"]
    names = {
        name
        for name in resolver.reverse_dict
        if isinstance(name, str) and not name.startswith(METHODS)
    }
    assert names == set(ADDRESSES) | PUBLIC


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_visitor_is_sent_to_sign_in(name: str, cast: Cast, client: Client) -> None:
    url = address(name, cast)
    for response in (client.get(url), client.post(url)):
        assert response.status_code == 302
        assert response.headers["Location"] == f"/giris/?next={url}"


@pytest.mark.parametrize("who", ["ayse", "burak", "cem", "deniz"])
@pytest.mark.parametrize("name", [n for n, for_whom in ADDRESSES.items() if for_whom != EVERYBODY])
def test_who_lacks_the_role_may_not(name: str, who: str, cast: Cast, client_of) -> None:
    client = client_of(cast.everybody[who])
    url = address(name, cast)
    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403


@pytest.mark.parametrize("name", [n for n in ADDRESSES if n not in POST_ONLY])
def test_the_administrator_sees_every_page(name: str, cast: Cast, client_of) -> None:
    response = client_of(cast.zeynep).get(address(name, cast))
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    page = response.content.decode()
    assert page.count("<h1") == 1
    assert " style=" not in page


@pytest.mark.parametrize(
    "name", [n for n, whom in ADDRESSES.items() if whom == EVERYBODY and n not in POST_ONLY]
)
def test_everybody_who_is_in_sees_the_own_pages(name: str, cast: Cast, client_of) -> None:
    assert client_of(cast.deniz).get(address(name, cast)).status_code == 200


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_changes_need_a_post(name: str, cast: Cast, client_of) -> None:
    assert client_of(cast.ayse).get(address(name, cast)).status_code == 405


def test_somebody_elses_notification_is_not_there(cast: Cast, client_of) -> None:
    url = address("open_notification", cast)
    assert client_of(cast.cem).post(url).status_code == 404
    assert Notification.objects.get().read_at is None


# --- Roles ----------------------------------------------------------------------------------------


def test_the_administrator_grants_and_revokes_on_pages(cast: Cast, client_of) -> None:
    client = client_of(cast.zeynep)
    url = address("grant_role", cast).replace(str(cast.ayse.public_id), str(cast.deniz.public_id))
    response = client.post(
        url,
        {
            "role": "detsis_officer",
            "scope_detsis_no": UNIT_B,
            "valid_from": "",
            "valid_to": "2030-12-31",
            "reason": "Talep yazısı",
        },
        follow=True,
    )
    assert "Yetki verildi" in response.content.decode()
    held = cast.deniz.grants.get()
    assert held.granted_by == cast.zeynep
    assert f"{held.validity.upper:%d.%m.%Y %H:%M}" == "31.12.2030 21:00"  # midnight in Istanbul
    page = client.get(f"/yetkili/yetkiler/{held.pk}/").content.decode()
    assert "Personel Başkanlığı" in page
    assert "Zeynep AYDIN" in page
    assert "Talep yazısı" in page
    client.post(f"/yetkili/yetkiler/{held.pk}/kaldir/", {"reason": "Geri alındı"})
    held.refresh_from_db()
    assert held.revoke_reason == "Geri alındı"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"scope_detsis_no": 79_999_999}, "Bu numarayla kayıtlı bir birim yok."),
        ({"scope_detsis_no": ""}, "bir birim için verilir"),
        ({"valid_from": "2020-01-01"}, "geçmiş bir tarihten"),
        ({"reason": ""}, "zorunlu"),
    ],
)
def test_what_a_service_refuses_is_on_the_form(cast, client_of, data, complaint) -> None:
    url = address("grant_role", cast)
    valid = {"role": "detsis_officer", "scope_detsis_no": UNIT_A, "reason": "Deneme"}
    response = client_of(cast.zeynep).post(url, {**valid, **data})
    assert response.status_code == 422
    assert complaint in response.content.decode()
    assert cast.ayse.grants.count() == 1


def test_the_list_is_filtered_by_name_role_scope_and_state(cast: Cast, client_of) -> None:
    client = client_of(cast.zeynep)
    services.revoke_role(actor=cast.zeynep, grant=cast.cem.grants.get(), reason="Bitti")

    def names(**query: str) -> set[str]:
        page = client.get("/yetkili/yetkiler/", query).content.decode()
        return {p.full_name for p in cast.everybody.values() if p.full_name in page.split("<h1")[1]}

    assert names(kisi="AYSE yilmaz") == {"Ayşe YILMAZ"}
    assert names(yetki="iyem_registrar") == {"Burak DEMİR"}
    assert names(kapsam=str(UNIT_A)) == {"Ayşe YILMAZ", "Burak DEMİR"}
    assert names(durum="revoked") == {"Cem KAYA"}
    assert names(durum="in_force") == {"Ayşe YILMAZ", "Burak DEMİR", "Zeynep AYDIN"}


def test_the_list_costs_a_fixed_number_of_queries(
    cast: Cast, client_of, django_assert_max_num_queries
) -> None:
    client = client_of(cast.zeynep)
    for _ in range(20):
        person_with(Role.DETSIS_OFFICER, UNIT_A)
    client.get("/yetkili/yetkiler/")
    with django_assert_max_num_queries(6):
        client.get("/yetkili/yetkiler/")


# --- People and national ids ----------------------------------------------------------------------


def test_people_are_found_by_folded_name_or_national_id_by_post(cast: Cast, client_of) -> None:
    national_id = next_national_id()
    isil = PersonFactory(given_name="Işıl", family_name="Güneş", national_id=national_id)
    client = client_of(cast.zeynep)
    for query in ("isil GUNES", "ışıl", national_id):
        page = client.post("/yetkili/kisiler/", {"query": query}).content.decode()
        assert str(isil.public_id) in page, query
    page = client.post("/yetkili/kisiler/", {"query": "12345678901"}).content.decode()
    assert "Kimse bulunamadı" in page


def test_a_person_is_registered_once(cast: Cast, client_of) -> None:
    client = client_of(cast.zeynep)
    data = {
        "national_id": next_national_id(),
        "given_name": "Ebru",
        "family_name": "Tekin",
        "email": "ebru@x.tr",
    }
    client.post("/yetkili/kisiler/yeni/", data)
    ebru = Person.objects.by_national_id(data["national_id"])
    assert ebru.full_name == "Ebru TEKİN"
    again = client.post("/yetkili/kisiler/yeni/", {**data, "given_name": "Başka"})
    assert "zaten var" in again.content.decode()
    wrong = client.post("/yetkili/kisiler/yeni/", {**data, "national_id": "12345678901"})
    assert wrong.status_code == 422
    assert Person.objects.filter(family_name="Tekin").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_look_at_a_national_id_is_recorded_first(client_of: Callable[[Person], Client]) -> None:
    national_id = next_national_id()
    subject = PersonFactory(national_id=national_id)
    zeynep = person_with(Role.CENTRAL_ADMINISTRATOR)
    client = client_of(zeynep)
    url = f"/yetkili/kisiler/{subject.public_id}/"
    assert national_id not in client.get(url).content.decode()
    without = client.post(url, {"purpose": ""})
    assert without.status_code == 422
    assert national_id not in without.content.decode()
    assert not NationalIdAccess.objects.exists()
    page = client.post(url, {"purpose": "Kimlik teyidi"}, REMOTE_ADDR="10.1.1.1").content.decode()
    assert national_id in page
    access = NationalIdAccess.objects.get()
    assert (access.actor, access.person, access.purpose) == (zeynep, subject, "Kimlik teyidi")
    assert access.ip_address == "10.1.1.1"
    assert access.request_id
    assert national_id not in client.get(url).content.decode()


@pytest.mark.django_db(transaction=True)
def test_whoever_may_not_see_it_leaves_no_record() -> None:
    from django.core.exceptions import PermissionDenied

    ayse = person_with(Role.IYEM_AUTHORISED, UNIT_A)
    with pytest.raises(PermissionDenied):
        reveal_national_id(actor=ayse, person=PersonFactory(), purpose="Merak")
    assert not NationalIdAccess.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_national_id_is_in_no_page_log_audit_row_or_table(client_of, caplog, capfd) -> None:
    from django.apps import apps
    from django.db import connection

    national_id = next_national_id()
    zeynep = person_with(Role.CENTRAL_ADMINISTRATOR)
    client = client_of(zeynep)
    with caplog.at_level("DEBUG"):
        client.post(
            "/yetkili/kisiler/yeni/",
            {"national_id": national_id, "given_name": "Gizli", "family_name": "Kişi"},
        )
        subject = Person.objects.by_national_id(national_id)
        client.post("/yetkili/kisiler/", {"query": national_id[:-1] + "x"})
        pages = [
            client.get(f"/yetkili/kisiler/{subject.public_id}/").content.decode(),
            client.post("/yetkili/kisiler/", {"query": "gizli"}).content.decode(),
        ]
        services.grant_role(actor=zeynep, person=subject, role=Role.ANALYST, reason="Deneme")
    written = caplog.text + "".join(capfd.readouterr())
    assert national_id not in written
    assert national_id not in repr(subject) + str(subject) + str(vars(subject))
    assert not any(national_id in page for page in pages)
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                table = model._meta.db_table
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                    [f"%{national_id}%", f"%{national_id.encode().hex()}%"],
                )
                assert cursor.fetchone()[0] == 0, table


# --- Operators ------------------------------------------------------------------------------------


def test_the_admin_is_for_operators_only(cast: Cast, client: Client, client_of) -> None:
    assert client.get("/yonetim/", follow=True).redirect_chain[-1][0].startswith("/giris/?next=")
    assert client_of(cast.zeynep).get("/yonetim/", follow=True).status_code == 403
    cast.deniz.is_staff = True
    cast.deniz.save()
    operator = client_of(cast.deniz)
    for page in ("", "accounts/person/", f"accounts/person/{cast.ayse.pk}/change/"):
        response = operator.get(f"/yonetim/{page}")
        assert response.status_code == 200, page
        assert cast.ayse.national_id_hash not in response.content.decode()
    assert operator.get("/yonetim/accounts/person/add/").status_code == 403
    change = operator.post(f"/yonetim/accounts/person/{cast.ayse.pk}/change/", {"given_name": "X"})
    assert change.status_code == 403
    assert not RoleGrant.objects.filter(person=cast.deniz).exists()


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "json"])
def test_the_list_downloads_exactly_what_is_filtered(cast, client_of, format_name: str) -> None:
    client = client_of(cast.zeynep)
    query = {"kapsam": str(UNIT_A), "bicim": format_name}
    response = client.get("/yetkili/yetkiler/", query)
    body = b"".join(response.streaming_content)
    assert response.status_code == 200
    if format_name == "json":
        assert [row["scope_detsis_no"] for row in json.loads(body)] == [UNIT_A, UNIT_A]
    if format_name == "csv":
        assert body.decode("utf-8-sig").count("\n") == 3
        assert "İYEM Görevlisi" in body.decode()
    if format_name == "xlsx":
        assert body.startswith(b"PK")
