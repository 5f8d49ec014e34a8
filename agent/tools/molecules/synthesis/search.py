"""The search for routes: AO* over an AND-OR tree of molecules and reactions.

A molecule is made by one of several reactions (OR), a reaction needs all its precursors (AND). Costs are those of the
steps (`steps.Step.cost`) and of starting materials; a molecule that is not yet expanded counts with a lower estimate
that grows with its size, as in Retro* (Chen et al., ICML 2020), whose learned estimate is replaced by that rule. The
cheapest partial route is extended where it costs most, until the cheapest route is complete. Everything is ordered, so
the same call gives the same routes; the number of expansions bounds time and memory.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from agent.tools.molecules.synthesis.steps import Step, Tally, steps_to
from agent.tools.molecules.synthesis.stock import Stock

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 24
"""Reactions kept for one molecule, the cheapest first."""

STOCK_COST: dict[str, float] = {"listed chemical": 0.1, "probably in stock": 0.6}
"""What a starting material costs beyond nothing: one that is known but perhaps not sold, and one that only the
probabilistic filter knows. A search asks about hundreds of molecules, of which few are sold, so that near half of the
filter's rare "yes" are chance."""

MOST_OF_TARGET = 0.9
"""Share of the target's heavy atoms that a starting material of an uncertain source may have: a derivative of the
target that perhaps nobody sells is no answer."""

_EASY_ATOMS, _ATOMS_PER_STEP = 9, 9
_LEAST_ESTIMATE = 0.8


@dataclass
class Node:
    """A molecule in the tree.

    Attributes:
        smiles: Canonical SMILES.
        depth: Steps between it and the target.
        source: Where it can be had; empty if it has to be made.
        ways: The reactions that give it, with the nodes of their precursors; ``None`` before expansion.
        value: Least cost of making it, as far as known.
        solved: Whether the cheapest way is complete.
    """

    smiles: str
    depth: int
    source: str = ""
    ways: list[tuple[Step, list[Node]]] | None = None
    value: float = 0.0
    solved: bool = False
    barred: set[tuple[str, ...]] = field(default_factory=set)

    def weigh(self) -> None:
        """Bring value and state up to date from the precursors."""
        if self.source or self.ways is None:
            return
        best = self.best
        if best is None:
            self.value, self.solved = math.inf, False
            return
        step, parts = best
        self.value = step.cost + sum(part.value for part in parts)
        self.solved = all(part.solved for part in parts)

    @property
    def best(self) -> tuple[Step, list[Node]] | None:
        """The cheapest way that is not closed; complete ones first among equals."""
        open_ways = [
            (step.cost + sum(part.value for part in parts), not all(part.solved for part in parts), place)
            for place, (step, parts) in enumerate(self.ways or ())
            if step.precursors not in self.barred
        ]
        if not open_ways or math.isinf(min(open_ways)[0]):
            return None
        return (self.ways or [])[min(open_ways)[2]]


@dataclass(frozen=True)
class Route:
    """A complete way from starting materials to the target.

    Attributes:
        target: Canonical SMILES.
        steps: In the order of the laboratory: what is made first comes first.
        leaves: Starting materials with their source.
        cost: Sum of the costs.
    """

    target: str
    steps: tuple[Step, ...]
    leaves: Mapping[str, str]
    cost: float

    @property
    def depth(self) -> int:
        """The longest linear sequence."""
        made = {step.product: step for step in self.steps}

        def below(smiles: str) -> int:
            return 1 + max(below(one) for one in made[smiles].precursors) if smiles in made else 0

        return below(self.target)

    @property
    def score(self) -> float:
        """From 0 to 1: 0.9 for each step, less for what speaks against it; a ranking aid, no yield."""
        return 0.9**self.cost


@dataclass
class Found:
    """What a search brought.

    Attributes:
        routes: The cheapest first; each has another last step.
        expansions: Molecules taken apart.
        tally: Proposals judged and refused.
        nearest: Without a route: the starting materials that are lacking in the cheapest partial one.
        partial: Without a route: its steps.
    """

    routes: list[Route]
    expansions: int
    tally: Tally
    nearest: list[str] = field(default_factory=list)
    partial: list[Step] = field(default_factory=list)


LARGE = 60
"""Heavy atoms from which taking a molecule apart counts as more than one expansion: by the square of its size."""


class RouteSearch:
    """One search.

    Args:
        target: Canonical SMILES.
        stock: What a route may begin with; the target itself never counts.
        longest: Steps of the longest linear sequence.
        expansions: Molecules to take apart at most.
        report: Told the share of the expansions done, and a message.
    """

    def __init__(
        self,
        target: str,
        stock: Stock,
        *,
        longest: int,
        expansions: int,
        report: Callable[[float, str], None] = lambda fraction, message: None,
    ) -> None:
        self._stock, self._longest, self._limit, self._report = stock, longest, expansions, report
        self._memory: dict[str, list[Step]] = {}
        self._spent = 0.0
        self.tally = Tally()
        self.root = Node(target, 0, value=_estimate(target))
        self._deepest: tuple[float, list[Step], list[str]] | None = None

    def run(self, routes: int) -> Found:
        """Search until so many routes are known, nothing is left, or the expansions are spent."""
        found: list[Route] = []
        while len(found) < routes:
            path = self._frontier()
            if path is None:
                if not self.root.solved:
                    break
                route = self._route()
                found.append(route)
                self.root.barred.add(route.steps[-1].precursors)
                self.root.weigh()
                continue
            node = path[-1]
            if self._spent >= self._limit and node.smiles not in self._memory:
                break
            self._expand(node, {one.smiles for one in path})
            for one in reversed(path):
                one.weigh()
            self._remember_partial()
            self._report(min(self._spent / self._limit, 1.0), f"{len(self._memory)} molecules taken apart")
        _, steps, lacking = self._deepest or (0.0, [], [self.root.smiles])
        nearest = ([], []) if found else (lacking, steps)
        return Found(found, len(self._memory), self.tally, *nearest)

    def _frontier(self) -> list[Node] | None:
        """The path to the molecule to take apart next: along the cheapest partial route, the dearest open one."""
        path = [self.root]
        if self.root.ways is None:
            return path
        while True:
            best = path[-1].best
            if best is None or path[-1].solved:
                return None
            open_parts = [part for part in best[1] if not part.solved]
            part = max(open_parts, key=lambda one: (one.value, one.smiles))
            path.append(part)
            if part.ways is None:
                return path

    def _expand(self, node: Node, above: set[str]) -> None:
        if node.smiles not in self._memory:
            self._memory[node.smiles] = steps_to(node.smiles, self.tally, self._stock.find)[:WIDTH]
            self._spent += max(1.0, (_atoms(node.smiles) / LARGE) ** 2)
        node.ways = []
        for step in self._memory[node.smiles]:
            if above.isdisjoint(step.precursors):
                parts = [self._node(one, node.depth + 1) for one in step.precursors]
                if all(not math.isinf(part.value) for part in parts):
                    node.ways.append((step, parts))

    def _node(self, smiles: str, depth: int) -> Node:
        found = None if smiles == self.root.smiles else self._stock.find(smiles)
        if found is not None:
            cost = STOCK_COST.get(found[0], 0.0)
            if not cost or _atoms(smiles) <= MOST_OF_TARGET * _atoms(self.root.smiles):
                return Node(smiles, depth, source=found[0], value=cost, solved=True)
        # What stands at the greatest depth can no longer be made.
        return Node(smiles, depth, value=math.inf if depth >= self._longest else _estimate(smiles))

    def _route(self) -> Route:
        steps: dict[str, Step] = {}
        leaves: dict[str, str] = {}
        for node, step in _along(self.root):
            if step is None:
                leaves[node.smiles] = node.source
            else:
                steps.setdefault(node.smiles, step)
        return Route(self.root.smiles, tuple(reversed(steps.values())), leaves, self.root.value)

    def _remember_partial(self) -> None:
        """The partial route with the least to be made, for the answer that no route was found."""
        steps, lacking = [], []
        for node, step in _along(self.root):
            if step is not None:
                steps.append(step)
            elif not node.source:
                lacking.append(node.smiles)
        left = sum(_estimate(one) for one in lacking)
        if steps and lacking and (self._deepest is None or left < self._deepest[0]):
            self._deepest = (left, list(reversed(steps)), lacking)


def _along(node: Node) -> Iterator[tuple[Node, Step | None]]:
    """The molecules of the cheapest way, the target first, each with the step that makes it (none for a leaf)."""
    best = node.best
    if best is None:
        yield node, None
        return
    yield node, best[0]
    for part in best[1]:
        yield from _along(part)


def _estimate(smiles: str) -> float:
    """A guess from below at what making a molecule costs: one step for each nine heavy atoms beyond nine."""
    return max(_LEAST_ESTIMATE, (_atoms(smiles) - _EASY_ATOMS) / _ATOMS_PER_STEP)


@lru_cache(maxsize=4096)
def _atoms(smiles: str) -> int:
    from rdkit import Chem

    return Chem.MolFromSmiles(smiles).GetNumHeavyAtoms()
