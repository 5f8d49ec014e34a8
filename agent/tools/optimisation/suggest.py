"""The tool: the next experiments of a campaign."""

from __future__ import annotations

from agent.errors import ConflictError, RepairableToolError
from agent.records import Result
from agent.tools._declare import tool
from agent.tools._results import empty, ok
from agent.tools.optimisation.space import Space


@tool("experiments", engines=("numpy", "scipy", "rdkit"), seconds=300.0)
def suggest_experiments(
    space: Space,
    observations: list[dict[str, object]] = [],  # noqa: B006 - a tool's defaults are read, never changed
    pending: list[dict[str, float | str]] = [],  # noqa: B006
    batch: int = 1,
    random_seed: int = 0,
    margin: float = 0.0,
    pool: list[dict[str, float | str]] = [],  # noqa: B006
) -> Result:
    """Suggest the next experiments of an optimisation, with the reason of each and advice on when to stop.

    The first suggestions spread over the space; later ones come from a Gaussian process of everything measured.
    Failed experiments are avoided, those under way count as done, and the same input gives the same suggestions.

    Args:
        space: The factors (continuous, discrete, categorical, mixture), constraints and objectives.
        observations: What was measured: objects with `point` (factor to value), `outcomes` (objective to value) and
            `failed` (true if the experiment gave nothing).
        pending: Points of experiments that are under way.
        batch: How many experiments to suggest, 1 to 96.
        random_seed: Seed of everything random.
        margin: The improvement that would matter, in the objective's unit; the chance to find it is reported.
        pool: The only points that can be tested, if they are a list; by default the space is sampled.

    Returns:
        Data `suggestions` (point, reason, predicted mean, standard deviation, expected improvement, cost, nearest
        tested points), `chance` (probability that an untested point is better by more than the margin), `candidates`
        and `noise`. Empty when every point was tested.

    Source:
        Expected improvement and optimistic means of a Matern-5/2 Gaussian process in turns, kriging believer in a
        batch, random augmented Chebyshev weights for several objectives; sources in the modules.
    """
    from agent.tools.optimisation.advice import Observation, advise

    if not 1 <= batch <= 96:
        raise RepairableToolError(f"batch is {batch}; it must be 1 to 96.", remedy="Ask for 1 to 96 experiments.")
    if margin < 0:
        raise RepairableToolError(f"margin is {margin:g}; it must be 0 or more.", remedy="Give 0 or more.")
    seen = [Observation.model_validate(one) for one in observations]
    for point in [*(one.point for one in seen), *pending, *pool]:
        missing = sorted(set(space.factors) ^ set(point))
        if missing:
            raise RepairableToolError(
                f"A point does not fit the space; it differs in: {', '.join(missing)}.",
                remedy=f"Every point has: {', '.join(space.factors)}.",
            )
    try:
        advice = advise(
            space, seen, list(pending), batch=batch, seed=random_seed, margin=margin, pool=list(pool) or None
        )
    except ConflictError as error:
        raise RepairableToolError(error.message, remedy=error.remedy) from error
    if not advice.suggestions:
        return empty("Every point of the space was tested or is under way.", data=advice.plain())
    how = "spread over the space" if advice.chance is None and advice.noise is None else "by the surrogate"
    return ok(
        f"{len(advice.suggestions)} experiments suggested {how}, out of {advice.candidates} candidates,"
        f" after {len(seen)} results.",
        data=advice.plain(),
    )
