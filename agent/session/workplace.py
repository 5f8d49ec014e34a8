"""The session: settings, tools, workers, cache and checkpoints, shared by the runs that it carries through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent import events as ev
from agent.errors import GedankenError, InputError
from agent.execution.cache import ResultCache
from agent.memory.history import APPROVAL, History, fold
from agent.memory.ledger import Ledger, read_ledger
from agent.memory.runs import create_run, new_run_id, read_info, run_lock, write_info
from agent.records import Approval, Goal, RunInfo
from agent.session.assembling import (
    document_count,
    make_executor,
    make_reasoner,
    reasoner_name,
    store_reference,
    versions,
    with_defaults,
)
from agent.session.checkpoints import Checkpoints
from agent.session.ending import RunOutcome, conclude, outcome_of
from agent.session.heeding import heeding
from agent.session.outside import join_outside
from agent.settings import Settings, load_settings
from agent.tools import Catalogue, catalogue
from agent.tools.toolbox import Outcome, Toolbox

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from agent.graphs.replay import Comparison
    from agent.graphs.work import Work
    from agent.reasoning.protocol import Reasoner
    from agent.session.telling import Told


class Session:
    """A lab's workplace: settings, tools, workers, cache and checkpoints, shared by its runs.

    Use it as an asynchronous context manager: workers end with it.

    Args:
        settings: Everything that can be set; gathered from the environment when left out.
        tools: The catalogue to work with (the whole one by default).
        reasoner: Who thinks, in place of what the settings say.
    """

    def __init__(
        self, settings: Settings | None = None, *, tools: Catalogue | None = None, reasoner: Reasoner | None = None
    ) -> None:
        self.settings = settings or load_settings().settings
        self._own_reasoner = reasoner
        self._pool = make_executor(self.settings)
        self.toolbox = Toolbox(
            tools or catalogue(),
            self._pool,
            cache=ResultCache(self.settings.cache_path) if self.settings.cache else None,
            supplies={
                "store": lambda: store_reference(self.settings),
                "opentrons": self.settings.opentrons_environment,
            },
            offline=self.settings.offline,
            seconds=self.settings.step_seconds,
            memory_mb=self.settings.step_memory_mb,
            priority=self.settings.priority,
        )
        address = self.settings.checkpoints
        self._checkpoints = Checkpoints(
            self.settings.checkpoint_path, None if address is None else address.get_secret_value()
        )
        self._working: dict[str, Work] = {}

    async def __aenter__(self) -> Session:
        """Open the session; tools of outside servers join."""
        self._checkpoints.enter()
        self.toolbox.catalogue = await join_outside(self.toolbox.catalogue, self.settings)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the workers, and let go of the checkpoints."""
        await self.toolbox.close()
        await self._pool.close()
        await self._checkpoints.close()

    # --- runs -------------------------------------------------------------------------------------------------------

    def begin(self, goal: Goal, *, folder: Path | None = None, reasoner: str | None = None) -> Path:
        """Make a run's folder, so that it can be found and resumed whatever happens next.

        Args:
            goal: What the researcher asks.
            folder: Where the bundle goes, in place of a new folder; the run is named after it.
            reasoner: Who thinks in this run (``auto``, ``playbook`` or ``model``), in place of what the settings say.

        Returns:
            The run's folder.

        Raises:
            InputError: The goal is empty, or an attachment is missing.
            StorageError: The folder cannot be made.
        """
        if not goal.text.strip():
            raise InputError("The goal is empty.", remedy='Say what to find out, as in: gedanken run "Design ..."')
        for attachment in goal.attachments:
            if not Path(attachment).exists():
                raise InputError(f"The attachment '{attachment}' does not exist.", remedy="Check its path.")
        reasoner = self._own_reasoner.name if self._own_reasoner else reasoner_name(self.settings, reasoner)
        info = RunInfo(
            id=folder.name if folder else new_run_id(goal.text),
            goal=goal.model_copy(update={"limits": with_defaults(goal.limits, self.settings)}),
            reasoner=reasoner,
            model=self.settings.model if reasoner == "model" else None,
            seed=goal.seed,
            offline=self.settings.offline,
            versions=versions(),
        )
        return create_run(folder.parent if folder else self.settings.out, info)

    async def run(self, goal: Goal, *, approve: Approval = False, listen: ev.Listener | None = None) -> RunOutcome:
        """Carry a goal through.

        Args:
            goal: What the researcher asks.
            approve: Show the plan and wait for a yes before it runs (``costly``: only where steps are costly or
                hazardous).
            listen: Sees every event as it happens.

        Returns:
            How it ended; a run that waits or fails is an outcome, too, and has a bundle.

        Raises:
            InputError: The goal cannot even be begun.
            StorageError: The bundle cannot be written.
        """
        return await self.carry_on(self.begin(goal), approve=approve, listen=listen)

    async def carry_on(
        self,
        folder: Path,
        *,
        answer: Any = None,
        approve: Approval = False,
        listen: ev.Listener | None = None,
    ) -> RunOutcome:
        """Carry a begun run on: after a kill, a stop, a failure, or with the answer to its question.

        A finished run is not run again; what follows from results that were told and not judged yet, because a kill
        came between, is made good.

        Args:
            folder: The run's folder.
            answer: The answer to the question that it waits for.
            approve: As for `run`.
            listen: As for `run`.

        Raises:
            InputError: It is not a run, or an answer is given where none is asked for.
            StorageError: Another process is carrying it on, or the disk refuses.
        """
        with run_lock(folder):
            info = read_info(folder)
            history = fold(read_ledger(folder / "ledger.jsonl"))
            if answer is not None and history.question is None:
                raise InputError(f"The run {info.id} does not ask anything.", remedy="Leave the answer out.")
            if info.status == "waiting" and answer is None and history.question is not None:
                return outcome_of(folder, info, history, 3)
            if info.status != "finished":
                return await self._carry_on(folder, info, history, answer, approve, listen)
        if history.results:
            from agent.session.telling import history_of, settle

            await settle(self, folder, listen=listen)
            history = history_of(folder)
        return outcome_of(folder, info, history, 0)

    def cancel_step(self, run: str, step: str) -> None:
        """Stop one step of a run that this session carries on."""
        if run in self._working:
            self._working[run].cancel(step)

    async def call(self, tool: str, arguments: dict[str, Any], on_progress: Any = None) -> Outcome:
        """Call one tool."""
        return await self.toolbox.call(tool, arguments, on_progress=on_progress)

    def rerank(self, folder: Path) -> RunOutcome:
        """Rank a run's hypotheses again with the researcher's verdicts, and rewrite its bundle.

        Args:
            folder: The run's folder.

        Raises:
            InputError: It is not a run, or has no ranked hypotheses.
            StorageError: Another process carries it on, or the disk refuses.
        """
        from agent.session.reranking import rerank

        return rerank(folder)

    async def tell(self, folder: Path, given: Path | Sequence[str], *, listen: ev.Listener | None = None) -> Told:
        """Tell measured results to a run: they are kept at once, beliefs and the next plans follow.

        Args:
            folder: The run's folder.
            given: A filled-in results sheet, or ``key=value`` words.
            listen: Sees every event as it happens.

        Raises:
            InputError: Something in the sheet does not fit, or contradicts what was told (`ConflictError`).
            StorageError: The run is held by another process, or the disk refuses.
        """
        from agent.session.telling import tell

        return await tell(self, folder, given, listen=listen)

    async def replay(self, folder: Path, listen: Callable[[Comparison], None] | None = None) -> tuple[Comparison, ...]:
        """Run every step of a run again, without the cache, and compare.

        Args:
            folder: The run's folder.
            listen: Sees each comparison as it is made.
        """
        from agent.graphs.replay import replay

        info = read_info(folder)
        history = fold(read_ledger(folder / "ledger.jsonl"))
        if not history.evidence:
            raise InputError(f"The run {info.id} has no evidence to replay.", remedy="`gedanken resume` carries it on.")
        return await replay(folder, history, self.toolbox.without_cache(), listen)

    # --- inside -----------------------------------------------------------------------------------------------------

    async def _carry_on(
        self,
        folder: Path,
        info: RunInfo,
        history: History,
        answer: Any,
        approve: Approval,
        listen: ev.Listener | None,
    ) -> RunOutcome:
        work = self.work_on(folder, info, history, approve=approve, listen=listen)
        self._working[info.id] = work
        begun = info.model_copy(update={"status": "running", "finished": None, "error": None, "question": None})
        if begun != info:
            write_info(folder, begun)
        info = begun
        error: GedankenError | None = None
        stopped = ""
        work.say(ev.RunStarted(run=info.id, goal=info.goal.text, resumed=bool(history.run)))
        try:
            try:
                # Runs in different folders may share a name; the moment of the beginning tells them apart.
                async with heeding(work):
                    await self._drive(work, f"{info.id} {info.started}", answer)
            except GedankenError as caught:
                error = caught
            except asyncio.CancelledError:
                stopped = "stopped by the researcher"
            return conclude(work, info, error, stopped)
        finally:
            del self._working[info.id]

    def work_on(
        self,
        folder: Path,
        info: RunInfo,
        history: History,
        *,
        approve: Approval = False,
        listen: ev.Listener | None = None,
    ) -> Work:
        """What it takes to work on a run: its ledger, its reasoner, this session's tools. The caller holds its lock.

        Args:
            folder: The run's folder.
            info: The head of its bundle.
            history: What its ledger amounts to; new events are applied to it.
            approve: As for `run`.
            listen: As for `run`.
        """
        from agent.graphs.work import Work

        return Work(
            folder=folder,
            goal=info.goal,
            reasoner=self._own_reasoner or make_reasoner(self.settings, info, history.usage),
            toolbox=self.toolbox,
            ledger=Ledger(folder),
            history=history,
            parallel=self.settings.workers,
            approve=approve or APPROVAL in history.answers or _asked_for_approval(history),
            documents=document_count(self.settings.store_path),
            earlier=info.budget_spent.seconds,
            listen=listen or _nobody_listens,
        )

    async def _drive(self, work: Work, thread: str, answer: Any) -> None:
        """Run the graph until it ends or asks something."""
        from langgraph.types import Command

        from agent.graphs.approval import settle_approval
        from agent.graphs.research import build_graph
        from agent.models import silence_tracing

        silence_tracing()  # LangGraph would report to a server wherever the environment names one
        async with self.checkpoints() as saver:
            graph = build_graph(work).compile(checkpointer=saver)
            config: Any = {"configurable": {"thread_id": thread}, "recursion_limit": 100}
            if work.lost:  # the checkpoint knows steps as done whose results are gone: the ledger alone counts
                await saver.adelete_thread(thread)
            saved = await graph.aget_state(config)
            if not saved.values and not saved.next:
                # Nothing was saved: begin at the beginning; what the ledger holds is not done again.
                command: Any = {"run": thread}
            elif answer is not None and saved.interrupts:
                command = Command(resume=answer)
            else:
                command = None
            question = work.history.question
            if answer is not None and not isinstance(command, Command) and question is not None:
                if question.key == APPROVAL:
                    settle_approval(work, answer)
                else:
                    work.say(ev.QuestionAnswered(key=question.key, answer=answer))
            # The ledger is what a killed run goes on from; the checkpoint is for one that waits for an answer.
            try:
                await graph.ainvoke(command, config, durability="exit")
            except GedankenError:
                # LangGraph would give a refused answer again when the run is resumed: what the ledger says is asked.
                await saver.adelete_thread(thread)
                raise

    def checkpoints(self) -> AbstractAsyncContextManager[BaseCheckpointSaver[Any]]:
        """The checkpointer: PostgreSQL where the settings name a database, else SQLite in the lab's folder."""
        return self._checkpoints.opened()


def _nobody_listens(_: ev.Event) -> None:
    return None


def _asked_for_approval(history: History) -> bool:
    return history.question is not None and history.question.key == APPROVAL
