"""The metadata file of a law."""

from datetime import date

from kms.text import InstrumentKind, read_metadata


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
    assert facts.companion


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
