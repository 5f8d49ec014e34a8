"""Carrying a batch through: goals side by side, one budget over all, every outcome as soon as it is there."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence

from agent.batch.carriers import Carrier, InSession, Sign
from agent.batch.folder import BatchFolder, GoalOutcome
from agent.records import Limits, Usage
from agent.session import Session


class Budget:
    """What a batch may spend, and what it has spent.

    Tool calls, tokens and cost count what earlier sittings of the batch have spent; seconds count this one.

    Args:
        limits: What it may spend.
        spent: What earlier sittings have spent.
    """

    def __init__(self, limits: Limits, spent: Usage) -> None:
        self.limits = limits
        self.spent = spent
        self.reached = asyncio.Event()
        self.reason = ""

    def add(self, usage: Usage) -> None:
        """Count something spent."""
        self.spent = self.spent.plus(usage)
        self.look()

    def look(self) -> None:
        """See whether a limit is reached."""
        limits, spent = self.limits, self.spent
        tokens = spent.input_tokens + spent.output_tokens
        if limits.tool_calls is not None and spent.tool_calls >= limits.tool_calls:
            self.stop(f"the batch's limit of {limits.tool_calls} tool calls is reached")
        elif limits.tokens is not None and tokens >= limits.tokens:
            self.stop(f"the batch's limit of {limits.tokens} tokens is reached")
        elif limits.cost_usd is not None and spent.cost_usd >= max(limits.cost_usd, 1e-12):
            self.stop(f"the batch's limit of {limits.cost_usd:g} USD is reached")

    def stop(self, reason: str) -> None:
        """End the batch for this reason."""
        self.reason = self.reason or reason
        self.reached.set()


async def run_batch(
    folder: BatchFolder,
    carrier: Carrier | Session,
    *,
    at_once: int = 1,
    limits: Limits | None = None,
    watch: Callable[[Sign], None] | None = None,
) -> AsyncGenerator[GoalOutcome]:
    """Carry every goal of a batch that is not settled yet, and give each outcome when it is there.

    Leaving the iteration early, a cancellation, or a limit stops the goals in flight in order; they can be carried on.

    Args:
        folder: The batch, claimed by the caller (`BatchFolder.claimed`).
        carrier: Who carries a goal; a session carries several side by side in this process.
        at_once: How many goals are in flight.
        limits: What the batch may spend as a whole. Goals are stopped between steps when it is reached.
        watch: Sees signs of life of the goals.

    Yields:
        Outcomes in the order in which they come. Settled goals (finished, or waiting for an answer) come first; goals
        that a limit kept from beginning come last, as ``pending``.
    """
    carrier = InSession(carrier) if isinstance(carrier, Session) else carrier
    standing = [(goal, folder.standing(goal)) for goal in folder.goals]
    for _, outcome in standing:
        if outcome.settled:
            yield outcome
    todo = deque(goal for goal, outcome in standing if not outcome.settled)
    limits = limits or Limits()
    budget = Budget(limits, _spent(folder))
    budget.look()
    timer = None
    if limits.seconds is not None:
        told = f"the batch's limit of {limits.seconds:g} s is reached"
        timer = asyncio.get_running_loop().call_later(limits.seconds, budget.stop, told)
    ready: asyncio.Queue[GoalOutcome | None] = asyncio.Queue()

    def see(sign: Sign) -> None:
        budget.add(sign.usage)
        if watch is not None:
            watch(sign)

    async def lane() -> None:
        try:
            while todo and not budget.reached.is_set():
                goal = todo.popleft()
                try:
                    ready.put_nowait(_named(await carrier.carry(goal, folder.bundle(goal), see), budget))
                except asyncio.CancelledError:
                    ready.put_nowait(folder.standing(goal))
                    raise
        finally:
            ready.put_nowait(None)

    lanes = [asyncio.create_task(lane()) for _ in range(max(1, min(at_once, len(todo))))]
    watchdog = asyncio.create_task(_stop_when(budget, lanes))
    try:
        running = len(lanes)
        while running:
            outcome = await ready.get()
            if outcome is None:
                running -= 1
            else:
                yield outcome
        for goal in todo:
            yield _named(folder.standing(goal), budget)
    finally:
        if timer is not None:
            timer.cancel()
        budget.stop("the batch was stopped")  # a lane whose goal was just stopped begins no other
        for task in (watchdog, *lanes):
            task.cancel()
        ended = await asyncio.gather(*lanes, return_exceptions=True)
        await asyncio.gather(watchdog, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                raise one


async def _stop_when(budget: Budget, lanes: Sequence[asyncio.Task[None]]) -> None:
    await budget.reached.wait()
    for task in lanes:
        task.cancel()


def _named(outcome: GoalOutcome, budget: Budget) -> GoalOutcome:
    """An outcome that says which limit of the batch stopped it."""
    if budget.reason and outcome.status in ("stopped", "pending"):
        return outcome.model_copy(update={"error": f"Stopped: {budget.reason}."})
    return outcome


def _spent(folder: BatchFolder) -> Usage:
    spent = Usage()
    for goal in folder.goals:
        if (info := folder.info(goal)) is not None:
            spent = spent.plus(info.budget_spent)
    return spent


__all__ = ["Budget", "run_batch"]
