"""From a space and what was measured in it to the next experiments, each explained, and whether to go on."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from agent.errors import ConflictError, RepairableToolError
from agent.records import Record
from agent.tools.optimisation.candidates import candidate_points, nearby_points
from agent.tools.optimisation.encoding import encode
from agent.tools.optimisation.engine import Choice, choose_rows, improvement_probability
from agent.tools.optimisation.space import Point, Space

NEARBY = 300
"""Points tried around each of the best ones."""


class Observation(Record):
    """One measured experiment: its settings, and every objective's value, or that it failed."""

    point: dict[str, float | str]
    outcomes: dict[str, float] = Field(default_factory=dict)
    failed: bool = False


class Neighbour(Record):
    """A tested experiment near a suggested one."""

    experiment: int
    point: dict[str, float | str]
    outcomes: dict[str, float]
    failed: bool
    distance: float


class Suggestion(Record):
    """One experiment to do next, and why.

    ``mean``, ``deviation`` and ``gain`` are in the objective's unit, and missing while the design only spreads or when
    there are several objectives (whose scores are mixed by random weights). ``gain`` is the expected improvement.
    """

    point: dict[str, float | str]
    reason: str
    mean: float | None = None
    deviation: float | None = None
    gain: float | None = None
    cost: float = 1.0
    nearest: tuple[Neighbour, ...] = ()


class Advice(Record):
    """The next experiments, and the chance that going on is worth it.

    ``chance`` is the probability that an untested point beats the best by more than ``margin``; missing while the
    surrogate has too little to say, and with several objectives.
    """

    suggestions: tuple[Suggestion, ...]
    chance: float | None = None
    margin: float = Field(default=0.0, ge=0)
    candidates: int = 0
    noise: float | None = None


def advise(
    space: Space,
    observations: list[Observation],
    pending: list[Point] | None = None,
    *,
    batch: int = 1,
    seed: int = 0,
    margin: float = 0.0,
    pool: list[Point] | None = None,
) -> Advice:
    """Suggest the next experiments.

    Args:
        space: The search space.
        observations: What was measured.
        pending: Experiments under way.
        batch: How many suggestions.
        seed: Seed of everything random; the same input gives the same advice.
        margin: The improvement that would matter, in the first objective's unit.
        pool: The only points that can be tested, if they are a list; by default the space is sampled.

    Raises:
        ConflictError: The space, or the pool, is empty.
        RepairableToolError: A structure cannot be read.
    """
    waiting = list(pending or [])
    points = [dict(point) for point in pool] if pool is not None else candidate_points(space, seed=0)
    if not points:
        raise ConflictError("The pool of candidates is empty.", remedy="Give at least one candidate.")
    scores = _scores(space, observations)
    if pool is None:
        points += _around_best(space, observations, scores, seed)
    done = {_key(space, one.point) for one in observations} | {_key(space, point) for point in waiting}
    fresh = {key: point for point in points if (key := _key(space, point)) not in done}
    table = [*fresh.values(), *(one.point for one in observations), *waiting]
    blocks = encode(space, table)
    free = np.zeros(len(table), dtype=bool)
    free[: len(fresh)] = True
    tested = list(range(len(fresh), len(fresh) + len(observations)))
    under_way = list(range(len(fresh) + len(observations), len(table)))
    choice = choose_rows(
        blocks,
        tested,
        scores,
        batch=batch,
        pending=under_way,
        available=free,
        costs=np.asarray([space.cost(point) for point in table]) if space.costs else None,
        seed=seed,
    )
    single = len(space.objectives) == 1 and space.objectives[0].goal != "target"
    chance = None
    if choice.posterior is not None and len(space.objectives) == 1:
        best = float(np.nanmax(scores))
        chance = improvement_probability(choice, blocks, free, best, margin, seed)
    noise = None
    if choice.posterior is not None and len(space.objectives) == 1:
        noise = float(np.sqrt(choice.posterior.given.noise) * choice.scale[1])
    return Advice(
        suggestions=tuple(
            _explained(space, observations, table, blocks, tested, choice, place, single)
            for place in range(len(choice.rows))
        ),
        chance=chance,
        margin=margin,
        candidates=len(fresh),
        noise=noise,
    )


def _scores(space: Space, observations: list[Observation]) -> np.ndarray:
    rows = []
    for one in observations:
        missing = [target.name for target in space.objectives if not one.failed and target.name not in one.outcomes]
        if missing:
            raise RepairableToolError(
                f"The observation at {one.point} has no value of {', '.join(missing)}.",
                remedy="Give every objective's value, or say that it failed.",
            )
        rows.append([np.nan if one.failed else target.score(one.outcomes[target.name]) for target in space.objectives])
    return np.asarray(rows, dtype=float).reshape(len(rows), len(space.objectives))


def _around_best(space: Space, observations: list[Observation], scores: np.ndarray, seed: int) -> list[Point]:
    """Points around the three best of every objective."""
    found: list[Point] = []
    for column in scores.T:
        order = [int(i) for i in np.argsort(-column, kind="stable") if np.isfinite(column[i])]
        for place, i in enumerate(order[:3]):
            for width in (0.15, 0.04):
                found += nearby_points(space, observations[i].point, NEARBY // 2, seed + 97 * place, width)
    return found


def _explained(
    space: Space,
    observations: list[Observation],
    table: list[Point],
    blocks: list[np.ndarray],
    tested: list[int],
    choice: Choice,
    place: int,
    single: bool,
) -> Suggestion:
    row = choice.rows[place]
    away = np.sqrt(sum(((block[tested] - block[row]) ** 2).sum(axis=1) for block in blocks)) if tested else np.empty(0)
    nearest = tuple(
        Neighbour(
            experiment=int(i),
            point=observations[i].point,
            outcomes=observations[i].outcomes,
            failed=observations[i].failed,
            distance=round(float(away[i]), 4),
        )
        for i in np.argsort(away, kind="stable")[:3]
    )
    figures: dict[str, Any] = {}
    if single and choice.posterior is not None:
        mean = float(choice.mean[place])
        figures = {
            "mean": -mean if space.objectives[0].goal == "minimise" else mean,
            "deviation": float(choice.deviation[place]),
            "gain": float(choice.gain[place]),
        }
    return Suggestion(
        point=table[row], reason=choice.reasons[place], cost=space.cost(table[row]), nearest=nearest, **figures
    )


def _key(space: Space, point: Point) -> tuple[float | str, ...]:
    return tuple(
        value if isinstance(value := point[name], str) else float(f"{float(value):.9g}") for name in space.factors
    )
