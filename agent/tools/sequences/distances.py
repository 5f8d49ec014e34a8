"""Evolutionary distances between sequences, groups below a threshold, and the neighbour-joining tree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agent.tools.sequences.alignment import align
from agent.tools.sequences.text import SequenceType

_PURINES = frozenset("AG")


@dataclass(frozen=True)
class Compared:
    """Columns that two sequences share, and how many of them differ by transition and by transversion (proteins: all
    differences count as transversions)."""

    columns: int
    transitions: int
    transversions: int

    @property
    def share(self) -> float:
        """Share of the columns that differ."""
        return (self.transitions + self.transversions) / self.columns if self.columns else math.nan


def compare(a: str, b: str, kind: SequenceType, *, aligned: bool) -> Compared:
    """Compare two sequences column by column, gaps and ambiguous letters left out.

    Args:
        a: Upper-case letters.
        b: The same.
        kind: Of both.
        aligned: Whether their columns correspond; else they are aligned globally first.
    """
    if not aligned and (found := align(a, b, kind, "global")) is not None:
        a, b = found.a, found.b
    letters = "ACGT" if kind != "protein" else "ACDEFGHIKLMNPQRSTVWY"
    pairs = [(x, y) for x, y in zip(a, b, strict=False) if x in letters and y in letters]
    differing = [(x, y) for x, y in pairs if x != y]
    same_class = sum((x in _PURINES) == (y in _PURINES) for x, y in differing) if kind != "protein" else 0
    return Compared(len(pairs), same_class, len(differing) - same_class)


def distance(found: Compared, model: str) -> float | None:
    """Substitutions per site; ``None`` where the sequences are too far apart for the model, or share no column.

    Args:
        found: What was compared.
        model: ``p`` (share of differing sites), ``JC69`` (Jukes and Cantor 1969), ``K2P`` (Kimura, J. Mol. Evol. 16
            (1980) 111) or ``Poisson`` (proteins).
    """
    if not found.columns:
        return None
    share, p = found.share, found.transitions / found.columns
    q = found.transversions / found.columns
    if model == "p":
        return share
    terms = {
        "JC69": (1 - 4 / 3 * share, 1.0, -3 / 4, 0.0),
        "Poisson": (1 - share, 1.0, -1.0, 0.0),
        "K2P": (1 - 2 * p - q, 1 - 2 * q, -1 / 2, -1 / 4),
    }
    first, second, a, b = terms[model]
    if first <= 0 or second <= 0:
        return None
    return abs(a * math.log(first) + b * math.log(second))


def groups(matrix: Sequence[Sequence[float | None]], threshold: float) -> list[list[int]]:
    """Indices in groups: who is nearer to another than the threshold shares its group (single linkage)."""
    group = list(range(len(matrix)))
    for i, row in enumerate(matrix):
        for j, value in enumerate(row[:i]):
            if value is not None and value < threshold and group[i] != group[j]:
                old, new = sorted((group[i], group[j]))[::-1]
                group = [new if one == old else one for one in group]
    return [[i for i, one in enumerate(group) if one == label] for label in dict.fromkeys(group)]


def newick(names: Sequence[str], matrix: Sequence[Sequence[float]]) -> str:
    """The neighbour-joining tree (Saitou and Nei, Mol. Biol. Evol. 4 (1987) 406) in Newick format, by Biopython."""
    from io import StringIO

    from Bio import Phylo
    from Bio.Phylo.TreeConstruction import DistanceMatrix, DistanceTreeConstructor

    lower = [[float(value) for value in row[: i + 1]] for i, row in enumerate(matrix)]
    tree = DistanceTreeConstructor().nj(DistanceMatrix(list(names), lower))
    for clade in tree.get_nonterminals():
        clade.name = None
    out = StringIO()
    Phylo.write(tree, out, "newick")
    return out.getvalue().strip()
