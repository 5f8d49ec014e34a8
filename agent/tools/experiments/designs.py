"""Tools that lay out experiments: factorial and space-filling designs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools._declare import tool
from agent.tools._results import ok
from agent.tools.experiments.designs_core import (
    fractional_factorial,
    full_factorial,
    randomised,
    space_filling,
)
from agent.units import counted


def table_as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV with a header; whole numbers are written without a decimal point."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in row.items()})
    return out.getvalue()


@tool("experiments")
def factorial_design(
    factors: dict[str, list[str | float]],
    generators: dict[str, str] | None = None,
    replicates: int = 1,
    random_seed: int = 0,
) -> Result:
    """Lay out a full factorial design, or a two-level fraction of it, in random order.

    Args:
        factors: The levels of each factor, for instance {"pH": [5, 7], "salt": ["NaCl", "KCl"]}.
        generators: For a fraction: which factors follow the product of others, for instance {"D": "A*B*C"}; every
            factor then has two levels.
        replicates: How often each combination is made.
        random_seed: The same seed gives the same order.

    Returns:
        data {runs: [{order, standard_order, replicate, factor: level}], defining_relation, resolution}, and a CSV.

    Source:
        G. E. P. Box, J. S. Hunter, W. G. Hunter, Statistics for Experimenters, 2nd ed., 2005, ch. 5 and 6.
    """
    relation: tuple[str, ...] = ()
    if generators:
        runs, relation = fractional_factorial(factors, generators)
    else:
        runs = full_factorial(factors)
    table = randomised(runs, replicates, random_seed)
    resolution = min((word.count("*") + 1 for word in relation), default=None)
    kind = "full" if resolution is None else f"fractional (resolution {resolution})"
    warnings = (
        [f"Main effects are mixed up with interactions ({', '.join(relation)})."]
        if resolution is not None and resolution < 4
        else []
    )
    return ok(
        f"A {kind} factorial design: {counted(len(runs), 'combination')} of {counted(len(factors), 'factor')},"
        f" {counted(len(table), 'run')}.",
        values=[Value(name="runs", value=len(table)), Value(name="combinations", value=len(runs))],
        data={"runs": table, "defining_relation": list(relation), "resolution": resolution},
        artifacts=[_csv("design.csv", table, "Factorial design in random order")],
        warnings=warnings,
    )


@tool("experiments", engines=("scipy",))
def space_filling_design(
    bounds: dict[str, list[float]],
    count: int = 16,
    method: Literal["lhs", "sobol"] = "lhs",
    random_seed: int = 0,
) -> Result:
    """Spread points evenly over a box of continuous factors, for a first look at an unknown response.

    Args:
        bounds: Low and high of each factor, for instance {"temperature": [20, 80]}.
        count: Number of points; powers of two suit sobol.
        method: lhs (Latin hypercube) or sobol (scrambled Sobol sequence).
        random_seed: The same seed gives the same points.

    Returns:
        data {points: [{factor: value}]}, and a CSV.

    Source:
        M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239; I. M. Sobol, USSR Comput. Math. Math.
        Phys. 7 (1967) 86; scipy.stats.qmc.
    """
    pairs = {}
    for name, pair in bounds.items():
        if len(pair) != 2:
            raise RepairableToolError(f"bounds: '{name}' has {len(pair)} numbers", remedy="Give [low, high].")
        pairs[name] = (pair[0], pair[1])
    points = space_filling(pairs, count, method, random_seed)
    return ok(
        f"{counted(len(points), 'point')} over {counted(len(pairs), 'factor')} ({method}).",
        values=[Value(name="points", value=len(points))],
        data={"points": points},
        artifacts=[_csv("points.csv", points, "Space-filling design")],
    )


def _csv(name: str, rows: Sequence[Mapping[str, Any]], title: str) -> ArtifactContent:
    return ArtifactContent(name=name, media_type="text/csv", content=table_as_csv(rows), title=title)
