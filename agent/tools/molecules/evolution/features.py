"""What the surrogate sees of a molecule: circular and atom-pair fingerprints with counts, and a few descriptors.

A count fingerprint is written in unary (one bit for "at least k of this feature"), folded to a fixed length, so that
the Tanimoto coefficient of the bits is the min-max coefficient of the counts, and a matrix product computes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from rdkit.Chem import Mol

BITS = 2048
"""Length of a folded fingerprint (11 bits of a hash)."""

MOST = 12
"""The highest count that is told apart."""

FINGERPRINTS = 2
"""Kinds of fingerprint in `Features`: circular of radius 2, atom pairs up to six bonds."""

DESCRIBED = FINGERPRINTS
"""The descriptors' number among the kinds of feature."""

KINDS = (*range(FINGERPRINTS), DESCRIBED)
"""Kinds of feature: the fingerprints, then the descriptors."""

_ELEMENTS = ("N", "O", "F", "P", "S", "Cl", "Br")

DESCRIPTORS = len(_ELEMENTS) + 8
"""Descriptors of a molecule."""

_HEADER = 24
"""Bytes before the entries of a sparse fingerprint that RDKit writes: version, width, length, number of entries."""

_ENTRY = np.dtype([("code", "<u8"), ("count", "<i4")])
"""One entry: a feature's code and how often it is there."""

_FORMULA = re.compile(r"([A-Z][a-z]?)(\d*)")


@dataclass(frozen=True)
class Features:
    """The features of some molecules.

    Attributes:
        bits: Fingerprints, (`FINGERPRINTS`, molecules, `BITS`), 0 or 1, single precision.
        sizes: Bits set in each, (`FINGERPRINTS`, molecules).
        descriptors: (molecules, descriptors), in units of their usual spread.
    """

    bits: np.ndarray
    sizes: np.ndarray
    descriptors: np.ndarray

    def __len__(self) -> int:
        """The number of molecules."""
        return len(self.descriptors)

    def __getitem__(self, rows: Any) -> Features:
        """Those of some molecules (an index array or slice)."""
        return Features(self.bits[:, rows], self.sizes[:, rows], self.descriptors[rows])

    def shared(self, others: Features, kind: int) -> np.ndarray:
        """How many bits of a fingerprint each molecule shares with each of others, (molecules, others)."""
        return self.bits[kind] @ others.bits[kind].T


def packed(row: Features) -> tuple[np.ndarray, np.ndarray]:
    """The features of one molecule in little memory, for `unpacked`."""
    return np.packbits(row.bits[:, 0] > 0, axis=1), row.descriptors[0]


def unpacked(rows: Sequence[tuple[np.ndarray, np.ndarray]]) -> Features:
    """The features of molecules from what `packed` made of each."""
    bits = np.unpackbits(np.stack([bits for bits, _ in rows], axis=1), axis=2).astype(np.float32)
    return Features(bits, bits.sum(axis=2), np.stack([descriptors for _, descriptors in rows]))


@dataclass(frozen=True)
class Library(Features):
    """The features of molecules in fixed places: ``bits`` is (`FINGERPRINTS`, `BITS`, molecules), of bytes.

    Laid out by feature, so that what a few others share with them is found among the features of those few alone.
    """

    def __getitem__(self, rows: Any) -> Features:
        """Those of some molecules (an index array or slice)."""
        bits = self.bits[:, :, rows].swapaxes(1, 2).astype(np.float32, order="C")
        return Features(bits, self.sizes[:, rows], self.descriptors[rows])

    def first(self, count: int) -> Library:
        """The first so many places, not copied."""
        return Library(self.bits[:, :, :count], self.sizes[:, :count], self.descriptors[:count])

    def fill(self, rows: slice, points: Features) -> None:
        """Write the features of molecules into places that are still blank."""
        for kind in range(FINGERPRINTS):
            used = np.flatnonzero(points.bits[kind].any(axis=0))
            self.bits[kind, used, rows] = points.bits[kind][:, used].T
        self.sizes[:, rows] = points.sizes
        self.descriptors[rows] = points.descriptors

    def write(self, rows: Any, points: Features) -> None:
        """Write the features of molecules into places (an index array or slice)."""
        self.bits[:, :, rows] = points.bits.swapaxes(1, 2)
        self.sizes[:, rows] = points.sizes
        self.descriptors[rows] = points.descriptors

    def shared(self, others: Features, kind: int) -> np.ndarray:
        """How many bits of a fingerprint each molecule shares with each of others, (molecules, others)."""
        used = np.flatnonzero(others.bits[kind].any(axis=0))
        return (others.bits[kind][:, used] @ self.bits[kind][used].astype(np.float32)).T

    @classmethod
    def blank(cls, like: Features, count: int) -> Library:
        """Room for so many molecules, all zero, with features as wide as those of others."""
        return cls(
            np.zeros((FINGERPRINTS, like.bits.shape[2], count), dtype=np.uint8),
            np.zeros((FINGERPRINTS, count), dtype=np.float32),
            np.zeros((count, like.descriptors.shape[1])),
        )


def features(mols: Sequence[Mol], kinds: Sequence[int] = KINDS) -> Features:
    """Compute the features of molecules.

    Args:
        mols: Sanitised molecules.
        kinds: What is computed, of `KINDS`; the rest stays zero.
    """
    bits = np.zeros((FINGERPRINTS, len(mols), BITS), dtype=np.float32)
    for kind in range(FINGERPRINTS):
        if kind in kinds:
            generator = _generators()[kind]
            rows, places = _unary([generator.GetSparseCountFingerprint(mol).ToBinary() for mol in mols])
            bits[kind, rows, places] = 1
    table = np.zeros((len(mols), DESCRIPTORS))
    if DESCRIBED in kinds:
        table[:] = [_descriptors(mol) for mol in mols]
    return Features(bits, bits.sum(axis=2), table)


def completed(points: Features, mols: Sequence[Mol], kinds: Sequence[int]) -> Features:
    """Features with what was left out of them.

    Args:
        points: Features of the molecules of some kinds.
        mols: The molecules.
        kinds: The kinds that are there.
    """
    missing = [kind for kind in KINDS if kind not in kinds]
    if not missing:
        return points
    more = features(mols, missing)
    return Features(points.bits + more.bits, points.sizes + more.sizes, points.descriptors + more.descriptors)


def _unary(found: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
    """The bits of count fingerprints: one for every count up to a feature's own, folded.

    Args:
        found: The sparse fingerprint of each molecule, as RDKit writes it: `_HEADER`, then `_ENTRY` by `_ENTRY`.

    Returns:
        The molecule and the place of every bit that is set.
    """
    lengths = [(len(written) - _HEADER) // _ENTRY.itemsize for written in found]
    entries = np.frombuffer(b"".join(written[_HEADER:] for written in found), dtype=_ENTRY)
    codes, numbers = entries["code"], np.minimum(entries["count"].astype(np.int64), MOST)
    ends = np.cumsum(numbers)
    levels = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - numbers, numbers)
    mixed = np.repeat(codes, numbers) * np.uint64(0x9E3779B97F4A7C15) + levels.astype(np.uint64) * np.uint64(0xD6E8FEB8)
    places = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(53)
    return np.repeat(np.repeat(np.arange(len(found)), lengths), numbers), places.astype(np.int64)


@cache
def _generators() -> tuple[Any, ...]:
    from rdkit.Chem import rdFingerprintGenerator as generators

    return generators.GetMorganGenerator(radius=2), generators.GetAtomPairGenerator(maxDistance=6)


def _descriptors(mol: Mol) -> list[float]:
    from rdkit.Chem import rdMolDescriptors

    counts = {name: int(number or 1) for name, number in _FORMULA.findall(rdMolDescriptors.CalcMolFormula(mol))}
    return [
        rdMolDescriptors.CalcTPSA(mol) / 20.0,
        mol.GetNumAtoms() / 4.0,
        counts.get("H", 0) / 4.0,
        counts.get("C", 0) / 3.0,
        *(counts.get(name, 0) for name in _ELEMENTS),
        mol.GetRingInfo().NumRings(),
        rdMolDescriptors.CalcNumAromaticRings(mol),
        rdMolDescriptors.CalcNumLipinskiHBD(mol),
        rdMolDescriptors.CalcFractionCSP3(mol) * 5.0,
    ]
