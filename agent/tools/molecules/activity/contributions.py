"""What each group on a common core adds to the activity: an additive model, and its picture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np

HYDROGEN = "H"
LEAST_COUNT = 2
"""A group that fewer molecules carry is fitted, but not told: one measurement would be its own proof."""

_ROW, _LEFT, _WIDTH, _TOP = 18, 250, 620, 40
_GAIN, _LOSS = "#1b7837", "#b2182b"


@dataclass(frozen=True)
class Contribution:
    """One group at one position.

    Attributes:
        position: ``R1``, ``R2``, ...
        group: The group as SMILES with its point of attachment, or ``H``.
        count: Molecules that carry it there.
        change: What it adds to the activity, against the position's reference group.
        error: Standard error of that change; nothing where the series cannot tell it.
        against: That reference: hydrogen where two or more molecules have it there, else the most frequent group.
    """

    position: str
    group: str
    count: int
    change: float
    error: float | None
    against: str


def contributions(
    rows: Sequence[Mapping[str, str]], values: Sequence[float]
) -> tuple[list[Contribution], float | None]:
    """Additive contributions of the groups, by least squares.

    Args:
        rows: R-groups of each molecule (``R1`` and so on; a missing one is hydrogen).
        values: Their activities, in decades.

    Returns:
        The contributions of groups that two or more molecules carry, by position and then the largest gain first; and
        the share of variance that the additive model explains, adjusted for the number of groups. Nothing, if there
        are not at least three more molecules than parameters.

    Source:
        S. M. Free, J. W. Wilson, J. Med. Chem. 1964, 7, 395; with a reference group at each position as in T. Fujita,
        T. Ban, J. Med. Chem. 1971, 14, 148.
    """
    positions = sorted({key for row in rows for key in row if key != "Core"}, key=lambda key: int(key[1:]))
    groups = {key: Counter(row.get(key) or HYDROGEN for row in rows) for key in positions}
    usual = {key: _reference(count) for key, count in groups.items()}
    columns = [(key, one) for key in positions for one in sorted(groups[key]) if one != usual[key]]
    freedom = len(rows) - len(columns) - 1
    if not columns or freedom < 3:
        return [], None
    design = np.ones((len(rows), len(columns) + 1))
    for place, (key, one) in enumerate(columns, start=1):
        design[:, place] = [(row.get(key) or HYDROGEN) == one for row in rows]
    measured = np.asarray(values, dtype=float)
    # Groups that always come together cannot be told apart: the shortest solution shares their effect, without error.
    fitted, _, rank, _ = np.linalg.lstsq(design, measured, rcond=None)
    residual = float(((measured - design @ fitted) ** 2).sum())
    total = float(((measured - measured.mean()) ** 2).sum())
    explained = 1 - (residual / freedom) / (total / (len(rows) - 1)) if total > 0 else None
    errors = np.full(len(columns) + 1, np.nan)
    if rank == design.shape[1]:
        errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * residual / freedom)
    found = [
        Contribution(
            key,
            one,
            groups[key][one],
            float(fitted[place]),
            None if np.isnan(errors[place]) else float(errors[place]),
            usual[key],
        )
        for place, (key, one) in enumerate(columns, start=1)
        if groups[key][one] >= LEAST_COUNT
    ]
    return sorted(found, key=lambda one: (int(one.position[1:]), -one.change, one.group)), explained


def _reference(count: Counter[str]) -> str:
    return HYDROGEN if count[HYDROGEN] >= LEAST_COUNT else min(count, key=lambda one: (-count[one], one))


def draw_contributions(found: Sequence[Contribution], quantity: str) -> str:
    """The contributions as bars with their standard errors, position by position, as SVG."""
    lines: list[tuple[str, Contribution | None]] = []
    for one in found:
        if not lines or lines[-1][1] is None or lines[-1][1].position != one.position:
            lines.append((f"{one.position}: against {shown(one.against)}", None))
        lines.append((f"{shown(one.group)}  ({one.count})", one))
    reach = max(abs(one.change) + (one.error or 0.0) for one in found) or 1.0
    middle, scale = (_LEFT + _WIDTH) / 2, (_WIDTH - _LEFT - 90) / 2 / reach
    height = _TOP + _ROW * len(lines) + 10
    parts = [
        f"<text x='10' y='18' font-weight='bold'>What each group adds to {escape(quantity)} "
        "(number of molecules; bars: standard error)</text>",
        f"<path d='M{middle:g} {_TOP - 12}V{height - 6}' stroke='#999'/>",
    ]
    for place, (label, one) in enumerate(lines):
        y = _TOP + _ROW * place
        if one is None:
            parts.append(f"<text x='10' y='{y + 4}' font-weight='bold'>{escape(label)}</text>")
            continue
        length = one.change * scale
        colour = _GAIN if one.change >= 0 else _LOSS
        parts.append(f"<text x='{_LEFT - 8}' y='{y + 4}' text-anchor='end'>{escape(label)}</text>")
        parts.append(
            f"<rect x='{min(middle, middle + length):.1f}' y='{y - 6}' width='{abs(length):.1f}' height='12' "
            f"fill='{colour}' fill-opacity='0.75'/>"
        )
        if one.error is not None:
            ends = (middle + length - one.error * scale, middle + length + one.error * scale)
            parts.append(f"<path d='M{ends[0]:.1f} {y}H{ends[1]:.1f}' stroke='#333'/>")
        parts.append(f"<text x='{_WIDTH - 8}' y='{y + 4}' text-anchor='end'>{one.change:+.2f}</text>")
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' version='1.1' width='{_WIDTH}' height='{height}' "
        f"viewBox='0 0 {_WIDTH} {height}' font-family='sans-serif' font-size='11' role='img'>"
        f"<title>Contributions of groups to {escape(quantity)}</title>{''.join(parts)}</svg>\n"
    )


def shown(group: str) -> str:
    """A group as short text: its SMILES from the point of attachment on, a dash standing for that."""
    if group == HYDROGEN or group.startswith("[H]"):
        return HYDROGEN
    from rdkit import Chem

    mol = Chem.MolFromSmiles(group) if group.count("[*") == 1 else None
    text = group
    if mol is not None:
        (point,) = (atom.GetIdx() for atom in mol.GetAtoms() if atom.GetAtomicNum() == 0)
        text = "-" + re.sub(r"^\[\*:\d+\]", "", Chem.MolToSmiles(mol, rootedAtAtom=point)).removeprefix("-")
    return text if len(text) <= 32 else text[:29] + "..."
