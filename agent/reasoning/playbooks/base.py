"""What a playbook is: a written procedure for one kind of goal.

A playbook is an object with a name, a title, example goals, and four abilities: it says how strongly a goal points to
it (`signals`), fills its inputs from the goal (`fill`), makes the steps (`plan`), and judges what came back (`review`).
To add one, write a class like those beside this module and list it in `agent.reasoning.playbooks.PLAYBOOKS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from agent.errors import InputError
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.files import FoundFile
from agent.reasoning.understanding.numbers import NumberTag
from agent.records import Brief, Constraint, Entity, Objective, Plan, Question, Review, Step
from agent.tools import Catalogue
from agent.tools.tables import WORKBOOKS, first_rows, structure_place
from agent.vocabulary import by_key

Domain = Literal["chemistry", "materials", "biology", "general"]

MAX_ROUNDS = 2
"""How often a review extends a plan."""


@dataclass(frozen=True)
class Filling:
    """What a playbook makes of a goal's parts: the pieces of the brief that it alone can know.

    Attributes:
        entities: What the goal names, resolved.
        constraints: The bounds that mean something here.
        objectives: What to push, of what means something here.
        options: Settings of the plan.
        missing: What only the researcher can supply.
        notes: What the reader should know.
        claimed: Numbers of the goal that the options have taken up.
        settled: Notes of the reading that do not hold here, since this playbook serves the wish.
    """

    entities: tuple[Entity, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    objectives: tuple[Objective, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    missing: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    claimed: tuple[NumberTag, ...] = ()
    settled: tuple[str, ...] = ()


class Playbook(Protocol):
    """A written procedure for one kind of goal."""

    name: str
    title: str
    domain: Domain
    examples: tuple[str, ...]
    trade: tuple[re.Pattern[str], ...]
    """The words of its trade, which its plan serves; other words of a goal are told as not used (none: none are)."""

    def signals(self, parts: GoalParts) -> float:
        """How strongly the goal's own content points here: 0 for nothing, 2 or more for a clear sign."""
        ...

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Fill the playbook's inputs from the goal; what is missing becomes questions."""
        ...

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Make the steps, numbered from ``s1``."""
        ...

    def review(self, view: RunView) -> Review:
        """Judge the evidence: enough, or further steps (numbered on from the last)."""
        ...


_REFERENCE = re.compile(r"\$\{(s\d+)\.[\w.]+\}")


class StepWriter:
    """Writes steps with running numbers; what a step needs follows from the references in its arguments.

    Args:
        catalogue: The tools that there are.
        first: Number of the first step.
    """

    def __init__(self, catalogue: Catalogue, first: int = 1) -> None:
        self._catalogue = catalogue
        self._next = first
        self.steps: list[Step] = []

    def add(
        self, tool: str, arguments: Mapping[str, Any], why: str, *, optional: bool = False, needs: Iterable[str] = ()
    ) -> str:
        """Add a step.

        Args:
            tool: Its tool.
            arguments: With references such as ``${s1.data.smiles}`` where an earlier result is used.
            why: What it is for, as a sentence.
            optional: Whether the rest goes on when it fails; such a step is left out where its tool is not installed.
            needs: Steps to wait for beyond those that the arguments name.

        Returns:
            The step's id; empty if an optional step was left out.

        Raises:
            InputError: A required tool is not in the catalogue.
        """
        if tool not in self._catalogue:
            if optional:
                return ""
            raise InputError(
                f"This plan needs the tool '{tool}', which is not in the catalogue.",
                remedy="`gedanken doctor` says what is not installed.",
            )
        identity = f"s{self._next}"
        self._next += 1
        wanted = (*referenced(arguments), *(need for need in needs if need))
        self.steps.append(
            Step(
                id=identity,
                tool=tool,
                arguments=dict(arguments),
                needs=tuple(dict.fromkeys(wanted)),
                why=why,
                optional=optional,
            )
        )
        return identity


def referenced(value: Any) -> tuple[str, ...]:
    """The steps that an argument refers to, however deep, in order."""
    if isinstance(value, str):
        return tuple(dict.fromkeys(_REFERENCE.findall(value)))
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return tuple(dict.fromkeys(step for item in value for step in referenced(item)))
    return ()


def last_number(plan: Plan) -> int:
    """The number of a plan's last step."""
    return max((int(step.id[1:]) for step in plan.steps), default=0)


def for_domain(
    parts: GoalParts, domain: str, what: str
) -> tuple[tuple[Constraint, ...], tuple[Objective, ...], tuple[str, ...]]:
    """The bounds and wishes that mean something in a domain, and a note for each that does not.

    Args:
        parts: The goal as read.
        domain: Of the vocabulary.
        what: What the playbook works on, for the note.
    """
    constraints = tuple(bound for bound in parts.constraints if by_key()[bound.quantity].domain == domain)
    objectives = tuple(wish for wish in parts.objectives if by_key()[wish.quantity].domain == domain)
    strangers = [item for item in (*parts.constraints, *parts.objectives) if by_key()[item.quantity].domain != domain]
    notes = tuple(
        f"I did not use '{item.text}': {by_key()[item.quantity].title} is not computed for {what}."
        for item in strangers
    )
    return constraints, objectives, tuple(dict.fromkeys(notes))


def literature_steps(writer: StepWriter, brief: Brief, context: Context, mechanism: str) -> None:
    """Two searches of the lab's documents, where there are any: for the goal itself, and for its mechanism."""
    if context.documents <= 0:
        return
    for query, why in (
        (brief.goal, "What the lab's documents say of this goal."),
        (mechanism, "What the lab's documents say of the mechanism behind it."),
    ):
        writer.add("search_passages", {"query": query}, why, optional=True)


_TABLE = re.compile(
    r"\b(?:tables?|files?|csv|tsv|spreadsheets?|sheets?|attach\w*|lists?|listed|librar(?:y|ies)|series|data(?:set|sets)?|sets?"
    r"|columns?|rows?|measured|assays?|sar)\b|표|첨부|파일|목록|시리즈|계열|데이터|측정",
    re.IGNORECASE,
)


def without_table(text: str) -> float:
    """What the signal of a playbook is that works on a table, where none came with the goal.

    Returns:
        0 where the goal speaks of one, so that it can be asked for; else less than any example outweighs.
    """
    return 0.0 if _TABLE.search(text) else -9.0


def delimited_table(parts: GoalParts) -> FoundFile | None:
    """The first delimited table that came with a goal."""
    return next(iter(_delimited(parts)), None)


def table_of_structures(parts: GoalParts) -> FoundFile | None:
    """The first delimited table whose header names a column of structures (SMILES)."""
    return next((item for item in _delimited(parts) if structure_column(first_rows(item.path, 1)) is not None), None)


def list_of_structures(parts: GoalParts) -> FoundFile | None:
    """The first file of SMILES, one a line, that came with a goal."""
    return next(
        (item for item in parts.files if item.kind == "molecules" and item.path.endswith((".smi", ".txt"))), None
    )


def structure_column(rows: Sequence[Sequence[str]]) -> int | None:
    """The place of the column of structures in a table whose first row is its header; ``None`` if it has none."""
    return structure_place(rows[0]) if rows else None


def _delimited(parts: GoalParts) -> list[FoundFile]:
    endings = (".csv", ".tsv", *WORKBOOKS)
    return [item for item in parts.files if item.kind == "table" and item.path.lower().endswith(endings)]
