"""Coming in, staying in, and being put out."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from kaysis.accounts import services
from kaysis.accounts.models import FailedSignIn, Person, SignIn
from kaysis.accounts.models.access import SignInEnd
from tests.factories.accounts import Cast, PersonFactory

pytestmark = pytest.mark.django_db

HOME = "/yetkili/"
SIGN_IN = "/giris/"


def demo_person() -> Person:
    return PersonFactory(is_demo=True)


def demo_sign_in(client: Client, person: Person, **data: str):
    return client.post("/giris/demo/", {"person": str(person.public_id), **data})


def is_signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def test_a_demo_person_signs_in_by_one_click_and_out_again(client: Client) -> None:
    person = demo_person()
    response = demo_sign_in(client, person, next="/yetkili/hesabim/")
    assert response.headers["Location"] == "/yetkili/hesabim/"
    row = SignIn.objects.get(person=person)
    assert (row.method, row.ip_address, row.ended_at) == ("demo", "127.0.0.1", None)
    assert is_signed_in(client)
    client.post("/cikis/")
    row.refresh_from_db()
    assert row.end_reason == SignInEnd.SIGN_OUT
    assert not is_signed_in(client)


def test_the_session_gets_a_new_key_at_sign_in(client: Client) -> None:
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    demo_sign_in(client, demo_person())
    assert client.session.session_key != before
    stolen = Client()
    stolen.cookies[django_settings.SESSION_COOKIE_NAME] = before
    assert not is_signed_in(stolen)


@pytest.mark.parametrize("wanted", ["https://kotu.example/", "//kotu.example", "javascript:x", ""])
def test_next_never_leads_to_another_site(client: Client, wanted: str) -> None:
    response = demo_sign_in(client, demo_person(), next=wanted)
    assert response.headers["Location"] == HOME


def test_only_demo_people_can_be_chosen(client: Client) -> None:
    assert demo_sign_in(client, PersonFactory()).status_code == 404
    assert demo_sign_in(client, PersonFactory(is_demo=True, is_active=False)).status_code == 404
    assert client.post("/giris/demo/", {"person": "1 or 1"}).status_code == 404
    assert client.get("/giris/demo/").status_code == 405


def test_without_the_setting_there_is_no_demo(client: Client, settings) -> None:
    person = demo_person()
    settings.DEMO_SIGN_IN = False
    assert demo_sign_in(client, person).status_code == 404
    page = client.get(SIGN_IN).content.decode()
    assert person.full_name not in page
    assert "Örnek kişi" not in page


def test_the_sign_in_page_shows_three_methods_and_is_honest(client: Client) -> None:
    page = client.get(SIGN_IN).content.decode()
    for name in ("e-Devlet", "e-imza", "m-imza"):
        assert name in page
    assert page.count("Bu kurulumda henüz bağlı değil") == 3


def test_whoever_is_in_is_not_asked_again(client_of, cast: Cast) -> None:
    response = client_of(cast.ayse).get(SIGN_IN, {"next": "/yetkili/hesabim/"})
    assert response.headers["Location"] == "/yetkili/hesabim/"


def test_an_idle_session_ends(client_of, cast: Cast, settings) -> None:
    client = client_of(cast.ayse)
    assert is_signed_in(client)
    later = timezone.now() + timedelta(seconds=settings.SESSION_IDLE_SECONDS + 61)
    with time_machine.travel(later, tick=False):
        response = client.get(HOME, follow=True)
    assert "Uzun süre işlem yapmadığınız" in response.content.decode()
    assert SignIn.objects.get(person=cast.ayse).end_reason == SignInEnd.IDLE
    assert not is_signed_in(client)


def test_work_keeps_a_session_alive_until_it_is_too_old(client_of, cast: Cast, settings) -> None:
    client = client_of(cast.ayse)
    start = timezone.now()
    step = timedelta(seconds=settings.SESSION_IDLE_SECONDS - 60)
    moment = start
    while moment + step < start + timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS):
        moment += step
        with time_machine.travel(moment, tick=False):
            assert is_signed_in(client)
    end = start + timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS + 1)
    with time_machine.travel(end, tick=False):
        assert not is_signed_in(client)
    assert SignIn.objects.get(person=cast.ayse).end_reason == SignInEnd.TOO_OLD


def test_last_seen_is_written_once_a_minute(client_of, cast: Cast) -> None:
    client = client_of(cast.ayse)
    row = SignIn.objects.get(person=cast.ayse)
    client.get(HOME)
    row.refresh_from_db()
    assert row.last_seen_at == row.started_at
    later = timezone.now() + timedelta(seconds=90)
    with time_machine.travel(later, tick=False):
        client.get(HOME)
    row.refresh_from_db()
    assert row.last_seen_at == later


def test_revoking_a_role_ends_all_sessions_at_once(client_of, cast: Cast) -> None:
    clients = [client_of(cast.ayse), client_of(cast.ayse)]
    other = client_of(cast.burak)
    services.revoke_role(actor=cast.zeynep, grant=cast.ayse.grants.get(), reason="Ayrıldı")
    for client in clients:
        response = client.get(HOME, follow=True)
        assert response.redirect_chain[0][0].startswith(SIGN_IN)
        assert "Yetkilerinizdeki bir değişiklik" in response.content.decode()
    assert is_signed_in(other)
    ends = SignIn.objects.filter(person=cast.ayse).values_list("end_reason", flat=True)
    assert set(ends) == {SignInEnd.REVOKED}


def test_the_epoch_alone_ends_a_session_whose_row_is_lost(client_of, cast: Cast) -> None:
    client = client_of(cast.ayse)
    Person.objects.filter(pk=cast.ayse.pk).update(session_epoch=99)
    assert not is_signed_in(client)
    client = client_of(Person.objects.get(pk=cast.burak.pk))
    SignIn.objects.filter(person=cast.burak).delete()
    assert not is_signed_in(client)


def test_a_closed_account_is_out_and_stays_out(client_of, cast: Cast, rf) -> None:
    client = client_of(cast.burak)
    services.deactivate_person(actor=cast.zeynep, person=cast.burak, reason="Ayrıldı")
    assert not is_signed_in(client)
    cast.burak.refresh_from_db()
    with pytest.raises(PermissionDenied):
        services.sign_in(request=rf.post(SIGN_IN), person=cast.burak, method="edevlet")
    failure = FailedSignIn.objects.get()
    assert (failure.person, failure.method, failure.reason) == (cast.burak, "edevlet", "inactive")


def test_nobody_closes_the_own_account(cast: Cast) -> None:
    with pytest.raises(Exception, match="Kendi hesabınızı"):
        services.deactivate_person(actor=cast.zeynep, person=cast.zeynep, reason="Deneme")


def test_one_ends_another_own_session_but_never_somebody_elses(client_of, cast: Cast) -> None:
    here, there = client_of(cast.ayse), client_of(cast.ayse)
    foreign = client_of(cast.cem)
    there_key = there.session["kaysis.sign_in"]
    foreign_key = foreign.session["kaysis.sign_in"]
    for key in (there_key, foreign_key):
        here.post(f"/yetkili/hesabim/oturumlar/{key}/sonlandir/")
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert is_signed_in(foreign)


def test_one_ends_all_other_own_sessions(client_of, cast: Cast) -> None:
    here, there = client_of(cast.ayse), client_of(cast.ayse)
    here.post("/yetkili/hesabim/oturumlar/sonlandir/")
    assert is_signed_in(here)
    response = there.get(HOME, follow=True)
    assert "başka bir cihazdan sonlandırıldı" in response.content.decode()


def test_signing_in_again_in_the_same_browser_replaces_the_session(client: Client) -> None:
    first, second = demo_person(), demo_person()
    demo_sign_in(client, first)
    demo_sign_in(client, second)
    assert SignIn.objects.get(person=first).end_reason == SignInEnd.REPLACED
    assert SignIn.objects.get(person=second).ended_at is None


def test_a_visitor_costs_no_query(client: Client, django_assert_num_queries) -> None:
    client.get("/hakkinda/")
    with django_assert_num_queries(0):
        response = client.get("/hakkinda/")
    assert response.status_code == 200
    assert not response.cookies.get(django_settings.SESSION_COOKIE_NAME)


def test_the_start_page_costs_a_fixed_number_of_queries(
    client_of, cast: Cast, django_assert_max_num_queries
) -> None:
    client = client_of(cast.deniz)
    for number in range(20):
        services.notify(person=cast.deniz, kind="test", text=f"Bildirim {number}")
    client.get(HOME)
    # sign-in row, person, grants, notifications (and how many)
    with django_assert_max_num_queries(5):
        client.get(HOME)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (1, "", None),
        (1, "not an address", None),
        (0, "", "10.0.0.1"),
    ],
)
def test_the_address_a_client_claims_is_not_believed(
    rf, settings, proxies: int, forwarded: str, expected: str | None
) -> None:
    from kaysis.accounts import client

    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert client.address(request) == expected
