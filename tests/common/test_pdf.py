"""PDF: accessible, and without network or files."""

import io
import socket

import pytest
from django.test import override_settings
from django.utils import translation
from pypdf import PdfReader

from kaysis.common.pdf import pdf_response, render_pdf
from kaysis.common.pdf_fetcher import ResourceRefused, StaticFetcher

TEMPLATES = {
    "doc.html": (
        '{% extends "common/pdf.html" %}{% block title %}{{ heading }}{% endblock %}'
        "{% block content %}<h1>{{ heading }}</h1><p>Iğdır, Şırnak, Çankırı — ünlü öğüt.</p>"
        '<table><caption>Tablo</caption><thead><tr><th scope="col">Ad</th></tr></thead>'
        "<tbody><tr><td>Çğİıöşü</td></tr></tbody></table>{{ extra|safe }}{% endblock %}"
    )
}


@pytest.fixture(autouse=True)
def templates(settings):
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", TEMPLATES),
                    (
                        "django.template.loaders.filesystem.Loader",
                        [settings.BASE_DIR / "templates"],
                    ),
                ]
            },
        }
    ]


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a PDF must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def read(data):
    return PdfReader(io.BytesIO(data))


def test_is_accessible_and_turkish(no_network):
    with translation.override("tr"):
        pdf = read(render_pdf("doc.html", {"heading": "Teşkilat şeması"}))
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "tr"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert pdf.metadata.title == "Teşkilat şeması"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    text = pdf.pages[0].extract_text()
    assert "Iğdır, Şırnak, Çankırı — ünlü öğüt." in text
    assert "Çğİıöşü" in text


def test_every_font_is_embedded():
    fonts = read(render_pdf("doc.html", {"heading": "x"})).pages[0]["/Resources"]["/Font"]
    for font in fonts.values():
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert any(key.startswith("/FontFile") for key in descriptor)


@pytest.mark.parametrize(
    "source",
    [
        "https://example.com/x.png",
        "http://127.0.0.1:1/x.png",
        "//example.com/x.png",
        "file:///etc/passwd",
        "/etc/passwd",
        "/media/x.png",
        "/static/../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "http://static.invalid/static//etc/passwd",
        "ftp://example.com/x",
        "http://static.invalid@example.com/static/x",
    ],
)
def test_foreign_resources_are_left_out(source, no_network):
    for markup in (
        '<img src="{}" alt="x">',
        '<link rel="stylesheet" href="{}">',
        "<style>@import url('{}')</style>",
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}" width="9" height="9"/></svg>',
        '<object data="{}"></object>',
        '<link rel="attachment" href="{}">',
    ):
        data = render_pdf("doc.html", {"heading": "x", "extra": markup.format(source)})
        assert b"root:" not in data
        assert "/Names" not in read(data).trailer["/Root"] or not read(data).attachments


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "http://static.invalid/etc/passwd", "https://static.invalid/static/x"],
)
def test_the_fetcher_says_no(url):
    with pytest.raises(ResourceRefused):
        StaticFetcher().fetch(url)


def test_static_files_and_data_are_given(tmp_path):
    (tmp_path / "a b.css").write_text("p { color: red }")
    with override_settings(STATICFILES_DIRS=[tmp_path], STATIC_ROOT=tmp_path / "none"):
        from django.contrib.staticfiles import finders

        finders.get_finder.cache_clear()
        response = StaticFetcher().fetch("http://static.invalid/static/a%20b.css?v=1#x")
        assert response.read() == b"p { color: red }"
    finders.get_finder.cache_clear()
    assert StaticFetcher().fetch("data:text/plain,abc").read() == b"abc"


def test_the_response_opens_in_the_browser():
    response = pdf_response("doc.html", {"heading": "x"}, filename="Çankaya Şeması")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="cankaya-semasi.pdf"'
    assert response.content.startswith(b"%PDF-")
    saved = pdf_response("doc.html", {"heading": "x"}, filename="a", download=True)
    assert saved["Content-Disposition"].startswith("attachment")
