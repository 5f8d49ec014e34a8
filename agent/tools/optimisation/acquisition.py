"""What makes a point worth testing: expected improvement, and its logarithm without underflow.

Source: Ament, Daulton, Eriksson, Balandat, Bakshy, "Unexpected improvements to expected improvement" (2023).
"""

from __future__ import annotations

import numpy as np
from scipy.special import erfcx, ndtr

LOG_ROOT_2PI = 0.5 * np.log(2 * np.pi)


def log_expected_improvement(mean: np.ndarray, deviation: np.ndarray, best: float) -> np.ndarray:
    """Logarithm of the expected improvement over the best outcome, for maximisation.

    Args:
        mean: Predicted means, shape (n,).
        deviation: Predicted standard deviations, above 0, shape (n,).
        best: The outcome to improve on.

    Returns:
        Shape (n,).
    """
    return _log_h((np.asarray(mean) - best) / deviation) + np.log(deviation)


def expected_improvement(mean: np.ndarray, deviation: np.ndarray, best: float) -> np.ndarray:
    """Expected improvement, in the outcome's unit; see `log_expected_improvement`."""
    return np.exp(log_expected_improvement(mean, deviation, best))


def _log_h(z: np.ndarray) -> np.ndarray:
    """log(pdf(z) + z cdf(z)) of the standard normal distribution, accurate far in the lower tail."""
    z = np.asarray(z, dtype=float)
    out = np.empty_like(z)
    near = z > -1
    out[near] = np.log(np.exp(-(z[near] ** 2) / 2 - LOG_ROOT_2PI) + z[near] * ndtr(z[near]))
    far = z[~near]
    # pdf + z cdf = pdf (1 + z cdf / pdf), and cdf / pdf is a scaled complementary error function.
    share = 1 + far * np.sqrt(np.pi / 2) * erfcx(-far / np.sqrt(2))
    tail = np.where(far < -1e4, far**-2.0, np.maximum(share, far**-2.0 * 0.5))
    out[~near] = -(far**2) / 2 - LOG_ROOT_2PI + np.log(tail)
    return out
