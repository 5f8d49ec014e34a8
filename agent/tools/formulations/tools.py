"""The tools of formulations: designing recipes to make, and learning from those that were measured."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, CandidateDraft, Result, Value
from agent.tools import ok, progress, tool
from agent.tools._declare import FilePath
from agent.tools.formulations.designs import Kind
from agent.tools.formulations.region import Ingredient, Ratio, Weighted
from agent.tools.formulations.scheffe import Model

if TYPE_CHECKING:
    from agent.tools.formulations.measured import MeasuredRecipes
    from agent.tools.formulations.region import Region
    from agent.tools.formulations.scheffe import Fit

Goal = Literal["maximise", "minimise", "target"]

MOST = 200
"""Recipes that one call returns."""

_SEARCHED = 2000
"""Sampled recipes among which the best predicted ones are looked for."""

_APART = 0.05
"""Least distance (Euclidean, fractions) between two recommended recipes."""

_POOR = 0.5
"""Cross-validated share of the variance below which the prediction is called weak."""


@tool("experiments", engines=("numpy", "scipy"))
def design_mixture(
    ingredients: list[Ingredient],
    ratios: list[Ratio] = [],  # noqa: B006 (the schema shows the default; never changed)
    constraints: list[Weighted] = [],  # noqa: B006
    kind: Kind = "D-optimal",
    count: int = 12,
    model: Model = "quadratic",
    degree: int = 2,
    response: str = "response",
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
        response: What will be measured, for the space file.
        random_seed: The same number gives the same recipes.

    Returns:
        Candidates of kind recipe with the fraction of each component. Data: recipes, names, vertices, efficiency (of
        the design for the model). A table of the recipes to fill in, and the space file of a campaign.

    Source:
        Scheffé 1958 and 1963; McLean and Anderson 1966; Cook and Nachtsheim 1980; Kennard and Stone 1969. Cornell,
        Experiments with Mixtures, 3rd ed., Wiley 2002.
    """
    from agent.tools.formulations import designs
    from agent.tools.formulations.recipes import space_file
    from agent.tools.formulations.region import make_region, tidy
    from agent.tools.formulations.scheffe import terms

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
    space = space_file(ingredients, ratios, constraints, response=response)
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
        candidates=_unique([_draft(region.names, row, {"design": kind}) for row in points]),
        artifacts=(_sheet(region.names, points, response), _space(space)),
    )


@tool("experiments", engines=("numpy", "scipy"))
def analyse_mixture(
    path: FilePath,
    response: str = "",
    components: list[str] = [],  # noqa: B006
    ingredients: list[Ingredient] = [],  # noqa: B006
    ratios: list[Ratio] = [],  # noqa: B006
    constraints: list[Weighted] = [],  # noqa: B006
    goal: Goal = "maximise",
    target: float | None = None,
    count: int = 10,
    random_seed: int = 0,
) -> Result:
    """Learn from measured recipes, and propose the next ones.

    Fits Scheffé's linear, quadratic and special cubic models, takes the simplest whose cross-validated error is near
    the smallest, and looks for the recipes with the best prediction inside the bounds, each with its 95 % prediction
    interval; one in five is where the model is least certain instead.

    Args:
        path: A CSV or TSV file with a column of fractions (or percent) for each component and one of results.
        response: The column of results; empty: the last column of numbers that is no component.
        components: Columns of the components; empty: those that add to 1 or 100.
        ingredients: Bounds of components (fractions from 0 to 1); a component without bounds keeps its measured range.
        ratios: Bounds on ratios of two components.
        constraints: Bounds on weighted sums of fractions.
        goal: Whether the response is to be maximised, minimised, or to hit a target.
        target: The value to hit, for that goal.
        count: Recipes to propose, 1 to 200.
        random_seed: The same number gives the same recipes.

    Returns:
        Candidates of kind recipe with the fractions and the predicted response (with its standard deviation). Data:
        model, coefficients, errors, cross_validated_error, explained, predicted, lack_of_fit, models, best, skipped.
        The coefficients as a table, the recipes as a sheet to fill in, and the space file of a campaign.

    Source:
        Scheffé 1958; Cornell, Experiments with Mixtures, 3rd ed., Wiley 2002; cross-validation by leaving one out.
    """
    from agent.tools.formulations.measured import read_recipes
    from agent.tools.formulations.recipes import space_file
    from agent.tools.formulations.region import make_region, tidy
    from agent.tools.formulations.scheffe import choose

    if not 1 <= count <= MOST:
        raise RepairableToolError(f"count: {count} recipes cannot be asked for.", remedy=f"Ask for 1 to {MOST}.")
    if (goal == "target") != (target is not None):
        raise RepairableToolError(
            "target: a value belongs to the goal 'target', and to that goal only.", remedy="Give both or neither."
        )
    measured = read_recipes(path, response, components)
    fits = choose(measured.points, measured.values, measured.names)
    if not fits:
        raise RepairableToolError(
            f"path: {len(measured.values)} recipes of '{path}' cannot determine even the linear model of "
            f"{len(measured.names)} components.",
            remedy="Measure more recipes that differ from each other.",
        )
    fit = fits[0]
    bounds = _bounds(measured, ingredients)
    region = make_region(bounds, ratios, constraints)
    progress(0.3, f"{fit.model} model")
    points, origins = _proposals(region, fit, goal, target, count, random_seed)
    points = tidy(points)
    means, deviations = fit.predict(points)
    name = measured.response
    drafts = [
        _draft(region.names, row, {"origin": origin}, Value(name=name, value=_short(mean), uncertainty=_short(spread)))
        for row, origin, mean, spread in zip(points, origins, means, deviations, strict=True)
    ]
    half = fit.factor() * deviations[0]
    tested = measured.values
    seen = tested.max() if goal == "maximise" else tested.min() if goal == "minimise" else None
    warnings = (
        [f"{len(measured.skipped)} rows were left out: {'; '.join(measured.skipped[:20])}"] if measured.skipped else []
    )
    warnings += _doubts(fit, measured, points[0])
    space = space_file(bounds, ratios, constraints, response=name, goal=goal, target=target)
    told = f", best measured {seen:.4g}" if seen is not None else ""
    return ok(
        f"{fit.model} model of {name} from {len(tested)} recipes (cross-validated error {fit.error:.3g}, it explains "
        f"{fit.predicted:.0%} of the variance). Best predicted: {drafts[0].structure} with {means[0]:.4g} ± {half:.2g} "
        f"(95 % prediction interval){told}.",
        values=(
            Value(name="measured_recipes", value=len(tested)),
            Value(name="cross_validated_error", value=_short(fit.error)),
            Value(name="predicted_best", value=_short(float(means[0])), uncertainty=_short(float(deviations[0]))),
        ),
        data={
            "response": name,
            "names": list(region.names),
            "best": {"recipe": dict(zip(region.names, points[0].tolist(), strict=True)), "value": float(means[0])},
            "interval": [float(means[0] - half), float(means[0] + half)],
            "models": [_plain(one) for one in fits],
            "skipped": list(measured.skipped),
            **_plain(fit),
        },
        candidates=_unique(drafts),
        artifacts=(_coefficients(fit), _sheet(region.names, points, name, means, deviations), _space(space)),
        warnings=warnings,
    )


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


def _proposals(
    region: Region, fit: Fit, goal: Goal, target: float | None, count: int, seed: int
) -> tuple[np.ndarray, list[str]]:
    """The best predicted recipes apart from each other, every fifth the least certain one instead."""
    from agent.tools.formulations.designs import extreme_vertices

    pool = np.vstack([extreme_vertices(region), region.sample(_SEARCHED, seed)])
    means, deviations = fit.predict(pool)
    merit = _merit(means, goal, target)
    best = _polished(region, fit, goal, target, pool[int(np.argmax(merit))])
    pool = np.vstack([best, pool])
    means, deviations = fit.predict(pool)
    merit = _merit(means, goal, target)
    orders = {
        "best predicted": np.argsort(-merit, kind="stable"),
        "least certain": np.argsort(-deviations, kind="stable"),
    }
    chosen: list[int] = []
    origins: list[str] = []
    for slot in range(count):
        origin = "least certain" if slot % 5 == 4 else "best predicted"
        free = next(
            (
                int(one)
                for one in orders[origin]
                if all(np.linalg.norm(pool[one] - pool[other]) >= _APART for other in chosen)
            ),
            None,
        )
        if free is None:
            break
        chosen.append(free)
        origins.append(origin)
    return pool[chosen], origins


def _merit(means: np.ndarray, goal: Goal, target: float | None) -> np.ndarray:
    return {"maximise": means, "minimise": -means, "target": -np.abs(means - (target or 0.0))}[goal]


def _polished(region: Region, fit: Fit, goal: Goal, target: float | None, start: np.ndarray) -> np.ndarray:
    """The best predicted recipe near a good one (sequential quadratic programming), or the good one itself."""
    from scipy.optimize import LinearConstraint, minimize

    def loss(point: np.ndarray) -> float:
        return -float(_merit(fit.predict(point)[0], goal, target)[0])

    everything = [
        LinearConstraint(region.matrix, np.full(len(region.limits), -np.inf), region.limits),  # pyright: ignore
        LinearConstraint(np.ones((1, len(start))), 1.0, 1.0),
    ]
    found = minimize(loss, start, method="SLSQP", constraints=everything)
    return found.x if region.admits(found.x)[0] and found.fun < loss(start) else start


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


def _plain(fit: Fit) -> dict[str, Any]:
    return {
        "model": fit.model,
        "coefficients": dict(zip(fit.terms, fit.coefficients.tolist(), strict=True)),
        "errors": dict(zip(fit.terms, fit.errors.tolist(), strict=True)),
        "deviation": fit.deviation,
        "freedom": fit.freedom,
        "explained": fit.explained,
        "cross_validated_error": fit.error if np.isfinite(fit.error) else None,
        "predicted": fit.predicted if np.isfinite(fit.predicted) else None,
        "lack_of_fit": fit.lack,
    }


def _draft(names: Sequence[str], row: np.ndarray, labels: dict[str, str], *more: Value) -> CandidateDraft:
    from agent.tools.formulations.recipes import recipe_key

    values = tuple(Value(name=name, value=float(value)) for name, value in zip(names, row, strict=True))
    return CandidateDraft(kind="recipe", structure=recipe_key(names, row), values=(*more, *values), labels=labels)


def _unique(drafts: Sequence[CandidateDraft]) -> list[CandidateDraft]:
    """Replicates are one candidate."""
    return list({one.structure: one for one in reversed(drafts)}.values())[::-1]


def _sheet(
    names: Sequence[str],
    points: np.ndarray,
    response: str,
    means: np.ndarray | None = None,
    deviations: np.ndarray | None = None,
) -> ArtifactContent:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    foretold = means is not None and deviations is not None
    writer.writerow(["run", *names, *(["predicted", "standard deviation"] if foretold else []), response])
    for place, row in enumerate(points):
        told = (
            [f"{means[place]:.4g}", f"{deviations[place]:.3g}"] if means is not None and deviations is not None else []
        )
        writer.writerow([place + 1, *(f"{value:.4g}" for value in row), *told, ""])
    return ArtifactContent(name="recipes.csv", media_type="text/csv", content=text.getvalue(), title="Recipes to make")


def _coefficients(fit: Fit) -> ArtifactContent:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["term", "coefficient", "standard error"])
    for term, value, error in zip(fit.terms, fit.coefficients, fit.errors, strict=True):
        writer.writerow([term, f"{value:.5g}", f"{error:.3g}"])
    title = f"Coefficients of the {fit.model} model"
    return ArtifactContent(name="coefficients.csv", media_type="text/csv", content=text.getvalue(), title=title)


def _space(content: str) -> ArtifactContent:
    return ArtifactContent(
        name="space.toml",
        media_type="application/toml",
        content=content,
        title="Space of a campaign over these recipes",
    )


def _short(value: float) -> float:
    return float(f"{value:.6g}")
