"""Where nothing meets every constraint, the verdict says what comes nearest, and what could not be judged."""

from __future__ import annotations

from pathlib import Path

from support.sample_run import make_run

from agent import events as ev
from agent.memory.report import render_report


def test_the_nearest_and_the_unjudged_are_told(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    missing = "docking score not measured"
    table = tuple(
        one if one.withheld else one.model_copy(
            update={"feasible": None, "reason": missing, "score": 0.99} if place % 2
            else {"feasible": False, "reason": f"QED of {one.id} too low", "score": place / 100}
        )
        for place, one in enumerate(history.candidates)
    )  # fmt: skip
    history.apply(ev.CandidatesRanked(candidates=table))
    said = render_report(folder, info, history).markdown.split("## ")[1]
    last = [one for one in table if one.feasible is False][-1]
    assert f"comes nearest: QED of {last.id} too low" in said
    assert f"could not be judged: {missing}" in said
