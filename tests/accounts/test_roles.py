"""Who holds what, given and taken."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from kaysis.accounts import permissions, services
from kaysis.accounts.models import Notification, Person, Role, RoleGrant
from kaysis.accounts.permissions import has_role, may_grant, scopes_of
from kaysis.accounts.selectors import forget_grants, grants_of, holders_of
from tests.accounts.conftest import UNIT_A, UNIT_B, UNIT_C
from tests.factories.accounts import Cast, PersonFactory, RoleGrantFactory, person_with

pytestmark = pytest.mark.django_db


def grant(cast: Cast, **changes):
    return services.grant_role(
        **{
            "actor": cast.zeynep,
            "person": cast.deniz,
            "role": Role.DETSIS_OFFICER,
            "scope_detsis_no": UNIT_A,
            "reason": "Yazı ile istendi",
            **changes,
        }
    )


def test_a_granted_role_holds_below_its_unit_and_nowhere_else(cast: Cast) -> None:
    grant(cast)
    assert has_role(cast.deniz, Role.DETSIS_OFFICER)
    assert has_role(cast.deniz, Role.DETSIS_OFFICER, detsis_no=UNIT_A)
    assert has_role(cast.deniz, Role.DETSIS_OFFICER, detsis_no=UNIT_B)
    assert not has_role(cast.deniz, Role.DETSIS_OFFICER, detsis_no=UNIT_C)
    assert not has_role(cast.deniz, Role.ANALYST)


def test_a_role_over_the_whole_state_holds_everywhere(cast: Cast) -> None:
    grant(cast, role=Role.ANALYST, scope_detsis_no=None)
    assert scopes_of(cast.deniz, Role.ANALYST).everywhere
    assert has_role(cast.deniz, Role.ANALYST, detsis_no=UNIT_C)


def test_the_cast_is_what_it_says(cast: Cast) -> None:
    expected = {"ayse": True, "burak": False, "cem": False, "deniz": False, "zeynep": False}
    for name, person in cast.everybody.items():
        assert has_role(person, Role.IYEM_AUTHORISED, detsis_no=UNIT_B) is expected[name], name
    assert has_role(cast.burak, Role.IYEM_REGISTRAR, detsis_no=UNIT_B)
    assert has_role(cast.cem, Role.IYEM_AUTHORISED, detsis_no=UNIT_C)


@pytest.mark.parametrize("name", ["ayse", "burak", "cem", "deniz"])
def test_only_the_central_administrator_grants_and_revokes(cast: Cast, name: str) -> None:
    actor = cast.everybody[name]
    with pytest.raises(PermissionDenied):
        grant(cast, actor=actor)
    with pytest.raises(PermissionDenied):
        services.revoke_role(actor=actor, grant=cast.burak.grants.get(), reason="Neden olmasın")
    assert not cast.deniz.grants.exists()


def test_a_subsystem_can_let_others_give_its_roles(cast: Cast) -> None:
    def rule(actor: Person, role: str, scope: int | None) -> bool:
        return role == Role.IYEM_REGISTRAR and has_role(
            actor, Role.IYEM_AUTHORISED, detsis_no=scope
        )

    permissions.register_grant_rule(rule)
    try:
        grant(cast, actor=cast.ayse, role=Role.IYEM_REGISTRAR, scope_detsis_no=UNIT_B)
        assert not may_grant(cast.ayse, Role.IYEM_REGISTRAR, UNIT_C)
        assert not may_grant(cast.ayse, Role.ANALYST, UNIT_B)
    finally:
        permissions._grant_rules.remove(rule)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scope_detsis_no": 79_999_999}, "scope_detsis_no"),
        ({"scope_detsis_no": None}, "__all__"),
        ({"role": Role.CENTRAL_ADMINISTRATOR}, "__all__"),
        ({"role": "emperor"}, "role"),
        ({"reason": "  "}, "grant_reason"),
        ({"valid_from": timezone.now() - timedelta(days=2)}, "valid_from"),
        ({"valid_to": timezone.now() - timedelta(days=2)}, "valid_to"),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(cast: Cast, changes, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        grant(cast, **changes)
    assert list(caught.value.message_dict) == [field]
    assert not cast.deniz.grants.exists()


def test_the_same_grant_twice_is_refused_a_later_one_not(cast: Cast) -> None:
    now = timezone.now()
    grant(cast, valid_to=now + timedelta(days=10))
    with pytest.raises(ValidationError, match="zaten var"):
        grant(cast, valid_from=now + timedelta(days=9))
    grant(cast, valid_from=now + timedelta(days=10))
    grant(cast, scope_detsis_no=UNIT_C)
    assert len(grants_of(cast.deniz)) == 2
    assert len(grants_of(cast.deniz, at=now + timedelta(days=11))) == 2


def test_the_database_refuses_overlap_and_misfit_on_its_own(cast: Cast) -> None:
    RoleGrantFactory(person=cast.deniz)
    with pytest.raises(IntegrityError, match="grant_no_overlap"), transaction.atomic():
        RoleGrantFactory(person=cast.deniz)
    with pytest.raises(IntegrityError, match="grant_scope_fits_role"), transaction.atomic():
        RoleGrantFactory(person=cast.deniz, role=Role.DETSIS_OFFICER)
    with pytest.raises(IntegrityError, match="grant_scope_is_a_unit_number"), transaction.atomic():
        RoleGrantFactory(person=cast.deniz, scope_detsis_no=5)
    with pytest.raises(IntegrityError, match="grant_validity_has_a_start"), transaction.atomic():
        RoleGrantFactory(
            person=cast.deniz,
            validity=DateTimeTZRange(None, None),
            role="analyst",
            scope_detsis_no=UNIT_A,
        )


def test_an_inactive_person_gets_and_holds_nothing(cast: Cast) -> None:
    services.deactivate_person(actor=cast.zeynep, person=cast.burak, reason="Ayrıldı")
    cast.burak.refresh_from_db()
    forget_grants(cast.burak)
    assert not has_role(cast.burak, Role.IYEM_REGISTRAR)
    with pytest.raises(ValidationError):
        grant(cast, person=cast.burak)


def test_a_revoked_role_is_over_at_once_and_says_why(cast: Cast) -> None:
    held = cast.ayse.grants.get()
    revoked = services.revoke_role(actor=cast.zeynep, grant=held, reason="Görev değişikliği")
    fresh = Person.objects.get(pk=cast.ayse.pk)
    assert not has_role(fresh, Role.IYEM_AUTHORISED)
    assert revoked.revoked_by == cast.zeynep
    assert revoked.revoke_reason == "Görev değişikliği"
    assert revoked.state == "revoked"
    with pytest.raises(ValidationError, match="zaten sona ermiş"):
        services.revoke_role(actor=cast.zeynep, grant=held, reason="Bir daha")
    services.grant_role(
        actor=cast.zeynep,
        person=cast.ayse,
        role=held.role,
        scope_detsis_no=held.scope_detsis_no,
        reason="Geri geldi",
    )


def test_a_role_revoked_before_it_began_was_never_in_force(cast: Cast) -> None:
    coming = grant(cast, valid_from=timezone.now() + timedelta(days=5))
    assert coming.state == "coming"
    revoked = services.revoke_role(actor=cast.zeynep, grant=coming, reason="Vazgeçildi")
    revoked.refresh_from_db()
    assert revoked.validity.isempty
    assert grants_of(cast.deniz, at=timezone.now() + timedelta(days=6)) == ()


def test_revoking_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        services.revoke_role(actor=cast.zeynep, grant=cast.ayse.grants.get(), reason=" ")


def test_the_last_central_administrator_stays(cast: Cast) -> None:
    mine = cast.zeynep.grants.get()
    with pytest.raises(ValidationError, match="Son merkez yöneticisi"):
        services.revoke_role(actor=cast.zeynep, grant=mine, reason="Emekli")
    person_with(Role.CENTRAL_ADMINISTRATOR)
    services.revoke_role(actor=cast.zeynep, grant=mine, reason="Emekli")


def test_the_holder_is_told(cast: Cast) -> None:
    held = grant(cast)
    services.revoke_role(actor=cast.zeynep, grant=held, reason="Bitti")
    told = Notification.objects.filter(person=cast.deniz).values_list("kind", flat=True)
    assert set(told) == {"accounts.role_granted", "accounts.role_revoked"}


def test_holders_of_a_role_over_a_unit(cast: Cast) -> None:
    everywhere = person_with(Role.SERVICE_APPROVER)
    above = person_with(Role.SERVICE_APPROVER, UNIT_A)
    elsewhere = person_with(Role.SERVICE_APPROVER, UNIT_C)
    assert set(holders_of(Role.SERVICE_APPROVER, detsis_no=UNIT_B)) == {everywhere, above}
    assert set(holders_of(Role.SERVICE_APPROVER)) == {everywhere, above, elsewhere}


def test_grants_are_read_once_per_person_object(cast: Cast, django_assert_num_queries) -> None:
    ayse = Person.objects.get(pk=cast.ayse.pk)
    with django_assert_num_queries(1):
        for _ in range(5):
            has_role(ayse, Role.IYEM_AUTHORISED, detsis_no=UNIT_B)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_grant_the_same_at_the_same_moment() -> None:
    admins = [person_with(Role.CENTRAL_ADMINISTRATOR) for _ in range(2)]
    receiver = PersonFactory()
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def act(actor: Person) -> None:
        try:
            barrier.wait(timeout=10)
            services.grant_role(
                actor=actor,
                person=receiver,
                role=Role.DETSIS_OFFICER,
                scope_detsis_no=UNIT_A,
                reason="Aynı anda",
            )
            outcomes.append("granted")
        except ValidationError as error:
            outcomes.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[admin]) for admin in admins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes)[1] == "granted"
    assert "zaten var" in sorted(outcomes)[0]
    assert RoleGrant.objects.filter(person=receiver).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_revoke_each_other() -> None:
    admins = [person_with(Role.CENTRAL_ADMINISTRATOR) for _ in range(2)]
    barrier = threading.Barrier(2)
    outcomes: list[bool] = []

    def act(actor: Person, other: Person) -> None:
        try:
            barrier.wait(timeout=10)
            services.revoke_role(actor=actor, grant=other.grants.get(), reason="Karşılıklı")
            outcomes.append(True)
        except (ValidationError, PermissionDenied):
            outcomes.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=pair) for pair in (admins, admins[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == [False, True]
    assert RoleGrant.objects.valid_at().filter(role=Role.CENTRAL_ADMINISTRATOR).count() == 1
