"""Baselines: what a suite reached before, kept in ``baselines/SUITE.json`` (a file that ``--save`` wrote), and drift.

A result drifts if its headline leaves the baseline's 95 % interval, or, where the suite has none, changes by more than
a twentieth. Runs over other cases (a limit, another part of a set) are not compared.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from evals.suite import Suite

TOLERANCE = 0.05


def baseline(name: str) -> dict[str, Any] | None:
    """The kept result of a suite, or ``None``."""
    path = resources.files("evals").joinpath("baselines", f"{name}.json")
    return json.loads(path.read_text(encoding="utf-8")).get(name) if path.is_file() else None


def drift(suite: Suite, result: dict[str, Any], before: dict[str, Any] | None) -> str | None:
    """``as before``, ``better`` or ``worse`` than a baseline; ``None`` where the two cannot be compared.

    Args:
        suite: The suite, which says which way is better.
        result: The new result, as the JSON line holds it.
        before: The baseline.
    """
    if before is None or result["score"] is None or before["score"] is None or result["n"] != before["n"]:
        return None
    low, high = _range(before)
    if low <= result["score"] <= high:
        return "as before"
    return "better" if (result["score"] > high) == suite.higher_is_better else "worse"


def _range(before: dict[str, Any]) -> tuple[float, float]:
    """Where the headline may lie: the interval of the figure that it is, or a share around it."""
    for name, interval in before.get("intervals", {}).items():
        if before["scores"].get(name) == before["score"]:
            return interval[0], interval[1]
    slack = TOLERANCE * abs(before["score"])
    return before["score"] - slack, before["score"] + slack
