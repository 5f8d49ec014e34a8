"""JATS XML, in which journals and PubMed Central publish: title, abstract, sections, tables, captions.

Source of the element names: ANSI/NISO Z39.96-2021 (JATS 1.3). Runs in the reading process alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from knowledge.errors import ReadingError
from knowledge.reading.layout import table_text
from knowledge.reading.limits import ReadingLimits
from knowledge.records import Metadata, Page, Parsed

_APART = frozenset({"fig", "table-wrap", "supplementary-material", "boxed-text"})
_LEFT_OUT = frozenset({"ref-list", "graphic", "media", "object-id", "label", "xref", "back"})


def read_jats(path: Path, limits: ReadingLimits) -> Parsed:
    """Read a JATS article.

    Raises:
        ReadingError: It is not well-formed, declares entities, or is XML of another kind.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import parse

    try:
        root = parse(path).getroot()
    except ParseError as error:
        raise ReadingError(f"It is not well-formed XML: {error}.") from error
    except DefusedXmlException as error:
        raise ReadingError("It declares XML entities, which are not expanded: they can exhaust a reader.") from error
    if root is None:
        raise ReadingError("It is XML without an element.")
    parsed = article(root)
    if len(parsed.pages[0].text) > limits.characters:
        raise ReadingError(f"Its text is longer than {limits.characters:,} characters.")
    return parsed


def article(root: Element) -> Parsed:
    """A parsed JATS tree as a document: the running text first, then captions and tables.

    Raises:
        ReadingError: There is no ``article`` element in it.
    """
    for element in root.iter():  # the same names with and without a namespace
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    found = root if root.tag == "article" else root.find(".//article")
    if found is None:
        raise ReadingError(f"It is XML, but not a JATS article: its root element is <{root.tag}>.")
    parts = [_words(part) for part in found.findall("front/article-meta/abstract")]
    apart: list[str] = []
    body = found.find("body")
    if body is not None:
        parts.extend(_flow(body, apart))
    text = "\n\n".join(part for part in (*parts, *apart) if part)
    return Parsed((Page(text),), _metadata(found), "jats")


def _flow(element: Element, apart: list[str]) -> Iterator[str]:
    for child in element:
        if child.tag in _APART:
            apart.append(_set_apart(child))
        elif child.tag in ("sec", "app", "list", "list-item", "disp-quote", "p-group"):
            yield from _flow(child, apart)
        elif child.tag not in _LEFT_OUT:
            apart.extend(_set_apart(inner) for inner in child.iter() if inner.tag in _APART)
            yield _words(child)


def _set_apart(element: Element) -> str:
    """A figure's or table's label and caption, and the table's rows."""
    label = " ".join(_words(part) for part in element.findall("label"))
    caption = " ".join(_words(part) for part in element.findall("caption"))
    rows = [[_words(cell) for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
    return "\n\n".join(part for part in (f"{label} {caption}".strip(), table_text(rows)) if part)


def _words(element: Element) -> str:
    return re.sub(r"\s+", " ", "".join(_pieces(element))).strip()


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in _APART and child.tag not in ("graphic", "tex-math"):
            yield from _pieces(child)
            if child.tag in ("title", "p", "sec"):
                yield " "
        yield child.tail or ""


def _metadata(found: Element) -> Metadata:
    meta = found.find("front/article-meta")
    if meta is None:
        return Metadata()
    names = []
    for contributor in meta.findall("contrib-group/contrib"):
        if contributor.get("contrib-type", "author") == "author":
            given, family = contributor.findtext("name/given-names"), contributor.findtext("name/surname")
            names.append(" ".join(part for part in (given, family) if part) or contributor.findtext("collab") or "")
    years = [date.findtext("year") or "" for date in meta.findall("pub-date")]
    title = meta.find("title-group/article-title")
    licence = meta.find("permissions/license")
    identifiers = {item.get("pub-id-type"): (item.text or "").strip() for item in meta.findall("article-id")}
    return Metadata(
        title=_words(title) if title is not None else "",
        authors=tuple(name for name in names if name),
        year=min((int(year) for year in years if year.isdigit()), default=None),
        doi=identifiers.get("doi", "").lower(),
        venue=(found.findtext("front/journal-meta//journal-title") or "").strip(),
        licence=_licence(licence),
    )


def _licence(element: Element | None) -> str:
    """The licence's address where it is stated, else its words."""
    if element is None:
        return ""
    address = next((value for name, value in element.attrib.items() if name.endswith("href")), "")
    return address or _words(element)[:200]
