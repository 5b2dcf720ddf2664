"""Import of an archive: everything arrives once, wherever it was stopped; nothing in a dry run."""

import csv
import datetime as dt
import io
import json
import os
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from kms.importers import import_legislation, load
from kms.importers.reading import Entry, UnreadableArchive, entries
from kms.importers.records import Task, make_record
from kms.models import Instrument, Provision, Relation, TextVersion, VersionKind
from kms.search import PROVISION_SOURCE
from kms.selectors.citations import find_cited
from tests.kms.text.conftest import ARCHIVE, read_corpus

LAW = """# ÖRNEK HAKKI KANUNU (No. 9100)

---

ÖRNEK HAKKI KANUNU

Kanun Numarası : 9100

Kabul Tarihi : 4/5/2010

Yayımlandığı Resmî Gazete : Tarih : 12/5/2010 Sayı : 27579 (Mükerrer)

Yayımlandığı Düstur : Tertip : 5

Amaç

Madde 1 – Amaç budur.

Süre

Madde 2 – (Değişik: 1/1/2015-9200/3 md.) Süre on gündür.
"""
COMPANION = """ÖRNEK HAKKI KANUNUNUN YÜRÜRLÜKTEN KALDIRILMIŞ HÜKÜMLERİ

Kanun Numarası : 9100

Kabul Tarihi : 4/5/2010

1 – 1/1/2015 tarih ve 9200 sayılı Kanun ile yürürlükten kaldırılmış hükümlerin metinleri:

Madde 2 – Süre otuz gündür.
"""
CHANGING = """DEĞİŞİKLİK KANUNU

Kanun Numarası : 9200

Kabul Tarihi : 1/1/2015

Madde 3 – 4/5/2010 tarihli ve 9100 sayılı Kanunun 2 nci maddesi yürürlükten kaldırılmıştır.
"""
ENDED = """ESKİ DÜZEN KANUNU

(Bu Kanun 1/1/2015 tarihli ve 9200 sayılı Kanunun 5 inci maddesiyle yürürlükten kaldırılmıştır.)

Kanun Numarası : 9050

Kabul Tarihi : 4/5/1990

Madde 1 – Konu budur.
"""


def meta(number: str, title: str, accepted: str | None, *, ended: bool = False) -> dict:
    return {
        "law_number": number,
        "title": title,
        "slug": f"{number}-{'m' if ended else 'k'}",
        "accepted_date": accepted,
        "effective_status": "repealed" if ended else "in_force",
        "official_gazette": {"date": None, "number": None},
        "source_type": "MULGA" if ended else "KANUN",
    }


REST = "ÖRNEK HAKKI KANUNUNUN YÜRÜRLÜKTEN KALDIRILMIŞ HÜKÜMLERİ"
DOCUMENTS = [
    (meta("9100", REST, "2010-05-04", ended=True), COMPANION),
    (meta("9100", "ÖRNEK HAKKI KANUNU", "2010-05-04"), LAW),
    (meta("9200", "DEĞİŞİKLİK KANUNU", "2015-01-01"), CHANGING),
    (meta("9050", "ESKİ DÜZEN KANUNU", "1990-05-04", ended=True), ENDED),
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "metinler.tar.xz"
    with tarfile.open(path, "w:xz") as tar:
        for place, (data, words) in enumerate(DOCUMENTS):
            for name, content in (
                ("ustveri.json", json.dumps(data).encode()),
                ("metin.md", words.encode()),
            ):
                member = tarfile.TarInfo(f"kanunlar/{place}-{data['slug']}/{name}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        member = tarfile.TarInfo("kanunlar/bozuk/ustveri.json")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"{"))
    return path


@pytest.mark.django_db
def test_everything_arrives_and_is_connected(archive):
    report = import_legislation(archive)
    assert (report.read, report.instruments, report.texts, report.companions) == (5, 3, 4, 1)
    assert report.refused == 1
    law = Instrument.objects.get(number="9100")
    assert law.title == "Örnek Hakkı Kanunu"
    assert (law.series, law.gazette_repeat, law.gazette_number) == (5, 1, "27579")
    kinds = set(law.versions.values_list("kind", flat=True))
    assert kinds == {VersionKind.CONSOLIDATED, VersionKind.REPEALED_PROVISIONS}
    last = law.versions.get(last=True)
    assert last.text == LAW
    assert last.valid_from == dt.date(2015, 1, 1)
    assert law.status == "in_force"
    changing = Instrument.objects.get(number="9200")
    relation = law.in_relations.get(verb="degisik")
    assert (relation.source, relation.target_place) == (changing, "m. 2")
    old = Instrument.objects.get(number="9050")
    assert old.ended_on == dt.date(2015, 1, 1)
    assert old.in_relations.get(whole=True).source == changing


def test_the_day_of_the_gazette_is_not_before_that_of_the_act():
    words = (
        "ÖRNEK KANUN HÜKMÜNDE KARARNAME\n\nKanun Hükmünde Kar.nin Tarihi : 24/6/1995, No : 556\n\n"
        "Yayımlandığı R.G. Tarihi : 27/6/1995, No : 22326\n\nMadde 1 – Metin.\n"
    )
    data = meta("556", "ÖRNEK KANUN HÜKMÜNDE KARARNAME", None)
    data["official_gazette"] = {"date": "1995-06-08", "number": "22326"}
    facts = make_record(Task(Entry("556", data, words), dt.date(2026, 11, 24))).facts
    assert (facts["accepted_on"], facts["gazette_date"]) == (
        dt.date(1995, 6, 24),
        dt.date(1995, 6, 27),
    )


@pytest.mark.django_db
def test_a_second_run_changes_nothing(archive):
    import_legislation(archive)
    before = (TextVersion.objects.count(), Relation.objects.count(), Provision.objects.count())
    report = import_legislation(archive)
    assert (report.unchanged, report.texts, report.relations) == (4, 0, 0)
    assert (
        TextVersion.objects.count(),
        Relation.objects.count(),
        Provision.objects.count(),
    ) == before


@pytest.mark.django_db
def test_a_dry_run_keeps_nothing_and_reports_all(archive, tmp_path, capsys):
    out = tmp_path / "rapor.csv"
    call_command("import_legislation", archive, "--dry-run", "--jobs", "1", "--report", out)
    said = capsys.readouterr().out
    assert "Yeni mevzuat: 3" in said
    assert "hiçbir şey kaydedilmedi" in said
    assert Instrument.objects.count() == 0
    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert rows[1][0] == "bozuk"


class Killed(BaseException):
    """As `kill -9` between two batches: nothing of ours can catch it."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", [1, 2, 3])
def test_what_is_killed_goes_on_and_ends_in_the_same_state(archive, monkeypatch, moment):
    monkeypatch.setattr(load, "BATCH", 1)
    calls = iter(range(1, 100))
    stored = load.write_versions

    def dies(prepared):
        if next(calls) == moment:
            raise Killed
        stored(prepared)

    monkeypatch.setattr(load, "write_versions", dies)
    with pytest.raises(Killed):
        import_legislation(archive)
    monkeypatch.setattr(load, "write_versions", stored)
    import_legislation(archive)
    assert Instrument.objects.count() == 3
    assert TextVersion.objects.count() == 4
    assert Instrument.objects.get(number="9100").in_relations.get(verb="degisik").source


def _folder(root: Path, documents: list[tuple[dict, str]]) -> Path:
    for data, words in documents:
        folder = root / data["slug"]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ustveri.json").write_text(json.dumps(data))
        (folder / "metin.md").write_text(words)
    return root


@pytest.mark.django_db
def test_what_was_stored_before_a_kill_still_counts_as_in_force(tmp_path):
    """Its companion is not refused, and a sentence elsewhere does not end it."""
    law = (meta("9100", "ÖRNEK HAKKI KANUNU", "2010-05-04"), LAW)
    rest = (meta("9100", "ÖRNEK HAKKI KANUNU", "2010-05-04", ended=True), COMPANION)
    changing = CHANGING.replace("Kanunun 2 nci maddesi", "Kanun")
    later = (meta("9200", "DEĞİŞİKLİK KANUNU", "2015-01-01"), changing)
    import_legislation(_folder(tmp_path, [law]))
    report = import_legislation(_folder(tmp_path, [rest, later]))
    assert (report.unchanged, report.companions, report.refused) == (1, 1, 0)
    assert Instrument.objects.get(number="9100").status == "in_force"


def test_what_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "bozuk.tar"
    path.write_bytes(b"bu bir arsiv degil")
    with pytest.raises(UnreadableArchive):
        list(entries(path))
    with pytest.raises(CommandError):
        call_command("import_legislation", tmp_path / "yok.tar")


@settings(max_examples=30, deadline=None)
@given(
    st.text(max_size=400),
    st.dictionaries(st.sampled_from(["law_number", "title"]), st.text(max_size=40)),
)
def test_no_text_makes_a_record_fail(words, data):
    record = make_record(Task(Entry("x", data, words or "a"), dt.date(2026, 1, 1)))
    assert record.prepared.text == (words or "a")
    assert PROVISION_SOURCE.kind == "provision"


# The whole corpus takes many minutes: by wish (KAYSIS_WHOLE_CORPUS=1). Always: every 25th document,
# the largest, and the two laws of one number.
SHARE = 25


def _sample(folder: Path) -> int:
    """Writes the sample below `folder`; how many documents it has."""
    files: dict[str, dict[str, bytes]] = {}
    for path, content in read_corpus():
        files.setdefault(str(Path(path).parent), {})[Path(path).name] = content
    documents = sorted(place for place, each in files.items() if "metin.md" in each)
    largest = max(documents, key=lambda place: len(files[place]["metin.md"]))
    twins = {place for place in documents if _number(files[place]) == "657"}
    chosen = {*documents[::SHARE], largest, *twins}
    for place in chosen:
        (folder / place).mkdir(parents=True)
        for name, content in files[place].items():
            (folder / place / name).write_bytes(content)
    return len(chosen)


def _number(files: dict[str, bytes]) -> str:
    return str(json.loads(files["ustveri.json"]).get("law_number", ""))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_published_laws_arrive_whole(tmp_path):
    """All documents, two laws 657, no repeal of what the source gives as in force."""
    if not ARCHIVE.exists():
        pytest.skip(f"reference data is absent: {ARCHIVE}")
    whole = os.environ.get("KAYSIS_WHOLE_CORPUS") == "1"
    number = 1084 if whole else _sample(tmp_path)
    report = import_legislation(ARCHIVE if whole else tmp_path)
    assert (report.read, report.texts, report.refused) == (number, number, 0)
    assert {law.title for law in find_cited("657")} == {
        "Devlet Memurları Kanunu",
        "Harita Genel Müdürlüğü ile İlgili Bazı Düzenlemeler Hakkında Kanun",
    }
    assert report.relations > 25 * number
    assert Relation.objects.filter(kind="based_on").exists() or not whole
    companions = TextVersion.objects.filter(kind=VersionKind.REPEALED_PROVISIONS)
    assert companions.count() == report.companions >= (73 if whole else 1)
    assert not TextVersion.objects.filter(instrument__isnull=True).exists()
