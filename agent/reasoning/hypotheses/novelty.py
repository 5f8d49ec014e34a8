"""Novelty: ``novel``, ``known`` or ``unknown``, with what was searched. A source that was not searched says nothing."""

from __future__ import annotations

from collections.abc import Sequence

from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Citation, Novelty

_SEARCH, _CHECKS = "search_passages", ("check_known_molecules", "check_known_crystals")


def novelty(
    view: RunView, table: Table, subjects: Sequence[str], stating: Sequence[Citation], *, relation: bool, textbook: bool
) -> tuple[Novelty, str]:
    """Judge a hypothesis by what the run searched.

    Args:
        view: The run: its searches, and how many documents the store holds.
        table: The candidates with their ``known`` labels.
        subjects: The candidates that the hypothesis is about.
        stating: Passages that state the same.
        relation: Whether it is about a relation of quantities (else about particular candidates).
        textbook: Whether its mechanism is on file as textbook knowledge, in the same direction.

    Returns:
        The verdict and its basis. ``novel`` needs the literature searched, and the candidates checked where the
        hypothesis is about candidates; it says only that these sources do not have it.
    """
    searched = [e for e in view.evidence.values() if e.tool == _SEARCH and e.status in ("ok", "empty")]
    literature = bool(searched) and (view.context.documents > 0 or any(e.citations for e in searched))
    known_of = {one.id: one.labels.get("known", "") for one in view.candidates}
    labels = {c: known_of.get(c, "") for c in subjects}
    known = {c: label for c, label in labels.items() if label and label != "no"}
    checked = bool(labels) and all(labels.values())
    basis = []
    if stating:
        return "known", f"Stated in {', '.join(dict.fromkeys(c.document for c in stating))}."
    if not relation and known and len(known) == len(labels):
        return "known", "; ".join(f"{c} is {label} in the reference sets searched" for c, label in known.items()) + "."
    if checked and not known:
        basis.append("none of the candidates concerned is in the reference sets searched")
    elif known:
        basis.append(f"{', '.join(known)} known from the reference sets, the others not found there")
    elif not relation:
        basis.append(_not_checked(view))
    if literature:
        basis.append("no passage of the lab's literature that the search brought states it")
    else:
        basis.append(
            "the literature was not searched"
            if not searched
            else "the literature store is empty, so searching it tells nothing"
        )
    if textbook:
        basis.append("the general mechanism is textbook knowledge; whether it decides in this series is what is tested")
    verdict: Novelty = "unknown"
    if literature and relation and textbook:
        verdict = "known"
    elif literature and (relation or (checked and not known)):
        verdict = "novel"
    text = "; ".join(basis)
    return verdict, text[0].upper() + text[1:] + "."


def _not_checked(view: RunView) -> str:
    checks = [e for e in view.evidence.values() if e.tool in _CHECKS]
    if any(e.status == "error" for e in checks):
        return "the check against the reference sets failed"
    return "the candidates were not checked against reference sets"
