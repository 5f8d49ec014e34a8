"""LAB-Bench questions on sequences and cloning, in two columns: the reasoner's own answer, and a chat model's.

Every question is asked as it stands, its choices in an order drawn from its id, and with the choice to say that the
information does not suffice. The reasoner computes with the sequence tools and abstains where that decides nothing; an
abstention counts against the accuracy, as LAB-Bench counts it, and against the coverage, not against the precision.

Source: J. M. Laurent et al., "LAB-Bench: measuring capabilities of language models for biology research",
arXiv:2407.10362. The rows carry a canary and are read from the bench folder alone.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.errors import GedankenError, InputError
from agent.reasoning.questions import answer_question, call_inline
from agent.records import Record
from evals.intervals import balanced, bootstrap
from evals.suite import Options, Scores

FOLDER = "labbench"
REFUSAL = "Insufficient information to answer the question"

Mark = Literal["right", "wrong", "abstained"]


@dataclass(frozen=True)
class Row:
    """One question: its id, its kind (the file's name), its words, the right choice, and all choices in their order."""

    id: str
    kind: str
    question: str
    ideal: str
    choices: tuple[str, ...]


class Letter(Record):
    """What a chat model answers: the letter of its choice."""

    letter: str


def evaluate(options: Options, *, tag: str) -> Scores:
    """The suites ``seqqa`` and ``cloning``: share of questions answered with the right choice.

    Args:
        options: The bench folder, the limit, and the model of the second column.
        tag: Which rows are meant, by their field ``tag``.

    Raises:
        InputError: There are no such rows, or a line is not JSON.
    """
    rows, unscored = read_rows(options.bench, tag)
    rows = balanced(rows, lambda row: row.kind, options.limit)
    marks = asyncio.run(_answer_all(rows, options))
    scores, intervals = _figures(rows, marks)
    why = dict(unscored)
    if options.model:
        extra, failed = asyncio.run(_model_column(rows, options))
        for name, value in extra.items():
            scores[name] = value[0]
            if value[1] is not None:
                intervals[name] = value[1]
        if failed:
            why["the model gave no usable answer (its column only)"] = failed
    return Scores(
        score=scores.get("accuracy"),
        scores=scores,
        n=len(rows),
        unscored=sum(unscored.values()),
        why_unscored=why,
        intervals=intervals,
    )


def read_rows(bench: Path | None, tag: str) -> tuple[list[Row], Counter[str]]:
    """Every row of a kind in every file of the folder, and why others of the kind cannot be scored.

    Args:
        bench: The bench folder.
        tag: The rows' field ``tag``.

    Raises:
        InputError: A file cannot be read, or there is no such row.
    """
    folder = (bench or Path()) / FOLDER
    rows: list[Row] = []
    unscored: Counter[str] = Counter()
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                plain = json.loads(line)
            except ValueError as error:
                raise InputError(
                    f"{path}, line {number}, is not JSON: {error}.", remedy="Fetch the file again."
                ) from error
            if plain.get("tag") != tag:
                continue
            question, ideal, others = plain.get("question"), plain.get("ideal"), plain.get("distractors")
            if not question or not ideal or not others:
                unscored["a row has no question, no answer or no other choices"] += 1
                continue
            identity = str(plain.get("id", f"{path.stem}:{number}"))
            choices = [str(ideal), *map(str, others)]
            random.Random(identity).shuffle(choices)
            rows.append(Row(identity, plain.get("subtask") or path.stem, question, str(ideal), tuple(choices)))
    if not rows:
        raise InputError(
            f"There is no row with the tag '{tag}' in {folder}/*.jsonl.",
            remedy="Name the bench folder that holds the LAB-Bench files.",
        )
    return rows, unscored


def offered_choices(row: Row) -> list[str]:
    """The choices as they are shown, with the way out at a place drawn from the question's id."""
    offered = list(row.choices)
    offered.insert(random.Random(row.id + " refusal").randrange(len(offered) + 1), REFUSAL)
    return offered


async def _answer_all(rows: Sequence[Row], options: Options) -> list[Mark]:
    marks: list[Mark] = []
    for row in rows:
        answer = await answer_question(row.question, row.choices, call_inline)
        marks.append("abstained" if answer.choice is None else "right" if answer.choice == row.ideal else "wrong")
        if len(marks) % 50 == 0:
            options.tell(f"{len(marks)} of {len(rows)} questions")
    return marks


def _figures(rows: Sequence[Row], marks: Sequence[Mark]) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Accuracy, precision and coverage over all, and the accuracy of each kind, with bootstrap intervals."""
    right = [float(mark == "right") for mark in marks]
    answered = [float(mark == "right") for mark in marks if mark != "abstained"]
    columns: dict[str, list[float]] = {"accuracy": right}
    if answered:
        columns["precision"] = answered
    columns["coverage"] = [float(mark != "abstained") for mark in marks]
    for kind in dict.fromkeys(row.kind for row in rows):
        columns[kind] = [value for row, value in zip(rows, right, strict=True) if row.kind == kind]
    scores = {name: statistics.fmean(values) for name, values in columns.items() if values}
    intervals = {name: found for name, values in columns.items() if (found := bootstrap(values))}
    return scores, intervals


async def _model_column(
    rows: Sequence[Row], options: Options
) -> tuple[dict[str, tuple[float, tuple[float, float] | None]], int]:
    """The same questions put to a chat model without tools; answers that cannot be read are left out and counted."""
    from agent.models import ChatModel, configured
    from agent.settings import load_settings

    config = configured(load_settings(model=options.model).settings)
    if config is None:
        raise InputError("No model is named.", remedy="Name one with --model.")
    model = ChatModel(config)
    marks = await asyncio.gather(*(_ask(model, row) for row in rows))
    answered = [mark for mark in marks if mark is not None]
    right = [float(mark == "right") for mark in answered]
    if not right:
        return {}, len(rows)
    sure = [float(mark == "right") for mark in answered if mark != "abstained"]
    columns = {"model_accuracy": right, "model_coverage": [float(mark != "abstained") for mark in answered]}
    if sure:
        columns["model_precision"] = sure
    return {name: (statistics.fmean(values), bootstrap(values)) for name, values in columns.items()}, len(rows) - len(
        answered
    )


async def _ask(model, row: Row) -> Mark | None:
    from agent.models import user

    offered = offered_choices(row)
    letters = [chr(ord("A") + index) for index in range(len(offered))]
    listed = "\n".join(f"({letter}) {choice}" for letter, choice in zip(letters, offered, strict=True))
    text = f"{row.question}\n\nOptions:\n{listed}\n\nAnswer with the letter of one option."
    try:
        answer = await model.ask_for(Letter, [user(text)], purpose="evaluate")
    except GedankenError:
        return None
    letter = answer.record.letter.strip().strip("()").upper()[:1]
    if letter not in letters:
        return None
    chosen = offered[letters.index(letter)]
    return "abstained" if chosen == REFUSAL else "right" if chosen == row.ideal else "wrong"
