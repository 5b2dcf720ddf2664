"""Officers by the sheet: the number of statements, and what holds all the same."""

import dataclasses
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from iyem import services
from iyem.authorising import bulk
from iyem.models import OfficerApplication
from iyem.services.many_officers import EntryRefused, OfficerEntry, apply_for_many
from kaysis.accounts import cipher
from kaysis.accounts.models import Notification, Person, Role, RoleGrant
from kaysis.common.errors import KaysisError, NotAllowed, RuleViolation, as_validation_error
from tests.factories.accounts import PersonFactory, RoleGrantFactory, next_national_id, person_with
from tests.factories.detsis import unit
from tests.iyem.authorising.test_applications import CONTACT
from tests.iyem.authorising.test_pages import line, sheet
from tests.iyem.test_concurrency import at_once

pytestmark = pytest.mark.django_db
# Reading a sheet with its check, taking its applications in, granting them: whatever its length.
READ, SAVED, GRANTED = 8, 11, 22


def entry(scope, number=None, role=Role.IYEM_REGISTRAR, **given):
    number = number or next_national_id()
    given = {"given_name": "Fatma", "family_name": "Çelik", **CONTACT, **given}
    return OfficerEntry(
        role=role,
        scope=scope,
        fingerprint=cipher.fingerprint(number),
        secret=cipher.encrypt(number),
        **given,
    )


def number_of(person):
    return cipher.decrypt(person.national_id_encrypted, person.national_id_hash)


def counted(function, *args, **given):
    with CaptureQueriesContext(connection) as queries:
        result = function(*args, **given)
    return result, len(queries)


def test_statements_do_not_grow_with_the_rows(state):
    places = [
        unit(f"Şube {n}", state.region.pk, organisation_type="provincial", province=6)
        for n in range(40)
    ]
    # The second sheet's people are known, without telephones, and half of them hold other grants.
    numbers = [next_national_id() for _place in places]
    for place, number in zip(places[4:], numbers[4:], strict=True):
        person = PersonFactory(
            given_name="Fatma", family_name="Çelik", national_id=number, mobile_phone=""
        )
        if place.pk % 2:
            RoleGrantFactory(
                person=person, role=Role.IYEM_REGISTRAR, scope_detsis_no=state.region.pk
            )

    def through(chosen, *, grant):
        actor = Person.objects.get(pk=state.ayse.pk)
        rows, reading = counted(
            bulk.read,
            sheet(*[line(places[n], tc_kimlik_no=numbers[n]) for n in chosen]),
            actor,
        )
        assert [row.problems for row in rows] == [[]] * len(rows)
        batch = bulk.Batch(name="a.xlsx", rows=rows)
        with transaction.atomic():
            saved, saving = counted(bulk.save, batch, person=actor, grant=grant)
            assert saved == len(chosen)
            assert OfficerApplication.objects.count() == len(chosen)
            transaction.set_rollback(True)
        return reading, saving

    for grant in (False, True):
        few, many = through(range(4, 8), grant=grant), through(range(4, 40), grant=grant)
        assert few == many
        new = through(range(4), grant=grant)
        assert few == (READ, GRANTED if grant else SAVED)
        # Nobody known: nobody's grants are looked for; people are made and read anew.
        assert new[0] < READ
        assert new[1] <= few[1] + 1


def one_by_one(actor, wanted, number, *, grant):
    application = services.apply_for_officer(
        actor=actor,
        role=wanted.role,
        scope=services.officers.Unit.objects.get(pk=wanted.scope),
        national_id=number,
        **{
            name: getattr(wanted, name)
            for name in ("given_name", "family_name", "work_phone", "mobile_phone", "email")
        },
    )
    if grant:
        services.grant_application(actor=actor, application=application)


def outcome(function):
    """What is on record after it, or why it was refused; then all is taken back."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                function()
        except (KaysisError, ValidationError, PermissionDenied, EntryRefused) as error:
            refused = error.error if isinstance(error, EntryRefused) else error
            told = as_validation_error(refused).messages
        else:
            told = None
        applications = OfficerApplication.objects.order_by("pk").values_list(
            "role", "scope", "given_name", "family_name", "national_id_hash", "email", "status",
            "decided_by",
        )  # fmt: skip
        people = Person.objects.order_by("national_id_hash").values_list(
            "given_name", "family_name", "email", "mobile_phone", "work_phone", "is_active"
        )
        grants = RoleGrant.objects.order_by("pk").values_list(
            "person__national_id_hash", "role", "scope_detsis_no", "granted_by"
        )
        notes = Notification.objects.order_by("pk").values_list("person__email", "text", "kind")
        found = told, *(list(rows) for rows in (applications, people, grants, notes))
        transaction.set_rollback(True)
    return found


def test_a_sheet_says_of_each_row_what_the_form_says(state):
    closed = unit("Eski Şube", state.region.pk, organisation_type="provincial", province=6)
    type(closed).objects.filter(pk=closed.pk).update(active=False)
    known = PersonFactory(given_name="Fatma", family_name="Çelik", email="", work_phone="")
    locked = PersonFactory(given_name="Fatma", family_name="Çelik", is_active=False)
    holder = person_with(
        Role.IYEM_REGISTRAR, state.region.pk, given_name="Fatma", family_name="Çelik"
    )
    waiting = next_national_id()
    one_by_one(state.ayse, entry(state.region.pk, waiting), waiting, grant=False)
    people = [next_national_id(), waiting, *map(number_of, (known, locked, holder, state.ayse))]
    names = [{}, {"given_name": " FATMA  nur", "family_name": "ÇELİK"}, {"given_name": "Başka"}]
    places = [state.region, state.office, state.ministry, state.governorship, state.school, closed]
    actors = [state.ayse, state.burak, state.cem, state.zeynep, state.deniz]
    compared = set()
    for actor in actors:
        for scope in places:
            for role in (Role.IYEM_REGISTRAR, Role.IYEM_AUTHORISED):
                # All people at one place, one of them everywhere.
                chosen = people if scope == state.region else people[:1]
                for number in chosen:
                    for given in names if number == people[0] else names[:1]:
                        wanted = entry(scope.pk, number, role, **given)
                        for grant in (False, True):
                            expected = outcome(
                                partial(one_by_one, actor, wanted, number, grant=grant)
                            )
                            found = outcome(
                                partial(apply_for_many, actor=actor, entries=[wanted], grant=grant)
                            )
                            assert found == expected, (actor, scope, role, grant)
                            compared.add(str(expected[0]))
    # Right rows, and eight ways to be wrong.
    assert "None" in compared
    assert len(compared) >= 8


def test_every_row_has_its_trail(state):
    known = PersonFactory(given_name="Fatma", family_name="Çelik", email="eski@example.org")
    entries = [entry(state.region.pk, number_of(known)), entry(state.branch.pk)]
    made = apply_for_many(actor=state.ayse, entries=entries, grant=True)
    for application in made:
        first, last = application.events.order_by("pgh_id")
        assert (first.status, last.status) == ("pending", "granted")
        assert first.pgh_context["reason"] == "Yetki başvurusu"
        assert last.pgh_context["reason"] == f"İYEM yetki başvuruları ({made[0].pk}–{made[1].pk})"
        assert first.pgh_context["user"] == last.pgh_context["user"] == state.ayse.pk
        application.refresh_from_db()
        assert application.decided_by == state.ayse
        assert application.decided_at <= timezone.now()
        grant = application.grant
        assert grant.grant_reason == application.decision_reason
        assert grant.grant_reason == f"İYEM yetki başvurusu ({application.pk})"
        assert grant.person.national_id_hash == application.national_id_hash
        assert grant.events.get().pgh_context["user"] == state.ayse.pk
        assert Notification.objects.get(person=grant.person).kind == "accounts.role_granted"
    known.refresh_from_db()
    assert known.email == "eski@example.org"


def test_rows_that_exclude_one_another_are_named(state):
    number = next_national_id()
    rows = [entry(state.region.pk, number), entry(state.region.pk, number)]
    for grant in (False, True):
        with pytest.raises(EntryRefused) as refused:
            apply_for_many(actor=state.ayse, entries=rows, grant=grant)
        assert refused.value.place == 1
        assert not OfficerApplication.objects.exists()
    other = dataclasses.replace(rows[1], scope=state.branch.pk, given_name="Zehra")
    with pytest.raises(EntryRefused) as refused:
        apply_for_many(actor=state.ayse, entries=[rows[0], other], grant=True)
    assert refused.value.place == 1
    assert refused.value.error.field == "given_name"
    assert not Person.objects.filter(given_name="Fatma").exists()


def test_a_grant_that_begins_later_is_in_the_way(state):
    known = PersonFactory(given_name="Fatma", family_name="Çelik")
    later = timezone.now() + timezone.timedelta(days=3)
    RoleGrantFactory(
        person=known,
        role=Role.IYEM_REGISTRAR,
        scope_detsis_no=state.region.pk,
        validity=(later, None),
    )
    entries = [entry(state.branch.pk), entry(state.region.pk, number_of(known))]
    with pytest.raises(EntryRefused) as refused:
        apply_for_many(actor=state.ayse, entries=entries, grant=True)
    assert refused.value.place == 1
    assert isinstance(refused.value.error, RuleViolation)


def test_who_may_not_decide_grants_nothing(state):
    with pytest.raises(EntryRefused) as refused:
        apply_for_many(actor=state.burak, entries=[entry(state.region.pk)], grant=True)
    assert isinstance(refused.value.error, NotAllowed)
    assert not OfficerApplication.objects.exists()
    assert apply_for_many(actor=state.burak, entries=[]) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False])
def test_of_two_sheets_with_one_person_one_is_saved_and_the_other_reads_why(state, known):
    for round_ in range(5):
        numbers = [next_national_id() for _ in range(3)]
        if known:
            for number in numbers:
                PersonFactory(given_name="Fatma", family_name="Çelik", national_id=number)
        sheets = [
            [entry(state.region.pk, number) for number in numbers],
            [entry(state.region.pk, number) for number in reversed(numbers)],
        ]

        def save(actor, entries):
            try:
                apply_for_many(actor=actor, entries=entries, grant=True)
            except EntryRefused as refused:
                return str(refused.error)
            except ValidationError as error:
                return " ".join(error.messages)
            return "saved"

        told = at_once(
            *[partial(save, *each) for each in zip((state.ayse, state.zeynep), sheets, strict=True)]
        )
        assert sorted(text == "saved" for text in told) == [False, True], told
        prints = [cipher.fingerprint(number) for number in numbers]
        grants = RoleGrant.objects.filter(person__national_id_hash__in=prints)
        assert grants.count() == 3, round_
