"""What was asked: the goal, and the goal understood."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from agent.records.base import Record, Relation


class Limits(Record):
    """What a run may spend; a run stops between steps when one is reached."""

    seconds: float | None = Field(default=None, gt=0)
    tool_calls: int | None = Field(default=None, gt=0)
    tokens: int | None = Field(default=None, gt=0)
    cost_usd: float | None = Field(default=None, ge=0)


class Goal(Record):
    """What the researcher asked."""

    text: str
    attachments: tuple[str, ...] = ()
    limits: Limits = Limits()
    seed: int = 0


class Constraint(Record):
    """A bound on a quantity that every candidate has to meet.

    ``quantity`` is a key of `agent.vocabulary`; ``low`` and ``high`` are in ``unit``. ``<`` and ``<=`` use ``high``,
    ``>`` and ``>=`` use ``low``, ``==`` sets both to the same value.
    """

    quantity: str
    relation: Relation
    low: float | None = None
    high: float | None = None
    unit: str = "1"
    text: str = ""

    def admits(self, value: float) -> bool:
        """Whether a value, in this constraint's unit, meets the bound."""
        if self.relation == "<":
            return self.high is not None and value < self.high
        if self.relation == ">":
            return self.low is not None and value > self.low
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Objective(Record):
    """A quantity to push: up, down, or to a target."""

    quantity: str
    direction: Literal["maximise", "minimise", "target"]
    target: float | None = None
    unit: str = "1"
    text: str = ""


class Entity(Record):
    """Something the goal names, resolved or not.

    ``kind`` says what it is, ``text`` how the goal wrote it, ``value`` what it stands for (SMILES, SMARTS, formula,
    path, sequence), ``role`` what it is for, and ``source`` where the value comes from (``goal`` when written there,
    else the name of the data set that resolved it).
    """

    kind: Literal["molecule", "substructure", "composition", "structure_file", "sequence", "file", "organism", "gene"]
    text: str
    value: str = ""
    role: Literal["seed", "keep", "avoid", "reference", "input", "target"] = "seed"
    source: str = "goal"


class Question(Record):
    """Something missing that only the researcher can supply.

    ``takes`` says what the answer has to be, so that a face can ask in a typed form: ``text`` (any words), ``list``
    (several names), ``sequence`` (letters or a file) or ``structures`` (structure files, formulas, a chemical system).
    """

    key: str
    text: str
    choices: tuple[str, ...] = ()
    default: str | None = None
    takes: Literal["text", "list", "sequence", "structures"] = "text"


class Brief(Record):
    """A goal understood."""

    goal: str
    domain: Literal["chemistry", "materials", "biology", "general"]
    playbook: str
    language: Literal["en", "ko"] = "en"
    objectives: tuple[Objective, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    entities: tuple[Entity, ...] = ()
    wanted: int | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    missing: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
