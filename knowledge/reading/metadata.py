"""What a text says about itself: DOI, year, title."""

from __future__ import annotations

import re

_DOI = re.compile(r"\b10\.\d{4,9}/[-._;()/:A-Za-z0-9<>\[\]]+")
_YEAR = re.compile(
    r"(?:©|\(c\)|copyright|published|received|accepted|available online|dated?)[^\n]{0,40}?\b((?:19|20)\d\d)\b"
    r"|\(((?:19|20)\d\d)(?:-\d\d-\d\d)?\)",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?i)^(?:untitled|\(?(?:anonymous|unspecified|unknown)\)?$|document\d*|microsoft word"
    r"|powerpoint presentation|slide \d|title"
    r"|.*\.(?:docx?|pdf|tex|dvi|indd|qxd|rtf)$|[\d\W]*$)"
)
_HEAD = 6000  # characters in which a document names itself


def find_doi(text: str) -> str:
    """The first DOI in the head of a text, lower case, or ``""``."""
    match = _DOI.search(text[:_HEAD])
    if match is None:
        return ""
    doi = match[0].rstrip(".,;:")
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;:")
    return doi.lower()


def find_year(text: str) -> int | None:
    """The year of publication as the head of a text states it (``© 2019``, ``Published ... 2019``, ``(2019)``)."""
    match = _YEAR.search(text[:_HEAD])
    return int(match[1] or match[2]) if match else None


def plausible_title(line: str) -> str:
    """A line as a title: ``""`` where it cannot be one (a file name, ``Untitled``, a whole paragraph)."""
    line = re.sub(r"\s+", " ", line).strip(" \t\n#*=-")
    if not 4 <= len(line) <= 300 or _NO_TITLE.match(line):
        return ""
    return line
