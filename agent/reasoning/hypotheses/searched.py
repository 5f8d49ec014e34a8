"""Novelty by search: hypotheses and candidates looked for in the lab's documents, structure files and reference sets.

The rules judge a hypothesis by what the plan happened to search. Those that survive the critique are looked for by
their own claim (`agent.reasoning.novelty`), so that a verdict rests on the documents, names what was searched, and is
``unknown`` where a source failed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from agent.reasoning.hypotheses.knowledge import mechanism
from agent.reasoning.novelty import NoveltyVerdict, judge_statement, judge_structures
from agent.reasoning.protocol import Context, RunView
from agent.records import Candidate, Citation, Hypothesis

MOST_STATEMENTS = 8
"""How many hypotheses of a run are looked for by their own claim."""
MOST_CANDIDATES = 50
"""How many of the best candidates get the label ``novelty``."""
PARTICULAR = ("transfer", "outlier", "estimate", "contradiction", "polymorph")
"""Kinds that are about particular candidates, so that novelty is also that of the candidates."""
_TEXTBOOK = ("trend", "mechanism", "contrast")
_SEARCH, _STRUCTURES = "check_novelty", "find_known_structures"
Comparable = Literal["molecule", "crystal", "sequence"]
_KINDS: tuple[Comparable, ...] = ("molecule", "crystal", "sequence")


async def with_searched_novelty(
    hypotheses: tuple[Hypothesis, ...], view: RunView, crystals: Mapping[str, str] = MappingProxyType({})
) -> tuple[Hypothesis, ...]:
    """Judge the novelty of hypotheses by searching the lab's documents for them.

    Args:
        hypotheses: Kept after the critique, each with the verdict of the rules.
        view: The run.
        crystals: CIF texts of its crystals by their keys; other candidates' ``structure`` is the structure itself.

    Returns:
        The same hypotheses. Those that the rules call known, those beyond `MOST_STATEMENTS`, and all of a lab without
        documents keep the verdict that they have.
    """
    if not view.context.documents or _SEARCH not in view.context.catalogue:
        return hypotheses
    wanted = [one for one in hypotheses if one.novelty != "known"][:MOST_STATEMENTS]
    names = {one.id: one.name for one in view.candidates}
    table = {one.id: one for one in view.candidates}
    about = {one.id: [table[c] for c in one.subjects[:1] if c in table] for one in wanted if one.kind in PARTICULAR}
    stated, structures = await asyncio.gather(
        asyncio.gather(*(judge_statement(view.context.call, claim(one, names)) for one in wanted)),
        _judged([one for subjects in about.values() for one in subjects], view.context, crystals),
    )
    found = {
        one.id: _combined(one, verdict, [structures.get(c.id) for c in about.get(one.id, ())])
        for one, verdict in zip(wanted, stated, strict=True)
    }
    return tuple(found.get(one.id, one) for one in hypotheses)


def claim(hypothesis: Hypothesis, names: Mapping[str, str]) -> str:
    """What of a statement a document could have said: without this run's own figures and ids.

    Args:
        hypothesis: Its statement is in clauses; the first is the claim, figures follow.
        names: Names of candidates by id; an id without a name stays.
    """
    statement = re.sub(r"^In this series,? ", "", hypothesis.statement.text)
    figures = {hypothesis.statement.text[span.start : span.end] for span in hypothesis.statement.spans} - {""}
    first, *further = re.split(r"(?<=[:;,])\s", statement)
    words = [first]
    for clause in further:
        if any(figure in clause for figure in figures):
            break
        words.append(clause)
    told = re.sub(r"\s*\([^()]*\)", "", " ".join(words)).rstrip(" ,;:.")
    return re.sub(r"\bc\d+\b", lambda match: names.get(match[0]) or match[0], told) + "."


def _combined(
    hypothesis: Hypothesis, stated: NoveltyVerdict, structures: Sequence[NoveltyVerdict | None]
) -> Hypothesis:
    """One verdict of what the documents state and what is known of the candidates."""
    told = [stated.basis + _nearest(stated)]
    told += [
        f"{one.subject}: {one.basis}" if one else "the candidate's structure was not searched" for one in structures
    ]
    verdicts = [one.novelty if one else "unknown" for one in structures]
    particular = hypothesis.kind in PARTICULAR
    textbook = (
        hypothesis.kind in _TEXTBOOK
        and bool(hypothesis.driver)
        and mechanism(hypothesis.prediction.quantity, hypothesis.driver) is not None
    )
    if textbook:
        told.append("the general mechanism is textbook knowledge; whether it decides in this series is what is tested")
    if stated.novelty == "known" or (verdicts and set(verdicts) == {"known"}):
        novelty = "known"
    elif stated.novelty == "unknown" or "unknown" in verdicts or (particular and not verdicts):
        novelty = "unknown"
    else:
        novelty = "known" if textbook else "novel"
    cited = _citations(stated) if stated.novelty == "known" else ()
    basis = "; ".join(told)
    return hypothesis.model_copy(
        update={
            "novelty": novelty,
            "novelty_basis": f"{basis[0].upper()}{basis[1:]}.",
            "citations": tuple(dict.fromkeys((*hypothesis.citations, *cited))),
        }
    )


def _nearest(stated: NoveltyVerdict) -> str:
    """The passage that comes nearest, quoted."""
    best = max(stated.evidence, key=lambda one: float(one.get("share", 0.0)), default=None)
    if best is None:
        return ""
    page = f", page {best['page']}" if best.get("page") else ""
    quote = " ".join(str(best.get("sentence", "")).split())
    return f" (“{quote[:200]}{'…' if len(quote) > 200 else ''}”{page})"


def _citations(stated: NoveltyVerdict) -> tuple[Citation, ...]:
    """The passages that the verdict rests on."""
    return tuple(
        Citation(
            document=one["document"], passage=one["passage"], page=one.get("page"), start=one["start"],
            end=one["end"], quote=one.get("sentence", ""),
        )
        for one in stated.evidence
        if one.get("states")
    )  # fmt: skip


async def with_novelty(
    candidates: tuple[Candidate, ...], context: Context, crystals: Mapping[str, str] = MappingProxyType({})
) -> tuple[Candidate, ...]:
    """Label the best candidates ``novelty``: known, novel or unknown by the lab's files and the reference sets.

    Args:
        candidates: Ranked.
        context: The tools; a lab without documents labels nothing, and its reference sets have a label of their own.
        crystals: CIF texts of the crystals by their keys.
    """
    if not context.documents or _STRUCTURES not in context.catalogue:
        return candidates
    shown = sorted((one for one in candidates if not one.withheld), key=lambda one: one.rank or len(candidates))
    found = await _judged(shown[:MOST_CANDIDATES], context, crystals)
    return tuple(
        one.model_copy(update={"labels": one.labels | {"novelty": _label(found[one.id])}}) if one.id in found else one
        for one in candidates
    )


def _label(verdict: NoveltyVerdict) -> str:
    return f"{verdict.novelty}: {verdict.basis}"


async def _judged(
    candidates: Iterable[Candidate], context: Context, crystals: Mapping[str, str]
) -> dict[str, NoveltyVerdict]:
    """Verdicts by candidate id, two calls a kind; other kinds and crystals without a structure have none."""
    distinct = {one.id: one for one in candidates}.values()
    found: dict[str, NoveltyVerdict] = {}
    for kind in _KINDS:
        group = [one for one in distinct if one.kind == kind and (kind != "crystal" or one.structure in crystals)]
        texts = [crystals[one.structure] if kind == "crystal" else one.structure for one in group]
        verdicts = await judge_structures(context.call, texts, kind)
        found |= {one.id: replace(verdict, subject=one.structure) for one, verdict in zip(group, verdicts, strict=True)}
    return found


def _called(candidate: Candidate) -> str:
    """A candidate as a sentence names it: a protein's letters are no name."""
    name = candidate.name or candidate.structure
    return name if len(name) <= 80 else f"{name[:79]}…"
