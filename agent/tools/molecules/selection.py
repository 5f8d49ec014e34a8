"""Choosing among analogues: good ones first, and different from each other; and what to say when none is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from agent.tools.molecules.descriptors import ALONE, KEYS
from agent.tools.molecules.edits import CUT
from agent.tools.molecules.requirements import Requirements
from agent.tools.molecules.search import Analogue

POOL = 400
"""Analogues that are compared in detail; the search's first ones of each merit."""

_DIVERSITY = 0.35
"""Weight of the similarity to those already chosen, against a merit between 0 and 1."""

_REPEATED, _ALERT, _LONG, _CUT = 0.02, 0.1, 0.05, 0.1
"""What an analogue loses for each time its change was chosen before, each alert, each change past two, and each part
that was cut off rather than replaced."""


def choose(found: Sequence[Analogue], count: int, requirements: Requirements) -> list[Analogue]:
    """Choose analogues by merit and diversity (maximal marginal relevance).

    The merit is the mean of drug-likeness (QED), similarity to the seed and ease of synthesis (from the SA score), and,
    where there are objectives, half of it is how far each is attained within the pool. An analogue loses merit for each
    structural alert, for more than two changes, for parts cut off, and for a change that others chosen before it have.

    Args:
        found: Analogues that meet every constraint.
        count: How many to choose.
        requirements: The objectives.

    Returns:
        At most ``count``, best first.
    """
    from rdkit.DataStructs import BulkTanimotoSimilarity

    pool = sorted(found, key=lambda item: (len(item.changes), -item.similarity, item.smiles))
    pool = _first_of_each_length(pool, max(POOL, 2 * count))
    merits = _merits(pool, requirements)
    nearest = [0.0] * len(pool)
    repeats: Counter[str] = Counter()
    left = list(range(len(pool)))
    looked: set[int] = set()
    chosen: list[Analogue] = []

    def worth(index: int) -> tuple[float, str]:
        same = max(repeats[change] for change in pool[index].changes)
        return merits[index] - _DIVERSITY * nearest[index] - _REPEATED * same, pool[index].smiles

    while left and len(chosen) < count:
        best = max(left, key=worth)
        if best not in looked:  # alerts are dear to compute: only for those that come up
            looked.add(best)
            if alerts := pool[best].need(["alerts"])["alerts"]:
                merits[best] -= _ALERT * alerts
                continue
        left.remove(best)
        chosen.append(pool[best])
        repeats.update(pool[best].changes)
        likeness = BulkTanimotoSimilarity(pool[best].bits, [pool[index].bits for index in left])
        for index, value in zip(left, likeness, strict=True):
            nearest[index] = max(nearest[index], value)
    return chosen


def full_row(item: Analogue) -> dict[str, float]:
    """Every descriptor of an analogue, similarity to the seed included."""
    row = item.need(ALONE)
    return {key: row[key] for key in KEYS}


def nearest_misses(missed: Sequence[Analogue], requirements: Requirements, count: int = 5) -> list[dict[str, Any]]:
    """The molecules that come closest to meeting every constraint.

    Args:
        missed: Molecules that fail something.
        requirements: The constraints.
        count: How many to report.

    Returns:
        For each: its SMILES, the changes that lead to it, its values of the constrained quantities, and those it fails.
    """
    candidates = sorted(missed, key=lambda item: (item.distance, -item.similarity, item.smiles))[: 10 * count]
    judged = []
    for item in candidates:
        row = {key: item.need(requirements.keys)[key] for key in requirements.keys}
        gaps = requirements.distances(row) | ({"avoid": 1.0} if "avoid" in item.gaps else {})
        judged.append((sum(gaps.values()), item.smiles, item, row, gaps))
    judged.sort(key=lambda entry: entry[:2])
    return [
        {"smiles": smiles, "change": " + ".join(item.changes), "values": row, "violated": sorted(gaps)}
        for _, smiles, item, row, gaps in judged[:count]
    ]


def binding_constraint(missed: Sequence[Analogue], requirements: Requirements) -> str:
    """The constraint that most of the near misses fail, as people write it; empty if nothing was missed."""
    failing: Counter[str] = Counter()
    for item in sorted(missed, key=lambda item: (item.distance, item.smiles))[:200]:
        failing.update(item.gaps)
    if not failing:
        return ""
    key = min(failing, key=lambda name: (-failing[name], name))
    if key == "avoid":
        return "the pattern to avoid"
    return " and ".join(str(bound) for bound in requirements.bounds if bound.key == key) or key


def _first_of_each_length(pool: list[Analogue], most: int) -> list[Analogue]:
    """The first of a sorted pool, drawing from analogues with one change and with several in like number."""
    single = [item for item in pool if len(item.changes) == 1]
    several = [item for item in pool if len(item.changes) > 1]
    half = max(most // 2, most - len(several))
    return single[:half] + several[: most - min(half, len(single))]


def _merits(pool: list[Analogue], requirements: Requirements) -> list[float]:
    keys = ["QED", "SA_score", *(objective.quantity for objective in requirements.objectives)]
    rows = [item.need(keys) for item in pool]
    attained: list[list[float]] = []
    for objective in requirements.objectives:
        numbers = [row[objective.quantity] for row in rows]
        if objective.direction == "target" and objective.target is not None:
            numbers = [-abs(number - objective.target) for number in numbers]
        elif objective.direction == "minimise":
            numbers = [-number for number in numbers]
        low, spread = min(numbers), max(numbers) - min(numbers)
        attained.append([(number - low) / spread if spread else 1.0 for number in numbers])
    merits = []
    for place, (item, row) in enumerate(zip(pool, rows, strict=True)):
        merit = (row["QED"] + item.similarity + (10 - row["SA_score"]) / 9) / 3
        if attained:
            merit = 0.5 * merit + 0.5 * sum(scores[place] for scores in attained) / len(attained)
        cuts = sum(change.startswith(CUT) for change in item.changes)
        merits.append(merit - _LONG * max(len(item.changes) - 2, 0) - _CUT * cuts)
    return merits
