from __future__ import annotations

from pathlib import Path

import pytest
from support.faces import Lab
from support.sample_run import make_run

from agent import events as ev
from agent.memory.ledger import LEDGER, Ledger, read_ledger
from agent.records import Decision, Experiment, Sample


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def finished(lab: Lab) -> Path:
    """A finished run with one of everything."""
    folder, _, _ = make_run(lab.out)
    return folder


@pytest.fixture
def planned(finished: Path) -> Path:
    """The same run, with an experiment whose samples can be measured."""
    Ledger(finished).append(ev.ExperimentsDesigned(experiments=(with_samples(experiment_of(finished)),)))
    return finished


def experiment_of(folder: Path) -> Experiment:
    """The first experiment of a run."""
    plans = [event.experiments for event in read_ledger(folder / LEDGER) if isinstance(event, ev.ExperimentsDesigned)]
    return plans[-1][0]


def with_samples(plan: Experiment) -> Experiment:
    """Four coded samples in an order that is not theirs."""
    samples = tuple(
        Sample.model_validate(
            {"id": f"x1-0{n}", "code": code, "arm": arm, "item": arm, "role": role, "order": order, "well": f"A0{n}"}
        )
        for n, code, arm, role, order in (
            (1, "K44J", "c3", "test", 3),
            (2, "L59A", "c3", "test", 1),
            (3, "X34Y", "methanol", "comparator", 2),
            (4, "Y56D", "methanol", "comparator", 4),
        )
    )
    decision = Decision(
        compares="difference", arms=("c3", "methanol"), quantity="logS_ESOL", unit="log_molar", relation=">", value=0.3
    )
    return plan.model_copy(update={"samples": samples, "decision": decision})
