"""What atoms usually look like: the environments of a collection, which offspring are to keep to mostly.

An environment is an atom with its neighbours (a circular feature of radius 1). Offspring made of environments that the
start molecules have stay within ordinary chemistry; a share of the others is let through, and what proves itself
becomes usual.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rdkit.Chem import Mol


class Environments:
    """The environments that count as usual.

    Args:
        mols: Molecules whose environments are usual from the start.
    """

    def __init__(self, mols: Iterable[Mol] = ()) -> None:
        self.usual: set[int] = set()
        for mol in mols:
            self.learn(mol)

    def learn(self, mol: Mol) -> None:
        """Take a molecule's environments as usual from now on."""
        self.usual.update(_codes(mol))

    def usual_only(self, mol: Mol) -> bool:
        """Whether a molecule has no other environments."""
        return self.usual.issuperset(_codes(mol))


def _codes(mol: Mol) -> dict[int, int]:
    """How often each environment is there, by its code."""
    return _generator().GetSparseCountFingerprint(mol).GetNonzeroElements()


@cache
def _generator() -> Any:
    from rdkit.Chem import rdFingerprintGenerator as generators

    return generators.GetMorganGenerator(radius=1)
