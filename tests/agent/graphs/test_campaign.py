"""The campaign graph: it asks, takes answers, says what is wrong with them, and survives kills and lost checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import MemorySaver

from agent.campaign.agent import FolderRounds
from agent.campaign.folder import CampaignFolder
from agent.campaign.records import Campaign
from agent.campaign.rounds import tell
from agent.campaign.sheets import read_words
from agent.errors import InputError
from agent.graphs.campaign import CampaignOutcome, carry_on_campaign
from agent.records import Result
from agent.tools.optimisation import suggest_experiments
from agent.tools.optimisation.space import Discrete, Space, Target

SPACE = Space(
    parameters=(Discrete(name="x", values=tuple(range(12))),),
    objectives=(Target(name="y", goal="maximise", reach=10),),
)


class Killed(BaseException):
    """Stands for a process that is gone."""


class Bench:
    """A campaign on disk, driven with checkpoints that may be lost."""

    def __init__(self, path: Path, **given: Any) -> None:
        self.folder = CampaignFolder.create(path, Campaign(name="c", space=SPACE, batch=2, **given))
        self.saver = MemorySaver()
        self.calls = 0
        self.kill_in = ""

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Result:
        self.calls += 1
        if self.kill_in == "propose":
            self.kill_in = ""
            raise Killed
        return suggest_experiments(**{**arguments, "space": Space.model_validate(arguments["space"])})

    async def go(self, answer: Any = None, **given: Any) -> CampaignOutcome:
        rounds = FolderRounds(self.folder, self.call)
        return await carry_on_campaign(rounds, self.saver, "c", answer=answer, **given)

    def sheet(self) -> Path:
        """The sheet of the round, filled in with the truth."""
        state = self.folder.read()
        path = self.folder.path / f"round-{state.round}.csv"
        head, *rows = path.read_text().splitlines()
        filled = [row.replace(",,,", f",{-abs(float(row.split(',')[1]) - 7) + 10:g},,") for row in rows]
        path.write_text("\n".join([head, *filled]) + "\n")
        return path


async def test_it_proposes_waits_takes_results_and_ends_at_the_target(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    outcome = await bench.go()
    assert outcome["question"] is not None and "experiments 1, 2?" in outcome["question"].text
    for _ in range(6):
        outcome = await bench.go(str(bench.sheet()))
        if outcome["question"] is None:
            break
    assert outcome["ended"] == "Stop: the target is reached."
    assert bench.folder.read().reached


async def test_a_wrong_answer_is_said_and_asked_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    await bench.go()
    outcome = await bench.go("experiment=9 y=1")
    assert outcome["question"] is not None and "There is no experiment 9" in outcome["question"].text
    outcome = await bench.go({"experiment": 1, "y": 3.5})
    assert outcome["question"] is not None and outcome["question"].text.startswith("What came of the experiments 2?")
    assert [one.experiment for one in bench.folder.read().told] == [1]


async def test_a_kill_or_lost_checkpoints_propose_nothing_twice(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.kill_in = "propose"
    with pytest.raises(Killed):
        await bench.go()
    assert not bench.folder.read().proposals
    assert (await bench.go())["question"] is not None
    again = await bench.go()  # without an answer it asks the same
    assert again["question"] is not None and "1, 2?" in again["question"].text
    bench.saver = MemorySaver()  # the lab's folder was lost
    outcome = await bench.go(str(bench.sheet()))
    assert outcome["question"] is not None and "3, 4?" in outcome["question"].text
    assert len(bench.folder.read().proposals) == 4 and bench.calls == 3


async def test_results_told_elsewhere_count(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    await bench.go()
    for words in (["experiment=1", "y=1"], ["experiment=2", "y=2"]):
        tell(bench.folder, lambda state, words=words: read_words(words, state))
    outcome = await bench.go()
    assert outcome["question"] is not None and "3, 4?" in outcome["question"].text


async def test_it_ends_when_enough_is_measured_and_refuses_answers_to_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with pytest.raises(InputError, match="nothing to answer"):
        await bench.go("experiment=1 y=1")
    await bench.go(most=2)
    for words in ("experiment=1 failed=yes", "experiment=2 y=1"):
        outcome = await bench.go(words, most=2)
    assert outcome["ended"] == "2 results told, as many as were wanted."
    assert len(bench.folder.read().proposals) == 2
