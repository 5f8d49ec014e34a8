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
    return tuple(merged.values())


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is None or other is None:
        return other if one is None else one
    return one and other
