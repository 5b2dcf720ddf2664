"""What hangs directly below the centre outside the capital: regional directorates and courts.

They stand below no civil authority: regions are larger than provinces, and courts are independent.
"""

from __future__ import annotations

from collections.abc import Iterator

from detsis.demo.places import province_names
from detsis.demo.state import DIRECTORATE, Row, State

REGIONAL = 32
COURT, PROSECUTOR, COMMISSION = 20, 21, 22
# Institution → plates of the seats of its regions, the first region first.
_SEATS = {
    "Karayolları": "34 35 42 6 33 38 55 23 21 61 65 25 7 16 37 58 34 36",
    "DSİ": "16 35 26 42 6 1 55 25 23 21 22 38 7 34 63 47 65 32 58 46 9 61 37 36 10 8",
}
_OWNERS = {
    "Karayolları": "Karayolları Genel Müdürlüğü",
    "DSİ": "Devlet Su İşleri Genel Müdürlüğü",
}
# Seats of the regional courts of appeal, and of the regional administrative courts.
_APPEAL = "1 6 7 16 21 25 27 34 35 38 42 54 55 61 65"
_ADMINISTRATIVE = "1 6 16 25 27 34 35 42 55"


def regions(made: State) -> Iterator[Row]:
    for short, seats in _SEATS.items():
        owner = made.by_name[_OWNERS[short]]
        for region, seat in enumerate(map(int, seats.split()), start=1):
            row = made.row(
                f"{short} {region}. Bölge Müdürlüğü",
                owner,
                organisation_type="provincial",
                province=seat,
                status=REGIONAL,
            )
            yield row
            yield made.row(
                "Personel Şube Müdürlüğü",
                row["detsis_no"],
                organisation_type="provincial",
                province=seat,
                status=13,
            )


def courts(made: State) -> Iterator[Row]:
    justice = made.by_name["Adalet Bakanlığı"]
    names = province_names()
    for seats, kind in (
        (_APPEAL, "Bölge Adliye Mahkemesi Başkanlığı"),
        (_ADMINISTRATIVE, "Bölge İdare Mahkemesi Başkanlığı"),
    ):
        for plate in map(int, seats.split()):
            yield _court(made, justice, f"{names[plate]} {kind}", plate, COURT)
    for plate, name in names.items():
        office = _court(made, justice, f"{name} Cumhuriyet Başsavcılığı", plate, PROSECUTOR)
        yield office
        yield _court(made, office["detsis_no"], "Adlî Sicil Müdürlüğü", plate, status=DIRECTORATE)
        yield _court(
            made,
            justice,
            f"{name} Adlî Yargı İlk Derece Mahkemesi Adalet Komisyonu Başkanlığı",
            plate,
            COMMISSION,
        )


def _court(made: State, parent: int, name: str, plate: int, status: int) -> Row:
    return made.row(name, parent, organisation_type="provincial", province=plate, status=status)
