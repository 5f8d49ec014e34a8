"""Sample sizes from a power analysis: t tests for two groups, one-way analysis of variance for more."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from agent.errors import RepairableToolError

MOST = 100_000
"""A design that needs more replicates than this a group is refused: the effect is lost in the spread."""


HUGE = 10.0
"""Standardised effects beyond this one make no difference to a sample size."""


@dataclass(frozen=True)
class Size:
    """The size of a comparison.

    Attributes:
        replicates: Independent samples a group.
        total: Samples altogether.
        power: What this whole number of replicates reaches.
        standardised: The effect in standard deviations (Cohen's d, or Cohen's f for more than two groups).
        test: The test that it is for.
    """

    replicates: int
    total: int
    power: float
    standardised: float
    test: str


def sample_size(
    effect: float, spread: float, *, power: float, alpha: float, groups: int, two_sided: bool, least: int
) -> Size:
    """The smallest number of replicates a group that reaches a power.

    Args:
        effect: Difference to resolve; between the largest and the smallest mean where there are more than two groups.
        spread: Standard deviation within a group, in the effect's unit.
        power: Wanted probability of finding the effect if it is there.
        alpha: Accepted probability of finding one that is not.
        groups: How many groups; 1 compares one sample with a fixed value.
        two_sided: Whether a difference either way counts (t tests).
        least: The fewest replicates to return: two are the least that show a spread at all.

    Returns:
        The size, with the power that it reaches.

    Raises:
        RepairableToolError: An argument is out of its range, or no practical number is enough.
    """
    _check(effect, spread, power, alpha, groups, least)
    standardised = abs(effect) / spread
    if groups > 2:
        # The least favourable arrangement: two groups at the ends, the others in the middle (Cohen 1988, ch. 8).
        standardised *= math.sqrt(1 / (2 * groups))
    # The noncentral distributions overflow for huge effects, whose power is 1 long before.
    reach = _reach(min(standardised, HUGE), alpha, groups, two_sided)
    low, high = least, max(least, 2)
    while reach(high) < power:
        low, high = high, high * 2
        if high > MOST:
            raise RepairableToolError(
                f"an effect of {effect:g} in a spread of {spread:g} needs more than {MOST} replicates a group",
                remedy="Aim at a larger effect, or a method with a smaller spread.",
            )
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reach(middle) >= power else (middle + 1, high)
    names = {1: "one-sample t test", 2: "two-sample t test"}
    return Size(low, low * groups, float(reach(low)), standardised, names.get(groups, "one-way analysis of variance"))


_FAR = 6.0
"""Shift in standard errors beyond which the wrong side holds less than a part in a thousand million."""


def _reach(standardised: float, alpha: float, groups: int, two_sided: bool) -> Callable[[int], float]:
    """The power of a whole number of replicates a group, from the noncentral t and F distributions."""
    from scipy import special

    def of_t(n: int) -> float:
        freedom = n * groups - groups
        shift = standardised * math.sqrt(n / groups)
        limit = special.stdtrit(freedom, 1 - (alpha / 2 if two_sided else alpha))
        beyond = 1 - special.nctdtr(freedom, shift, limit)
        # On the other side lies less than the normal distribution has below -shift: soon nothing, and not computable.
        return beyond + (special.nctdtr(freedom, shift, -limit) if two_sided and shift < _FAR else 0.0)

    def of_f(n: int) -> float:
        above, below = groups - 1, n * groups - groups
        limit = special.fdtri(above, below, 1 - alpha)
        return 1 - special.ncfdtr(above, below, standardised**2 * n * groups, limit)

    return of_t if groups <= 2 else of_f


def _check(effect: float, spread: float, power: float, alpha: float, groups: int, least: int) -> None:
    if not (math.isfinite(spread) and spread > 0):
        raise RepairableToolError(
            f"spread: {spread:g} is no standard deviation",
            remedy="Give a positive one, in the effect's unit; a pilot of a few replicates measures it.",
        )
    if not math.isfinite(effect) or effect == 0:
        raise RepairableToolError(
            f"effect: {effect:g} cannot be resolved by any number of replicates",
            remedy="Give the smallest difference that would matter, in the spread's unit.",
        )
    for name, value in (("power", power), ("alpha", alpha)):
        if not 0 < value < 1:
            raise RepairableToolError(f"{name}: {value:g} is no probability", remedy="Give a number between 0 and 1.")
    if power <= alpha:
        raise RepairableToolError(f"power: {power:g} is not above alpha {alpha:g}", remedy="0.8 and 0.05 are usual.")
    if groups < 1:
        raise RepairableToolError(f"groups: {groups} is too few", remedy="1 compares with a fixed value, 2 are usual.")
    if least < 2:
        raise RepairableToolError(
            f"least: {least} is too few", remedy="Two replicates are the least that show a spread."
        )
