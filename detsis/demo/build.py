"""The rows of the demo state, parents before children, as `detsis.loading.stage` takes them."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from detsis.demo import institutions as centre
from detsis.demo import numbers, provinces
from detsis.seed import CategoryCode, StatusCode, rows_of
from kaysis.common.turkish import slug

Row = dict[str, Any]
# Plate of the province, code of the district, code of the status.
Place = tuple[int, int | None, int]
# The day from which letters have been sent electronically; before it the demo knows nothing.
REGISTERED_ON = dt.date(2015, 2, 2)
DECREE = {
    "name": "Cumhurbaşkanlığı Teşkilatı Hakkında Cumhurbaşkanlığı Kararnamesi",
    "date": "2018-07-10",
    "number": "1",
}
LAW_5442 = {"name": "İl İdaresi Kanunu", "date": "1949-06-10", "number": "5442"}
LAW_5393 = {"name": "Belediye Kanunu", "date": "2005-07-03", "number": "5393"}
LAW_2547 = {"name": "Yükseköğretim Kanunu", "date": "1981-11-04", "number": "2547"}


class State:
    """Keeps the numbers of the rows made so far, so that later ones can point at them."""

    def __init__(self) -> None:
        self.by_name: dict[str, int] = {}
        self.local: dict[tuple[int, str], int] = {}
        self._fresh = numbers.fresh()
        self._lines = itertools.count(1)

    def row(self, name: str, parent: int | None, number: int | None = None, **facts: Any) -> Row:
        """A row; its number is kept under its name and, in a province, under (plate, name)."""
        made = number or next(self._fresh)
        self.by_name.setdefault(name, made)
        if plate := facts.get("province"):
            self.local[plate, name] = made
        return {
            "detsis_no": made,
            "name": name,
            "parent": parent,
            "valid_from": REGISTERED_ON,
            "line": next(self._lines),
            **facts,
        }


def kep(name: str, known: str | None = None) -> list[dict[str, str]]:
    """A KEP address; an invented one says so."""
    address = known or f"ornek-{slug(name)[:40].strip('-')}@hs01.kep.tr"
    return [{"address": address, "valid_from": REGISTERED_ON.isoformat()}]


def state() -> Iterator[Row]:
    """Everything but the schools and health centres that `filler` adds to reach a size."""
    made = State()
    yield from _centre(made)
    yield from _abroad(made)
    yield from _provinces(made)
    yield from _municipalities(made)
    yield from _universities(made)


def _institution(made: State, name: str, parent: int | None, **facts: Any) -> Row:
    known = facts.pop("known_kep", None)
    facts.setdefault("legal_personality", 1)
    return made.row(
        name, parent, is_institution=True, kep_addresses=kep(name, known), province=6, **facts
    )


def _units(made: State, parent: int, names: Iterable[str], **facts: Any) -> Iterator[Row]:
    for name in names:
        status = 9 if "Genel Müdürlüğü" in name else 11 if "Daire" in name else 14
        yield made.row(name, parent, **{"status": status, **facts})


def _centre(made: State) -> Iterator[Row]:
    presidency = _institution(
        made,
        "Cumhurbaşkanlığı",
        None,
        name_en="Presidency of the Republic of Türkiye",
        category=CategoryCode.PRESIDENCY,
        status=1,
        budget_type=1,
        founding_legislation=[DECREE],
    )
    yield presidency
    top = presidency["detsis_no"]
    yield from _units(made, top, ("İdari İşler Başkanlığı", "Özel Kalem Müdürlüğü"), status=5)
    parliament = _institution(
        made,
        "Türkiye Büyük Millet Meclisi Başkanlığı",
        None,
        name_en="Grand National Assembly of Türkiye",
        category=CategoryCode.PARLIAMENT,
        status=2,
        budget_type=1,
    )
    yield parliament
    yield from _units(
        made, parliament["detsis_no"], ("Genel Sekreterlik", "İnsan Kaynakları Başkanlığı")
    )
    for name, english in centre.HIGH_COURTS:
        court = _institution(
            made,
            name,
            None,
            name_en=english,
            category=CategoryCode.HIGH_JUDICIARY,
            status=19,
            budget_type=1,
        )
        yield court
        yield from _units(made, court["detsis_no"], ("Genel Sekreterlik", "Personel Müdürlüğü"))
    for ministry in centre.MINISTRIES:
        yield from _ministry(made, top, ministry)
    for number, name, english, owner, category, budget in centre.INSTITUTIONS:
        above = {"": top, "TBMM": parliament["detsis_no"]}.get(owner) or made.by_name[owner]
        row = _institution(
            made,
            name,
            above,
            number=number,
            name_en=english,
            category=category,
            status=5,
            budget_type=budget,
            legal_personality=2,
        )
        yield row
        yield from _units(made, row["detsis_no"], centre.INSTITUTION_UNITS)


def _ministry(made: State, top: int, entry: centre.Ministry) -> Iterator[Row]:
    number, name, english, address, own = entry
    row = _institution(
        made,
        name,
        top,
        number=number,
        name_en=english,
        category=CategoryCode.MINISTRY,
        status=StatusCode.MINISTRY,
        budget_type=1,
        known_kep=address,
        founding_legislation=[DECREE],
    )
    yield row
    ministry = row["detsis_no"]
    yield from _units(made, ministry, centre.MINISTRY_UNITS)
    for known, directorate in own:
        below = made.row(directorate, ministry, known, status=9)
        yield below
        yield from _units(made, below["detsis_no"], centre.DIRECTORATE_UNITS)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for entry in text.replace("\n", "|").split("|"):
        if entry.strip():
            place, code = entry.strip().rsplit(" ", 1)
            yield place, code


def _abroad(made: State) -> Iterator[Row]:
    foreign = made.by_name["Dışişleri Bakanlığı"]
    for text, kind, status in (
        (centre.MISSIONS, "Büyükelçiliği", StatusCode.EMBASSY),
        (centre.CONSULATES, "Başkonsolosluğu", StatusCode.CONSULATE_GENERAL),
    ):
        for city, country in _pairs(text):
            yield made.row(
                f"{city} {kind}",
                foreign,
                organisation_type="abroad",
                country=country,
                status=status,
            )


def _provinces(made: State) -> Iterator[Row]:
    interior = made.by_name["İçişleri Bakanlığı"]
    districts = _districts()
    for entry in rows_of("provinces"):
        plate, name = int(entry["code"]), entry["name"]
        governorship = made.row(
            f"{name} Valiliği",
            interior,
            provinces.KNOWN.get((plate, f"{name} Valiliği")),
            organisation_type="provincial",
            province=plate,
            is_institution=True,
            category=CategoryCode.CIVIL_ADMINISTRATION,
            status=StatusCode.GOVERNORSHIP,
            name_en=f"Governorship of {name}",
            kep_addresses=kep(f"{name} valiligi"),
            founding_legislation=[LAW_5442],
        )
        yield governorship
        yield from _below_governorship(made, plate, name, governorship["detsis_no"])
        for district in districts[plate]:
            if district["name"] != "Merkez":
                yield from _district(made, plate, name, district, governorship["detsis_no"])


def _districts() -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = {}
    for entry in rows_of("districts"):
        found.setdefault(int(entry["province"]), []).append(entry)
    return found


def _below_governorship(made: State, plate: int, name: str, governorship: int) -> Iterator[Row]:
    place: dict[str, Any] = {"organisation_type": "provincial", "province": plate}
    for unit in provinces.GOVERNORSHIP_UNITS:
        yield made.row(unit, governorship, civil_authority=governorship, status=14, **place)
    for owner, kind, status in provinces.PROVINCIAL:
        full = f"{name} {kind}"
        row = made.row(
            full,
            made.by_name[owner],
            provinces.KNOWN.get((plate, full)),
            civil_authority=governorship,
            category=CategoryCode.CIVIL_ADMINISTRATION,
            status=status,
            **place,
        )
        yield row
        if kind == "İl Millî Eğitim Müdürlüğü":
            for known, division in provinces.EDUCATION_UNITS:
                yield made.row(
                    division,
                    row["detsis_no"],
                    known if plate == 6 else None,
                    civil_authority=governorship,
                    status=13,
                    **place,
                )


def _district(
    made: State, plate: int, province: str, district: dict[str, str], governorship: int
) -> Iterator[Row]:
    place: dict[str, Any] = {
        "organisation_type": "provincial",
        "province": plate,
        "district": int(district["code"]),
    }
    name = district["name"]
    seat = made.row(
        f"{name} Kaymakamlığı",
        governorship,
        provinces.KNOWN.get((plate, f"{name} Kaymakamlığı")),
        civil_authority=governorship,
        is_institution=True,
        category=CategoryCode.CIVIL_ADMINISTRATION,
        status=StatusCode.DISTRICT_GOVERNORSHIP,
        name_en=f"District Governorship of {name}",
        kep_addresses=kep(f"{name} {province} kaymakamligi"),
        founding_legislation=[LAW_5442],
        **place,
    )
    yield seat
    authority = seat["detsis_no"]
    yield made.row(
        "İlçe Yazı İşleri Müdürlüğü", authority, civil_authority=authority, status=34, **place
    )
    for above, kind, status in provinces.DISTRICT:
        full = f"{name} {kind}"
        yield made.row(
            full,
            made.local[plate, f"{province} {above}"],
            provinces.KNOWN.get((plate, full)),
            civil_authority=authority,
            category=CategoryCode.CIVIL_ADMINISTRATION,
            status=status,
            **place,
        )


def _municipalities(made: State) -> Iterator[Row]:
    local = made.row(
        "Yerel Yönetim Kuruluşları",
        None,
        24350161,
        status=StatusCode.GROUPING,
        corresponds_externally=False,
    )
    yield local
    node = made.row(
        "Belediyeler",
        local["detsis_no"],
        82150602,
        status=StatusCode.GROUPING,
        corresponds_externally=False,
    )
    yield node
    top, districts = node["detsis_no"], _districts()
    for entry in rows_of("provinces"):
        plate, name = int(entry["code"]), entry["name"]
        greater = plate in provinces.METROPOLITAN
        full = f"{name} {'Büyükşehir ' if greater else ''}Belediye Başkanlığı"
        city = _municipality(made, full, top, (plate, None, 60 if greater else 61))
        yield city
        if water := provinces.WATER.get(plate):
            yield made.row(
                water[1],
                city["detsis_no"],
                water[0],
                organisation_type="provincial",
                province=plate,
                category=CategoryCode.LOCAL_AFFILIATE,
                status=67,
                is_institution=True,
                kep_addresses=kep(f"{name} su"),
                budget_type=10,
            )
        for district in districts[plate]:
            if district["name"] == "Merkez":
                continue
            row = _municipality(
                made,
                f"{district['name']} Belediye Başkanlığı",
                top,
                (plate, int(district["code"]), 62 if greater else 63),
                suffix=name,
            )
            yield row
            if row["detsis_no"] == provinces.KNOWN[6, "Yenimahalle Belediye Başkanlığı"]:
                for known, unit in provinces.YENIMAHALLE:
                    yield made.row(
                        unit,
                        row["detsis_no"],
                        known,
                        organisation_type="provincial",
                        province=6,
                        district=int(district["code"]),
                        status=14,
                    )
    yield from _towns(made, top, districts)


def _municipality(made: State, name: str, top: int, place: Place, suffix: str = "") -> Row:
    plate, district, status = place
    return made.row(
        name,
        top,
        provinces.KNOWN.get((plate, name)),
        organisation_type="provincial",
        province=plate,
        district=district,
        category=CategoryCode.MUNICIPALITY,
        status=status,
        is_institution=True,
        legal_personality=2,
        budget_type=10,
        kep_addresses=kep(f"{name} {suffix}"),
        founding_legislation=[LAW_5393],
    )


def _towns(made: State, top: int, districts: dict[int, list[dict[str, str]]]) -> Iterator[Row]:
    plates = {int(d["code"]): plate for plate, rows in districts.items() for d in rows}
    names = {int(d["code"]): d["name"] for rows in districts.values() for d in rows}
    with (Path(__file__).parent / "data" / "towns.csv").open(encoding="utf-8", newline="") as file:
        for entry in csv.DictReader(file):
            district = int(entry["district"])
            yield _municipality(
                made,
                f"{entry['name']} Belediye Başkanlığı",
                top,
                (plates[district], district, 64),
                suffix=f"{names[district]} {plates[district]}",
            )


def _universities(made: State) -> Iterator[Row]:
    council = made.by_name["Yükseköğretim Kurulu Başkanlığı"]
    for entry in provinces.UNIVERSITIES.replace("\n", "|").split("|"):
        if not entry.strip():
            continue
        plate, names = entry.strip().split(" ", 1)
        for name in names.split(";"):
            full = name if "Enstitüsü" in name else f"{name} Üniversitesi"
            row = made.row(
                f"{full} Rektörlüğü",
                council,
                provinces.UNIVERSITY_NUMBERS.get(name),
                province=int(plate),
                is_institution=True,
                category=CategoryCode.HIGHER_EDUCATION,
                status=50,
                budget_type=3,
                legal_personality=2,
                kep_addresses=kep(full, "gaziuniversitesi@hs01.kep.tr" if name == "Gazi" else None),
                founding_legislation=[LAW_2547],
            )
            yield row
            for unit, status in provinces.UNIVERSITY_UNITS:
                known = provinces.UNIVERSITY_UNIT_NUMBERS.get((name, unit))
                yield made.row(unit, row["detsis_no"], known, province=int(plate), status=status)


def filler(base: list[Row], wanted: int) -> Iterator[Row]:
    """Schools and health centres below the district directorates, to reach any size."""
    parents = [row for row in base if row["name"].endswith("İlçe Millî Eğitim Müdürlüğü")]
    taken = {row["detsis_no"] for row in base}
    fresh = (number for number in numbers.fresh() if number not in taken)
    line = itertools.count(len(base) + 1)
    names = [
        (name, kind)
        for name in provinces.SCHOOL_NAMES.split("|")
        for kind in provinces.SCHOOL_KINDS
    ]
    schools = ((series, *pair) for series in itertools.count(1) for pair in names)
    for series, name, kind in schools if parents else ():
        for parent in parents:
            if wanted <= 0:
                return
            wanted -= 1
            yield {
                "detsis_no": next(fresh),
                "name": f"{name} {kind}" if series == 1 else f"{series}. {name} {kind}",
                "parent": parent["detsis_no"],
                "organisation_type": "provincial",
                "province": parent["province"],
                "district": parent["district"],
                "civil_authority": parent["civil_authority"],
                "category": CategoryCode.CIVIL_ADMINISTRATION,
                "status": 80,
                "valid_from": REGISTERED_ON,
                "line": next(line),
            }
