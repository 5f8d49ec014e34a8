"""One run being carried out: its ledger, its tools, its reasoner, and what has happened so far.

Every method is safe to repeat: what the ledger already holds is not done again. That is what makes a killed run
resume to the same result, whatever the checkpoint remembers.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from agent import events as ev
from agent.errors import GedankenError
from agent.graphs.equipping import equip
from agent.graphs.references import fill
from agent.memory.candidates import merge_drafts
from agent.memory.files.artifacts import is_whole, keep_artifact
from agent.memory.history import History
from agent.memory.ledger import Ledger
from agent.reasoning.protocol import Context, Reasoner, RunView
from agent.records import (
    Approval,
    ArtifactContent,
    Candidate,
    CandidateDraft,
    Evidence,
    Experiment,
    Goal,
    Question,
    Result,
    Step,
    StepState,
    Usage,
)
from agent.tools.toolbox import Outcome, Toolbox

MAX_ROUNDS = 2
"""How often a review may extend the plan."""
CANCELLED = "cancelled by the researcher"


def _nobody(_: ev.Event) -> None:
    return None


@dataclass
class Work:
    """What the nodes of the graph share.

    Attributes:
        folder: The run's bundle.
        goal: As asked.
        reasoner: Who thinks.
        toolbox: What computes.
        ledger: Where events go.
        history: What they amount to (the ledger's earlier events already applied).
        parallel: How many steps run side by side.
        approve: Whether the researcher wants to see the plan first (``costly``: only one with costly steps).
        documents: How many documents the knowledge store holds.
        earlier: Seconds that earlier sittings of this run have spent.
        listen: A face that wants to see events as they happen.
    """

    folder: Path
    goal: Goal
    reasoner: Reasoner
    toolbox: Toolbox
    ledger: Ledger
    history: History
    parallel: int = 2
    approve: Approval = False
    documents: int = 0
    earlier: float = 0.0
    listen: ev.Listener = _nobody
    started: float = field(default_factory=time.monotonic)
    cancelled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make what lives as long as this sitting."""
        self.lost = self._forget_lost_evidence()
        self._slots = asyncio.Semaphore(self.parallel)
        self._settled: dict[str, asyncio.Event] = {}
        self._running: dict[str, asyncio.Task[Outcome]] = {}
        self._tool_calls = sum(1 for found in self.history.evidence.values() if not found.cached)

    # --- speaking ---------------------------------------------------------------------------------------------------

    def say(self, event: ev.Event) -> None:
        """Record an event and show it; a notice is given once."""
        if isinstance(event, ev.Notice) and event.text in {earlier.text for earlier in self.history.notices}:
            return
        self.ledger.append(event)
        self.history.apply(event)
        self.listen(event)

    def notice(self, text: str) -> None:
        """Tell the reader something."""
        self.say(ev.Notice(text=text))

    def enter(self, phase: str) -> None:
        """Say which phase begins."""
        if self.history.phase != phase:
            self.say(ev.PhaseStarted(phase=phase))

    def ask(self, question: Question) -> None:
        """Put a question to the researcher, once."""
        if self.history.question != question:
            self.say(ev.QuestionAsked(question=question))

    # --- what a reasoner sees ---------------------------------------------------------------------------------------

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> Result:
        """Call a tool outside the plan."""
        outcome = await self.toolbox.call(tool, arguments)
        self._tool_calls += not outcome.cached
        return outcome.result

    async def equip(self, experiment: Experiment) -> Experiment:
        """The experiment with its worksheet, tables and robot protocols in the bundle."""
        return await equip(
            experiment, folder=self.folder, call=self.call, candidates=self.view().candidates,
            hypotheses=self.history.hypotheses, notice=self.notice,
        )  # fmt: skip

    @property
    def context(self) -> Context:
        """What a reasoner may use besides the goal."""
        return Context(
            catalogue=self.toolbox.catalogue,
            call=self.call,
            answers=self.history.answers,
            documents=self.documents,
            say=self.say,
        )

    def payload(self, evidence: str) -> Mapping[str, Any]:
        """The data of an evidence's result."""
        return self._result(evidence).data

    def view(self, candidates: Iterable[Candidate] | None = None) -> RunView:
        """The run as it stands."""
        assert self.history.brief is not None, "the goal is interpreted before anything is viewed"
        table = self.history.candidates if candidates is None else candidates
        return RunView(
            goal=self.goal,
            brief=self.history.brief,
            plan=self.history.plan,
            evidence=self.history.evidence,
            candidates=tuple(candidate for candidate in table if not candidate.withheld),
            payload=self.payload,
            context=self.context,
            round=self.history.rounds,
        )

    def gather_candidates(self) -> tuple[Candidate, ...]:
        """The table merged from every step so far, in the plan's order."""
        found: list[tuple[str, tuple[CandidateDraft, ...]]] = []
        for step in self.history.steps:
            evidence = self.history.evidence.get(f"e{step[1:]}")
            if evidence is not None and evidence.status == "ok":
                found.append((evidence.id, self._result(evidence.id).candidates))
        return merge_drafts(found)

    def crystals(self) -> dict[str, str]:
        """CIF texts of the run's crystals by the key that their candidates have, as the last step left them."""
        found = {
            artifact.title: artifact.path
            for evidence in self.history.evidence.values()
            for artifact in evidence.artifacts
            if artifact.media_type == "chemical/x-cif"
        }
        for path in found.values():
            if path not in self._texts:
                self._texts[path] = (self.folder / path).read_text(encoding="utf-8")
        return {key: self._texts[path] for key, path in found.items()}

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Artifacts that were read, by their path: they never change."""
        return {}

    @cached_property
    def _results(self) -> dict[str, Result]:
        return {}

    def _result(self, evidence: str) -> Result:
        if evidence not in self._results:
            path = self.folder / self.history.evidence[evidence].payload
            self._results[evidence] = Result.model_validate_json(path.read_bytes())
        return self._results[evidence]

    # --- spending ---------------------------------------------------------------------------------------------------

    @property
    def usage(self) -> Usage:
        """What the run has spent so far, earlier sittings included."""
        return self.history.usage.model_copy(
            update={
                "seconds": round(self.earlier + time.monotonic() - self.started, 3),
                "tool_calls": self._tool_calls,
                "cached_calls": sum(1 for found in self.history.evidence.values() if found.cached),
            }
        )

    def spent_limit(self) -> str:
        """Which limit is reached, in words; empty while none is."""
        limits, usage = self.goal.limits, self.usage
        if limits.seconds is not None and usage.seconds >= limits.seconds:
            return f"the limit of {limits.seconds:g} s is reached"
        if limits.tool_calls is not None and usage.tool_calls >= limits.tool_calls:
            return f"the limit of {limits.tool_calls} tool calls is reached"
        return ""

    def _forget_lost_evidence(self) -> bool:
        """Steps whose results a power cut has taken from the bundle are done again, while the run still works."""
        if self.history.candidates:
            return False
        lost = [found for found in self.history.evidence.values() if not is_whole(self.folder, found)]
        for found in lost:
            del self.history.evidence[found.id]
            self.history.states[found.step] = StepState()
        return bool(lost)

    # --- steps ------------------------------------------------------------------------------------------------------

    def pending(self) -> tuple[Step, ...]:
        """Steps that have neither run nor been skipped."""
        return tuple(
            step
            for step in self.history.steps.values()
            if self.history.states[step.id].status in ("pending", "running")
        )

    async def carry_out(self, step: Step) -> str:
        """Run a step once the steps that it needs have settled.

        Returns:
            Its status.
        """
        settled = self._settled.setdefault(step.id, asyncio.Event())
        try:
            if self.history.states[step.id].status in ("pending", "running"):
                for need in step.needs:
                    await self._wait_for(need)
                if self.history.states[step.id].status == "skipped":  # cancelled while it waited
                    return "skipped"
                reason = self._obstacle(step)
                if reason:
                    self.say(ev.StepSkipped(step=step.id, reason=reason))
                else:
                    await self._run(step)
        finally:
            settled.set()
        return self.history.states[step.id].status

    def cancel(self, step: str) -> None:
        """Stop a running step, or keep a pending one from starting; one that has ended is left as it is."""
        self.cancelled.add(step)
        if step in self._running:
            self._running[step].cancel()
        elif step in self.history.states and self.history.states[step].status == "pending":
            self.say(ev.StepSkipped(step=step, reason=CANCELLED))

    async def _wait_for(self, need: str) -> None:
        if self.history.states[need].status in ("pending", "running"):
            await self._settled.setdefault(need, asyncio.Event()).wait()

    def _obstacle(self, step: Step) -> str:
        """Why a step cannot run; empty if it can."""
        if step.id in self.cancelled:
            return CANCELLED
        for need in step.needs:
            status = self.history.states[need].status
            if status not in ("ok",) and not self.history.steps[need].optional:
                return f"it needs {need}, which is '{status}'"
        return self.spent_limit()

    async def _run(self, step: Step) -> None:
        async with self._slots:
            if self.history.states[step.id].status == "skipped":  # cancelled while it waited for its turn
                return
            if reason := self._obstacle(step):  # a limit may have been reached while it waited for its turn
                self.say(ev.StepSkipped(step=step.id, reason=reason))
                return
            self.say(ev.StepStarted(step=step.id, tool=step.tool))
            started = time.monotonic()
            task = asyncio.create_task(self._call(step))
            self._running[step.id] = task
            try:
                outcome = await task
            except asyncio.CancelledError:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
                if step.id not in self.cancelled:  # the whole run is being stopped
                    raise
                self.say(ev.StepSkipped(step=step.id, reason=CANCELLED))
                return
            finally:
                del self._running[step.id]
            self._tool_calls += not outcome.cached
            seconds = round(time.monotonic() - started, 4)
            self.say(ev.StepFinished(step=step.id, evidence=self._keep(step, outcome, seconds)))

    async def _call(self, step: Step) -> Outcome:
        try:
            arguments = fill(step.arguments, lambda need: self._result(f"e{need[1:]}").plain())
        except (GedankenError, KeyError) as error:
            return Outcome(_unfillable(step, error), 0.0, False, "")
        return await self.toolbox.call(
            step.tool,
            arguments,
            on_progress=lambda fraction, message: self.say(
                ev.StepProgress(step=step.id, fraction=fraction, message=message)
            ),
        )

    def _keep(self, step: Step, outcome: Outcome, seconds: float) -> Evidence:
        """Write a result into the bundle and make it evidence."""
        result, identity = outcome.result, f"e{step.id[1:]}"
        artifacts = tuple(keep_artifact(self.folder, content) for content in result.artifacts)
        body = json.dumps(result.plain(), ensure_ascii=False, sort_keys=True)
        payload = keep_artifact(
            self.folder, ArtifactContent(name=f"{identity}.json", media_type="application/json", content=body)
        )
        self._results[identity] = result
        return Evidence(
            id=identity,
            step=step.id,
            tool=step.tool,
            status=result.status,
            summary=result.summary,
            values=result.values,
            artifacts=artifacts,
            citations=result.citations,
            warnings=result.warnings,
            error=result.error,
            payload=payload.path,
            seconds=seconds,
            cached=outcome.cached,
            fingerprint=outcome.fingerprint,
        )


def _unfillable(step: Step, error: Exception) -> Result:
    from agent.tools import failed

    if isinstance(error, GedankenError):
        return failed(error)
    return failed(GedankenError(f"{step.id} refers to the result of {error}, and there is none."))
