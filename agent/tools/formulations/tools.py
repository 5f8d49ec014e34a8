"""The tools of formulations: designing recipes to make, and learning from those that were measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from agent.errors import RepairableToolError
from agent.records import Result, Value
from agent.tools import ok, progress, tool
from agent.tools._declare import FilePath
from agent.tools.formulations.designs import Kind
from agent.tools.formulations.proposing import Goal, Limit
from agent.tools.formulations.region import Ingredient, Ratio, Weighted
from agent.tools.formulations.scheffe import Model

if TYPE_CHECKING:
    from agent.tools.formulations.measured import MeasuredRecipes
    from agent.tools.formulations.region import Region
    from agent.tools.formulations.scheffe import Fit

MOST = 200
"""Recipes that one call returns."""

_POOR = 0.5
"""Cross-validated share of the variance below which the prediction is called weak."""

_KEPT = 500
"""Measured recipes that later steps are given at most."""


@tool("experiments", engines=("numpy", "scipy"))
def design_mixture(
    ingredients: list[Ingredient],
    ratios: list[Ratio] = [],
    constraints: list[Weighted] = [],
    kind: Kind = "D-optimal",
    count: int = 12,
    model: Model = "quadratic",
    degree: int = 2,
    response: str = "response",
    goal: Goal = "maximise",
    target: float | None = None,
    reach: float | None = None,
    random_seed: int = 0,
) -> Result:
    """Design recipes of a mixture: fractions that add to one within bounds, ratios and linear constraints.

    Lattice and centroid designs cover the whole simplex above the lower bounds and are refused where upper bounds cut
    it; extreme vertices, D-optimal and space-filling designs suit any region.

    Args:
        ingredients: The components with the bounds of their fractions (0 to 1).
        ratios: Bounds on ratios of two components.
        constraints: Bounds on weighted sums of fractions.
        kind: Which design. D-optimal determines the model's coefficients best; space filling assumes no model.
        count: Recipes of a D-optimal or space-filling design, 1 to 200; the other kinds have their own number.
        model: The model that a D-optimal design is for.
        degree: Of the simplex lattice: fractions in steps of one over it.
        response: What will be measured, for the sheet and the space file.
        goal: What a campaign is to do with it: maximise, minimise, or hit a target.
        target: The value to hit, for that goal.
        reach: The value at which a campaign is done.
        random_seed: The same number gives the same recipes.

    Returns:
        Candidates of kind recipe with the fraction of each component. Data: recipes, names, vertices, efficiency (of
        the design for the model). A table of the recipes to fill in, and the space file of a campaign.

    Source:
        Scheffé 1958 and 1963; McLean and Anderson 1966; Cook and Nachtsheim 1980; Kennard and Stone 1969. Cornell,
        Experiments with Mixtures, 3rd ed., Wiley 2002.
    """
    from agent.tools.formulations import designs, papers
    from agent.tools.formulations.proposing import check_aim
    from agent.tools.formulations.recipes import space_file
    from agent.tools.formulations.region import make_region, tidy
    from agent.tools.formulations.scheffe import terms

    check_aim(goal, target)
    if not 1 <= count <= MOST:
        raise RepairableToolError(f"count: {count} recipes cannot be asked for.", remedy=f"Ask for 1 to {MOST}.")
    region = make_region(ingredients, ratios, constraints)
    needed = len(terms(region.names, model))
    if kind == "D-optimal" and count < needed:
        raise RepairableToolError(
            f"count: {count} recipes cannot determine the {needed} terms of the {model} model.",
            remedy=f"Ask for {needed} or more, or choose a simpler model.",
        )
    if kind == "D-optimal":
        points = designs.d_optimal(region, model, count, random_seed)
    elif kind == "space filling":
        points = designs.space_filling(region, count, random_seed)
    elif kind == "extreme vertices":
        points = designs.extreme_vertices(region)
    else:
        points = _whole_simplex(region, kind, degree)
    if len(points) > MOST:
        raise RepairableToolError(
            f"kind: a {kind} design has {len(points)} recipes here; one call gives {MOST}.",
            remedy="Choose D-optimal or space filling with a count.",
        )
    points = tidy(points)
    space = space_file(ingredients, ratios, constraints, response=response, goal=goal, target=target, reach=reach)
    title = f"{kind} design of {len(points)} recipes"
    return ok(
        f"{title} of {', '.join(region.names)}; the allowed region has {len(region.vertices)} corners.",
        values=(Value(name="recipes", value=len(points)), Value(name="corners", value=len(region.vertices))),
        data={
            "names": list(region.names),
            "recipes": [dict(zip(region.names, row.tolist(), strict=True)) for row in points],
            "vertices": tidy(region.vertices).tolist(),
            "efficiency": round(designs.efficiency(points, model), 6),
            "model": model,
        },
        candidates=papers.unique([papers.draft(region.names, row, {"design": kind}) for row in points]),
        artifacts=(papers.sheet(region.names, points, response), papers.space(space)),
    )


@tool("experiments", engines=("numpy", "scipy"))
def analyse_mixture(
    path: FilePath,
    response: str = "",
    components: list[str] = [],
    ingredients: list[Ingredient] = [],
    ratios: list[Ratio] = [],
    constraints: list[Weighted] = [],
    limits: list[Limit] = [],
    goal: Goal = "maximise",
    target: float | None = None,
    reach: float | None = None,
    count: int = 10,
    random_seed: int = 0,
) -> Result:
    """Learn from measured recipes, and propose the next ones.

    Fits Scheffé's linear, quadratic and special cubic models, takes the simplest whose cross-validated error is near
    the smallest, and looks for the recipes with the best prediction inside the bounds, each with its 95 % prediction
    interval; one in five is where the model is least certain instead. For up to three components whose effect at the
    best recipe stands up, a recipe is added that differs from the best in that component alone, the others in
    proportion.

    Args:
        path: A CSV or TSV file with a column of fractions (or percent) for each component and one of results.
        response: The column of results; empty: the last column of numbers that is no component.
        components: Columns of the components; empty: those that add to 1 or 100.
        ingredients: Bounds of components (fractions from 0 to 1); a component without bounds keeps its measured range.
        ratios: Bounds on ratios of two components.
        constraints: Bounds on weighted sums of fractions.
        limits: Bounds on measured columns (hardness at least 80); each is modelled, and the proposed recipes are those
            predicted to meet all, or to come nearest.
        goal: Whether the response is to be maximised, minimised, or to hit a target.
        target: The value to hit, for that goal.
        reach: The value of the response at which a campaign is done.
        count: Recipes to propose, 1 to 200, besides those that differ in one component.
        random_seed: The same number gives the same recipes.

    Returns:
        Candidates of kind recipe with the fractions and the predicted responses (with their standard deviations).
        Data: model, coefficients, errors, cross_validated_error, explained, predicted, lack_of_fit, models, best,
        interval, contrasts (component, the two recipes, predicted difference with its standard error and p), measured
        (points, values), limits (by column: model, and whether the best recipe is predicted to meet them), skipped.
        The coefficients as a table, the recipes as a sheet to fill in, the measured ones as one to begin a campaign
        with, and its space file.

    Source:
        Scheffé 1958; Cox 1971; Cornell, Experiments with Mixtures, 3rd ed., Wiley 2002; cross-validation by leaving
        one out.
    """
    from agent.tools.formulations import papers, proposing
    from agent.tools.formulations.measured import read_recipes
    from agent.tools.formulations.recipes import recipe_key, space_file
    from agent.tools.formulations.region import make_region, tidy

    if not 1 <= count <= MOST:
        raise RepairableToolError(f"count: {count} recipes cannot be asked for.", remedy=f"Ask for 1 to {MOST}.")
    proposing.check_aim(goal, target)
    measured = read_recipes(path, response, components)
    fits = _fits(path, measured)
    fit, name = fits[0], measured.response
    others: dict[str, Fit] = {name: fit}
    for limit in limits:
        column = read_recipes(path, limit.response, measured.names)
        others.setdefault(column.response, _fits(path, column)[0])
    held = tuple((limit, others[_named(others, limit.response)]) for limit in limits)
    bounds = _bounds(measured, ingredients)
    region = make_region(bounds, ratios, constraints)
    progress(0.3, f"{fit.model} model")
    aim = proposing.Aim(fit, goal, target, held)
    points, origins = proposing.proposals(region, aim, count, random_seed)
    points = tidy(points)
    tests = proposing.contrasts(region, fit, points[0])
    points = np.vstack([points, *(tidy(one.point) for one in tests)])
    origins += [f"contrast in {one.component}" for one in tests]
    foretold = {column: model.predict(points) for column, model in others.items()}
    means, deviations = foretold[name]
    drafts = []
    for place, (row, origin) in enumerate(zip(points, origins, strict=True)):
        said = [
            Value(name=column, value=papers.short(float(mean[place])), uncertainty=papers.short(float(spread[place])))
            for column, (mean, spread) in foretold.items()
        ]
        drafts.append(papers.draft(region.names, row, {"origin": origin}, *said))
    half = fit.factor() * deviations[0]
    tested = measured.values
    seen = tested.max() if goal == "maximise" else tested.min() if goal == "minimise" else None
    warnings = (
        [f"{len(measured.skipped)} rows were left out: {'; '.join(measured.skipped[:20])}"] if measured.skipped else []
    )
    warnings += _doubts(fit, measured, points[0])
    short_of = [limit for limit in held if proposing.Aim(fit, goal, target, (limit,)).violation(points[:1])[0] > 1e-6]
    for limit, model in short_of:
        best = model.predict(points[:1])[0][0]
        warnings.append(f"no recipe is predicted to meet every limit: the first has {limit.response} at {best:.4g}")
    if seen is not None and reach is not None and (seen >= reach if goal == "maximise" else seen <= reach):
        reach = None  # a measured recipe is there already: the campaign is to find a better one
    space = space_file(bounds, ratios, constraints, response=name, goal=goal, target=target, reach=reach)
    told = f", best measured {seen:.4g}" if seen is not None else ""
    inside = region.admits(measured.points, 1e-6)
    return ok(
        f"{fit.model} model of {name} from {len(tested)} recipes (cross-validated error {fit.error:.3g}, it explains "
        f"{fit.predicted:.0%} of the variance). Best predicted: {drafts[0].structure} with {means[0]:.4g} ± {half:.2g} "
        f"(95 % prediction interval){told}.",
        values=(
            Value(name="measured_recipes", value=len(tested)),
            Value(name="cross_validated_error", value=papers.short(fit.error)),
            Value(
                name="predicted_best",
                value=papers.short(float(means[0])),
                uncertainty=papers.short(float(deviations[0])),
            ),
        ),
        data={
            "response": name,
            "goal": goal,
            "names": list(region.names),
            "best": {"recipe": dict(zip(region.names, points[0].tolist(), strict=True)), "value": float(means[0])},
            "best_measured": None if seen is None else float(seen),
            "interval": [float(means[0] - half), float(means[0] + half)],
            "contrasts": [
                {
                    "component": one.component,
                    "recipes": [drafts[0].structure, recipe_key(region.names, tidy(one.point))],
                    "fractions": [round(one.best, 4), round(one.other, 4)],
                    "difference": papers.short(one.difference),
                    "error": papers.short(one.error),
                    "p": one.p,
                }
                for one in tests
            ],
            "measured": {
                "points": np.round(measured.points[:_KEPT], 4).tolist(),
                "values": tested[:_KEPT].tolist(),
            },
            "limits": {
                limit.response: {"low": limit.low, "high": limit.high, "met": (limit, model) not in short_of}
                for limit, model in held
            },
            "models": [papers.plain(one) for one in fits],
            "skipped": list(measured.skipped),
            **papers.plain(fit),
        },
        candidates=papers.unique(drafts),
        artifacts=(
            papers.coefficients(fit),
            papers.sheet(region.names, points, name, means, deviations),
            papers.measured_sheet(region.names, tidy(measured.points[inside]), tested[inside], name),
            papers.space(space),
        ),
        warnings=warnings,
    )


def _fits(path: str, measured: MeasuredRecipes) -> list[Fit]:
    """The models of a response, the best first."""
    from agent.tools.formulations.scheffe import choose

    fits = choose(measured.points, measured.values, measured.names)
    if not fits:
        raise RepairableToolError(
            f"path: {len(measured.values)} recipes of '{path}' cannot determine even the linear model of "
            f"{len(measured.names)} components for {measured.response}.",
            remedy="Measure more recipes that differ from each other.",
        )
    return fits


def _named(columns: dict[str, Fit], asked: str) -> str:
    """The column that a name stands for: itself, or the name with a unit in brackets behind it."""
    wanted = asked.strip().lower()
    return next(one for one in columns if wanted in (one.lower(), one.lower().split("(")[0].split("[")[0].strip()))


def _whole_simplex(region: Region, kind: Kind, degree: int) -> np.ndarray:
    from agent.tools.formulations import designs

    if kind == "simplex lattice" and not 1 <= degree <= 10:
        raise RepairableToolError(f"degree: {degree} cannot be asked for.", remedy="Give 1 to 10.")
    size = len(region.names)
    plain = designs.simplex_lattice(size, degree) if kind == "simplex lattice" else designs.simplex_centroid(size)
    points = designs.pseudo_components(region, plain)
    if points is None:
        raise RepairableToolError(
            f"kind: upper bounds or constraints cut the simplex, so a {kind} design does not fit.",
            remedy="Choose extreme vertices, D-optimal or space filling.",
        )
    return points


def _bounds(measured: MeasuredRecipes, given: Sequence[Ingredient]) -> list[Ingredient]:
    """The bounds given by name; for the other components the range that was measured."""
    asked = {one.name.strip().lower(): one for one in given}
    unknown = set(asked) - {name.lower() for name in measured.names}
    if unknown:
        raise RepairableToolError(
            f"ingredients: {', '.join(sorted(unknown))} is no component of the table.",
            remedy=f"There are: {', '.join(measured.names)}.",
        )
    return [
        Ingredient(name=name, low=asked[name.lower()].low, high=asked[name.lower()].high)
        if name.lower() in asked
        else Ingredient(name=name, low=float(column.min()), high=min(1.0, float(column.max())))
        for name, column in zip(measured.names, measured.points.T, strict=True)
    ]


def _doubts(fit: Fit, measured: MeasuredRecipes, best: np.ndarray) -> list[str]:
    doubts = []
    if fit.predicted < _POOR:
        doubts.append(
            f"the model predicts poorly: cross-validation explains {max(fit.predicted, 0):.0%} of the variance"
        )
    if fit.lack is not None and fit.lack < 0.05:
        doubts.append(f"the model does not fit all that replicates allow (lack of fit, p = {fit.lack:.2g})")
    low, high = measured.points.min(axis=0) - 1e-6, measured.points.max(axis=0) + 1e-6
    outside = [name for name, one, a, b in zip(measured.names, best, low, high, strict=True) if not a <= one <= b]
    if outside:
        doubts.append(f"the best recipe lies outside what was measured in: {', '.join(outside)}")
    return doubts
