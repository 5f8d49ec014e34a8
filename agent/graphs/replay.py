"""Replay: run a finished run's steps again, from its own plan and evidence, and compare what comes back.

Each step is given exactly the inputs that it had (earlier results are taken from the bundle), so that one difference
does not spread to the steps behind it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from agent.errors import GedankenError
from agent.graphs.references import fill
from agent.memory.history import History
from agent.records import Record, Step
from agent.tools.toolbox import Toolbox

RELATIVE_TOLERANCE = 1e-6
"""Floating-point results of different processors differ in the last digits; more than this is a difference."""


class Comparison(Record):
    """How a step's second result compares with its first."""

    step: str
    tool: str
    verdict: Literal["same", "different", "not compared"]
    reason: str = ""


async def replay(
    folder: Path, history: History, toolbox: Toolbox, listen: Callable[[Comparison], None] | None = None
) -> tuple[Comparison, ...]:
    """Compare every step that brought evidence with a fresh call.

    Args:
        folder: The run's bundle.
        history: Its ledger, folded.
        toolbox: Must not remember results.
        listen: Sees each comparison as it is made.
    """
    comparisons = []
    for step in history.steps.values():
        if f"e{step.id[1:]}" in history.evidence:
            comparisons.append(await _compare(step, folder, history, toolbox))
            if listen is not None:
                listen(comparisons[-1])
    return tuple(comparisons)


async def _compare(step: Step, folder: Path, history: History, toolbox: Toolbox) -> Comparison:
    def payload(need: str) -> Mapping[str, Any]:
        return json.loads((folder / history.evidence[f"e{need[1:]}"].payload).read_bytes())

    def verdict(word: Literal["same", "different", "not compared"], reason: str = "") -> Comparison:
        return Comparison(step=step.id, tool=step.tool, verdict=word, reason=reason)

    try:
        before = payload(step.id)
        arguments = fill(step.arguments, payload)
    except (OSError, ValueError, KeyError, GedankenError) as error:
        return verdict("not compared", f"the first result is not in the bundle: {error}")
    after = (await toolbox.call(step.tool, arguments)).result.plain()
    found = difference(before, after)
    return verdict("different", found) if found else verdict("same")


def difference(before: Any, after: Any, where: str = "result") -> str:
    """The first difference between two plain results, in words; empty if there is none."""
    if isinstance(before, dict) and isinstance(after, dict):
        if before.keys() != after.keys():
            return f"{where}: has {sorted(before.keys() ^ after.keys())} on one side only"
        return next((d for key in before if (d := difference(before[key], after[key], f"{where}.{key}"))), "")
    if isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            return f"{where}: {len(before)} items became {len(after)}"
        pairs = enumerate(zip(before, after, strict=True))
        return next((d for i, (x, y) in pairs if (d := difference(x, y, f"{where}[{i}]"))), "")
    if isinstance(before, int | float) and isinstance(after, int | float) and type(before) is not bool:
        same = before == after or math.isclose(before, after, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-9)
        return "" if same else f"{where}: {before} became {after}"
    same = type(before) is type(after) and before == after
    return "" if same else f"{where}: {_short(before)} became {_short(after)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
