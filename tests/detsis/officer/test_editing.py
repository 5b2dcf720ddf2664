"""A file that is still being written: its heading, its rows, and what its page costs."""

import datetime as dt

import pytest

from detsis import services
from detsis.models import ChangeSet
from detsis.services import ItemInput
from tests.cache import forget
from tests.detsis.officer.conftest import TODAY
from tests.factories.detsis import unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC))


def draft(actor, *items: ItemInput) -> ChangeSet:
    return services.create_change_set(
        actor=actor, title="Değişiklik", effective_on=TODAY, reason="Yazı", items=items
    )


def rename(number: int, name: str) -> ItemInput:
    return ItemInput(kind="renamed", unit=number, assignments={"name": name})


def test_a_row_is_edited_in_the_form_it_was_written_in(ayse, officer, ministry):
    file = draft(officer, rename(ministry[2].pk, "Yeni Ad"))
    row = file.items.get()
    url = f"{file.get_absolute_url()}satir/{row.pk}/"
    page = ayse.get(url).content.decode()
    assert 'value="Yeni Ad"' in page
    assert "Tarım Bakanlığı" in page
    assert ayse.post(url, {"name": ""}).status_code == 422
    sent = ayse.post(url, {"name": "Daha İyi Ad", "effective_on": "2027-02-01"})
    assert sent.url == file.get_absolute_url()
    row.refresh_from_db()
    assert (row.assignments, row.effective_on) == ({"name": "Daha İyi Ad"}, dt.date(2027, 2, 1))
    # Emptied, the day is the file's again.
    ayse.post(url, {"name": "Daha İyi Ad", "effective_on": ""})
    row.refresh_from_db()
    assert row.effective_on is None


def test_a_founding_is_edited_with_everything_it_said(ayse, officer, ministry):
    said = {"name": "Yeni Şube", "parent": ministry[2].pk, "province": 76, "phone": "0312"}
    file = draft(
        officer,
        ItemInput(kind="founded", key="yeni-1", assignments=said),
        ItemInput(kind="founded", key="yeni-2", assignments={"name": "Alt", "parent": "yeni-1"}),
    )
    row = file.items.get(key="yeni-2")
    url = f"{file.get_absolute_url()}satir/{row.pk}/"
    assert "Yeni Şube (yeni-1)" in ayse.get(url).content.decode()
    sent = {"name": "Alt Birim", "parent": "Yeni Şube (yeni-1)", "organisation_type": "central"}
    assert ayse.post(url, sent).status_code == 302
    row.refresh_from_db()
    assert row.assignments == {"name": "Alt Birim", "parent": "yeni-1"}
    # A new unit does not hang below itself.
    assert ayse.post(url, {**sent, "parent": "yeni-2"}).status_code == 422


def test_a_file_shows_every_fact_of_a_founding_to_who_decides(ayse, officer, ministry):
    said = {"name": "Yeni Şube", "parent": ministry[2].pk, "phone": "0312 111 22 33"}
    file = draft(officer, ItemInput(kind="founded", key="yeni-1", assignments=said))
    assert "0312 111 22 33" in ayse.get(file.get_absolute_url()).content.decode()


def test_blanks_nobody_sees_do_not_stay_in_a_name(ayse, officer, ministry):
    file = draft(officer, ItemInput(kind="renamed", unit=ministry[2].pk, assignments={"name": "A"}))
    row = file.items.get()
    ayse.post(
        f"{file.get_absolute_url()}satir/{row.pk}/", {"name": " Yeni   Ad ", "effective_on": ""}
    )
    row.refresh_from_db()
    assert row.assignments == {"name": "Yeni Ad"}


def test_successors_are_edited_and_more_of_them_added(ayse, officer, ministry):
    halves = [unit(f"Yarı {number}", ministry[1].pk) for number in range(3)]
    split = ItemInput(
        kind="split",
        unit=ministry[2].pk,
        assignments={"active": False},
        successors=[half.pk for half in halves[:2]],
    )
    file = draft(officer, split)
    url = f"{file.get_absolute_url()}satir/{file.items.get().pk}/"
    assert f"Yarı 1 ({halves[1].pk})" in ayse.get(url).content.decode()
    typed = {"successors_1": "yarı 0", "successors_2": str(halves[2].pk), "alan": "4"}
    more = ayse.post(url, {**typed, "daha": "1"})
    assert (more.status_code, more.content.decode().count('value="yarı 0"')) == (200, 1)
    assert 'name="successors_6"' in more.content.decode()
    assert ayse.post(url, typed).status_code == 302
    assert file.items.get().successors == [halves[0].pk, halves[2].pk]


def test_the_heading_is_edited_until_the_file_is_sent(ayse, zeynep, officer, ministry):
    file = draft(officer, rename(ministry[2].pk, "Yeni Ad"))
    url = f"{file.get_absolute_url()}bilgiler/"
    assert 'value="Değişiklik"' in ayse.get(url).content.decode()
    heading = {"title": "Başka başlık", "effective_on": "2027-01-01", "reason": "Başka yazı"}
    assert ayse.post(url, {**heading, "title": ""}).status_code == 422
    ayse.post(url, heading)
    file.refresh_from_db()
    assert (file.title, file.effective_on) == ("Başka başlık", dt.date(2027, 1, 1))
    services.submit_change_set(actor=officer, change_set=file)
    row = f"{file.get_absolute_url()}satir/{file.items.get().pk}/"
    for client in (ayse, zeynep):
        assert client.get(url).status_code == 403
        assert client.post(row, {"name": "X"}).status_code == 403


def test_the_rows_of_others_are_not_there(cem, ayse, officer, ministry):
    file = draft(officer, rename(ministry[2].pk, "Yeni Ad"))
    other = draft(officer, rename(ministry[2].pk, "Başka Ad"))
    row = file.items.get()
    assert cem.get(f"{file.get_absolute_url()}satir/{row.pk}/").status_code == 404
    assert ayse.get(f"{other.get_absolute_url()}satir/{row.pk}/").status_code == 404


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_the_page_of_a_file_costs_the_same_however_many_rows(
    zeynep, centre, ministry, django_assert_num_queries, status
):
    """Undecided, with its kept preview; and decided, from what was recorded."""
    spent = []
    for rows in (2, 40):
        made = [unit(f"Şube {rows}-{number}", ministry[2].pk) for number in range(rows)]
        file = draft(centre, *(rename(each.pk, f"{each.name} Yeni") for each in made))
        if status == "scheduled":
            services.edit_change_set(
                actor=centre,
                change_set=file,
                title=file.title,
                effective_on=dt.date(2027, 1, 1),
                reason="Yazı",
                legal_reference="",
            )
            services.approve_change_set(actor=centre, change_set=file)
        zeynep.get(file.get_absolute_url())
        with django_assert_num_queries(QUERIES[status]) as counted:
            zeynep.get(file.get_absolute_url())
        spent.append(len(counted))
    assert spent[0] == spent[1]


def test_a_preview_costs_a_few_queries_for_each_row(
    zeynep, centre, ministry, django_assert_max_num_queries
):
    made = [unit(f"Şube {number}", ministry[2].pk) for number in range(40)]
    file = draft(centre, *(rename(each.pk, f"{each.name} Yeni") for each in made))
    forget()
    with django_assert_max_num_queries(40 * 3 + 60):
        zeynep.get(file.get_absolute_url())


QUERIES = {"draft": 7, "scheduled": 12}
