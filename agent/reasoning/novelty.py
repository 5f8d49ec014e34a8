"""The novelty service: one verdict from every source that can know, and ``unknown`` where one was not searched.

A statement is looked for in the lab's documents. A candidate is looked for in the lab's structure files and, for
molecules and crystals, in the reference sets that packages ship. ``novel`` needs every source searched without a match;
it says that these sources do not have it, and names them. The sets of crystals are too small for that: a crystal is
``known``, or ``unknown``, with its composition's name where that is known.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agent.records import Novelty, Result

Call = Callable[[str, Mapping[str, Any]], Awaitable[Result]]
"""Calls a tool by its name."""


@dataclass(frozen=True)
class NoveltyVerdict:
    """The verdict on one subject.

    Attributes:
        subject: The statement, or the structure.
        novelty: The verdict.
        basis: Why, naming the sources.
        evidence: Nearest passages and matches, as the tools returned them.
    """

    subject: str
    novelty: Novelty
    basis: str
    evidence: tuple[Mapping[str, Any], ...] = ()


async def judge_statement(call: Call, statement: str) -> NoveltyVerdict:
    """Judge a statement by the lab's documents.

    Args:
        call: Calls a tool.
        statement: One sentence.
    """
    found = await call("check_novelty", {"statement": statement})
    if found.status == "error":
        return NoveltyVerdict(statement, "unknown", f"searching the lab's documents failed: {found.summary}")
    told = str(found.data.get("basis", found.summary))
    near = tuple(found.data.get("nearest", ()))
    verdict = found.data.get("verdict", "unknown")
    if verdict == "contradicted":  # said before, with the opposite result: the subject is not new
        return NoveltyVerdict(statement, "known", f"the question is not new: {told}", near)
    return NoveltyVerdict(statement, verdict if verdict in ("known", "novel") else "unknown", told, near)


async def judge_structures(
    call: Call, structures: Sequence[str], kind: Literal["molecule", "crystal", "sequence"]
) -> tuple[NoveltyVerdict, ...]:
    """Judge structures by the lab's structure files and the shipped reference sets.

    Args:
        call: Calls a tool.
        structures: SMILES, CIF texts or sequences.
        kind: What they are.
    """
    if not structures:
        return ()
    lab = await call("find_known_structures", {"structures": list(structures), "kind": kind})
    sets = None
    if kind == "molecule":
        sets = await call("check_known_molecules", {"smiles": list(structures)})
    elif kind == "crystal":
        sets = await call("check_known_crystals", {"structures": list(structures)})
    known_rows = {int(row["index"]): row for row in sets.data.get("rows", ())} if sets and sets.status == "ok" else {}
    rows = lab.data.get("rows", ()) if lab.status == "ok" else ()
    verdicts = []
    for place, structure in enumerate(structures):
        row = rows[place] if place < len(rows) else None
        verdicts.append(_folded(structure, kind, lab, row, sets, known_rows.get(place)))
    return tuple(verdicts)


def _folded(
    structure: str,
    kind: str,
    lab: Result,
    row: Mapping[str, Any] | None,
    sets: Result | None,
    known: Mapping[str, Any] | None,
) -> NoveltyVerdict:
    evidence = tuple(one for one in (row, known) if one)
    matches, searched, missing = [], [], []
    if row is not None:
        match = row.get("match") or {}
        if row["verdict"] == "known":
            matches.append(f"it is {match.get('record')} in {match.get('file')}")
        elif row["verdict"] == "unknown":
            missing.append(f"{len(lab.data.get('failed', {}))} of the lab's structure files could not be read")
        else:
            searched.append("the lab's structure files")
            if row["verdict"] == "near":
                searched[-1] += f" (near: {match.get('record')}, likeness {match.get('likeness')})"
    else:
        missing.append(
            "the lab's structure files failed" if lab.status == "error" else "the lab has no structure files"
        )
    if kind == "sequence":
        missing.append("no reference set of sequences is shipped")
    elif known is None:
        missing.append(f"the reference sets were not searched ({sets.summary if sets else 'not asked'})")
    elif known.get("level") == "composition":
        missing.append(f"its composition is that of {known['known']} in {known['set']}, its structure is not there")
    elif kind == "crystal" and known["known"] == "no":
        told = "; ".join(sets.data.get("searched", ())) if sets else ""
        missing.append(f"the shipped sets, which are small, do not have it ({told})")
    elif known.get("known", "no") != "no":
        matches.append(f"it is {known['known']} in {known.get('set') or 'the reference sets'}")
    else:
        searched.append("; ".join(sets.data.get("searched", ())) if sets else "")
    if matches:
        return NoveltyVerdict(structure, "known", "; ".join(matches), evidence)
    # a lab without structure files has none that could know it: only a source that failed or is missing stays open
    open_sources = [one for one in missing if one != "the lab has no structure files"]
    told = f"not in {'; '.join(searched)}" if searched else "nothing was searched"
    if open_sources or not searched:
        return NoveltyVerdict(structure, "unknown", "; ".join([*missing, told]), evidence)
    return NoveltyVerdict(structure, "novel", told, evidence)
