"""Tools: look over a table, train a surrogate on it, predict with it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import ValidationError

from agent.errors import InputError, RepairableToolError
from agent.records import ArtifactContent, CandidateDraft, Result, Value
from agent.records.base import CandidateKind
from agent.tools import FilePath, empty, ok, progress, tool
from agent.tools.surrogates.model import CONFIDENCE, MOST, Prediction, Surrogate, Training, train
from agent.tools.surrogates.rows import Rows, read_rows
from agent.units import counted

MOST_PREDICTED = 5000
"""Structures of one call of `predict_with_surrogate` at most."""

_LISTED = 20
_KINDS: dict[str, CandidateKind] = {"molecule": "molecule", "composition": "crystal"}
_COLUMNS: tuple[str, ...] = ("structure", "predicted", "deviation", "low", "high", "likeness", "nearest", "domain")


@tool("data", engines=("rdkit", "pymatgen", "scipy"), seconds=300)
def check_table(path: FilePath, target: str = "") -> Result:
    """Look over a table of measurements before a model is trained on it.

    Args:
        path: A CSV file with a header: a column of molecules ('smiles') or compositions ('formula'), and a column of
            measured values.
        target: The column of values; may be left out if only one column is numeric.

    Returns:
        What stops a training, what is serious and what is worth knowing: rows that cannot be used (with their lines),
        units in cells or in a column, repeats and how well they agree, values that span decades or lie far out, columns
        that are copies of the target, structures on both sides of a split, and how varied the structures are.

    Source:
        Modified z scores of Iglewicz and Hoaglin (1993); agreement of repeats after Kramer et al., J. Med. Chem. 55
        (2012) 5165.
    """
    from agent.tools.surrogates.quality import inspect, spread_of_repeats, variety

    rows = read_rows(path, target)
    findings = inspect(rows)
    typical, repeated = spread_of_repeats(rows)
    what, kinds, largest = variety(rows.structures, rows.kind)
    distinct = len(set(rows.structures))
    grave = [one for one in findings if one.weight != "note"]
    verdict = "cannot be trained on" if any(one.weight == "stops" for one in findings) else "can be trained on"
    values = [
        Value(name="usable_rows", value=len(rows.lines)),
        Value(name="distinct_structures", value=distinct),
        Value(name="broken_rows", value=len(rows.broken)),
    ]
    if repeated:
        values.append(Value(name="spread_of_repeats", value=typical))
    return ok(
        f"'{rows.name}' of {Path(path).name} {verdict}: {len(rows.lines)} of {len(rows.table.rows)} rows can be used, "
        f"{distinct} different {rows.kind}s with {kinds} {what}; {counted(len(grave), 'serious finding')}.",
        values=values,
        data={
            "kind": rows.kind,
            "target": rows.name,
            "rows": len(rows.table.rows),
            "usable": len(rows.lines),
            "distinct": distinct,
            "repeated": repeated,
            "variety": {"of": what, "count": kinds, "largest_share": largest},
            "range": [float(rows.values.min()), float(rows.values.max())] if len(rows.values) else [],
            "findings": [{"weight": one.weight, "kind": one.kind, "text": one.text} for one in findings],
            "trainable": verdict == "can be trained on",
        },
        warnings=[one.text for one in grave],
    )


@tool("data", engines=("rdkit", "pymatgen", "scikit-learn", "scipy"), cost="heavy", seconds=3600, memory_mb=8192)
def train_surrogate(
    path: FilePath,
    target: str = "",
    unit: str = "1",
    scale: Literal["none", "log10"] = "none",
    loss: Literal["squared", "absolute"] = "squared",
    seed: int = 0,
) -> Result:
    """Train a model of a property on the researcher's own table of molecules or compositions.

    Gaussian processes, support vectors, extra trees and boosted trees are compared on held-out folds and joined by
    weights that are not negative. Doubt is calibrated on held-out rows.

    Args:
        path: A CSV file with a header: a column of molecules ('smiles') or compositions ('formula'), and a column of
            measured values.
        target: The column of values; may be left out if only one column is numeric.
        unit: The unit of the values, for example 'MPa'; with scale 'log10' the logarithm's value has no unit.
        scale: 'log10' to learn the logarithm of values that span several powers of ten.
        loss: 'squared' for ordinary errors; 'absolute' where a few values lie far out or many are the same.
        seed: Of the folds and of the learners that draw at random.

    Returns:
        The model (an artifact, and data for predict_with_surrogate), errors on held-out rows with 95 % intervals beside
        those of every learner and of the plain mean, the coverage of its 90 % intervals, a parity plot, and which
        features matter.

    Source:
        Stacked regressions (Breiman 1996), normalised conformal prediction (Papadopoulos et al. 2011), MinMax kernels
        (Ralaivola et al. 2005), statistics over element properties (Ward et al. 2016).
    """
    from agent.tools.surrogates.importance import permutation_importance
    from agent.tools.surrogates.parity import parity_svg

    _check_unit(unit)
    rows = read_rows(path, target)
    name, values = _scaled(rows, scale)
    shown_unit = "1" if scale == "log10" else unit
    data = Training(rows.structures, values.tolist(), rows.kind, name, shown_unit, loss, seed)
    try:
        surrogate, predictor = train(data, progress)
    except ValueError as error:
        told = f" {rows.told()[0]}" if rows.broken else ""
        raise RepairableToolError(
            f"path: '{path}' cannot be learned from: {error}.{told}",
            remedy="Add or correct rows; check_table tells more.",
        ) from error
    progress(0.93, "which features matter")
    measured = np.array(surrogate.values)
    matters = permutation_importance(predictor.views, measured, seed)
    stack, plain = surrogate.comparison["stack"], surrogate.comparison["mean of the table"]
    warnings = list(rows.told())
    if len(set(rows.structures)) > MOST:
        warnings.append(f"Of {len(set(rows.structures))} structures {MOST} were taken, evenly over the values.")
    if stack.r2 < 0.3:
        warnings.append(
            f"The model explains {max(stack.r2, 0):.0%} of the variance of held-out rows: its predictions say little."
        )
    label = f"{name} ({shown_unit})" if shown_unit != "1" else name
    half = (surrogate.intervals["rmse"][1]) * 1.645
    text = surrogate.model_dump_json()
    return ok(
        f"A model of {name} from {len(measured)} {rows.kind}s: held-out RMSE {stack.rmse:.3g} "
        f"[{surrogate.intervals['rmse'][0]:.3g}, {surrogate.intervals['rmse'][1]:.3g}], R² {stack.r2:.2f} (plain mean "
        f"{plain.rmse:.3g}); its {CONFIDENCE:.0%} intervals hold {surrogate.covered:.0%} of held-out rows.",
        values=[
            Value(name="rmse", value=stack.rmse, unit=shown_unit),
            Value(name="mae", value=stack.mae, unit=shown_unit),
            Value(name="r2", value=stack.r2),
            Value(name="interval_coverage", value=surrogate.covered),
        ],
        data={
            "model": json.loads(text),
            "kind": rows.kind,
            "target": name,
            "rows": len(measured),
            "comparison": {one: told.model_dump() for one, told in surrogate.comparison.items()},
            "intervals": surrogate.intervals,
            "weights": surrogate.weights,
            "importance": [{"feature": one.feature, "rise": one.rise, "deviation": one.deviation} for one in matters],
        },
        artifacts=[
            ArtifactContent(
                name="surrogate.json", media_type="application/json", content=text, title=f"model of {name}"
            ),
            ArtifactContent(
                name="parity.svg",
                media_type="image/svg+xml",
                content=parity_svg(f"{name}: held-out rows", label, surrogate.values, surrogate.held_out, half),
                title=f"parity of {name}",
            ),
        ],
        warnings=warnings,
    )


@tool("data", engines=("rdkit", "pymatgen", "scikit-learn", "scipy"), cost="heavy", seconds=1800, memory_mb=8192)
def predict_with_surrogate(
    structures: list[str],
    model: dict[str, Any] | None = None,
    model_file: FilePath = "",
    quantity: str = "predicted",
) -> Result:
    """Predict a property of molecules or compositions with a model that train_surrogate made.

    Args:
        structures: SMILES or formulas, as in the model's table.
        model: The model as train_surrogate's data hold it ('model').
        model_file: Or the file 'surrogate.json' that it wrote.
        quantity: Name of the predicted values in the table of candidates.

    Returns:
        For every structure the value with one standard deviation, a 90 % interval, and whether it lies inside the
        model's domain: at least as like a training structure as the training structures are like each other.

    Source:
        As train_surrogate; domain of applicability by the nearest training structure (Sheridan et al., J. Chem. Inf.
        Comput. Sci. 44 (2004) 1912).
    """
    surrogate = _model(model, model_file)
    if len(structures) > MOST_PREDICTED:
        raise RepairableToolError(
            f"structures: {len(structures)} are more than the {MOST_PREDICTED} of one call.", remedy="Split the list."
        )
    good, bad = _readable(structures, surrogate)
    refused = [f"'{text}' cannot be read and has no prediction" for text in bad]
    if not good:
        return empty(f"None of {len(structures)} structures can be read as a {surrogate.kind}.", warnings=refused)
    progress(0.1, f"the learners on {len(surrogate.values)} training structures")
    predictor = surrogate.fitted()
    progress(0.8, f"{counted(len(good), 'prediction')}")
    told = predictor.predict(good)
    outside = sum(not one.inside for one in told)
    unit = surrogate.unit or "1"
    rows = [_row(structure, one) for structure, one in zip(good, told, strict=True)]
    table = io.StringIO()
    writer = csv.DictWriter(table, _COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    if outside:
        refused.append(
            f"{outside} of {len(told)} structures lie outside the model's domain: their intervals may not hold."
        )
    return ok(
        f"{surrogate.target} of {len(told)} {surrogate.kind}s predicted, {len(told) - outside} of them inside the "
        f"model's domain.",
        data={"target": surrogate.target, "unit": unit, "rows": rows, "unread": bad},
        candidates=[
            CandidateDraft(
                kind=_KINDS[surrogate.kind],
                structure=structure,
                values=(Value(name=quantity, value=one.value, unit=unit, uncertainty=one.deviation),),
                labels={"domain": _domain(one)} | ({"formula": structure} if surrogate.kind == "composition" else {}),
            )
            for structure, one in zip(good, told, strict=True)
        ],
        artifacts=[
            ArtifactContent(
                name="predictions.csv",
                media_type="text/csv",
                content=table.getvalue(),
                title=f"predicted {surrogate.target}",
            )
        ],
        warnings=refused[:_LISTED],
    )


def _check_unit(unit: str) -> None:
    from agent.units import parse_unit

    try:
        parse_unit(unit)
    except InputError as error:
        raise RepairableToolError(f"unit: {error.message}", remedy="Write a unit such as MPa, eV or 1.") from error


def _scaled(rows: Rows, scale: str) -> tuple[str, np.ndarray]:
    """The name of what is learned, and its values."""
    if scale == "none":
        return rows.name, rows.values
    if (rows.values <= 0).any():
        place = int(np.flatnonzero(rows.values <= 0)[0])
        raise RepairableToolError(
            f"scale: line {rows.lines[place]} has the value {rows.values[place]:g}, which has no logarithm.",
            remedy="Take scale 'none', or correct the row.",
        )
    return f"log10({rows.name})", np.log10(rows.values)


def _model(model: dict[str, Any] | None, path: str) -> Surrogate:
    if (model is None) == (not path):
        raise RepairableToolError(
            "model: exactly one of 'model' and 'model_file' is needed.", remedy="train_surrogate makes both."
        )
    try:
        return Surrogate.model_validate_json(Path(path).read_bytes() if path else json.dumps(model))
    except (OSError, ValidationError) as error:
        where = f"model_file: '{path}'" if path else "model"
        raise RepairableToolError(
            f"{where} is no surrogate: {str(error).splitlines()[0]}.", remedy="Give what train_surrogate made."
        ) from error


def _readable(structures: Sequence[str], surrogate: Surrogate) -> tuple[list[str], list[str]]:
    """Different structures in one spelling, and the texts that cannot be read."""
    from agent.tools.surrogates.views import CANONICAL

    good: dict[str, None] = {}
    bad = []
    for text in structures:
        try:
            good[CANONICAL[surrogate.kind](text)] = None
        except RepairableToolError:
            bad.append(text)
    return list(good), bad


def _domain(one: Prediction) -> str:
    return "inside" if one.inside else "outside"


def _row(structure: str, one: Prediction) -> dict[str, Any]:
    return {
        "structure": structure,
        "predicted": one.value,
        "deviation": one.deviation,
        "low": one.low,
        "high": one.high,
        "likeness": one.likeness,
        "nearest": one.nearest,
        "domain": _domain(one),
    }
