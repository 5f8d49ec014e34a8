import json

import pytest
from support.protocols import plain
from support.runs import molecule_brief, molecules, view

from agent.cli.command import Given
from agent.cli.work import protocols
from agent.errors import InputError
from agent.reasoning.candidates import rank_candidates
from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses


@pytest.fixture
async def experiment():
    brief = molecule_brief()
    run = view(rank_candidates(brief, molecules()), brief)
    return await design_experiment(infer_hypotheses(run)[0], run)


class Read:
    """A bundle that holds one experiment."""

    def __init__(self, experiment):
        self.experiments = (experiment,)


async def shown(tmp_path, monkeypatch, experiment, protocol, robot="pylabrobot", save=None):
    folder = tmp_path / "runs" / "r1"
    (folder / "artifacts").mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    (folder / "artifacts" / "p.json").write_text(json.dumps(protocol))
    made = experiment.model_copy(update={"protocol_file": "artifacts/p.json"})
    monkeypatch.setattr(protocols, "read_bundle", lambda _: Read(made))
    given = Given({"home": tmp_path / "home", "out": tmp_path / "runs"}, as_json=True)
    return await protocols.show_protocol("r1", None, robot, save, given)


async def test_a_sound_protocol_is_simulated_and_written(tmp_path, monkeypatch, capsys, experiment):
    code = await shown(tmp_path, monkeypatch, experiment, plain(4), save=tmp_path / "out.json")
    told = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert code == 0 and told["robots"]["pylabrobot"]["status"] == "simulated"
    assert json.loads((tmp_path / "out.json").read_text())["title"] == "dilute"


async def test_a_refused_one_ends_with_code_1_and_names_the_step(tmp_path, monkeypatch, capsys, experiment):
    assert await shown(tmp_path, monkeypatch, experiment, plain(4, stock=30)) == 1
    assert "step 5: stocks:A1 is overdrawn" in capsys.readouterr().out


async def test_what_is_not_there_is_named(tmp_path, monkeypatch, experiment):
    with pytest.raises(InputError, match="no robot 'hand'"):
        await shown(tmp_path, monkeypatch, experiment, plain(), robot="hand")
    with pytest.raises(InputError, match="no experiment 'x99'"):
        protocols._chosen((experiment,), "x99")
    with pytest.raises(InputError, match="no robot protocol"):
        protocols._chosen((experiment,), experiment.id)
