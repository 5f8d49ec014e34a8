"""The critique: what speaks against each hypothesis before it is tested, and what becomes of it then.

Every hypothesis meets the strongest argument against it, other explanations of the same evidence, and the quantities
that vary along with its supposed cause. Then it evolves: hypotheses that mean the same are merged, a claim is narrowed
to where it holds or made bolder where the evidence allows, and what no test could decide, or what its own evidence
does not carry, is dropped. Dropped ones are kept with the reason, and reported.
"""

from __future__ import annotations

from agent.reasoning.critique.arguments import examine
from agent.reasoning.critique.evolving import evolve, merge
from agent.reasoning.grounding import Grounder
from agent.reasoning.hypotheses.prior import with_prior
from agent.reasoning.hypotheses.scribe import Scribe
from agent.reasoning.hypotheses.table import tabulate
from agent.reasoning.protocol import Criticised, RunView
from agent.records import Hypothesis

__all__ = ["criticise"]


def criticise(hypotheses: tuple[Hypothesis, ...], view: RunView) -> Criticised:
    """Criticise hypotheses by the rules, and let them evolve.

    Args:
        hypotheses: As inferred or proposed, with ids.
        view: The run.

    Returns:
        Those that stay, each with its critique, and those that were dropped, with the reason in theirs. Ids do not
        change. If none could stay, the most probable one does, and its critique says why it should not.
    """
    table = tabulate(view)
    scribe = Scribe(table, Grounder.of(view))
    kept: list[Hypothesis] = []
    dropped: list[Hypothesis] = []
    for one, merged in merge(hypotheses, table):
        examined = examine(one, scribe)
        found = evolve(one, examined, scribe, view)
        outcome = "merged" if merged and found.outcome == "kept" else found.outcome
        critique = examined.critique(scribe, one).model_copy(
            update={"outcome": outcome, "change": f"{merged} {found.change}".strip()}
        )
        after = found.hypothesis.model_copy(update={"critique": critique})
        if outcome in ("sharpened", "merged") or after.prior is None:
            after = with_prior(after, view)
        (dropped if outcome == "dropped" else kept).append(after)
    if dropped and not kept:
        best = max(dropped, key=lambda one: (one.prior or 0.0, one.id))
        dropped.remove(best)
        assert best.critique is not None
        told = f"Kept only because nothing better was found. {best.critique.change}"
        kept.append(
            best.model_copy(update={"critique": best.critique.model_copy(update={"outcome": "kept", "change": told})})
        )
    return Criticised(tuple(kept), tuple(dropped))
