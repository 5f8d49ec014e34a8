"""Measured powder patterns: reading a file, taking the background away, finding peaks. No crystallography here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.errors import RepairableToolError

Array = NDArray[np.float64]

MIN_POINTS = 200
"""A pattern with fewer points than this cannot show the shape of a peak over a useful range."""

_SEPARATORS = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Pattern:
    """A measured pattern on an even grid, with its background taken away.

    Attributes:
        two_theta: Diffraction angle in degrees, evenly spaced, shape (n,).
        raw: Intensity as measured, in the file's own scale, shape (n,).
        background: Estimated background in the same scale, shape (n,).
        noise: Standard deviation of one point in the same scale, shape (n,).
        fwhm: Typical full width at half maximum of the peaks at low angle, in degrees; it grows as 1 / cos θ.
        peaks: Positions of the peaks, in degrees, strongest first.
        heights: Their heights above the background.
    """

    two_theta: Array
    raw: Array
    background: Array
    noise: Array
    fwhm: float
    peaks: Array
    heights: Array

    @property
    def net(self) -> Array:
        """Intensity above the background, shape (n,)."""
        return self.raw - self.background

    @property
    def step(self) -> float:
        """Distance between points, in degrees."""
        return float(self.two_theta[1] - self.two_theta[0])


def read_pattern(path: str) -> tuple[Array, Array]:
    """Read a pattern from a text file of columns: angle, intensity, and anything after that.

    Columns are separated by blanks, tabs, commas or semicolons. Lines that do not start with two numbers (headers,
    comments) are passed over.

    Args:
        path: The file (``.xy``, ``.csv``, ``.dat``, ``.txt``).

    Returns:
        Angles in degrees, ascending and distinct, and intensities; both of shape (n,).

    Raises:
        RepairableToolError: The file is missing, is not text, or holds no usable pattern.
    """
    try:
        text = Path(path).expanduser().read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RepairableToolError(
            f"The pattern '{path}' cannot be read ({error.strerror or error}).",
            remedy="Give the path of a text file with two columns: angle in degrees, intensity.",
        ) from error
    except UnicodeDecodeError as error:
        raise RepairableToolError(
            f"The pattern '{path}' is not a text file.",
            remedy="Export the measurement as two columns of text: angle in degrees, intensity.",
        ) from error
    rows = [row for line in text.splitlines() if (row := _two_numbers(line)) is not None]
    if len(rows) < MIN_POINTS:
        raise RepairableToolError(
            f"The pattern '{path}' has {len(rows)} lines with two numbers; {MIN_POINTS} are needed.",
            remedy="Give a full scan as two columns: angle in degrees, intensity.",
        )
    table = np.array(rows)
    angles, first = np.unique(table[:, 0], return_index=True)
    counts = table[first, 1]
    if not np.all(np.isfinite(table)) or angles[0] < 0 or angles[-1] > 180 or angles[-1] - angles[0] < 10:
        raise RepairableToolError(
            f"The pattern '{path}' runs from {angles[0]:g} to {angles[-1]:g} in its first column; "
            "that is not a scan in degrees of two theta.",
            remedy="The first column has to be 2θ in degrees, over at least 10 degrees.",
        )
    if np.ptp(counts) <= 0:
        raise RepairableToolError(
            f"The pattern '{path}' has the same intensity everywhere.",
            remedy="Check that the second column is the measured intensity.",
        )
    return angles, counts


def _two_numbers(line: str) -> tuple[float, float] | None:
    parts = _SEPARATORS.split(line.strip())
    try:
        return float(parts[0]), float(parts[1])
    except (ValueError, IndexError):
        return None


def prepare(angles: Array, counts: Array, *, low: float = 5.0, high: float = 120.0) -> Pattern:
    """Put a measured pattern on an even grid, estimate background and noise, and find its peaks.

    Args:
        angles: 2θ in degrees, ascending, shape (m,).
        counts: Intensity, shape (m,).
        low: Angles below are left out (beam stop, air scatter).
        high: Angles above are left out.

    Returns:
        The pattern, on a grid fine enough for its peaks: at least eight points to a peak's width, where measured so.
    """
    inside = (angles >= low) & (angles <= high)
    angles, counts = angles[inside], counts[inside]
    step = max(0.02, float(np.median(np.diff(angles))))
    pattern = _on_grid(angles, counts, step)
    wanted = pattern.fwhm / 8
    return pattern if wanted <= 1.25 * step else _on_grid(angles, counts, wanted)


def _on_grid(angles: Array, counts: Array, step: float) -> Pattern:
    two_theta, raw = _regrid(angles, counts, step)
    background = baseline(two_theta, raw)
    noise = _noise(raw, background)
    peaks, heights, widths = find_peaks(two_theta, raw - background, noise)
    return Pattern(two_theta, raw, background, noise, _typical_width(peaks, heights, widths), peaks, heights)


def _typical_width(peaks: Array, heights: Array, widths: Array) -> float:
    """The peaks' width at low angle, as the height-weighted median of width times cos θ; 0.2 where there are none."""
    if not len(peaks):
        return 0.2
    reduced = widths * np.cos(np.radians(peaks / 2))
    order = np.argsort(reduced)
    share = np.cumsum(heights[order])
    return float(np.clip(reduced[order][np.searchsorted(share, share[-1] / 2)], 0.06, 3.0))


def _regrid(angles: Array, counts: Array, step: float) -> tuple[Array, Array]:
    """Average the points onto an even grid (interpolating where a cell has none)."""
    two_theta = np.arange(angles[0], angles[-1] + step / 2, step)
    cell = np.clip(np.rint((angles - angles[0]) / step).astype(int), 0, len(two_theta) - 1)
    hits = np.bincount(cell, minlength=len(two_theta))
    sums = np.bincount(cell, weights=counts, minlength=len(two_theta))
    filled = hits > 0
    return two_theta, np.interp(two_theta, two_theta[filled], sums[filled] / hits[filled])


def baseline(two_theta: Array, counts: Array, *, cutoff: float = 6.0, iterations: int = 30) -> Array:
    """The slowly varying background under the peaks, by asymmetrically reweighted penalised least squares.

    Args:
        two_theta: Even grid in degrees, shape (n,).
        counts: Intensity, shape (n,).
        cutoff: Undulations shorter than about this many degrees are not followed.
        iterations: At most so many reweightings.

    Returns:
        The background, shape (n,).

    Source:
        Baek, Park, Ahn, Choo, Analyst 140, 250 (2015), arPLS. The penalty follows from the cutoff: a Whittaker smoother
        of second differences halves a wave of period P at λ = (P / 2π step)⁴.
    """
    from scipy.linalg import solveh_banded

    # The background needs no fine grid; coarse cells keep the linear system small and well conditioned.
    cell = max(1, round(0.1 / (two_theta[1] - two_theta[0])))
    usable = len(counts) // cell * cell
    coarse = counts[:usable].reshape(-1, cell).mean(axis=1)
    centres = two_theta[:usable].reshape(-1, cell).mean(axis=1)
    n = len(coarse)
    penalty = (cutoff / (2 * np.pi * (centres[1] - centres[0]))) ** 4
    bands = np.zeros((3, n))
    bands[0, 2:] = penalty
    bands[1, 1:] = -4 * penalty
    bands[1, [1, -1]] = -2 * penalty
    bands[2] = 6 * penalty
    bands[2, [1, -2]] = 5 * penalty
    bands[2, [0, -1]] = penalty
    weights = np.ones(n)
    fitted = coarse
    for _ in range(iterations):
        system = bands.copy()
        system[2] += weights
        fitted = solveh_banded(system, weights * coarse, overwrite_ab=True)
        below = (coarse - fitted)[coarse < fitted]
        if len(below) < 3:
            break
        centre, spread = float(np.mean(below)), float(np.std(below)) or 1e-12
        exponent = np.clip(2 * (coarse - fitted - (2 * spread - centre)) / spread, -50, 50)
        updated = 1 / (1 + np.exp(exponent))
        moved = np.linalg.norm(updated - weights) / np.linalg.norm(weights)
        weights = np.maximum(updated, 1e-9)
        if moved < 1e-3:
            break
    return np.interp(two_theta, centres, fitted)


def _noise(raw: Array, background: Array) -> Array:
    """Standard deviation of each point: variance in proportion to intensity, as counts have, scaled to the data.

    The scale comes from second differences, which a smooth signal hardly touches; it also holds for patterns that were
    normalised or averaged.
    """
    level = np.maximum(raw, np.percentile(raw, 1)) - min(0.0, float(raw.min()))
    level = np.maximum(level, 1e-6 * np.ptp(raw))
    second = (raw[2:] - 2 * raw[1:-1] + raw[:-2]) ** 2 / 6
    quiet = raw[1:-1] - background[1:-1] < np.percentile(raw - background, 70)
    scale = float(np.median((second / level[1:-1])[quiet])) / 0.455  # median of a squared normal deviate
    floor = 1e-3 * float(np.ptp(raw))
    return np.sqrt(scale * level + floor**2)


def find_peaks(two_theta: Array, net: Array, noise: Array) -> tuple[Array, Array, Array]:
    """Peaks that stand clear of the noise.

    Args:
        two_theta: Even grid in degrees, shape (n,).
        net: Intensity above the background, shape (n,).
        noise: Standard deviation of one point, shape (n,).

    Returns:
        Positions in degrees, heights, and full widths at half maximum in degrees, strongest first; shape (k,) each.
    """
    from scipy.ndimage import gaussian_filter1d
    from scipy.signal import find_peaks, peak_widths

    step = two_theta[1] - two_theta[0]
    width = max(0.8, 0.02 / step)
    smooth = gaussian_filter1d(net, width)
    quieter = noise / np.sqrt(2 * np.sqrt(np.pi) * width)
    indices, properties = find_peaks(smooth, prominence=max(5 * np.median(quieter), 0.01 * smooth.max()))
    clear = properties["prominences"] > 5 * quieter[indices]
    indices = indices[clear]
    if not len(indices):
        return np.empty(0), np.empty(0), np.empty(0)
    half = peak_widths(smooth, indices, rel_height=0.5)[0] * step
    blur = 2.3548 * width * step
    widths = np.sqrt(np.maximum(half**2 - blur**2, (2 * step) ** 2))
    heights = smooth[indices]
    order = np.argsort(-heights)
    return two_theta[indices][order], heights[order], widths[order]
