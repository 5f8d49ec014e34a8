"""The reasoner that needs no model: procedures plan, findings become hypotheses, stated criteria rank them."""

from __future__ import annotations

from collections.abc import Sequence

from agent.reasoning.comparison import compare_pair
from agent.reasoning.critique import criticise
from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses
from agent.reasoning.hypotheses.reference import described_reference
from agent.reasoning.playbooks import PLAYBOOKS, Playbook, check_plan, interpret_goal
from agent.reasoning.playbooks.registry import playbook_named
from agent.reasoning.protocol import Context, Criticised, RunView
from agent.records import Brief, Experiment, Goal, Hypothesis, Plan, Review, Verdict


class PlaybookReasoner:
    """Interprets by rules, plans by playbooks, infers hypotheses from evidence.

    Args:
        playbooks: The procedures that it knows.
    """

    name = "playbook"

    def __init__(self, playbooks: Sequence[Playbook] = PLAYBOOKS) -> None:
        self._playbooks = tuple(playbooks)

    async def interpret(self, goal: Goal, context: Context) -> Brief:
        """Understand a goal; what is missing is listed as questions, not guessed."""
        return await interpret_goal(goal, context, self._playbooks)

    async def plan(self, brief: Brief, context: Context) -> Plan:
        """The playbook's steps, checked against the catalogue."""
        return check_plan(self._playbook(brief).plan(brief, context), context.catalogue)

    async def review(self, view: RunView) -> Review:
        """The playbook's judgement of the evidence so far, its further steps checked."""
        review = self._playbook(view.brief).review(view)
        if review.steps:
            known = [step.id for step in view.plan.steps]
            check_plan(Plan(steps=review.steps), view.context.catalogue, known=known)
        return review

    async def hypothesise(self, view: RunView) -> tuple[Hypothesis, ...]:
        """Falsifiable hypotheses by rules over the evidence."""
        return infer_hypotheses(view, await described_reference(view))

    async def critique(self, hypotheses: tuple[Hypothesis, ...], view: RunView) -> Criticised:
        """What the table itself says against each, and what follows from it."""
        return criticise(hypotheses, view)

    async def compare(self, first: Hypothesis, second: Hypothesis, view: RunView) -> tuple[Verdict, ...]:
        """One verdict on the stated criteria: it does not depend on the order."""
        return (compare_pair(first, second, view),)

    async def design(self, hypothesis: Hypothesis, view: RunView) -> Experiment:
        """The experiment that tests a hypothesis."""
        return await design_experiment(hypothesis, view)

    def _playbook(self, brief: Brief) -> Playbook:
        return next((book for book in self._playbooks if book.name == brief.playbook), None) or playbook_named(
            brief.playbook
        )
