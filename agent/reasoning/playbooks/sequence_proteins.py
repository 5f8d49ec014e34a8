"""What a goal wishes of proteins in words that no tool computes directly: soluble, stable, at a pH."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.reasoning.understanding import GoalParts
from agent.records import Objective

_PROXIES = (
    (
        "GRAVY",
        r"\bsolub\w*|hydrophil\w*|잘\s?녹|용해\w*|가용성|수용성",
        "solubility",
        "a low GRAVY (Kyte and Doolittle)",
    ),
    ("instability_index", r"\bstab(?:le|ility|lest)\b|안정", "stability", "a low instability index (Guruprasad)"),
)
"""Quantity to lower, the words that ask for it, what they mean, and what is taken instead."""
_PH = re.compile(r"(?:at\s+)?pH\s*(?:of|=|:)?\s*(?P<value>\d{1,2}(?:\.\d+)?)")
_CHOOSES = re.compile(
    r"\bwhich\b|\bmost\b|\bbest\b|\brank\w*|\bchoose\b|\bselect\b|\bpick\b|\bmore\b|어느|어떤|가장|골라|순위|선택", re.I
)


@dataclass(frozen=True)
class ProteinWishes:
    """Objectives with those that stand for what cannot be computed, notes, notes that no longer hold, and the pH."""

    objectives: tuple[Objective, ...]
    notes: tuple[str, ...]
    settled: tuple[str, ...]
    pH: float | None = None


def protein_wishes(parts: GoalParts, objectives: tuple[Objective, ...], notes: tuple[str, ...]) -> ProteinWishes:
    """Take up wishes for proteins.

    Args:
        parts: The goal as read.
        objectives: Those that were taken up.
        notes: The playbook's notes so far.
    """
    made, told, taken = list(objectives), list(notes), {wish.quantity for wish in objectives}
    for quantity, words, what, instead in _PROXIES:
        match = re.search(words, parts.bare, re.IGNORECASE)
        if match is None or quantity in taken or not _CHOOSES.search(parts.bare):
            continue
        # "Instability index" is the quantity itself, and no wish.
        made.append(Objective(quantity=quantity, direction="minimise", text=match[0]))
        told = [
            note for note in told if not re.search(rf"'[^']*{re.escape(match[0])}[^']*': .* not computed", note, re.I)
        ]
        told.append(
            f"The {what} of a protein follows from no formula: I rank by {instead}, and only an experiment decides."
        )
    ph = _PH.search(parts.bare)
    settled = tuple(note for note in parts.notes if ph and f"'{ph[0].strip()}'" in note and "acidity" in note)
    return ProteinWishes(tuple(made), tuple(told), settled, float(ph["value"]) if ph else None)
