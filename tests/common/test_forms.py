"""Uploads are believed only for what they contain."""

import datetime as dt
import io
import re
import struct
import zipfile

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from kaysis.common.exports import Column, export_pieces
from kaysis.common.formrender import draw_choices, draw_select
from kaysis.common.forms import UploadField
from kaysis.common.uploads import KINDS, check_zip

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
XLSX = b"".join(export_pieces([{"a": 1}], [Column("a", "A")], "xlsx"))


class UploadForm(forms.Form):
    file = UploadField(kinds=("pdf", "xlsx", "csv"), max_size=1 << 20, label="Dosya")


def submit(name, content):
    return UploadForm({}, {"file": SimpleUploadedFile(name, content, "application/pdf")})


def zipped(entries, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("A.PDF", PDF),
        ("a.xlsx", XLSX),
        ("a.csv", "ad;il\nIğdır;Iğdır\n".encode()),
        ("a.csv", ("ş" * 70_001).encode()),
    ],
)
def test_honest_files(name, content):
    form = submit(name, content)
    assert form.is_valid(), form.errors
    file = form.cleaned_data["file"]
    assert file.read() == content
    assert file.kind is KINDS[name.rpartition(".")[2].lower()]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", PDF, "kind"),
        ("a", PDF, "kind"),
        ("a.pdf.html", PDF, "kind"),
        ("a.pdf", b"<html>%PDF</html>", "content"),
        ("a.pdf", PDF[:10], "content"),
        ("a.pdf", b"x" * 2000 + PDF, "content"),
        ("a.xlsx", PDF, "content"),
        ("a.xlsx", zipped({"word/document.xml": "x"}), "content"),
        ("a.csv", b"MZ\x90\x00\x03", "content"),
        ("a.csv", "Iğdır".encode("iso-8859-9"), "content"),
        ("a.csv", b"", "empty"),
        ("a.pdf", PDF + b" " * (1 << 20), "size"),
    ],
)
def test_dishonest_files(name, content, code):
    form = submit(name, content)
    assert not form.is_valid()
    assert form.errors.as_data()["file"][0].code == code


def test_the_field_says_what_it_takes():
    form = UploadForm()
    assert form.fields["file"].help_text == "PDF, XLSX, CSV, en çok 1 MB."
    assert 'accept=".pdf,.xlsx,.csv"' in str(form["file"].as_widget())
    assert "1,0" in str(submit("a.pdf", PDF + b" " * (1 << 20)).errors)


class DatedForm(forms.Form):
    day = forms.DateField()


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("text", ["24.11.2026", "2026-11-24", "24/11/2026"])
def test_dates_are_taken_as_people_and_browsers_write_them(text, language):
    with translation.override(language):
        form = DatedForm({"day": text})
        assert form.is_valid()
        assert form.cleaned_data["day"] == dt.date(2026, 11, 24)


def refused(content, **limits):
    with pytest.raises(ValidationError) as caught:
        check_zip(io.BytesIO(content), **limits)
    return caught.value.code


def test_zip_bombs():
    assert refused(zipped({"a": b"0" * (4 << 20)})) == "bomb"
    assert refused(zipped({"a": "x" * 200}), max_unpacked=100) == "bomb"
    assert refused(zipped({str(n): "x" for n in range(20)}), max_entries=10) == "bomb"
    assert check_zip(io.BytesIO(zipped({"a": b"0" * 100_000}))) == {"a"}


def test_unsafe_names_and_encryption():
    for name in ("../a", "a/../../b", "/etc/passwd", "..\\a", "C:/a"):
        assert refused(zipped({name: "x"})) == "unsafe"
    content = bytearray(zipped({"a": "x"}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8 : directory + 10] = struct.pack("<H", 1)
    assert refused(bytes(content)) == "unsafe"


def test_broken_zips():
    good = zipped({"a": "x" * 1000})
    for cut in (0, 1, 10, len(good) // 2, len(good) - 5):
        assert refused(good[:cut]) == "content"


class _Choosing(forms.Form):
    plain = forms.ChoiceField(
        choices=[("", "Tümü"), ("6", "Ankara"), ("<&\"'>", mark_safe("<b>İç</b> & dış"))],
        label="Yer",
        widget=forms.Select(attrs={"hx-get": "/x?a=1&b=2", "hidden": True, "disabled": False}),
    )
    grouped = forms.ChoiceField(
        choices=[("A & B", [(1, gettext_lazy("Türkçe"))]), (2, 2.5), (None, "Bilinmiyor")]
    )


@pytest.mark.parametrize("given", [{}, {"plain": "6", "grouped": "1"}, {"plain": "<&\"'>"}])
@pytest.mark.parametrize("name", ["plain", "grouped"])
def test_a_select_is_drawn_as_django_draws_it(name, given):
    field = _Choosing(given or None)[name]
    widget = field.field.widget
    context = widget.get_context(field.html_name, field.value(), {"id": field.auto_id})
    theirs = TemplatesSetting().render(widget.template_name, context)
    assert parse_html(draw_select(context["widget"])) == parse_html(theirs)
    assert "<option" in str(field)


class _Ticking(forms.Form):
    several = forms.MultipleChoiceField(
        choices=[("6", "Ankara"), ("<&\"'>", mark_safe("<b>İç</b> & dış")), ("A & B", [(1, "x")])],
        widget=forms.CheckboxSelectMultiple,
    )
    one = forms.ChoiceField(choices=[("", "Tümü"), ("6", "Ankara")], widget=forms.RadioSelect)


@pytest.mark.parametrize("name", ["several", "one"])
def test_options_stand_beside_their_labels_and_the_chosen_are_marked(name):
    field = _Ticking({"several": ["6", "1"], "one": "6"})[name]
    html = str(field)
    widget = field.field.widget.get_context(name, field.value(), {"id": field.auto_id})["widget"]
    assert html.startswith(f'<div class="k-choices" id="id_{name}">')
    assert html.count(" checked") == {"several": 2, "one": 1}[name]
    for _group, options, _index in widget["optgroups"]:
        for option in options:
            ticked = " checked" if option["selected"] else ""
            pattern = rf'name="{name}" value="{re.escape(escape(option["value"]))}"[^>]*{ticked}'
            assert re.search(pattern, html)
    labels = re.findall(r'<label class="form-check-label" for="(\w+)">', html)
    ids = re.findall(r'<input [^>]*id="(\w+)"', html)
    assert labels == ids
    assert len(ids) == len(set(ids)) >= 2


def test_options_keep_their_markup_and_escape_everything_else():
    html = draw_choices(
        _Ticking().fields["several"].widget.get_context("several", [], {})["widget"]
    )
    assert "<b>İç</b> & dış" in html
    assert 'aria-label="A &amp; B"' in html
    assert 'value="&lt;&amp;&quot;&#x27;&gt;"' in html
    assert " id=" not in html
    assert " for=" not in html
