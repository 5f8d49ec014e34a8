"""The question suites as Inspect tasks, so that other labs run them with their own tooling (extra ``evals``).

``inspect eval evals/inspect_tasks.py@seqqa -T bench=DIR --model PROVIDER/MODEL`` puts the questions to a chat model;
with ``-T reasoner=playbook`` our own reasoner answers in its place, by computing, and no model is asked. The letters,
the order of the choices and the way out ("insufficient information") are those of ``gedanken eval run``.
"""

from __future__ import annotations

import os
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import choice
from inspect_ai.solver import Generate, Solver, TaskState, multiple_choice, solver

from evals.labbench import Row, offered_choices, read_rows


@task
def seqqa(bench: str = "", reasoner: str = "") -> Task:
    """Questions on DNA, primers, digests and reading frames (LAB-Bench SeqQA).

    Args:
        bench: The bench folder (default: ``GEDANKEN_BENCH``).
        reasoner: ``playbook`` to let our own reasoner answer.
    """
    return _questions("seqqa", bench, reasoner)


@task
def cloning(bench: str = "", reasoner: str = "") -> Task:
    """Cloning scenarios with whole plasmids (LAB-Bench).

    Args:
        bench: The bench folder (default: ``GEDANKEN_BENCH``).
        reasoner: ``playbook`` to let our own reasoner answer.
    """
    return _questions("cloningscenarios", bench, reasoner)


def _questions(tag: str, bench: str, reasoner: str) -> Task:
    if reasoner not in ("", "playbook"):
        raise ValueError(f"there is no reasoner '{reasoner}': leave it out for a model, or name playbook")
    rows, _ = read_rows(Path(bench or os.environ.get("GEDANKEN_BENCH", "")), tag)
    dataset = MemoryDataset([_sample(row) for row in rows], name=tag)
    return Task(dataset=dataset, solver=by_computing() if reasoner else multiple_choice(), scorer=choice())


def _sample(row: Row) -> Sample:
    choices = offered_choices(row)
    return Sample(
        id=row.id,
        input=row.question,
        choices=choices,
        target=chr(ord("A") + choices.index(row.ideal)),
        metadata={"kind": row.kind, "choices": list(row.choices)},
    )


@solver
def by_computing() -> Solver:
    """Our reasoner's answer; where nothing decides, it takes the way out, which counts as wrong."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        from agent.reasoning.questions import answer_question, call_inline

        answer = await answer_question(state.input_text, tuple(state.metadata["choices"]), call_inline)
        offered = [one.value for one in state.choices]
        chosen = answer.choice if answer.choice in offered else None
        for place, text in enumerate(offered):
            state.choices.mark_choice(place, text == chosen)
        letter = chr(ord("A") + offered.index(chosen)) if chosen is not None else "none"
        state.output = ModelOutput.from_content("gedanken/playbook", f"ANSWER: {letter}")
        state.completed = True
        return state

    return solve
