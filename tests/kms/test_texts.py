"""Texts: versions in time, what is stored of them, draft → check → published."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, transaction
from lxml import etree

from kaysis.accounts.models import Role
from kaysis.common.errors import Conflict, RuleViolation
from kms import rendering, services
from kms.akn import NAMESPACE, akoma_ntoso
from kms.models import Commencement, EditState, Passage, Provision, TextVersion, VersionKind
from kms.selectors.reading import part_of, texts_of
from kms.text import parse
from tests.factories.accounts import person_with
from tests.factories.kms import instrument, publish, text

pytestmark = pytest.mark.django_db
FIRST, LATER = dt.date(2010, 5, 12), dt.date(2015, 1, 1)
OLD = text("Amaç: Amaç budur.", "Süre: Süre otuz gündür.")
NEW = text("Amaç: Amaç budur.", "Süre: (Değişik: 1/1/2015-6600/1 md.) Süre on gündür.")


def test_a_text_is_read_as_it_stood_on_a_day():
    law = instrument()
    first = publish(law, OLD, valid_from=FIRST, kind=VersionKind.FIRST)
    last = publish(law, NEW, valid_from=LATER)
    texts = texts_of(law)
    assert texts.on(dt.date(2014, 12, 31)) == (first, True)
    assert texts.on(LATER) == (last, True)
    assert texts.on(dt.date(1999, 1, 1)) == (first, False)
    assert texts.first == first
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.last, last.last) == (False, True)
    searched = Passage.objects.filter(searched=True).values_list("version_id", flat=True)
    assert set(searched) == {last.pk}


def test_what_was_repealed_before_2015_gives_its_first_text_only():
    law, new = instrument(), instrument("Yeni", accepted_on=dt.date(2014, 1, 1))
    first = publish(law, OLD, valid_from=FIRST, kind=VersionKind.FIRST)
    publish(law, NEW, valid_from=dt.date(2012, 1, 1))
    services.relate(actor=None, source=new, kind="repeals", targets=[law], on=dt.date(2014, 12, 31))
    law.refresh_from_db()
    assert texts_of(law).versions == [first]
    relation = law.in_relations.get(whole=True)
    relation.in_force_on = dt.date(2015, 1, 1)
    relation.save()
    law.refresh_from_db()
    assert len(texts_of(law).versions) == 2


def test_a_published_text_never_changes():
    version = publish(instrument(), OLD)
    with pytest.raises(DatabaseError), transaction.atomic():
        TextVersion.objects.filter(pk=version.pk).update(text="Başka")


def test_one_text_a_day():
    law = instrument()
    publish(law, OLD)
    with pytest.raises(DatabaseError), transaction.atomic():
        publish(law, NEW)


def test_provisions_have_anchors_places_and_spans():
    version = publish(
        instrument(),
        text("Tanımlar: Bu Kanunda geçen;\n\na) Kurum: kurumu,\n\nb) Kurul: kurulu,\n\nanlatır."),
    )
    rows = {row.anchor: row for row in Provision.objects.filter(version=version)}
    item = rows["m1-f1-b"]
    assert item.place == "m. 1/1-b"
    assert version.text[item.start : item.end].strip().startswith("b) Kurul")
    parent = Provision.objects.get(version=version, ordinal=item.parent)
    assert parent.anchor == "m1-f1"


def test_markup_escapes_what_the_text_says():
    words = text('Amaç: <script>alert("x")</script> & "tırnak" <b>kalın</b>.')
    version = publish(instrument(), words)
    html = "".join(Passage.objects.filter(version=version).values_list("html", flat=True))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert 'id="m1"' in html


def test_a_long_text_is_cut_between_articles_and_every_article_is_found():
    words = text(*(f"Başlık {n}: " + "uzun cümle " * 400 for n in range(30)))
    version = publish(instrument(), words)
    assert version.parts > 3
    for number in (1, 15, 30):
        part = part_of(version, f"m{number}-f1")
        assert Passage.objects.get(version=version, anchor=f"m{number}").part == part
    sizes = [
        sum(len(p.body) for p in Passage.objects.filter(version=version, part=part))
        for part in range(1, version.parts + 1)
    ]
    assert max(sizes) <= rendering.PART_CHARS + 5000


def test_the_pieces_hold_every_word_of_the_text():
    document = parse(NEW)
    told = " ".join(piece.text for piece in rendering.pieces(document))
    for word in NEW.split():
        assert word.strip("–") in told or word == "DENEME"


def editor_and_checker():
    return person_with(Role.LEGISLATION_EDITOR), person_with(Role.LEGISLATION_EDITOR)


def test_draft_check_published_by_two_people():
    editor, checker = editor_and_checker()
    law = services.record_instrument(actor=editor, type="law", number="7000", title="Yeni Kanun")
    draft = services.draft_text(
        actor=editor, instrument=law, kind="first", text=OLD, valid_from=FIRST
    )
    assert not texts_of(law).versions
    with pytest.raises(Conflict):
        services.publish_text(actor=checker, version=draft)
    services.submit_text(actor=editor, version=draft)
    with pytest.raises(PermissionDenied):
        services.publish_text(actor=editor, version=draft)
    services.return_text(actor=checker, version=draft, reason="Madde eksik")
    services.change_draft(actor=editor, version=draft, text=NEW, valid_from=FIRST, note="")
    services.submit_text(actor=editor, version=draft)
    published = services.publish_text(actor=checker, version=draft)
    law.refresh_from_db()
    assert published.state == EditState.PUBLISHED
    assert published.last
    assert published.checked_by == checker
    assert law.published
    assert law.in_relations.get().source_reference.number == "6600"


def test_drafts_are_refused_what_makes_no_sense():
    editor, _checker = editor_and_checker()
    law = services.record_instrument(actor=editor, type="law", number="7001", title="Kanun")
    with pytest.raises(RuleViolation):
        services.draft_text(actor=editor, instrument=law, kind="first", text=" \n", valid_from=None)
    with pytest.raises(ValidationError):
        services.draft_text(actor=editor, instrument=law, kind="x", text=OLD, valid_from=None)
    draft = services.draft_text(
        actor=editor, instrument=law, kind="first", text=OLD, valid_from=None
    )
    services.withdraw_text(actor=editor, version=draft)
    with pytest.raises(Conflict):
        services.submit_text(actor=editor, version=draft)
    with pytest.raises(PermissionDenied):
        services.draft_text(
            actor=person_with(Role.ANALYST), instrument=law, kind="first", text=OLD, valid_from=None
        )


def test_only_the_latest_text_speaks_of_others():
    law = instrument()
    publish(law, NEW, valid_from=LATER)
    publish(law, OLD.replace("Süre otuz", "(Ek: 2/2/2011-6111/1 md.) Süre otuz"), valid_from=FIRST)
    numbers = law.in_relations.values_list("source_reference__number", flat=True)
    assert list(numbers) == ["6600"]


def test_akoma_ntoso_holds_the_articles_and_the_metadata():
    law = instrument(number="4982", title="Bilgi Edinme Hakkı Kanunu")
    version = publish(
        law, text("Tanımlar: Geçen;\n\na) Kurum: kurumu,\n\nb) Kurul: kurulu,\n\nanlatır.")
    )
    root = etree.fromstring(akoma_ntoso(law, version, today=dt.date(2026, 1, 1)))
    names = {"a": NAMESPACE}
    assert root.xpath("string(//a:FRBRWork/a:FRBRnumber/@value)", namespaces=names) == "4982"
    assert root.xpath("//a:article/@eId", namespaces=names) == ["m1"]
    points = root.xpath("//a:point/a:num/text()", namespaces=names)
    assert points == ["a)", "b)"]
    assert root.xpath("string(//a:paragraph/a:wrapUp)", namespaces=names).strip() == "anlatır."
    ids = root.xpath("//@eId")
    assert len(ids) == len(set(ids))


def test_texts_are_rendered_anew_without_a_difference(capsys):
    law = instrument()
    publish(law, NEW)
    columns = ("version", "part", "anchor", "title", "body", "html", "searched")
    before = list(Passage.objects.order_by("ordinal").values_list(*columns))
    Passage.objects.update(html="eski")
    call_command("render_legislation")
    assert list(Passage.objects.order_by("ordinal").values_list(*columns)) == before
    assert "1 metin" in capsys.readouterr().out


def test_a_text_of_a_day_to_come_is_read_from_that_day_on():
    law = instrument()
    first = publish(law, OLD, valid_from=FIRST, kind=VersionKind.FIRST)
    coming = publish(law, NEW, valid_from=dt.date(2031, 1, 1))
    first.refresh_from_db()
    assert first.last
    assert services.put_into_force() == []
    with time_machine.travel(dt.datetime(2031, 1, 1, 12, tzinfo=dt.UTC), tick=False):
        assert texts_of(law).on(dt.date(2031, 1, 1)) == (coming, True)


@pytest.mark.django_db
def test_texts_whose_day_has_come_become_the_last_ones():
    law = instrument()
    publish(law, OLD, valid_from=FIRST, kind=VersionKind.FIRST)
    second = publish(law, NEW, valid_from=LATER)
    TextVersion.objects.filter(pk=second.pk).update(last=False)
    assert services.put_into_force() == [law.pk]
    second.refresh_from_db()
    assert second.last
    assert services.put_into_force() == []


SCHEMA = Path(__file__).parents[2].parent / "shared" / "standards" / "akn-3.0"


def test_akoma_ntoso_is_valid():
    path = SCHEMA / "akomantoso30.xsd"
    if not path.exists():
        pytest.skip(f"the schema is absent: {path}")
    schema = etree.XMLSchema(etree.parse(path))
    law = instrument("Kanun & Ek", issuer_name="Türkiye Büyük Millet Meclisi")
    words = NEW + "\n\nGeçici Madde 1 – Son.\n\nEK\n\n1. Sayılı Liste\n\nBir satır\n"
    for kind in (VersionKind.CONSOLIDATED, VersionKind.REPEALED_PROVISIONS):
        version = publish(law, words, kind=kind)
        root = etree.fromstring(akoma_ntoso(law, version, today=dt.date(2026, 1, 1)))
        assert schema.validate(root), schema.error_log


def test_provisions_may_enter_into_force_on_days_of_their_own():
    law = instrument()
    services.set_commencements(
        actor=None,
        instrument=law,
        days={"m. 3": dt.date(2011, 1, 1), "m. 5": dt.date(2012, 1, 1)},
    )
    services.set_commencements(actor=None, instrument=law, days={"m. 3": dt.date(2011, 6, 1)})
    only = Commencement.objects.get(instrument=law)
    assert (only.place, only.date) == ("m. 3", dt.date(2011, 6, 1))
