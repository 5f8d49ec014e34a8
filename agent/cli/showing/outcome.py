"""How a run ended, in the lines that a terminal has for it: the answer, the best candidates, hypotheses, what to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agent import vocabulary
from agent.memory.bundle import REPORT_HTML, Bundle, read_bundle
from agent.memory.report.strings import words
from agent.memory.report.verdict import spokesmen
from agent.memory.report.wished import print_constraint, wish_in_words
from agent.records import Brief
from agent.units import counted, print_unit, print_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agent.session import RunOutcome

_BEST = 5  # candidates that are shown; all are in the bundle
_ASKED = 4  # of the quantities that the goal asks about
_STRUCTURE = 60  # characters of a structure


def print_outcome(outcome: RunOutcome) -> None:
    """Say how a run ended, what was found, and where it is."""
    if outcome.question is not None:
        print(f"\nThe run waits for an answer: {outcome.question.text}")
        if outcome.question.choices:
            print(f"Choices: {', '.join(outcome.question.choices)}")
        print(f'Answer with: gedanken resume {_from_here(outcome.bundle)} --answer "..."')
        return
    for line in _lines(outcome, read_bundle(outcome.bundle)):
        print(line)


def understood(brief: Brief) -> str:
    """A goal understood, in one line: what is done, what is asked for, what stays and what must not be."""
    english = words()
    asked = [one.text or print_constraint(one) for one in brief.constraints]
    asked += [f"{vocabulary.title(one.quantity)} {wish_in_words(one, english)}" for one in brief.objectives]
    asked += [f"{one.role} {one.text}" for one in brief.entities if one.role in ("keep", "avoid")]
    return "; ".join([brief.playbook, *([", ".join(asked)] if asked else [])])


def _lines(outcome: RunOutcome, bundle: Bundle) -> Iterator[str]:
    info = outcome.info
    brief = info.brief
    if info.error:
        yield f"\n{info.error}"
    if brief is not None and (answer := brief.options.get("answer")):
        yield f"\nAnswer: {answer}. {brief.options.get('because', '')}".rstrip()
    # The samples of a table are what was measured, and none of them is the answer.
    if rows := [row for row in bundle.candidates if row["kind"] != "sample"]:
        yield from _candidates(rows, brief)
    elif said := spokesmen(bundle.evidence):
        yield f"\n{said[0].summary}" if len(said) == 1 else "\nWhat the steps say:"
        yield from (f"  {found.step}: {found.summary}" for found in said if len(said) > 1)
    if found := bundle.hypotheses:
        yield f"\n{len(found)} hypotheses; the best rated:" if len(found) > 1 else "\nThe hypothesis:"
        for one in sorted(found, key=lambda one: one.rank or len(found))[:3]:
            yield f"  {one.rank}. {one.statement.text}"
    for first in bundle.experiments[:1]:
        more = f" of {len(bundle.experiments)}" if len(bundle.experiments) > 1 else ""
        yield f"\nThe first experiment{more}: {first.id}, {first.title}. Samples: {first.sample_size}."
    usage = info.budget_spent
    yield (
        f"\n{info.status} in {usage.seconds:.1f} s, {counted(usage.tool_calls, 'tool call')}, "
        f"{usage.cached_calls} remembered ({info.reasoner if info.model is None else info.model})"
    )
    yield f"Report: {_from_here(outcome.bundle / REPORT_HTML)}"


def _candidates(rows: Sequence[dict[str, str]], brief: Brief | None) -> Iterator[str]:
    """The best candidates with what the goal asks about, in columns; rows are in the order of their ranks."""
    judged = [row for row in rows if row["feasible"]] if brief and brief.constraints else []
    met = [row for row in judged if row["feasible"] == "true"]
    if len(rows) == 1 and not judged:
        yield "\nThe candidate:"
    elif len(rows) == 1:
        yield f"\nThe candidate {'meets every constraint' if met else 'does not meet every constraint'}:"
    elif not judged:
        yield f"\n{counted(len(rows), 'candidate')}; the first of them:"
    elif met:
        meet = "meets" if len(met) == 1 else "meet"
        yield f"\n{len(met)} of {counted(len(judged), 'candidate')} {meet} every constraint; the best of them:"
    else:
        yield f"\nNone of {counted(len(judged), 'candidate')} meets every constraint; the nearest:"
    asked = [one.quantity for one in (*brief.constraints, *brief.objectives)] if brief else []
    known = vocabulary.by_key()
    shown = [key for key in dict.fromkeys(asked) if key in known and known[key].column in rows[0]][:_ASKED]
    table = [["", *(_headed(key) for key in shown), ""]]
    for row in (met or rows)[:_BEST]:
        values = [_value(row[known[key].column]) for key in shown]
        table.append([row["id"], *values, _named(row)])
    widths = [max(len(line[place]) for line in table) for place in range(len(shown) + 1)]
    for *cells, last in table if shown else table[1:]:
        aligned = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        yield f"  {'  '.join([*aligned, last])}".rstrip()


def _headed(key: str) -> str:
    unit = print_unit(vocabulary.by_key()[key].unit)
    return f"{vocabulary.title(key)}{f', {unit}' if unit else ''}"


def _value(cell: str) -> str:
    """A figure as the report prints it; what is no figure stays."""
    try:
        return print_value(float(cell))
    except ValueError:
        return cell


def _named(row: dict[str, str]) -> str:
    structure = row["structure"]
    short = structure if len(structure) <= _STRUCTURE else f"{structure[: _STRUCTURE - 1]}…"
    name = " ".join(row["name"].split())
    return f"{name}  {short}" if name and name != structure else short


def _from_here(path: Path) -> str:
    """A path as short as it can be given from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
