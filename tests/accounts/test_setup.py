"""Keys, demo people, the first administrator: what an installation begins with."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from kaysis.accounts import checks, cipher
from kaysis.accounts.demo import PEOPLE, create_demo_people, demo_people
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.accounts.permissions import has_role
from kaysis.accounts.selectors import grants_of
from kaysis.common.national_id import is_valid
from tests.accounts.conftest import UNIT_A, UNIT_B, UNIT_C
from tests.factories.accounts import PersonFactory, next_national_id

GOOD_KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(32, 64))).decode()


@pytest.fixture
def production(settings) -> Any:
    """Settings as they are on a server that is set up well."""
    settings.DEBUG = False
    settings.TESTING = False
    settings.DEMO_SIGN_IN = False
    settings.SECRET_KEY = "k" * 64
    settings.NATIONAL_ID_KEY = GOOD_KEY
    settings.NATIONAL_ID_HASH_KEY = OTHER_KEY
    return settings


def complaints(*found: Callable[..., list[Any]]) -> list[str]:
    return [message.id for check in found for message in check(None)]


def test_a_good_production_passes(production) -> None:
    assert complaints(checks.demo_sign_in, checks.keys) == []


def test_production_with_demo_sign_in_does_not_start(production) -> None:
    production.DEMO_SIGN_IN = True
    assert complaints(checks.demo_sign_in) == ["accounts.E001"]
    with pytest.raises(ImproperlyConfigured):
        checks.refuse_misplaced_demo()


def test_not_even_with_debug_on(production) -> None:
    production.DEMO_SIGN_IN = True
    production.DEBUG = True
    production.SETTINGS_MODULE = "kaysis.settings.production"
    assert complaints(checks.demo_sign_in) == ["accounts.E001"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "short", "accounts.E002"),
        ("SECRET_KEY", "development-only-" + "x" * 60, "accounts.E003"),
        ("NATIONAL_ID_KEY", "", "accounts.E004"),
        ("NATIONAL_ID_KEY", base64.b64encode(b"short").decode(), "accounts.E004"),
        ("NATIONAL_ID_KEY", f"{GOOD_KEY},nonsense!", "accounts.E004"),
        ("NATIONAL_ID_HASH_KEY", "", "accounts.E004"),
        ("NATIONAL_ID_HASH_KEY", GOOD_KEY, "accounts.E006"),
    ],
)
def test_a_missing_short_or_doubled_key_is_named(production, name, value, code) -> None:
    setattr(production, name, value)
    assert complaints(checks.keys) == [code]


@pytest.mark.parametrize("module", ["development", "test"])
def test_keys_from_a_settings_file_are_refused(production, module: str) -> None:
    from importlib import import_module

    published = import_module(f"kaysis.settings.{module}")
    for name in ("SECRET_KEY", "NATIONAL_ID_KEY", "NATIONAL_ID_HASH_KEY"):
        setattr(production, name, getattr(published, name))
    assert set(complaints(checks.keys)) == {"accounts.E003", "accounts.E005"}


@pytest.mark.django_db
def test_the_deploy_check_notices_an_owner() -> None:
    assert complaints(checks.audit_is_out_of_reach) == ["accounts.W001"]  # tests run as the owner


@pytest.mark.django_db
def test_there_is_a_demo_person_for_each_role() -> None:
    everyone = create_demo_people(scopes={"detsis_officer": [UNIT_A, UNIT_C]})
    assert len(everyone) == len(PEOPLE)
    assert all(person.is_demo for person in everyone)
    assert {demo.role for demo in PEOPLE} == {*Role, None}
    elif_, cem = (p for p in everyone if has_role(p, Role.DETSIS_OFFICER))
    assert has_role(elif_, Role.DETSIS_OFFICER, detsis_no=UNIT_B)
    assert not has_role(cem, Role.DETSIS_OFFICER, detsis_no=UNIT_B)
    assert not any(has_role(p, Role.IYEM_AUTHORISED) for p in everyone)
    for person in everyone:
        assert is_valid(cipher.decrypt(person.national_id_encrypted, person.national_id_hash))


@pytest.mark.django_db
def test_demo_people_are_made_once_and_their_roles_can_move() -> None:
    create_demo_people()
    create_demo_people(scopes={"service_editor": UNIT_A})
    create_demo_people(scopes={"service_editor": UNIT_A})
    assert Person.objects.filter(is_demo=True).count() == len(PEOPLE)
    held = RoleGrant.objects.filter(role=Role.SERVICE_EDITOR)
    assert held.count() == 2
    assert held.valid_at().get().scope_detsis_no == UNIT_A


@pytest.mark.django_db
def test_the_list_of_demo_people_costs_three_queries(django_assert_max_num_queries) -> None:
    create_demo_people()
    with django_assert_max_num_queries(3):
        assert len(demo_people()) == len(PEOPLE)


@pytest.mark.django_db
def test_the_command_prints_who_is_who(capsys) -> None:
    call_command("demo_accounts", "--scope", f"iyem_authorised={UNIT_A}")
    printed = capsys.readouterr().out
    assert f"Ayşe YILMAZ          İYEM Yetkilisi             Deneme Bakanlığı ({UNIT_A})" in printed
    assert "Deniz ATEŞ           Yetkisi yok" in printed
    with pytest.raises(CommandError):
        call_command("demo_accounts", "--scope", "emperor=1")
    with pytest.raises(CommandError, match="birim yok"):
        call_command("demo_accounts", "--scope", "iyem_registrar=79999999")


@pytest.mark.django_db
def test_no_demo_people_where_there_is_no_demo(settings) -> None:
    settings.DEMO_SIGN_IN = False
    with pytest.raises(CommandError):
        call_command("demo_accounts")
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_the_first_administrator_is_registered_once(monkeypatch, capsys) -> None:
    national_id = next_national_id()
    module = "kaysis.accounts.management.commands.register_administrator"
    monkeypatch.setattr(f"{module}.getpass", lambda prompt: national_id)
    call_command("register_administrator", "İnci", "Ilgaz")
    inci = Person.objects.by_national_id(national_id)
    assert has_role(inci, Role.CENTRAL_ADMINISTRATOR)
    assert national_id not in capsys.readouterr().out
    with pytest.raises(CommandError, match="zaten var"):
        call_command("register_administrator", "Bir", "Başkası")


@pytest.mark.django_db
def test_a_new_key_moves_every_id_and_can_be_interrupted(settings, capsys) -> None:
    people = [PersonFactory(national_id=next_national_id()) for _ in range(5)]
    settings.NATIONAL_ID_KEY = f"{GOOD_KEY},{settings.NATIONAL_ID_KEY}"
    call_command("rotate_national_id_key", "--batch", "2")
    settings.NATIONAL_ID_KEY = GOOD_KEY
    for person in Person.objects.filter(pk__in=[p.pk for p in people]):
        value = cipher.decrypt(person.national_id_encrypted, person.national_id_hash)
        assert cipher.fingerprint(value) == person.national_id_hash
    assert grants_of(people[0]) == ()
