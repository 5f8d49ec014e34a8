"""People: who in the documents knows about a topic, with the passages that say so.

Authors are ranked by the passages that they wrote on the topic: each document's best passages count, the second half as
much as the first and so on, so that one long paper does not outweigh three; a document's weight is shared between its
authors only lightly (by the fourth root of their number), because a middle author knows the work too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.records import Hit
    from knowledge.store import Store

LEAST = 0.3
"""Least score of a passage that counts for its authors."""
_DEPTH = 60
_SHOWN = 3
_HELD = re.compile(r"\s+")


@dataclass(frozen=True)
class Expert:
    """An author and why.

    Attributes:
        name: As the documents write it (the longest form).
        score: Sum over the author's documents; comparable within one search.
        documents: How many documents of theirs bear on the topic.
        passages: The best of these passages, best first.
    """

    name: str
    score: float
    documents: int
    passages: tuple[Hit, ...]


def experts(store: Store, topic: str, count: int = 10, where: Mapping[str, Any] | None = None) -> tuple[Expert, ...]:
    """Rank the authors of the documents by what they wrote on a topic.

    Args:
        store: An open store.
        topic: Words or a sentence.
        count: How many at most.
        where: A filter on documents; see `knowledge.filters`.

    Returns:
        The authors, best first; none where no document on the topic names its authors.

    Raises:
        QueryError: The topic or the filter cannot be used.
    """
    authors = {document.name: document.authors for document in store.documents()}
    of_document: dict[str, list[Hit]] = {}
    for hit in store.search(topic, _DEPTH, where):
        if hit.score >= LEAST and authors.get(hit.document):
            of_document.setdefault(hit.document, []).append(hit)
    scores: dict[str, float] = {}
    held: dict[str, list[Hit]] = {}
    names: dict[str, str] = {}
    counted: dict[str, int] = {}
    for document, hits in of_document.items():
        worth = sum(hit.score / 2**place for place, hit in enumerate(hits)) / len(authors[document]) ** 0.25
        for key, name in {person_key(name): name for name in authors[document]}.items():
            scores[key] = scores.get(key, 0.0) + worth
            counted[key] = counted.get(key, 0) + 1
            held.setdefault(key, []).extend(hits)
            names[key] = max(names.get(key, ""), name, key=len)
    best = sorted(scores, key=lambda key: (-scores[key], names[key]))[:count]
    return tuple(
        Expert(
            names[key],
            round(scores[key], 4),
            counted[key],
            tuple(sorted(held[key], key=lambda hit: -hit.score)[:_SHOWN]),
        )
        for key in best
    )


def person_key(name: str) -> str:
    """One key for the forms of a name: family name and first initial (``Kim, Ji-woo``, ``J. Kim``, ``Ji-woo Kim``).

    Korean and other names without spaces are their own keys. Two people with one family name and initial cannot be told
    apart by this.

    Args:
        name: As a document writes it.
    """
    plain = unicodedata.normalize("NFKD", name) if name.isascii() or name[:1] < "가" else name
    plain = "".join(c for c in plain if not unicodedata.combining(c)).strip().lower()
    plain = _HELD.sub(" ", plain)
    if "," in plain:
        family, _, given = plain.partition(",")
    else:
        given, _, family = plain.rpartition(" ")
    initial = given.strip(" .")[:1]
    return f"{family.strip()} {initial}".strip()
