"""Runs in one call, for scripts and notebooks."""

from __future__ import annotations

import asyncio
from typing import Any

from agent.events import Listener
from agent.records import Goal
from agent.session.ending import RunOutcome
from agent.session.workplace import Session
from agent.settings import load_settings


async def research_async(goal: str | Goal, *, listen: Listener | None = None, **settings: Any) -> RunOutcome:
    """Carry a goal through, in one call.

    Args:
        goal: What to find out.
        listen: Sees every event as it happens.
        settings: As in `agent.settings.Settings` (``out``, ``home``, ``model``, ...).

    Returns:
        How it ended; ``bundle`` is the folder with the report.
    """
    async with Session(load_settings(**settings).settings) as session:
        return await session.run(Goal(text=goal) if isinstance(goal, str) else goal, listen=listen)


def research(goal: str | Goal, *, listen: Listener | None = None, **settings: Any) -> RunOutcome:
    """`research_async` for scripts without an event loop."""
    return asyncio.run(research_async(goal, listen=listen, **settings))
