"""Telling measured results to a run: kept at once, then judged, and the next plan follows.

Two moments, each under the run's lock. Results are checked and appended to the ledger first: from then on they are
safe, whatever happens. What follows from them (beliefs, further plans, the bundle) is derived from the ledger alone
and can be derived again: a kill in between is made good by the next telling, `gedanken resume` or `gedanken loop`.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from filelock import Timeout

from agent import events as ev
from agent.errors import ConflictError, GedankenError, InputError, StorageError
from agent.memory.history import History, fold
from agent.memory.ledger import Ledger, read_ledger
from agent.memory.opinions import read_opinions
from agent.memory.runs import read_info, run_lock
from agent.reasoning.beliefs import Follow, design_sharper, follow, judge, replicate, sharper
from agent.records import Belief, Experiment, Hypothesis, Measured
from agent.session.sheets import Sheet, read_sheet, read_words

if TYPE_CHECKING:
    from agent.graphs.work import Work
    from agent.records import RunInfo

WAIT = 60.0
"""Seconds that a teller waits for another one, or for a run that is just being carried on."""


class Workplace(Protocol):
    """What a telling needs of a session: a run to work on."""

    def work_on(self, folder: Path, info: RunInfo, history: History, *, listen: ev.Listener | None = None) -> Work:
        """The run's ledger, its reasoner, the session's tools."""
        ...


@dataclass(frozen=True)
class Told:
    """What a telling did.

    Attributes:
        kept: Results that are new.
        known: Samples whose same result was told before.
        blank: Samples of the sheet that have no result yet.
        ignored: Columns of the sheet that were not read.
        beliefs: Those that changed.
        next_steps: What is to be done now, in sentences.
        designed: Plans that were made for it.
    """

    kept: tuple[Measured, ...] = ()
    known: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    beliefs: tuple[Belief, ...] = ()
    next_steps: tuple[str, ...] = ()
    designed: tuple[Experiment, ...] = ()


@asynccontextmanager
async def held(folder: Path) -> AsyncIterator[None]:
    """Hold a run, waiting for whoever else holds it.

    Raises:
        StorageError: It is still held after `WAIT` seconds, or the disk refuses.
    """
    until = time.monotonic() + WAIT
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(run_lock(folder))
                break
            except StorageError as error:
                if not isinstance(error.__cause__, Timeout) or time.monotonic() > until:
                    raise
            # Asleep, and not blocked: the holder may be a task of this process.
            await asyncio.sleep(0.005)
        yield


def history_of(folder: Path) -> History:
    """A run's history as its ledger tells it."""
    return fold(read_ledger(folder / "ledger.jsonl"))


async def tell(
    workplace: Workplace, folder: Path, given: Path | Sequence[str], *, listen: ev.Listener | None = None
) -> Told:
    """Take in results of a run's experiments, and draw the consequences.

    Args:
        workplace: Its tools and reasoner design the next plans.
        folder: The run's folder.
        given: A filled-in sheet, or ``key=value`` words; an empty list only draws what consequences are still due.
        listen: Sees every event as it happens.

    Returns:
        What was kept, what is believed now, and what is to be done next.

    Raises:
        InputError: Something in the sheet does not fit: nothing of it is kept.
        ConflictError: A sample was told before with another result: nothing of the sheet is kept.
        StorageError: The run is held by another process for too long, or the disk refuses.
    """
    kept, known, sheet = await keep(folder, given, listen)
    beliefs, steps, designed = await settle(workplace, folder, listen=listen)
    return Told(kept, known, tuple(sheet.blank), sheet.ignored, beliefs, steps, designed)


async def keep(
    folder: Path, given: Path | Sequence[str], listen: ev.Listener | None = None
) -> tuple[tuple[Measured, ...], tuple[str, ...], Sheet]:
    """Check results and append them to the ledger: the first moment of `tell`.

    Returns:
        The new results, the samples whose same result was known, and the sheet.
    """
    async with held(folder):
        history = fold(read_ledger(folder / "ledger.jsonl", ("experiments_designed", "results_told")))
        plans = [plan for plan in history.experiments if plan.samples]
        if not plans:
            raise InputError(
                f"The run {folder.name} has no experiment with samples to tell results of.",
                remedy="`gedanken runs` lists the runs; one that was cut short is carried on by `gedanken resume`.",
            )
        sheet = read_sheet(given, plans) if isinstance(given, Path) else read_words(given, plans)
        before = {(one.sample, one.quantity): one for one in history.results}
        fresh, known = [], []
        for one in sheet.results:
            earlier = before.get((one.sample, one.quantity))
            if earlier is None:
                fresh.append(one)
            elif _same(earlier, one):
                known.append(one.sample)
            else:
                raise ConflictError(
                    f"Sample {one.sample} was told before with another result ({_said(earlier)}; now {_said(one)}).",
                    remedy="Results are never changed. If the first was wrong, measure a further sample.",
                )
        if fresh:
            event = ev.ResultsTold(results=tuple(fresh), source=sheet.source)
            Ledger(folder).append(event)
            if listen is not None:
                listen(event)
    return tuple(fresh), tuple(known), sheet


async def settle(
    workplace: Workplace, folder: Path, *, listen: ev.Listener | None = None
) -> tuple[tuple[Belief, ...], tuple[str, ...], tuple[Experiment, ...]]:
    """Bring a run's beliefs, plans and bundle up to its results: the second moment of `tell`.

    Everything follows from the ledger; where nothing is due, nothing is written.

    Returns:
        The beliefs that changed, what is to be done next, and the plans that were made.
    """
    from agent.memory.bundle import write_bundle

    async with held(folder):
        info = read_info(folder)
        work = workplace.work_on(folder, info, history_of(folder), listen=listen)
        history = work.history
        rejected = {name for name, said in read_opinions(folder).items() if said.verdict == "rejected"}
        width = len(history.rounds_designed[0]) if history.rounds_designed else 0

        def ahead(now: History) -> tuple[Follow, ...]:
            return follow(now.hypotheses, now.experiments, now.results, passed_over=rejected, width=width)

        standing = {one.id: one.belief for one in history.hypotheses}
        judged = judge(history.hypotheses, history.experiments, history.results)
        changed = tuple(one for one in judged if one != standing[one.hypothesis])
        if changed:
            known = replace(history, updates=[])
            known.apply(ev.BeliefsUpdated(beliefs=changed))
            work.say(ev.BeliefsUpdated(beliefs=changed, next_steps=tuple(one.sentence for one in ahead(known))))
        designed: list[Experiment] = []
        followed: tuple[Hypothesis, ...] = ()
        if history.results:
            dropped = tuple(one.id for one in history.dropped)
            followed = sharper(
                history.hypotheses,
                history.experiments,
                history.results,
                work.view(),
                passed_over=rejected,
                taken=dropped,
            )
            if followed:
                work.say(ev.HypothesesSharpened(hypotheses=followed))
            for one in ahead(history):
                if one.what != "measure" and (plan := await _design(work, one)) is not None:
                    designed.append(plan)
            if designed:
                work.say(ev.ExperimentsDesigned(experiments=tuple(designed)))
        if changed or followed or designed:
            write_bundle(folder, info, history)
        return changed, tuple(one.sentence for one in ahead(history)), tuple(designed)


async def _design(work: Work, due: Follow) -> Experiment | None:
    """The plan that is due; ``None``, with a notice, where it cannot be made."""
    try:
        origin = _tightened(due.hypothesis, work.history)
        if due.experiment is None and origin is not None:
            return await work.equip(await design_sharper(due, origin, work.view(), work.history.results))
        if due.experiment is None:
            return await work.equip(await work.reasoner.design(due.hypothesis, work.view()))
        return await work.equip(await replicate(due, work.view(), work.history.results))
    except GedankenError as error:
        work.say(ev.Notice(level="warning", text=f"{due.plan} could not be planned: {error}"))
        return None


def _tightened(hypothesis: Hypothesis, history: History) -> Experiment | None:
    """The newest plan of the hypothesis that this one says more sharply of the same subjects, if it does so."""
    source = next((one for one in history.hypotheses if one.id == hypothesis.origin), None)
    if source is None or source.subjects != hypothesis.subjects:
        return None
    return next((plan for plan in reversed(history.experiments) if plan.hypothesis == source.id), None)


def _same(earlier: Measured, now: Measured) -> bool:
    if earlier.failed or now.failed or earlier.value is None or now.value is None:
        return earlier.failed == now.failed
    return math.isclose(earlier.value, now.value, rel_tol=1e-9, abs_tol=1e-12)


def _said(result: Measured) -> str:
    return "failed" if result.failed or result.value is None else f"{result.value:g} {result.unit}".removesuffix(" 1")
