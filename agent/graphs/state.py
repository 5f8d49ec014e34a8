"""What the checkpointer keeps of a run: where it stands. What was found is in the ledger."""

from __future__ import annotations

from operator import or_
from typing import Annotated, Any, TypedDict


class RunState(TypedDict, total=False):
    """Plain data only, and little of it: it is stored whole at every superstep.

    ``waiting`` names the question that the run waits on; ``round`` counts how often the plan was extended; ``done``
    maps finished steps to their status; ``again`` says that the last review added steps.
    """

    run: str
    waiting: str
    round: int
    again: bool
    done: Annotated[dict[str, str], or_]


class StepInput(TypedDict):
    """What one fanned-out step gets."""

    step: dict[str, Any]
