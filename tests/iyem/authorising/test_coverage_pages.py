"""The coverage board's pages: what they show, to whom, and in how many queries."""

import html
import json

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from detsis.models import Unit
from iyem import coverage
from iyem.models import UnitCoverage
from iyem.permissions import overseen_by, units_of
from kaysis.accounts.models import Role
from kaysis.accounts.permissions import scopes_of
from tests.factories.accounts import RoleGrantFactory, next_national_id, person_with
from tests.factories.detsis import unit
from tests.factories.iyem import appoint

pytestmark = pytest.mark.django_db

BASE = "/yetkili/iyem/kapsama"


@pytest.fixture
def board(state):
    """One unit has a manager; the regional directorate has two officers."""
    appoint(state.office)
    person_with(Role.IYEM_REGISTRAR, state.region.pk)
    coverage.refresh()
    return state


def shown(client, path=""):
    page = client.get(f"{BASE}/{path}")
    assert page.status_code == 200
    return {
        getattr(row.record, "unit_id", None) or row.record.key: (
            row.record.units,
            row.record.unsigned,
            row.record.understaffed,
        )
        for row in page.context["table"].page
    }


def test_the_centre_sees_the_state_and_goes_down(zeynep, board):
    page = zeynep.get(f"{BASE}/")
    (heading, total, _query) = page.context["summary"][0]
    assert (heading, total.units, total.unsigned) == ("Bütün devlet", 8, 7)
    assert set(shown(zeynep)) == {board.head.pk}
    assert shown(zeynep, f"{board.head.pk}/") == {
        board.ministry.pk: (6, 5, 4),
        board.governorship.pk: (1, 1, 1),
    }
    below = shown(zeynep, f"{board.ministry.pk}/")
    # Two Görevli and the Yetkili of the ministry look after the region.
    assert below[board.region.pk] == (2, 2, 0)
    assert below[board.office.pk] == (1, 0, 1)
    assert shown(zeynep, "iller/") == {6: (5, 5, 3)}


def test_officers_begin_at_their_own_units(ayse, burak, cem, board):
    assert set(shown(ayse)) == {board.ministry.pk}
    assert set(shown(burak)) == {board.region.pk}
    assert set(shown(cem)) == {board.governorship.pk}
    assert ayse.get(f"{BASE}/iller/").status_code == 403
    # What hangs below the own unit is seen, though the governorship looks after it.
    assert ayse.get(f"{BASE}/{board.directorate.pk}/").status_code == 200
    assert cem.get(f"{BASE}/{board.directorate.pk}/").status_code == 200
    assert burak.get(f"{BASE}/{board.ministry.pk}/").status_code == 404
    assert cem.get(f"{BASE}/{board.region.pk}/").status_code == 404
    assert ayse.get(f"{BASE}/99999999/").status_code == 404


def test_a_civil_authority_sees_what_stands_under_it(cem, board):
    summary = cem.get(f"{BASE}/{board.governorship.pk}/").context["summary"]
    assert [(str(heading), sums.units) for heading, sums, _query in summary] == [
        ("Kendisi ve alt birimleri", 1),
        ("Mülki idareye bağlı birimler", 2),
    ]
    units = cem.get(f"{BASE}/birimler/?mulki={board.governorship.pk}").context["page_obj"]
    assert {each.pk for each in units} == {board.directorate.pk, board.school.pk}


def test_every_figure_leads_to_the_units_it_counts(zeynep, ayse, board):
    for client in (zeynep, ayse):
        for number in (board.ministry.pk, board.region.pk, board.directorate.pk):
            row = UnitCoverage.objects.get(pk=number)
            for gap in ("unsigned", "understaffed", "unconfirmed"):
                page = client.get(f"{BASE}/birimler/?sorun={gap}&kapsam={number}")
                assert page.context["paginator"].count == getattr(row, gap), (number, gap)
    page = zeynep.get(f"{BASE}/birimler/?il=6&sorun=unsigned")
    assert page.context["paginator"].count == 5
    text = ayse.get(f"{BASE}/birimler/?q=personel").content.decode()
    assert "Personel Dairesi" in text
    assert "1 İYEM yetkilisi" in text
    assert "İmza yetkilisi yok" not in text.split("Personel Dairesi")[1].split("k-row")[0]


def test_boards_are_exported(zeynep, burak, board):
    rows = json.loads(zeynep.get(f"{BASE}/{board.ministry.pk}/?bicim=json").getvalue())
    assert {row["name"]: row["unsigned"] for row in rows} == {
        "Bölge Müdürlüğü": 2,
        "Personel Dairesi": 0,
        "İl Tarım Müdürlüğü": 2,
    }
    rows = json.loads(zeynep.get(f"{BASE}/iller/?bicim=json").getvalue())
    assert [(row["plate"], row["province"], row["units"]) for row in rows] == [(6, "Ankara", 5)]
    rows = burak.get(f"{BASE}/birimler/?bicim=csv").getvalue().decode()
    assert "Bölge Şubesi" in rows
    assert "Tarım Lisesi" not in rows


def test_before_the_first_run_the_board_says_so(zeynep, state):
    text = zeynep.get(f"{BASE}/").content.decode()
    assert "Henüz hesaplanmadı" in text
    assert zeynep.get(f"{BASE}/{state.ministry.pk}/").status_code == 200
    assert zeynep.get(f"{BASE}/iller/").status_code == 200


def test_boards_take_the_same_queries_however_large(
    client_of, state, django_assert_num_queries, django_assert_max_num_queries
):
    def measure(client):
        counts = []
        for path in ("", f"{state.ministry.pk}/", "birimler/"):
            client.get(f"{BASE}/{path}")
            with django_assert_max_num_queries(16) as made:
                client.get(f"{BASE}/{path}")
            counts.append(len(made))
        return counts

    coverage.refresh()
    client = client_of(state.ayse)
    before = measure(client)
    for number in range(12):
        below = unit(f"Daire {number}", state.ministry.pk)
        unit(f"Şube {number}", below.pk)
    coverage.refresh()
    assert measure(client) == before


def test_units_below_one_are_sorted_by_name_without_the_index_of_all_names(zeynep, state):
    """With it, a page of a few units takes reading the names of the whole state in order."""
    ordered = ["Cam Dairesi", "Çevre Dairesi", "Isı Dairesi", "İç Denetim", "Zonguldak Dairesi"]
    for name in reversed(ordered):
        unit(name, state.branch.pk)
    coverage.refresh()
    with connection.cursor() as cursor:
        # Whatever could come sorted from an index, does.
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        for query, expected in (("", ordered), ("?sirala=-unit", ordered[::-1])):
            page = zeynep.get(f"{BASE}/{state.branch.pk}/{query}")
            shown = page.context["table"].rows.data.data
            assert [row.unit.name for row in shown] == expected
            assert "detsis_unit_by_name" not in shown.explain()


def test_what_one_may_look_at_is_what_one_looks_after_and_all_below(state):
    people = [state.ayse, state.burak, state.cem, state.zeynep]
    people.append(person_with(Role.IYEM_AUTHORISED, state.head.pk))
    people.append(person_with(Role.IYEM_AUTHORISED, state.directorate.pk))
    both = person_with(Role.IYEM_REGISTRAR, state.branch.pk)
    RoleGrantFactory(person=both, role=Role.IYEM_AUTHORISED, scope_detsis_no=state.governorship.pk)
    people.append(both)
    for person in people:
        scopes = scopes_of(person, Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR).numbers
        below = set(Unit.objects.within(scopes).values_list("pk", flat=True))
        after = set(units_of(person).values_list("pk", flat=True))
        seen = set(overseen_by(person).values_list("pk", flat=True))
        assert seen == below | after
    # The last one: what stands under the governorship, and not the region above the branch.
    assert {state.school.pk, state.branch.pk} <= seen
    assert state.region.pk not in seen


def test_addresses_are_stable(state):
    assert reverse("iyem:coverage-of", args=[state.ministry.pk]) == f"{BASE}/{state.ministry.pk}/"


def test_a_row_leads_its_officer_to_the_form_and_back_to_the_list(ayse, cem, board):
    """The headquarters see the school, which the governorship looks after: no form for them."""
    address = f"{BASE}/birimler/?sorun=unsigned"
    page = ayse.get(address).content.decode()
    form = f"/yetkili/iyem/kayit/?birim={board.branch.pk}&donus="
    assert html.escape(form) in page
    assert f"birim={board.school.pk}&amp;" not in page
    assert f'href="/kurum/{board.school.pk}/"' in page
    link = next(
        html.unescape(part.split('"')[0])
        for part in page.split('href="')
        if part.startswith(html.escape(form))
    )
    filled = ayse.get(link).content.decode()
    assert f"Bölge Şubesi ({board.branch.pk})" in filled
    assert f'href="{address}"' in filled
    given = {
        "who": next_national_id(),
        "given_name": "Elif",
        "family_name": "Çınar",
        "unit": str(board.branch.pk),
        "ordinal": "0",
        "title": "Şube Müdürü",
        "kind": "substantive",
        "starts_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
    }
    assert ayse.post(link, given).url == address
    # The figures are as old as before; the row knows.
    page = ayse.get(address).content.decode()
    assert "Şimdi kaydedildi" in page
    assert html.escape(form) not in page
    assert f"birim={board.school.pk}&amp;" in cem.get(address).content.decode()


@pytest.mark.parametrize(
    "wanted",
    ["https://example.org/yetkili/iyem/", "//example.org/", "/kurumlar/", "/yetkili/iyem//\n"],
)
def test_the_way_back_never_leads_out_of_the_area(ayse, board, wanted):
    page = ayse.get("/yetkili/iyem/kayit/", {"donus": wanted}).content.decode()
    assert "example.org" not in page.split("<main")[1].split("hx-post")[0]
    assert "Geldiğiniz liste" not in page or wanted.startswith("/yetkili/iyem/")
