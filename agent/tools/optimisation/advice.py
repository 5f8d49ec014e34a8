"""From a space and what was measured in it to the next experiments, each explained, and whether to go on."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from agent.errors import ConflictError, RepairableToolError
from agent.records import Record
from agent.tools.optimisation.candidates import candidate_points, nearby_points
from agent.tools.optimisation.earlier import Earlier, Observation, as_source
from agent.tools.optimisation.encoding import encode
from agent.tools.optimisation.engine import Choice, choose_rows
from agent.tools.optimisation.outlook import drivers, improvement_chance, relevance
from agent.tools.optimisation.space import Point, Space

NEARBY = 300
"""Points tried around each of the best ones."""
LEAST_MARGIN = 0.01
"""With several objectives, the share of the hypervolume below which an improvement does not count."""


class Neighbour(Record):
    """A tested experiment near a suggested one."""

    experiment: int
    point: dict[str, float | str]
    outcomes: dict[str, float]
    failed: bool
    distance: float


class Expected(Record):
    """What is predicted of one objective, in its unit."""

    objective: str
    mean: float
    deviation: float


class Driver(Record):
    """A factor whose setting changes what is predicted.

    ``effect`` is the difference that the suggested setting makes to the predicted mean, against the setting of the
    best experiment so far, in the first objective's unit.
    """

    factor: str
    effect: float


class Suggestion(Record):
    """One experiment to do next, and why.

    ``expected``, ``drivers`` and ``gain`` are missing while the design only spreads. ``mean`` and ``deviation`` repeat
    what is predicted of a single objective. ``gain`` is the expected improvement in the objective's unit; with several
    objectives the expected growth of the dominated hypervolume, as a share of it.
    """

    point: dict[str, float | str]
    reason: str
    mean: float | None = None
    deviation: float | None = None
    gain: float | None = None
    expected: tuple[Expected, ...] = ()
    drivers: tuple[Driver, ...] = ()
    cost: float = 1.0
    nearest: tuple[Neighbour, ...] = ()


class Advice(Record):
    """The next experiments, and the chance that going on is worth it.

    ``chance`` is the probability that an untested point beats the best by more than ``margin`` (with several
    objectives: adds more than that share to the hypervolume); missing while the surrogate has too little to say.
    ``relevance`` is the share of the predicted differences that each factor makes, ``weights`` what each earlier
    campaign counts.
    """

    suggestions: tuple[Suggestion, ...]
    chance: float | None = None
    margin: float = Field(default=0.0, ge=0)
    candidates: int = 0
    noise: float | None = None
    relevance: dict[str, float] = Field(default_factory=dict)
    weights: dict[str, float] = Field(default_factory=dict)


def advise(
    space: Space,
    observations: list[Observation],
    pending: list[Point] | None = None,
    *,
    batch: int = 1,
    seed: int = 0,
    margin: float = 0.0,
    pool: list[Point] | None = None,
    earlier: list[Earlier] | None = None,
) -> Advice:
    """Suggest the next experiments.

    Args:
        space: The search space.
        observations: What was measured.
        pending: Experiments under way.
        batch: How many suggestions.
        seed: Seed of everything random; the same input gives the same advice.
        margin: The improvement that would matter, in the objective's unit; with several objectives as a share of the
            hypervolume, at least 0.01.
        pool: The only points that can be tested, if they are a list; by default the space is sampled.
        earlier: Campaigns to learn from.

    Raises:
        ConflictError: The space, or the pool, is empty.
        RepairableToolError: A structure cannot be read, or an earlier campaign has nothing in common with this one.
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
    choice = choose_rows(
        blocks,
        tested,
        scores,
        batch=batch,
        pending=list(range(len(fresh) + len(observations), len(table))),
        available=free,
        costs=np.asarray([space.cost(point) for point in table]) if space.costs else None,
        repeats=np.asarray([one.repeats for one in observations], dtype=float),
        sources=[as_source(space, one) for one in earlier or []],
        seed=seed,
    )
    several = len(space.objectives) > 1
    margin = max(margin, LEAST_MARGIN) if several else margin
    chance = noise = None
    shares: dict[str, float] = {}
    if choice.beliefs:
        chance = improvement_chance(choice, blocks, free, scores, margin, seed)
        found = np.mean([relevance(belief, blocks, tested, seed) for belief in choice.beliefs], axis=0)
        shares = {name: round(float(share), 3) for name, share in zip(space.factors, found, strict=True)}
        noise = None if several else float(np.sqrt(choice.beliefs[0].noise) * choice.warps[0].spread)
    return Advice(
        suggestions=tuple(
            _explained(space, observations, table, blocks, tested, scores, choice, place)
            for place in range(len(choice.rows))
        ),
        chance=chance,
        margin=margin,
        candidates=len(fresh),
        noise=noise,
        relevance=shares,
        weights=choice.weights,
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
    scores: np.ndarray,
    choice: Choice,
    place: int,
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
    if choice.beliefs:
        # A score is turned for minimisation; for a target it stays the (negative) distance to it.
        turns = [-1 if one.goal == "minimise" else 1 for one in space.objectives]
        expected = tuple(
            Expected(
                objective=one.name,
                mean=turn * float(choice.mean[place, j]),
                deviation=float(choice.deviation[place, j]),
            )
            for j, (one, turn) in enumerate(zip(space.objectives, turns, strict=True))
            if one.goal != "target"
        )
        figures = {"expected": expected}
        if len(space.objectives) > 1 or expected:
            figures["gain"] = float(choice.gain[place])
        if len(space.objectives) == 1 and expected:
            figures |= {"mean": expected[0].mean, "deviation": expected[0].deviation}
        best = tested[int(np.nanargmax(scores[:, 0]))]
        effects = drivers(choice.beliefs[0], blocks, tested, row, best) * choice.warps[0].spread * turns[0]
        order = np.argsort(-np.abs(effects), kind="stable")[:3]
        figures["drivers"] = tuple(
            Driver(factor=space.factors[i], effect=float(f"{effects[i]:.4g}")) for i in order if abs(effects[i]) > 0
        )
    return Suggestion(
        point=table[row], reason=choice.reasons[place], cost=space.cost(table[row]), nearest=nearest, **figures
    )


def _key(space: Space, point: Point) -> tuple[float | str | None, ...]:
    values = (point.get(name) for name in space.factors)
    return tuple(value if value is None or isinstance(value, str) else float(f"{float(value):.9g}") for value in values)
