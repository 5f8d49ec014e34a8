"""Two runs side by side: what was asked, what came out, and where they differ; as Markdown."""

from __future__ import annotations

from pathlib import Path

from agent.memory.history import History, fold
from agent.memory.ledger import LEDGER, read_ledger
from agent.memory.recalling.ask import marked
from agent.memory.runs import read_info
from agent.records import Candidate, Hypothesis, RunInfo
from agent.units import print_value
from agent.vocabulary import title

BEST = 10
"""How many candidates of each run are compared value by value."""


def compare(first: Path, second: Path) -> str:
    """Compare two runs.

    Args:
        first: A run's folder.
        second: Another's.

    Returns:
        A Markdown page.

    Raises:
        InputError: One of them is no run.
        StorageError: A ledger cannot be read.
    """
    one, other = (
        (read_info(first), fold(read_ledger(first / LEDGER))),
        (read_info(second), fold(read_ledger(second / LEDGER))),
    )
    parts = ["## Two runs", _heads(one, other), _candidates(one[1], other[1]), _hypotheses(one[1], other[1])]
    return "\n\n".join(part for part in parts if part)


def _heads(one: tuple[RunInfo, History], other: tuple[RunInfo, History]) -> str:
    rows = ["| | A | B |", "|---|---|---|"]
    pairs = [
        ("run", lambda info, _: info.id),
        ("goal", lambda info, _: info.goal.text),
        ("status", lambda info, _: info.status),
        ("who", lambda info, _: info.model or info.reasoner),
        ("seed", lambda info, _: str(info.seed)),
        ("time", lambda info, _: f"{info.budget_spent.seconds:.1f} s"),
        ("steps", lambda _, history: ", ".join(step.tool for step in history.steps.values())),
        ("candidates", lambda _, history: str(len(_by_structure(history)))),
        ("hypotheses", lambda _, history: str(len(history.hypotheses))),
        ("experiments", lambda _, history: str(len(history.experiments))),
    ]
    same = []
    for name, of in pairs:
        left, right = of(*one), of(*other)
        if left == right:
            same.append(f"{name} {_cell(left) or 'none'}")
        else:
            rows.append(f"| {name} | {_cell(left)} | {_cell(right)} |")
    return "\n".join(rows) + (f"\n\nThe same in both: {' · '.join(same)}." if same else "")


def _candidates(one: History, other: History) -> str:
    left, right = _by_structure(one), _by_structure(other)
    common = [structure for structure in left if structure in right]
    rows = [
        "## Candidates",
        f"{len(common)} in both, {len(left) - len(common)} only in A, {len(right) - len(common)} only in B.",
    ]
    moved = []
    for structure in common[:BEST]:
        a, b = left[structure], right[structure]
        moved.append(f"| {_cell(structure)} | {a.rank or ''} | {b.rank or ''} | {_cell(_differing(a, b) or 'none')} |")
    if moved:
        rows += ["\n".join(["| structure | rank in A | rank in B | values that differ |", "|---|---|---|---|", *moved])]
    for name, mine, theirs in (("A", left, right), ("B", right, left)):
        alone = [candidate for structure, candidate in mine.items() if structure not in theirs][:5]
        if alone:
            listed = ", ".join(f"`{candidate.name or candidate.structure}`" for candidate in alone)
            rows.append(f"Best only in {name}: {listed}")
    return "\n\n".join(rows) if left or right else ""


def _differing(a: Candidate, b: Candidate) -> str:
    told = []
    for key, value in a.quantities.items():
        theirs = b.quantities.get(key)
        if theirs is not None and (theirs.value, theirs.unit) != (value.value, value.unit):
            told.append(
                f"{title(key)} {print_value(value.value, value.unit)} → {print_value(theirs.value, theirs.unit)}"
            )
    return ", ".join(told[:4]) + (f" and {len(told) - 4} more" if len(told) > 4 else "")


def _hypotheses(one: History, other: History) -> str:
    left, right = _by_statement(one), _by_statement(other)
    if not left and not right:
        return ""
    rows = ["## Hypotheses", "| in A | in B | statement |", "|---|---|---|"]
    for statement in dict.fromkeys([*left, *right]):
        ranks = [str(side[statement].rank or "·") if statement in side else "" for side in (left, right)]
        rows.append(f"| {ranks[0]} | {ranks[1]} | {_cell(statement)} |")
    return "\n".join([rows[0], "", *rows[1:]])


def _by_statement(history: History) -> dict[str, Hypothesis]:
    """The best ranked hypothesis of every statement."""
    ranked = sorted(history.hypotheses, key=lambda one: -(one.rank or 10**6))
    return dict(reversed({marked(one.statement): one for one in ranked}.items()))


def _by_structure(history: History) -> dict[str, Candidate]:
    shown = [candidate for candidate in history.candidates if not candidate.withheld]
    return {candidate.structure: candidate for candidate in sorted(shown, key=lambda one: one.rank or 10**6)}


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
