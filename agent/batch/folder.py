"""The folder of a batch: whose it is, and where each of its goals stands.

``batch.json`` names the goals with their content hashes, so that another batch cannot mix its bundles in. Where a goal
stands is read from its own bundle: nothing is written twice, and a kill at any moment leaves a folder that resumes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from agent.batch.goals import BatchGoal
from agent.errors import GedankenError, InputError
from agent.memory.files.disk import disk_error, held, write_text
from agent.memory.files.lines import read_head
from agent.memory.runs import BATCH, RUN, read_info
from agent.records import Record, RunInfo, RunStatus, now

BATCH_VERSION = 1


class GoalOutcome(Record):
    """Where a goal of a batch stands.

    ``pending`` goals were not begun; ``stopped`` ones can be carried on; ``bundle`` is the folder within the batch's.
    """

    id: str
    line: int
    goal: str
    status: RunStatus | Literal["pending"]
    bundle: str | None = None
    question: str | None = None
    error: str | None = None
    seconds: float = 0.0
    refused: bool = False
    """Refused by the hazard screen."""

    @property
    def settled(self) -> bool:
        """Whether carrying it on again would change nothing: it is finished, or waits for an answer."""
        return self.status in ("finished", "waiting")


class BatchFolder:
    """The folder that a batch leaves.

    Args:
        path: Where it is.
        goals: All goals of the batch.
    """

    def __init__(self, path: Path, goals: Sequence[BatchGoal]) -> None:
        self.path = path
        self.goals = tuple(goals)

    @contextlib.contextmanager
    def claimed(self, *, resume: bool) -> Iterator[BatchFolder]:
        """Take hold of the folder: one process at a time.

        Args:
            resume: Carry on the batch that the folder holds already.

        Raises:
            InputError: It belongs to another batch, holds other things, or holds this batch and `resume` is not set.
            StorageError: Another process works on it, or it cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error("the batch's folder", self.path, error) from error
        taken = f"Another process is carrying on the batch in {self.path}."
        with held(self.path / ".batch.lock", "the batch's lock", taken, "Wait for it, or stop it."):
            self._check(resume)
            write_text(self.path / BATCH, json.dumps(self._manifest(), ensure_ascii=False, indent=2) + "\n")
            yield self

    def bundle(self, goal: BatchGoal) -> Path:
        """The folder of a goal's bundle."""
        return self.path / goal.id

    def info(self, goal: BatchGoal) -> RunInfo | None:
        """The head of a goal's bundle, if it was begun and can be read."""
        with contextlib.suppress(GedankenError):
            return read_info(self.bundle(goal))
        return None

    def standing(self, goal: BatchGoal) -> GoalOutcome:
        """Where a goal stands as its bundle tells. A run that a kill left ``running`` counts as stopped."""
        head = {"id": goal.id, "line": goal.line, "goal": goal.goal}
        if not (self.bundle(goal) / RUN).exists():
            return GoalOutcome(**head, status="pending")
        try:
            info = read_info(self.bundle(goal))
        except GedankenError as error:
            return GoalOutcome(**head, status="failed", bundle=goal.id, error=str(error))
        return outcome_of(goal, info)

    def _check(self, resume: bool) -> None:
        path = self.path / BATCH
        if not path.exists():
            others = [one.name for one in self.path.iterdir() if one.name != ".batch.lock"]
            if others:
                raise InputError(
                    f"The folder {self.path} holds other things ({', '.join(sorted(others)[:3])}).",
                    remedy="Name a new or empty folder with --out.",
                )
            return
        recorded = _recorded(path)
        ours = {goal.id: goal.digest for goal in self.goals}
        strangers = [identity for identity, digest in recorded.items() if ours.get(identity) != digest]
        if strangers:
            same = len(recorded) - len(strangers)
            first = strangers[0]
            how = "asks something else now" if first in ours else "is not among these goals"
            raise InputError(
                f"The folder {self.path} belongs to another batch: {same} of its {len(recorded)} goals are the same,"
                f" and '{first}' {how}.",
                remedy="Name another folder with --out; goals may be added to a batch, not changed or taken away.",
            )
        if not resume:
            finished = sum(self.standing(goal).status == "finished" for goal in self.goals)
            raise InputError(
                f"The folder {self.path} holds this batch already ({finished} of {len(self.goals)} goals finished).",
                remedy="Carry it on with --resume, or name another folder with --out.",
            )

    def _manifest(self) -> dict[str, Any]:
        goals = [{"id": goal.id, "line": goal.line, "sha256": goal.digest, "goal": goal.goal} for goal in self.goals]
        whole = "".join(f"{goal['id']} {goal['sha256']}\n" for goal in goals)
        digest = hashlib.sha256(whole.encode()).hexdigest()
        return {"batch_version": BATCH_VERSION, "sha256": digest, "written": now(), "goals": goals}


def outcome_of(goal: BatchGoal, info: RunInfo) -> GoalOutcome:
    """Where a goal stands, from the head of its bundle."""
    killed = info.status == "running"
    return GoalOutcome(
        id=goal.id,
        line=goal.line,
        goal=goal.goal,
        status="stopped" if killed else info.status,
        bundle=goal.id,
        question=info.question.text if info.status == "waiting" and info.question else None,
        error="Its process was killed." if killed else info.error,
        seconds=info.budget_spent.seconds,
        refused=any(note.startswith("Refused by the hazard") for note in info.notes),
    )


def _recorded(path: Path) -> dict[str, str]:
    """The goals that a folder was made for: digest by id."""
    remedy = "Name another folder with --out."
    plain = read_head(path, "batch_version", BATCH_VERSION, remedy)
    try:
        return {goal["id"]: goal["sha256"] for goal in plain["goals"]}
    except (KeyError, TypeError) as error:
        raise InputError(f"{path} is damaged: {error}.", remedy=remedy) from error


__all__ = ["BATCH", "BatchFolder", "GoalOutcome", "outcome_of"]
