"""Recipes as text, candidates and space files."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from agent.tools.formulations.region import Ingredient, Ratio, Weighted


def recipe_key(names: Sequence[str], fractions: np.ndarray) -> str:
    """The canonical text of a recipe: ``acrylate 0.55 | crosslinker 0.15 | solvent 0.3``; components in their order."""
    return " | ".join(f"{name} {value:.4g}" for name, value in zip(names, fractions, strict=True))


def factor_names(names: Sequence[str]) -> list[str]:
    """Names as a space file takes them: letters, digits and underscores, each once."""
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        plain = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
        if not plain or not plain[0].isalpha():
            plain = f"component_{place}" if not plain else f"c_{plain}"
        while plain in found:
            plain = f"{plain}_{place}"
        found.append(plain)
    return found


def space_file(
    ingredients: Sequence[Ingredient],
    ratios: Sequence[Ratio] = (),
    constraints: Sequence[Weighted] = (),
    *,
    response: str = "response",
    unit: str = "1",
    goal: str = "maximise",
    target: float | None = None,
    reach: float | None = None,
    batch: int = 4,
) -> str:
    """The recipes as the space of a campaign (TOML), with the ratios as linear constraints.

    Args:
        ingredients: The components with their bounds.
        ratios: Bounds on ratios.
        constraints: Bounds on weighted sums.
        response: What is measured.
        unit: Its unit.
        goal: ``maximise``, ``minimise`` or ``target``.
        target: What to hit, for that goal.
        reach: The value at which the campaign is done.
        batch: Recipes a round.
    """
    names = [one.name.strip() for one in ingredients]
    plain = dict(zip(names, factor_names([*names, response]), strict=False))
    measured = factor_names([*names, response])[-1]
    lines = [
        "# The space of a campaign: gedanken campaign new NAME --space FILE",
        f"batch = {batch}",
        "",
        "[[parameters]]",
        'kind = "mixture"',
        'name = "recipe"',
        "components = [",
        *(
            f'  {{ name = "{plain[one.name.strip()]}", low = {one.low!r}, high = {one.high!r} }},'
            + (f"  # {one.name}" if plain[one.name.strip()] != one.name else "")
            for one in ingredients
        ),
        "]",
    ]
    for ratio in ratios:
        top, bottom = plain[ratio.numerator.strip()], plain[ratio.denominator.strip()]
        for bound, key in ((ratio.low, "low"), (ratio.high, "high")):
            if bound is not None:
                lines += _linear({top: 1.0, bottom: -bound}, {key: 0.0})
    for one in constraints:
        bounds = {key: value for key, value in (("low", one.low), ("high", one.high)) if value is not None}
        lines += _linear({plain[name.strip()]: weight for name, weight in one.weights.items()}, bounds)
    lines += ["", "[[objectives]]", f'name = "{measured}"', f'goal = "{goal}"', f'unit = "{unit}"']
    if goal == "target" and target is not None:
        lines.append(f"target = {float(target)!r}")
    if reach is not None:
        lines.append(f"reach = {float(reach)!r}")
    return "\n".join([*lines, ""])


def _linear(weights: dict[str, float], bounds: dict[str, float]) -> list[str]:
    listed = ", ".join(f"{name} = {float(weight)!r}" for name, weight in weights.items())
    return [
        "",
        "[[constraints]]",
        'kind = "linear"',
        f"weights = {{ {listed} }}",
        *(f"{key} = {float(value)!r}" for key, value in bounds.items()),
    ]
