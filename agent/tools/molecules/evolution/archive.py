"""The archive: every molecule that was scored, in order, ranked, and sorted into niches by scaffold."""

from __future__ import annotations

import random
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from rdkit.Chem import Mol


@dataclass
class Archive:
    """What a search has scored.

    Attributes:
        smiles: Canonical SMILES, in the order of scoring, each once.
        scores: Their scores.
        niches: The niche of each (see `niche`).
        snapshot: The search's state as plain data, from which `optimise` goes on; set by the search.
    """

    smiles: list[str] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    niches: list[str] = field(default_factory=list)
    snapshot: Callable[[], dict[str, Any]] = dict
    _places: dict[str, int] = field(default_factory=dict)
    _ranked: list[tuple[float, int]] = field(default_factory=list)
    _champions: dict[str, int] = field(default_factory=dict)
    _elite: list[tuple[float, int]] = field(default_factory=list)

    def __len__(self) -> int:
        """Molecules scored."""
        return len(self.smiles)

    def __contains__(self, smiles: str) -> bool:
        """Whether a molecule was scored."""
        return smiles in self._places

    def add(self, smiles: str, score: float, niche: str) -> None:
        """Take in a scored molecule."""
        place = len(self.smiles)
        self.smiles.append(smiles)
        self.scores.append(score)
        self.niches.append(niche)
        self._places[smiles] = place
        insort(self._ranked, (-score, place))
        champion = self._champions.get(niche)
        if champion is None or score > self.scores[champion]:
            if champion is not None:
                self._elite.remove((-self.scores[champion], champion))
            self._champions[niche] = place
            insort(self._elite, (-score, place))

    @property
    def flat(self) -> bool:
        """Whether all scores are alike, so that nothing tells where to search."""
        return not self._ranked or self._ranked[0][0] == self._ranked[-1][0]

    def ranked(self) -> list[int]:
        """Places of all molecules, best first."""
        return [place for _, place in self._ranked]

    def top(self, count: int) -> list[tuple[str, float]]:
        """The best molecules with their scores, best first."""
        return [(self.smiles[place], self.scores[place]) for _, place in self._ranked[:count]]

    def champions(self, count: int) -> list[tuple[str, float]]:
        """The best molecule of each niche, best first: a diverse choice."""
        return [(self.smiles[place], self.scores[place]) for _, place in self._elite[:count]]

    def draw(self, chance: random.Random, *, diverse: bool, even: bool = False) -> int:
        """Draw a parent: a rank is drawn with a uniform logarithm, and a molecule uniformly among those up to it.

        Drawing among the top N for N spread over all magnitudes keeps good molecules and odd ones in play
        (A. Tripp, J. M. Hernández-Lobato, "Genetic algorithms are strong baselines for molecule generation", 2023).

        Args:
            chance: Where randomness comes from.
            diverse: Among the niches' champions instead of among all.
            even: All champions of the better half alike, as in MAP-Elites (J.-B. Mouret, J. Clune, 2015).

        Returns:
            A place in the archive.
        """
        ranking = self._elite if diverse else self._ranked
        if diverse and even:
            return ranking[chance.randrange((len(ranking) + 1) // 2)][1]
        depth = int((len(ranking) + 1) ** chance.random())
        return ranking[chance.randrange(depth)][1]


def niche(mol: Mol) -> str:
    """The niche of a molecule: the sizes of its rings and a code of its Murcko framework (rings and the chains between
    them) with every atom and every bond alike, or the number of its heavy atoms in tens if it has no ring.

    The code gathers each atom's surroundings four times, as in a circular fingerprint.

    Source:
        G. W. Bemis, M. A. Murcko, J. Med. Chem. 1996, 39, 2887.
    """
    from rdkit import Chem

    sizes = sorted(len(ring) for ring in mol.GetRingInfo().AtomRings())
    if not sizes:
        return f"chain of {mol.GetNumAtoms() // 10 * 10} atoms"
    bound = Chem.GetAdjacencyMatrix(mol).astype(np.float64)
    inside = np.ones(len(bound))
    while (inside > (left := bound @ inside > 1)).any():
        inside *= left
    bound = bound[inside > 0][:, inside > 0]
    codes = bound.sum(axis=0)
    for _ in range(4):
        codes = np.remainder(codes * 31 + bound @ (codes * codes), 999_983)
    return f"{'-'.join(map(str, sizes))} {len(codes)} {int(codes @ codes)}"
