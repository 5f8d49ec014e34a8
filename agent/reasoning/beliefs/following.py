"""What follows from what is believed: more replicates, or the next hypothesis; a pure function of the run so far."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.records import Experiment, Hypothesis, Measured

WIDTH = 3
"""How many hypotheses are under test at a time, where nobody says otherwise."""

ROUNDS = 2
"""How many rounds an undecided hypothesis gets: replicates are added once, as the rule says."""

_ROUND = re.compile(r"r(\d+)$")


@dataclass(frozen=True)
class Follow:
    """One thing to be done next.

    Attributes:
        what: ``measure`` the open samples of a plan, ``replicate`` an undecided one, or ``test`` a hypothesis that has
            no plan yet.
        hypothesis: Whose.
        experiment: The plan to measure or to replicate; ``None`` for a first one.
        samples: How many samples are open.
        number: The round that a new plan is of.
    """

    what: Literal["measure", "replicate", "test"]
    hypothesis: Hypothesis
    experiment: Experiment | None = None
    samples: int = 0
    number: int = 1

    @property
    def plan(self) -> str:
        """The id of the plan that it needs: ``x2`` tests ``h2``, and ``x2r2`` is its second round."""
        if self.what == "measure" and self.experiment is not None:
            return self.experiment.id
        first = f"x{self.hypothesis.id.removeprefix('h')}"
        return first if self.number == 1 else f"{first}r{self.number}"

    @property
    def sentence(self) -> str:
        """It in words."""
        name = self.hypothesis.id
        if self.what == "measure":
            return f"Measure the {self.samples} open samples of {self.plan} and tell their results."
        if self.what == "replicate":
            return f"{name} is undecided: measure further replicates as {self.plan} plans, sized by what was observed."
        if self.hypothesis.origin:
            return f"Test {name} next, which follows from the supported {self.hypothesis.origin}, as {self.plan} plans."
        return f"Test {name} next, as {self.plan} plans."


def open_samples(experiment: Experiment, results: Iterable[Measured]) -> tuple[str, ...]:
    """Ids of an experiment's samples that were not told yet, in the order of measurement."""
    told = {result.sample for result in results if result.experiment == experiment.id}
    waiting = sorted((one for one in experiment.samples if one.id not in told), key=lambda one: (one.order, one.id))
    return tuple(one.id for one in waiting)


def round_of(experiment: str) -> int:
    """The round that a plan's id names: 2 for ``x1r2``, 1 for ``x1``."""
    found = _ROUND.search(experiment)
    return int(found[1]) if found else 1


def follow(
    hypotheses: Sequence[Hypothesis],
    experiments: Sequence[Experiment],
    results: Sequence[Measured],
    *,
    passed_over: Collection[str] = (),
    width: int = WIDTH,
) -> tuple[Follow, ...]:
    """What is to be done next.

    A plan with open samples is to be measured. A hypothesis that stays undecided when its plan was measured gets one
    round of further replicates. One that was decided, supported or refuted, makes room for the next: first what follows
    from a supported one (it has an ``origin``), then by rank.

    Args:
        hypotheses: With their beliefs.
        experiments: All rounds so far.
        results: All that were told.
        passed_over: Ids of hypotheses that the researcher rejected: no new plan is made for them.
        width: How many are under test at a time: as many as the first round tested.

    Returns:
        Open plans first, then further rounds, then first tests; nothing if everything is decided.
    """
    measure, replicate = [], []
    under_test = 0
    planned = {one.hypothesis for one in experiments}
    for hypothesis in hypotheses:
        rounds = [one for one in experiments if one.hypothesis == hypothesis.id]
        last = max(rounds, key=lambda one: round_of(one.id), default=None)
        if last is None or last.decision is None or not last.samples:
            continue
        number = round_of(last.id)
        waiting = open_samples(last, results)
        undecided = hypothesis.belief is None or hypothesis.belief.state == "undecided"
        if waiting:
            measure.append(Follow("measure", hypothesis, last, len(waiting), number))
        elif undecided and number < ROUNDS and hypothesis.id not in passed_over:
            replicate.append(Follow("replicate", hypothesis, last, number=number + 1))
        else:
            continue
        under_test += 1
    ordered = sorted(hypotheses, key=lambda one: (not one.origin, one.rank is None, one.rank or 0))
    untested = [one for one in ordered if one.id not in planned and one.id not in passed_over]
    tests = [Follow("test", one) for one in untested[: max(width - under_test, 0)]]
    return (*measure, *replicate, *tests)
