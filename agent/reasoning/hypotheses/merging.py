"""Merging: findings that say the same become one hypothesis, and no kind crowds out the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from agent.reasoning.hypotheses.knowledge import family
from agent.records import Hypothesis

MOST_PER_KIND = 2
MOST = 8


def merged(drafts: Iterable[tuple[Hypothesis, str]]) -> list[tuple[Hypothesis, str]]:
    """Drop what says again what an earlier draft said, and keep the best few of every kind.

    Two drafts say the same when they predict the same property (whichever estimate it is seen through) in the same
    direction for the same candidates, or by the same driver. The evidence of a dropped one is kept where it rests on
    another source. Of one kind there are at most two, on different properties.

    Args:
        drafts: Hypotheses with the driver they are about, the strongest of a kind first.

    Returns:
        Those kept, in the order given.
    """
    kept: dict[tuple[object, ...], tuple[Hypothesis, str]] = {}
    per_kind: Counter[str] = Counter()
    per_property: Counter[tuple[str, str]] = Counter()
    for draft, driver in drafts:
        keys = _meanings(draft, driver)
        same = next((key for key in keys if key in kept), None)
        if same is not None:
            earlier, earlier_driver = kept[same]
            together = (with_evidence(earlier, draft), earlier_driver)
            for key in [key for key, value in kept.items() if value[0] is earlier]:
                kept[key] = together
            continue
        property_of = (draft.kind, family(draft.prediction.quantity))
        if per_kind[draft.kind] >= MOST_PER_KIND or per_property[property_of]:
            continue
        per_kind[draft.kind] += 1
        per_property[property_of] += 1
        for key in keys:
            kept[key] = (draft, driver)
    distinct = list({id(value[0]): value for value in kept.values()}.values())
    return distinct[:MOST]


def _meanings(draft: Hypothesis, driver: str) -> list[tuple[object, ...]]:
    prediction = draft.prediction
    rising = prediction.relation in (">", ">=")
    about = (family(prediction.quantity), rising, prediction.relation == "between")
    meanings: list[tuple[object, ...]] = [(*about, frozenset(draft.subjects))]
    if draft.kind in ("trend", "mechanism") and driver:
        meanings.append((*about, "driver", driver))
    return meanings


def with_evidence(kept: Hypothesis, dropped: Hypothesis) -> Hypothesis:
    """The kept hypothesis with the evidence of the dropped one that comes from other sources."""
    have = {support.text.text for support in (*kept.evidence_for, *kept.evidence_against)}
    sources = {support.source for support in kept.evidence_for}
    more = tuple(s for s in dropped.evidence_for if s.source not in sources and s.text.text not in have)
    citations = tuple(dict.fromkeys((*kept.citations, *dropped.citations)))
    return kept.model_copy(update={"evidence_for": (*kept.evidence_for, *more), "citations": citations})
