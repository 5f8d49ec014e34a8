"""HTML by the standard library: visible text, with the metadata that journals put into the head."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.decoding import decode
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.metadata import find_doi, find_year, plausible_title
from knowledge.records import Metadata, Page, Parsed

_HIDDEN = frozenset({
    "script", "style", "noscript", "template", "svg", "nav", "footer", "iframe", "select", "button", "form",
})  # fmt: skip
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre",
    "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_PARAGRAPHS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "section", "article", "figure",
    "div",
})  # fmt: skip


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title: list[str] = []
        self.heading: list[str] = []
        self.meta: dict[str, list[str]] = {}
        self._hidden: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            given = {name: value or "" for name, value in attrs}
            key = (given.get("name") or given.get("property") or "").lower()
            if key and given.get("content"):
                self.meta.setdefault(key, []).append(given["content"])
        elif tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag == "title" or (tag == "h1" and not self.heading):
            self._inside = tag
        if tag in _BLOCKS:
            self.parts.append("\n\n" if tag in _PARAGRAPHS else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:  # what was left open inside closes with it
                pass
        if tag == self._inside:
            self._inside = ""
        if tag in _BLOCKS and tag not in _VOID:
            self.parts.append("\n\n" if tag in _PARAGRAPHS else "\n")

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title.append(data)
        elif not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))
            if self._inside == "h1":
                self.heading.append(data)

    def first(self, *names: str) -> str:
        return next((self.meta[name][0].strip() for name in names if name in self.meta), "")


def read_html(text: str) -> Parsed:
    """Read an HTML page: its visible text, block by block.

    Args:
        text: The decoded source.

    Returns:
        One page without a number. Title, authors, year and DOI come from the citation or Dublin Core metadata where it
        is there.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    body = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(reader.parts))
    body = re.sub(r"\n{3,}", "\n\n", body).strip()
    title = reader.first("citation_title", "dc.title", "og:title") or " ".join(
        "".join(reader.heading or reader.title).split()
    )
    authors = tuple(
        reader.meta.get("citation_author") or reader.meta.get("dc.creator") or reader.meta.get("author") or ()
    )
    date = re.search(
        r"(?:19|20)\d\d", reader.first("citation_publication_date", "citation_date", "dc.date", "citation_year")
    )
    return Parsed(
        (Page(body),),
        Metadata(
            plausible_title(title),
            authors,
            int(date[0]) if date else find_year(body),
            find_doi(reader.first("citation_doi", "dc.identifier")) or find_doi(body),
            reader.first("citation_journal_title", "citation_conference_title", "prism.publicationname"),
        ),
        "html",
    )


def read_html_file(path: Path, limits: ReadingLimits) -> Parsed:
    """Read an HTML file; see `read_html`.

    Raises:
        ReadingError: It is binary, or too long.
    """
    text, note = decode(path.read_bytes())
    if len(text) > limits.characters:
        raise ReadingError(f"It has {len(text):,} characters, and the limit is {limits.characters:,}.")
    parsed = read_html(text)
    return Parsed(parsed.pages, parsed.metadata, parsed.format, (note,) if note else ())
