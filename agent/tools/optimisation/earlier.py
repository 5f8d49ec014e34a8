"""What was measured, here and in earlier campaigns, and what of an earlier campaign is about this one's factors."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from agent.errors import InputError, RepairableToolError
from agent.records import Record
from agent.tools.optimisation.encoding import encode
from agent.tools.optimisation.parameters import Categorical, Mixture, Parameter, Point
from agent.tools.optimisation.space import Space
from agent.tools.optimisation.transfer import Source
from agent.units import convert


class Observation(Record):
    """One measured experiment: its settings, and every objective's value, or that it failed.

    ``repeats`` is how many measurements the values are the means of.
    """

    point: dict[str, float | str]
    outcomes: dict[str, float] = Field(default_factory=dict)
    failed: bool = False
    repeats: int = Field(default=1, ge=1)


class Earlier(Record):
    """An earlier campaign: its space and what was measured in it."""

    name: str
    space: Space
    observations: tuple[Observation, ...]


def as_source(space: Space, earlier: Earlier) -> Source:
    """An earlier campaign's results in this campaign's factors, categories and units.

    Results with categories that this campaign does not have, and failed ones, are left out.

    Raises:
        RepairableToolError: It shares no factor, not all objectives, or no result that could be carried over.
    """
    theirs = {one.name: one for one in earlier.space.parameters}
    shared = [one for one in space.parameters if one.name in theirs and _comparable(one, theirs[one.name])]
    if not shared:
        raise RepairableToolError(
            f"The campaign '{earlier.name}' shares no factor with this one.",
            remedy="Factors are shared by name, kind and unit; learn from another campaign.",
        )
    wanted = {one.name: one for one in space.objectives}
    missing = sorted(set(wanted) - {one.name for one in earlier.space.objectives})
    if missing:
        raise RepairableToolError(
            f"The campaign '{earlier.name}' did not measure {', '.join(missing)}.",
            remedy="Learn from campaigns with the same objectives.",
        )
    points: list[Point] = []
    scores: list[list[float]] = []
    for one in earlier.observations:
        point = None if one.failed else _carried(shared, one.point, space, earlier.space)
        if point is not None:
            points.append(point)
            scores.append([target.score(one.outcomes[target.name]) for target in space.objectives])
    if not points:
        raise RepairableToolError(
            f"The campaign '{earlier.name}' has no result that could be carried over.",
            remedy="Learn from a campaign with results in the same categories.",
        )
    names = {name for one in shared for name in one.names}
    part = [one.model_copy(update={"when": {}}) for one in shared]
    return Source(
        name=earlier.name,
        columns=tuple(place for place, name in enumerate(space.factors) if name in names),
        blocks=encode(Space.model_construct(**{**dict(space), "parameters": tuple(part)}), points),
        scores=np.asarray(scores, dtype=float),
    )


def _comparable(mine: Parameter, theirs: Parameter) -> bool:
    """Whether two factors of one name mean the same kind of thing, and always exist in both campaigns."""
    if mine.when or theirs.when:
        return False
    if isinstance(mine, Categorical) or isinstance(theirs, Categorical):
        return isinstance(mine, Categorical) and isinstance(theirs, Categorical)
    if isinstance(mine, Mixture) or isinstance(theirs, Mixture):
        return isinstance(mine, Mixture) and isinstance(theirs, Mixture) and set(mine.names) == set(theirs.names)
    try:
        convert(1.0, theirs.unit, mine.unit)
    except InputError:
        return False
    return True


def _carried(shared: list[Parameter], point: Point, space: Space, earlier: Space) -> Point | None:
    """A point in this campaign's units; ``None`` if it has a category that this campaign does not know."""
    carried: Point = {}
    for one in shared:
        for name in one.names:
            value = point[name]
            if isinstance(one, Categorical):
                if value not in one.values:
                    return None
                carried[name] = value
            else:
                carried[name] = convert(float(value), earlier.unit(name), space.unit(name))
                if not isinstance(one, Mixture) and one.log and float(carried[name]) <= 0:
                    return None
    return carried
