"""A text as Akoma Ntoso 3.0 (OASIS LegalDocML), valid against its schema.

Divisions, articles, paragraphs and items become the elements of those names; what the standard
has no name for becomes an `hcontainer`. Amendment notes are editorial remarks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeAlias

from lxml import etree

from kms.models.instrument import Instrument
from kms.models.text import TextVersion
from kms.models.types import SLUGS
from kms.text import DivisionType, Document, Kind, Node, parse
from kms.text.letters import squeeze

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_UNKNOWN_DAY = "1900-01-01"
_DIVISIONS = {
    DivisionType.BOOK: "book",
    DivisionType.CHAPTER_OLD: "title",
    DivisionType.PART: "part",
    DivisionType.TITLE_OLD: "subtitle",
    DivisionType.SECTION: "chapter",
    DivisionType.SUBSECTION: "section",
    DivisionType.SEGMENT: "subsection",
}
_INNER = {Kind.ARTICLE: "article", Kind.PARAGRAPH: "paragraph", Kind.ITEM: "point"}
_LEAVES = (Kind.TEXT, Kind.NOTE, Kind.HEADING)
_SKIPPED = (Kind.FRONT, Kind.PREAMBLE, Kind.FOOTNOTES)

Element: TypeAlias = Any  # lxml has no types


def akoma_ntoso(instrument: Instrument, version: TextVersion, *, today: dt.date) -> bytes:
    """The document; UTF-8 with an XML declaration. The text is parsed anew."""
    document = parse(version.text)
    root = etree.Element(_q("akomaNtoso"), nsmap={None: NAMESPACE})
    act = _sub(root, "act", name=SLUGS[instrument.type])
    _meta(act, instrument, version, today)
    preface = _sub(act, "preface")
    title = _sub(_sub(preface, "p"), "docTitle")
    title.text = instrument.title
    if instrument.number:
        _sub(_sub(preface, "p"), "docNumber").text = instrument.number
    body = _sub(act, "body")
    writer = _Writer(document)
    writer.children(document.root, body)
    writer.footnotes(body)
    if not len(body):
        _paragraphs(_sub(body, "hcontainer", name="metin", eId="metin"), [instrument.title])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _sub(parent: Element, tag: str, /, **attributes: str) -> Element:
    return etree.SubElement(parent, _q(tag), attributes)


def _clean(text: str) -> str:
    """Without what XML 1.0 has no place for."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))


def _paragraphs(parent: Element, texts: Iterable[str]) -> None:
    content = _sub(parent, "content")
    for text in texts:
        _sub(content, "p").text = _clean(text)


# --- Metadata -----------------------------------------------------------------------------------


def _meta(act: Element, instrument: Instrument, version: TextVersion, today: dt.date) -> None:
    meta = _sub(act, "meta")
    identification = _sub(meta, "identification", source="#kaysis")
    enacted = instrument.accepted_on or instrument.gazette_date
    day = enacted.isoformat() if enacted else _UNKNOWN_DAY
    stand = version.valid_from.isoformat() if version.valid_from else day
    uri = f"/akn/tr/act/{SLUGS[instrument.type]}/{day}/{instrument.number or instrument.pk}"
    work = _sub(identification, "FRBRWork")
    _uris(work, f"{uri}/!main", uri, day, "enactment")
    _sub(work, "FRBRauthor", href="#yayimlayan")
    _sub(work, "FRBRcountry", value="tr")
    if instrument.number:
        _sub(work, "FRBRnumber", value=instrument.number)
    expression = _sub(identification, "FRBRExpression")
    _uris(expression, f"{uri}/tur@{stand}/!main", f"{uri}/tur@{stand}", stand, "expression")
    _sub(expression, "FRBRauthor", href="#kaysis")
    _sub(expression, "FRBRlanguage", language="tur")
    manifestation = _sub(identification, "FRBRManifestation")
    _uris(
        manifestation,
        f"{uri}/tur@{stand}/!main.xml",
        f"{uri}/tur@{stand}.akn",
        today.isoformat(),
        "manifestation",
    )
    _sub(manifestation, "FRBRauthor", href="#kaysis")
    if instrument.gazette_date:
        _sub(
            meta,
            "publication",
            date=instrument.gazette_date.isoformat(),
            name="Resmî Gazete",
            showAs="Resmî Gazete",
            number=instrument.gazette_issue or "0",
        )
    references = _sub(meta, "references", source="#kaysis")
    for eid, name in (("kaysis", "KAYSİS"), ("yayimlayan", _publisher(instrument))):
        _sub(references, "TLCOrganization", eId=eid, href=f"/ontology/tr/{eid}", showAs=name)


def _uris(parent: Element, this: str, uri: str, day: str, name: str) -> None:
    _sub(parent, "FRBRthis", value=this)
    _sub(parent, "FRBRuri", value=uri)
    _sub(parent, "FRBRdate", date=day, name=name)


def _publisher(instrument: Instrument) -> str:
    issuer = instrument.issuer
    return issuer.name if issuer else instrument.issuer_name or "Resmî Gazete"


# --- The text -----------------------------------------------------------------------------------


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self._ids: set[str] = set()

    def children(self, node: Node, parent: Element) -> None:
        """The blocks below a node of the upper levels; loose text becomes a container."""
        loose: list[str] = []
        for child in node.children:
            if child.kind in _SKIPPED:
                continue
            if child.children:
                self._flush(loose, parent)
                self.block(child, parent)
            elif child.kind in _LEAVES and (text := self._text(child)):
                loose.append(text)
        self._flush(loose, parent)

    def _flush(self, loose: list[str], parent: Element) -> None:
        if loose:
            box = _sub(parent, "hcontainer", name="metin", eId=self._eid("metin"))
            _paragraphs(box, loose)
            loose.clear()

    def block(self, node: Node, parent: Element) -> None:
        """A division, an article, or anything else with an anchor."""
        if node.kind is Kind.DIVISION:
            name = _DIVISIONS.get(node.division or DivisionType.SECTION, "hcontainer")
            box = self._container(parent, name, node)
            self._head(node, box)
            below = [child for child in node.children if child.children]
            if below:
                for child in below:
                    self.block(child, box)
            else:
                _paragraphs(box, self._texts(node, heading=False) or [node.title])
        elif node.kind in _INNER:
            self.provision(node, parent)
        elif node.kind in (Kind.BATCH, Kind.UNINTEGRATED):
            box = self._container(parent, "hcontainer", node)
            self.children(node, box)
            if not len(box):
                _paragraphs(box, self._texts(node, heading=True))
        else:
            box = self._container(parent, "hcontainer", node)
            _paragraphs(box, self._all(node))

    def provision(self, node: Node, parent: Element) -> None:
        """An article, a paragraph, an item: with what stands in it, before and after it."""
        box = self._container(parent, _INNER[node.kind], node)
        self._head(node, box)
        inner = [child for child in node.children if child.kind in _INNER]
        if not inner:
            _paragraphs(box, self._all(node, heading=not node.title) or [""])
            return
        before: list[str] = []
        after: list[str] = []
        seen = False
        for child in node.children:
            if child.kind in _INNER:
                seen = True
            elif child.kind in _SKIPPED:
                continue
            elif child.children:
                (after if seen else before).extend(self._all(child))
            elif self._is_loose(child, node) and (text := self._text(child)):
                (after if seen else before).append(text)
        if before:
            self._part(box, "intro", before)
        for child in inner:
            self.provision(child, box)
        if after:
            self._part(box, "wrapUp", after)

    def _is_loose(self, leaf: Node, node: Node) -> bool:
        titleless = leaf.kind is Kind.HEADING and not node.title
        return leaf.kind in (Kind.TEXT, Kind.NOTE) or titleless

    def footnotes(self, body: Element) -> None:
        """All footnotes, behind the text."""
        for footnote in self.document.footnotes:
            text = squeeze(self.document.text[footnote.start : footnote.end])
            box = _sub(
                body, "hcontainer", name="dipnot", eId=self._eid(footnote.anchor or "dipnot")
            )
            _paragraphs(box, [text])

    def _part(self, box: Element, name: str, texts: list[str]) -> None:
        part = _sub(box, name)
        for text in texts:
            _sub(part, "p").text = _clean(text)

    def _container(self, parent: Element, name: str, node: Node) -> Element:
        eid = self._eid(node.anchor or node.kind.value)
        if name == "hcontainer":
            return _sub(parent, name, name=node.kind.value, eId=eid)
        return _sub(parent, name, eId=eid)

    def _eid(self, wanted: str) -> str:
        eid, count = wanted, 1
        while eid in self._ids:
            count += 1
            eid = f"{wanted}_{count}"
        self._ids.add(eid)
        return eid

    def _head(self, node: Node, box: Element) -> None:
        label = next((self._text(c) for c in node.children if c.kind is Kind.LABEL), node.label)
        if label:
            _sub(box, "num").text = _clean(label)
        if node.title:
            _sub(box, "heading").text = _clean(node.title)

    def _text(self, leaf: Node) -> str:
        return squeeze(self.document.slice(leaf))

    def _texts(self, node: Node, *, heading: bool) -> list[str]:
        kinds = _LEAVES if heading else (Kind.TEXT, Kind.NOTE)
        return [text for c in node.children if c.kind in kinds and (text := self._text(c))]

    def _all(self, node: Node, *, heading: bool = True) -> list[str]:
        """Every text below a node, leaf by leaf, without footnotes."""
        found: list[str] = []
        stack = [node]
        while stack:
            current = stack.pop()
            if current.kind in _SKIPPED:
                continue
            if current.children:
                stack.extend(reversed(current.children))
            elif _said(current, heading=heading) and (text := self._text(current)):
                found.append(text)
        return found


def _said(leaf: Node, *, heading: bool) -> bool:
    return leaf.kind in (Kind.TEXT, Kind.NOTE) or (
        heading and leaf.kind in (Kind.HEADING, Kind.LABEL)
    )
