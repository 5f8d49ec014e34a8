"""What is true in the simulated laboratory of a run: a table of known values, or hidden ones near the estimates.

Nobody but the instruments sees it. Hidden values are drawn once from a seed: each is the surrogate's estimate moved by
an error of the size that is published for that surrogate, so that some hypotheses hold and others do not.
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from agent.errors import InputError
from agent.reasoning.experiments import METHODS
from agent.reasoning.hypotheses.knowledge import MODEL_ERRORS, RELATIVE_TOLERANCE
from agent.reasoning.hypotheses.table import Table, in_unit
from agent.records import Experiment, Hypothesis, Sample
from agent.units import convert
from agent.vocabulary import by_key

CONTROL_DISTANCE = 8.0
"""How many repeatabilities of the method the positive control lies above the typical sample, and the negative below."""

UNKNOWN_ERROR = 0.15
"""Relative error of estimates whose error is not published: a choice of ours."""


@dataclass(frozen=True)
class Truth:
    """Answers what a sample's true value is.

    Attributes:
        table: The run's candidates with their estimates, and the reference.
        hypotheses: By id: what is predicted where nothing is estimated.
        seed: Fixes the hidden errors.
        known: True values by item (id, name or structure) and quantity, in the vocabulary's units, in place of hidden
            ones.
    """

    table: Table
    hypotheses: Mapping[str, Hypothesis]
    seed: int = 0
    known: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def value(self, experiment: Experiment, sample: Sample) -> float | None:
        """The true value of a sample in the unit of the experiment's decision; ``None`` for one without signal."""
        decision = experiment.decision
        if decision is None:
            return None
        known = self._known(sample.item, decision.quantity, decision.unit)
        if known is not None:
            return known
        if sample.role in ("test", "comparator"):
            return self._hidden(experiment, sample)
        if sample.expected is not None:  # a control of known value
            return fmean(sample.expected)
        centre, step = self._typical(experiment), self.repeatability(experiment)
        return centre + (CONTROL_DISTANCE if sample.role == "positive" else -CONTROL_DISTANCE) * step

    def repeatability(self, experiment: Experiment) -> float:
        """Standard deviation of one measurement, in the decision's unit: the method's, else what the plan expects."""
        decision = experiment.decision
        assert decision is not None
        method = METHODS.get(decision.quantity)
        if method is not None and method.unit == decision.unit:
            return method.spread
        return decision.spread or 0.02 * abs(self._typical(experiment)) or 1.0

    def _hidden(self, experiment: Experiment, sample: Sample) -> float:
        decision = experiment.decision
        assert decision is not None
        structure, estimate = self._estimate(sample.item, decision.quantity, decision.unit)
        if estimate is None:
            # Nothing is estimated for it: typical of the table, or for the tested arm what is predicted.
            estimate = self._typical(experiment)
        error = self._error(decision.quantity, estimate)
        return estimate + error * _normal(f"{self.seed} {structure or sample.item} {decision.quantity}")

    def _error(self, quantity: str, estimate: float) -> float:
        known = MODEL_ERRORS.get(quantity)
        if known is not None:
            return known.value
        return RELATIVE_TOLERANCE.get(quantity, UNKNOWN_ERROR) * abs(estimate)

    def _typical(self, experiment: Experiment) -> float:
        """The mean estimate of the experiment's samples, else of the table, else the predicted value."""
        decision = experiment.decision
        assert decision is not None
        tested = {one.item for one in experiment.samples if one.role in ("test", "comparator")}
        values = [self._estimate(item, decision.quantity, decision.unit)[1] for item in sorted(tested)]
        found = [value for value in values if value is not None] or self._column(decision.quantity, decision.unit)
        if found:
            return fmean(found)
        hypothesis = self.hypotheses.get(experiment.hypothesis)
        return hypothesis.prediction.value if hypothesis is not None else decision.value

    def _estimate(self, item: str, quantity: str, unit: str) -> tuple[str, float | None]:
        """The structure behind an item, and its estimate."""
        reference = self.table.reference
        for one in self.table.candidates:
            if item in (one.id, one.name, one.structure):
                found = one.quantities.get(quantity)
                return one.structure, in_unit(found, unit) if found else None
        if reference is not None and item in (reference.id, reference.name, reference.structure):
            found = reference.quantities.get(quantity)
            return reference.structure, in_unit(found, unit) if found else None
        return "", None

    def _column(self, quantity: str, unit: str) -> list[float]:
        found = [in_unit(one.quantities[quantity], unit) for one in self.table.candidates if quantity in one.quantities]
        return [value for value in found if value is not None]

    def _known(self, item: str, quantity: str, unit: str) -> float | None:
        structure, _ = self._estimate(item, quantity, unit)
        row = self.known.get(item) or self.known.get(structure) or {}
        value, own = row.get(quantity), by_key().get(quantity)
        if value is None:
            return None
        return convert(value, own.unit, unit) if own is not None and own.unit != unit else value


def read_truth(path: Path) -> dict[str, dict[str, float]]:
    """True values from a table.

    Args:
        path: A CSV file with a column ``item`` (id, name or structure) and a column per quantity, by the keys of the
            vocabulary and in its units; an empty cell leaves that value hidden.

    Returns:
        Values by item and quantity.

    Raises:
        InputError: The file cannot be read, lacks the column, or a cell is no number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"The table of true values {path} cannot be read: {error}.", remedy="Name a CSV file."
        ) from error
    if not rows or "item" not in rows[0]:
        raise InputError(f"{path} has no column 'item', or no rows.", remedy="Name items, and a column per quantity.")
    truth: dict[str, dict[str, float]] = {}
    for number, row in enumerate(rows, 2):
        for quantity, cell in row.items():
            if quantity == "item" or not (cell or "").strip():
                continue
            try:
                value = float(cell)
            except (TypeError, ValueError):
                value = math.nan
            if not math.isfinite(value):
                raise InputError(
                    f"{path}, row {number}, column '{quantity}': '{cell}' is no number.", remedy="Mend that cell."
                )
            truth.setdefault(row["item"], {})[quantity] = value
    return truth


def _normal(key: str) -> float:
    """A standard normal number that depends on the key alone, by Box and Muller's transformation of its hash."""
    digest = hashlib.sha256(key.encode()).digest()
    one, other = (int.from_bytes(part, "big") / 2**64 for part in (digest[:8], digest[8:16]))
    return math.sqrt(-2 * math.log(1 - one)) * math.cos(2 * math.pi * other)
