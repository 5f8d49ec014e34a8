"""The run's table of candidates, merged from what its steps returned."""

from __future__ import annotations

from collections.abc import Iterable

from agent.records import Candidate, CandidateDraft, Quantity


def merge_drafts(found: Iterable[tuple[str, Iterable[CandidateDraft]]]) -> tuple[Candidate, ...]:
    """Merge drafts into candidates.

    Drafts of one kind and structure are one candidate: values and labels add up (a later value of the same name
    replaces an earlier one), a withholding or infeasibility by any step stands. Ids are given in order of first
    appearance, so that they are the same on every replay.

    Args:
        found: Evidence id and drafts, in the order of the plan's steps.

    Returns:
        The candidates, withheld ones included.
    """
    merged: dict[tuple[str, str], Candidate] = {}
    for evidence, drafts in found:
        for draft in drafts:
            key = (draft.kind, draft.structure)
            known = merged.get(key) or Candidate(id=f"c{len(merged) + 1}", kind=draft.kind, structure=draft.structure)
            merged[key] = known.model_copy(
                update={
                    "name": known.name or draft.name,
                    "quantities": known.quantities
                    | {value.name: Quantity(source=evidence, **value.model_dump()) for value in draft.values},
                    "labels": known.labels | draft.labels,
                    "feasible": _both(known.feasible, draft.feasible),
                    "reason": "; ".join(part for part in (known.reason, draft.reason) if part),
                    "withheld": known.withheld or draft.withheld,
                }
            )
    return _without_compositions(merged.values())


def _without_compositions(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """What was computed of a bare composition goes to its crystals, where there are any; ids stay as they were given.

    A composition is a candidate whose structure is its formula (label ``formula``).
    """
    table = tuple(candidates)
    bare = {one.structure: one for one in table if one.kind == "crystal" and one.labels.get("formula") == one.structure}
    with_structure = {one.labels.get("formula") for one in table if one.kind == "crystal" and one.structure not in bare}
    shared = {formula: one for formula, one in bare.items() if formula in with_structure}
    merged = []
    for one in table:
        whole = shared.get(one.labels.get("formula", "")) if one.kind == "crystal" else None
        if whole is None:
            merged.append(one)
        elif whole is not one:
            update = {
                "quantities": whole.quantities | one.quantities,
                "labels": whole.labels | one.labels,
                "withheld": whole.withheld or one.withheld,
                "feasible": _both(whole.feasible, one.feasible),
                "reason": "; ".join(part for part in (whole.reason, one.reason) if part),
            }
            merged.append(one.model_copy(update=update))
    return tuple(merged)


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is None or other is None:
        return other if one is None else one
    return one and other
