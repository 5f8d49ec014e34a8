"""Questions of a run as typed fields: what the answer has to be, and what is wrong with it as it is typed."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.forms.fields import Field

if TYPE_CHECKING:
    from agent.records import Question

ANSWER = "answer"
_PATH = re.compile(
    r"^[~./]|[/\\]|\.(?:cif|vasp|poscar|xyz|json|fa|fasta|faa|fna|gb|gbk|genbank|embl|txt|csv)$", re.IGNORECASE
)
_LETTERS = re.compile(r"^[A-Za-z*-]+$")
_KINDS = {
    "list": ("list", "Names, separated by commas."),
    "sequence": ("sequence", "The letters themselves, or the path of a FASTA or GenBank file."),
    "structures": ("structures", "Structure files, formulas, or a chemical system, separated by commas."),
}


def field_of(question: Question) -> Field:
    """The one field of a question's form."""
    kind, about = _KINDS.get(question.takes, ("text", ""))
    return Field(ANSWER, kind, about, required=True, default=question.default, choices=question.choices)


def complaint_of(question: Question, answer: Any) -> str:
    """What is wrong with an answer; empty if nothing is.

    Args:
        question: What was asked.
        answer: What stands in the field: text, or a list of items.
    """
    items = [str(one).strip() for one in (answer if isinstance(answer, list) else [answer]) if str(one).strip()]
    if not items:
        return "an answer is needed"
    if question.takes == "list":
        return ""
    words = items if question.takes == "sequence" else re.split(r",\s*", items[0])
    missing = [word for word in words if _PATH.search(word) and not Path(os.path.expanduser(word)).is_file()]
    if missing:
        return f"there is no file {missing[0]}"
    if question.takes == "sequence" and not _PATH.search(items[0]) and not items[0].startswith(">"):
        letters = "".join(items[0].split())
        if not _LETTERS.match(letters):
            odd = next(letter for letter in letters if not _LETTERS.match(letter))
            return f"'{odd}' is no letter of a sequence"
    return ""
