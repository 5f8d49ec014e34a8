"""Rows of the unit cube as points of a search space: what samples are drawn as becomes settings that can be made."""

from __future__ import annotations

import math

import numpy as np

from agent.tools.optimisation.parameters import Categorical, Continuous, Discrete, Mixture, Parameter, Point
from agent.tools.optimisation.space import Space


def point_at(space: Space, row: np.ndarray) -> Point:
    """The point that a row of the unit cube stands for, conditions aside."""
    point: Point = {}
    place = 0
    for one in space.parameters:
        point.update(part_at(one, row[place : place + len(one.names)]))
        place += len(one.names)
    return point


def part_at(parameter: Parameter, part: np.ndarray) -> Point:
    """The setting of one parameter that a row of the unit cube stands for."""
    if isinstance(parameter, Discrete | Categorical):
        return {parameter.name: parameter.values[min(int(part[0] * len(parameter.values)), len(parameter.values) - 1)]}
    if isinstance(parameter, Continuous):
        return {parameter.name: value_at(parameter, float(part[0]))}
    # Spacings of exponentials are uniform on the simplex.
    raw = -np.log(np.clip(part, 1e-12, 1 - 1e-12))
    return dict(zip(parameter.names, nearest_mixture(parameter, raw / raw.sum()), strict=True))


def nearest_mixture(mixture: Mixture, wanted: np.ndarray) -> list[float]:
    """The nearest fractions within their bounds that sum to one: all shifted alike and clipped, by bisection."""
    low, high = [one.low for one in mixture.components], [one.high for one in mixture.components]

    def shifted(by: float) -> list[float]:
        return [min(max(float(one) + by, least), most) for one, least, most in zip(wanted, low, high, strict=True)]

    fractions = shifted(0.0)
    if abs(sum(fractions) - 1) > 1e-9:
        left, right = -2.0, 2.0
        for _ in range(50):
            middle = (left + right) / 2
            left, right = (middle, right) if sum(shifted(middle)) < 1 else (left, middle)
        fractions = shifted(right)
    fractions = [min(max(round(one, 4), least), most) for one, least, most in zip(fractions, low, high, strict=True)]
    # Rounding leaves a few units of the last place: give them to whoever has room.
    for i in range(len(fractions)):
        rest = round(1 - sum(fractions), 10)
        fractions[i] = rounded(min(max(fractions[i] + rest, low[i]), high[i]))
    return fractions


def place_of(parameter: Continuous, value: float) -> float:
    """The share of the range, on its scale, at which a setting lies: the inverse of `value_at`, its rounding aside."""
    if parameter.log:
        return math.log(value / parameter.low) / math.log(parameter.high / parameter.low)
    return (value - parameter.low) / (parameter.high - parameter.low)


def value_at(parameter: Continuous, place: float) -> float:
    """The setting at a share of the range, on the step's grid, or to four digits of the range."""
    span = parameter.high - parameter.low
    value = parameter.low * (parameter.high / parameter.low) ** place if parameter.log else parameter.low + place * span
    if parameter.step is not None:
        value = parameter.low + round((value - parameter.low) / parameter.step) * parameter.step
        if value > parameter.high + 1e-9:
            value -= parameter.step
    else:
        scale = value if parameter.log else span
        value = round(value, 3 - math.floor(math.log10(scale)))
    return min(max(rounded(value), parameter.low), parameter.high)


def rounded(value: float) -> float:
    """A setting without the noise of its last binary digits."""
    return float(f"{value:.10g}")
