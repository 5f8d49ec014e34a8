"""The simulated laboratory of a run: a robot that follows a plan's samples, and instruments that measure them.

It takes what a person or a robot would take, a plan with its samples and its results sheet, and gives back the sheet
filled in, some turns later. Every reading depends on the seed and the sample alone, so that a laboratory that was
killed and started again measures the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from agent.campaign.robot import missing
from agent.campaign.truth import Truth
from agent.errors import InputError
from agent.records import Experiment, Sample
from agent.tools.robots.records import Protocol

SHEET = ("experiment", "sample", "code", "plate", "well", "quantity", "value", "unit", "failed", "note")
"""Columns of a results sheet."""


@dataclass
class Instruments:
    """Measures the samples of plans.

    Attributes:
        truth: What is true.
        noise: Standard deviation of a reading, in repeatabilities of the method.
        drift: Standard deviation of what all readings of a block share, in the same unit.
        failures: Share of samples that give no reading.
        faults: Share of blocks in which the instrument reads nothing but its baseline: only controls show it.
        delay: Most turns that a reading takes beyond the first.
        seed: Seed of all of it.
        protocols: Gives the protocols that the robot follows for a plan; none where samples are made by hand.
    """

    truth: Truth
    noise: float = 1.0
    drift: float = 0.3
    failures: float = 0.03
    faults: float = 0.0
    delay: int = 1
    seed: int = 0
    protocols: Callable[[Experiment], Sequence[Protocol]] = lambda _: ()
    turns: int = 0
    _under_way: list[tuple[int, Experiment, Sample]] = field(default_factory=list, repr=False)
    _lost: set[str] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        shares = (self.failures, self.faults)
        if min(self.noise, self.drift, self.delay) < 0 or not all(0 <= share < 1 for share in shares):
            raise InputError(
                f"A laboratory with noise {self.noise:g}, failures {self.failures:g}, faults {self.faults:g} and delay "
                f"{self.delay} cannot be.",
                remedy="Noise and delay are 0 or more; failures and faults are shares below 1.",
            )

    def begin(self, plan: Experiment, samples: Sequence[str]) -> None:
        """Hand in samples of a plan: the robot prepares them, and they are measured in the plan's order."""
        self._lost |= missing(plan, self.protocols(plan))
        wanted = set(samples)
        for sample in sorted(plan.samples, key=lambda one: one.order):
            if sample.id in wanted:
                late = int(self._rng("delay", sample.id).integers(0, self.delay + 1))
                self._under_way.append((self.turns + 1 + late, plan, sample))

    @property
    def busy(self) -> bool:
        """Whether readings are still to come."""
        return bool(self._under_way)

    def turn(self) -> str:
        """Let a turn pass, and hand out the results sheet (CSV) of what is finished; empty if nothing is."""
        self.turns += 1
        done = [(plan, sample) for due, plan, sample in self._under_way if due <= self.turns]
        self._under_way = [one for one in self._under_way if one[0] > self.turns]
        if not done:
            return ""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(SHEET)
        for plan, sample in done:
            value, note = self._read(plan, sample)
            decision = plan.decision
            assert decision is not None
            shown = ("", "yes") if value is None else (f"{value:.6g}", "")
            writer.writerow(
                [
                    plan.id, sample.id, sample.code, sample.plate, sample.well, decision.quantity, shown[0],
                    decision.unit, shown[1], note,
                ]
            )  # fmt: skip
        return out.getvalue()

    def _read(self, plan: Experiment, sample: Sample) -> tuple[float | None, str]:
        """One reading and what is noted beside it."""
        if sample.id in self._lost:
            return None, "simulated: nothing of it is in the well"
        true, step = self.truth.value(plan, sample), self.truth.repeatability(plan)
        own = self._rng("reading", sample.id)
        shared = self._rng("block", f"{plan.id} {sample.block}")
        drift, broken = self.drift * float(shared.standard_normal()), shared.random() < self.faults
        noise = self.noise * float(own.standard_normal())
        if own.random() < self.failures or true is None:
            return None, "simulated: no reading"
        if broken:  # the baseline does not depend on what is in the sample
            baseline = self.truth.value(plan, _first(plan))
            return (baseline or 0.0) + 0.1 * step * noise, "simulated"
        return true + step * (drift + noise), "simulated"

    def _rng(self, what: str, key: str) -> Any:
        import numpy as np

        digest = sha256(f"{what} {key}".encode()).digest()
        return np.random.default_rng([self.seed, int.from_bytes(digest[:8], "big")])


def _first(plan: Experiment) -> Sample:
    return min(plan.samples, key=lambda one: one.order)
