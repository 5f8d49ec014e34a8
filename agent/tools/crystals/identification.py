"""Naming the phases of a measured pattern: a beam search over mixtures of reference crystals.

Every reference is first compared with the blurred pattern at a ladder of lattice scales; the best are refined; the
best of those are kept, and each is extended by the phases that explain most of what it leaves. A phase joins only when
it explains enough that nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from agent.tools.crystals.diffraction import Lines
from agent.tools.crystals.matching import (
    MAX_STRAIN,
    OVERSHOOT,
    PRIOR_WEIGHT,
    STRAIN_SPREAD,
    Fit,
    Target,
    best_scales,
    refine,
    target_of,
    textured,
)
from agent.tools.crystals.patterns import Array, Pattern

BLUR = 0.5
"""Width in degrees to which pattern and references are blurred for the first comparison."""

BEAM = 5
"""How many mixtures of each size are kept."""

REFINED = 10
"""How many references are refined against what a mixture leaves."""

EXTRA_PHASE = 0.15
"""A phase has to lower the squared residual by this share to join ..."""

EXTRA_LEAST = 0.008
"""... and by this much in all."""

SMALLEST_SHARE = 0.04
"""A phase that makes less than this share of the diffracted intensity is not named."""

WORST = 0.6
"""A mixture whose residual is above this explains nothing: the pattern is of something else."""


@dataclass(frozen=True)
class Mixture:
    """Phases fitted together.

    Attributes:
        members: Positions of the phases in the list of references.
        fits: Their fits.
        residual: Weighted profile residual, without background and noise: 0 perfect, 1 nothing explained.
        cost: Its square plus what strains and shifts cost.
        profile: The sum of the fitted profiles, shape (n,).
    """

    members: tuple[int, ...]
    fits: tuple[Fit, ...]
    residual: float
    cost: float
    profile: Array

    def shares(self, target: Target) -> tuple[float, ...]:
        """Each phase's share of the fitted intensity."""
        areas = np.array([float(np.sum(fit.intensity(target))) for fit in self.fits])
        return tuple(areas / max(float(areas.sum()), 1e-300))


NOTHING = Mixture((), (), 1.0, 1.0, np.zeros(1))


@dataclass(frozen=True)
class Identification:
    """What a search found.

    Attributes:
        best: The mixture chosen (without members when nothing fits).
        rivals: Other mixtures of the same number of phases, best first.
        target: What was fitted.
        unexplained: Positions in degrees of peaks that the best mixture leaves, strongest first.
    """

    best: Mixture
    rivals: tuple[Mixture, ...]
    target: Target
    unexplained: tuple[float, ...]


class Search:
    """A search for the phases of one pattern.

    Args:
        pattern: The measured pattern.
        references: The lines of every reference.
        radiation: Wavelengths in Å with their shares.
        report: Called with a fraction and a message.
    """

    def __init__(
        self,
        pattern: Pattern,
        references: Sequence[Lines],
        radiation: tuple[tuple[float, float], ...],
        report: Callable[[float, str], None] = lambda fraction, message: None,
    ) -> None:
        self.pattern = pattern
        self.references = references
        self.target = target_of(pattern, radiation)
        self._report = report
        self._coarse_target, self._stride = self._blurred()
        self._ladder = np.arange(-MAX_STRAIN, MAX_STRAIN + 1e-9, 0.003)
        self._coarse = np.array([self._rungs(lines) for lines in references])

    def run(self, most: int) -> Identification:
        """Search mixtures of up to ``most`` phases."""
        chosen = replace(NOTHING, profile=np.zeros(len(self.target.grid)))
        beam, level = [chosen], []
        for size in range(1, most + 1):
            self._report(0.2 + 0.8 * (size - 1) / most, f"mixtures of {size}")
            beam = self._extend(beam)
            better = next((mixture for mixture in beam if earns_its_place(mixture, chosen, self.target)), None)
            level = level or beam
            if better is None:
                break
            chosen, level = better, beam
        if not chosen.members or chosen.residual > WORST:
            chosen = replace(NOTHING, profile=np.zeros(len(self.target.grid)))
        others = tuple(mixture for mixture in level if mixture.members != chosen.members)
        return Identification(chosen, others, self.target, self._left_over(chosen))

    def _blurred(self) -> tuple[Target, int]:
        from scipy.ndimage import gaussian_filter1d

        target = self.target
        step = target.grid[1] - target.grid[0]
        stride = max(1, int(BLUR / 4 / step))
        smooth = gaussian_filter1d(target.net, BLUR / 2.3548 / step)[::stride]
        weight = target.weight[::stride] * stride
        return replace(target, grid=target.grid[::stride], net=smooth, weight=weight), stride

    def _rungs(self, lines: Lines) -> Array:
        """Profiles of a reference at every lattice scale of the ladder, shape (rungs, coarse points)."""
        width = float(np.hypot(self.target.fwhm, BLUR))
        isotropic = lines.isotropic()
        return np.array(
            [Fit(lines, scale * isotropic, 0.0, width).shape(self._coarse_target) for scale in self._ladder]
        )

    def _promising(self, left: Array) -> list[tuple[int, float]]:
        """The references that explain most of what is left, each with its best lattice scale."""
        from scipy.ndimage import gaussian_filter1d

        step = self.pattern.step
        net = gaussian_filter1d(left, BLUR / 2.3548 / step)[:: self._stride]
        rows = self._coarse.reshape(-1, self._coarse.shape[-1])
        _, differences = best_scales(net, rows, self._coarse_target.weight, OVERSHOOT)
        costs = np.sum(differences**2, axis=1).reshape(self._coarse.shape[:2])
        costs += PRIOR_WEIGHT * 3 * (self._ladder / STRAIN_SPREAD) ** 2
        order = np.argsort(costs.min(axis=1))[:REFINED]
        return [(int(i), float(self._ladder[int(np.argmin(costs[i]))])) for i in order]

    def _extend(self, beam: list[Mixture]) -> list[Mixture]:
        found: dict[frozenset[int], Mixture] = {}
        for mixture in beam:
            left = self.target.less(mixture.profile)
            fits: list[tuple[float, int, Fit]] = []
            for index, scale in self._promising(np.maximum(left.net, 0)):
                if index in mixture.members:
                    continue
                lines = self.references[index]
                start = Fit(lines, scale * lines.isotropic(), 0.0, self.target.fwhm)
                fit = refine(refine(start, left, blur=BLUR, rounds=6), left)
                fits.append((fit.cost, index, fit))
            for _, index, fit in sorted(fits, key=lambda item: item[0])[:BEAM]:
                members = frozenset((*mixture.members, index))
                if members not in found:
                    found[members] = self._together((*mixture.members, index), (*mixture.fits, fit))
        return sorted(found.values(), key=lambda mixture: mixture.cost)[:BEAM]

    def _together(self, members: tuple[int, ...], fits: tuple[Fit, ...]) -> Mixture:
        """Fit all phases of a mixture to the whole pattern, one at a time on what the others leave, then texture."""
        from scipy.optimize import nnls

        target = self.target
        root = np.sqrt(target.weight)
        fits = tuple(fits)
        for _ in range(2 if len(fits) > 1 else 1):
            shapes = np.array([fit.shape(target) for fit in fits])
            scales, _ = nnls((shapes * root).T, target.net * root)
            fits = tuple(replace(fit, scale=float(s)) for fit, s in zip(fits, scales, strict=True))
            profiles = [fit.intensity(target) for fit in fits]
            polished = []
            for i, fit in enumerate(fits):
                others = sum((profiles[j] for j in range(len(fits)) if j != i), np.zeros(len(target.grid)))
                better = refine(fit, target.less(others), overshoot=1.0, rounds=4)
                profiles[i] = better.intensity(target)
                polished.append(better)
            fits = tuple(polished)
        profiles = [fit.intensity(target) for fit in fits]
        flexed = []
        for i, fit in enumerate(fits):
            others = sum((profiles[j] for j in range(len(fits)) if j != i), np.zeros(len(target.grid)))
            better = textured(fit, target.less(others))
            profiles[i] = better.intensity(target)
            flexed.append(better)
        total = np.sum(profiles, axis=0)
        square = target.misfit(total)
        priors = sum(fit.penalty() + texture_penalty(fit) for fit in flexed)
        return Mixture(members, tuple(flexed), square**0.5, square + priors, total)

    def _left_over(self, mixture: Mixture) -> tuple[float, ...]:
        """Peaks of the pattern whose height the mixture explains less than half."""
        pattern = self.pattern
        at = np.rint((pattern.peaks - pattern.two_theta[0]) / pattern.step).astype(int)
        reach = max(1, round(pattern.fwhm / pattern.step))
        explained = np.array([mixture.profile[max(0, i - reach) : i + reach + 1].max(initial=0.0) for i in at.tolist()])
        strong = pattern.heights > 0.03 * pattern.heights.max(initial=0.0)
        keep = strong & (explained < 0.5 * pattern.heights) if len(at) else np.zeros(0, dtype=bool)
        return tuple(float(x) for x in pattern.peaks[keep])


def texture_penalty(fit: Fit, weight: float = 0.02) -> float:
    """What a fit's texture costs: the intensity-weighted mean square of the log factors, times a weight."""
    strength = fit.lines.intensity
    return weight * float(np.sum(strength * np.log(fit.texture) ** 2) / np.sum(strength) / np.log(2) ** 2)


def earns_its_place(mixture: Mixture, smaller: Mixture, target: Target) -> bool:
    """Whether a mixture is to be named rather than a smaller one."""
    gain = smaller.cost - mixture.cost
    return gain > EXTRA_LEAST and gain > EXTRA_PHASE * smaller.cost and min(mixture.shares(target)) >= SMALLEST_SHARE
