"""How a run ends, for now or for good: its status, its reason, and the bundle that it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent import events as ev
from agent.errors import GedankenError
from agent.memory.history import History
from agent.memory.runs import write_info
from agent.records import Question, RunInfo, now

if TYPE_CHECKING:
    from agent.graphs.work import Work


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended, for now or for good.

    Attributes:
        info: The head of the bundle.
        bundle: Its folder.
        question: What it waits for, if it waits.
        exit_code: As the command line reports it.
    """

    info: RunInfo
    bundle: Path
    question: Question | None
    exit_code: int


def outcome_of(folder: Path, info: RunInfo, history: History, code: int) -> RunOutcome:
    """The outcome of a run in this state."""
    return RunOutcome(info, folder, history.question if info.status == "waiting" else None, code)


def conclude(work: Work, info: RunInfo, error: GedankenError | None, stopped: str) -> RunOutcome:
    """Say how it ended, and leave the bundle."""
    from agent.memory.bundle import write_bundle

    history = work.history
    limit = work.spent_limit()
    if history.question is not None and error is None and not stopped:
        status, reason, code = "waiting", history.question.text, 3
    elif error is not None:
        status, reason, code = (
            ("stopped" if error.exit_code == 3 else "failed"),
            str(error),
            error.exit_code,
        )
    elif stopped or (limit and was_cut_short(history)):
        status, reason, code = "stopped", stopped or f"Stopped: {limit}.", 3
    elif not any(found.status == "ok" for found in history.evidence.values()):
        status, reason, code = "failed", nothing_worked(history), 1
    else:
        status, reason, code = "finished", "", 0
    usage = work.usage
    work.say(ev.RunEnded(status=status, reason=reason, usage=usage))
    info = info.model_copy(
        update={
            "brief": history.brief,
            "status": status,
            "finished": now(),
            "budget_spent": usage,
            "question": history.question,
            "error": reason if status in ("failed", "stopped") else None,
            "notes": tuple(notice.text for notice in history.notices),
        }
    )
    write_bundle(work.folder, info, history)
    write_info(work.folder, info)
    return outcome_of(work.folder, info, history, code)


def was_cut_short(history: History) -> bool:
    """Whether a limit kept steps from running."""
    return any(state.status == "skipped" and "limit" in state.message for state in history.states.values())


def nothing_worked(history: History) -> str:
    """Why no step brought anything, in one sentence."""
    for found in history.evidence.values():
        if found.status == "error":
            return found.summary
    for found in history.evidence.values():
        return found.summary
    return "No step could run."
