"""Whether the documents answer a question, or only lie near it.

Two signs tell the two apart, and both bear documents and engines of any kind. *Standing out*: by how much the best
passage's score lies above that of the fifth best of the other documents; passages that only share the question's
subject come in numbers, the one that answers does not. *Missing*: the share of the question's weighed terms that the
documents know, and no single one of the best passages holds. A logistic regression weighs them. It was fitted to the
809 training claims of SciFact, each asked twice: of all abstracts, and of all but those that are judged to bear on it;
fitted to either half, it has an area under the ROC curve of .76 and .77 on the other (a threshold on the passage's
score alone: .71). Questions whose subject is not in the documents at all are told by the score itself, which counts
less the more of the question's terms no document knows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

BACKGROUND = 5
"""Which of the other documents, by their best passages, the best passage is compared with."""
_BACKGROUND_PASSAGE = 10
"""Which of the other passages it is compared with in a store of fewer documents."""


class _Fitted(NamedTuple):
    """The weights of the regression, and the least score of a passage that is on the subject."""

    constant: float
    stands_out: float
    missing: float
    on_subject: float


_WITH_VECTORS = _Fitted(-0.12, 8.6, -2.9, 0.30)
_BY_WORDS = _Fitted(-0.12, 7.0, -2.6, 0.32)


class Signs(NamedTuple):
    """What an answer is judged by, each in [0, 1].

    Attributes:
        score: The best passage's score.
        stands_out: How far it lies above the background.
        covered: Largest share of the question's weighed terms that one of the best passages holds.
        known: Share of the question's weighed terms that some passage of the store holds.
    """

    score: float
    stands_out: float
    covered: float
    known: float


def stands_out(scores: Sequence[float], owners: Sequence[int], *, documents: int, complete: bool) -> float:
    """How far the best passage lies above the other documents.

    Args:
        scores: Of passages, best first.
        owners: The document of each.
        documents: How many the store holds.
        complete: Whether these are all passages that have to do with the question: others then score 0.
    """
    if not scores:
        return 0.0
    if documents > BACKGROUND:
        others: dict[int, float] = {}
        for score, owner in zip(scores, owners, strict=True):
            if owner != owners[0]:
                others.setdefault(owner, score)
        best, wanted = list(others.values()), BACKGROUND
    else:
        best, wanted = list(scores[1:]), _BACKGROUND_PASSAGE
    background = best[wanted - 1] if len(best) >= wanted else 0.0 if complete else scores[-1]
    return max(0.0, scores[0] - background)


def chance(signs: Signs, *, by_meaning: bool) -> float:
    """The chance that the documents hold the answer, where as many questions have one there as have none.

    Args:
        signs: What was seen.
        by_meaning: Whether the scores were made with vectors, or by words alone.

    Returns:
        In [0, 1]; 0 where the subject is not in the documents.
    """
    fitted = _WITH_VECTORS if by_meaning else _BY_WORDS
    if signs.score * (1 + signs.known) / 2 < fitted.on_subject:
        return 0.0
    total = (
        fitted.constant + fitted.stands_out * signs.stands_out + fitted.missing * max(0.0, signs.known - signs.covered)
    )
    return 1 / (1 + math.exp(-total))
