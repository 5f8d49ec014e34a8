"""Numbers of clauses: where a rule's sentence stands, as the regulation itself counts (Article 5(2), 제5조 제2항).

The number is read from the text before the sentence: the nearest heading of an article or section, and the last
paragraph number under it. Nothing is guessed: without a heading there is no number.
"""

from __future__ import annotations

import re

_HEADING = re.compile(
    r"(?:^|(?<=[.;:!?]\s)|(?<=\n))\s*(?P<heading>"
    r"(?:Article|Art\.|ARTICLE|Section|SECTION|Sec\.|Clause|CLAUSE|Rule|Regulation|Annex|ANNEX|Appendix)\s+"
    r"(?:\d+[A-Za-z]?(?:\.\d+)*|[IVXLC]+\b)(?:\(\w{1,4}\))*"
    r"|§+\s*\d+[a-z]?(?:[.-]\d+)*(?:\(\w{1,4}\))*"
    r"|제\s*\d+\s*조(?:의\s*\d+)?)",
    re.MULTILINE,
)
_DECIMAL = re.compile(r"(?:^|\n)\s*(?P<heading>\d{1,2}(?:\.\d{1,3}){1,3})\.?\s+(?=[A-Z가-힣])")
_PARAGRAPH = re.compile(
    r"(?:^|\n|(?<=[.;:)]\s))\s*(?:\((?P<bracket>\d{1,2}|[a-z]{1,3})\)|(?P<number>\d{1,2})\.)\s+(?=\S)"
)
_HANGUL_PARAGRAPH = re.compile(r"제\s*(\d+)\s*항|([①-⑳])")
_OPENING = re.compile(r"[^.;:!?\n]{0,60}?(?:\n\s*\(\w{1,3}\)\s|[①-⑳])")
"""A title and the number of its first paragraph, where both stand in one sentence ("Waste (1) Solvents shall ...")."""
_SPACES = re.compile(r"\s+")


def clause_before(text: str, offset: int) -> str:
    """The number of the clause in which a position stands.

    Args:
        text: The document's text up to the position at least, newest last.
        offset: The position, where the sentence begins.

    Returns:
        Such as ``Article 5(2)``, ``§ 3.1``, ``제5조 제2항``; '' where no heading precedes.
    """
    if opening := _OPENING.match(text, offset):
        offset = opening.end() - 1
    until = min(len(text), offset + 40)  # the number may open the sentence itself
    headings = [m for pattern in (_HEADING, _DECIMAL) for m in pattern.finditer(text, 0, until) if _begins(m, offset)]
    if not headings:
        return ""
    last = max(headings, key=lambda match: match.start("heading"))
    heading = _SPACES.sub(" ", last["heading"]).strip()
    between = text[last.end() : until]
    if heading.startswith("제"):
        heading = heading.replace(" ", "")
        marks = [m for m in _HANGUL_PARAGRAPH.finditer(between) if last.end() + m.start() <= offset]
        if marks:
            mark = marks[-1]
            return f"{heading} 제{mark[1] or ord(mark[2]) - ord('①') + 1}항"
        return heading
    if heading.endswith(")"):
        return heading
    marks = [m for m in _PARAGRAPH.finditer(between) if last.end() + m.start() <= offset]
    numbered = [m for m in marks if (m["bracket"] or m["number"]).isdigit()]
    if not marks:
        return heading
    if marks[-1] in numbered:
        return f"{heading}({marks[-1]['bracket'] or marks[-1]['number']})"
    outer = f"({numbered[-1]['bracket'] or numbered[-1]['number']})" if numbered else ""
    return f"{heading}{outer}({marks[-1]['bracket']})"


def _begins(match: re.Match[str], offset: int) -> bool:
    return match.start("heading") <= offset
