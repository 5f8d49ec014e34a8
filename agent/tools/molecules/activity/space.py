"""A map of chemical space: each molecule a point, alike molecules near each other, coloured by activity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

if TYPE_CHECKING:
    from rdkit.Chem import Mol

LEAST = 8
"""Fewest molecules that are worth a map."""

MOST = 2000
"""Most that are drawn; of more, every so manyth by activity."""

WIDTH, HEIGHT, MARGIN = 560, 420, 30
_COLOURS = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
"""From low to high activity: distinguishable by lightness alone."""


def coordinates(mols: Sequence[Mol], seed: int = 0) -> np.ndarray:
    """A place in the plane for each molecule: t-SNE on Tanimoto distances (Morgan radius 2).

    Args:
        mols: At least `LEAST` molecules.
        seed: Of the random start.

    Returns:
        Coordinates, shape ``(molecules, 2)``; only nearness means something, the axes do not.

    Source:
        L. van der Maaten, G. Hinton, J. Mach. Learn. Res. 2008, 9, 2579 (scikit-learn).
    """
    from rdkit.Chem import rdFingerprintGenerator
    from rdkit.DataStructs import BulkTanimotoSimilarity
    from sklearn.manifold import TSNE

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    bits = [generator.GetFingerprint(mol) for mol in mols]
    distances = 1 - np.array([BulkTanimotoSimilarity(one, bits) for one in bits])
    np.fill_diagonal(distances, 0.0)
    perplexity = min(30.0, (len(mols) - 1) / 3)
    engine = TSNE(metric="precomputed", init="random", perplexity=perplexity, random_state=seed, n_jobs=1)
    return np.asarray(engine.fit_transform(distances), dtype=float)


def draw_map(points: np.ndarray, values: Sequence[float], names: Sequence[str], quantity: str) -> str:
    """The map as SVG: circles with the molecule's name and value as their title, and a scale of colours."""
    activity = np.asarray(values, dtype=float)
    low, high = float(activity.min()), float(activity.max())
    spread = np.ptp(points, axis=0)
    scaled = (points - points.min(axis=0)) / np.where(spread > 0, spread, 1.0)
    parts = []
    for place in np.argsort(activity, kind="stable"):  # the most active are drawn on top
        x = MARGIN + scaled[place, 0] * (WIDTH - 2 * MARGIN)
        y = MARGIN + (1 - scaled[place, 1]) * (HEIGHT - 2 * MARGIN)
        share = (float(activity[place]) - low) / (high - low) if high > low else 0.5
        told = escape(f"{names[place]}: {activity[place]:.3g}")
        parts.append(
            f"<circle cx='{x:.1f}' cy='{y:.1f}' r='5' fill='{_colour(share)}' stroke='#333' stroke-width='0.5'>"
            f"<title>{told}</title></circle>"
        )
    scale = "".join(
        f"<rect x='{MARGIN + 20 * step}' y='{HEIGHT + 4}' width='20' height='10' fill='{_colour(step / 9)}'/>"
        for step in range(10)
    )
    ends = (
        f"<text x='{MARGIN - 4}' y='{HEIGHT + 13}' text-anchor='end'>{low:.3g}</text>"
        f"<text x='{MARGIN + 206}' y='{HEIGHT + 13}'>{high:.3g} {escape(quantity)}</text>"
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' version='1.1' width='{WIDTH}' height='{HEIGHT + 24}' "
        f"viewBox='0 0 {WIDTH} {HEIGHT + 24}' font-family='sans-serif' font-size='11' role='img'>"
        f"<title>Map of {len(values)} molecules by {escape(quantity)}</title>"
        f"<rect x='0.5' y='0.5' width='{WIDTH - 1}' height='{HEIGHT - 1}' fill='none' stroke='#999'/>"
        f"{''.join(parts)}{scale}{ends}</svg>\n"
    )


def _colour(share: float) -> str:
    place = min(max(share, 0.0), 1.0) * (len(_COLOURS) - 1)
    lower = min(int(place), len(_COLOURS) - 2)
    part = place - lower
    mixed = (round(a + (b - a) * part) for a, b in zip(_COLOURS[lower], _COLOURS[lower + 1], strict=True))
    return "#" + "".join(f"{one:02x}" for one in mixed)
