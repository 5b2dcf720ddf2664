"""load_demo: a state that holds together, with a past and a future."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from detsis import counts, selectors, services, tree
from detsis.demo import history, numbers
from detsis.filters import UnitFilter
from detsis.models import QualityFinding, Unit, UnitChange, UnitVersion
from iyem.models import Manager
from kaysis.accounts.demo import demo_people
from kaysis.accounts.models import RoleGrant
from tests.factories.detsis import unit

pytestmark = pytest.mark.django_db


def load(**options) -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def institution(name: str) -> Unit:
    return Unit.objects.get(name=name, is_institution=True)


@pytest.mark.slow
def test_the_demo_state_as_a_whole():
    assert "birim yüklendi" in load()
    today = timezone.localdate()
    assert tree.check() == []
    total = Unit.objects.active().count()
    roots = Unit.objects.filter(parent=None).values_list("pk", flat=True)
    counted = counts.of_many(roots, today).values()
    assert total == sum(
        number
        for figures in counted
        for figure, number in figures.items()
        if figure != counts.INSTITUTIONS
    )

    # What somebody types finds the office, and its path leads to the ministry.
    units = Unit.objects.all()
    office = UnitFilter({"q": "igdir nufus mudurlugu"}, queryset=units).qs.get(district=None)
    assert office.name == "Iğdır İl Nüfus ve Vatandaşlık Müdürlüğü"
    assert office.civil_authority.name == "Iğdır Valiliği"
    path = [crumb.name for crumb in selectors.path(office.pk)]
    assert path[:2] == ["Cumhurbaşkanlığı", "İçişleri Bakanlığı"]

    # The past.
    before = dt.date(2018, 7, 9)
    ministry = institution("Ulaştırma ve Altyapı Bakanlığı")
    assert selectors.version_on(ministry.pk, before).name.startswith("Ulaştırma, Denizcilik")
    old = {v.name for v in UnitVersion.objects.at(before).filter(category=19, active=True)}
    assert {"Maliye Bakanlığı", "Kalkınma Bakanlığı", "Orman ve Su İşleri Bakanlığı"} <= old
    ended = Unit.objects.get(name="Kalkınma Bakanlığı")
    assert set(selectors.successors_of(ended.pk)) == {
        institution("Strateji ve Bütçe Başkanlığı").pk,
        institution("Sanayi ve Teknoloji Bakanlığı").pk,
    }
    # The future.
    coming = UnitChange.objects.get(scheduled=True)
    assert coming.effective_on == dt.date(today.year + 1, 1, 1)
    assert services.put_into_force(today=coming.effective_on) == [coming.unit_id]

    # Each kind of change has an example, and so has every finding that can be made on purpose.
    kinds = set(UnitChange.objects.values_list("kind", flat=True))
    assert {"registered", "founded", "renamed", "merged", "split", "devolved", "voided"} <= kinds
    found = set(QualityFinding.objects.values_list("rule", flat=True))
    assert {
        "stray-blanks", "personal-name", "circumflex", "capitals", "duplicate-name", "detached",
        "missing-kep", "missing-place", "missing-english", "missing-status",
    } <= found  # fmt: skip

    # The people, each over a part of it.
    assert len(demo_people()) == 13
    assert Manager.objects.count() > 8000
    scopes = set(RoleGrant.objects.exclude(scope_detsis_no=None).values_list("scope_detsis_no"))
    assert {number for (number,) in scopes} <= set(units.values_list("pk", flat=True))

    # Again: nothing.
    last = UnitChange.objects.latest("id").pk
    assert "yüklenmedi" in load()
    assert UnitChange.objects.latest("id").pk == last


def test_it_can_be_cut_and_still_holds_together():
    load(units=300, verbosity=0)
    assert Unit.objects.count() == 300
    assert tree.check() == []
    assert not UnitChange.objects.filter(kind="renamed").exists()


def test_the_history_speaks_of_units_that_exist():
    from detsis.demo import build

    names = {row["name"] for row in build.state()}
    told = {renaming.now for renaming in history.RENAMED}
    told |= {successor for _, _, successors in history.ENDED for successor in successors}
    assert told <= names


def test_only_numbers_that_were_invented_are_marked(client):
    """Not those that the register itself issued, though they lie in the same ranges."""
    load(units=300, verbosity=0)
    invented = Unit.objects.filter(pk__gte=96_000_000, pk__lt=98_000_000).first()
    real = Unit.objects.filter(pk__lt=95_000_000).first()
    issued = unit("Sonradan Kurulan Birim", real, detsis_no=97_999_999)
    mark = f">{numbers.MARK}<"
    for each, marked in ((invented, True), (real, False), (issued, False)):
        page = client.get(f"/kurum/{each.pk}/").content.decode()
        assert (mark in page) == marked, each
        assert (str(numbers.EXPLANATION) in page) == marked
        rows = client.get("/kurumlar/", {"gorunum": "liste", "q": each.pk}).content.decode()
        assert (mark in rows) == marked, each
        assert (str(numbers.EXPLANATION) in rows) == marked
