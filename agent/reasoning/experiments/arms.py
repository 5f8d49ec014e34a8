"""Which candidates an experiment compares: the arms that a hypothesis' prediction is about, and their comparator."""

from __future__ import annotations

from dataclasses import dataclass

from agent.reasoning.hypotheses.sample_groups import sides
from agent.reasoning.hypotheses.table import Reference, Table
from agent.records import Candidate, Hypothesis
from agent.vocabulary import title

MOST_PER_ARM = 6
"""Candidates made or bought for one arm; more teach less than more arms would."""


@dataclass(frozen=True)
class Arm:
    """One side of a comparison: its name, the candidates in it, and, for the seed, the reference."""

    name: str
    members: tuple[Candidate, ...]
    reference: Reference | None = None

    @property
    def items(self) -> tuple[str, ...]:
        """What is measured, by id or name; the arm itself where nobody is named."""
        own = tuple(candidate.id for candidate in self.members)
        if self.reference:
            return *own, self.reference.id or self.reference.name
        return own or (self.name,)


def arms(hypothesis: Hypothesis, table: Table) -> tuple[Arm, ...]:
    """The arms of the experiment that tests a hypothesis.

    Args:
        hypothesis: Its kind says how its subjects are to be compared.
        table: The candidates and their reference.

    Returns:
        One arm (a value to be met) or two (a difference), the tested one first.
    """
    subjects = [table.get(c) for c in hypothesis.subjects if _known(table, c)]
    if (groups := sides(hypothesis, table)) is not None:
        # New samples of each group are taken: those of the table are measured already.
        one, other = (f"{title(hypothesis.driver)} {level}" for level in groups)
        return Arm(one, ()), Arm(other, ())
    if hypothesis.kind == "contrast":
        return _contrast(hypothesis, table, subjects)
    if hypothesis.kind in ("trend", "mechanism") or (hypothesis.kind == "contradiction" and len(subjects) > 1):
        half = len(subjects) // 2
        return Arm("highest third", tuple(subjects[half:])), Arm("lowest third", tuple(subjects[:half]))
    if hypothesis.kind in ("exchange", "cliff") and len(subjects) > 1:
        half = len(subjects) // 2
        return Arm("after the exchange", tuple(subjects[half:])), Arm("before it", tuple(subjects[:half]))
    if hypothesis.kind == "trade-off" and len(subjects) == 2:
        return Arm(subjects[1].id, (subjects[1],)), Arm(subjects[0].id, (subjects[0],))
    if len(subjects) > 1:
        return Arm(subjects[0].id, (subjects[0],)), Arm("its neighbours", tuple(subjects[1:]))
    tested = Arm(subjects[0].id if subjects else "the subject", tuple(subjects))
    if table.reference is not None:
        return tested, Arm(table.reference.name, (), table.reference)
    return (tested,)


def _known(table: Table, identifier: str) -> bool:
    return any(candidate.id == identifier for candidate in table.candidates)


def _contrast(hypothesis: Hypothesis, table: Table, subjects: list[Candidate]) -> tuple[Arm, ...]:
    if len(subjects) == 2:  # a pair of which one is said to have more; groups have three members at least
        higher, lower = subjects
        return Arm(higher.id, (higher,)), Arm(lower.id, (lower,))
    inside = {candidate.id for candidate in subjects}
    others = [candidate for candidate in table.candidates if candidate.id not in inside]
    return Arm("with the part", _spread_out(subjects)), Arm("without it", _spread_out(others))


def _spread_out(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """A few candidates, evenly along the ranking, so that an arm is not only its best."""
    ordered = sorted(candidates, key=lambda c: (c.rank is None, c.rank or 0, c.id))
    if len(ordered) <= MOST_PER_ARM:
        return tuple(ordered)
    step = (len(ordered) - 1) / (MOST_PER_ARM - 1)
    return tuple(ordered[round(index * step)] for index in range(MOST_PER_ARM))
