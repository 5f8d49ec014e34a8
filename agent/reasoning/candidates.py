"""Ranking candidates: which meet the constraints, and how desirable they are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from agent.errors import InputError
from agent.memory.desirability import curves_of, score, set_apart, value_in
from agent.records import Brief, Candidate, Constraint
from agent.units import convert, print_unit, print_value
from agent.vocabulary import title

NOT_MEASURED = "not measured"


def rank_candidates(brief: Brief, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Check candidates against the brief, score and rank them.

    The score is the weighted geometric mean of one desirability for every objective and one for the margin to every
    constraint. Feasible candidates come first, then those with something not measured, then those that break a
    constraint; within each, by falling score, ties by stability (crystals of a goal that wants nothing of their energy:
    first by how far a structure's energy lies above the most stable one of the same composition, then by formation
    energy), then by the order in which the tools brought them, which rank what they bring. Withheld candidates and
    references (label ``role`` ``seed`` or ``reference``) get no rank and stand at the end.

    Args:
        brief: Objectives and constraints, with units.
        candidates: The table.

    Returns:
        The same candidates in order of rank, with ``rank`` (from 1), ``score`` in [0, 1], ``feasible`` (``None``: not
        measured) and ``reason`` (every constraint broken, or quantity missing).

    Source:
        G. Derringer, R. Suich, J. Quality Technology 12 (1980) 214.
    """
    ranked = [candidate for candidate in candidates if not set_apart(candidate)]
    curves = curves_of(brief, ranked)
    # The middle of a bound on GC or length makes no better sequence: where only bounds are given, designers rank.
    margins = bool(brief.objectives) or any(one.kind != "sequence" for one in ranked)
    scored = []
    for candidate in ranked:
        feasible, reason = _judge(brief.constraints, candidate)
        overall = score(curves, candidate) if margins else None
        scored.append(candidate.model_copy(update={"feasible": feasible, "reason": reason, "score": overall}))
    least = _least_energies(ranked)
    scored.sort(
        key=lambda c: (
            {True: 0, None: 1, False: 2}[c.feasible], -(c.score or 0.0), *_instability(c, least), _came(c), c.structure
        )
    )  # fmt: skip
    apart = [_unranked(brief, candidate) for candidate in candidates if set_apart(candidate)]
    return (*(c.model_copy(update={"rank": place}) for place, c in enumerate(scored, start=1)), *apart)


def _came(candidate: Candidate) -> int:
    """The number in a candidate's id, which are given in the order of first appearance."""
    digits = candidate.id.removeprefix("c")
    return int(digits) if digits.isdigit() else 0


def _least_energies(candidates: Iterable[Candidate]) -> dict[str, float]:
    """The least energy per atom (eV) among the crystals of each composition."""
    least: dict[str, float] = {}
    for one in candidates:
        energy = value_in(one, "energy_per_atom", "eV/atom") if one.kind == "crystal" else None
        if energy is not None and (formula := one.labels.get("formula")):
            least[formula] = min(energy, least.get(formula, energy))
    return least


def _instability(candidate: Candidate, least: dict[str, float]) -> tuple[float, float]:
    """What breaks a tie, the smaller the better: energy per atom above the most stable crystal of the composition, and
    formation energy per atom, both in eV; what was not computed comes last, and other kinds do not differ."""
    if candidate.kind != "crystal":
        return 0.0, 0.0
    energy = value_in(candidate, "energy_per_atom", "eV/atom")
    lowest = least.get(candidate.labels.get("formula", ""))
    above = math.inf if energy is None or lowest is None else round(energy - lowest, 6)
    formed = value_in(candidate, "formation_energy", "eV/atom")
    return above, math.inf if formed is None else formed


def _unranked(brief: Brief, candidate: Candidate) -> Candidate:
    if candidate.withheld:
        return candidate.model_copy(update={"rank": None, "score": None})
    feasible, reason = _judge(brief.constraints, candidate)
    return candidate.model_copy(update={"rank": None, "score": None, "feasible": feasible, "reason": reason})


def _judge(constraints: Iterable[Constraint], candidate: Candidate) -> tuple[bool | None, str]:
    """Whether a candidate meets all constraints, and why not."""
    broken, missing = [], []
    for constraint in constraints:
        quantity = candidate.quantities.get(constraint.quantity)
        name = title(constraint.quantity)
        if quantity is None:
            missing.append(f"{name} {NOT_MEASURED}")
            continue
        try:
            value = convert(quantity.value, quantity.unit, constraint.unit)
        except InputError:
            missing.append(f"{name} in {quantity.unit} cannot be compared with {print_unit(constraint.unit)}")
            continue
        if not constraint.admits(value):
            broken.append(_violation(constraint, name, value))
    computed = {*broken, *missing}
    if candidate.feasible is False and candidate.reason:
        # A tool has ruled it out for a reason of its own, which stays beside ours.
        own = [part for part in candidate.reason.split("; ") if part not in computed and NOT_MEASURED not in part]
        broken = [*own, *broken] if own and not _only_ours(own, constraints) else broken
    if broken:
        return False, "; ".join([*broken, *missing])
    return (None, "; ".join(missing)) if missing else (True, "")


def _only_ours(parts: list[str], constraints: Iterable[Constraint]) -> bool:
    """Whether reasons are those of an earlier ranking by the same constraints, now out of date."""
    names = tuple(title(constraint.quantity) for constraint in constraints)
    return bool(names) and all(part.startswith(names) for part in parts)


def _violation(constraint: Constraint, name: str, value: float) -> str:
    shown = print_value(value, constraint.unit)
    if constraint.relation == "==" and constraint.low is not None:
        return f"{name} {shown} is not {print_value(constraint.low, constraint.unit)}"
    if constraint.high is not None and (value > constraint.high or constraint.relation == "<"):
        word = "not below" if value == constraint.high else "above"
        return f"{name} {shown} {word} {print_value(constraint.high, constraint.unit)}"
    word = "not above" if value == constraint.low else "below"
    return f"{name} {shown} {word} {print_value(constraint.low or 0.0, constraint.unit)}"
