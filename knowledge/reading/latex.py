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
_TITLE_PAGE = re.compile(r"\\(?:maketitle|tableofcontents|listoffigures|listoftables)\b")
_DEGREES = re.compile(r"\$\s*\^\s*\{?\s*\\circ\s*\}?\s*(?:\\mathrm\{C\}|C)?\s*\$")
_FORMULA = re.compile(r"\$\s*((?:\\(?:mathrm|text|rm|ce)\b|[_^])[^$\n]{1,80})\$")
_SYMBOL = re.compile(r"\$\s*(\\[A-Za-z]+)\s*\$")
_MEASURED = re.compile(r"\\(?:SI|qty)\s*(?:\[[^]]*\])?\{([^{}]*)\}\{([^{}]*)\}")
_UNITS = {
    "milli": "m", "micro": "µ", "nano": "n", "pico": "p", "kilo": "k", "mega": "M", "giga": "G", "centi": "c",
    "gram": "g", "metre": "m", "meter": "m", "litre": "L", "liter": "L", "mole": "mol", "molar": "M", "second": "s",
    "minute": "min", "hour": "h", "kelvin": "K", "celsius": "°C", "degreeCelsius": "°C", "degree": "°", "percent": "%",
    "electronvolt": "eV", "joule": "J", "watt": "W", "volt": "V", "ampere": "A", "pascal": "Pa", "bar": "bar",
    "hertz": "Hz", "angstrom": "Å", "per": "/", "squared": "²", "cubed": "³",
}  # fmt: skip
"""Macros of siunitx."""
_WRAPPED = re.compile(r"\\(?:mathrm|text|rm|ce)\b\s*")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def read_latex(path: Path, limits: ReadingLimits) -> Parsed:
    """Read the text of a LaTeX file; files that it includes are documents of their own.

    Raises:
        ReadingError: It is binary, too long, or nested beyond what can be read.
    """
    from pylatexenc.latex2text import LatexNodes2Text

    source, note = decode(path.read_bytes())
    if len(source) > limits.characters:
        raise ReadingError(f"It has {len(source):,} characters, and the limit is {limits.characters:,}.")
    source = _TITLE_PAGE.sub("", _LEFT_OUT.sub("", _COMMENT.sub("", source)))
    source = _MEASURED.sub(_with_unit, re.sub(r"(?<!\\)\\[()]", "$", source))
    source = _SYMBOL.sub(r"\1{}", source)
    source = _FORMULA.sub(_as_text, _DEGREES.sub(lambda found: "°C" if "C" in found[0] else "°", source))
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


def _with_unit(measured: re.Match[str]) -> str:
    """A number and its unit (siunitx) as running text."""
    unit = re.sub(r"\\([A-Za-z]+)\s*", lambda macro: _UNITS.get(macro[1], f" {macro[1]} "), measured[2])
    return f"{measured[1]} {' '.join(unit.split())}".replace("%", r"\%")


def _as_text(formula: re.Match[str]) -> str:
    """A chemical formula, an index or a charge in math mode as running text (TiO$_2$ is TiO2); others as they are."""
    inside = _WRAPPED.sub("", formula[1]).replace(" ", "")
    inside = re.sub(r"\^\{?([+\d-]+)\}?", lambda raised: raised[1].translate(_RAISED), inside)
    plain = re.sub(r"[_{}]", "", inside)
    return plain if re.fullmatch(r"[A-Za-z0-9()\[\].⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻+-]+", plain) else formula[0]


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
