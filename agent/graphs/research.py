"""The research graph: wiring only. Nodes call the reasoner and the tools through `Work`.

::

    screen -> interpret <-> ask -> recall -> plan -> approve -> step (all at once) -> review -+-> hypothesise
                                                        ^                                     |       |
                                                        +------------- more steps ------------+   critique
                                                                                                      |
                                                                                                    rank -> design

All steps of a plan are sent out in one superstep and each waits for the steps that it needs, so that the graph runs
as parallel as the plan allows. Nothing queues behind LangGraph's own limits (a resumed run would repeat finished
steps); the bound is the semaphore in `Work`.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.types import Send, interrupt

from agent import events as ev
from agent.errors import ScreenRefusal
from agent.graphs.approval import approval_question, settle_approval
from agent.graphs.state import RunState, StepInput
from agent.graphs.work import MAX_ROUNDS, Work
from agent.reasoning.candidates import rank_candidates
from agent.reasoning.hypotheses import with_novelty, with_searched_novelty
from agent.reasoning.ranking import ranked
from agent.reasoning.rating import pairings
from agent.records import Plan, Question, Step
from agent.tools.hazards import assess_goal

NODES = (
    "screen", "interpret", "ask", "recall", "plan", "approve", "step", "review", "hypothesise", "critique", "rank",
    "design",
)  # fmt: skip

DESIGNED = 3
"""For how many of the best hypotheses an experiment is planned."""


def build_graph(work: Work) -> StateGraph:
    """The graph of one run.

    Args:
        work: What its nodes share.

    Returns:
        The uncompiled graph; the session compiles it with its checkpointer.
    """
    nodes = _Nodes(work)
    graph = StateGraph(RunState)
    for name in NODES:
        # LangGraph reads the byte code of a plain function for graphs within it, anew in every run; there are none.
        graph.add_node(name, partial(getattr(nodes, name)), input_schema=StepInput if name == "step" else RunState)
    graph.add_edge(START, "screen")
    graph.add_edge("screen", "interpret")
    graph.add_conditional_edges("interpret", nodes.after_interpret, ["ask", "recall"])
    graph.add_edge("ask", "interpret")
    graph.add_edge("recall", "plan")
    graph.add_edge("plan", "approve")
    graph.add_conditional_edges("approve", nodes.fan_out, ["step", "review"])
    graph.add_edge("step", "review")
    graph.add_conditional_edges("review", nodes.after_review, ["approve", "hypothesise"])
    graph.add_edge("hypothesise", "critique")
    graph.add_edge("critique", "rank")
    graph.add_edge("rank", "design")
    graph.add_edge("design", END)
    return graph


class _Nodes:
    """The nodes; each first looks whether the ledger already holds its outcome."""

    def __init__(self, work: Work) -> None:
        self.work = work

    async def screen(self, state: RunState) -> RunState:
        work = self.work
        if work.history.screened is None:
            work.enter("screen")
            work.say(ev.GoalScreened(**assess_goal(work.goal.text).model_dump(exclude={"matches"})))
        screened = work.history.screened
        if screened is not None and screened.refused:
            told = f"Refused by the hazard screen: {screened.reason}"
            work.say(ev.Notice(level="error", text=told))
            raise ScreenRefusal(told, remedy=f"The screen covers: {screened.covers}")
        return {}

    async def interpret(self, state: RunState) -> RunState:
        work = self.work
        if work.history.brief is None:
            work.enter("interpret")
            brief = await work.reasoner.interpret(work.goal, work.context)
            if brief.missing:
                question = brief.missing[0]
                work.ask(_once_more(question, work.history.answers.get(question.key), brief.language))
                return {"waiting": question.key}
            work.say(ev.GoalUnderstood(brief=brief))
            for note in brief.notes:
                work.notice(note)
        return {"waiting": ""}

    def after_interpret(self, state: RunState) -> str:
        return "ask" if state.get("waiting") else "recall"

    async def ask(self, state: RunState) -> RunState:
        self._answer_to(self.work.history.question, state.get("waiting", ""))
        return {"waiting": ""}

    async def recall(self, state: RunState) -> RunState:
        from agent.memory.recalling.earlier import recall

        work = self.work
        if not work.history.recalled:
            work.enter("recall")
            work.say(recall(work.folder, work.goal.text))
        return {}

    async def plan(self, state: RunState) -> RunState:
        work = self.work
        if not work.history.steps:
            work.enter("plan")
            assert work.history.brief is not None
            plan = await work.reasoner.plan(work.history.brief, work.context)
            work.say(ev.PlanMade(plan=plan))
        return {"round": 0}

    async def approve(self, state: RunState) -> RunState:
        work = self.work
        if (question := approval_question(work)) is not None:
            work.ask(question)
            settle_approval(work, interrupt(question.plain()))
        return {}

    def fan_out(self, state: RunState) -> list[Send] | str:
        pending = self.work.pending()
        if not pending:
            return "review"
        self.work.enter("work")
        self.work.toolbox.expect(step.tool for step in pending)
        return [Send("step", StepInput(step=step.plain())) for step in pending]

    async def step(self, state: StepInput) -> RunState:
        step = Step.model_validate(state["step"])
        return {"done": {step.id: await self.work.carry_out(step)}}

    async def review(self, state: RunState) -> RunState:
        work = self.work
        done = state.get("round", 0)
        if len(work.history.reviews) > done:  # this round was reviewed before a kill
            review = work.history.reviews[done]
        else:
            work.enter("review")
            assert work.history.brief is not None
            table = rank_candidates(work.history.brief, work.gather_candidates())
            review = await work.reasoner.review(work.view(table))
            if review.steps and (done >= MAX_ROUNDS or work.spent_limit()):
                review = review.model_copy(update={"steps": (), "enough": True})
                work.notice(f"The plan was not extended: {work.spent_limit() or f'{MAX_ROUNDS} extensions are made'}.")
            work.say(ev.Reviewed(review=review))
        new = tuple(step for step in review.steps if step.id not in work.history.steps)
        if new:
            work.say(ev.PlanMade(plan=Plan(steps=new), round=done + 1))
        return {"round": done + 1, "again": bool(review.steps)}

    def after_review(self, state: RunState) -> str:
        return "approve" if state.get("again") and self.work.pending() else "hypothesise"

    async def hypothesise(self, state: RunState) -> RunState:
        work = self.work
        if not work.history.candidates:
            work.enter("hypothesise")
            assert work.history.brief is not None
            ranked_table = rank_candidates(work.history.brief, work.gather_candidates())
            labelled = await with_novelty(ranked_table, work.context, work.crystals())
            work.say(ev.CandidatesRanked(candidates=labelled))
        if not work.history.hypotheses:
            work.say(ev.HypothesesMade(hypotheses=await work.reasoner.hypothesise(work.view())))
        return {}

    async def critique(self, state: RunState) -> RunState:
        work = self.work
        if not work.history.criticised and not work.history.verdicts:
            work.enter("critique")
            found = await work.reasoner.critique(work.history.hypotheses, work.view())
            kept = await with_searched_novelty(found.hypotheses, work.view(), work.crystals())
            work.say(ev.HypothesesCriticised(hypotheses=kept, dropped=found.dropped))
        return {}

    async def rank(self, state: RunState) -> RunState:
        from agent.memory.opinions import earlier_opinions, opinion_verdicts, read_opinions

        work = self.work
        if not work.history.verdicts:
            work.enter("rank")
            hypotheses = {one.id: one for one in work.history.hypotheses}
            view = work.view()
            pairs = pairings(list(hypotheses), seed=work.goal.seed)
            judged = await asyncio.gather(
                *(work.reasoner.compare(hypotheses[first], hypotheses[second], view) for first, second in pairs)
            )
            # What the researcher said of the same statements, in neighbouring runs too, counts from the first ranking.
            opinions = earlier_opinions(work.folder, hypotheses.values(), work.history.candidates)
            said = opinion_verdicts(opinions | read_opinions(work.folder), hypotheses)
            verdicts = (*(verdict for pair in judged for verdict in pair), *said)
            work.say(ev.HypothesesRanked(hypotheses=ranked(list(hypotheses.values()), verdicts), verdicts=verdicts))
        return {}

    async def design(self, state: RunState) -> RunState:
        work = self.work
        if not work.history.experiments:
            work.enter("design")
            best = sorted(work.history.hypotheses, key=lambda hypothesis: hypothesis.rank or 0)[:DESIGNED]
            plans = [await work.reasoner.design(hypothesis, work.view()) for hypothesis in best]
            work.say(ev.ExperimentsDesigned(experiments=tuple(await asyncio.gather(*map(work.equip, plans)))))
        return {}

    def _answer_to(self, question: Question | None, key: str) -> Any:
        """Wait for the answer to a question, once; later runs of the node find it in the ledger."""
        work = self.work
        if key in work.history.answers:
            return work.history.answers[key]
        answer = interrupt(question.plain() if question else {"key": key})
        work.say(ev.QuestionAnswered(key=key, answer=answer))
        return answer


def _once_more(question: Question, answer: str | None, language: str) -> Question:
    """The question; where it was answered before, it says that the answer does not help."""
    if answer is None:
        return question
    told = f"'{answer}'만으로는 알 수 없습니다." if language == "ko" else f"'{answer}' does not answer it."
    return question.model_copy(update={"text": f"{told} {question.text}"})
