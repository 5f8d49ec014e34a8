"""``batch``: many goals, each a bundle, with a summary over all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent.batch import Crew, Study, read_goals
from agent.batch.goals import FORMS
from agent.batch.study import carry_batch
from agent.cli.command import Given
from agent.cli.showing.batches import make_batch_display
from agent.errors import InputError
from agent.records import Limits
from agent.settings import load_settings
from agent.units import counted

_LIMITS = {"max_seconds": "seconds", "max_tool_calls": "tool_calls", "max_tokens": "tokens", "max_cost": "cost_usd"}
"""Options that bound a goal, and what they are called in its limits."""


async def carry_goals(source: str, out: Path, form: str | None, resume: bool, workers: int | None, given: Given) -> int:
    """``gedanken batch GOALS --out DIR``: the limits bound each goal."""
    options = {**given.options, "workers": workers}
    spend = _limits({unit: options.pop(name) for name, unit in _LIMITS.items()})
    settings = load_settings(**options).settings
    file = read_goals(source, _form(form))
    for problem in file.problems:
        print(f"gedanken: {source}: {problem}", file=sys.stderr)
    crew = Crew(settings)
    try:
        with make_batch_display(len(file.goals), given.as_json) as display:
            study = await carry_batch(
                file,
                out,
                crew,
                at_once=settings.workers,
                resume=resume,
                limits=spend,
                watch=display.watch,
                listen=display.take,
            )
    finally:
        await crew.close()
    given.say(_plain(study), _told(study))
    return study.exit_code


def _limits(given: dict[str, Any]) -> Limits:
    try:
        return Limits(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(
            f"The batch's limit '{first['loc'][0]}' does not fit: {first['msg'].lower()} (given {first['input']!r})."
        ) from error


def _form(form: str | None) -> Any:
    if form is not None and form not in FORMS:
        raise InputError(f"'{form}' is not a form of goals files.", remedy=f"Forms: {', '.join(FORMS)}.")
    return form


def _plain(study: Study) -> dict[str, Any]:
    counts = study.counts
    whole = "finished" if counts["finished"] == len(study.outcomes) else "incomplete"
    return {
        "batch": str(study.folder.resolve()),
        "status": "stopped" if study.interrupted else whole,
        "goals": len(study.outcomes),
        **counts,
        "problems": [problem.plain() for problem in study.problems],
        "outcomes": [outcome.plain() for outcome in study.outcomes],
        "summary": str(study.page.resolve()),
        "error": None,
    }


def _told(study: Study) -> str:
    """How the batch ended, and what to do now, for a person."""
    counts = study.counts
    told = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    said = [f"\n{counted(len(study.outcomes), 'goal')}: {told}"]
    if study.problems:
        lines = counted(len(study.problems), "line")
        said.append(f"{lines} of the goals file could not be used; mend the file and use --resume.")
    waiting = next((outcome for outcome in study.outcomes if outcome.status == "waiting"), None)
    if waiting is not None:
        said.append(f"{waiting.id} asks: {waiting.question}")
        said.append(f'Answer with: gedanken resume {study.folder / waiting.id} --answer "..."')
    if counts["stopped"] or counts["pending"]:
        said.append("Carry on with: the same command and --resume")
    return "\n".join([*said, f"Summary: {study.page}"])
