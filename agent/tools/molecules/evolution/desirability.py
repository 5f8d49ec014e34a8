"""Desirability: rules, constraints and objectives as one score between 0 and 1, for the optimiser to push up.

A molecule that breaks a rule or a constraint scores below one half, the less the farther it is from meeting them; one
that meets all scores one half and more, by the geometric mean of its objectives' desirabilities. Quantities that are
dear to compute (neural networks, conformers) are computed only for molecules that meet everything else.

Source: G. Derringer, R. Suich, J. Qual. Technol. 1980, 12, 214 (desirability functions and their geometric mean).
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from agent.records import Objective
from agent.tools.molecules.descriptors import KEYS, describe, fingerprint
from agent.tools.molecules.requirements import Requirements
from agent.tools.molecules.specification.rules import Rules
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

_UNKNOWN = 1.0
"""The gap that counts for a dear quantity which was not computed because something else is not met."""


class Source(Protocol):
    """What computes quantities that RDKit's descriptors do not hold, for several molecules at once."""

    @property
    def keys(self) -> Sequence[str]:
        """The quantities."""
        ...

    def __call__(self, mols: Sequence[Mol]) -> Sequence[dict[str, float]]:
        """Their values for each molecule; one that cannot be computed is left out."""
        ...

    def ordinary(self, key: str, sample: Sequence[Mol]) -> list[float]:
        """Values of a quantity that are ordinary, such as those of a sample of drugs."""
        ...


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
    """Scores molecules against a specification, remembering what it measured.

    Attributes:
        requirements: Constraints and objectives.
        scales: One for each objective.
        reference: What ``similarity`` refers to.
        rules: Groups, elements and alerts.
        sources: What computes the quantities beyond RDKit's.
        rows: The constrained and pushed quantities of every molecule scored, by SMILES.
        gaps: The distance to each rule and constraint that is not met, by SMILES.
    """

    requirements: Requirements
    scales: tuple[Scale, ...]
    reference: ExplicitBitVect | None
    rules: Rules = field(default_factory=Rules)
    sources: tuple[Source, ...] = ()
    rows: dict[str, dict[str, float]] = field(default_factory=dict)
    gaps: dict[str, dict[str, float]] = field(default_factory=dict)

    def __call__(self, smiles: Sequence[str]) -> list[float]:
        """The scores of molecules, 0 to 1."""
        from rdkit import Chem

        mols = {text: Chem.MolFromSmiles(text) for text in smiles}
        dear = {key for source in self.sources for key in source.keys}
        asked = dict.fromkeys((*self.requirements.keys, *(scale.objective.quantity for scale in self.scales)))
        for text, mol in mols.items():
            self.rows[text] = describe(mol, [key for key in asked if key not in dear], self.reference)
            self.gaps[text] = self.rules.gaps(mol) | self.requirements.distances(self.rows[text])
        good = [text for text in mols if not self.gaps[text]]
        for source in self.sources:
            for text, found in zip(good, source([mols[text] for text in good]) if good else (), strict=True):
                self.rows[text] |= found
        for text in good:
            self.gaps[text] = self.requirements.distances(self.rows[text])
        return [self._score(text) for text in smiles]

    def met(self, smiles: str) -> bool:
        """Whether a scored molecule meets every rule and constraint, all of them computed."""
        return not self.gaps[smiles] and all(key in self.rows[smiles] for key in self.requirements.keys)

    def desirabilities(self, smiles: str) -> dict[str, float]:
        """The desirability of each objective of a scored molecule, for those that were computed."""
        row = self.rows[smiles]
        return {
            scale.objective.quantity: scale.desirability(row[scale.objective.quantity])
            for scale in self.scales
            if scale.objective.quantity in row
        }

    def _score(self, smiles: str) -> float:
        row = self.rows[smiles]
        unknown = sum(key not in row for key in self.requirements.keys)
        values = [*self.desirabilities(smiles).values()]
        values += [_LEAST] * (len(self.scales) - len(values) if not self.gaps[smiles] else 0)
        reached = math.exp(sum(map(math.log, values)) / len(values)) if values else 0.0
        if self.gaps[smiles] or unknown:
            return 0.5 / (1 + sum(self.gaps[smiles].values()) + _UNKNOWN * unknown) * (0.9 + 0.1 * reached)
        return 0.5 + 0.5 * reached

    def in_words(self, name: str) -> str:
        """A rule or constraint by its name in ``gaps``, as people write it."""
        bounds = [str(bound) for bound in self.requirements.bounds if bound.key == name]
        return " and ".join(bounds) or name

    def failures(self) -> list[dict[str, object]]:
        """What the scored molecules fail: for each rule and constraint how many break it, and how many break it alone.

        Returns:
            Rows of constraint, broken, broken_alone; the binding one first: the one that alone stands in the way of
            most molecules, then the one that most break.
        """
        broken: Counter[str] = Counter()
        alone: Counter[str] = Counter()
        for gaps in self.gaps.values():
            broken.update(list(gaps))
            alone.update(list(gaps) if len(gaps) == 1 else ())
        order = sorted(broken, key=lambda name: (-alone[name], -broken[name], name))
        return [
            {"constraint": self.in_words(name), "broken": broken[name], "broken_alone": alone[name]} for name in order
        ]


def desirability_of(
    requirements: Requirements,
    sample: Sequence[Mol],
    reference: Mol | None,
    rules: Rules | None = None,
    sources: Sequence[Source] = (),
) -> Desirability:
    """Make the score.

    Args:
        requirements: Constraints and objectives; with no objectives, drug-likeness and ease of synthesis are pushed.
        sample: Molecules that show what values are ordinary: their median is the centre of an objective's curve, their
            interquartile range its width.
        reference: The molecule that ``similarity`` refers to.
        rules: Groups, elements and alerts.
        sources: What computes constrained or pushed quantities that RDKit does not.
    """
    bits = fingerprint(reference) if reference is not None else None
    objectives = requirements.objectives or DEFAULT_OBJECTIVES
    by_source = {key: source for source in sources for key in source.keys}
    scales = []
    for objective in objectives:
        key = objective.quantity
        if key in KEYS:
            numbers = sorted(describe(mol, [key], bits)[key] for mol in sample)
        else:
            numbers = sorted(by_source[key].ordinary(key, sample[:50]))
        floor, ceiling = by_key()[key].bounds
        whole = ceiling - floor if floor is not None and ceiling is not None else 0.0
        spread = numbers[3 * len(numbers) // 4] - numbers[len(numbers) // 4] if len(numbers) > 3 else whole
        least = 0.1 * whole or (0.5 if key in KEYS else 1e-6)
        target = objective.target if objective.direction == "target" else None
        centre = target if target is not None else statistics.median(numbers) if numbers else 0.0
        scales.append(Scale(objective, centre, max(spread / 2, least)))
    return Desirability(requirements, tuple(scales), bits, rules or Rules(), tuple(sources))
