"""What happened to the demo state: the reorganisation of 2018 and after, and something to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from detsis import services
from detsis.demo import numbers
from detsis.demo.state import REGISTERED_ON
from detsis.models import Unit
from detsis.services import Wanted, record_changes

KHK_703 = "2/7/2018 tarihli ve 703 sayılı KHK"
CBK_1 = "10/7/2018 tarihli ve 1 sayılı Cumhurbaşkanlığı Kararnamesi"
CBK_73 = "21/4/2021 tarihli ve 73 sayılı Cumhurbaşkanlığı Kararnamesi"
CBK_85 = "29/10/2021 tarihli ve 85 sayılı Cumhurbaşkanlığı Kararnamesi"
IN_2018, IN_APRIL_2021, IN_OCTOBER_2021 = (
    dt.date(2018, 7, 10),
    dt.date(2021, 4, 21),
    dt.date(2021, 10, 29),
)
# Ministries that are no more: (name, kind of ending, successors).
ENDED = [
    ("Başbakanlık", "devolved", ["Cumhurbaşkanlığı"]),
    (
        "Kalkınma Bakanlığı",
        "split",
        ["Strateji ve Bütçe Başkanlığı", "Sanayi ve Teknoloji Bakanlığı"],
    ),
    ("Maliye Bakanlığı", "merged", ["Hazine ve Maliye Bakanlığı"]),
    ("Hazine Müsteşarlığı", "merged", ["Hazine ve Maliye Bakanlığı"]),
    ("Ekonomi Bakanlığı", "merged", ["Ticaret Bakanlığı"]),
    ("Gümrük ve Ticaret Bakanlığı", "merged", ["Ticaret Bakanlığı"]),
    ("Orman ve Su İşleri Bakanlığı", "merged", ["Tarım ve Orman Bakanlığı"]),
    ("Avrupa Birliği Bakanlığı", "devolved", ["Dışişleri Bakanlığı"]),
]


@dataclass(frozen=True, slots=True)
class Renaming:
    """A ministry, by its present name, and what it was called before."""

    now: str
    before: str
    before_en: str
    day: dt.date
    ground: str


RENAMED = [
    Renaming(
        "Sanayi ve Teknoloji Bakanlığı",
        "Bilim, Sanayi ve Teknoloji Bakanlığı",
        "Ministry of Science, Industry and Technology",
        IN_2018,
        CBK_1,
    ),
    Renaming(
        "Ulaştırma ve Altyapı Bakanlığı",
        "Ulaştırma, Denizcilik ve Haberleşme Bakanlığı",
        "Ministry of Transport, Maritime Affairs and Communications",
        IN_2018,
        CBK_1,
    ),
    Renaming(
        "Tarım ve Orman Bakanlığı",
        "Gıda, Tarım ve Hayvancılık Bakanlığı",
        "Ministry of Food, Agriculture and Livestock",
        IN_2018,
        CBK_1,
    ),
    Renaming(
        "Çevre, Şehircilik ve İklim Değişikliği Bakanlığı",
        "Çevre ve Şehircilik Bakanlığı",
        "Ministry of Environment and Urbanisation",
        IN_OCTOBER_2021,
        CBK_85,
    ),
]


def record() -> None:
    """Record it all, day after day; the changes are as real as an officer's."""
    by_name = {
        unit.name: unit.pk for unit in Unit.objects.filter(is_institution=True, category__lt=200)
    }
    spare = iter(numbers.ENDED)
    for renaming in RENAMED:
        _called_before(by_name[renaming.now], renaming)
    presidency = by_name["Cumhurbaşkanlığı"]
    ended = {name: next(spare) for name, _kind, _successors in ENDED}
    record_changes(
        [
            Wanted(
                kind="registered",
                unit=ended[name],
                effective_on=REGISTERED_ON,
                assignments={
                    "name": name,
                    "parent": None if name == "Başbakanlık" else presidency,
                    "is_institution": True,
                    "province": 6,
                    "category": 18 if name == "Başbakanlık" else 19,
                    "status": 3,
                    "budget_type": 1,
                },
                reason="Örnek veri",
            )
            for name, _kind, _successors in ENDED
        ],
        actor=None,
        source=numbers.SOURCE,
    )
    record_changes(
        [
            Wanted(
                kind=kind,
                unit=ended[name],
                effective_on=IN_2018,
                assignments={"active": False},
                successors=[by_name[successor] for successor in successors],
                reason="Cumhurbaşkanlığı hükûmet sistemine geçiş",
                legal_reference=KHK_703,
            )
            for name, kind, successors in ENDED
        ],
        actor=None,
        source=numbers.SOURCE,
    )
    for renaming in RENAMED:
        if renaming.day == IN_2018:
            _renamed(by_name[renaming.now], renaming)
    _family_and_labour(next(spare), by_name)
    for renaming in RENAMED:
        if renaming.day > IN_2018:
            _renamed(by_name[renaming.now], renaming)
    _to_come()


def _called_before(unit: int, renaming: Renaming) -> None:
    """The unit was registered under its old name."""
    registration = Unit.objects.get(pk=unit).changes.get()
    services.correct_change(
        change=registration,
        actor=None,
        reason="Kayıt, o günkü adla düzeltildi",
        assignments={
            **registration.assignments,
            "name": renaming.before,
            "name_en": renaming.before_en,
        },
    )


def _renamed(unit: int, renaming: Renaming) -> None:
    """It got the present name, which it had when it was loaded."""
    name_en = Unit.objects.get(pk=unit).changes.earliest("pk").assignments["name_en"]
    services.rename_unit(
        unit=unit,
        name=renaming.now,
        facts={"name_en": name_en},
        effective_on=renaming.day,
        actor=None,
        reason="Teşkilat değişikliği",
        legal_reference=renaming.ground,
        source=numbers.SOURCE,
    )


def _family_and_labour(number: int, by_name: dict[str, int]) -> None:
    """From 2018 to 2021 one ministry, then two again."""
    services.found_unit(
        actor=None,
        detsis_no=number,
        name="Aile, Çalışma ve Sosyal Hizmetler Bakanlığı",
        parent=by_name["Cumhurbaşkanlığı"],
        effective_on=IN_2018,
        legal_reference=CBK_1,
        source=numbers.SOURCE,
        is_institution=True,
        category=19,
        status=3,
        budget_type=1,
        province=6,
    )
    services.split_unit(
        unit=number,
        successors=[
            by_name["Aile ve Sosyal Hizmetler Bakanlığı"],
            by_name["Çalışma ve Sosyal Güvenlik Bakanlığı"],
        ],
        effective_on=IN_APRIL_2021,
        actor=None,
        reason="Bakanlığın ikiye ayrılması",
        legal_reference=CBK_73,
        source=numbers.SOURCE,
    )


def _to_come() -> None:
    """A renaming on the first day of next year, so that the future has something to show."""
    office = Unit.objects.filter(
        parent__name="Türkiye İstatistik Kurumu Başkanlığı", name="Bilgi İşlem Dairesi Başkanlığı"
    ).first()
    if office:
        services.rename_unit(
            unit=office.pk,
            name="Bilgi Teknolojileri Dairesi Başkanlığı",
            effective_on=dt.date(timezone.localdate().year + 1, 1, 1),
            actor=None,
            reason="Örnek: günü gelmemiş bir değişiklik",
            source=numbers.SOURCE,
        )
