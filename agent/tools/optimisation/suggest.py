"""The tool: the next experiments of a campaign."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import ValidationError

from agent.errors import ConflictError, RepairableToolError
from agent.records import ArtifactContent, Record, Result
from agent.tools._declare import tool
from agent.tools._results import empty, ok
from agent.tools.optimisation.parameters import matches
from agent.tools.optimisation.space import Space
from agent.units import counted

R = TypeVar("R", bound=Record)


@tool("experiments", engines=("numpy", "scipy", "rdkit"), seconds=300.0)
def suggest_experiments(
    space: Space,
    observations: list[dict[str, object]] = [],
    pending: list[dict[str, float | str]] = [],
    batch: int = 1,
    random_seed: int = 0,
    margin: float = 0.0,
    pool: list[dict[str, float | str]] = [],
    earlier: list[dict[str, object]] = [],
) -> Result:
    """Suggest the next experiments of an optimisation, with the reason of each and advice on when to stop.

    The first suggestions spread over the space; later ones come from a Gaussian process of everything measured.
    Failed experiments are avoided, those under way count as done, and the same input gives the same suggestions.
    Results of earlier campaigns are weighed by how well they foretell this one's.

    Args:
        space: The factors (continuous, discrete, categorical, mixture; any of them under a condition), constraints,
            costs and objectives.
        observations: What was measured: objects with `point` (factor to value), `outcomes` (objective to value),
            `failed` (true if the experiment gave nothing) and `repeats` (how many measurements are averaged).
        pending: Points of experiments that are under way.
        batch: How many experiments to suggest, 1 to 96.
        random_seed: Seed of everything random.
        margin: The improvement that would matter, in the objective's unit (with several objectives: as a share of the
            hypervolume); the chance to find it is reported.
        pool: The only points that can be tested, if they are a list; by default the space is sampled.
        earlier: Campaigns to learn from: objects with `name`, `space` and `observations`.

    Returns:
        Data `suggestions` (point, reason, predicted means and standard deviations, expected improvement, the factors
        that make it, cost, nearest tested points), `chance` (probability that an untested point is better by more
        than the margin), `relevance` of each factor, `weights` of earlier campaigns, `candidates` and `noise`. Empty
        when every point was tested.

    Source:
        Optimistic means and expected improvement of a Matern-5/2 Gaussian process over half-rank warped scores, kriging
        believer in a batch, expected hypervolume improvement for several objectives, ranking-weighted ensembles for
        earlier campaigns; sources in the modules.
    """
    from agent.tools.optimisation.advice import advise
    from agent.tools.optimisation.earlier import Earlier, Observation

    if not 1 <= batch <= 96:
        raise RepairableToolError(f"batch is {batch}; it must be 1 to 96.", remedy="Ask for 1 to 96 experiments.")
    if margin < 0:
        raise RepairableToolError(f"margin is {margin:g}; it must be 0 or more.", remedy="Give 0 or more.")
    seen = [_record(Observation, one, "observation") for one in observations]
    for point in [*(one.point for one in seen), *pending, *pool]:
        missing = sorted(_lacking(space, point))
        if missing:
            raise RepairableToolError(
                f"A point does not fit the space; it differs in: {', '.join(missing)}.",
                remedy=f"The factors are: {', '.join(space.factors)}.",
            )
    try:
        advice = advise(
            space,
            seen,
            list(pending),
            batch=batch,
            seed=random_seed,
            margin=margin,
            pool=list(pool) or None,
            earlier=[_record(Earlier, one, "earlier campaign") for one in earlier],
        )
    except ConflictError as error:
        raise RepairableToolError(error.message, remedy=error.remedy) from error
    if not advice.suggestions:
        return empty("Every point of the space was tested or is under way.", data=advice.plain())
    how = "spread over the space" if advice.chance is None and advice.noise is None else "by the surrogate"
    return ok(
        f"{counted(len(advice.suggestions), 'experiment')} suggested {how},"
        f" out of {counted(advice.candidates, 'candidate')}, after {counted(len(seen), 'result')}.",
        data=advice.plain(),
        artifacts=[_sheet(space, [suggestion.point for suggestion in advice.suggestions])],
    )


def _sheet(space: Space, points: Sequence[Mapping[str, float | str]]) -> ArtifactContent:
    """The suggested settings as a table to fill in: a row each, and an empty column for every result."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    results = [one.name for one in space.objectives]
    units = {name: space.unit(name) for name in (*space.factors, *results)}
    writer.writerow(["experiment", *(name if unit == "1" else f"{name} ({unit})" for name, unit in units.items())])
    for number, point in enumerate(points, start=1):
        settings = [point.get(name, "") for name in space.factors]
        told = [f"{value:.4g}" if isinstance(value, float) else value for value in settings]
        writer.writerow([number, *told, *("" for _ in results)])
    return ArtifactContent(
        name="experiments.csv", media_type="text/csv", content=out.getvalue(), title="Experiments to run"
    )


def _record(kind: type[R], plain: object, what: str) -> R:
    try:
        return kind.model_validate(plain)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RepairableToolError(
            f"An {what} does not fit: {where}: {first['msg']}.", remedy="Mend that entry."
        ) from error


def _lacking(space: Space, point: dict[str, float | str]) -> set[str]:
    """Factors that a point should have, and unknown ones that it has."""
    wanted = {name for one in space.ordered if matches(point, one.when) for name in one.names}
    return wanted ^ set(point)
