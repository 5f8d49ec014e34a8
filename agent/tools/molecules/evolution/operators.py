"""The edits that make offspring, drawn the more often the more they succeed."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from agent.tools.molecules.evolution.crossover import cross_links, cross_rings, transplant
from agent.tools.molecules.evolution.graphs import Graph
from agent.tools.molecules.evolution.mutation import MUTATIONS

if TYPE_CHECKING:
    from rdkit.Chem import RWMol


@dataclass(frozen=True)
class Operator:
    """One kind of edit.

    Attributes:
        name: The name of its function.
        parents: How many molecules it needs, 1 or 2.
        apply: Makes the edit of one or two graphs.
        weight: How often it is drawn at first, relative to the others.
    """

    name: str
    parents: int
    apply: Callable[[Graph, Graph, random.Random], RWMol | None]
    weight: float


def _of_one(mutation: Callable[[Graph, random.Random], RWMol | None]) -> Callable[..., RWMol | None]:
    return lambda first, second, chance: mutation(first, chance)


OPERATORS: tuple[Operator, ...] = (
    Operator("cross_links", 2, cross_links, 6.0),
    Operator("cross_rings", 2, cross_rings, 3.0),
    Operator("transplant", 2, transplant, 2.0),
    *(Operator(mutation.__name__, 1, _of_one(mutation), 1.0) for mutation in MUTATIONS),
)
"""All kinds of edit."""

_MEMORY = 0.99
"""What is left of an operator's record each time it is tried again."""


class Operators:
    """Draws operators and remembers which of them made children better than their parents."""

    def __init__(self) -> None:
        self.record: dict[str, list[float]] = {operator.name: [0.0, 0.0] for operator in OPERATORS}
        self._sums: list[float] = []

    def draw(self, chance: random.Random) -> Operator:
        """Draw an operator: by its weight and the smoothed share of its children that beat their parents."""
        if not self._sums:
            records = ((operator.weight, *self.record[operator.name]) for operator in OPERATORS)
            self._sums = list(accumulate(weight * (0.05 + (wins + 1) / (tries + 5)) for weight, tries, wins in records))
        return OPERATORS[bisect(self._sums, chance.random() * self._sums[-1], 0, len(OPERATORS) - 1)]

    def learn(self, name: str, better: bool) -> None:
        """Remember how a child turned out."""
        record = self.record[name]
        record[0] = _MEMORY * record[0] + 1
        record[1] = _MEMORY * record[1] + better
        self._sums.clear()

    def restore(self, record: dict[str, list[float]]) -> None:
        """Take up what was remembered."""
        self.record = {name: list(known) for name, known in record.items()}
        self._sums.clear()
