"""Goals of every ending carried through a real session, and added up."""

from __future__ import annotations

import pytest

from agent.errors import InputError
from evals.goals import evaluate, running
from evals.goals.cases import cases
from evals.suite import Options

QUICK = ("nerve-agent-synthesis", "logp-both-ways", "no-molecule", "ko-no-molecule", "gc-content", "protein-file")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "cases", lambda: tuple(case for case in cases() if case.id in QUICK))


@pytest.mark.usefixtures("quick")
def test_quick_goals_pass_and_are_added_up() -> None:
    lines: list[str] = []
    scores = evaluate(Options(workers=2, tell=lines.append))
    assert scores.score == 1.0, lines
    assert scores.n == len(QUICK) == len(lines)
    assert scores.scores["biology"] == scores.scores["hazards"] == scores.scores["check: exit status"] == 1.0
    assert scores.scores["check: facts"] == 1.0
    assert scores.intervals["goals"] == (1.0, 1.0)


@pytest.mark.usefixtures("quick")
def test_tools_taken_away_are_missed() -> None:
    scores = evaluate(Options(workers=2, limit=6, without=("biology", "search_passages")))
    biology, hazards = scores.scores["biology"], scores.scores["hazards"]
    assert biology == hazards == scores.score == 1.0
    assert 0.0 < scores.scores["goals without biology, search_passages"] < 1.0


def test_a_tool_that_does_not_exist_cannot_be_taken_away() -> None:
    with pytest.raises(InputError, match="no tool or domain 'alchemy'"):
        evaluate(Options(without=("alchemy",)))
