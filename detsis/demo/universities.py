"""Universities below the council, each with the units every university has."""

from __future__ import annotations

from collections.abc import Iterator

from detsis.demo import provinces
from detsis.demo.state import Row, State, entries, kep
from detsis.seed import CategoryCode

LAW_2547 = {"name": "Yükseköğretim Kanunu", "date": "1981-11-06", "number": "2547"}
SPECIAL_BUDGET, OTHER_BUDGET = 3, 12
# Names whose English is not the Turkish name with "University" behind it.
_ENGLISH = {
    "Orta Doğu Teknik": "Middle East Technical University",
    "İstanbul": "Istanbul University",
    "İstanbul Teknik": "Istanbul Technical University",
    "Yıldız Teknik": "Yıldız Technical University",
    "Karadeniz Teknik": "Karadeniz Technical University",
    "Bursa Teknik": "Bursa Technical University",
    "Erzurum Teknik": "Erzurum Technical University",
    "Eskişehir Teknik": "Eskişehir Technical University",
    "Gebze Teknik": "Gebze Technical University",
    "İskenderun Teknik": "Iskenderun Technical University",
    "Konya Teknik": "Konya Technical University",
    "Mimar Sinan Güzel Sanatlar": "Mimar Sinan Fine Arts University",
    "Ankara Sosyal Bilimler": "Social Sciences University of Ankara",
    "Ankara Müzik ve Güzel Sanatlar": "Ankara Music and Fine Arts University",
    "Sağlık Bilimleri": "University of Health Sciences",
    "Türk-Alman": "Turkish-German University",
    "İzmir Demokrasi": "Izmir Democracy University",
    "İzmir Ekonomi": "Izmir University of Economics",
    "İstanbul Medeniyet": "Istanbul Medeniyet University",
    "TOBB Ekonomi ve Teknoloji": "TOBB University of Economics and Technology",
    "İstanbul Ticaret": "Istanbul Commerce University",
}


def universities(made: State) -> Iterator[Row]:
    council = made.by_name["Yükseköğretim Kurulu Başkanlığı"]
    for text, founded_by_state in (
        (provinces.UNIVERSITIES, True),
        (provinces.FOUNDATION_UNIVERSITIES, False),
    ):
        for entry in entries(text):
            plate, names = entry.split(" ", 1)
            for name in names.split(";"):
                yield from _university(made, council, int(plate), name, founded_by_state)


def _university(
    made: State, council: int, plate: int, name: str, founded_by_state: bool
) -> Iterator[Row]:
    institute = "Enstitüsü" in name
    full = name if institute else f"{name} Üniversitesi"
    if name == "İstanbul-Cerrahpaşa":
        full = "İstanbul Üniversitesi-Cerrahpaşa"
    row = made.row(
        f"{full} Rektörlüğü",
        council,
        provinces.UNIVERSITY_NUMBERS.get(name),
        name_en=_ENGLISH.get(name, "" if institute else f"{name} University"),
        province=plate,
        is_institution=True,
        category=CategoryCode.HIGHER_EDUCATION,
        status=50,
        budget_type=SPECIAL_BUDGET if founded_by_state else OTHER_BUDGET,
        legal_personality=2,
        kep_addresses=kep(full, "gaziuniversitesi@hs01.kep.tr" if name == "Gazi" else None),
        founding_legislation=[LAW_2547],
    )
    yield row
    for unit, status in provinces.UNIVERSITY_UNITS:
        known = provinces.UNIVERSITY_UNIT_NUMBERS.get((name, unit))
        yield made.row(unit, row["detsis_no"], known, province=plate, status=status)
