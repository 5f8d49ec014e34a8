"""Which molecules of a list are tautomers of each other: told, never merged.

Two forms of one substance have different descriptors and fingerprints, so neither is changed into the other; but a
list that holds both counts one substance twice, and its owner should know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdkit.Chem import Mol

MOST_CHECKED = 500
"""Molecules of a list that are brought to their canonical tautomer: only those that a quick hash brings together."""

_MOST_FORMS = 200


def tautomers(smiles: Sequence[str], mols: Sequence[Mol | None] = ()) -> list[tuple[int, ...]]:
    """Groups of tautomers among distinct molecules.

    Molecules that share a tautomer hash are compared by their canonical tautomer. Stereoisomers are no tautomers of
    each other, and beyond `MOST_CHECKED` candidates nothing more is compared.

    Args:
        smiles: Canonical SMILES, each once.
        mols: Their molecules where they are at hand, in the same order.

    Returns:
        Places of the members of each group, in their order; the groups by their first member.

    Source:
        Hashes: N. O'Boyle, R. Sayle, "Making a hash of it", NextMove Software 2019 (as in RDKit). Canonical form:
        RDKit's enumerator by the rules of M. Sitzmann et al., J. Comput. Aided Mol. Des. 2010, 24, 521.
    """
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        read = list(mols) or [Chem.MolFromSmiles(one) for one in smiles]
        groups: list[tuple[int, ...]] = []
        checked = 0
        for bucket in _alike(read):
            checked += len(bucket)
            if checked > MOST_CHECKED:
                break
            forms: dict[str, list[int]] = defaultdict(list)
            for place in bucket:
                forms[_canonical(read[place])].append(place)
            for form, members in forms.items():
                flat = {Chem.MolToSmiles(read[place], isomericSmiles=False) for place in members}
                if form and len(flat) > 1:
                    groups.append(tuple(members))
    return sorted(groups)


def told(smiles: Sequence[str], names: Sequence[str], mols: Sequence[Mol | None] = ()) -> tuple[str, ...]:
    """One sentence for each group of tautomers.

    Args:
        smiles: Canonical SMILES, each once.
        names: What the reader knows each by, such as ``row 4``.
        mols: As for `tautomers`.
    """
    return tuple(
        f"{' and '.join(names[place] for place in group)} are tautomers of each other "
        f"({', '.join(smiles[place] for place in group)}); they were kept apart"
        for group in tautomers(smiles, mols)
    )


def _alike(mols: Sequence[Mol | None]) -> list[list[int]]:
    """Places that one of two hashes brings together, directly or through others, if there are two or more."""
    from rdkit.Chem.rdMolHash import HashFunction, MolHash

    leader = list(range(len(mols)))

    def top(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for function in (HashFunction.HetAtomTautomer, HashFunction.HetAtomTautomerv2):
        seen: dict[str, int] = {}
        for place, mol in enumerate(mols):
            if mol is not None:
                first = seen.setdefault(MolHash(mol, function), place)
                leader[top(place)] = top(first)
    buckets: dict[int, list[int]] = defaultdict(list)
    for place in range(len(mols)):
        buckets[top(place)].append(place)
    return [bucket for _, bucket in sorted(buckets.items()) if len(bucket) > 1]


def _canonical(mol: Mol | None) -> str:
    from rdkit import Chem
    from rdkit.Chem.MolStandardize import rdMolStandardize

    engine = rdMolStandardize.TautomerEnumerator()
    engine.SetMaxTautomers(_MOST_FORMS)
    engine.SetMaxTransforms(_MOST_FORMS)
    try:
        return Chem.MolToSmiles(engine.Canonicalize(mol))
    except (RuntimeError, ValueError):
        return ""
