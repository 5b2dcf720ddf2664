"""check_tree, put_into_force, and the jobs that run by the clock."""

import datetime as dt
import io
import zoneinfo

import pytest
from django.core.management import CommandError, call_command

from detsis import numbering, services, tree
from detsis.models import Unit
from detsis.tasks import put_into_force, refresh_quality
from kaysis.celery import app
from tests.factories.detsis import chain, forest, unit

ISTANBUL = zoneinfo.ZoneInfo("Europe/Istanbul")


def said(name: str, **options) -> str:
    out = io.StringIO()
    call_command(name, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_check_tree_is_content_with_a_sound_tree():
    assert "0 birim" in said("check_tree")
    forest([None, 0, 0, 1])
    assert "4 birim" in said("check_tree")


@pytest.mark.django_db
def test_check_tree_fails_and_says_why():
    numbers = forest([None, 0, 0, 1])
    Unit.objects.filter(pk=numbers[3]).update(level=7)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 hata"):
        call_command("check_tree", stderr=out)
    assert out.getvalue().strip() == f"wrong level: {numbers[3]}"


@pytest.mark.django_db
def test_check_tree_repairs_bounds_and_keeps_parents():
    numbers = forest([None, 0, 0, 1])
    before = dict(Unit.objects.values_list("pk", "parent_id"))
    Unit.objects.filter(pk__in=numbers).update(lft=1, rght=2, level=0)
    assert "sağlam" in said("check_tree", repair=True)
    assert tree.check() == []
    assert dict(Unit.objects.values_list("pk", "parent_id")) == before


@pytest.mark.django_db
def test_what_cannot_be_repaired_still_fails():
    first, second = chain("Kök", "Daire")
    Unit.objects.filter(pk=first.pk).update(parent=second.pk)
    with pytest.raises(CommandError):
        call_command("check_tree", repair=True, stderr=io.StringIO())


@pytest.mark.django_db
def test_check_tree_does_not_renumber_what_is_sound(monkeypatch):
    forest([None, 0])
    monkeypatch.setattr(numbering, "renumber", lambda: pytest.fail("nothing to repair"))
    said("check_tree", repair=True)


@pytest.mark.django_db
def test_at_midnight_scheduled_changes_come_into_force(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 23, 55, tzinfo=ISTANBUL))
    made = unit("Eski Ad")
    services.rename_unit(
        unit=made.pk, name="Yeni Ad", effective_on=dt.date(2026, 11, 25), actor=None
    )
    assert put_into_force() == 0
    time_machine.move_to(dt.datetime(2026, 11, 25, 0, 0, 1, tzinfo=ISTANBUL))
    assert put_into_force() == 1
    assert Unit.objects.get(pk=made.pk).name == "Yeni Ad"
    assert put_into_force() == 0
    assert "0 birim" in said("put_into_force")


@pytest.mark.django_db
def test_the_nightly_look_at_data_quality_counts_its_findings():
    unit("Fazla  Boşluk")
    assert refresh_quality() >= 1


def test_every_job_of_the_schedule_exists():
    app.loader.import_default_modules()
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, name
        assert entry["schedule"].tz.key == "Europe/Istanbul", name


def test_midnight_is_among_the_moments_of_the_schedule():
    schedule = app.conf.beat_schedule["detsis-put-into-force"]["schedule"]
    assert 0 in schedule.hour
    assert 0 in schedule.minute
