"""The loop that closes, unattended: goal, plans, protocols, measured results, beliefs, next plans, round after round.

Each turn of it is derived from the run's ledger, so that a loop killed at any point goes on where it was when it is
started again on its run. Without a simulated laboratory it stops where results are needed, and says which sheets to
fill in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from agent.campaign.instruments import Instruments
from agent.memory.files.disk import write_text
from agent.memory.history import History
from agent.reasoning.beliefs import open_samples
from agent.records import Experiment
from agent.session.telling import Told, history_of, settle

if TYPE_CHECKING:
    from agent.session import Listener, RunOutcome, Session

RESULTS = "results"
"""Folder of the bundle with the sheets that the simulated laboratory has filled in."""

Watch = Callable[[int, Told, History], None]
"""Called after every telling with the round, what was told, and the run as it stands."""

Ending = Literal["target", "decided", "rounds", "waiting", "unfinished"]


@dataclass(frozen=True)
class LoopOutcome:
    """How a loop ended.

    Attributes:
        outcome: The run.
        history: All that happened.
        ending: ``target`` (so many hypotheses are supported), ``decided`` (nothing is left to be tested), ``rounds``
            (so many were made), ``waiting`` (for results, or for an answer), or ``unfinished`` (the run failed or was
            stopped before its experiments).
        rounds: How many rounds were begun.
        open: Plans with samples that were not told.
    """

    outcome: RunOutcome
    history: History
    ending: Ending
    rounds: int
    open: tuple[Experiment, ...]

    @property
    def exit_code(self) -> int:
        """As the command line reports it: 3 while it waits."""
        return self.outcome.exit_code if self.ending == "unfinished" else 3 if self.ending == "waiting" else 0

    def count(self, state: str) -> tuple[str, ...]:
        """Ids of the hypotheses that are in a state."""
        return tuple(one.id for one in self.history.hypotheses if one.belief and one.belief.state == state)


async def run_loop(
    session: Session,
    folder: Path,
    *,
    rounds: int = 3,
    target: int | None = None,
    laboratory: Callable[[History], Instruments] | None = None,
    listen: Listener | None = None,
    watch: Watch | None = None,
) -> LoopOutcome:
    """Carry a run through its rounds.

    Args:
        session: Carries the run, takes results in, designs.
        folder: A run, begun or further on.
        rounds: Most rounds: plans are made, measured and judged so often.
        target: So many supported hypotheses are enough; ``None`` goes on while anything is left.
        laboratory: Makes the simulated laboratory once the run knows what to measure; ``None`` waits for people.
        listen: Sees every event.
        watch: Sees every telling.

    Returns:
        How it ended.
    """
    outcome = await session.carry_on(folder, listen=listen)
    history = history_of(folder)
    if not any(plan.samples for plan in history.experiments):
        ending = "waiting" if outcome.question is not None else "unfinished"
        return LoopOutcome(outcome, history, ending, 0, ())
    await settle(session, folder, listen=listen)  # what an earlier, interrupted loop has left undone
    bench = None if laboratory is None else laboratory(history_of(folder))
    while True:
        history = history_of(folder)
        waiting = open_plans(history)
        number = len(history.rounds_designed)
        ending = _ending(history, waiting, rounds, target)
        if ending is not None or bench is None:
            return LoopOutcome(outcome, history, ending or "waiting", number, waiting)
        for plan in waiting:
            bench.begin(plan, open_samples(plan, history.results))
        while bench.busy:
            sheet = bench.turn()
            if sheet:
                path = _free(folder, number)
                write_text(path, sheet)
                told = await session.tell(folder, path, listen=listen)
                if watch is not None:
                    watch(number, told, history_of(folder))


def _ending(history: History, waiting: Sequence[Experiment], rounds: int, target: int | None) -> Ending | None:
    """Why no further round is measured, if none is."""
    # One that follows from a supported one says more of the same: it is no further one.
    supported = sum(
        one.belief is not None and one.belief.state == "supported" and not one.origin for one in history.hypotheses
    )
    if target is not None and supported >= target:
        return "target"
    if not waiting:
        return "decided"
    return "rounds" if len(history.rounds_designed) > rounds else None


def open_plans(history: History) -> tuple[Experiment, ...]:
    """The plans that can be judged and have samples that were not told yet."""
    return tuple(
        plan
        for plan in history.experiments
        if plan.decision is not None and plan.samples and open_samples(plan, history.results)
    )


def _free(folder: Path, number: int) -> Path:
    """Where the next sheet of a round goes: those of an earlier, interrupted loop stay."""
    turn = 1
    while (path := folder / RESULTS / f"round-{number}-sheet-{turn}.csv").exists():
        turn += 1
    return path
