"""The trail: what it says, and that nobody gets at it."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import environ
import pgtrigger
import psycopg2
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from pghistory.models import Event

from kaysis.accounts import services
from kaysis.accounts.audit import because, privileges, tracking
from kaysis.accounts.audit.history import MASK, event_model_of, history_of
from kaysis.accounts.models import NationalIdAccess, Person, Role, RoleGrant
from kaysis.local import addresses
from tests.accounts.conftest import UNIT_A, UNIT_C
from tests.factories.accounts import Cast, PersonFactory, RoleGrantFactory, make_cast

PersonEvent = event_model_of(Person)


# --- What it says ---------------------------------------------------------------------------------


def test_a_change_says_who_why_and_before_and_after(cast: Cast) -> None:
    services.update_person(
        actor=cast.zeynep, person=cast.deniz, reason="Evlendi", family_name="Işık", is_staff=True
    )
    latest, first = history_of(cast.deniz)
    assert (latest.action, latest.actor, latest.reason) == ("update", cast.zeynep, "Evlendi")
    assert [(c.label, c.before, c.after) for c in latest.changes] == [
        ("soyad", "Ateş", "Işık"),
        ("sistem işletmeni", "Hayır", "Evet"),
    ]
    assert first.action == "insert"
    assert first.actor is None
    assert ("ad", "", "Deniz") in [(c.label, c.before, c.after) for c in first.changes]


@pytest.mark.django_db
def test_choices_references_ranges_and_booleans_read_as_words(cast: Cast) -> None:
    held = services.grant_role(
        actor=cast.zeynep, person=cast.deniz, role=Role.ANALYST, reason="Gerek var"
    )
    changes = {change.field: change.after for change in history_of(held)[0].changes}
    assert changes["role"] == "Analist"
    assert changes["person"] == "Deniz ATEŞ"
    assert changes["validity"].endswith(" – ")
    cast.deniz.is_staff = True
    cast.deniz.save()
    change = history_of(cast.deniz)[0].changes[0]
    assert (change.label, change.before, change.after) == ("sistem işletmeni", "Hayır", "Evet")


@pytest.mark.django_db
def test_raw_sql_leaves_a_trail_too() -> None:
    person = PersonFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_person SET given_name = 'X' WHERE id = %s", [person.pk])
    assert history_of(person)[0].changes[0].after == "X"


@pytest.mark.django_db
def test_what_is_excluded_leaves_none(cast: Cast) -> None:
    before = len(history_of(cast.deniz))
    Person.objects.filter(pk=cast.deniz.pk).update(session_epoch=7)
    assert len(history_of(cast.deniz)) == before
    names = {field.name for field in PersonEvent._meta.fields}
    assert not names & {"national_id_encrypted", "national_id_hash", "last_login"}


@pytest.mark.django_db
def test_contact_data_is_known_to_have_changed_and_never_kept(cast: Cast) -> None:
    secrets = {"email": "d@x.tr", "mobile_phone": "0500 111 22 33", "work_phone": "0312 444 55 66"}
    services.update_person(actor=cast.zeynep, person=cast.deniz, reason="Yeni hat", **secrets)
    entry = history_of(cast.deniz)[0]
    assert (entry.action, str(entry.action_label)) == ("contact", "İletişim bilgileri değiştirildi")
    assert (entry.actor, entry.reason, entry.changes) == (cast.zeynep, "Yeni hat", ())
    # Together with a name: both are told, and the next entry still knows what was before.
    services.update_person(
        actor=cast.zeynep, person=cast.deniz, reason="Evlendi", family_name="Işık", email=""
    )
    assert {each.action for each in history_of(cast.deniz)[:2]} == {"contact", "update"}
    services.update_person(actor=cast.zeynep, person=cast.deniz, reason="Geri", family_name="Ateş")
    (change,) = history_of(cast.deniz)[0].changes
    assert (change.before, change.after) == ("Işık", "Ateş")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(e)::text FROM accounts_personevent e")
        kept = " ".join(row for (row,) in cursor.fetchall())
    assert not [value for value in secrets.values() if value in kept]


def test_no_trail_keeps_what_has_to_be_erased_one_day() -> None:
    """Contact data of people and national ids; those of units are no personal data."""
    told = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, Event)
        for field in model._meta.fields
        if any(word in field.name for word in ("phone", "email", "national_id"))
    }
    assert {name for name in told if not name.startswith("detsis.Unit")} == set()


@pytest.mark.django_db
def test_a_deletion_stays_in_the_trail() -> None:
    person = PersonFactory()
    with because("Yanlış kayıt"):
        Person.objects.filter(pk=person.pk).delete()
    event = PersonEvent.objects.filter(pgh_obj=person.pk).latest("pgh_id")
    assert event.pgh_label == "delete"
    assert event.given_name == person.given_name
    assert event.pgh_context["reason"] == "Yanlış kayıt"


@pytest.mark.django_db
def test_a_reason_holds_only_inside_its_block(cast: Cast) -> None:
    def reason_of_change(name: str) -> str:
        cast.deniz.given_name = name
        cast.deniz.save()
        return history_of(cast.deniz)[0].reason

    with because("dış", actor=cast.zeynep):
        assert reason_of_change("a") == "dış"
        with because("iç"):
            assert reason_of_change("b") == "iç"
            assert history_of(cast.deniz)[0].actor == cast.zeynep
        assert reason_of_change("c") == "dış"
    assert reason_of_change("d") == ""
    assert history_of(cast.deniz)[0].actor is None


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_leaves_nothing(cast: Cast) -> None:
    before = len(history_of(cast.deniz))
    with pytest.raises(ValidationError):
        services.update_person(
            actor=cast.zeynep, person=cast.deniz, reason="Yanlış", email="no address"
        )
    assert len(history_of(cast.deniz)) == before


@pytest.mark.django_db
def test_one_story_of_several_objects(cast: Cast) -> None:
    grants = [
        RoleGrantFactory(person=cast.deniz, role=Role.ANALYST),
        RoleGrantFactory(person=cast.deniz, role=Role.DOCUMENT_EDITOR),
    ]
    entries = history_of(cast.deniz, RoleGrant.objects.of(cast.deniz))
    assert len(entries) == 1 + len(grants)
    assert {entry.object_label for entry in entries} == {"kişi", "verilmiş yetki"}
    assert [entry.at for entry in entries] == sorted((e.at for e in entries), reverse=True)


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_history(cast: Cast, django_assert_max_num_queries) -> None:
    for number in range(30):
        services.update_person(
            actor=cast.zeynep, person=cast.deniz, reason="Yine", given_name=f"{number}"
        )
    with django_assert_max_num_queries(2):
        assert len(history_of(cast.deniz)) == 31


@pytest.mark.django_db
def test_a_limit_still_knows_what_was_before(cast: Cast) -> None:
    for number in range(5):
        services.update_person(
            actor=cast.zeynep, person=cast.deniz, reason="Yine", given_name=f"{number}"
        )
    entries = history_of(cast.deniz, limit=2)
    assert [entry.changes[0].before for entry in entries] == ["3", "2"]
    entries = history_of(Person.objects.exclude(pk=cast.zeynep.pk), limit=2)
    assert [len(entry.changes) for entry in entries] == [1, 1]


@pytest.mark.django_db
def test_a_request_tells_where_it_came_from(cast: Cast, client_of) -> None:
    client_of(cast.deniz).post(
        "/yetkili/hesabim/iletisim/",
        {"email": "deniz@x.tr", "mobile_phone": "", "work_phone": ""},
        REMOTE_ADDR="10.1.2.3",
    )
    entry = history_of(cast.deniz)[0]
    assert entry.actor == cast.deniz
    assert entry.ip == "10.1.2.3"
    assert str(entry.source) == "Portal"


@pytest.mark.django_db
def test_a_masked_value_is_never_shown(cast: Cast, monkeypatch) -> None:
    monkeypatch.setitem(tracking.masked_fields, "accounts.person", frozenset({"given_name"}))
    for name in ("Gizli", "Saklı"):
        cast.deniz.given_name = name
        cast.deniz.save()
    change = history_of(cast.deniz)[0].changes[0]
    assert (change.field, change.before, change.after) == ("given_name", MASK, MASK)


# --- Nobody gets at it ----------------------------------------------------------------------------


def _settings_of(role: str) -> dict[str, Any]:
    """Django's settings for a session of a role in the test database."""
    own = environ.Env.db_url_config(addresses.database_url(role))  # type: ignore[arg-type]
    return {**connection.settings_dict, **own, "NAME": connection.settings_dict["NAME"]}


def _connect(role: str) -> Any:
    """A session of a role in the test database, outside Django."""
    to = _settings_of(role)
    session = psycopg2.connect(
        dbname=to["NAME"],
        user=to["USER"],
        password=to["PASSWORD"] or None,
        host=to["HOST"],
        port=to["PORT"] or 5432,
    )
    session.autocommit = True
    return session


@pytest.fixture
def application(transactional_db: None) -> Iterator[Any]:
    """A cursor of the role the portal runs as."""
    session = _connect("app")
    with session.cursor() as cursor:
        yield cursor
    session.close()


def _event_tables() -> list[str]:
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, Event) and model._meta.managed and not model._meta.proxy
    )


@pytest.fixture
def as_application(transactional_db: None) -> Iterator[None]:
    """Django itself connects as the role the portal runs as, until the test is over."""
    owner = connection.settings_dict
    connection.close()
    connection.settings_dict = {**_settings_of("app"), "OPTIONS": {}}
    yield
    connection.close()
    connection.settings_dict = owner


ALTERATIONS = [
    "UPDATE {table} SET pgh_label = 'update'",
    "UPDATE {table} SET pgh_context = NULL WHERE false",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "DROP TABLE {table}",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "GRANT UPDATE ON {table} TO CURRENT_USER",
]


def _alterations_that_work(cursor: Any, tables: list[str]) -> list[str]:
    worked = []
    for table in tables:
        for template in ALTERATIONS:
            statement = template.format(table=table)
            if statement.startswith("GRANT"):
                cursor.execute(statement)  # succeeds with a warning; what counts is the right
                cursor.execute("SELECT has_table_privilege(%s, 'UPDATE')", [table])
                if cursor.fetchone()[0]:
                    worked.append(statement)
                continue
            try:
                cursor.execute(statement)
            except psycopg2.errors.InsufficientPrivilege:
                continue
            worked.append(statement)
    return worked


def test_the_application_cannot_alter_any_event_table(application: Any) -> None:
    PersonFactory()
    tables = _event_tables()
    assert "accounts_personevent" in tables
    assert _alterations_that_work(application, tables) == []


def test_the_application_cannot_alter_what_is_written_once(application: Any) -> None:
    application.execute(
        "SELECT table_name FROM unnest(%s) AS table_name, unnest(ARRAY['UPDATE', 'DELETE',"
        " 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS right_name"
        " WHERE has_table_privilege(table_name, right_name)",
        [sorted(privileges.append_only_tables())],
    )
    assert application.fetchall() == []


@pytest.mark.parametrize("switch", ["session_replication_role = replica", "ROLE kaysis_owner"])
def test_the_application_cannot_make_itself_stronger(application: Any, switch: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        application.execute(f"SET {switch}")


def test_the_application_cannot_switch_the_trail_off(application: Any) -> None:
    person = PersonFactory()
    application.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    names = ",".join(name for (name,) in application.fetchall())
    application.execute("SELECT set_config('pgtrigger.ignore', %s, false)", [f"{{{names}}}"])
    application.execute(
        "UPDATE accounts_person SET given_name = 'Gizli' WHERE id = %s", [person.pk]
    )
    assert history_of(person)[0].changes[0].after == "Gizli"


def test_ordinary_work_of_the_application_goes_on_and_leaves_a_trail(application: Any) -> None:
    person = PersonFactory()
    application.execute("UPDATE accounts_person SET email = 'a@x.tr' WHERE id = %s", [person.pk])
    application.execute(
        "INSERT INTO accounts_notification (person_id, kind, text, url, key, created_at)"
        " VALUES (%s, 'test', 'Merhaba', '', '', now())",
        [person.pk],
    )
    application.execute("DELETE FROM accounts_notification WHERE person_id = %s", [person.pk])
    assert application.rowcount == 1
    application.execute("SELECT count(*) FROM accounts_personevent")
    assert application.fetchone()[0] == 2
    application.execute("DELETE FROM django_session")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        application.execute("DELETE FROM django_migrations")


def test_the_portal_works_as_the_application(as_application: None, client_of) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == addresses.ROLES["app"]
    cast = make_cast(scope=UNIT_A, elsewhere=UNIT_C)
    client = client_of(cast.zeynep)
    person = f"/yetkili/kisiler/{cast.deniz.public_id}/"
    client.post(f"{person}yetki-ver/", {"role": "analyst", "reason": "Deneme"})
    grant = cast.deniz.grants.get()
    client.post(f"/yetkili/yetkiler/{grant.pk}/kaldir/", {"reason": "Bitti"})
    client.post(person, {"purpose": "Deneme"})
    client.post(f"{person}durum/", {"reason": "Ayrıldı"})
    assert [entry.reason for entry in history_of(grant)] == ["Bitti", "Deneme"]
    assert history_of(cast.deniz)[0].reason == "Ayrıldı"
    assert NationalIdAccess.objects.get().actor == cast.zeynep
    assert client.post("/cikis/").status_code == 302


@pytest.mark.django_db
def test_even_the_owner_is_refused_by_the_trigger(cast: Cast) -> None:
    access = NationalIdAccess.objects.create(
        actor=cast.zeynep, person=cast.deniz, purpose="Kimlik doğrulama"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL kaysis.maintenance = 'off'; SET CONSTRAINTS ALL IMMEDIATE")
        for statement in (
            f"UPDATE accounts_nationalidaccess SET purpose = 'x' WHERE id = {access.pk}",
            "DELETE FROM accounts_nationalidaccess",
            "TRUNCATE accounts_nationalidaccess",
            "UPDATE accounts_personevent SET given_name = 'x' WHERE false",
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(statement)


@pytest.mark.django_db
def test_every_event_model_was_made_by_our_decorator() -> None:
    for model in apps.get_models():
        if issubclass(model, Event) and model._meta.managed and not model._meta.proxy:
            fields = {field.name for field in model._meta.fields}
            assert {"pgh_context_id", "pgh_context", "pgh_obj"} <= fields, model
            assert model._meta.get_field("pgh_context").get_internal_type() == "JSONField", model


@pytest.mark.django_db
def test_granting_rights_twice_changes_nothing_and_skips_a_missing_role(settings) -> None:
    said = StringIO()
    settings.DATABASE_APP_ROLE = "no_such_role"
    assert privileges.grant_app_role() is False
    call_command("grant_app_role", stdout=said)
    assert "no_such_role rolü yok" in said.getvalue()
    settings.DATABASE_APP_ROLE = addresses.ROLES["app"]
    if privileges.grant_app_role():
        call_command("grant_app_role", stdout=said)
        assert said.getvalue().endswith(": haklar verildi.\n")


@pytest.mark.django_db
def test_the_owner_may_still_be_ignored_by_triggers_in_maintenance() -> None:
    person = PersonFactory()
    before = len(history_of(person))
    with pgtrigger.ignore("accounts.Person:update_update"):
        Person.objects.filter(pk=person.pk).update(given_name="Bakım")
    assert len(history_of(person)) == before
