"""Plain text and Markdown."""

from __future__ import annotations

import re

from knowledge.reading.metadata import find_doi, find_year, plausible_title
from knowledge.records import Metadata, Page, Parsed

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_HEADING = re.compile(r"^(?:#{1,2} +(?P<hash>.+?) *#*|(?P<under>\S.*)\n=+) *$", re.MULTILINE)


def read_text(text: str) -> Parsed:
    """Read plain text. A form feed begins a new page; without one there are no page numbers."""
    parts = text.split("\f")
    pages = tuple(Page(part, i) for i, part in enumerate(parts, 1)) if len(parts) > 1 else (Page(text),)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    title = "" if len(first) > 200 or first.endswith((".", ",", ";")) or ". " in first else plausible_title(first)
    return Parsed(pages, Metadata(title, (), find_year(text), find_doi(text)), "text")


def read_markdown(text: str) -> Parsed:
    """Read Markdown. Title, authors, year and DOI come from the front matter or the first heading."""
    match = _FRONT_MATTER.match(text)
    stated = _front_matter(match[1]) if match else {}
    body = text[match.end() :] if match else text
    heading = _HEADING.search(body)
    title = stated.get("title") or (heading["hash"] or heading["under"] if heading else "")
    authors = re.split(r"\s*(?:;|,| and )\s*", stated.get("authors") or stated.get("author") or "")
    return Parsed(
        (Page(body),),
        Metadata(
            title.strip(),
            tuple(author for author in authors if author),
            find_year(f"({stated.get('year') or stated.get('date') or ''})") or find_year(body),
            find_doi(stated.get("doi", "")) or find_doi(body),
        ),
        "markdown",
    )


def _front_matter(block: str) -> dict[str, str]:
    """The simple ``key: value`` and ``- item`` lines of a YAML header; anything deeper is left out."""
    found: dict[str, str] = {}
    key = ""
    for line in block.splitlines():
        if pair := re.match(r"([A-Za-z_]+):\s*(.*)$", line):
            key = pair[1].lower()
            found[key] = pair[2].strip().strip("[]").replace('"', "").replace("'", "")
        elif key and (item := re.match(r"\s*-\s+(.+)$", line)):
            value = item[1].strip().strip("\"'")
            found[key] = f"{found[key]}; {value}" if found[key] else value
    return found
