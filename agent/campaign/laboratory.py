"""A simulated laboratory: a known response measured with noise, failures and delays.

It stands where a real one would: experiments are handed in with their numbers, and their results come back some turns
later. What comes back depends on the seed and the experiment's number only, so that a simulation repeats exactly.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from agent.campaign.records import Proposal, Told
from agent.errors import InputError
from agent.tools.optimisation.space import Categorical, Continuous, Point, Space, Target

Response = Callable[[Mapping[str, float | str]], dict[str, float]]
GAS_CONSTANT = 8.314462618e-3
"""kJ/(mol K)."""

# Phosphines and how they change the barrier to the product and to its decomposition, kJ/mol: invented numbers.
_LIGANDS = {
    "PPh3": ("c1ccccc1P(c1ccccc1)c1ccccc1", 0.0, 0.0),
    "PCy3": ("C1CCCCC1P(C1CCCCC1)C1CCCCC1", -4.0, 1.0),
    "PtBu2Ph": ("CC(C)(C)P(c1ccccc1)C(C)(C)C", -5.5, -2.5),
    "PMe2Ph": ("CP(C)c1ccccc1", 3.5, 0.5),
    "P(2-furyl)3": ("c1ccoc1P(c1ccco1)c1ccco1", 2.0, -1.0),
}


class Laboratory:
    """A laboratory that knows the truth.

    Args:
        response: What is true of a point.
        noise: Standard deviation of a measurement, in the objectives' units.
        failures: Share of experiments that give nothing, 0 to below 1.
        delay: Most turns that a result takes beyond the first.
        seed: Seed of noise, failures and delays.
    """

    def __init__(
        self, response: Response, *, noise: float = 0.0, failures: float = 0.0, delay: int = 0, seed: int = 0
    ) -> None:
        if noise < 0 or not 0 <= failures < 1 or delay < 0:
            raise InputError(
                f"A laboratory with noise {noise:g}, failures {failures:g} and delay {delay} cannot be.",
                remedy="Noise and delay are 0 or more, and failures a share below 1.",
            )
        self._response = response
        self._noise = noise
        self._failures = failures
        self._delay = delay
        self._seed = seed
        self._turn = 0
        self._under_way: list[tuple[int, Told]] = []

    def begin(self, experiments: Sequence[Proposal]) -> None:
        """Hand in experiments."""
        import numpy as np

        for one in experiments:
            rng = np.random.default_rng([self._seed, one.experiment])
            due = self._turn + 1 + int(rng.integers(0, self._delay + 1))
            failed = bool(rng.random() < self._failures)
            outcomes = {
                name: float(f"{value + self._noise * rng.standard_normal():.6g}")
                for name, value in self._response(one.point).items()
            }
            note = "simulated: the instrument failed" if failed else "simulated"
            told = Told(
                experiment=one.experiment,
                point=one.point,
                outcomes={} if failed else outcomes,
                failed=failed,
                note=note,
            )
            self._under_way.append((due, told))

    def turn(self) -> list[Told]:
        """Let a turn pass, and collect what is finished."""
        self._turn += 1
        done = [told for due, told in self._under_way if due <= self._turn]
        self._under_way = [(due, told) for due, told in self._under_way if due > self._turn]
        return done


def reaction_space() -> Space:
    """The space of the built-in response: a catalysed reaction whose product decomposes."""
    ligand = Categorical(
        name="ligand", values=tuple(_LIGANDS), structures={name: row[0] for name, row in _LIGANDS.items()}
    )
    return Space(
        parameters=(
            Continuous(name="temperature", low=30, high=130, unit="degC", step=1),
            Continuous(name="time", low=5, high=240, unit="min", log=True),
            Continuous(name="loading", low=0.5, high=5, unit="percent", step=0.1),
            ligand,
        ),
        objectives=(Target(name="yield", goal="maximise", unit="percent", reach=96),),
    )


def reaction(point: Mapping[str, float | str]) -> dict[str, float]:
    """The built-in response: the yield of B in A -> B -> C, two first-order steps with Arrhenius rates.

    Source: the integrated rate law of consecutive first-order reactions (Atkins, Physical Chemistry).
    """
    kelvin = float(point["temperature"]) + 273.15
    minutes, loading = float(point["time"]), float(point["loading"])
    _, forward, onward = _LIGANDS[str(point["ligand"])]
    first = 4e9 * loading * math.exp(-(82 + forward) / (GAS_CONSTANT * kelvin))
    second = 4e12 * math.exp(-(113 + onward) / (GAS_CONSTANT * kelvin))
    if abs(first - second) < 1e-12 * first:
        share = first * minutes * math.exp(-first * minutes)
    else:
        share = first / (second - first) * (math.exp(-first * minutes) - math.exp(-second * minutes))
    return {"yield": 100 * share}


def table_response(path: Path, space: Space) -> Response:
    """A response from a table: every point answers like the nearest row.

    Args:
        path: A CSV file with a column for each factor and objective.
        space: The search space.

    Raises:
        InputError: A column is missing, or a cell is no number.
    """
    import numpy as np

    from agent.tools.optimisation.encoding import encode

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The response table {path} cannot be read: {error}.", remedy="Name a CSV file.") from error
    objectives = [one.name for one in space.objectives]
    missing = [name for name in (*space.factors, *objectives) if not rows or name not in rows[0]]
    if missing:
        raise InputError(f"{path} lacks: {', '.join(missing)}.", remedy="Add a column for each, and at least one row.")
    points: list[Point] = []
    outcomes: list[dict[str, float]] = []
    for number, row in enumerate(rows, 2):
        try:
            points.append(space.check({name: row[name] for name in space.factors}))
            outcomes.append({name: float(row[name]) for name in objectives})
        except (InputError, ValueError, TypeError) as error:
            raise InputError(f"{path}, row {number}: {error}", remedy="Mend that row.") from error
    table = np.hstack(encode(space, points))

    def answer(point: Mapping[str, float | str]) -> dict[str, float]:
        away = ((table - np.hstack(encode(space, [dict(point)]))) ** 2).sum(axis=1)
        return outcomes[int(np.argmin(away))]

    return answer
