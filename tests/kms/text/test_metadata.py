"""The metadata file of a law."""

from datetime import date

import pytest

from kms.text import InstrumentKind, end_notice, parse, read_metadata


def test_metadata() -> None:
    facts = read_metadata(
        {
            "law_number": "9001",
            "title": "ÖRNEK  KANUN",
            "slug": "9001-ornek",
            "accepted_date": "2004-05-04",
            "official_gazette": {"date": "2004-05-07", "number": "25455 (Mükerrer)"},
            "source_type": "MULGA",
        }
    )
    assert (facts.number, facts.title, facts.kind) == ("9001", "ÖRNEK KANUN", InstrumentKind.LAW)
    assert facts.accepted == date(2004, 5, 4)
    assert (facts.gazette_number, facts.gazette_repeated) == ("25455", True)
    assert facts.repealed
    assert not facts.companion


def test_companions_are_told_from_repealed_laws_by_their_title() -> None:
    def ended(title: str) -> tuple[bool, bool]:
        facts = read_metadata({"title": title, "source_type": "MULGA"})
        return facts.companion, facts.repealed

    assert ended("ÖRNEK KANUNUN YÜRÜRLÜKTEN KALDIRILMIŞ HÜKÜMLERİ") == (True, False)
    assert ended("ÖRNEK KANUNUN YÜRÜRLÜKTEN KALDIRILAN HÜKÜMLERİ") == (True, False)
    assert ended("ÖRNEK KANUN") == (False, True)


def test_preamble_of_a_presidential_decree() -> None:
    document = parse(
        "ÖRNEK CUMHURBAŞKANLIĞI KARARNAMESİ\n\nCumhurbaşkanlığı Kararnamesinin Sayısı : 120\n\n"
        "Yayımlandığı Resmî Gazetenin Tarihi – Sayısı : 11/2/2023-32101 (1. Mükerrer)\n\n"
        "MADDE 1- (1) Amaç.\n"
    )
    facts = document.preamble
    assert (facts.number, facts.gazette_date) == ("120", date(2023, 2, 11))
    assert facts.gazette_number == "32101 (1. Mükerrer)"


@pytest.mark.parametrize(
    ("notice", "number", "lapsed"),
    [
        (
            "Bu Kanun 2/7/2018 tarihli ve 703 sayılı Kanun Hükmünde Kararnamenin 8 inci\n"
            "maddesiyle yürürlükten kaldırılmıştır.",
            "703",
            False,
        ),
        (
            "Bu Kararname Anayasa'nın 119 uncu maddesi uyarınca kendiliğinden yürürlükten "
            "kalkmıştır.",
            None,
            True,
        ),
        (
            "18/10/2018 tarihli ve 7148 sayılı Kanunun 27 nci maddesiyle yürürlükten kaldırılan "
            "1702 sayılı Kanunun tam metni",
            "7148",
            False,
        ),
    ],
)
def test_notice_of_the_end(notice: str, number: str | None, lapsed: bool) -> None:
    found = end_notice(parse(f"{notice}\n\nÖRNEK KANUN\n\nMadde 1 – Metin.\n"))
    assert found is not None
    assert found.lapsed is lapsed
    assert (found.act.number if found.act else None) == number


def test_a_law_in_force_has_no_notice() -> None:
    document = parse(
        "ÖRNEK KANUN\n\nMadde 1 – Bu Kanun ile 1 sayılı Kanun yürürlükten kaldırılmıştır.\n"
    )
    assert end_notice(document) is None


@pytest.mark.parametrize(
    "label",
    [
        "Kanun Hükmünde Kararnamenin Tarihi",
        "Kanun Hükmünde Kar.nin Tarihi",
        "Kanun Hük. Kar. nin Tarihi",
    ],
)
def test_a_decree_has_the_day_it_was_made(label: str) -> None:
    preamble = parse(
        f"ÖRNEK KANUN HÜKMÜNDE KARARNAME\n\n{label} : 24/6/1995, No : 556\n\n"
        "Yetki Kanununun Tarihi : 8/6/1995, No : 4113\n\nYayımlandığı R.G. Tarihi : 27/6/1995\n\n"
        "Madde 1 – Metin.\n"
    ).preamble
    assert (preamble.accepted, preamble.gazette_date) == (date(1995, 6, 24), date(1995, 6, 27))


def test_two_laws_of_one_number_have_two_keys() -> None:
    first = read_metadata({"law_number": "657", "accepted_date": "1965-07-14"})
    second = read_metadata({"law_number": "657", "accepted_date": "1925-04-22"})
    assert first.key(5) != second.key(3)
    assert first.key(5) == first.key(5)


def test_missing_and_ill_formed_values_become_empty() -> None:
    facts = read_metadata(
        {"law_number": None, "accepted_date": "dün", "official_gazette": {"number": None}}
    )
    assert (facts.number, facts.accepted, facts.gazette_number) == ("", None, "")
    assert not facts.companion


def test_kinds() -> None:
    def kind(title: str, number: str = "1") -> InstrumentKind:
        return read_metadata({"title": title, "law_number": number}).kind

    assert kind("TÜRKİYE CUMHURİYETİ ANAYASASI", "2709") is InstrumentKind.CONSTITUTION
    assert kind("MALİYE BAKANLIĞI HAKKINDA KANUN HÜKMÜNDE KARARNAME") is InstrumentKind.DECREE_LAW
    assert kind("ÖRNEK CUMHURBAŞKANLIĞI KARARNAMESİ") is InstrumentKind.PRESIDENTIAL_DECREE
