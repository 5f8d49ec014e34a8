"""Helpers of the connectors: reaching into nested answers, and making documents of records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from knowledge.connectors.polite import Answer
from knowledge.errors import ConnectorError
from knowledge.records import Metadata, Page, Parsed


def dig(data: Any, path: str, default: Any = "") -> Any:
    """A value inside nested lists and objects, such as ``authors.0.name``; the default where anything is missing."""
    for step in path.split("."):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return default
    return default if data is None else data


def record(text: str, metadata: Metadata) -> Parsed:
    """A record as a document of one page."""
    return Parsed((Page(re.sub(r"\n{3,}", "\n\n", text).strip()),), metadata, "record")


def lines(pairs: Iterable[tuple[str, Any]]) -> str:
    """``Name: value.`` a line, for the values that are there."""
    shown = ((name, ", ".join(map(str, value)) if isinstance(value, list | tuple) else value) for name, value in pairs)
    return "\n".join(f"{name}: {value}." for name, value in shown if value not in ("", None))


def plain(marked_up: str) -> str:
    """Text without tags and entities."""
    spaced = re.sub(r"</(?:jats:)?(?:p|title|sec)>", "\n\n", marked_up or "")
    text = unescape(re.sub(r"<[^>]+>", "", spaced))
    return re.sub(r"[ \t]*\n\s*\n[ \t]*", "\n\n", re.sub(r"[ \t]+", " ", text)).strip()


def tree(answer: Answer) -> Element:
    """An answer as an XML tree; entities are not expanded.

    Raises:
        ConnectorError: It is not well-formed.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(answer.text)
    except (ParseError, DefusedXmlException) as error:
        raise ConnectorError(f"{answer.url} did not answer with XML that can be read: {error}.") from error


def xml_check(text: str) -> object:
    """Raises ``ValueError`` where a body is not whole XML."""
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(text)
    except ParseError as error:
        raise ValueError(str(error)) from error


def words(element: Element | None) -> str:
    """The text of an element and all inside."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip() if element is not None else ""


def year(value: Any) -> int | None:
    """The year that a date begins with."""
    match = re.match(r"\s*((?:1[5-9]|20)\d\d)", str(value or ""))
    return int(match[1]) if match else None
