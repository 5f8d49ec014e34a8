"""What learners see of structures: tables of features and kernels, from the training rows to any others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from agent.tools.surrogates import compositions, molecules
from agent.tools.surrogates.learners import (
    Learner,
    Loss,
    boosted_trees,
    extra_trees,
    gaussian_process,
    support_vectors,
)

Kind = Literal["molecule", "composition"]

_CLIPPED = 4.0
"""Standardised features further from the mean than this are cut off in kernels."""


@dataclass(frozen=True)
class Seen:
    """Some structures as learners see them: by view, tables (n, d) and kernels to the training rows (n, training)."""

    tables: dict[str, np.ndarray]
    kernels: dict[str, np.ndarray]


class MoleculeViews:
    """Views of molecules.

    Args:
        smiles: The training molecules.
    """

    domain = "fingerprints"
    """The kernel that measures likeness."""

    def __init__(self, smiles: Sequence[str]) -> None:
        self._bits, self._raw = self._features(smiles)
        self._scale = _Scale(self._raw)
        self._points = self._scale(self._raw)
        self._reach = _typical(self._points, "sqeuclidean")

    def training(self) -> Seen:
        """The training molecules as the learners see them."""
        return self._seen(self._bits, self._raw)

    def see(self, smiles: Sequence[str]) -> Seen:
        """Molecules as the learners see them."""
        return self._seen(*self._features(smiles))

    def _seen(self, bits: dict[str, Any], raw: np.ndarray) -> Seen:
        from scipy.spatial.distance import cdist

        points = self._scale(raw)
        alike = np.mean([molecules.minmax(bits[one], self._bits[one]) for one in molecules.FAMILIES], axis=0)
        smooth = np.exp(-cdist(points, self._points, "sqeuclidean") / self._reach)
        counts = molecules.folded_counts(bits["circular 2"])
        return Seen(
            {"counts and descriptors": np.hstack([counts, raw]).astype(np.float32), "descriptors": raw},
            {
                "fingerprints": alike,
                "fingerprints, local": np.exp(-2 * (1 - alike)),
                "fingerprints and descriptors": (alike + 0.3 * smooth) / 1.3,
            },
        )

    @staticmethod
    def _features(smiles: Sequence[str]) -> tuple[dict[str, Any], np.ndarray]:
        mols = [molecules.read_molecule(one) for one in smiles]
        return molecules.fingerprints(mols), molecules.descriptors(mols)

    @staticmethod
    def learners(seed: int, loss: Loss) -> tuple[Learner, ...]:
        """What a stack on these views is put together from; the first is the Gaussian process that tells doubt."""
        return (
            gaussian_process("Gaussian process, fingerprints and descriptors", "fingerprints and descriptors"),
            gaussian_process("Gaussian process, fingerprints (local)", "fingerprints, local"),
            support_vectors("support vectors, fingerprints", "fingerprints"),
            support_vectors("support vectors, fingerprints (local)", "fingerprints, local"),
            support_vectors("support vectors, fingerprints and descriptors", "fingerprints and descriptors"),
            extra_trees("extra trees, counts and descriptors", "counts and descriptors", seed, loss, share=0.1),
            boosted_trees("boosted trees, counts and descriptors", "counts and descriptors", seed),
        )

    @staticmethod
    def named() -> tuple[str, list[str]]:
        """The table whose columns mean something to a chemist, and their names."""
        return "descriptors", molecules.descriptor_names()


class CompositionViews:
    """Views of compositions.

    Args:
        formulas: The training compositions.
    """

    domain = "composition"
    """The kernel that measures likeness."""

    def __init__(self, formulas: Sequence[str]) -> None:
        self._fractions, self._raw = self._features(formulas)
        self._scale = _Scale(self._raw)
        self._parts = self._spaces(self._fractions, self._raw)
        self._reach = [_typical(part, metric) for part, metric in zip(self._parts, self._METRICS, strict=True)]

    _METRICS: tuple[Literal["cityblock", "sqeuclidean"], ...] = ("cityblock", "sqeuclidean", "cityblock")

    def training(self) -> Seen:
        """The training compositions as the learners see them."""
        return self._seen(self._fractions, self._raw)

    def see(self, formulas: Sequence[str]) -> Seen:
        """Compositions as the learners see them."""
        return self._seen(*self._features(formulas))

    def _seen(self, fractions: np.ndarray, raw: np.ndarray) -> Seen:
        from scipy.spatial.distance import cdist

        apart = [
            cdist(here, there, metric) / reach
            for here, there, metric, reach in zip(
                self._spaces(fractions, raw), self._parts, self._METRICS, self._reach, strict=True
            )
        ]
        near = 0.5 * apart[0] + 0.25 * apart[1] + 0.25 * apart[2]
        return Seen(
            {"properties and fractions": np.hstack([raw, fractions]), "fractions": fractions},
            {"composition": np.exp(-2 * near), "composition, wide": np.exp(-near)},
        )

    def _spaces(self, fractions: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, ...]:
        """Standardised properties, roots of the fractions (Hellinger's distance), and the Mendeleev profile."""
        return self._scale(raw), np.sqrt(fractions), compositions.mendeleev_profile(fractions)

    @staticmethod
    def _features(formulas: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        parts = [compositions.read_composition(one) for one in formulas]
        return compositions.fraction_features(parts), compositions.property_features(parts)

    @staticmethod
    def learners(seed: int, loss: Loss) -> tuple[Learner, ...]:
        """What a stack on these views is put together from; the first is the Gaussian process that tells doubt."""
        return (
            gaussian_process("Gaussian process, composition", "composition"),
            support_vectors("support vectors, composition", "composition", cost=8.0, width=0.03),
            support_vectors("support vectors, composition (wide)", "composition, wide", cost=8.0, width=0.03),
            extra_trees("extra trees, properties and fractions", "properties and fractions", seed, loss),
            extra_trees("extra trees, fractions", "fractions", seed, loss),
            boosted_trees("boosted trees, properties and fractions", "properties and fractions", seed),
        )

    @staticmethod
    def named() -> tuple[str, list[str]]:
        """The table whose columns mean something to a materials scientist, and their names."""
        from agent.tools.surrogates.elements import HEAVIEST

        elements = [f"fraction of {compositions.symbol(number)}" for number in range(1, HEAVIEST + 1)]
        return "properties and fractions", [*compositions.feature_names(), *elements]


Views = MoleculeViews | CompositionViews

VIEWS: dict[str, type[MoleculeViews] | type[CompositionViews]] = {
    "molecule": MoleculeViews,
    "composition": CompositionViews,
}

CANONICAL: dict[str, Callable[[str], str]] = {
    "molecule": molecules.canonical_smiles,
    "composition": compositions.canonical_formula,
}
"""One spelling for all spellings of a structure, by kind."""


class _Scale:
    """Standardises features by the training rows; constant ones are dropped, far ones cut off."""

    def __init__(self, table: np.ndarray) -> None:
        self._mean, spread = table.mean(axis=0), table.std(axis=0)
        self._kept = spread > 1e-9 * (1 + np.abs(self._mean))
        self._spread = spread[self._kept]

    def __call__(self, table: np.ndarray) -> np.ndarray:
        """Features of the same columns, standardised."""
        return np.clip((table[:, self._kept] - self._mean[self._kept]) / self._spread, -_CLIPPED, _CLIPPED)


def _typical(points: np.ndarray, metric: Literal["cityblock", "sqeuclidean"]) -> float:
    """The median distance among at most 500 rows, evenly chosen."""
    from scipy.spatial.distance import pdist

    some = points[:: -(-len(points) // 500)]
    found = float(np.median(pdist(some, metric))) if len(some) > 1 and some.shape[1] else 0.0
    return found or 1.0
