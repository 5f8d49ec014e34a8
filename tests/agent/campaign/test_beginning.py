"""Beginnings: campaigns from runs, from earlier campaigns, and what cannot begin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent import events as ev
from agent.campaign.folder import CampaignFolder
from agent.campaign.fromrun import campaign_from_run
from agent.campaign.plot import draw_progress
from agent.campaign.records import Campaign, Told
from agent.campaign.report import report, write_report_to
from agent.campaign.rounds import propose
from agent.campaign.spacefile import read_campaign
from agent.errors import ConflictError, InputError
from agent.memory.ledger import Ledger
from agent.memory.runs import create_run
from agent.records import (
    Brief,
    Candidate,
    Decision,
    Experiment,
    Factor,
    Goal,
    Objective,
    Quantity,
    Result,
    RunInfo,
    Text,
)
from agent.tools.optimisation import suggest_experiments
from agent.tools.optimisation.space import Categorical, Continuous, Discrete, Space, Target


async def call(name: str, arguments: Mapping[str, Any]) -> Result:
    return suggest_experiments(**{**arguments, "space": Space.model_validate(arguments["space"])})


def make_run(tmp_path: Path, *events: ev.Event) -> Path:
    folder = create_run(tmp_path, RunInfo(id="r1", goal=Goal(text="g"), reasoner="playbook"))
    ledger = Ledger(folder)
    for event in events:
        ledger.append(event)
    return folder


def experiment(**changed: Any) -> Experiment:
    plain = {
        "id": "x1", "hypothesis": "h1", "title": "t", "controls": (), "replicates": 3, "sample_size": 6,
        "factors": (
            Factor(name="reaction time", levels=("5", "10", "30"), unit="min"),
            Factor(name="arm", levels=("a", "b")),
        ),
        "procedure": (), "measurements": (), "decision_rule": Text(text="r"), "hazards": (), "cost": "", "duration": "",
        "decision": Decision(compares="level", arms=("a",), quantity="solubility", unit="mg/L", relation=">", value=3),
    }  # fmt: skip
    return Experiment.model_validate(plain | changed)


MOLECULES = (
    Candidate(id="c1", kind="molecule", structure="CCO", rank=2),
    Candidate(id="c2", kind="molecule", structure="CCN", rank=1),
    Candidate(id="c3", kind="molecule", structure="CCCl", withheld=True),
    Candidate(id="c4", kind="molecule", structure="CCF", feasible=False),
)


def test_a_run_s_molecules_and_experiment_make_a_space(tmp_path: Path) -> None:
    folder = make_run(
        tmp_path, ev.CandidatesRanked(candidates=MOLECULES), ev.ExperimentsDesigned(experiments=(experiment(),))
    )
    campaign = campaign_from_run("c", folder, batch=2, seed=None)
    chosen, time = campaign.space.parameters
    assert isinstance(chosen, Categorical) and chosen.structures == {"c2": "CCN", "c1": "CCO"}
    assert isinstance(time, Discrete) and (time.name, time.unit, time.values) == ("reaction_time", "min", (5, 10, 30))
    (objective,) = campaign.space.objectives
    assert (objective.name, objective.goal, objective.unit) == ("solubility", "maximise", "mg/L")
    assert (campaign.origin, campaign.batch) == ("r1", 2)


def test_candidates_that_are_no_molecules_are_told_apart_by_their_quantities(tmp_path: Path) -> None:
    crystals = tuple(
        Candidate(
            id=f"c{i}",
            kind="crystal",
            structure=f"s{i}",
            quantities={"density": Quantity(name="density", value=i, unit="g/cm^3", source="e1")},
        )
        for i in (1, 2, 3)
    )
    wanted = Objective(quantity="hardness", direction="maximise", unit="GPa")
    brief = Brief(goal="g", domain="materials", playbook="crystal-screening", objectives=(wanted,))
    folder = make_run(tmp_path, ev.GoalUnderstood(brief=brief), ev.CandidatesRanked(candidates=crystals))
    (chosen,) = campaign_from_run("c", folder).space.parameters
    assert isinstance(chosen, Categorical) and chosen.descriptors == {"c1": (1.0,), "c2": (2.0,), "c3": (3.0,)}


def test_a_run_with_nothing_to_vary_or_improve_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a run"):
        campaign_from_run("c", tmp_path)
    folder = make_run(tmp_path, ev.ExperimentsDesigned(experiments=(experiment(factors=()),)))
    with pytest.raises(InputError, match="nothing to vary: it has 0 usable candidates"):
        campaign_from_run("c", folder)
    Ledger(folder).append(ev.CandidatesRanked(candidates=MOLECULES))
    Ledger(folder).append(ev.ExperimentsDesigned(experiments=(experiment(decision=None),)))
    with pytest.raises(InputError, match="does not say what to improve"):
        campaign_from_run("c", folder)


SPACE = Space(parameters=(Continuous(name="x", low=0, high=1),), objectives=(Target(name="y"), Target(name="z")))


def told(count: int, space: Space = SPACE) -> list[Told]:
    return [
        Told(experiment=i, point={"x": i / 20}, outcomes={one.name: float(i * (20 - i)) for one in space.objectives})
        for i in range(1, count + 1)
    ]


async def test_a_campaign_learns_from_an_earlier_one_and_says_how_much(tmp_path: Path) -> None:
    space = SPACE.model_copy(update={"objectives": (Target(name="y"),)})
    past = CampaignFolder.create(tmp_path, Campaign(name="past", space=space))
    past.append_told(told(19, space))
    folder = CampaignFolder.create(tmp_path, Campaign(name="new", space=space, batch=2, learn_from=("past",)))
    made = await propose(folder, call)
    assert [one.reason for one in made] == ["earlier", "spread"]
    assert float(made[0].point["x"]) == pytest.approx(0.5, abs=0.15)  # where the earlier one was best
    assert made[0].weights == {"past": 1.0}
    text = report(folder.read())
    assert "It learns from: past." in text and "where earlier campaigns promise most" in text


def test_the_report_draws_progress_and_the_front(tmp_path: Path) -> None:
    folder = CampaignFolder.create(tmp_path, Campaign(name="c", space=SPACE))
    assert draw_progress(folder.read()) == ""
    results = [
        one.model_copy(update={"outcomes": {"y": 1.0 * i, "z": -((i - 2.0) ** 2)}}) for i, one in enumerate(told(5))
    ]
    folder.append_told([*results, Told(experiment=6, point={"x": 0.5}, failed=True)])
    state = folder.read()
    assert [one.experiment for one in state.front] == [3, 4, 5]
    write_report_to(tmp_path / "out.md", state)
    text = (tmp_path / "out.md").read_text()
    assert "experiments 3, 4, 5." in text and "(progress.svg)" in text
    drawing = (tmp_path / "progress.svg").read_text()
    assert drawing.startswith("<svg") and drawing == draw_progress(state)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("replicates = 0\n", "replicates: Input should be greater than or equal to 1"),
        ('[[constraints]]\nkind = "exclude"\n[constraints.when]\nx = [0, 1]\n', "is empty: no setting of x meets"),
        ("[costs]\nx = -1\n", "costs of 'x' must be 0 or more"),
        (
            '[[parameters]]\nkind = "continuous"\nname = "w"\nlow = 0\nhigh = 1\n[parameters.when]\nv = "on"\n',
            "no factor: v",
        ),
    ],
)
def test_space_files_that_cannot_begin_say_why(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "space.toml"
    body = '[[parameters]]\nkind = "continuous"\nname = "x"\nlow = 0\nhigh = 1\n[[objectives]]\nname = "y"\n'
    path.write_text(text + body if text.startswith("rep") else body + text)
    with pytest.raises((InputError, ConflictError), match=says):
        read_campaign("c", path)
