"""Matching one crystal's lines to a measured profile: strain, zero shift, width, scale and texture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from agent.tools.crystals.diffraction import Lines, profile
from agent.tools.crystals.patterns import Array, Pattern

OVERSHOOT = 6.0
"""How much heavier intensity weighs that a phase predicts and the pattern lacks, against intensity that it leaves to
other phases. A phase cannot hide a peak; another phase can add one."""

STRAIN_SPREAD = 0.006
"""Standard deviation of a lattice parameter's relative deviation from its reference: thermal expansion, solid
solution, and the error of a computed reference together."""

MAX_STRAIN = 0.03
ZERO_SPREAD = 0.06
"""Standard deviation of the zero shift (and sample displacement) in degrees of a well-kept diffractometer."""

MAX_ZERO = 0.3
TEXTURE = 3.0
"""Texture and disorder may change a line's intensity by up to this factor, up or down."""

MODEL_ERROR = 0.05
"""Error of a calculated profile at the top of the strongest peak, relative to it (peak shape, extinction)."""

PRIOR_WEIGHT = 0.002
"""Weight of one squared standard deviation of strain or shift against the squared profile residual (which is 1 when
nothing is explained)."""


@dataclass(frozen=True)
class Target:
    """What is fitted: net intensity with weights, scaled so that explaining nothing costs 1.

    Attributes:
        grid: 2θ in degrees, shape (n,).
        net: Intensity above the background, shape (n,).
        weight: Weight of each squared difference, shape (n,); ``sum(weight * net²) = 1`` for the whole pattern.
        radiation: Wavelengths in Å with their shares.
        fwhm: Typical peak width at low angle, in degrees.
        floor: What noise alone contributes to the weighted sum of squares; no model can get below it.
    """

    grid: Array
    net: Array
    weight: Array
    radiation: tuple[tuple[float, float], ...]
    fwhm: float
    floor: float = 0.0

    def less(self, explained: Array) -> Target:
        """What is left when other phases explain a part; the weights stay."""
        return replace(self, net=self.net - explained)

    def misfit(self, calculated: Array) -> float:
        """The squared residual above the noise: 0 for a perfect model, 1 for none."""
        square = float(np.sum(self.weight * (self.net - calculated) ** 2))
        return max(0.0, square - self.floor) / (1 - self.floor)


def target_of(pattern: Pattern, radiation: tuple[tuple[float, float], ...]) -> Target:
    """The target that a pattern sets.

    The variance of a point is that of its noise, plus that of a model which is never exact: it grows with intensity,
    from a floor, so that strong peaks lead and weak ones still count.
    """
    net = pattern.net
    top = float(np.max(net))
    inexact = (MODEL_ERROR * top) ** 2 * (np.maximum(net, 0) / top + 0.02)
    weight = 1 / (pattern.noise**2 + inexact)
    weight /= np.sum(weight * net**2)
    floor = min(0.9, float(np.sum(weight * pattern.noise**2)))
    return Target(pattern.two_theta, net, weight, radiation, pattern.fwhm, floor)


@dataclass(frozen=True)
class Fit:
    """One phase as fitted.

    Attributes:
        lines: Its lines.
        strain: Strain amplitudes, shape (m,).
        zero: Zero shift in degrees.
        width: Full width at half maximum at low angle, in degrees.
        scale: Intensity of its strongest line (area).
        texture: Factor on each line's intensity, shape (k,).
        cost: Squared residual with the priors, when last fitted alone against its target.
    """

    lines: Lines
    strain: Array
    zero: float
    width: float
    scale: float = 0.0
    texture: Array = field(default_factory=lambda: np.ones(0))
    cost: float = 1.0

    def penalty(self) -> float:
        """What its strain and shift cost."""
        strained = self.lines.distortion(self.strain) / STRAIN_SPREAD
        return PRIOR_WEIGHT * float(np.sum(strained**2) + (self.zero / ZERO_SPREAD) ** 2)

    def shape(self, target: Target) -> Array:
        """The profile at scale 1 on the target's grid, shape (n,)."""
        areas = self.lines.intensity * (self.texture if len(self.texture) else 1.0)
        total = np.zeros(len(target.grid))
        for wave, share in target.radiation:
            centres = self.lines.positions(self.strain, wave) + self.zero
            widths = self.width / np.cos(np.radians(np.nan_to_num(centres, nan=0.0) / 2))
            total += profile(target.grid, centres, share * areas, widths)
        return total

    def intensity(self, target: Target) -> Array:
        """The fitted profile, shape (n,)."""
        return self.scale * self.shape(target)


def best_scales(net: Array, shapes: Array, weight: Array, overshoot: float) -> tuple[Array, Array]:
    """The scale of each of many profiles against one measured profile, by reweighted least squares.

    Args:
        net: Measured, shape (n,).
        shapes: Profiles at scale 1, shape (k, n).
        weight: Weights, shape (n,).
        overshoot: Factor on the weight where a profile exceeds the measurement.

    Returns:
        The scales (not negative), shape (k,), and the differences times the root of their weights, shape (k, n).
    """
    scales = _scales(net, shapes, np.broadcast_to(weight, shapes.shape))
    if overshoot > 1:
        for _ in range(5):
            used = np.where(scales[:, None] * shapes > net, overshoot * weight, weight)
            scales = _scales(net, shapes, used)
    calculated = scales[:, None] * shapes
    factor = np.where(calculated > net, overshoot, 1.0)
    return scales, np.sqrt(weight * factor) * (net - calculated)


def _scales(net: Array, shapes: Array, weights: Array) -> Array:
    weighted = weights * shapes
    return np.maximum(0.0, (weighted @ net) / np.maximum(np.einsum("ij,ij->i", weighted, shapes), 1e-300))


def refine(fit: Fit, target: Target, *, overshoot: float = OVERSHOOT, blur: float = 0.0, rounds: int = 8) -> Fit:
    """Refine strain, zero shift and width of one phase by least squares; the scale follows.

    Args:
        fit: Where to start.
        target: What to fit; other phases already taken away.
        overshoot: See `best_scales`; 1 when all other phases are accounted for.
        blur: Blur the target by so many degrees (and keep the width at least so large), to reach lines from farther.
        rounds: At most so many Gauss-Newton rounds.

    Returns:
        The refined fit with its scale and cost.
    """
    from scipy.ndimage import gaussian_filter1d

    if blur:
        step = target.grid[1] - target.grid[0]
        stride = max(1, int(blur / 4 / step))
        smooth = gaussian_filter1d(target.net, blur / 2.3548 / step)[::stride]
        target = replace(target, grid=target.grid[::stride], net=smooth, weight=target.weight[::stride] * stride)
    floor = np.hypot(target.fwhm, blur)
    m = len(fit.strain)

    def at(x: Array) -> Fit:
        return replace(fit, strain=x[:m] * STRAIN_SPREAD, zero=x[m] * ZERO_SPREAD, width=floor * np.exp(x[m + 1]))

    def residual(x: Array) -> Array:
        trial = at(x)
        _, differences = best_scales(target.net, trial.shape(target)[None], target.weight, overshoot)
        prior = np.append(trial.lines.distortion(trial.strain) / STRAIN_SPREAD, x[m:])
        return np.append(differences[0], PRIOR_WEIGHT**0.5 * prior)

    bounds = np.append(np.full(m, MAX_STRAIN / STRAIN_SPREAD), [MAX_ZERO / ZERO_SPREAD, 1.1])
    start = np.append(fit.strain / STRAIN_SPREAD, [fit.zero / ZERO_SPREAD, np.log(max(fit.width, 1e-3) / floor)])
    start = np.clip(start, -0.98 * bounds, 0.98 * bounds)
    if blur:
        start[m + 1] = 0.0
    done = at(_descend(residual, start, bounds, rounds))
    scales, differences = best_scales(target.net, done.shape(target)[None], target.weight, overshoot)
    width = fit.width if blur else done.width
    return replace(done, width=width, scale=float(scales[0]), cost=float(np.sum(differences**2)) + done.penalty())


def _descend(residual: Callable[[Array], Array], start: Array, bounds: Array, rounds: int) -> Array:
    """Levenberg-Marquardt within ``-bounds < x < bounds``, for parameters that are all of order one.

    scipy's least squares sizes its first step by the norm of the start, which is near zero here by design.
    """
    x, damping = start, 1e-2
    here = residual(x)
    cost = float(here @ here)
    for _ in range(rounds):
        steps = np.where(x < bounds - 0.1, 0.05, -0.05)
        columns = [(residual(x + h * axis) - here) / h for h, axis in zip(steps, np.eye(len(x)), strict=True)]
        slopes = np.stack(columns, axis=1)
        normal, gradient = slopes.T @ slopes, slopes.T @ here
        gained = 0.0
        for _ in range(4):
            move = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-9), -gradient)
            trial = np.clip(x + np.clip(move, -2, 2), -bounds, bounds)
            there = residual(trial)
            if (better := float(there @ there)) < cost:
                gained = 1 - better / cost
                x, here, cost, damping = trial, there, better, damping / 5
                break
            damping *= 5
        if gained < 1e-3:
            break
    return x


def textured(fit: Fit, target: Target, *, rounds: int = 3) -> Fit:
    """Let each line's intensity follow the measured one within the limits of texture.

    The measured intensity under overlapping lines is shared in proportion to what they are calculated to be, as in
    Rietveld's estimate of observed structure factors.
    """
    base = replace(fit, texture=np.ones(len(fit.lines.intensity)))
    wave = target.radiation[0][0]
    centres = base.lines.positions(base.strain, wave) + base.zero
    half = 0.75 * base.width / np.cos(np.radians(np.nan_to_num(centres, nan=0.0) / 2))
    cumulative = np.append(0.0, np.cumsum(target.net))
    left = np.searchsorted(target.grid, np.nan_to_num(centres - half, nan=1e9))
    right = np.searchsorted(target.grid, np.nan_to_num(centres + half, nan=1e9))
    seen = right > left
    measured = cumulative[right] - cumulative[left]
    for _ in range(rounds):
        calculated = np.append(0.0, np.cumsum(base.intensity(target)))
        predicted = calculated[right] - calculated[left]
        ratio = np.where(seen & (predicted > 0), measured / np.maximum(predicted, 1e-300), 1.0)
        factor = base.texture * np.clip(ratio, 1 / TEXTURE, TEXTURE)
        base = replace(base, texture=np.clip(factor, 1 / TEXTURE, TEXTURE))
    return base
