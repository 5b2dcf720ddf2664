"""The editors' area: who gets in, a text from paste to publication, relations from a list."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kaysis.accounts.models import Role
from kms.models import Instrument, Relation, TextVersion
from kms.selectors.detected import detected_in
from kms.uploads import text_of
from tests.factories.accounts import person_with
from tests.factories.detsis import unit
from tests.factories.kms import instrument, publish, text

pytestmark = pytest.mark.django_db
OLD = text("Amaç: Amaç budur.", "Süre: Süre otuz gündür.")
NEW = text("Amaç: Amaç budur.", "Süre: (Değişik: 1/1/2015-6600/1 md.) Süre on gündür.")


@pytest.fixture
def editor(client_of) -> Client:
    return client_of(person_with(Role.LEGISLATION_EDITOR))


@pytest.fixture
def checker(client_of) -> Client:
    return client_of(person_with(Role.LEGISLATION_EDITOR))


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )
    return data.getvalue()


def test_from_a_new_instrument_to_a_published_text(editor, checker):
    response = editor.post(
        "/yetkili/mevzuat/yeni/",
        {
            "type": "law", "number": "7999", "title": "Yeni Kanun", "accepted_on": "2010-05-04",
            "scope": "gazette", "gazette_date": "2010-05-12", "gazette_number": "27579",
            "gazette_repeat": "0", "commencements": "m. 2: 01.01.2011",
        },
    )  # fmt: skip
    law = Instrument.objects.get(number="7999")
    assert response["Location"] == f"/yetkili/mevzuat/{law.pk}/metin/"
    assert law.commencements.get().date == dt.date(2011, 1, 1)
    made = editor.post(
        response["Location"], {"kind": "first", "valid_from": "2010-05-12", "text": NEW}
    )
    page = editor.get(made["Location"]).content.decode()
    assert "6600 s. Kanun" in page
    assert "2 madde okundu" in page
    version = TextVersion.objects.get(instrument=law)
    step = f"/yetkili/mevzuat/metin/{version.pk}/"
    editor.post(f"{step}sun/")
    assert editor.post(f"{step}yayimla/").status_code == 403
    checker.post(f"{step}yayimla/")
    version.refresh_from_db()
    assert version.state == "published"
    assert "Süre on gündür" in Client().get(f"/mevzuat/{law.pk}/").content.decode()


def test_the_preview_shows_what_differs(editor):
    law = instrument()
    publish(law, OLD)
    made = editor.post(
        f"/yetkili/mevzuat/{law.pk}/metin/",
        {"kind": "consolidated", "valid_from": "2015-01-01", "text": NEW},
    )
    page = editor.get(made["Location"]).content.decode()
    assert "<del>otuz</del>" in page
    assert "<ins>on</ins>" in page


def test_uploads_are_read_by_their_content(editor):
    law = instrument()
    file = SimpleUploadedFile("metin.docx", docx("Madde 1 – Amaç budur.", "Madde 2 – Süre."))
    made = editor.post(
        f"/yetkili/mevzuat/{law.pk}/metin/",
        {"kind": "first", "valid_from": "2010-01-01", "file": file},
    )
    assert made.status_code == 302
    assert "Madde 2 – Süre." in TextVersion.objects.get(instrument=law).text
    assert text_of(io.BytesIO("Düz metin".encode("cp1254")), 9) == "Düz metin"
    for wrong in (b"\x00\x01\x02", b"PK\x03\x04bozuk", b"%PDF-1.7 bozuk"):
        with pytest.raises(ValidationError):
            text_of(io.BytesIO(wrong), len(wrong))
    refused = editor.post(
        f"/yetkili/mevzuat/{law.pk}/metin/",
        {"kind": "first", "file": SimpleUploadedFile("x.pdf", b"\x00\x01")},
    )
    assert refused.status_code == 422


def test_a_pdf_with_text_is_read(editor):
    law = instrument()
    publish(law, OLD)
    data = Client().get(f"/mevzuat/{law.pk}/metin.pdf").content
    assert "otuz" in text_of(io.BytesIO(data), len(data))


def test_a_pasted_list_is_matched_and_committed_at_once(editor):
    law = instrument("Kaldıran Kanun", accepted_on=dt.date(2024, 1, 1))
    one, two = instrument(number="7101"), instrument(number="7102")
    twins = [
        instrument(number="657", accepted_on=dt.date(year, 7, 14), series=series)
        for year, series in ((1965, 5), (1925, 3))
    ]
    lines = "7101 sayılı Kanun\n7102 sayılı Kanun\n657 sayılı Kanun\n99998 sayılı Kanun"
    url = f"/yetkili/mevzuat/{law.pk}/iliskiler/"
    given = {"kind": "repeals", "on": "2024-02-01", "lines": lines}
    page = editor.post(url, given).content.decode()
    assert "<strong>2</strong> eşleşti" in page
    assert Relation.objects.count() == 0
    editor.post(url, {**given, "kaydet": "1", "satir-2": str(twins[0].pk)})
    ended = set(Instrument.objects.filter(ended=True).values_list("pk", flat=True))
    assert ended == {one.pk, two.pk, twins[0].pk}
    relation = Relation.objects.get(target=one)
    editor.post(
        f"/yetkili/mevzuat/iliski/{relation.pk}/", {"on": "2024-06-01", "reason": "İptal edildi"}
    )
    one.refresh_from_db()
    assert not one.ended


def test_what_breaks_rank_is_told_on_the_form(editor):
    rule = instrument("Yönetmelik", type="regulation", number="1")
    instrument(number="7103")
    response = editor.post(
        f"/yetkili/mevzuat/{rule.pk}/iliskiler/",
        {"kind": "repeals", "lines": "7103 sayılı Kanun", "kaydet": "1"},
    )
    assert response.status_code == 422
    assert "kendi sırasındakini" in response.content.decode()


def test_facts_are_corrected_with_a_reason(editor):
    law = instrument(title="Yanlış Ad")
    url = f"/yetkili/mevzuat/{law.pk}/kunye/"
    given = {
        "type": "law", "number": law.number, "series": "5", "title": "Doğru Ad",
        "scope": "gazette", "gazette_repeat": "0", "accepted_on": "2010-05-04",
    }  # fmt: skip
    assert editor.post(url, given).status_code == 422
    assert editor.post(url, {**given, "reason": "Yazım"}).status_code == 302
    law.refresh_from_db()
    assert law.title == "Doğru Ad"
    assert "Yazım" in editor.get(f"/yetkili/mevzuat/{law.pk}/").content.decode()


def test_an_editor_of_an_institution_stays_within_it(client_of):
    board, other = unit("Kurum", is_institution=True), unit("Öteki", is_institution=True)
    own = instrument("Yönerge", type="directive", number="", scope="institutional", issuer=board)
    foreign = instrument("Öteki", type="directive", number="", scope="institutional", issuer=other)
    client = client_of(person_with(Role.LEGISLATION_EDITOR, board.pk))
    assert client.get(f"/yetkili/mevzuat/{own.pk}/").status_code == 200
    assert client.get(f"/yetkili/mevzuat/{foreign.pk}/").status_code == 403
    response = client.post(
        "/yetkili/mevzuat/yeni/",
        {"type": "law", "number": "1", "title": "Kanun", "scope": "gazette", "gazette_repeat": "0"},
    )
    assert response.status_code == 422
    assert "kendi kurumunuzun" in response.content.decode()


def test_nobody_else_gets_in(client, client_of):
    law = instrument()
    addresses = ("", "yeni/", f"{law.pk}/", f"{law.pk}/metin/", f"{law.pk}/iliskiler/")
    for address in addresses:
        assert client.get(f"/yetkili/mevzuat/{address}").status_code == 302
        assert (
            client_of(person_with(Role.ANALYST)).get(f"/yetkili/mevzuat/{address}").status_code
            == 403
        )


REPEALING = text(
    "Amaç: Amaç budur.",
    "Son: 4/5/2010 tarihli ve 7301 sayılı Kanun yürürlükten kaldırılmıştır.",
    "Kalan: 4/5/2010 tarihli ve 7302 sayılı Kanunun 3 üncü maddesi yürürlükten kaldırılmıştır.",
)


@pytest.fixture
def repealing(editor):
    """A draft that ends law 7301 and one article of law 7302."""
    ended, kept = instrument("Biten", number="7301"), instrument("Kalan", number="7302")
    law = instrument("Yeni", accepted_on=dt.date(2020, 1, 1), gazette_date=dt.date(2020, 1, 5))
    editor.post(
        f"/yetkili/mevzuat/{law.pk}/metin/",
        {"kind": "first", "valid_from": "2020-01-05", "text": REPEALING},
    )
    version = TextVersion.objects.get(instrument=law)
    (row, _other) = detected_in(version)
    assert row.ends
    return version, row.key, ended, kept


def hand_in_and_publish(editor, checker, version) -> None:
    step = f"/yetkili/mevzuat/metin/{version.pk}/"
    editor.post(f"{step}sun/")
    checker.post(f"{step}yayimla/")
    version.refresh_from_db()


def test_nothing_ends_another_instrument_before_somebody_said_yes(editor, checker, repealing):
    version, key, ended, kept = repealing
    page = editor.get(f"/yetkili/mevzuat/metin/{version.pk}/").content.decode()
    assert "karar verilmeden metin yayımlanamaz" in page
    assert f'name="karar-{key}"' in page
    hand_in_and_publish(editor, checker, version)
    assert version.state == "review"
    assert not Relation.objects.exists()
    answer = checker.post(f"/yetkili/mevzuat/metin/{version.pk}/", {f"karar-{key}": "kabul"})
    assert answer.status_code == 302
    checker.post(f"/yetkili/mevzuat/metin/{version.pk}/yayimla/")
    ended.refresh_from_db()
    assert ended.ended_on == dt.date(2020, 1, 5)
    assert kept.in_relations.get().target_place == "m. 3"


def test_what_was_refused_is_not_recorded_and_stays_refused_in_the_next_text(
    editor, checker, repealing
):
    version, key, ended, _kept = repealing
    url = f"/yetkili/mevzuat/metin/{version.pk}/"
    other = next(row.key for row in detected_in(version) if row.key != key)
    editor.post(url, {f"karar-{key}": "ret", f"karar-{other}": "ret"})
    hand_in_and_publish(editor, checker, version)
    assert version.state == "published"
    assert not Relation.objects.exists()
    law = version.instrument
    editor.post(
        f"/yetkili/mevzuat/{law.pk}/metin/",
        {"kind": "consolidated", "valid_from": "2021-01-01", "text": REPEALING + "\nEk.\n"},
    )
    later = TextVersion.objects.get(instrument=law, state="draft")
    hand_in_and_publish(editor, checker, later)
    assert later.state == "published"
    ended.refresh_from_db()
    assert not ended.ended


def test_another_target_is_chosen_by_its_citation(editor, checker, repealing):
    version, key, ended, _kept = repealing
    meant = instrument("Asıl Biten", number="7303")
    rule = instrument("Yönetmelik", number="7304", type="regulation")
    url = f"/yetkili/mevzuat/metin/{version.pk}/"
    refused = editor.post(url, {f"karar-{key}": "kabul", key: "9999 sayılı Kanun"})
    assert refused.status_code == 422
    assert "Kayıtta böyle bir mevzuat yok" in refused.content.decode()
    assert editor.post(url, {f"karar-{key}": "kabul", key: "7303 sayılı Kanun"}).status_code == 302
    assert "Seçilen:" in editor.get(url).content.decode()
    hand_in_and_publish(editor, checker, version)
    for row in (ended, meant, rule):
        row.refresh_from_db()
    assert (ended.ended, meant.ended, rule.ended) == (False, True, False)
    assert meant.in_relations.get().recorded_by is not None


def test_a_chosen_target_keeps_the_rule_of_rank(editor):
    rule = instrument("Yönetmelik", number="7305", type="regulation")
    law = instrument("Kanun", number="7306")
    editor.post(
        f"/yetkili/mevzuat/{rule.pk}/metin/",
        {"kind": "first", "valid_from": "2020-01-05", "text": REPEALING},
    )
    version = TextVersion.objects.get(instrument=rule)
    key = detected_in(version)[0].key
    refused = editor.post(
        f"/yetkili/mevzuat/metin/{version.pk}/", {f"karar-{key}": "kabul", key: "7306"}
    )
    assert refused.status_code == 422
    assert "sırası bu ilişkiye uymuyor" in refused.content.decode()
    assert law.in_relations.count() == 0


def test_a_published_text_takes_no_decision(editor):
    law = instrument()
    version = publish(law, NEW)
    key = detected_in(version)[0].key
    answer = editor.post(f"/yetkili/mevzuat/metin/{version.pk}/", {f"karar-{key}": "ret"})
    assert answer.status_code == 422
    assert law.in_relations.count() == 1
