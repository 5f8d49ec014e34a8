"""ADMET estimates as a source of constrained and pushed quantities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdkit.Chem import Mol


class AdmetEstimates:
    """The pretrained networks' estimates of some endpoints.

    Args:
        keys: Endpoints by vocabulary key.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)

    def ordinary(self, key: str, sample: Sequence[Mol]) -> list[float]:
        """The estimates for ordinary molecules."""
        return [row[key] for row in self(sample) if key in row]

    def __call__(self, mols: Sequence[Mol]) -> list[dict[str, float]]:
        """The estimates for each molecule; an impossible one is left out."""
        from agent.tools.molecules.admet_model import estimate

        found = estimate(list(mols), list(self.keys), report=lambda _: None)
        return [{key: each.value for key, each in row.items()} for row in found]
