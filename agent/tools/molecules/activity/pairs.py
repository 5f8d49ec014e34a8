"""Matched molecular pairs: molecules that differ by one exchange, and what each exchange does to the activity."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdkit.Chem import Mol

LARGEST_CHANGE = 13
"""Heavy atoms of the largest part that is exchanged."""

LARGEST_SHARE = 0.5
"""The exchanged part is at most this share of a molecule's heavy atoms."""


@dataclass(frozen=True)
class Pair:
    """Two molecules that differ by one exchange.

    Attributes:
        first: Place of the one.
        second: Place of the other.
        context: What they share, with the point of attachment.
        before: The part of the first that is exchanged.
        after: What stands there in the second.
    """

    first: int
    second: int
    context: str
    before: str
    after: str


@dataclass(frozen=True)
class Exchange:
    """One exchange over all its pairs.

    Attributes:
        before: What is exchanged.
        after: For what.
        count: Pairs.
        mean: Mean change of the activity.
        deviation: Standard deviation of the change, or nothing for one pair.
        members: The places of each pair, the molecule before the exchange first.
    """

    before: str
    after: str
    count: int
    mean: float
    deviation: float | None
    members: tuple[tuple[int, int], ...] = ()


def fragments(mol: Mol) -> Iterator[tuple[str, str]]:
    """Every way to cut one acyclic single bond (as `rdMMPA` cuts): what stays, and what is exchanged.

    A hydrogen counts as an exchanged part as well: of each such cut, the molecule with the part taken off is the
    context of hydrogen.
    """
    from rdkit import Chem
    from rdkit.Chem import rdMMPA

    heavy = mol.GetNumHeavyAtoms()
    for core, chains in rdMMPA.FragmentMol(mol, maxCuts=1, resultsAsMols=False):
        if core:
            continue
        parts = chains.split(".")
        sizes = [Chem.MolFromSmiles(part).GetNumHeavyAtoms() for part in parts]  # the dummy counts as none
        for context, change, size in ((parts[0], parts[1], sizes[1]), (parts[1], parts[0], sizes[0])):
            if size <= LARGEST_CHANGE and size <= LARGEST_SHARE * heavy:
                yield context, change


def matched_pairs(mols: Sequence[Mol], smiles: Sequence[str]) -> list[Pair]:
    """All pairs that differ by one exchange; of several ways to see a pair, the smallest exchange.

    Args:
        mols: The molecules, each once.
        smiles: Their canonical SMILES.

    Returns:
        Pairs with ``first < second``, in their order.

    Source:
        J. Hussain, C. Rea, J. Chem. Inf. Model. 2010, 50, 339 (single cuts, and hydrogen).
    """
    from rdkit import Chem

    by_context: dict[str, dict[tuple[int, str], None]] = defaultdict(dict)
    place = {one: index for index, one in enumerate(smiles)}
    for index, mol in enumerate(mols):
        for context, change in fragments(mol):
            by_context[context][index, change] = None
    for context, members in by_context.items():
        whole = Chem.CanonSmiles(context.replace("[*:1]", "[H]"))
        if whole in place:
            members[place[whole], "[H][*:1]"] = None
    best: dict[tuple[int, int], Pair] = {}
    weight: dict[tuple[int, int], tuple[int, str]] = {}
    size = _Sizes()
    for context in sorted(by_context):
        members = sorted(by_context[context])
        for first, before in members:
            for second, after in members:
                if first < second and before != after:
                    rank = (size[before] + size[after], context)
                    if (first, second) not in weight or rank < weight[first, second]:
                        weight[first, second] = rank
                        best[first, second] = Pair(first, second, context, before, after)
    return [best[key] for key in sorted(best)]


def exchanges(pairs: Sequence[Pair], values: Sequence[float]) -> list[Exchange]:
    """What each exchange does to the activity, the most frequent first; each is read in the direction of the gain."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for pair in pairs:
        if pair.before <= pair.after:
            places[pair.before, pair.after].append((pair.first, pair.second))
        else:
            places[pair.after, pair.before].append((pair.second, pair.first))
    found = []
    for (before, after), members in places.items():
        given = [values[second] - values[first] for first, second in members]
        mean, deviation = statistics.fmean(given), statistics.stdev(given) if len(given) > 1 else None
        if mean < 0:
            before, after, mean = after, before, -mean
            members = [(second, first) for first, second in members]
        found.append(Exchange(before, after, len(given), mean, deviation, tuple(members)))
    return sorted(found, key=lambda one: (-one.count, -abs(one.mean), one.before, one.after))


class _Sizes(dict[str, int]):
    """Heavy atoms of exchanged parts, counted once each."""

    def __missing__(self, part: str) -> int:
        from rdkit import Chem

        self[part] = 0 if part.startswith("[H]") else Chem.MolFromSmiles(part).GetNumHeavyAtoms()
        return self[part]
