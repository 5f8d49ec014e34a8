"""The novelty service: one verdict from every source that can know, and ``unknown`` where one was not searched.

A statement is looked for in the lab's documents. A candidate is looked for in the lab's structure files and, for
molecules and crystals, in the reference sets that packages ship. ``novel`` needs every source searched without a match;
it says that these sources do not have it, and names them. The shipped sets of crystals are small and of sequences there
is none: those are ``novel`` only where the lab has structures of its own to compare with, else ``unknown``; and a
crystal whose composition is known, while its structure matches none, stays ``unknown``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal

from agent.records import Novelty, Result

Call = Callable[[str, Mapping[str, Any]], Awaitable[Result]]
"""Calls a tool by its name."""

_SMALL_SETS = ("crystal", "sequence")
"""Kinds whose shipped reference sets are too small for their silence to mean anything."""


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
    rows = lab.data.get("rows", ()) if lab.status != "error" else ()
    verdicts = []
    for place, structure in enumerate(structures):
        folded = _Folded(kind)
        folded.files(lab, rows[place] if place < len(rows) else None)
        folded.reference_sets(sets, known_rows.get(place))
        verdicts.append(folded.verdict(structure))
    return tuple(verdicts)


@dataclass
class _Folded:
    """What the sources say of one structure: that they have it, that they do not, or that they cannot tell."""

    kind: str
    matches: list[str] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    evidence: list[Mapping[str, Any]] = field(default_factory=list)
    own: bool = False
    """Whether structures of the lab were compared."""

    def files(self, lab: Result, row: Mapping[str, Any] | None) -> None:
        """Take the lab's documents into account."""
        if lab.status == "error":
            self.open.append(f"the lab's structure files failed: {lab.summary}")
            return
        if row is not None:
            self.evidence.append(row)
            self._files(lab, row)
        if lab.status == "empty":
            self.aside.append("the lab has no structure files")
        if passages := (row or {}).get("named", ()):
            page = f", page {passages[0]['page']}" if passages[0].get("page") else ""
            where = PurePath(passages[0]["document"]).name
            self.open.append(f"its composition is named in {where}{page}, which gives no structure to compare")

    def _files(self, lab: Result, row: Mapping[str, Any]) -> None:
        match = row.get("match") or {}
        where = f"{match.get('record')} in {PurePath(str(match.get('file'))).name}"
        if row["verdict"] == "known":
            self.matches.append(f"it is {where}")
        elif row["verdict"] == "unknown":
            failed = lab.data.get("failed", {})
            files = ", ".join(PurePath(name).name for name in list(failed)[:3])
            self.open.append(f"{len(failed)} of the lab's structure files could not be read ({files})")
        elif lab.status == "ok":
            records = lab.data.get("records")
            self.own = True
            self.searched.append(
                "the lab's structure files"
                + (f" ({records:,} {self.kind}{'s' if records > 1 else ''})" if records else "")
            )
            if row["verdict"] == "near" and self.kind == "crystal":
                self.open.append(f"{where} has its composition and another structure")
            elif row["verdict"] == "near":
                self.searched[-1] += f" (near: {where}, likeness {match.get('likeness')})"

    def reference_sets(self, sets: Result | None, known: Mapping[str, Any] | None) -> None:
        """Take the shipped reference sets into account."""
        if self.kind == "sequence":
            self.aside.append("no reference set of sequences is shipped; public databases were not searched")
            return
        if known is None or sets is None:
            self.open.append(f"the reference sets were not searched ({sets.summary if sets else 'not asked'})")
            return
        self.evidence.append(known)
        if known.get("level") == "composition":
            self.open.append(
                f"its composition is that of {known['known']} in {known['set']}, its structure is not there"
            )
        elif known.get("known", "no") != "no":
            self.matches.append(f"it is {known['known']} in {known.get('set') or 'the reference sets'}")
        else:
            self.searched.extend(sets.data.get("searched", ()))
        if self.kind == "crystal":
            self.aside.append(f"not searched: {'; '.join(sets.data.get('not_searched', ())) or 'public databases'}")

    def verdict(self, structure: str) -> NoveltyVerdict:
        """One verdict, with all that was searched and all that was not."""
        evidence = tuple(self.evidence)
        if self.matches:
            return NoveltyVerdict(structure, "known", "; ".join(self.matches), evidence)
        told = f"not in {'; '.join(self.searched)}" if self.searched else "nothing was searched"
        enough = self.own if self.kind in _SMALL_SETS else bool(self.searched)
        if self.open or not enough:
            return NoveltyVerdict(structure, "unknown", "; ".join([*self.open, *self.aside, told]), evidence)
        own = [one for one in self.aside if self.kind in _SMALL_SETS]
        return NoveltyVerdict(structure, "novel", "; ".join([told, *own]), evidence)
