"""Whether a passage supports a sentence that cites it.

Every figure and every name of the sentence has to stand in the passage, most of its other words too (or its meaning has
to be near, where an embedding engine is given), and no sentence of the passage may say the opposite. What fails is
named. The check finds invented figures and names; it cannot prove an inference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.answering.amounts import figures
from knowledge.answering.contradiction import disagreement
from knowledge.answering.features import features
from knowledge.lexical.tokens import tokenise
from knowledge.passages import sentence_spans

if TYPE_CHECKING:
    from knowledge.embedding import Embedder

LEAST_OVERLAP = 0.55
"""Least share of the sentence's terms, weighed, that the passage has to hold where no meaning is compared."""
WEAK_OVERLAP = 0.35
"""The same where the meaning is near."""
NEAR = 0.6
"""Cosine from which a sentence of the passage counts as near in meaning."""


@dataclass(frozen=True)
class Support:
    """The verdict on one sentence.

    Attributes:
        supported: Whether the passage carries it.
        overlap: Share of its terms that the passage holds, weighed by their rarity, in [0, 1].
        reason: What is missing or against it; '' where supported.
    """

    supported: bool
    overlap: float
    reason: str = ""


def check_support(
    sentence: str,
    passages: Sequence[str],
    *,
    weight: Callable[[str], float] | None = None,
    embedder: Embedder | None = None,
) -> Support:
    """Check a sentence against the passages that it cites.

    Args:
        sentence: What is claimed.
        passages: The texts that it cites; together they have to carry it.
        weight: Rarity of a term (its idf); every term counts alike by default.
        embedder: Compares meanings where the words differ.
    """
    if not passages:
        return Support(False, 0.0, "it cites no passage")
    text = "\n\n".join(passages)
    held = set(tokenise(text))
    claim = features(sentence)
    stated = [figure.value for figure in figures(text)]
    for figure in claim.figures:
        if not any(math.isclose(figure.value, other, rel_tol=1e-9) for other in stated):
            return Support(
                False, 0.0, f"the figure {sentence[figure.start : figure.end].strip()} is not in the passage"
            )
    weighed = {term: (weight(term) if weight else 1.0) or 1.0 for term in claim.terms}
    overlap = sum(value for term, value in weighed.items() if term in held) / max(sum(weighed.values()), 1e-9)
    missing = sorted(name for name in claim.names if name not in held and not name.replace(".", "").isdigit())
    if missing:
        return Support(False, overlap, f"{', '.join(missing)}: not in the passage")
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    against = next((one for one in sentences if disagreement(sentence, one)), "")
    if against and not any(_same_side(sentence, one, against) for one in sentences):
        return Support(False, overlap, f"the passage says otherwise: “{_short(against)}”")
    if overlap >= LEAST_OVERLAP:
        return Support(True, overlap)
    if embedder is not None and overlap >= WEAK_OVERLAP:
        vectors = embedder.embed([sentence, *sentences])
        if float((vectors[1:] @ vectors[0]).max()) >= NEAR:
            return Support(True, overlap)
    return Support(False, overlap, "too little of it is in the passage")


def _same_side(sentence: str, other: str, against: str) -> bool:
    """Whether a sentence of the passage says the same, so that another one's disagreement does not count.

    It has to hold about as much of the claim as the one that disagrees: a title names the subject and takes no side.
    """
    claim = features(sentence).terms
    one, two = claim & features(other).terms, claim & features(against).terms
    return len(one) >= 0.8 * len(two) and not disagreement(sentence, other)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 160 else f"{flat[:157]}..."
