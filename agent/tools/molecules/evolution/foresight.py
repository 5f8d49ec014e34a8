"""Foresight: which offspring are likely to meet the constraints, learnt from the quantities of what was scored.

A score says how good a molecule is; the oracle's answer says more: the value of every constrained quantity. For each of
them a Gaussian process is fitted to the molecules scored so far, and an offspring is let through where the chance that
all of them lie within their bounds is as good as that of the better molecules scored of late. The processes share their
inputs, the surrogate's features; the kernel of each (linear in the counts of atom environments, Tanimoto, squared
exponential in a few descriptors) and its noise are chosen by the marginal likelihood.

Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, 2006, sections 2.2 and 5.4 (leave
one out in closed form); the chance of feasibility: J. Gardner et al., ICML 2014. That a chance of meeting all bounds
decides which offspring are scored is this project's own.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import log_ndtr

from agent.tools.molecules.evolution.features import FINGERPRINTS, Features, features, packed, unpacked
from agent.tools.molecules.evolution.surrogate import TYPICAL, grams
from agent.vocabulary import by_key

if TYPE_CHECKING:
    from rdkit.Chem import Mol

    from agent.tools.molecules.evolution.desirability import Desirability

FIRST = 30
"""Molecules scored before anything is foreseen."""

RENEWED = 20
"""Molecules scored until the processes are fitted anew."""

MOST = 400
"""Molecules, the last scored, on which they are fitted."""

RECENT = 100
"""Molecules, the last scored, whose own chances set the bar."""

BAR = 0.7
"""Share of those that an offspring's chance has to reach."""

CHANCE_ANYWAY = 16
"""One offspring in so many is let through whatever its chance, so that the processes can be wrong."""

_KERNELS: tuple[tuple[float, ...], ...] = (
    (0.0, 0.0, 0.1, 0.9), (0.25, 0.0, 0.25, 0.5), (0.0, 0.0, 0.7, 0.3), (0.4, 0.4, 0.0, 0.2), (0.25, 0.25, 0.25, 0.25),
)  # fmt: skip
"""Weights of the kernels in the order of `grams`: both fingerprints' Tanimoto, the descriptors', the linear one."""

_NOISES = (1e-4, 1e-2, 1e-1)
_LEAST_SPREAD = 1e-9


class _Process:
    """A Gaussian process of one quantity, at the kernel and noise of the highest marginal likelihood."""

    def __init__(self, stack: np.ndarray, rows: np.ndarray, values: np.ndarray) -> None:
        self.rows = rows
        self._mean, self._scale = float(values.mean()), max(float(values.std()), _LEAST_SPREAD)
        target = (values - self._mean) / self._scale
        best = -np.inf
        for weights in _KERNELS:
            kernel = np.tensordot(weights, stack[:, rows][:, :, rows], axes=1)
            for noise in _NOISES:
                factor = cho_factor(kernel + (noise + 1e-8) * np.eye(len(target)), lower=True, check_finite=False)
                solved = cho_solve(factor, target, check_finite=False)
                amplitude = max(float(target @ solved) / len(target), 1e-12)
                likelihood = -0.5 * len(target) * np.log(amplitude) - np.log(np.diag(factor[0])).sum()
                if likelihood > best:
                    best = likelihood
                    self.weights, self._noise, self._amplitude = weights, noise, amplitude
                    self._factor, self._solved, self._target = factor, solved, target

    def predict(self, across: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of new molecules from their kernels with the scored ones and with themselves."""
        near = np.tensordot(self.weights, across[:, :, self.rows], axes=1)
        prior = np.tensordot(self.weights, own, axes=1)
        known = np.einsum("ij,ji->i", near, cho_solve(self._factor, near.T, check_finite=False))
        variance = self._amplitude * np.maximum(prior + self._noise - known, 1e-9)
        return self._mean + self._scale * (near @ self._solved), self._scale * np.sqrt(variance)

    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of each scored molecule, foreseen from the others."""
        inverse = np.diag(cho_solve(self._factor, np.eye(len(self._target)), check_finite=False))
        mean = self._target - self._solved / inverse
        return self._mean + self._scale * mean, self._scale * np.sqrt(self._amplitude / inverse)


class Foresight:
    """Lets offspring through that are likely to meet the constraints.

    It follows from what was scored alone, so that a search that goes on from a file decides as one that never stopped.

    Args:
        score: The specification, with the quantities of everything scored.
        plain: Refuses what must not be made at all; asked of what is foreseen.
    """

    def __init__(self, score: Desirability, plain: Callable[[Mol], bool]) -> None:
        self._score, self._plain = score, plain
        self._bounds = {bound.key: _interval(score, bound.key) for bound in score.requirements.bounds}
        self._rows: dict[str, Any] = {}
        self._fitted = 0
        self._scored: Features | None = None
        self._processes: dict[str, _Process] = {}
        self._bar = -np.inf

    def __call__(self, mol: Mol) -> bool:
        """Whether an offspring is worth keeping."""
        return self._foreseen(mol) and self._plain(mol)

    def _foreseen(self, mol: Mol) -> bool:
        from rdkit import Chem

        count = len(self._score.rows) // RENEWED * RENEWED
        if not self._bounds or count < FIRST:
            return True
        if count != self._fitted:
            self._fit(count)
        if self.chance(mol) >= self._bar:
            return True
        return zlib.crc32(Chem.MolToSmiles(mol).encode()) % CHANCE_ANYWAY == 0

    def chance(self, mol: Mol) -> float:
        """The logarithm of the chance that a molecule lies within all bounds that something is known of."""
        if self._scored is None:
            return 0.0
        part = features([mol])
        across, own = grams(part, self._scored), _own(part)
        total = 0.0
        for key, process in self._processes.items():
            mean, spread = process.predict(across, own)
            total += float(_within(mean, spread, self._bounds[key])[0])
        return total

    def _fit(self, count: int) -> None:
        from rdkit import Chem

        names = list(self._score.rows)[max(0, count - MOST) : count]
        for name in names:
            if name not in self._rows:
                self._rows[name] = packed(features([Chem.MolFromSmiles(name)]))
        self._fitted = count
        self._scored = unpacked([self._rows[name] for name in names])
        stack = grams(self._scored, self._scored)
        self._processes = {}
        recent = np.zeros(len(names))
        for key, bounds in self._bounds.items():
            rows = np.array([place for place, name in enumerate(names) if key in self._score.rows[name]], dtype=int)
            if len(rows) < FIRST // 2:
                continue
            values = np.array([self._score.rows[names[place]][key] for place in rows])
            process = self._processes[key] = _Process(stack, rows, values)
            recent[rows] += _within(*process.left_out(), bounds)
        self._bar = float(np.quantile(recent[-RECENT:], BAR)) if self._processes else -np.inf


def _within(mean: np.ndarray, spread: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    """The logarithm of the chance that normal values lie within bounds, exact in both tails."""
    low, high = (bounds[0] - mean) / spread, (bounds[1] - mean) / spread
    flipped = low > 0  # the same mass seen from the other side, where it is no difference of numbers near one
    low, high = np.where(flipped, -high, low), np.where(flipped, -low, high)
    inner, outer = log_ndtr(low), log_ndtr(high)
    return outer + np.log(np.maximum(-np.expm1(np.minimum(inner - outer, 0.0)), 1e-300))


def _own(part: Features) -> np.ndarray:
    """Each molecule's kernels with itself, in the order of `grams`."""
    ones = np.ones(len(part))
    return np.stack([*(ones for _ in range(FINGERPRINTS + 1)), part.sizes[0] / TYPICAL])


def _interval(score: Desirability, key: str) -> tuple[float, float]:
    """The bounds on a quantity together; for a count from half a step below to half a step above."""
    step = 0.5 if by_key()[key].integer else 0.0
    bounds = [bound.constraint for bound in score.requirements.bounds if bound.key == key]
    low = max((one.low for one in bounds if one.low is not None), default=-np.inf)
    high = min((one.high for one in bounds if one.high is not None), default=np.inf)
    return low - step, high + step
