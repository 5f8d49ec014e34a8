"""LaTeX by pylatexenc: the text without the commands, formulas kept as their source.

Runs in the reading process alone.
"""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.decoding import decode
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.metadata import find_doi, find_year, plausible_title
from knowledge.records import Metadata, Page, Parsed

_COMMENT = re.compile(r"(?<!\\)%.*")
_LEFT_OUT = re.compile(r"\\begin\{(thebibliography|tikzpicture|lstlisting)\}.*?\\end\{\1\}", re.DOTALL)


def read_latex(path: Path, limits: ReadingLimits) -> Parsed:
    """Read the text of a LaTeX file; files that it includes are documents of their own.

    Raises:
        ReadingError: It is binary, too long, or nested beyond what can be read.
    """
    from pylatexenc.latex2text import LatexNodes2Text

    source, note = decode(path.read_bytes())
    if len(source) > limits.characters:
        raise ReadingError(f"It has {len(source):,} characters, and the limit is {limits.characters:,}.")
    source = _LEFT_OUT.sub("", _COMMENT.sub("", source))
    begun, document, body = source.partition(r"\begin{document}")
    preamble = begun if document else ""
    body = (body if document else source).partition(r"\end{document}")[0]
    plain = LatexNodes2Text(math_mode="verbatim", strict_latex_spaces=False, keep_braced_groups=False)

    def cleaned(text: str) -> str:
        return plain.latex_to_text(text, tolerant_parsing=True)

    try:
        text = re.sub(r"\n[ \t]*\n\s*", "\n\n", re.sub(r"[ \t]+", " ", cleaned(body))).strip()
        title = " ".join(cleaned(_argument(source, "title")).split())
        authors = tuple(
            " ".join(cleaned(_argument_free(name)).split())
            for author in _arguments(source, "author")
            for name in re.split(r"\\and\b|,\s*(?=[A-Z])", author)
        )
    except RecursionError as error:
        raise ReadingError("It is nested too deeply to be read.") from error
    date = re.search(r"(?:19|20)\d\d", _argument(source, "date"))
    return Parsed(
        (Page(text),),
        Metadata(
            plausible_title(title),
            tuple(author for author in authors if author),
            int(date[0]) if date else find_year(text),
            find_doi(preamble) or find_doi(text),
        ),
        "latex",
        (note,) if note else (),
    )


def _argument_free(text: str) -> str:
    """A name without its footnotes and affiliations."""
    return re.sub(r"\\(?:thanks|inst|footnote|textsuperscript|affiliation|email|orcid)\{[^}]*\}|\$[^$]*\$", "", text)


def _argument(source: str, command: str) -> str:
    return next(iter(_arguments(source, command)), "")


def _arguments(source: str, command: str) -> list[str]:
    """What stands in the braces after a command, braces inside included."""
    found = []
    for match in re.finditer(rf"\\{command}\s*(?:\[[^]]*\])?\s*\{{", source):
        depth, at = 1, match.end()
        while at < len(source) and depth:
            depth += {"{": 1, "}": -1}.get(source[at], 0) if source[at - 1] != "\\" else 0
            at += 1
        found.append(source[match.end() : at - 1])
    return found
