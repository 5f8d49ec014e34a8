"""What a goal wishes of a quantity, in words: one wording for the report, its figures and the command line."""

from __future__ import annotations

from types import SimpleNamespace

from agent import vocabulary
from agent.records import Constraint, Objective
from agent.units import print_value

RELATIONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "="}


def print_constraint(constraint: Constraint) -> str:
    """A constraint as a reader writes it: ``2 ≤ logP ≤ 4``, ``molecular weight < 450 g/mol``."""
    title = vocabulary.title(constraint.quantity)
    low, high, unit = constraint.low, constraint.high, constraint.unit
    if constraint.relation == "between" and low is not None and high is not None:
        return f"{print_value(low)} ≤ {title} ≤ {print_value(high, unit)}"
    bound = high if constraint.relation in ("<", "<=") else low
    return f"{title} {RELATIONS.get(constraint.relation, '')} {'?' if bound is None else print_value(bound, unit)}"


def wish_in_words(objective: Objective, words: SimpleNamespace) -> str:
    """What is wished of a quantity, in the report's language: ``as high as possible``."""
    wish = getattr(words, objective.direction)
    if objective.direction == "target" and objective.target is not None:
        return wish.format(value=print_value(objective.target, objective.unit))
    return wish
