"""Combinations of groups that nobody has made: what the additive model of a series leads to expect of them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.tools.molecules.activity.contributions import HYDROGEN
from agent.tools.molecules.structures import quiet_rdkit

MOST_COMBINATIONS = 20_000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Untested:
    """One combination of groups that the table does not hold.

    Attributes:
        smiles: The molecule.
        groups: The group at each position.
        predicted: Its activity by the additive model.
        low: Lower end of the 95 % interval of a measurement of it.
        high: Upper end.
        best: Place (among the rows) of the molecule with the highest activity by the same model.
        gain: Predicted difference to that molecule.
        gain_error: Standard error of that difference.
        like: Fewest positions in which it differs from a molecule of the table.
    """

    smiles: str
    groups: dict[str, str]
    predicted: float
    low: float
    high: float
    best: int
    gain: float
    gain_error: float
    like: int


def untested(
    rows: Sequence[Mapping[str, str]], values: Sequence[float], known: set[str], most: int = 5
) -> list[Untested]:
    """The untested combinations of groups with the highest predicted activity.

    A group that one molecule alone carries rests on one measurement, and the interval says so. Nothing is predicted
    where the model cannot tell all groups apart.

    Args:
        rows: R-groups of each molecule, with its ``Core``.
        values: Their activities, in decades.
        known: Canonical SMILES of the molecules of the table.
        most: How many are told.

    Returns:
        The highest predicted first. None where there are fewer than three molecules more than parameters, or no group
        varies at two positions.

    Source:
        S. M. Free, J. W. Wilson, J. Med. Chem. 1964, 7, 395. Interval: ordinary least squares, t distribution.
    """
    from scipy import stats

    positions = sorted({key for row in rows for key in row if key != "Core"}, key=lambda key: int(key[1:]))
    cores = Counter(row["Core"] for row in rows if row.get("Core"))
    if len(positions) < 2 or not cores:
        return []
    table = [{key: row.get(key) or HYDROGEN for key in positions} for row in rows]
    groups = {key: Counter(row[key] for row in table) for key in positions}
    columns = [(key, one) for key in positions for one in sorted(groups[key])[1:]]
    freedom = len(rows) - len(columns) - 1
    if not columns or freedom < 3:
        return []

    def coded(row: Mapping[str, str]) -> np.ndarray:
        return np.array([1.0, *(float(row[key] == one) for key, one in columns)])

    design = np.array([coded(row) for row in table])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return []  # groups that always come together: their combinations cannot be told
    inverse = np.linalg.inv(design.T @ design)
    fitted = inverse @ design.T @ np.asarray(values, dtype=float)
    residual = np.asarray(values, dtype=float) - design @ fitted
    scatter = float((residual**2).sum()) / freedom
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom))
    best = int(np.argmax(design @ fitted))
    choices = [sorted(groups[key]) for key in positions]
    made = {tuple(row[key] for key in positions) for row in table}
    found: list[tuple[float, tuple[str, ...]]] = []
    for combination in itertools.islice(itertools.product(*choices), MOST_COMBINATIONS):
        if combination not in made:
            row = dict(zip(positions, combination, strict=True))
            found.append((float(coded(row) @ fitted), combination))
    told: list[Untested] = []
    for predicted, combination in sorted(found, key=lambda pair: (-pair[0], pair[1])):
        row = dict(zip(positions, combination, strict=True))
        smiles = _joined(cores.most_common(1)[0][0], row)
        if smiles is None or smiles in known:
            continue
        coding = coded(row)
        half = reach * float(np.sqrt(scatter * (1 + coding @ inverse @ coding)))
        apart = coding - design[best]
        told.append(
            Untested(
                smiles=smiles,
                groups=row,
                predicted=predicted,
                low=predicted - half,
                high=predicted + half,
                best=best,
                gain=float(apart @ fitted),
                gain_error=float(np.sqrt(scatter * (apart @ inverse @ apart))),
                like=min(sum(row[key] != other[key] for key in positions) for other in table),
            )
        )
        if len(told) == most:
            break
    return told


def _joined(core: str, groups: Mapping[str, str]) -> str | None:
    """The molecule of a core and its groups; ``None`` where they do not fit (a group that bridges two positions)."""
    from rdkit import Chem

    quiet_rdkit()
    parts = [Chem.MolFromSmiles(core)]
    for position, group in groups.items():
        number = position[1:]
        text = f"[H][*:{number}]" if group == HYDROGEN else group
        if text.count("[*:") != 1 or "." in text:
            return None
        parts.append(Chem.MolFromSmiles(text))
    if any(part is None for part in parts):
        return None
    whole = parts[0]
    for part in parts[1:]:
        whole = Chem.CombineMols(whole, part)
    try:
        joined = Chem.RemoveHs(Chem.molzip(whole))
        if any(atom.GetAtomicNum() == 0 for atom in joined.GetAtoms()) or "." in Chem.MolToSmiles(joined):
            return None
        return Chem.MolToSmiles(joined)
    except (Chem.MolSanitizeException, ValueError, RuntimeError):
        return None
