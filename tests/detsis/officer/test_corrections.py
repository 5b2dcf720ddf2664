"""A recorded entry replaced by a right one of its kind, from its page."""

import datetime as dt

import pytest

from detsis import selectors, services
from detsis.models import Unit, UnitChange
from tests.factories.detsis import unit

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 5, 6)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC))


def correct(client, change: UnitChange, **given):
    data = {"effective_on": change.effective_on.isoformat(), "reason": "Yanlış yazılmış", **given}
    return client.post(f"/yetkili/birimler/kayit/{change.pk}/duzelt/", data)


def renamed(target: Unit, name: str) -> UnitChange:
    return services.rename_unit(unit=target.pk, name=name, effective_on=DAY, actor=None)


def test_a_name_and_its_day_are_corrected_and_the_wrong_ones_stay_visible(zeynep, ministry):
    office = ministry[2]
    wrong = renamed(office, "Bilgi Islem Dairesi")
    page = zeynep.get(f"/yetkili/birimler/kayit/{wrong.pk}/duzelt/").content.decode()
    assert 'value="Bilgi Islem Dairesi"' in page
    assert 'value="2024-05-06"' in page
    answer = correct(zeynep, wrong, name="Bilişim Dairesi", effective_on="2024-06-01")
    assert answer.url == office.get_absolute_url()
    office.refresh_from_db()
    assert office.name == "Bilişim Dairesi"
    assert selectors.version_on(office.pk, dt.date(2024, 5, 20)).name == "Bilgi İşlem Dairesi"
    wrong.refresh_from_db()
    assert wrong.voided_by.reason == "Yanlış yazılmış"
    history = zeynep.get(office.get_absolute_url()).content.decode()
    assert "Bilgi Islem Dairesi" in history
    # What was replaced is no longer there to be corrected.
    assert correct(zeynep, wrong, name="X").status_code == 404


def test_a_move_is_corrected_with_the_name_of_the_right_place(zeynep, ministry):
    right = unit("Doğru Genel Müdürlük", ministry[1].pk)
    elsewhere = unit("Yanlış Genel Müdürlük", ministry[1].pk)
    moved = services.move_unit(
        unit=ministry[2].pk, parent=elsewhere.pk, effective_on=DAY, actor=None
    )
    page = zeynep.get(f"/yetkili/birimler/kayit/{moved.pk}/duzelt/").content.decode()
    assert f"Yanlış Genel Müdürlük ({elsewhere.pk})" in page
    assert correct(zeynep, moved, parent="doğru genel").status_code == 302
    ministry[2].refresh_from_db()
    assert ministry[2].parent_id == right.pk


def test_successors_are_corrected(zeynep, ministry):
    wrong, right = unit("Yanlış Halef", ministry[1].pk), unit("Doğru Halef", ministry[1].pk)
    merged = services.merge_units(
        units=[ministry[2].pk], successor=wrong.pk, effective_on=DAY, actor=None
    )
    change = UnitChange.objects.get(pk=merged[0].pk)
    assert correct(zeynep, change, successors=str(right.pk)).status_code == 302
    assert selectors.successors_of(ministry[2].pk) == [right.pk]


def test_a_founding_keeps_what_its_form_does_not_ask(zeynep, ministry):
    made = unit("Şube Müdürlügü", ministry[2].pk, letterhead=["BİR", "İKİ"])
    founding = made.changes.get()
    answer = correct(zeynep, founding, name="Şube Müdürlüğü", parent=str(ministry[2].pk))
    assert answer.status_code == 302, answer.content.decode()
    made.refresh_from_db()
    assert (made.name, made.letterhead) == ("Şube Müdürlüğü", ["BİR", "İKİ"])


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"name": "Yeni", "reason": ""}, "#id_reason"),
        ({"name": ""}, "#id_name"),
        ({"name": "Bilgi İşlem Dairesi"}, "değişen bir şey yok"),
        ({"name": "Yeni", "effective_on": "1900-01-01"}, "önce"),
    ],
)
def test_a_refused_correction_changes_nothing(zeynep, ministry, given, complaint):
    wrong = renamed(ministry[2], "Yanlış")
    answer = correct(zeynep, wrong, **given)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    ministry[2].refresh_from_db()
    assert ministry[2].name == "Yanlış"


def test_only_the_centre_corrects(ayse, cem, ministry):
    wrong = renamed(ministry[2], "Yanlış")
    assert correct(ayse, wrong, name="Doğru").status_code == 403
    assert correct(cem, wrong, name="Doğru").status_code == 403
