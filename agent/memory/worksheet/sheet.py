"""What a worksheet says, apart from how it looks: plain data that the page and the PDF both render."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from agent import vocabulary
from agent.memory.report.hypotheses import merged, print_prediction
from agent.memory.worksheet.tables import Grid, plate_grids
from agent.records import Experiment, Hypothesis
from agent.units import print_unit


@dataclass(frozen=True)
class Deck:
    """The deck of a robot: its name, and what stands in each slot, with wells filled beforehand."""

    robot: str
    slots: tuple[tuple[str, str, str], ...]
    liquids: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Sheet:
    """Everything on a worksheet. The first part is blinded: it names codes, and no arm or item."""

    id: str
    title: str
    run: str
    hypothesis: str
    statement: str
    prediction: str
    facts: tuple[tuple[str, str], ...]
    hazards: tuple[str, ...]
    waste: tuple[str, ...]
    materials: tuple[str, ...]
    controls: tuple[str, ...]
    design: tuple[str, ...]
    procedure: tuple[str, ...]
    decision: str
    stopping: str
    measured: str
    unit: str
    samples: tuple[tuple[str, ...], ...]
    key: tuple[tuple[str, ...], ...]
    plates: list[tuple[int, Grid]]
    deck: Deck | None
    check: str

    def plain(self) -> dict[str, Any]:
        """The sheet as JSON-compatible plain data."""
        return asdict(self)


def build_sheet(experiment: Experiment, hypothesis: Hypothesis | None, run: str, deck: Deck | None = None) -> Sheet:
    """The worksheet of an experiment.

    Args:
        experiment: The plan.
        hypothesis: What it tests, if the run still holds it.
        run: The run's id, for the header.
        deck: The deck of the robot that the protocol was written for.

    Returns:
        The sheet; the same experiment gives the same one.
    """
    measured = experiment.measurements[0]
    power = "not computed" if experiment.power is None else f"{experiment.power:.2f}"
    return Sheet(
        id=experiment.id,
        title=experiment.title,
        run=run,
        hypothesis=experiment.hypothesis,
        statement=hypothesis.statement.text if hypothesis else "",
        prediction=" ".join(print_prediction(hypothesis.prediction)) if hypothesis else "",
        facts=(
            ("Samples", f"{len(experiment.samples) or experiment.sample_size}, controls included"),
            ("Replicates a group", str(experiment.replicates)),
            ("Power", power),
            ("Time", experiment.duration.removeprefix("Estimate: ")),
            ("Cost", experiment.cost.removeprefix("Estimate: ")),
        ),
        hazards=merged(experiment.hazards),
        waste=experiment.waste,
        materials=merged(experiment.materials),
        controls=experiment.controls,
        design=tuple(text.text for text in experiment.design),
        procedure=tuple(text.text for text in experiment.procedure),
        decision=experiment.decision_rule.text,
        stopping=experiment.stopping_rule.text if experiment.stopping_rule else "",
        measured=f"{vocabulary.title(measured.quantity)}, {measured.method}",
        unit=print_unit(measured.unit),
        samples=tuple((str(s.order), s.id, s.code, str(s.block), _place(s.plate, s.well)) for s in experiment.samples),
        key=tuple((s.id, s.code, s.arm, s.item, s.role, str(s.replicate)) for s in experiment.samples),
        plates=plate_grids(experiment),
        deck=deck,
        check=experiment.protocol_check,
    )


def _place(plate: int, well: str) -> str:
    return f"{plate}: {well}" if well else ""
