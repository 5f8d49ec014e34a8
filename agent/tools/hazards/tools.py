"""The tools of the hazard screen."""

from __future__ import annotations

from collections import Counter

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, CandidateKind, Result, Value
from agent.tools import empty, ok, progress, tool
from agent.tools.hazards.entries import entries
from agent.tools.hazards.policy import assess_goal
from agent.tools.hazards.sequences import clean, screen_sequence, sequence_coverage
from agent.tools.hazards.structures import screen_molecule
from agent.units import counted

_NO_MATCH = "no match"
_NOT_SCREENED = "not screened"
_UNPARSABLE = "unparsable"


@tool("safety", engines=())
def screen_text(text: str) -> Result:
    """Screen a text for chemical weapons, select-agent toxins and agents, explosives and a few controlled substances.

    Args:
        text: A goal, title or plan in English or Korean.

    Returns:
        ``data`` holds verdict ('match' or 'no match', never "safe"), refused, reason, covers and matches.

    Source:
        Names from the schedules of the Chemical Weapons Convention, 42 CFR 73.3 and 73.4 and the lists that the data
        files name; the policy is the documentation of `agent.tools.hazards.policy`.
    """
    if not text.strip():
        raise RepairableToolError("text is empty.", remedy="Give the text to be screened.")
    screen = assess_goal(text)
    return ok(
        f"Hazard screen of the text: {screen.verdict}. {screen.reason} {screen.covers}",
        values=(Value(name="matches", value=len(screen.matches)),),
        data=screen.plain(),
        warnings=(screen.reason,) if screen.verdict == "match" else (),
    )


@tool("safety", engines=("rdkit", "biopython"))
def screen_candidates(structures: list[str], kind: CandidateKind = "molecule") -> Result:
    """Screen candidates by structure: chemical weapons and precursors, explosive motifs, toxins. Matches are withheld.

    Molecules are compared with the generic definitions of the treaty's schedules (and so with close analogues),
    every part of a salt included; sequences with a peptide pattern and hashed words of a few toxins. Other kinds are
    not screened, and say so.

    Args:
        structures: SMILES of molecules, sequences of residues or bases, or the keys of candidates of another kind.
        kind: What they are: molecule, crystal, sequence, strain or recipe.

    Returns:
        One candidate for each structure with label ``hazard``: 'no match' (which is not "safe"), 'not screened',
        'unparsable', or what it matched; matches are withheld with the reason. ``data`` has rows,
        covers, and passed: the structures that are not withheld.

    Source:
        Patterns written from the Chemical Weapons Convention, Annex on Chemicals; 42 CFR 73.3; the data files name
        the source of each list.
    """
    given = list(dict.fromkeys(text.strip() for text in structures if text.strip()))
    if not given:
        return empty("There was nothing to screen: the list of structures is empty.")
    drafts: list[CandidateDraft] = []
    counts: Counter[str] = Counter()
    for number, structure in enumerate(given, start=1):
        screened = _screened(structure, kind)
        counts[_verdict(screened[0])] += 1
        drafts.extend(screened)
        if number % 200 == 0:
            progress(number / len(given), f"{number} of {len(given)} screened")
    rows = [
        {
            "structure": draft.structure,
            "hazard": draft.labels["hazard"],
            "withheld": draft.withheld,
            "name": _known_as(draft),
        }
        for draft in drafts
    ]
    matched = {draft.structure for draft in drafts if draft.withheld}
    withheld = dict.fromkeys(draft.reason for draft in drafts if draft.withheld)
    covers = coverage(kind)
    values = tuple(
        Value(name=name, value=counts[verdict])
        for name, verdict in (
            ("match", "match"),
            ("no_match", _NO_MATCH),
            ("not_screened", _NOT_SCREENED),
            ("unparsable", _UNPARSABLE),
        )
    )
    told = ", ".join(f"{counts[v]} {v}" for v in ("match", _NO_MATCH, _NOT_SCREENED, _UNPARSABLE) if counts[v])
    return ok(
        f"Hazard screen of {counted(len(given), f'{kind} candidate')}: {told}. {covers}",
        values=values,
        data={
            "rows": rows,
            "passed": [structure for structure in given if structure not in matched],
            "covers": covers,
            "withheld": counts["match"],
        },
        candidates=drafts,
        warnings=tuple(withheld),
    )


def _known_as(draft: CandidateDraft) -> str:
    """The name by which the policy on words knows what a molecule matched; '' where it matched nothing."""
    if not draft.withheld:
        return ""
    identity = draft.labels["hazard"].rpartition(": ")[0]
    return next(
        (entry.names[0] for entry in entries() if entry.names and draft.labels["hazard"].startswith(f"{entry.id}: ")),
        identity,
    )


def coverage(kind: str) -> str:
    """What the screen of candidates of one kind covers."""
    if kind == "molecule":
        compared = [entry.group for entry in entries() if entry.by_structure]
        return (
            f"Molecules are compared with {counted(len(compared), 'class', 'classes')}: "
            f"{'; '.join(dict.fromkeys(compared))}. "
            "No other toxicity is judged, and 'no match' does not mean safe."
        )
    if kind == "sequence":
        return sequence_coverage()
    return f"There is no hazard screen for candidates of the kind {kind}: they are not screened."


def _screened(structure: str, kind: CandidateKind) -> list[CandidateDraft]:
    if kind == "molecule":
        screen = screen_molecule(structure)
        if screen is None:
            return [_draft(kind, structure, _UNPARSABLE)]
        matches = tuple(match.text for match in screen.matches)
        drafts = [_draft(kind, screen.smiles, matches)]
        if matches and screen.smiles != structure:
            # The same candidate may be in the table under the writing that was given: it must not slip through.
            drafts.append(_draft(kind, structure, matches))
        return drafts
    if kind == "sequence":
        sequence = clean(structure)
        if sequence is None:
            return [_draft(kind, structure, _UNPARSABLE)]
        return [_draft(kind, sequence, tuple(match.text for match in screen_sequence(sequence)))]
    return [_draft(kind, structure, _NOT_SCREENED)]


def _draft(kind: CandidateKind, structure: str, outcome: str | tuple[str, ...]) -> CandidateDraft:
    if isinstance(outcome, str):
        return CandidateDraft(kind=kind, structure=structure, labels={"hazard": outcome})
    if not outcome:
        return CandidateDraft(kind=kind, structure=structure, labels={"hazard": _NO_MATCH})
    return CandidateDraft(
        kind=kind,
        structure=structure,
        labels={"hazard": outcome[0]},
        withheld=True,
        reason=f"Withheld by the hazard screen: {'; '.join(outcome)}.",
    )


def _verdict(draft: CandidateDraft) -> str:
    return "match" if draft.withheld else draft.labels["hazard"]
