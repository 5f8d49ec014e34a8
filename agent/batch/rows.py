"""What a batch says of each goal: its outcome with what its bundle holds, counted and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent import vocabulary
from agent.batch.folder import GoalOutcome
from agent.records import RunInfo, Usage
from agent.units import print_value

ORDER = ("finished", "waiting", "stopped", "failed", "pending")


@dataclass(frozen=True)
class GoalRow:
    """A goal with what its bundle holds."""

    outcome: GoalOutcome
    info: RunInfo | None
    candidates: int
    feasible: int
    hypotheses: tuple[dict[str, Any], ...]
    experiments: int

    @property
    def usage(self) -> Usage:
        """What its run spent."""
        return self.info.budget_spent if self.info else Usage()


def tally(outcomes: Sequence[GoalOutcome]) -> dict[str, int]:
    """How many goals have each status, every status named."""
    counts = Counter(outcome.status for outcome in outcomes)
    return {status: counts[status] for status in ORDER}


def prediction_text(prediction: dict[str, Any]) -> str:
    """A prediction as a reader writes it: quantity, relation, value with unit."""
    unit, value = prediction.get("unit", "1"), float(prediction["value"])
    name = vocabulary.title(prediction["quantity"])
    if prediction["relation"] == "between" and prediction.get("high") is not None:
        return f"{name} between {print_value(value, '1')} and {print_value(float(prediction['high']), unit)}"
    sign = {"<=": "≤", ">=": "≥", "==": "="}.get(prediction["relation"], prediction["relation"])
    return f"{name} {sign} {print_value(value, unit)}"
