"""What the tools of formulations leave behind: the sheet to fill in, the coefficients, the space of a campaign."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.records import ArtifactContent, CandidateDraft, Value
from agent.tools.formulations.recipes import factor_names, recipe_key

if TYPE_CHECKING:
    from agent.tools.formulations.scheffe import Fit


def draft(names: Sequence[str], row: np.ndarray, labels: dict[str, str], *more: Value) -> CandidateDraft:
    """A recipe as a candidate: its text, its fractions, and what else is known of it."""
    values = tuple(Value(name=name, value=float(value)) for name, value in zip(names, row, strict=True))
    return CandidateDraft(kind="recipe", structure=recipe_key(names, row), values=(*more, *values), labels=labels)


def unique(drafts: Sequence[CandidateDraft]) -> list[CandidateDraft]:
    """Replicates are one candidate."""
    return list({one.structure: one for one in reversed(drafts)}.values())[::-1]


def sheet(
    names: Sequence[str],
    points: np.ndarray,
    response: str,
    means: np.ndarray | None = None,
    deviations: np.ndarray | None = None,
) -> ArtifactContent:
    """The recipes to make, with an empty column for what is measured: a sheet that the campaign over them takes."""
    notes = [""] * len(points)
    if means is not None and deviations is not None:
        notes = [f"predicted {mean:.4g} ± {spread:.2g}" for mean, spread in zip(means, deviations, strict=True)]
    rows = [[*_fractions(row), "", note] for row, note in zip(points, notes, strict=True)]
    return _table("recipes.csv", [*factor_names([*names, response]), "note"], rows, "Recipes to make")


def measured_sheet(names: Sequence[str], points: np.ndarray, values: np.ndarray, response: str) -> ArtifactContent:
    """The recipes that were measured, as the campaign over them takes results."""
    rows = [[*_fractions(row), f"{value:.6g}"] for row, value in zip(points, values, strict=True)]
    return _table("measured.csv", factor_names([*names, response]), rows, "Measured recipes, to begin a campaign with")


def _fractions(row: np.ndarray) -> list[str]:
    return [f"{value:.4f}".rstrip("0").rstrip(".") for value in row]


def _table(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> ArtifactContent:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([header, *rows])
    return ArtifactContent(name=name, media_type="text/csv", content=text.getvalue(), title=title)


def coefficients(fit: Fit) -> ArtifactContent:
    """A model's coefficients as a table."""
    rows = [
        [term, f"{value:.5g}", f"{error:.3g}"]
        for term, value, error in zip(fit.terms, fit.coefficients, fit.errors, strict=True)
    ]
    title = f"Coefficients of the {fit.model} model"
    return _table("coefficients.csv", ["term", "coefficient", "standard error"], rows, title)


def space(content: str) -> ArtifactContent:
    """The space file of a campaign over the recipes."""
    return ArtifactContent(
        name="space.toml",
        media_type="application/toml",
        content=content,
        title="Space of a campaign over these recipes",
    )


def plain(fit: Fit) -> dict[str, Any]:
    """A model as plain data."""
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


def short(value: float) -> float:
    """A computed value at six digits."""
    return float(f"{value:.6g}")
