"""One search: breeding, choosing and scoring in rounds, with the surrogate that sifts between them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.errors import InputError
from agent.tools.molecules.evolution.archive import Archive, niche
from agent.tools.molecules.evolution.environments import Environments
from agent.tools.molecules.evolution.features import KINDS, Features, completed, features, packed, unpacked
from agent.tools.molecules.evolution.graphs import Graph, finish, known_graph, read_flat, read_graph
from agent.tools.molecules.evolution.operators import Operators
from agent.tools.molecules.evolution.surrogate import ADDITIVE, GRID, SUBSET, Pool, Setting, Surrogate, choose_setting
from agent.tools.molecules.structures import quiet_rdkit

if TYPE_CHECKING:
    from rdkit.Chem import Mol

Oracle = Callable[[list[str]], list[float]]

FOUNDERS = 60
"""Start molecules that are scored before the first offspring."""

MOST_STARTS = 20_000
"""Start molecules that a search may draw; of a larger list, a random choice."""

BATCH = 10
"""Molecules that are scored in a round."""

SMALL_BATCH = 5
"""The same where a spread is asked for: each is chosen among more offspring, one by each width, none at random."""

OFFSPRING = 24
"""Offspring that are made in a round."""

WAITING = 200
"""Candidates that stay in the pool after a round."""

CAPACITY = 900
"""Most scored molecules that the surrogate holds; it is built anew on `RENEWED` of them when it is full."""

RENEWED = 500

LEARNT_FROM = 2000
"""Start molecules whose atom environments count as usual."""

UNUSUAL = 0.1
"""Share of the offspring with unusual environments that is let through, if there are `ENOUGH` usual molecules."""

ENOUGH = 500

BREADTH = 0.25
"""Share of the parents that are drawn among the best of each niche."""

CROWD = 100
"""The best molecules, which others are to be unlike where a spread is asked for."""

WIDTHS = (0.0, 0.3, 0.6, 1.0, 2.0)
"""Widths of the confidence bounds, taken in turn within a round."""

DEFAULT_START: tuple[str, ...] = (
    "c1ccccc1", "Cc1ccncc1", "NC(=O)c1ccccc1", "CCOC(=O)C1CCNCC1", "COc1ccc(CN)cc1", "O=C(O)c1ccc(F)cc1",
    "CC(C)NCC(O)c1ccccc1", "Cc1nc(N)sc1C", "O=S(=O)(Nc1ccccc1)c1ccccc1", "CN1CCN(c2ccccn2)CC1", "CCCCO",
    "CC1CCCCC1=O", "c1ccc2[nH]ccc2c1", "Cc1n[nH]c(C(F)(F)F)c1", "O=C1CCCN1", "Clc1ccc(Oc2ccccc2)cc1",
)  # fmt: skip
"""Where a search without start molecules begins: small molecules of many kinds."""


@dataclass(frozen=True)
class Candidate:
    """An offspring that waits to be scored.

    Attributes:
        smiles: Canonical SMILES.
        operator: Name of the edit that made it.
        parent: The better parent's score (an estimate, if that was not scored).
    """

    smiles: str
    operator: str
    parent: float


class Search:
    """A search in progress (see `optimise` for the arguments)."""

    def __init__(
        self,
        oracle: Oracle,
        *,
        seed: int,
        start: Sequence[str] | None,
        admit: Callable[[Mol], bool] | None = None,
        usual: Sequence[str] | None = None,
        breadth: float = BREADTH,
        spread: float = 0.0,
    ) -> None:
        quiet_rdkit()
        self.archive = Archive(snapshot=self.state)
        self.idle = 0
        self._oracle = oracle
        self._admit = admit
        self._breadth = breadth
        self._spread = spread
        self._chance = random.Random(seed)
        self._start = list(DEFAULT_START if start is None or not len(start) else start)
        self._order = self._chance.sample(range(len(self._start)), min(len(self._start), MOST_STARTS))
        self._environments = self._known(self._start if usual is None else usual)
        self._learnt: list[int] = []
        self._drawn = 0
        self._operators = Operators()
        self._waiting: list[Candidate] = []
        self._mols: dict[str, Mol] = {}
        self._seen: set[str] = set()
        self._graphs: dict[str, Graph] = {}
        self._features: list[tuple[np.ndarray, np.ndarray]] = []
        self._training: list[int] = []
        self._blocks: list[int] = []
        self._surrogate: Surrogate | None = None
        self._pool: Pool | None = None
        self._kinds: tuple[int, ...] = KINDS
        self._built_at = 0
        self._last_size = 0

    # --- one round --------------------------------------------------------------------------------------------------

    def round(self, most: int) -> None:
        """Score one batch of at most so many molecules."""
        more = self._drawn < len(self._order)
        if more and len(self.archive) < FOUNDERS:
            self._score(self._founders(min(most, FOUNDERS - len(self.archive))))
        elif not len(self.archive):
            raise InputError("No start molecule can be used.", remedy="Give valid SMILES of small organic molecules.")
        elif more and self.archive.flat and self._chance.random() < 0.5:
            self._score(self._founders(min(most, BATCH)))
        else:
            self._breed()
            self._score(*self._choose(min(most, SMALL_BATCH if self._spread else BATCH)))
        self.idle = 0 if self._grown else self.idle + 1

    def _founders(self, most: int) -> list[Candidate]:
        found = []
        while len(found) < most and self._drawn < len(self._order):
            graph = read_graph(self._start[self._order[self._drawn]])
            self._drawn += 1
            if graph is not None and graph.size > 1 and graph.smiles not in self._seen and self._admitted(graph.smiles):
                self._seen.add(graph.smiles)
                found.append(Candidate(graph.smiles, "", 0.0))
        return found

    def _admitted(self, smiles: str) -> bool:
        from rdkit import Chem

        return self._admit is None or self._admit(Chem.MolFromSmiles(smiles))

    def _breed(self) -> None:
        """Make offspring and put them into the pool."""
        made: list[tuple[Candidate, Any]] = []
        for _ in range(4 * OFFSPRING):
            if len(made) == OFFSPRING:
                break
            operator = self._operators.draw(self._chance)
            first, score = self._parent()
            second, other = self._parent() if operator.parents == 2 else (first, score)
            edited = operator.apply(first, second, self._chance)
            finished = finish(edited, self._usual_enough) if edited is not None else None
            if finished is None or finished[0] in self._seen:
                continue
            self._seen.add(finished[0])
            made.append((Candidate(finished[0], operator.name, max(score, other)), finished[1]))
        if not made:
            return
        if self._pool is None:
            self._build()
        assert self._pool is not None
        self._waiting += [candidate for candidate, _ in made]
        self._mols |= {candidate.smiles: mol for candidate, mol in made}
        self._pool.add(features([mol for _, mol in made], self._kinds))

    def _known(self, molecules: Sequence[str]) -> Environments | None:
        """The environments of some of the molecules, where there are enough of them to tell what is usual."""
        if len(molecules) < ENOUGH:
            return None
        mols = (read_flat(text) for text in self._chance.sample(molecules, min(len(molecules), LEARNT_FROM)))
        return Environments(mol for mol in mols if mol is not None)

    def _usual_enough(self, mol: Any) -> bool:
        usual = self._environments is None or self._environments.usual_only(mol)
        return (usual or self._chance.random() < UNUSUAL) and (self._admit is None or self._admit(mol))

    def _parent(self) -> tuple[Graph, float]:
        roll = self._chance.random()
        if roll < 0.2 and self._waiting:
            # The pool is kept in the order of merit; its best are bred before they are scored.
            candidate = self._waiting[int(len(self._waiting) ** self._chance.random()) - 1]
            return self._graph(candidate.smiles), candidate.parent
        place = self.archive.draw(self._chance, diverse=roll > 1 - self._breadth, even=self._spread > 0)
        return self._graph(self.archive.smiles[place]), self.archive.scores[place]

    def _graph(self, smiles: str) -> Graph:
        if smiles not in self._graphs:
            if len(self._graphs) > 3000:
                self._graphs.clear()
            graph = known_graph(smiles)
            assert graph is not None
            self._graphs[smiles] = graph
        return self._graphs[smiles]

    # --- choosing ---------------------------------------------------------------------------------------------------

    def _choose(self, most: int) -> tuple[list[Candidate], Features | None, np.ndarray | None]:
        """Take the best of the pool by several confidence bounds, and one at random; keep the next best waiting.

        Returns:
            What was taken, its features as far as the surrogate looked at them, and what it projects them to.
        """
        if self._pool is None or not self._waiting:
            return [], None, None
        mean, deviation = (np.round(values, 9) for values in self._pool.judge())
        crowd = self._crowd() if self._spread else np.zeros_like(mean)
        left = np.ones(len(mean), dtype=bool)
        chosen: list[int] = []
        for turn in range(min(most, len(mean))):
            if turn == BATCH - 1:
                pick = self._chance.choice(np.flatnonzero(left).tolist())
            else:
                merit = mean + WIDTHS[turn % len(WIDTHS)] * deviation - crowd
                pick = int(np.argmax(np.where(left, merit, -np.inf)))
            left[pick] = False
            chosen.append(pick)
            if self._spread:
                crowd = np.maximum(crowd, self._penalty(self._pool.likeness([pick])))
        taken = [self._waiting[index] for index in chosen]
        points, projected = self._pool.points(chosen), self._pool.projected(chosen)
        order = np.argsort(-np.where(left, mean + deviation - crowd, -np.inf), kind="stable")[
            : min(WAITING, int(left.sum()))
        ]
        kept = [self._waiting[index] for index in order]
        self._mols = {item.smiles: self._mols[item.smiles] for item in [*kept, *taken]}
        self._waiting = kept
        self._pool.keep(order)
        return taken, points, projected

    def _crowd(self) -> np.ndarray:
        """What the candidates' likeness to the best molecules so far costs them."""
        assert self._pool is not None
        best = self.archive.ranked()[:CROWD]
        return self._penalty(self._pool.likeness_to(self._stack(best)))

    def _penalty(self, likeness: np.ndarray) -> np.ndarray:
        assert self._surrogate is not None
        return self._spread * float(np.sqrt(self._surrogate.setting.amplitude)) * likeness

    @property
    def _grown(self) -> bool:
        return self._last_size != len(self.archive)

    def _score(
        self, batch: Sequence[Candidate], points: Features | None = None, projected: np.ndarray | None = None
    ) -> None:
        """Score candidates (see `_choose` for what may be known of them)."""
        from rdkit import Chem

        self._last_size = len(self.archive)
        if not batch:
            return
        scores = self._oracle([candidate.smiles for candidate in batch])
        mols = [self._mols.get(item.smiles) or Chem.MolFromSmiles(item.smiles) for item in batch]
        points = features(mols) if points is None else completed(points, mols, self._kinds)
        for row, (candidate, mol, score) in enumerate(zip(batch, mols, scores, strict=True)):
            if self._environments is not None and candidate.operator and score > candidate.parent:
                self._environments.learn(mol)
                self._learnt.append(len(self.archive))
            self.archive.add(candidate.smiles, float(score), niche(mol))
            self._features.append(packed(points[[row]]))
            if candidate.operator:
                self._operators.learn(candidate.operator, score > candidate.parent)
        if self._surrogate is not None:
            self._learn(list(range(self._last_size, len(self.archive))), points, projected)

    # --- the surrogate ----------------------------------------------------------------------------------------------

    def _learn(self, places: list[int], points: Features, projected: np.ndarray | None) -> None:
        assert self._surrogate is not None
        assert self._pool is not None
        grown = len(self.archive)
        if self._surrogate.full or (grown >= 2 * self._built_at and grown < CAPACITY):
            self._build()
            return
        self._training += places
        self._blocks.append(len(places))
        self._pool.follow(*self._surrogate.extend(points, self._values(places), projected))

    def _build(self) -> None:
        """Choose what the surrogate is trained on, its setting, and build it."""
        ranked = self.archive.ranked()
        recent = range(max(0, len(self.archive) - RENEWED // 5), len(self.archive))
        chosen = dict.fromkeys([*ranked[: RENEWED * 3 // 5], *recent])
        rest = [place for place in ranked if place not in chosen]
        spread = self._chance.sample(rest, min(len(rest), RENEWED - len(chosen))) if len(chosen) < RENEWED else []
        training = [*chosen, *spread]
        self._chance.shuffle(training)
        self._built_at = len(self.archive)
        subset = training[:SUBSET]
        setting = choose_setting(self._stack(subset), self._values(subset), GRID + ADDITIVE)
        self._assemble(training, [len(training)], setting)

    def _assemble(self, training: list[int], blocks: list[int], setting: Setting) -> None:
        """Build the surrogate in the same blocks as it grew, and let it judge what waits."""
        from rdkit import Chem

        self._training, self._blocks = training, blocks
        self._surrogate = Surrogate(setting, CAPACITY)
        done = 0
        for block in blocks:
            places = training[done : done + block]
            self._surrogate.extend(self._stack(places), self._values(places))
            done += block
        same = self._pool is not None and len(self._pool) and self._kinds == setting.kinds
        waiting = self._pool.points() if same and self._pool is not None else None
        self._kinds = setting.kinds
        if waiting is None and self._waiting:
            for item in self._waiting:
                if item.smiles not in self._mols:
                    self._mols[item.smiles] = Chem.MolFromSmiles(item.smiles)
            waiting = features([self._mols[item.smiles] for item in self._waiting], self._kinds)
        self._pool = Pool(self._surrogate)
        if waiting is not None:
            self._pool.add(waiting)

    def _stack(self, places: Sequence[int]) -> Features:
        return unpacked([self._features[place] for place in places])

    def _values(self, places: Sequence[int]) -> np.ndarray:
        return np.array([self.archive.scores[place] for place in places])

    # --- stopping and going on --------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The search as plain data (numbers, strings, lists), for `restore`."""
        setting = self._surrogate.setting if self._surrogate is not None else None
        version, numbers, gauss = self._chance.getstate()
        return {
            "random": [version, list(numbers), gauss],
            "smiles": list(self.archive.smiles),
            "scores": list(self.archive.scores),
            "niches": list(self.archive.niches),
            "drawn": self._drawn,
            "learnt": list(self._learnt),
            "seen": sorted(self._seen),
            "waiting": [[candidate.smiles, candidate.operator, candidate.parent] for candidate in self._waiting],
            "operators": {name: list(record) for name, record in self._operators.record.items()},
            "training": list(self._training),
            "blocks": list(self._blocks),
            "built_at": self._built_at,
            "setting": [list(setting.weights), setting.noise, setting.mean, setting.amplitude] if setting else None,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a search where `state` was called."""
        from rdkit import Chem

        version, numbers, gauss = state["random"]
        self._chance.setstate((version, tuple(numbers), gauss))
        for smiles, score, group in zip(state["smiles"], state["scores"], state["niches"], strict=True):
            self.archive.add(smiles, score, group)
            self._features.append(packed(features([Chem.MolFromSmiles(smiles)])))
        self._drawn, self._seen, self._built_at = state["drawn"], set(state["seen"]), state["built_at"]
        self._learnt = list(state["learnt"])
        if self._environments is not None:
            for place in self._learnt:
                self._environments.learn(Chem.MolFromSmiles(self.archive.smiles[place]))
        self._waiting = [Candidate(*entry) for entry in state["waiting"]]
        self._operators.restore(state["operators"])
        if state["setting"] is not None:
            weights, noise, mean, amplitude = state["setting"]
            setting = Setting(tuple(weights), noise, mean, amplitude)
            self._assemble(list(state["training"]), list(state["blocks"]), setting)
