"""Desirability: constraints and objectives as one score between 0 and 1, for the optimiser to push up.

A molecule that fails a constraint scores below one half, the less the farther it is from the bounds; one that meets all
scores one half and more, by the geometric mean of its objectives' desirabilities.

Source: G. Derringer, R. Suich, J. Qual. Technol. 1980, 12, 214 (desirability functions and their geometric mean).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.records import Objective
from agent.tools.molecules.descriptors import describe, fingerprint
from agent.tools.molecules.requirements import Requirements
from agent.vocabulary import by_key

if TYPE_CHECKING:
    from rdkit.Chem import Mol
    from rdkit.DataStructs import ExplicitBitVect

DEFAULT_OBJECTIVES: tuple[Objective, ...] = (
    Objective(quantity="QED", direction="maximise"),
    Objective(quantity="SA_score", direction="minimise"),
)
"""What is pushed when nothing is asked for: drug-likeness and ease of synthesis."""

_LEAST = 1e-3
"""The lowest desirability of one objective, so that one poor value does not hide the others."""


@dataclass(frozen=True)
class Scale:
    """How an objective's values map to a desirability: one half at ``centre``, by a logistic curve of ``width``; for a
    target, a normal curve of that width around it.
    """

    objective: Objective
    centre: float
    width: float

    def desirability(self, value: float) -> float:
        """Between 0 and 1, 1 being ideal."""
        distance = (value - self.centre) / self.width
        if self.objective.direction == "target":
            return max(math.exp(-0.5 * distance**2), _LEAST)
        sign = 1.0 if self.objective.direction == "maximise" else -1.0
        return max(1 / (1 + math.exp(-sign * max(min(distance, 50.0), -50.0))), _LEAST)


@dataclass
class Desirability:
    """Scores molecules against requirements, remembering what it measured.

    Attributes:
        requirements: Constraints and objectives.
        scales: One for each objective.
        reference: What ``similarity`` refers to.
        rows: The constrained and pushed quantities of every molecule scored, by SMILES.
        gaps: The distance to each constraint that is not met, by SMILES.
    """

    requirements: Requirements
    scales: tuple[Scale, ...]
    reference: ExplicitBitVect | None
    rows: dict[str, dict[str, float]]
    gaps: dict[str, dict[str, float]]

    def __call__(self, smiles: Sequence[str]) -> list[float]:
        """The scores of molecules, 0 to 1."""
        from rdkit import Chem

        return [self._score(text, Chem.MolFromSmiles(text)) for text in smiles]

    def met(self, smiles: str) -> bool:
        """Whether a scored molecule meets every constraint."""
        return not self.gaps[smiles]

    def _score(self, smiles: str, mol: Mol) -> float:
        keys = (*self.requirements.keys, *(scale.objective.quantity for scale in self.scales))
        row = describe(mol, dict.fromkeys(keys), self.reference)
        self.rows[smiles] = row
        gaps = self.gaps[smiles] = self.requirements.distances(row)
        values = [scale.desirability(row[scale.objective.quantity]) for scale in self.scales]
        reached = math.exp(sum(map(math.log, values)) / len(values))
        if gaps:
            return 0.5 / (1 + sum(gaps.values())) * (0.9 + 0.1 * reached)
        return 0.5 + 0.5 * reached


def desirability_of(requirements: Requirements, sample: Sequence[Mol], reference: Mol | None) -> Desirability:
    """Make the score.

    Args:
        requirements: Constraints and objectives; with no objectives, drug-likeness and ease of synthesis are pushed.
        sample: Molecules that show what values are ordinary: their median is the centre of an objective's curve, their
            interquartile range its width.
        reference: The molecule that ``similarity`` refers to.
    """
    bits = fingerprint(reference) if reference is not None else None
    objectives = requirements.objectives or DEFAULT_OBJECTIVES
    scales = []
    for objective in objectives:
        key = objective.quantity
        numbers = sorted(describe(mol, [key], bits)[key] for mol in sample)
        spread = numbers[3 * len(numbers) // 4] - numbers[len(numbers) // 4]
        floor, ceiling = by_key()[key].bounds
        least = 0.1 * (ceiling - floor) if floor is not None and ceiling is not None else 0.5
        target = objective.target if objective.direction == "target" else None
        centre = target if target is not None else statistics.median(numbers)
        scales.append(Scale(objective, centre, max(spread / 2, least)))
    return Desirability(requirements, tuple(scales), bits, {}, {})
