"""Hypotheses by typed inference: findings in the evidence, each written by a rule into a falsifiable statement."""

from __future__ import annotations

from agent.reasoning.experiments.methods import outcome
from agent.reasoning.grounding import Grounder
from agent.reasoning.hypotheses import choices, joined, matched, rules
from agent.reasoning.hypotheses.activities import activity_hypotheses
from agent.reasoning.hypotheses.combinations import combination_hypotheses
from agent.reasoning.hypotheses.docked import docked_hypotheses
from agent.reasoning.hypotheses.findings import (
    Contrast,
    TradeOff,
    Trend,
    mixed,
    outcomes,
    outliers,
    significant,
    trends,
)
from agent.reasoning.hypotheses.identified import identifies, phase_hypotheses
from agent.reasoning.hypotheses.knowledge import family, mechanism
from agent.reasoning.hypotheses.made_sequences import idle, sequence_hypotheses
from agent.reasoning.hypotheses.merging import merged
from agent.reasoning.hypotheses.novelty import novelty
from agent.reasoning.hypotheses.prior import with_prior
from agent.reasoning.hypotheses.proposed import proposal_hypotheses
from agent.reasoning.hypotheses.recipes import recipe_hypotheses
from agent.reasoning.hypotheses.sample_groups import group_hypotheses
from agent.reasoning.hypotheses.samples import sample_hypotheses
from agent.reasoning.hypotheses.scribe import Scribe
from agent.reasoning.hypotheses.searched import PARTICULAR, with_novelty, with_searched_novelty
from agent.reasoning.hypotheses.sources import Stated, disagreements, estimates, statements, transfers
from agent.reasoning.hypotheses.table import Reference, Table, tabulate
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis
from agent.vocabulary import title

__all__ = ["Draft", "infer_hypotheses", "with_novelty", "with_searched_novelty"]

Draft = tuple[Hypothesis, str]
"""A hypothesis without its id, and the driver that it is about (empty: none)."""

ENOUGH = 4
"""From this many findings on, a level of the best candidate is predicted only where the goal names the quantity."""


def infer_hypotheses(view: RunView, reference: Reference | None = None) -> tuple[Hypothesis, ...]:
    """Infer falsifiable hypotheses from the candidate table and the passages of a run.

    Args:
        view: The run, with its candidates ranked.
        reference: What candidates are compared with, where the run itself does not describe it.

    Returns:
        Distinct hypotheses with ids ``h1``, ``h2``, ...; fewer, or none, where the evidence is thin: nothing is
        written that the table, a passage or a published constant does not support.
    """
    table = tabulate(view, reference)
    if not table.candidates:
        return ()
    scribe = Scribe(table, Grounder.of(view))
    wanted = [name for name in outcomes(table, view.brief) if not idle(name, table, view.goal.text)]
    every = trends(table, wanted)
    said = statements(view.citations(), every)
    # Reference structures of a pattern are no series: what is of interest is which of them the sample holds.
    drafts = [] if identifies(view) else _drafts(view, table, scribe, wanted, said)
    finished = []
    # Each is about a component of its own, and one table of the user's measures one quantity: nothing says the same.
    own = [
        *recipe_hypotheses(view, table),
        *proposal_hypotheses(view, table),
        *phase_hypotheses(view, table),
        *sample_hypotheses(view, table),
        *group_hypotheses(view, table),
        *((one, "") for one in combination_hypotheses(view, table)),
        *activity_hypotheses(view, table),
        *sequence_hypotheses(view),
    ]
    for number, (draft, driver) in enumerate([*own, *merged(drafts)], start=1):
        finished.append(_finish(draft.model_copy(update={"id": f"h{number}"}), driver, view, table, said))
    return tuple(finished)


def _drafts(view: RunView, table: Table, scribe: Scribe, wanted: list[str], said: list[Stated]) -> list[Draft]:
    """Every finding as a draft, the strongest of each kind first."""
    kept, _ = significant(table, view.brief, view.goal.seed)
    drafts: list[Draft] = []
    measurable = [n for n in table.columns if outcome(n) is not None and not (n == "lattice_a" and mixed(table))]
    measurable = [name for name in measurable if not idle(name, table, view.goal.text)]
    if table.reference is not None:
        found = transfers(table, view.brief, [*wanted, *(name for name in measurable if name not in wanted)])
        drafts += [(joined.transfer(scribe, item, table.reference), "") for item in found]
    drafts += [(joined.stated(scribe, item), item.driver) for item in said if item.contradicts or item.trend.p < 0.05]
    for finding in kept:
        if isinstance(finding, Contrast):
            drafts.append(rules.contrast(scribe, finding))
        elif isinstance(finding, Trend):
            drafts.append((rules.trend(scribe, finding), finding.driver))
        elif isinstance(finding, TradeOff) and (draft := choices.trade_off(scribe, finding)) is not None:
            drafts.append((draft, ""))
    drafts += [(matched.polymorph(scribe, item), "") for item in matched.polymorphs(table)]
    named = [o.quantity for o in view.brief.objectives] + [c.quantity for c in view.brief.constraints]
    named += [name for name in measurable if title(name).lower() in view.goal.text.lower()]
    sides = sorted(measurable, key=lambda name: named.index(name) if name in named else len(named))
    drafts += [matched.pair(scribe, item) for item in matched.pairs(table, sides)]
    drafts += [(item, "") for item in docked_hypotheses(table, scribe)]
    drafts += [(joined.disagreement(scribe, item), "") for item in disagreements(table)]
    drafts += [(h, "") for item in outliers(table, wanted, kept) if (h := choices.outlier(scribe, item)) is not None]
    # A level of the best candidate that is already predicted against the reference needs no second prediction.
    predicted = {family(draft.prediction.quantity) for draft, _ in drafts if draft.kind == "transfer"}
    levels = [item for item in estimates(table, wanted or measurable) if family(item.outcome) not in predicted]
    if len(merged(drafts)) >= ENOUGH:  # a level teaches less than a rule, and its interval rarely fails
        levels = [item for item in levels if item.outcome in {o.quantity for o in view.brief.objectives}][:1]
    drafts += [(joined.estimate(scribe, item), "") for item in levels]
    return drafts


def _finish(draft: Hypothesis, driver: str, view: RunView, table: Table, said: list[Stated]) -> Hypothesis:
    """Add citations that state the same, and the novelty verdict."""
    name = draft.prediction.quantity
    stating = [
        item.citation
        for item in said
        if driver and item.driver == driver and not item.contradicts and family(item.outcome) == family(name)
    ]
    known = mechanism(name, driver) if driver else None
    particular = draft.kind in PARTICULAR
    verdict, basis = novelty(
        view,
        table,
        draft.subjects[:1] if particular else draft.subjects,
        [] if draft.kind == "contradiction" else stating,
        relation=not particular,
        textbook=known is not None and draft.kind in ("trend", "mechanism", "contrast"),
    )
    citations = tuple(dict.fromkeys((*draft.citations, *stating)))
    found = {"citations": citations, "novelty": verdict, "novelty_basis": basis, "driver": driver}
    return with_prior(draft.model_copy(update=found), view)
