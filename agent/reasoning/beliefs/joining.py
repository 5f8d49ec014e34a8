"""Results joined with the samples that a plan lists: what each arm and each control gave."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from agent.records import Experiment, Measured, Sample
from agent.units import convert

CONTROLS = ("positive", "negative", "vehicle", "blank")


@dataclass
class Arm:
    """One arm, over all rounds that count.

    Attributes:
        name: As the plan calls it.
        values: Results by item (candidate or level), in the decision's unit.
        failed: Samples that gave nothing.
        open: Samples whose result has not come yet.
    """

    name: str
    values: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0
    open: int = 0

    @property
    def counted(self) -> int:
        """How many results it holds."""
        return sum(len(values) for values in self.values.values())

    @property
    def units(self) -> tuple[float, ...]:
        """The independent units, in ascending order.

        Members of a group are its units, and repeats of one member are averaged: they do not stand in for further
        members. Where an arm is a single item, its independently prepared samples are the units.
        """
        if len(self.values) > 1:
            return tuple(sorted(fmean(sorted(values)) for values in self.values.values()))
        return tuple(sorted(value for values in self.values.values() for value in values))

    @property
    def what(self) -> str:
        """What its units are, in words."""
        return "members" if len(self.values) > 1 else "samples"


@dataclass
class Joined:
    """What came of one experiment.

    Attributes:
        experiment: The plan.
        arms: By name, those that the decision is about.
        controls: Results of each kind of control, in the decision's unit.
        failed: Controls of each kind that gave nothing.
        open: Controls of each kind that were not told yet.
    """

    experiment: Experiment
    arms: dict[str, Arm]
    controls: dict[str, list[float]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """How many of its samples, controls included, were not told yet."""
        return sum(arm.open for arm in self.arms.values()) + sum(self.open.values())

    @property
    def told(self) -> bool:
        """Whether anything came back at all."""
        counted = sum(arm.counted + arm.failed for arm in self.arms.values())
        return bool(counted or any(self.controls.values()) or any(self.failed.values()))


def join(experiment: Experiment, results: Iterable[Measured]) -> Joined:
    """Join results with an experiment's samples.

    Args:
        experiment: With its decision.
        results: Of any experiments; those of other quantities, experiments or unknown samples are left alone.

    Returns:
        Arms and controls. A sample told twice counts once: the first telling stands.
    """
    decision = experiment.decision
    assert decision is not None, "only an experiment with a decision is judged"
    told: dict[str, Measured] = {}
    for result in results:
        if result.experiment == experiment.id and result.quantity == decision.quantity:
            told.setdefault(result.sample, result)
    joined = Joined(experiment, {name: Arm(name) for name in decision.arms})
    for sample in experiment.samples:
        _place(joined, sample, told.get(sample.id), decision.unit)
    return joined


def _place(joined: Joined, sample: Sample, result: Measured | None, unit: str) -> None:
    value = None
    if result is not None and not result.failed and result.value is not None and math.isfinite(result.value):
        value = result.value if result.unit == unit else convert(result.value, result.unit, unit)
    if sample.role in CONTROLS:
        if result is None:
            joined.open[sample.role] = joined.open.get(sample.role, 0) + 1
        elif value is None:
            joined.failed[sample.role] = joined.failed.get(sample.role, 0) + 1
        else:
            joined.controls.setdefault(sample.role, []).append(value)
        return
    arm = joined.arms.get(sample.arm)
    if arm is None:
        return
    if result is None:
        arm.open += 1
    elif value is None:
        arm.failed += 1
    else:
        arm.values.setdefault(sample.item, []).append(value)


def pool(rounds: Sequence[Joined]) -> dict[str, Arm]:
    """The arms of several rounds of the same decision taken together."""
    arms: dict[str, Arm] = {}
    for one in rounds:
        for name, arm in one.arms.items():
            whole = arms.setdefault(name, Arm(name))
            whole.failed += arm.failed
            whole.open += arm.open
            for item, values in arm.values.items():
                whole.values.setdefault(item, []).extend(values)
    return arms
