"""What a run holds, as a model is shown it: short lines, keys it may refer to, and other people's text fenced."""

from __future__ import annotations

from collections.abc import Iterable

from agent.reasoning.prompts import data_block
from agent.reasoning.protocol import RunView
from agent.records import Brief, Candidate
from agent.units import print_unit, print_value
from agent.vocabulary import QUANTITIES, title

SHOWN_CANDIDATES = 12
SHOWN_VALUES = 160
SHOWN_PASSAGES = 12
QUOTE = 700
"""Characters of a passage that are shown."""


def goal_block(goal: str) -> str:
    """The goal. It is the researcher's, and still text that may hold anything."""
    return data_block("the researcher's goal", goal)


def quantity_lines(domain: str = "general") -> str:
    """The vocabulary of a domain: keys with titles and units."""
    return "\n".join(
        f"- {quantity.key}: {quantity.title}" + (f", in {quantity.unit}" if quantity.unit != "1" else "")
        for quantity in QUANTITIES
        if domain == "general" or quantity.domain == domain
    )


def brief_lines(brief: Brief) -> str:
    """A brief in a few lines."""
    lines = [f"domain: {brief.domain}"]
    lines += [f"constraint: {c.quantity} {c.relation} {_bounds(c.low, c.high, c.unit)}" for c in brief.constraints]
    lines += [f"objective: {o.direction} {o.quantity}" for o in brief.objectives]
    lines += [f"{e.role} {e.kind}: {e.text}" + (f" = {e.value}" if e.value else "") for e in brief.entities]
    if brief.wanted is not None:
        lines.append(f"candidates wanted: {brief.wanted}")
    return data_block("the brief", "\n".join(lines))


def _bounds(low: float | None, high: float | None, unit: str) -> str:
    return " to ".join(print_value(number, unit) for number in (low, high) if number is not None)


def step_lines(view: RunView) -> str:
    """The steps with what they took and how they ended; no text that a document or a result holds.

    A review can add steps. What it reads is therefore written by the program alone: tools, arguments as planned,
    statuses and counts.
    """
    lines = []
    for step in view.plan.steps:
        found = view.evidence.get(f"e{step.id[1:]}")
        status = "not run" if found is None else found.status
        counts = "" if found is None else f", {len(found.values)} values, {len(found.citations)} passages"
        keys = "" if found is None else f", data: {', '.join(sorted(view.payload(found.id))) or 'none'}"
        lines.append(f"- {step.id} {step.tool}({', '.join(sorted(step.arguments))}): {status}{counts}{keys}")
    return "\n".join(lines) or "(none)"


def table_line(candidates: Iterable[Candidate]) -> str:
    """How the table stands, in counts: for a review, which reads nothing that others wrote."""
    table = list(candidates)
    feasible = sum(candidate.feasible is True for candidate in table)
    measured = sorted({name for candidate in table for name in candidate.quantities})
    return (
        f"{len(table)} candidates, of which {feasible} meet every constraint; "
        f"computed for them: {', '.join(measured) or 'nothing'}"
    )


def evidence_lines(view: RunView) -> str:
    """The evidence with its summaries, fenced: a summary may repeat what a file says."""
    lines = [f"{found.id} {found.tool} ({found.status}): {found.summary}" for found in view.evidence.values()]
    return data_block("evidence", "\n".join(lines))


def candidate_lines(view: RunView) -> str:
    """The best candidates with names and labels, fenced: names come from files and data sets."""
    lines = []
    for candidate in view.candidates[:SHOWN_CANDIDATES]:
        fit = {True: "meets all constraints", False: candidate.reason, None: "not fully measured"}[candidate.feasible]
        labels = ", ".join(f"{name}: {value}" for name, value in candidate.labels.items())
        named = f" {candidate.name}" if candidate.name else ""
        lines.append(f"{candidate.id}{named} ({candidate.structure}); {fit}" + (f"; {labels}" if labels else ""))
    hidden = len(view.candidates) - SHOWN_CANDIDATES
    return data_block("candidates", "\n".join(lines) + (f"\n({hidden} more)" if hidden > 0 else ""))


def value_lines(view: RunView) -> str:
    """The registry: keys that may be referred to, each with its value."""
    best = {candidate.id for candidate in view.candidates[:SHOWN_CANDIDATES]}
    shown = [
        f"{key} = {print_value(quantity.value, quantity.unit, quantity.uncertainty)}"
        + ("" if quantity.unit == "1" or print_unit(quantity.unit) else f" {quantity.unit}")
        for key, quantity in view.quantities().items()
        if not key.startswith("c") or key.split(".")[0] in best
    ]
    return data_block("values", "\n".join(shown[:SHOWN_VALUES]))


def passage_lines(view: RunView) -> str:
    """Passages of documents, each with its id, fenced."""
    shown = {citation.passage: citation for citation in view.citations()}
    lines = [
        f"{citation.passage} ({citation.document}): {' '.join(citation.quote.split())[:QUOTE]}"
        for citation in list(shown.values())[:SHOWN_PASSAGES]
    ]
    return data_block("passages from documents", "\n".join(lines))


def names(keys: Iterable[str]) -> str:
    """Quantities by their titles."""
    return ", ".join(title(key) for key in keys)
