"""One row: what is taken, what is mended, what is refused. No database."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detsis.importers.cleaning import BIT, clean
from detsis.importers.fields import FIELDS, Codes
from detsis.importers.reading import Raw
from detsis.importers.report import MESSAGES, Outcome, sentence
from detsis.loading import STAGED_FACTS

DAY = dt.date(2026, 11, 24)
CODES = Codes(
    codes={
        "category": frozenset([19, 221]),
        "status": frozenset([30]),
        "budget_type": frozenset([1]),
        "legal_personality": frozenset([1]),
        "province": frozenset([6, 76]),
        "district": frozenset([1231, 1398]),
        "country": frozenset(["DE"]),
    },
    names={
        "category": {"bakanlik": 19},
        "status": {},
        "budget_type": {},
        "legal_personality": {},
        "province": {"ankara": 6, "igdir": 76},
        "district": {"cankaya": 1231, "merkez": None},
        "country": {"almanya": "DE"},
    },
    districts={(76, "merkez"): 1398, (6, "cankaya"): 1231},
    province_of={1231: 6, 1398: 76},
)


def cleaned(**values):
    values = {"detsis_no": "10000001", "name": "Birim", **values}
    issues = []
    row = clean(Raw(7, values), codes=CODES, day=DAY, report=issues.append)
    return row, [(issue.outcome, issue.field, issue.message) for issue in issues]


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ("name", "Adalet Bakanlığı", "Adalet Bakanlığı"),
        ("category", "19", 19),
        ("category", "BAKANLIK", 19),
        ("category", {"code": 19, "name": "Bakanlık"}, 19),
        ("province", "Iğdır", 76),
        ("country", "de", None),
        ("organisation_type", "Taşra teşkilatı", "provincial"),
        ("organisation_type", "yurt dışı", "abroad"),
        ("is_institution", "Evet", True),
        ("is_institution", "hayır", False),
        ("is_institution", True, True),
        ("valid_from", "01.03.2016", dt.date(2016, 3, 1)),
        ("valid_from", "2016-03-01", dt.date(2016, 3, 1)),
        ("valid_from", "1/3/2016", dt.date(2016, 3, 1)),
        ("letterhead", "T.C. | İÇİŞLERİ BAKANLIĞI", ["T.C.", "İÇİŞLERİ BAKANLIĞI"]),
        ("founding_legislation", "5442 sayılı Kanun", [{"name": "5442 sayılı Kanun"}]),
        (
            "founding_legislation",
            '[{"mevzuatAdi": "Kararname", "mevzuatTarihi": "10/07/2018", "mevzuatSayisi": 1}]',
            [{"name": "Kararname", "date": "2018-07-10", "number": "1"}],
        ),
        ("kep_addresses", "a@hs01.kep.tr; b@hs02.kep.tr",
         [{"address": "a@hs01.kep.tr"}, {"address": "b@hs02.kep.tr"}]),
        ("kep_addresses", [{"address": "a@hs01.kep.tr", "valid_from": "01.01.2020"}],
         [{"address": "a@hs01.kep.tr", "valid_from": "2020-01-01"}]),
        ("civil_authority", {"detsis_no": 10213773, "name": "Ankara Valiliği"}, 10213773),
    ],
)  # fmt: skip
def test_values_are_read(field, given, expected):
    row, issues = cleaned(**{field: given})
    assert row.get(field) == expected
    if expected is not None:
        assert issues == []


@pytest.mark.parametrize(
    ("field", "given", "message", "kept"),
    [
        ("name", "  Adalet \u200b Bakanlığı ", "blanks", "Adalet Bakanlığı"),
        ("website", "www.adalet.gov.tr", "scheme_added", "https://www.adalet.gov.tr"),
        ("email", "bilgi-adalet", "invalid", None),
        ("postal_code", "0600", "invalid", None),
        ("phone", "0" * 99, "too_long", None),
        ("category", "999", "unknown_code", None),
        ("category", "birim", "unknown_code", None),
        ("district", "Merkez", "unknown_code", None),
        ("parent_detsis_no", "123", "not_eight_digits", None),
        ("parent_detsis_no", "yok", "not_a_number", None),
        ("valid_from", "31.02.2020", "not_a_date", DAY),
        ("kep_addresses", "A@HS01.KEP.TR", "kep_lower", [{"address": "a@hs01.kep.tr"}]),
        ("kep_addresses", "a@hs01.kep.tr b@example.com", "kep_dropped",
         [{"address": "a@hs01.kep.tr"}]),
        ("country", "DE", "country_not_abroad", None),
        ("founding_legislation", "[{", "not_json", None),
    ],
)  # fmt: skip
def test_values_are_mended_or_left_out_and_told(field, given, message, kept):
    row, issues = cleaned(**{field: given})
    name = "parent" if field == "parent_detsis_no" else field
    assert row.get(name) == kept
    assert issues == [(Outcome.MENDED, field, message)]


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"detsis_no": ""}, "detsis_no", "missing"),
        ({"detsis_no": "01234567"}, "detsis_no", "not_eight_digits"),
        ({"detsis_no": "abc"}, "detsis_no", "not_a_number"),
        ({"name": " \u00a0 "}, "name", "missing"),
        ({"name": "x" * 501}, "name", "too_long"),
        ({"valid_from": "2020-01-02", "valid_to": "2020-01-02"}, "valid_to",
         "ends_before_it_begins"),
    ],
)  # fmt: skip
def test_rows_that_make_no_sense_are_refused(values, field, message):
    row, issues = cleaned(**values)
    assert row is None
    assert issues == [(Outcome.REFUSED, field, message)]


def test_the_district_tells_the_province_and_must_lie_in_it():
    assert cleaned(district="1398")[0]["province"] == 76
    assert cleaned(province="Iğdır", district="Merkez")[0]["district"] == 1398
    row, issues = cleaned(province="Ankara", district="1398")
    assert "district" not in row
    assert issues == [(Outcome.MENDED, "district", "other_province")]


def test_a_closed_unit_without_its_days_closes_on_the_day_of_the_import():
    row, issues = cleaned(active="hayır")
    assert (row["valid_from"], row["valid_to"]) == (DAY - dt.timedelta(days=1), DAY)
    assert not row["stated"] & (BIT["valid_from"] | BIT["valid_to"])
    assert issues == []
    row, issues = cleaned(active="evet", valid_from="2020-01-01", valid_to="2021-01-01")
    assert row["valid_to"] == dt.date(2021, 1, 1)
    assert issues == [(Outcome.MENDED, "active", "active_but_closed")]


def test_only_what_the_row_says_counts_as_stated():
    row, _ = cleaned(phone="", parent_detsis_no="10000009", is_institution="hayır")
    stated = {name for name, bit in BIT.items() if row["stated"] & bit}
    assert stated == {"name", "parent", "is_institution"}
    row, _ = cleaned(valid_from="olmaz", valid_to="2030-01-01")
    assert row["stated"] & BIT["valid_to"]
    assert not row["stated"] & BIT["valid_from"]


def test_the_path_gives_the_units_above_without_the_unit_itself():
    path = [{"detsis_no": 24301050, "name": "x"}, {"detsis_no": "?"}, {"detsis_no": 10000001}]
    assert cleaned(path=path)[0]["above"] == "{24301050}"
    assert cleaned(path="Adalet > Birim")[0]["above"] is None


values = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.booleans(), st.floats(allow_nan=True),
    st.lists(st.text(max_size=20), max_size=3),
    st.dictionaries(st.sampled_from(["code", "name", "detsis_no", "address"]), st.text(max_size=9)),
    st.lists(st.dictionaries(st.sampled_from(["address", "valid_from"]), st.text(max_size=9))),
    st.sampled_from(["24.11.2026", "2016-03-01", "19", "evet", "a@hs01.kep.tr"]),
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(FIELDS), values, max_size=6))
def test_whatever_a_cell_holds_the_row_is_clean_or_refused(given_values):
    raw = {"detsis_no": "10000001", "name": "Birim", **given_values}
    issues = []
    row = clean(Raw(1, raw), codes=CODES, day=DAY, report=issues.append)
    for issue in issues:
        assert issue.message in MESSAGES
        assert sentence(issue)
    if row is None:
        assert any(issue.outcome == Outcome.REFUSED for issue in issues)
        return
    assert row["valid_to"] is None or row["valid_from"] < row["valid_to"]
    assert set(row) <= {
        "detsis_no", "valid_from", "valid_to", "active", "kep_addresses", "line", "stated",
        "above", *STAGED_FACTS,
    }  # fmt: skip
