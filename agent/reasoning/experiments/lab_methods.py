"""How a quantity is measured that only the researcher's lab knows, by what it is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agent.reasoning.experiments.methods import Method
from agent.records import Prediction
from agent.vocabulary import title

Measured = Literal["recipe", "sample", "group", "molecule"]


@dataclass(frozen=True)
class _Way:
    """What differs from one kind of candidate to the other; ``{what}`` is the quantity."""

    method: str
    controls: tuple[str, str, str]
    steps: tuple[str, ...]
    materials: tuple[str, ...]
    days: float


_WAYS: dict[Measured, _Way] = {
    "recipe": _Way(
        "the lab's own measurement of {what}",
        (
            "positive: a recipe of the table that was measured before, made anew",
            "negative: a recipe of the table with a poor value, made anew",
            "blank: the substrate or vessel without the mixture",
        ),
        (
            "Mix, apply and cure (or finish) all of them alike, as for the recipes that were measured before.",
            "Measure all in one session with the same instrument and operator, and note what departs from the usual.",
        ),
        ("the components, one lot each", "the usual substrate and instrument"),
        2.0,
    ),
    "sample": _Way(
        "the method by which {what} was measured in the table",
        (
            "positive: a certified reference material, or a sample of the table measured again",
            "negative: a sample of the table from the other end of the range, measured again",
            "blank: the procedure without a sample",
        ),
        (
            "Collect new samples by the stated range of the driver, not by the expected outcome, and record where, "
            "when and from what they were taken.",
            "Measure all in random order in one session with the same instrument and calibration, and measure one in "
            "ten twice.",
        ),
        ("new samples from both ends of the range", "certified reference material"),
        5.0,
    ),
    "group": _Way(
        "the method by which {what} was measured in the table",
        (
            "positive: a certified reference material, or a sample of the table measured again",
            "negative: a sample of the table from the other group, measured again",
            "blank: the procedure without a sample",
        ),
        (
            "Where the groups can be assigned, assign them at random; else take the new samples of the groups in pairs "
            "that are alike in everything else (place, time, the table's other columns), and record where, when and "
            "from what they were taken.",
            "Measure all in random order in one session with the same instrument and calibration, and measure one in "
            "ten twice. Measure the table's other columns too: they may be what sets the groups apart.",
        ),
        ("new samples of both groups", "certified reference material"),
        5.0,
    ),
    "molecule": _Way(
        "the assay by which {what} was measured in the table",
        (
            "positive: the most active compound of the table, measured again",
            "negative: an inactive compound of the table, measured again",
            "vehicle: the solvent of the stocks alone, at the highest volume used",
        ),
        (
            "Take fresh solid of every compound, and check identity and purity by LC-MS before it is weighed.",
            "Measure full curves of all compounds in one session with the same lot of reagents, in random order over "
            "the plates, the pairs side by side.",
            "Repeat on another day from new weighings: repeats of one stock are not independent.",
        ),
        ("fresh solid of each compound", "the reagents of the assay, one lot"),
        3.0,
    ),
}


def own_measurement(prediction: Prediction, measured_on: Measured) -> Method:
    """The measurement of a quantity of the researcher's own table.

    Args:
        prediction: With the quantity, its unit and its spread in the table.
        measured_on: What the table holds; ``group`` for samples of two groups that are compared.
    """
    what, way = title(prediction.quantity), _WAYS[measured_on]
    return Method(
        quantity=prediction.quantity,
        kind="sample" if measured_on == "group" else measured_on,
        measures=what,
        method=way.method.format(what=what),
        unit=prediction.unit,
        condition="",
        spread=prediction.spread or 1.0,
        spread_source="the scatter of the measured table",
        controls=way.controls,
        steps=way.steps,
        materials=way.materials,
        days=way.days,
        cost=0.0,
    )
