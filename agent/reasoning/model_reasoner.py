"""The model reasoner: a chat model proposes, the program checks, and the playbook stands behind every phase.

In each phase the model fills a strict schema. What it proposes is validated, sent back with the reason at most twice,
and merged with what the playbook reasoner finds by itself. When the model fails, or its budget is spent, the playbook's
result stands alone and a notice says so; no failure of a model ends a run.

What documents say cannot start a tool. A plan is asked for in `plan`, and tools are offered in `review`; both read only
what the program itself has written (the goal, the brief, tool names, statuses and counts). Passages, summaries and
names are shown to the model in `hypothesise`, `critique`, `compare` and `design` alone. Those requests carry no tools,
their schemas have no field for a step, tool calls in their answers are not read, and what they return (hypotheses,
objections, verdicts, experiments) is never executed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from agent import events as ev
from agent.errors import BudgetSpent, EngineMissing, InputError, ModelError
from agent.models import Call, ChatModel, Message, system, user
from agent.reasoning import prompts
from agent.reasoning.drafts import matter
from agent.reasoning.drafts.base import Draft
from agent.reasoning.drafts.brief import FREE, BriefDraft, check_brief, merge_brief
from agent.reasoning.drafts.critique import CritiqueDraft, apply_critique, check_critique
from agent.reasoning.drafts.hypotheses import MOST, HypothesesDraft, Reader, check_hypotheses
from agent.reasoning.drafts.judging import ProcedureDraft, VerdictDraft, criteria_lines, reworded, told, verdict_of
from agent.reasoning.drafts.plan import (
    MOST_FURTHER,
    MOST_STEPS,
    PlanDraft,
    check_call,
    describe_tools,
    further_steps,
    offers,
    to_plan,
    tools_for,
)
from agent.reasoning.playbooks import PLAYBOOKS, Playbook, check_plan
from agent.reasoning.playbooks.base import MAX_ROUNDS
from agent.reasoning.protocol import Context, Criticised, Reasoner, RunView
from agent.reasoning.ranking import judge_pair
from agent.reasoning.understanding.routing import KEY
from agent.records import Brief, Experiment, Goal, Hypothesis, Plan, Review, Verdict

T = TypeVar("T")
D = TypeVar("D", bound=Draft)

PATIENCE = 3
"""Failures in a row after which the model is left alone: a dead server must not cost a wait for every question."""

PAIRS = 2
"""Pairs of hypotheses that are judged at once, each in both orders."""

MOST_ASKED = 240
"""Verdicts that a run asks of a model: 12 hypotheses in both orders, and a third asking for most pairs."""

_INSTEAD = "instead_of_free"
"""Option of a freely planned brief: the playbook that the rules chose, which plans if the model cannot."""


class ModelReasoner:
    """Thinks with a chat model, and with the playbooks where the model cannot.

    Args:
        model: The chat model.
        fallback: Serves each phase that the model fails in, and supplies what the model's proposals are merged with.
        playbooks: What the model may choose from.
    """

    name = "model"

    def __init__(self, model: ChatModel, fallback: Reasoner, playbooks: Sequence[Playbook] = PLAYBOOKS) -> None:
        self._model = model
        self._fallback = fallback
        self._playbooks = {playbook.name: playbook.title for playbook in playbooks}
        self._left_alone = False
        self._failures = 0
        self._asked = 0
        self._pairs = asyncio.Semaphore(PAIRS)

    async def interpret(self, goal: Goal, context: Context) -> Brief:
        """Understand a goal: the rules' reading, and what the model sees besides it in the goal's own words."""
        base = await self._fallback.interpret(goal, context)

        async def understand() -> Brief:
            draft = await self._ask(
                BriefDraft,
                context,
                "interpret",
                check=lambda draft: check_brief(draft, self._playbooks),
                goal=matter.goal_block(goal.text),
                playbooks="\n".join(f"  - {name}: {title}" for name, title in self._playbooks.items()),
                quantities=matter.quantity_lines(),
            )
            chosen = await self._choose(base, draft.playbook, goal, context)
            brief, notices = await merge_brief(chosen, draft, context)
            self._tell(context, notices)
            return brief

        return await self._or(base, "understand the goal", context, understand)

    async def plan(self, brief: Brief, context: Context) -> Plan:
        """The chosen playbook's steps, or steps that the model composes from the catalogue."""
        if brief.playbook != FREE:
            return await self._fallback.plan(brief, context)
        tools = tools_for(context.catalogue, brief.domain)

        async def compose() -> Plan:
            draft = await self._ask(
                PlanDraft,
                context,
                "plan",
                check=lambda draft: check_plan(to_plan(draft), context.catalogue),
                goal=matter.goal_block(brief.goal),
                brief=matter.brief_lines(brief),
                tools=describe_tools(tools),
                steps=str(MOST_STEPS),
            )
            return to_plan(draft)

        plan = await self._or(None, "plan", context, compose)
        return plan if plan is not None else await self._own_plan(brief, context)

    async def review(self, view: RunView) -> Review:
        """The playbook's judgement of the evidence, and a few steps that the model finds missing."""
        base = await self._own_review(view)
        if base.steps or view.round >= MAX_ROUNDS:
            return base  # the model is asked when the playbook has no more to do, and while steps may still be added
        catalogue = view.context.catalogue

        async def extend() -> Review:
            choice = await self._model.choose_tools(
                self._messages(
                    "review",
                    goal=matter.goal_block(view.goal.text),
                    steps=matter.step_lines(view),
                    candidates=matter.table_line(view.candidates),
                    limit=str(MOST_FURTHER),
                ),
                offers(tools_for(catalogue, view.brief.domain)),
                purpose="review",
                on_text=self._listener(view.context, "review"),
                on_call=self._accountant(view.context),
                check=lambda name, arguments: check_call(name, arguments, view.plan, catalogue),
            )
            steps, notices = further_steps(choice.calls, view.plan)
            self._tell(view.context, notices)
            return base.model_copy(update={"enough": base.enough and not steps, "steps": steps})

        return await self._or(base, "review the evidence", view.context, extend)

    async def hypothesise(self, view: RunView) -> tuple[Hypothesis, ...]:
        """The hypotheses that the rules infer, and those of the model whose evidence exists."""
        own = await self._fallback.hypothesise(view)
        if not any(found.status == "ok" for found in view.evidence.values()):
            return own

        async def propose() -> tuple[Hypothesis, ...]:
            draft = await self._ask(
                HypothesesDraft,
                view.context,
                "hypothesise",
                check=check_hypotheses,
                goal=matter.goal_block(view.goal.text),
                evidence=matter.evidence_lines(view),
                candidates=matter.candidate_lines(view),
                values=matter.value_lines(view),
                passages=matter.passage_lines(view),
                quantities=matter.quantity_lines(view.brief.domain),
                limit=str(MOST),
            )
            reader = Reader(view, own)
            merged = reader.merged(draft.hypotheses)
            self._tell(view.context, reader.notices)
            return merged

        return await self._or(own, "propose hypotheses", view.context, propose)

    async def critique(self, hypotheses: tuple[Hypothesis, ...], view: RunView) -> Criticised:
        """What the rules hold against each, and what the model adds; its merges and drops are checked."""
        base = await self._fallback.critique(hypotheses, view)
        if not base.hypotheses:
            return base

        async def object_to() -> Criticised:
            told_of = [f"Hypothesis {one.id}:\n{told(one)}" for one in base.hypotheses]
            draft = await self._ask(
                CritiqueDraft,
                view.context,
                "critique",
                check=lambda draft: check_critique(draft, [one.id for one in base.hypotheses]),
                goal=matter.goal_block(view.goal.text),
                values=matter.value_lines(view),
                hypotheses=prompts.data_block("hypotheses", "\n\n".join(told_of)),
            )
            found, notices = apply_critique(base, draft, view, f"model {self._model.name}")
            self._tell(view.context, notices)
            return found

        return await self._or(base, "criticise the hypotheses", view.context, object_to)

    async def compare(self, first: Hypothesis, second: Hypothesis, view: RunView) -> tuple[Verdict, ...]:
        """The model's verdicts: both orders, and a third asking where the two contradict each other.

        A run asks at most `MOST_ASKED` times. Near the end of that the third askings are left out, then the stated
        criteria judge the pairs that remain.
        """
        shown = {first.id: first, second.id: second}

        async def ask(one: str, other: str) -> Verdict:
            draft = await self._ask(
                VerdictDraft,
                view.context,
                "compare",
                goal=matter.goal_block(view.goal.text),
                criteria=criteria_lines(),
                first=prompts.data_block("first hypothesis", told(shown[one])),
                second=prompts.data_block("second hypothesis", told(shown[other])),
            )
            self._asked += 1
            return verdict_of(one, other, draft, f"model {self._model.name}")

        async def judge() -> tuple[Verdict, ...]:
            return await judge_pair(first.id, second.id, ask, third=self._asked + 3 <= MOST_ASKED)

        async with self._pairs:
            if self._asked + 2 > MOST_ASKED:
                self._tell(view.context, [f"The model has judged {MOST_ASKED} times: the criteria judge the rest."])
                return await self._fallback.compare(first, second, view)
            verdicts = await self._or(None, "compare hypotheses", view.context, judge)
        return verdicts if verdicts is not None else await self._fallback.compare(first, second, view)

    async def design(self, hypothesis: Hypothesis, view: RunView) -> Experiment:
        """The playbook's experiment, its procedure reworded by the model, its figures kept."""
        base = await self._fallback.design(hypothesis, view)

        async def reword() -> Experiment:
            draft = await self._ask(
                ProcedureDraft,
                view.context,
                "design",
                goal=matter.goal_block(view.goal.text),
                hypothesis=prompts.data_block("hypothesis", told(hypothesis)),
                procedure=prompts.data_block("procedure", "\n".join(step.text for step in base.procedure)),
                values=matter.value_lines(view),
            )
            return reworded(base, draft, view)

        return await self._or(base, "word the procedure", view.context, reword)

    # --- the playbook behind it -------------------------------------------------------------------------------------

    async def _choose(self, base: Brief, name: str, goal: Goal, context: Context) -> Brief:
        """The brief for the playbook that the model chose; a researcher's own choice stands."""
        if name == base.playbook or KEY in context.answers:
            return base
        if name != FREE:
            try:
                return await self._fallback.interpret(goal, replace(context, answers={**context.answers, KEY: name}))
            except InputError as error:
                self._tell(context, [f"The model chose the playbook {name}, which does not serve here: {error}"])
                return base
        self._tell(context, ["No playbook fits this goal as the model reads it: it combines tools anew."])
        return base.model_copy(
            update={"playbook": FREE, "missing": (), "options": {**base.options, _INSTEAD: base.playbook}}
        )

    async def _own_plan(self, brief: Brief, context: Context) -> Plan:
        """The plan of the playbook that the rules chose; an empty one where they chose none."""
        instead = _without_free(brief)
        if instead is None:
            self._tell(context, ["No playbook covers this goal either: nothing is computed."], level="error")
            return Plan(steps=())
        return await self._fallback.plan(instead, context)

    async def _own_review(self, view: RunView) -> Review:
        """The playbook's review, where the plan is a playbook's."""
        if view.brief.playbook != FREE:
            return await self._fallback.review(view)
        instead = _without_free(view.brief)
        if instead is not None:
            plan = await self._fallback.plan(instead, view.context)
            if view.plan.steps[: len(plan.steps)] == plan.steps:  # the model could not plan, and the playbook did
                return await self._fallback.review(replace(view, brief=instead))
        return Review(enough=True)

    # --- asking -----------------------------------------------------------------------------------------------------

    async def _ask(
        self,
        schema: type[D],
        context: Context,
        purpose: str,
        *,
        check: Callable[[D], object] | None = None,
        **values: str,
    ) -> D:
        """Fill a prompt and have the model fill a draft."""
        answer = await self._model.ask_for(
            schema,
            self._messages(purpose, **values),
            purpose=purpose,
            on_text=self._listener(context, purpose),
            on_call=self._accountant(context),
            check=check,
        )
        return answer.record

    def _messages(self, purpose: str, **values: str) -> list[Message]:
        return [system(prompts.render("rules")), user(prompts.render(purpose, **values))]

    async def _or(self, otherwise: T, doing: str, context: Context, ask: Callable[[], Awaitable[T]]) -> T:
        """What the model brings, or what stands in for it, with a notice that says why."""
        if self._left_alone:
            return otherwise
        try:
            found = await ask()
        except BudgetSpent as error:
            self._left_alone = True
            notice = f"{error} The playbook reasoner does the rest of this run."
        except (ModelError, EngineMissing) as error:
            notice = f"The model could not {doing}; the playbook reasoner did it instead. {error}"
            self._failures += 1
            if self._left_alone:  # another question in flight has said so already
                return otherwise
            if self._failures >= PATIENCE:
                self._left_alone = True
                notice += f" After {self._failures} failures in a row, it does the rest of this run as well."
        else:
            self._failures = 0
            return found
        self._tell(context, [notice], level="warning")
        return otherwise

    @staticmethod
    def _tell(context: Context, notices: Sequence[str], level: str = "info") -> None:
        for text in dict.fromkeys(notices):
            context.say(ev.Notice.model_validate({"level": level, "text": text}))

    @staticmethod
    def _listener(context: Context, purpose: str) -> Callable[[str], None]:
        return lambda text: context.say(ev.ModelText(purpose=purpose, text=text))

    @staticmethod
    def _accountant(context: Context) -> Callable[[Call], None]:
        def account(call: Call) -> None:
            context.say(
                ev.ModelCalled(purpose=call.purpose, model=call.model, usage=call.usage, repaired=int(call.repair > 0))
            )

        return account


def _without_free(brief: Brief) -> Brief | None:
    """A freely planned brief as the playbook's that the rules chose, if they chose one."""
    name = brief.options.get(_INSTEAD)
    return brief.model_copy(update={"playbook": name}) if name else None
