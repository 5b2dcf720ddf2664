"""Local government: municipalities and what belongs to them, provincial administrations, unions."""

from __future__ import annotations

from collections.abc import Iterator

from detsis.demo import provinces
from detsis.demo.places import districts, province_names, towns
from detsis.demo.state import Row, State, kep
from detsis.seed import CategoryCode, StatusCode

# Plate of the province, code of the district, code of the status.
Place = tuple[int, int | None, int]
LAW_5393 = {"name": "Belediye Kanunu", "date": "2005-07-03", "number": "5393"}
LAW_5302 = {"name": "İl Özel İdaresi Kanunu", "date": "2005-02-22", "number": "5302"}
LAW_5216 = {"name": "Büyükşehir Belediyesi Kanunu", "date": "2004-07-10", "number": "5216"}
LOCAL_BUDGET = 10
MUNICIPAL_UNITS = (
    "Yazı İşleri Müdürlüğü",
    "Mali Hizmetler Müdürlüğü",
    "İnsan Kaynakları ve Eğitim Müdürlüğü",
    "Fen İşleri Müdürlüğü",
    "Zabıta Müdürlüğü",
)
METROPOLITAN_UNITS = (
    "Genel Sekreterlik",
    "İnsan Kaynakları ve Eğitim Dairesi Başkanlığı",
    "Ulaşım Dairesi Başkanlığı",
    "İtfaiye Dairesi Başkanlığı",
    "Fen İşleri Dairesi Başkanlığı",
    "İmar ve Şehircilik Dairesi Başkanlığı",
)
ADMINISTRATION_UNITS = (
    "İnsan Kaynakları ve Eğitim Müdürlüğü",
    "Mali Hizmetler Müdürlüğü",
    "Yol ve Ulaşım Hizmetleri Müdürlüğü",
    "Su ve Kanal Hizmetleri Müdürlüğü",
)


def local_government(made: State) -> Iterator[Row]:
    top = made.row(
        "Yerel Yönetim Kuruluşları",
        None,
        24350161,
        status=StatusCode.GROUPING,
        corresponds_externally=False,
    )
    yield top
    nodes = {}
    for number, name in (
        (82150602, "Belediyeler"),
        (51727839, "İl Özel İdareleri"),
        (10014407, "Mahallî İdare Birlikleri"),
        (56910115, "Muhtarlıklar"),
    ):
        node = made.row(
            name,
            top["detsis_no"],
            number,
            status=StatusCode.GROUPING,
            corresponds_externally=False,
        )
        nodes[name] = node["detsis_no"]
        yield node
    yield from _municipalities(made, nodes["Belediyeler"])
    yield from _towns(made, nodes["Belediyeler"])
    yield from _administrations(made, nodes["İl Özel İdareleri"])
    yield made.institution(
        "Türkiye Belediyeler Birliği",
        nodes["Mahallî İdare Birlikleri"],
        number=43118544,
        name_en="Union of Municipalities of Türkiye",
        category=CategoryCode.LOCAL_AFFILIATE,
        status=66,
        legal_personality=2,
        budget_type=LOCAL_BUDGET,
    )


def _municipalities(made: State, top: int) -> Iterator[Row]:
    for plate, name in province_names().items():
        greater = plate in provinces.METROPOLITAN
        title = f"{name} Büyükşehir" if greater else name
        place = (plate, None, 60 if greater else 61)
        city = _municipality(made, title, top, place, law=LAW_5216 if greater else LAW_5393)
        yield city
        units = METROPOLITAN_UNITS if greater else MUNICIPAL_UNITS
        yield from made.units(
            city["detsis_no"], units, organisation_type="provincial", province=plate
        )
        if water := provinces.WATER.get(plate):
            yield _water(made, plate, city["detsis_no"], *water)
        for code, district in districts()[plate]:
            if district != "Merkez":
                status = 62 if greater else 63
                row = _municipality(made, district, top, (plate, code, status), suffix=name)
                yield row
                if (plate, district) == (6, "Yenimahalle"):
                    yield from _yenimahalle(made, row["detsis_no"], code)


def _yenimahalle(made: State, municipality: int, district: int) -> Iterator[Row]:
    """One municipality whose units are known by number."""
    for known, unit in provinces.YENIMAHALLE:
        yield made.row(
            unit,
            municipality,
            known,
            organisation_type="provincial",
            province=6,
            district=district,
            status=14,
        )


def _water(made: State, plate: int, city: int, number: int, short: str) -> Row:
    return made.row(
        f"{province_names()[plate]} Su ve Kanalizasyon İdaresi Genel Müdürlüğü ({short})",
        city,
        number,
        organisation_type="provincial",
        province=plate,
        category=CategoryCode.LOCAL_AFFILIATE,
        status=67,
        is_institution=True,
        legal_personality=2,
        name_en=f"{province_names()[plate]} Water and Sewerage Administration",
        kep_addresses=kep(f"{province_names()[plate]} su"),
        budget_type=LOCAL_BUDGET,
    )


def _municipality(
    made: State,
    title: str,
    top: int,
    place: Place,
    *,
    suffix: str = "",
    law: dict[str, str] = LAW_5393,
) -> Row:
    plate, district, status = place
    name = f"{title} Belediye Başkanlığı"
    kind = "Metropolitan Municipality" if status == 60 else "Municipality"
    return made.row(
        name,
        top,
        provinces.KNOWN.get((plate, name)),
        name_en=f"{title.removesuffix(' Büyükşehir')} {kind}",
        organisation_type="provincial",
        province=plate,
        district=district,
        category=CategoryCode.MUNICIPALITY,
        status=status,
        is_institution=True,
        legal_personality=2,
        budget_type=LOCAL_BUDGET,
        kep_addresses=kep(f"{name} {suffix}"),
        founding_legislation=[law],
    )


def _towns(made: State, top: int) -> Iterator[Row]:
    place = {code: (plate, name) for plate, found in districts().items() for code, name in found}
    for district, name in towns():
        plate, district_name = place[district]
        yield _municipality(
            made, name, top, (plate, district, 64), suffix=f"{district_name} {plate}"
        )


def _administrations(made: State, top: int) -> Iterator[Row]:
    """One in each province without a metropolitan municipality."""
    for plate, name in province_names().items():
        if plate in provinces.METROPOLITAN:
            continue
        row = made.row(
            f"{name} İl Özel İdaresi",
            top,
            name_en=f"Special Provincial Administration of {name}",
            organisation_type="provincial",
            province=plate,
            category=CategoryCode.SPECIAL_PROVINCIAL_ADMINISTRATION,
            status=65,
            is_institution=True,
            legal_personality=2,
            budget_type=LOCAL_BUDGET,
            kep_addresses=kep(f"{name} il ozel idaresi"),
            founding_legislation=[LAW_5302],
        )
        yield row
        yield from made.units(
            row["detsis_no"], ADMINISTRATION_UNITS, organisation_type="provincial", province=plate
        )
