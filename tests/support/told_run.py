"""A finished run on disk whose experiments wait for results: what the tests of telling and of the loop work on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support import runs
from support.runs import molecule_brief, molecules
from support.trials import QUANTITY, UNIT, decision, experiment, hypothesis

from agent import events as ev
from agent.errors import InputError
from agent.memory.bundle import write_bundle
from agent.memory.history import fold
from agent.memory.ledger import Ledger
from agent.memory.runs import create_run
from agent.records import Goal, Hypothesis, RunInfo
from agent.tools import failed
from agent.tools.toolbox import Outcome

NAME = "20260102-030405-678-told"


async def call_here(name: str, arguments: Mapping[str, Any], **_: Any) -> Outcome:
    """Stands for the toolbox's ``call``: tools run in this process, since starting workers is tested elsewhere."""
    try:
        result = await runs.call(name, arguments)
    except InputError as error:  # a tool that is not there, such as the robots' simulators
        result = failed(error)
    return Outcome(result, 0.0, False, "")


def about(number: int, bound: float) -> Hypothesis:
    """The solubility of candidate ``c<number>`` lies above a bound."""
    made = hypothesis(number, relation=">", value=bound, effect=0.5, spread=0.25)
    return made.model_copy(update={"subjects": (f"c{number}",), "kind": "estimate"})


def make_told_run(out: Path, *, bound: float = -4.0, controls: bool = True) -> Path:
    """A run with three hypotheses about levels; the first has a plan of four samples, and controls if wanted."""
    goal = molecule_brief().goal
    info = RunInfo(id=NAME, goal=Goal(text=goal), status="finished")
    folder = create_run(out, info)
    rule = decision(">", bound, arms=("c1",), spread=0.25)
    events = [
        ev.RunStarted(run=info.id, goal=goal),
        ev.GoalUnderstood(brief=molecule_brief()),
        ev.CandidatesRanked(candidates=molecules(12)),
        ev.HypothesesRanked(hypotheses=tuple(about(number, bound) for number in (1, 2, 3)), verdicts=()),
        ev.ExperimentsDesigned(experiments=(experiment(rule, controls=controls),)),
        ev.RunEnded(status="finished"),
    ]
    ledger = Ledger(folder)
    for event in events:
        ledger.append(event)
    write_bundle(folder, info, fold(events))
    return folder


def sheet(values: dict[str, str], *, header: str = "sample,value,unit,failed,note") -> str:
    """A sheet with a row per sample; a value may go on with further cells, as in ``3.1,mM``."""
    return "\n".join([header, *(f"{sample},{cells}" for sample, cells in values.items())]) + "\n"


__all__ = ["NAME", "QUANTITY", "UNIT", "about", "call_here", "make_told_run", "sheet"]
