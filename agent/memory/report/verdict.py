"""The verdict: in a few sentences, what the run found, and where it has gaps."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from agent import vocabulary
from agent.memory.desirability import set_apart
from agent.memory.history import History
from agent.memory.report.prose import Anchors, Prose, Segment, anchor, fill, texts_of
from agent.memory.report.table import in_order
from agent.records import Brief, Candidate, Evidence, RunInfo, Text
from agent.units import print_value

_VALUES = 4  # of the best candidate, that the verdict names
_SAID = 3  # steps whose own words stand in for candidates, the last ones: they build on the others
_SILENT = frozenset({"read_sequences", "screen_candidates"})
_DESCRIBING = frozenset({"analyse_dna", "analyse_proteins"})
"""Tools whose words are no answer where others have spoken: those that never answer, and those that describe what is
given in every plan."""


def verdict(info: RunInfo, history: History, brief: Brief | None, anchors: Anchors) -> tuple[Prose, ...]:
    """What was found, sentence by sentence; counts lead to where the things counted are.

    Args:
        info: The head of the bundle.
        history: The run.
        brief: The goal understood, if it was.
        anchors: What can be linked to.

    Returns:
        The sentences, the run's own end first if it is not a finished one.
    """
    return (
        *_ending(info, history, anchors),
        *_answer(brief, anchors),
        *_candidates(history, brief, anchors),
        *_hypotheses(history, anchors),
        *_beliefs(history, anchors),
        *_gaps(history, anchors),
    )


def spokesmen(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The evidence whose own words are the answer where no candidates are: the last steps that brought something."""
    brought = [found for found in evidence if found.status == "ok"]
    for unasked in (_SILENT | _DESCRIBING, _SILENT):
        if telling := [found for found in brought if found.tool not in unasked]:
            return telling[-_SAID:]
    return brought[-_SAID:]


def _ending(info: RunInfo, history: History, anchors: Anchors) -> list[Prose]:
    t = anchors.words
    if info.status == "finished":
        return []
    asked = history.question or info.question
    reason = asked.text if info.status == "waiting" and asked else info.error or history.reason or t.no_reason
    return [fill(getattr(t, f"v_{info.status}"), reason=reason)]


def _answer(brief: Brief | None, anchors: Anchors) -> list[Prose]:
    """The answer to the question that the goal was, where it was one that a rule decides."""
    options = brief.options if brief else {}
    if not isinstance(answer := options.get("answer"), str):
        return []
    return [fill(anchors.words.v_answer, answer=answer, because=str(options.get("because", "")))]


def _candidates(history: History, brief: Brief | None, anchors: Anchors) -> list[Prose]:
    t = anchors.words
    everything = in_order(history.candidates)
    shown = [one for one in everything if not set_apart(one)] or everything
    withheld = Counter(one.reason or t.no_reason for one in history.candidates if one.withheld)
    sentences = [fill(t.v_withheld, n=count, reason=reason) for reason, count in sorted(withheld.items())]
    if not shown:
        return [*(_said(history, anchors) or [fill(t.v_no_candidates)]), *sentences]
    count = _count(len(shown), "#candidates")
    judged = bool(brief and brief.constraints) and any(one.feasible is not None for one in shown)
    met = [one for one in shown if one.feasible]
    bare = not judged and not (brief and brief.objectives)
    if bare and all(one.kind in ("sample", "sequence") for one in shown):
        # Nothing is wished of them that could rank them (samples are what was measured, a primer pair and its product
        # are no rivals): the answer is what the steps say.
        return [fill(t.v_examined, n=count), *_said(history, anchors), *sentences]
    if not judged:
        told = _said(history, anchors)[-1:] if all(one.kind == "sequence" for one in shown) else []
        return [fill(t.v_examined, n=count), _best(shown, brief, anchors, feasible=False), *told, *sentences]
    if not met:
        return [fill(t.v_none_feasible, n=count), *_short_of(shown, anchors), *sentences]
    told = _said(history, anchors)[-1:] if all(one.kind == "sequence" for one in shown) else []
    first = fill(t.v_feasible, met=_count(len(met), "#candidates"), n=count)
    return [first, _best(met, brief, anchors, feasible=True), *told, *sentences]


def _short_of(shown: Sequence[Candidate], anchors: Anchors) -> list[Prose]:
    """What the nearest of the candidates misses, and what kept the others from being judged."""
    t = anchors.words
    sentences = []
    missing = [one for one in shown if one.feasible is False]
    if missing:
        near = max(missing, key=lambda one: one.score or 0.0)
        sentences.append(fill(t.v_nearest, best=[anchors.link(near.id)], reason=near.reason or t.no_reason))
    unjudged = Counter(one.reason or t.no_reason for one in shown if one.feasible is None)
    if unjudged:
        reason, _ = unjudged.most_common(1)[0]
        sentences.append(fill(t.v_unjudged, n=_count(unjudged.total(), "#candidates"), reason=reason))
    return sentences


def _said(history: History, anchors: Anchors) -> list[Prose]:
    """What the last steps that brought something say of it: a goal need not be about candidates."""
    return [
        fill(anchors.words.v_said, step=anchors.link(found.id), summary=found.summary.rstrip("."))
        for found in spokesmen(history.evidence.values())
    ]


def _best(ranked: Sequence[Candidate], brief: Brief | None, anchors: Anchors, *, feasible: bool) -> Prose:
    """The first of candidates by rank, with the values that the goal asks about."""
    t, best, number = anchors.words, ranked[0], len(ranked)
    link = [anchors.link(best.id)]
    if best.name:
        link.append(Segment(f" ({best.name})"))
    values = _values(best, brief, anchors)
    if not values:
        return fill(t.v_best_bare if feasible else t.v_first_bare, n=number, best=link)
    return fill(t.v_best if feasible else t.v_first, n=number, best=link, values=values)


def _values(candidate: Candidate, brief: Brief | None, anchors: Anchors) -> list[Segment]:
    """The values that the goal asks about (else the first ones), each linked to its evidence."""
    asked = [one.quantity for one in (*brief.constraints, *brief.objectives)] if brief else []
    known = {name: found for name, found in candidate.quantities.items() if math.isfinite(found.value)}
    names = [name for name in dict.fromkeys(asked) if name in known] or list(known)
    segments: list[Segment] = []
    for name in names[:_VALUES]:
        quantity = known[name]
        printed = print_value(quantity.value, quantity.unit, quantity.uncertainty)
        segments.append(Segment(f"{', ' if segments else ''}{vocabulary.title(name)} "))
        segments.append(anchors.prose(_figure(printed, quantity.source))[0])
    return segments


def _figure(printed: str, source: str) -> Text:
    return Text.model_validate({"text": printed, "spans": [{"start": 0, "end": len(printed), "source": source}]})


def _hypotheses(history: History, anchors: Anchors) -> list[Prose]:
    t = anchors.words
    if not history.hypotheses:
        return [fill(t.v_no_hypotheses)]
    top = min(history.hypotheses, key=lambda one: float("inf") if one.rank is None else one.rank)
    number = len(history.hypotheses)
    told = [anchors.link(top.id), Segment(": "), *anchors.prose(top.statement)]
    sentences = [fill(t.v_hypotheses, n=_count(number, "#hypotheses"), top=told)]
    if history.dropped:
        sentences.append(fill(t.v_dropped, n=_count(len(history.dropped), "#dropped")))
    if plans := len(history.experiments):
        first = history.experiments[0]
        told = [anchors.link(first.id), Segment(f": {first.title}")]
        sentences.append(
            fill(
                t.v_experiments,
                n=_count(plans, "#experiments"),
                first=told,
                samples=_count(first.sample_size, f"#{anchor(first.id)}"),
            )
        )
    return sentences


def _beliefs(history: History, anchors: Anchors) -> list[Prose]:
    if not history.results:
        return []
    states = Counter(one.belief.state for one in history.hypotheses if one.belief is not None)
    counts = {name: states[name] for name in ("supported", "refuted", "undecided")}
    return [fill(anchors.words.v_beliefs, n=_count(len(history.results), "#rounds"), **counts)]


def _gaps(history: History, anchors: Anchors) -> list[Prose]:
    t = anchors.words
    gaps = [found.id for found in history.evidence.values() if found.status != "ok"]
    gaps += [step for step in history.steps if f"e{step[1:]}" not in history.evidence]
    sentences: list[Prose] = []
    if gaps:
        links = [part for one in gaps for part in (Segment(", "), anchors.link(one))][1:]
        sentences.append(fill(t.v_gaps, n=len(gaps), all=len(history.steps) or len(history.evidence), list=links))
    unverified = sum(len(anchors.unverified(text)) for text in texts_of(history))
    if unverified:
        sentences.append(fill(t.v_unverified, n=unverified))
    return sentences


def _count(number: int, href: str) -> Segment:
    return Segment(str(number), href, "figure")
