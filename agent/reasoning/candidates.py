"""Ranking candidates: which meet the constraints, and how desirable they are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from agent.errors import InputError
from agent.records import Brief, Candidate, Constraint, Objective, Quantity
from agent.units import convert, print_unit, print_value
from agent.vocabulary import title

FLOOR = 0.01
"""The least a single desirability may be: one poor property lowers a score, and does not hide all the others."""

CONSTRAINT_WEIGHT = 0.5
"""Weight of a constraint's margin beside an objective's 1 in the overall desirability."""

NOT_MEASURED = "not measured"


def rank_candidates(brief: Brief, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Check candidates against the brief, score and rank them.

    The score is the weighted geometric mean of one desirability for every objective and one for the margin to every
    constraint. Feasible candidates come first, then those with something not measured, then those that break a
    constraint; within each, by falling score, ties by stability (crystals of a goal that wants nothing of their energy:
    first by how far a structure's energy lies above the most stable one of the same composition, then by formation
    energy), then by structure. Withheld candidates and references (label ``role``
    ``seed`` or ``reference``) get no rank and stand at the end.

    Args:
        brief: Objectives and constraints, with units.
        candidates: The table.

    Returns:
        The same candidates in order of rank, with ``rank`` (from 1), ``score`` in [0, 1], ``feasible`` (``None``: not
        measured) and ``reason`` (every constraint broken, or quantity missing).

    Source:
        G. Derringer, R. Suich, J. Quality Technology 12 (1980) 214.
    """
    ranked = [candidate for candidate in candidates if not _apart(candidate)]
    ranges = {objective.quantity: _range(objective, ranked) for objective in brief.objectives}
    scored = []
    for candidate in ranked:
        feasible, reason = _judge(brief.constraints, candidate)
        score = _score(brief, candidate, ranges, ranked)
        scored.append(candidate.model_copy(update={"feasible": feasible, "reason": reason, "score": score}))
    least = _least_energies(ranked)
    scored.sort(
        key=lambda c: (
            {True: 0, None: 1, False: 2}[c.feasible], -(c.score or 0.0), *_instability(c, least), c.structure, c.id
        )
    )  # fmt: skip
    apart = [_unranked(brief, candidate) for candidate in candidates if _apart(candidate)]
    return (*(c.model_copy(update={"rank": place}) for place, c in enumerate(scored, start=1)), *apart)


def _least_energies(candidates: Iterable[Candidate]) -> dict[str, float]:
    """The least energy per atom (eV) among the crystals of each composition."""
    least: dict[str, float] = {}
    for one in candidates:
        energy = _value(one, "energy_per_atom", "eV/atom") if one.kind == "crystal" else None
        if energy is not None and (formula := one.labels.get("formula")):
            least[formula] = min(energy, least.get(formula, energy))
    return least


def _instability(candidate: Candidate, least: dict[str, float]) -> tuple[float, float]:
    """What breaks a tie, the smaller the better: energy per atom above the most stable crystal of the composition, and
    formation energy per atom, both in eV; what was not computed comes last, and other kinds do not differ."""
    if candidate.kind != "crystal":
        return 0.0, 0.0
    energy = _value(candidate, "energy_per_atom", "eV/atom")
    lowest = least.get(candidate.labels.get("formula", ""))
    above = math.inf if energy is None or lowest is None else round(energy - lowest, 6)
    formed = _value(candidate, "formation_energy", "eV/atom")
    return above, math.inf if formed is None else formed


def _apart(candidate: Candidate) -> bool:
    return candidate.withheld or candidate.labels.get("role") in ("seed", "reference")


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


def _value(candidate: Candidate, quantity: str, unit: str) -> float | None:
    found: Quantity | None = candidate.quantities.get(quantity)
    if found is None or not math.isfinite(found.value):
        return None
    try:
        return convert(found.value, found.unit, unit)
    except InputError:
        return None


def _range(objective: Objective, candidates: Sequence[Candidate]) -> tuple[float, float]:
    values = [v for c in candidates if (v := _value(c, objective.quantity, objective.unit)) is not None]
    return (min(values), max(values)) if values else (0.0, 0.0)


def desirability(objective: Objective, value: float, low: float, high: float) -> float:
    """How desirable a value is, on the range that the candidates span.

    Args:
        objective: Up, down, or to a target.
        value: In the objective's unit.
        low: The smallest value among the candidates.
        high: The largest.

    Returns:
        Between 0 and 1: linear from the worst to the best candidate, or falling off on both sides of the target.
    """
    if objective.direction == "target" and objective.target is not None:
        reach = max(abs(high - objective.target), abs(low - objective.target))
        return 1.0 if reach == 0 else max(0.0, 1.0 - abs(value - objective.target) / reach)
    if high <= low:
        return 1.0
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return 1.0 - share if objective.direction == "minimise" else share


def margin_desirability(constraint: Constraint, value: float, scale: float) -> float:
    """How comfortably a value meets a constraint: .5 at the bound, 1 well inside, falling to 0 outside.

    Args:
        constraint: The bound.
        value: In the constraint's unit.
        scale: What counts as far: half the width of a two-sided bound, else the candidates' spread.

    Returns:
        Between 0 and 1.
    """
    distances = []
    if constraint.high is not None:
        distances.append(constraint.high - value)
    if constraint.low is not None:
        distances.append(value - constraint.low)
    margin = min(distances, default=0.0)
    if scale <= 0:
        return 1.0 if margin >= 0 else 0.0
    if margin >= 0:
        return 0.5 + 0.5 * min(1.0, margin / scale)
    return 0.5 * math.exp(max(margin / scale, -700.0))


def _score(
    brief: Brief, candidate: Candidate, ranges: dict[str, tuple[float, float]], candidates: Sequence[Candidate]
) -> float | None:
    parts: list[tuple[float, float]] = []
    for objective in brief.objectives:
        value = _value(candidate, objective.quantity, objective.unit)
        # What was not measured is worth no more than the worst that was.
        parts.append((0.0 if value is None else desirability(objective, value, *ranges[objective.quantity]), 1.0))
    for constraint in brief.constraints:
        value = _value(candidate, constraint.quantity, constraint.unit)
        if value is None:
            parts.append((0.0, CONSTRAINT_WEIGHT))
            continue
        parts.append((margin_desirability(constraint, value, _scale(constraint, candidates)), CONSTRAINT_WEIGHT))
    if not parts:
        return None
    weight = sum(w for _, w in parts)
    return round(math.exp(sum(w * math.log(max(d, FLOOR)) for d, w in parts) / weight), 6)


def _scale(constraint: Constraint, candidates: Sequence[Candidate]) -> float:
    if constraint.low is not None and constraint.high is not None and constraint.high > constraint.low:
        return (constraint.high - constraint.low) / 2
    values = [v for c in candidates if (v := _value(c, constraint.quantity, constraint.unit)) is not None]
    return max(values) - min(values) if values else 0.0
