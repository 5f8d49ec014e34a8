"""Hypotheses on docked molecules: which of two binds more strongly, at the weight that a docking score deserves.

A score errs by more than it usually differs between molecules of one series, and it grows with the molecule, so that
the best is compared with a molecule of about its size: what the pair differs in is then not the count of atoms alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import Scribe, difference_prediction, doubts, measured, method_of
from agent.reasoning.hypotheses.table import Table
from agent.records import Hypothesis

SCORE = "docking_score"

LEAST_GAP = 0.5
"""kcal/mol below which scores are equal: what repeated searches of one molecule differ by."""

LIKE_SIZE = 3
"""Heavy atoms by which the two may differ to count as of one size."""


@dataclass(frozen=True)
class Docked:
    """Two docked molecules: the first has the lower, better score."""

    best: str
    other: str
    gap: float
    among: int
    larger_by: int | None


def docked_pair(table: Table) -> Docked | None:
    """The best docked molecule and the one that scores worst among those of about its size; ``None`` if none is worse.

    Args:
        table: The candidates.
    """
    scores = table.columns.get(SCORE, {})
    if len(scores) < 2:
        return None
    sizes = table.columns.get("heavy_atoms", {})
    best = min(scores, key=lambda one: (scores[one], one))
    worse = [one for one in scores if scores[one] - scores[best] >= LEAST_GAP]
    alike = [one for one in worse if best in sizes and abs(sizes.get(one, 1e9) - sizes[best]) <= LIKE_SIZE]
    if not worse:
        return None
    other = max(alike or worse, key=lambda one: (scores[one], one))
    larger = int(sizes[best] - sizes[other]) if best in sizes and other in sizes else None
    return Docked(best, other, scores[other] - scores[best], len(scores), larger)


def docked(scribe: Scribe, finding: Docked) -> Hypothesis:
    """The better docked of two binds the receptor more strongly."""
    subjects = (finding.best, finding.other)
    words = {
        "best": scribe.called(finding.best), "other": scribe.called(finding.other), "measured": measured(SCORE),
    }  # fmt: skip
    numbers = {
        "a": scribe.estimate(finding.best, SCORE), "b": scribe.estimate(finding.other, SCORE),
        "gap": scribe.number(finding.gap, SCORE), "half": scribe.number(finding.gap / 2, SCORE),
        "n": scribe.count(finding.among, SCORE), "larger": scribe.count(abs(finding.larger_by or 0), SCORE),
    }  # fmt: skip
    statement = scribe.write(
        "{{best}} binds the receptor more strongly than {{other}}: its {{measured}} is lower, by {{half}} or more"
        " (docking scores {{a}} and {{b}}).",
        words, **numbers,
    )  # fmt: skip
    reason = scribe.write(
        "Its best pose in the rigid receptor makes contacts that the scoring function counts {{gap}} higher; which of"
        " them are real, the poses in the run's folder let one see, and a structure of the complex would tell.",
        words, **numbers,
    )  # fmt: skip
    method = method_of(SCORE)
    prediction = difference_prediction(
        SCORE, -finding.gap, method.spread, f"{finding.best} minus {finding.other}", scribe.table.source(SCORE)
    )
    support = [
        scribe.support(
            SCORE,
            scribe.write("Docked alike, {{best}} scores {{a}} and {{other}} {{b}}.", words, **numbers),
            0.5,  # the published error is in the base rate already
        )
    ]
    against = doubts(scribe, SCORE, subjects, finding.gap)
    against.append(
        scribe.support(
            SCORE,
            scribe.write(
                "The receptor was rigid and without water, and the molecules were protonated as their SMILES have it.",
            ),
            0.2,
        )
    )
    if finding.among > 2:
        against.append(
            scribe.support(
                SCORE,
                scribe.write("They are picked for their difference among {{n}} docked molecules.", words, **numbers),
                0.2,
            )
        )
    if finding.larger_by and finding.larger_by > LIKE_SIZE:
        against.append(
            scribe.support(
                SCORE,
                scribe.write(
                    "{{best}} has {{larger}} heavy atoms more, and scores grow with the number of atoms whether or not"
                    " the molecule binds.",
                    words, **numbers,
                ),
                0.5,
            )
        )  # fmt: skip
    scope = "The receptor as docked, in the construct and buffer of the assay; these two molecules."
    return drafted("contrast", statement, reason, prediction, scope, subjects, support, against)


def docked_hypotheses(table: Table, scribe: Scribe) -> list[Hypothesis]:
    """The hypothesis that the scores of a run allow: one, since further pairs share the best molecule.

    Args:
        table: The candidates.
        scribe: Writes about them.
    """
    finding = docked_pair(table)
    return [docked(scribe, finding)] if finding is not None else []
