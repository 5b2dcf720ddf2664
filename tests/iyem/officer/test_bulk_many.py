"""A minister's worth of managers: the number of statements, and what holds all the same."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from iyem.models import Appointment, AppointmentState, LegacyManager, Manager, Post
from iyem.officer import bulk
from iyem.officer.bulk.reading import MOST_ROWS
from iyem.services.bulk import EntryRefused, register_many
from kaysis.accounts import cipher
from kaysis.accounts.models import Person
from kaysis.common.errors import Conflict, NotAllowed
from tests.factories.detsis import unit
from tests.factories.iyem import appoint, manager
from tests.iyem.officer.test_bulk import line, sheet

pytestmark = pytest.mark.django_db
# Reading, checking and saving a sheet, whatever its length.
READ, CHECKED, SAVED = 3, 5, 25


@pytest.fixture
def offices(ministry):
    return [unit(f"Daire {n}", ministry[1].pk) for n in range(40)]


def counted(function, *args, **given):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = function(*args, **given)
    return result, len(queries)


def read(officer, *lines):
    rows = bulk.read(sheet(*lines), officer)
    bulk.check(rows)
    assert [row.problems for row in rows] == [[]] * len(rows)
    return rows


def test_statements_do_not_grow_with_the_rows(officer, offices):
    def through(chosen):
        lines = [line(each, birim=each.name if each.pk % 2 else str(each.pk)) for each in chosen]
        rows, reading = counted(bulk.read, sheet(*lines), officer)
        _none, checking = counted(bulk.check, rows)
        saved, saving = counted(bulk.save, actor=officer, rows=rows)
        assert saved == len(chosen)
        return reading, checking, saving

    assert through(offices[:4]) == (READ, CHECKED, SAVED)
    # What the officer looks after is asked once.
    assert through(offices[4:]) == (READ - 1, CHECKED, SAVED)
    assert AppointmentState.objects.current().count() == 40


def test_every_row_has_its_trail(officer, offices):
    rows = read(officer, *[line(each) for each in offices[:3]])
    bulk.save(actor=officer, rows=rows)
    for person in Person.objects.filter(manager__isnull=False):
        event = person.events.order_by("pgh_id").last()
        assert event.pgh_context["user"] == officer.pk
        assert event.pgh_context["reason"] == "Yönetici kaydı"
    for made in Appointment.objects.all():
        assert (made.source, made.registered_by, made.first_registration) == ("bulk", officer, True)
        (state,) = made.states.all()
        assert (state.recorded_by, state.late, state.known.lower) == (
            officer,
            False,
            made.registered_at,
        )


def test_somebody_known_keeps_name_and_code(officer, offices):
    known = manager(given_name="Mehmet", family_name="Ak")
    number = cipher.decrypt(known.person.national_id_encrypted, known.person.national_id_hash)
    lines = [
        line(offices[0], kimlik_no=number, ad=None, soyad=None),
        line(offices[1], kimlik_no=number, ad="Mehmet", soyad="Ak"),
    ]
    bulk.save(actor=officer, rows=read(officer, *lines))
    assert Manager.objects.get() == known
    assert known.appointments.count() == 2


def test_rows_that_exclude_one_another_are_named_when_saved(officer, offices):
    """The check has said so before; saving does not rely on it."""
    first, second = bulk.read(sheet(line(offices[0]), line(offices[0])), officer)
    with pytest.raises(Conflict, match=r"3\. satır: Bu makamda o sırada Elif ÇINAR kayıtlı"):
        bulk.save(actor=officer, rows=[first, second])
    assert not Appointment.objects.exists()
    assert not Manager.objects.exists()


def test_one_after_the_other_is_no_conflict_and_the_second_is_not_first(officer, offices):
    lines = [
        line(offices[0], bitis="10.11.2026", bitis_saati="09:00"),
        line(offices[0], baslangic="10.11.2026", baslangic_saati="09:00"),
    ]
    bulk.save(actor=officer, rows=read(officer, *reversed(lines)))
    earlier, later = AppointmentState.objects.order_by("validity")
    assert (earlier.appointment.first_registration, earlier.late) == (True, False)
    assert (later.appointment.first_registration, later.late) == (False, True)


def test_deputies_are_seated_in_order_whatever_the_order_of_the_rows(officer, ministry):
    lines = [line(ministry[1], makam=n) for n in (3, 1, 2)]
    bulk.save(actor=officer, rows=read(officer, *lines))
    assert list(Post.objects.values_list("ordinal", flat=True)) == [1, 2, 3]
    (third,) = bulk.read(sheet(line(ministry[2], makam=2)), officer)
    with pytest.raises(Conflict, match=r"2\. satır: Önce 1\. amir yardımcısını"):
        bulk.save(actor=officer, rows=[third])


def test_the_line_of_a_text_too_long_is_named(officer, offices):
    rows = read(officer, line(offices[0]), line(offices[1]))
    rows[1].item = dataclasses.replace(rows[1].item, title="a" * 201)
    with pytest.raises(Conflict, match=r"3\. satır: "):
        bulk.save(actor=officer, rows=rows)
    assert not Person.objects.filter(given_name="Elif").exists()


def test_out_of_scope_nothing_is_saved(officer, offices):
    rows = read(officer, line(offices[0]))
    rows[0].item = dataclasses.replace(rows[0].item, unit=unit("Başka").pk)
    with pytest.raises(NotAllowed):
        bulk.save(actor=officer, rows=rows)


def test_the_old_names_of_each_institution_go_once(officer, ministry, offices):
    """Rule 11, for a sheet."""
    other = unit("Kurum", ministry[1].pk, is_institution=True)
    below = unit("Kurum Dairesi", other.pk)
    for place in (ministry[1], offices[0], other, unit("Uzak")):
        LegacyManager.objects.create(unit=place, name="Eski Ad", title="Müdür")
    rows = read(officer, line(offices[1]), line(offices[2]), line(below))
    bulk.save(actor=officer, rows=rows)
    assert LegacyManager.objects.filter(wipe=None).get().unit.name == "Uzak"


def test_when_the_post_was_filled_meanwhile_the_entry_is_named(officer, offices):
    rows = read(officer, line(offices[0]), line(offices[1]))
    appoint(offices[1], start="2026-11-02 09:00")
    with pytest.raises(Conflict, match=r"3\. satır"):
        bulk.save(actor=officer, rows=rows)
    assert register_many(actor=officer, entries=[]) == []
    assert EntryRefused(1, Conflict("x")).place == 1


def test_a_longer_sheet_is_refused(ayse, officer, monkeypatch):
    assert MOST_ROWS == 3000
    monkeypatch.setattr("iyem.officer.bulk.reading.MOST_ROWS", 2)
    with pytest.raises(Exception, match="en çok 2 satır"):
        bulk.read(sheet(*[line(unit()) for _ in range(3)]), officer)
