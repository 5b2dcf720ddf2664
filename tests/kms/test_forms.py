"""Every form of KMS: empty, twice, twice at once, from strangers, with nonsense and bad files."""

import datetime as dt
import io
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pypdf import PdfWriter

from kaysis.accounts.models import Person, Role
from kms import services
from kms.models import Commencement, Instrument, Reference, Relation, TextVersion
from kms.selectors.detected import detected_in
from tests.factories.accounts import person_with
from tests.factories.detsis import unit
from tests.factories.kms import instrument, publish, text

LONG = "ç" * 70_000
CONTROL = ("\x00", "a\x00b", "\x01")
ODD = ("-1", "99999999999999999999", "0000-00-00", "31.02.2026", "NaN", "١٢", "%s", "' OR 1=1")
HUGE = "9" * 30
WORDS = text("Amaç: Amaç budur.", "Süre: Süre otuz gündür.")
ENDS = text("Son: 4/5/2010 tarihli ve 7701 sayılı Kanun yürürlükten kaldırılmıştır.")


@dataclass
class Case:
    """A form, filled in rightly."""

    url: str
    data: dict[str, Any]
    actor: Person
    foreign: list[str] = field(default_factory=list)
    #: Fields that hold free text of any length, or any words.
    free: frozenset[str] = frozenset()
    #: Sent again it is accepted again, and changes nothing more.
    repeatable: bool = False


class World:
    """Institutions, two editors, and an instrument in each state."""

    def __init__(self) -> None:
        self.board = unit("Kurum", is_institution=True)
        self.other = unit("Öteki", is_institution=True)
        self.editor = person_with(Role.LEGISLATION_EDITOR)
        self.second = person_with(Role.LEGISLATION_EDITOR)
        self.law = instrument(
            "Yeni Kanun", number="7700", accepted_on=dt.date(2020, 1, 1), effective_from=None
        )
        self.old = instrument("Eski Kanun", number="7701")
        self.foreign = instrument(
            "Öteki", type="directive", number="", scope="institutional", issuer=self.other
        )
        publish(self.law, WORDS, valid_from=dt.date(2020, 1, 1))

    @property
    def stranger(self) -> Person:
        return person_with(Role.LEGISLATION_EDITOR, self.board.pk)

    def draft(self, words: str = ENDS, of: Instrument | None = None) -> TextVersion:
        return services.draft_text(
            actor=self.editor,
            instrument=of or self.law,
            kind="consolidated",
            text=words,
            valid_from=dt.date(2021, 1, 1),
        )

    def waiting(self) -> TextVersion:
        draft = self.draft(WORDS + "\nEk.\n")
        return services.submit_text(actor=self.editor, version=draft)


def new(world: World) -> Case:
    data = {
        "type": "law", "number": "7799", "series": "5", "title": "Kanun", "abbreviation": "",
        "accepted_on": "2020-05-04", "scope": "gazette", "gazette_date": "2020-05-12",
        "gazette_number": "31111", "gazette_repeat": "0", "effective_from": "2020-05-12",
        "lapsed_on": "", "without_effect_from": "", "without_effect_reason": "",
        "issuer_name": "TBMM", "issuer_no": "", "commencements": "m. 2: 01.01.2021",
    }  # fmt: skip
    free = frozenset({"number", "title", "abbreviation", "issuer_name", "without_effect_reason"})
    return Case("/yetkili/mevzuat/yeni/", data, world.editor, free=free)


def facts(world: World) -> Case:
    base = new(world)
    data = {**base.data, "number": "7700", "accepted_on": "2020-01-01", "reason": "Yazım"}
    url = "/yetkili/mevzuat/{}/kunye/"
    return Case(
        url.format(world.law.pk),
        data,
        world.editor,
        [url.format(world.foreign.pk), url.format(HUGE)],
        free=base.free | {"reason"},
        repeatable=True,
    )


def new_text(world: World) -> Case:
    data = {"kind": "consolidated", "valid_from": "2021-01-01", "text": ENDS, "note": "Not"}
    url = "/yetkili/mevzuat/{}/metin/"
    return Case(
        url.format(world.law.pk),
        data,
        world.editor,
        [url.format(world.foreign.pk), url.format(HUGE)],
        free=frozenset({"text", "note"}),
    )


def edit_text(world: World) -> Case:
    data = {"kind": "consolidated", "valid_from": "2022-01-01", "text": WORDS, "note": "Not"}
    url = "/yetkili/mevzuat/metin/{}/duzenle/"
    return Case(
        url.format(world.draft().pk),
        data,
        world.editor,
        [url.format(_foreign_draft(world)), url.format(HUGE)],
        free=frozenset({"text", "note"}),
        repeatable=True,
    )


def _foreign_draft(world: World) -> int:
    return world.draft(of=world.foreign).pk


def decide(world: World) -> Case:
    draft = world.draft()
    (row,) = detected_in(draft)
    url = "/yetkili/mevzuat/metin/{}/"
    return Case(
        url.format(draft.pk),
        {f"karar-{row.key}": "kabul", row.key: "7701 sayılı Kanun"},
        world.editor,
        [url.format(_foreign_draft(world)), url.format(HUGE)],
        repeatable=True,
    )


def bulk(world: World) -> Case:
    data = {
        "kind": "repeals", "on": "2021-01-01", "place": "m. 5", "lines": "7701 sayılı Kanun",
        "kaydet": "1",
    }  # fmt: skip
    url = "/yetkili/mevzuat/{}/iliskiler/"
    return Case(
        url.format(world.law.pk),
        data,
        world.editor,
        [url.format(world.foreign.pk), url.format(HUGE)],
        free=frozenset({"place", "lines", "kaydet"}),
        repeatable=True,
    )


def undo(world: World) -> Case:
    url = "/yetkili/mevzuat/iliski/{}/"
    made = [
        Relation.objects.create(
            source=source, target=target, kind="repeals", origin="editor", whole=True, date=day
        ).pk
        for day in [dt.date(2020, 1, 1)]
        for source, target in [
            (world.law, world.old),
            (world.foreign, instrument("X", type="directive", number="", issuer=world.other)),
        ]
    ]
    return Case(
        url.format(made[0]),
        {"on": "2021-01-01", "reason": "İptal edildi"},
        world.editor,
        [url.format(made[1]), url.format(HUGE)],
        free=frozenset({"reason"}),
    )


def step(name: str, make: Callable[[World], TextVersion]) -> Callable[[World], Case]:
    def case(world: World) -> Case:
        url = f"/yetkili/mevzuat/metin/{{}}/{name}/"
        version = make(world)
        actor = world.second if name in ("yayimla", "iade") else world.editor
        data = {"reason": "Eksik"} if name == "iade" else {}
        return Case(
            url.format(version.pk),
            data,
            actor,
            [url.format(_foreign_draft(world)), url.format(HUGE)],
            free=frozenset(data),
        )

    return case


CASES: dict[str, Callable[[World], Case]] = {
    "new": new,
    "facts": facts,
    "new-text": new_text,
    "edit-text": edit_text,
    "decide": decide,
    "bulk": bulk,
    "undo": undo,
    "submit": step("sun", World.draft),
    "publish": step("yayimla", World.waiting),
    "return": step("iade", World.waiting),
    "withdraw": step("geri-cek", World.draft),
}
with_every_form = pytest.mark.parametrize("name", CASES)


@pytest.fixture
def world(db: None) -> World:
    return World()


def signed_in(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def send(client: Client, url: str, data: dict[str, Any]) -> int:
    return client.post(url, data).status_code


def rows() -> Counter[str]:
    """What there is: how many of each, and in which state."""
    found = Counter(
        {
            model.__name__: model.objects.count()
            for model in (Instrument, TextVersion, Relation, Commencement, Reference)
        }
    )
    found.update(f"text {state}" for state in TextVersion.objects.values_list("state", flat=True))
    found["ended"] = Instrument.objects.filter(ended=True).count()
    found["undone"] = Relation.objects.exclude(undone_on=None).count()
    found["decided"] = sum(len(d) for d in TextVersion.objects.values_list("decisions", flat=True))
    return found


# Buttons, and decisions that may stay open: nothing must be filled in.
NOTHING_NEEDED = {"decide", "publish", "submit", "withdraw"}


@pytest.mark.parametrize("name", sorted(set(CASES) - NOTHING_NEEDED))
def test_an_empty_form_is_answered_at_its_fields(world, name):
    case = CASES[name](world)
    client, before = signed_in(case.actor), rows()
    response = client.post(case.url, {})
    assert response.status_code == 422
    assert "k-error" in response.content.decode()
    assert rows() == before


@with_every_form
def test_sent_twice_in_a_row_it_counts_once(world, name):
    case = CASES[name](world)
    client = signed_in(case.actor)
    assert send(client, case.url, case.data) == 302
    once = rows()
    again = client.post(case.url, case.data)
    assert again.status_code in (
        (302, 422) if case.repeatable or not case.data else (302, 404, 422)
    )
    assert rows() == once


@with_every_form
def test_a_stranger_gets_nowhere(world, name):
    case = CASES[name](world)
    stranger, before = signed_in(world.stranger), rows()
    for url in case.foreign:
        assert send(stranger, url, case.data) in (403, 404), url
    if name != "new":
        assert send(stranger, case.url, case.data) in (403, 404)
    assert rows() == before


@with_every_form
def test_nonsense_is_refused_or_harmless(world, name):
    case = CASES[name](world)
    client, before = signed_in(case.actor), rows()
    for each in case.data:
        for wrong in (LONG, *CONTROL):
            if each == "text" and wrong in (LONG, "a\x00b", "\x01"):
                continue  # a text may be that long; what does not belong in it is left out
            if each in ("lines", "kaydet"):
                assert send(client, case.url, case.data | {each: wrong, "kaydet": ""}) < 500
                continue
            status = send(client, case.url, case.data | {each: wrong})
            assert status == 422, (each, wrong[:10], status)
        if each not in ("text", "lines", "kaydet"):
            assert rows() == before, each
    for each in set(case.data) - case.free:
        for wrong in ODD:
            assert send(client, case.url, case.data | {each: wrong}) < 500, (each, wrong)


@pytest.mark.django_db(transaction=True)
@with_every_form
def test_sent_twice_at_the_same_moment_it_counts_once(name):
    case = CASES[name](World())
    before = rows()
    assert send(signed_in(case.actor), case.url, case.data) == 302
    once = rows() - before
    Instrument.objects.filter(number="7799").update(number="7798")
    for number in ("7700", "7701"):
        Instrument.objects.filter(number=number).update(number=f"1{number}")

    case = CASES[name](World())
    clients = [signed_in(case.actor) for _ in range(2)]
    before = rows()
    gate = threading.Barrier(2)

    def press(client: Client) -> int:
        gate.wait(timeout=60)
        try:
            return send(client, case.url, case.data)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(press, clients))
    assert told[0] == 302, told
    assert told[1] < 500, told
    assert rows() - before == once


# --- Files ------------------------------------------------------------------------------------


def zipped(**entries: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def pdf(*, password: str = "", pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + "ha" * 50
    + '">'
    + "".join(
        f'<!ENTITY a{n} "{("&a" + str(n - 1) + ";" if n else "&a;") * 10}">' for n in range(9)
    )
    + f"]><w:document {SPACE}><w:body><w:p><w:r><w:t>&a8;</w:t></w:r></w:p></w:body></w:document>"
)
FILES = {
    "zip bomb": zipped(**{"word__document.xml": b"0" * 60_000_000}),
    "xml bomb": zipped(**{"word__document.xml": ENTITIES.encode()}),
    "leaving the folder": zipped(**{"..__x": b"x", "word__document.xml": b"<x/>"}),
    "no xml": zipped(**{"word__document.xml": b"\x00\x01"}),
    "empty document": zipped(
        **{"word__document.xml": f"<w:document {SPACE}><w:body/></w:document>".encode()}
    ),
    "a table, no letter": zipped(**{"xl__workbook.xml": b"<x/>"}),
    "cut off zip": zipped(**{"word__document.xml": b"<x/>" * 99})[:80],
    "encrypted PDF": pdf(password="gizli"),
    "scanned PDF": pdf(),
    "PDF of too many pages": pdf(pages=2001),
    "cut off PDF": pdf()[:200],
    "no PDF": b"%PDF-1.7\n\x00\x01",
    "binary": bytes(range(256)) * 10,
    "nothing": b"",
    "blanks": b" \n\t" * 40,
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", ["new-text", "edit-text"])
def test_a_bad_file_is_refused_at_its_field(world, name, kind):
    case = CASES[name](world)
    client, before = signed_in(case.actor), rows()
    texts = set(TextVersion.objects.values_list("checksum", flat=True))
    file = SimpleUploadedFile("metin.docx", FILES[kind])
    response = client.post(case.url, {**case.data, "text": "", "file": file})
    assert response.status_code == 422, kind
    assert "k-error" in response.content.decode()
    assert rows() == before
    assert set(TextVersion.objects.values_list("checksum", flat=True)) == texts


def test_a_pdf_that_anybody_may_open_is_read_though_it_is_encrypted(world):
    """An owner's password alone keeps nobody from reading."""
    case = new_text(world)
    file = SimpleUploadedFile("metin.pdf", pdf(password=""))
    assert signed_in(case.actor).post(case.url, {**case.data, "file": file}).status_code == 422


# --- What stands behind the question mark ------------------------------------------------------

ADDRESSES = {
    "/mevzuat/": ("q", "tur", "yil", "durum", "tarih", "sayfa", "kurum"),
    "/mevzuat/ara/": ("q", "tur", "yil", "kurum", "tarih", "metin", "sayfa"),
    "/mevzuat/{pk}/": ("tarih", "metin", "madde", "bolum"),
    "/mevzuat/{pk}/karsilastir/": ("eski", "yeni", "tarih", "once", "sonra"),
    "/mevzuat/{pk}/sema/": ("derinlik", "yon", "tur"),
    "/mevzuat/{pk}/etki/": ("madde", "derinlik", "sayfa"),
    "/mevzuat/{pk}/iliskiler/": ("tur", "yon", "sayfa"),
    "/mevzuat/{pk}/degisiklikler/": ("madde", "sayfa"),
    "/mevzuat/istatistik/": ("yil", "tur", "kurum"),
    "/mevzuat/acik-atiflar/": ("sayfa", "tur", "q"),
    "/mevzuat/kural-disi/": ("sayfa",),
    "/mevzuat/atif/kanun/7700/": ("t", "m"),
    "/api/v1/instruments/": ("q", "type", "year", "as_of", "cursor", "limit", "status"),
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_bear_anything(world, address):
    client = Client(raise_request_exception=False)
    url = address.format(pk=world.law.pk)
    assert client.get(url).status_code < 400, url
    for name in ADDRESSES[address]:
        for wrong in (LONG[:5000], *CONTROL, *ODD, "", HUGE, "0001-01-01", "9999-12-31"):
            status = client.get(url, {name: wrong}).status_code
            assert status < 500, (url, name, wrong[:20], status)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/mevzuat/{n}/", "/mevzuat/{n}/metin.txt", "/mevzuat/{n}/metin.pdf", "/mevzuat/{n}/sema/",
        "/mevzuat/{n}/karsilastir/", "/yetkili/mevzuat/{n}/", "/yetkili/mevzuat/metin/{n}/",
        "/yetkili/mevzuat/iliski/{n}/", "/api/v1/instruments/{n}/", "/mevzuat/atif/kanun/{n}/",
        "/eli/tr/kanun/{n}/{n}/", "/eli/tr/kanun/2020/1/2020-99-99/",
    ],
)  # fmt: skip
def test_numbers_that_no_table_holds_are_not_found(path):
    client = signed_in(person_with(Role.LEGISLATION_EDITOR))
    for number in ("0", HUGE, "9223372036854775808"):
        assert client.get(path.format(n=number)).status_code < 500, number
