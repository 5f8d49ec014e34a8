"""Zotero RDF: what an export of Zotero says about its items, and which files belong to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import ReadingError
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.manifests import Bibliography, Record, with_own_keys
from knowledge.reading.metadata import find_doi
from knowledge.records import Metadata

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_Z = "{http://www.zotero.org/namespaces/export#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_BIB = "{http://purl.org/net/biblio#}"
_FOAF = "{http://xmlns.com/foaf/0.1/}"
_LINK = "{http://purl.org/rss/1.0/modules/link/}"
_NO_WORK = ("attachment", "note", "annotation")


def read_zotero(path: Path, limits: ReadingLimits) -> Bibliography:
    """Read the items of a Zotero RDF file.

    Raises:
        ReadingError: It is not XML, or not Zotero's RDF.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, parse

    try:
        root = parse(path).getroot()
    except (ParseError, DefusedXmlException) as error:
        raise ReadingError(f"It is no RDF/XML that can be parsed: {error}.") from error
    if root is None or root.tag != f"{_RDF}RDF" or root.find(f"*/{_Z}itemType") is None:
        raise ReadingError(
            "It is no RDF that Zotero exported.", remedy="Export the library as BibTeX, RIS or CSL-JSON instead."
        )
    if sum(len(text) for text in root.itertext()) > limits.characters:
        raise ReadingError(f"Its text is longer than {limits.characters:,} characters.")
    named = {about: element for element in root if (about := element.get(f"{_RDF}about"))}
    works = [one for one in root if (kind := _said(one, f"{_Z}itemType")) and kind not in _NO_WORK]
    shared = [_part_of(one) for one in works]
    notes = []
    found = []
    for number, (work, journal) in enumerate(zip(works, shared, strict=True), 1):
        record = _record(work, number, named, alone=shared.count(journal) == 1)
        found.append((number, record))
        if not record.metadata.title:
            notes.append(f"item {number} ({record.key}): it has no title.")
    read = with_own_keys(found)
    return Bibliography(read.records, notes=(*notes, *(one.replace("line", "item", 1) for one in read.notes)))


def _record(work: Element, number: int, named: dict[str, Element], *, alone: bool) -> Record:
    """An item; the journal beside it tells a DOI that is the item's where no other item has that journal."""
    about = work.get(f"{_RDF}about", "")
    journal = work.find(f"{_TERMS}isPartOf/*")
    journal = journal if journal is not None else named.get(_part_of(work))
    said = [about, *_each(work, f"{_DC}identifier")]
    if journal is not None and alone:
        said += _each(journal, f"{_DC}identifier")
    year = re.search(r"\b(?:1[5-9]|20)\d\d\b", _said(work, f"{_DC}date"))
    people = work.findall(f"{_BIB}authors//{_FOAF}Person") or work.findall(f"{_BIB}editors//{_FOAF}Person")
    return Record(
        _said(work, f"{_Z}citationKey") or re.split(r"[#/]", about)[-1] or str(number),
        Metadata(
            title=_said(work, f"{_DC}title"),
            authors=tuple(filter(None, map(_name, people))),
            year=int(year[0]) if year else None,
            doi=next(filter(None, map(find_doi, said)), ""),
            venue=_said(journal, f"{_DC}title") if journal is not None else _said(work, f"{_DC}publisher"),
            url=about if about.startswith("http") else "",
        ),
        _said(work, f"{_TERMS}abstract"),
        tuple(_files(work, named)),
    )


def _part_of(work: Element) -> str:
    part = work.find(f"{_TERMS}isPartOf")
    return part.get(f"{_RDF}resource", "") if part is not None else ""


def _files(work: Element, named: dict[str, Element]) -> Iterator[str]:
    """The paths of an item's attachments."""
    for link in work.findall(f"{_LINK}link"):
        attachment = named.get(link.get(f"{_RDF}resource", ""))
        stored = attachment.find(f"{_RDF}resource") if attachment is not None else None
        file = stored.get(f"{_RDF}resource", "") if stored is not None else ""
        if file and "://" not in file:
            yield file


def _name(person: Element) -> str:
    given = _said(person, f"{_FOAF}givenName") or _said(person, f"{_FOAF}givenname")
    return f"{given} {_said(person, f'{_FOAF}surname')}".strip()


def _said(element: Element, tag: str) -> str:
    return next(iter(_each(element, tag)), "")


def _each(element: Element, tag: str) -> list[str]:
    """The texts of the children of one name, on one line each."""
    return [text for child in element.findall(tag) if (text := " ".join("".join(child.itertext()).split()))]
