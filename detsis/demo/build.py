"""The rows of the demo state, parents before children, as `detsis.loading.stage` takes them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from detsis.demo import institutions as centre
from detsis.demo import numbers, provinces
from detsis.demo.flaws import flaws
from detsis.demo.local import local_government
from detsis.demo.places import districts, province_names
from detsis.demo.regions import courts, regions
from detsis.demo.state import REGISTERED_ON, Row, State, entries, kep
from detsis.demo.universities import universities
from detsis.seed import CategoryCode, StatusCode

DECREE = {
    "name": "Cumhurbaşkanlığı Teşkilatı Hakkında Cumhurbaşkanlığı Kararnamesi",
    "date": "2018-07-10",
    "number": "1",
}
LAW_5442 = {"name": "İl İdaresi Kanunu", "date": "1949-06-10", "number": "5442"}


def state() -> Iterator[Row]:
    """Everything but the schools and health centres that `filler` adds to reach a size."""
    made = State()
    yield from _centre(made)
    yield from _abroad(made)
    yield from _provinces(made)
    yield from local_government(made)
    yield from universities(made)
    yield from regions(made)
    yield from courts(made)
    yield from flaws(made)


def _centre(made: State) -> Iterator[Row]:
    presidency = made.institution(
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
    yield from made.units(top, ("İdari İşler Başkanlığı", "Özel Kalem Müdürlüğü"), status=5)
    parliament = made.institution(
        "Türkiye Büyük Millet Meclisi Başkanlığı",
        None,
        name_en="Grand National Assembly of Türkiye",
        category=CategoryCode.PARLIAMENT,
        status=2,
        budget_type=1,
    )
    yield parliament
    yield from made.units(
        parliament["detsis_no"], ("Genel Sekreterlik", "İnsan Kaynakları Başkanlığı")
    )
    for name, english in centre.HIGH_COURTS:
        court = made.institution(
            name,
            None,
            name_en=english,
            category=CategoryCode.HIGH_JUDICIARY,
            status=19,
            budget_type=1,
        )
        yield court
        yield from made.units(court["detsis_no"], ("Genel Sekreterlik", "Personel Müdürlüğü"))
    for ministry in centre.MINISTRIES:
        yield from _ministry(made, top, ministry)
    for number, name, english, owner, category, budget in centre.INSTITUTIONS:
        above = {"": top, "TBMM": parliament["detsis_no"]}.get(owner) or made.by_name[owner]
        row = made.institution(
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
        yield from made.units(row["detsis_no"], centre.INSTITUTION_UNITS)


def _ministry(made: State, top: int, entry: centre.Ministry) -> Iterator[Row]:
    number, name, english, address, own = entry
    row = made.institution(
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
    yield from made.units(ministry, centre.MINISTRY_UNITS)
    for known, directorate in own:
        below = made.row(directorate, ministry, known, status=9)
        yield below
        yield from made.units(below["detsis_no"], centre.DIRECTORATE_UNITS)


def _abroad(made: State) -> Iterator[Row]:
    foreign = made.by_name["Dışişleri Bakanlığı"]
    for text, kind, status in (
        (centre.MISSIONS, "Büyükelçiliği", StatusCode.EMBASSY),
        (centre.CONSULATES, "Başkonsolosluğu", StatusCode.CONSULATE_GENERAL),
    ):
        for entry in entries(text):
            city, country = entry.rsplit(" ", 1)
            yield made.row(
                f"{city} {kind}",
                foreign,
                organisation_type="abroad",
                country=country,
                status=status,
            )


def _provinces(made: State) -> Iterator[Row]:
    interior = made.by_name["İçişleri Bakanlığı"]
    for plate, name in province_names().items():
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
        for district in districts()[plate]:
            if district[1] != "Merkez":
                yield from _district(made, plate, name, district, governorship["detsis_no"])


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
    made: State, plate: int, province: str, district: tuple[int, str], governorship: int
) -> Iterator[Row]:
    code, name = district
    place: dict[str, Any] = {
        "organisation_type": "provincial",
        "province": plate,
        "district": code,
    }
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
