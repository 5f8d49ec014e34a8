"""A simulated loop in a process of its own, for tests that kill it: ``python -m support.killable_loop RUN HOME``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from support.told_run import call_here

from agent.campaign.instruments import Instruments
from agent.campaign.loop import LoopOutcome, run_loop
from agent.campaign.truth import Truth
from agent.memory.history import History
from agent.reasoning.hypotheses.table import Table
from agent.session import Session
from agent.settings import load_settings


def laboratory(history: History) -> Instruments:
    """Noisy instruments over hidden values of the run's candidates."""
    truth = Truth(Table(history.candidates, None), {one.id: one for one in history.hypotheses}, seed=3)
    return Instruments(truth, delay=2, seed=3)


async def loop(run: Path, home: Path, **options) -> LoopOutcome:
    """The loop with tools in this process: starting workers is tested elsewhere."""
    settings = load_settings(out=run.parent, home=home, workers=1).settings
    async with Session(settings) as session:
        session.toolbox.call = call_here  # type: ignore[method-assign]
        return await run_loop(session, run, **{"rounds": 2, "laboratory": laboratory} | options)


if __name__ == "__main__":
    ended = asyncio.run(loop(Path(sys.argv[1]), Path(sys.argv[2])))
    print(ended.ending)
