"""The campaign graph: propose, wait for what the bench brings, take it in, advise, and again.

::

    propose -> wait (the run stops with a question until results are told) -> tell -> advise -+-> end
       ^                                                                                      |
       +------------------------------------- go on ------------------------------------------+

The campaign's own files are the truth; each node first looks at them. A killed run therefore proposes nothing twice,
and results told elsewhere (by the command line, by a colleague) count like those told in answer to the question.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypedDict

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from agent.errors import InputError
from agent.records import Question
from agent.units import counted

RESULTS = "results"
"""Key of the question that asks for results."""


class Standing(TypedDict):
    """Where a campaign stands, as its files say.

    ``open`` are numbers of experiments without a result, ``told`` counts results, ``stop`` is why it should end
    (empty: go on), and ``sheet`` the file to fill in.
    """

    open: list[int]
    told: int
    round: int
    stop: str
    advice: str
    sheet: str


class Rounds(Protocol):
    """What carries a campaign's rounds out; the command line works by the same functions."""

    def standing(self) -> Standing:
        """Where the campaign stands now."""
        ...

    async def propose(self) -> int:
        """Propose the next experiments and write their sheet; how many there are."""
        ...

    def tell(self, answer: Any) -> Mapping[str, Any]:
        """Take in results: all or none.

        Raises:
            InputError: Something in them does not fit.
        """
        ...


class CampaignState(TypedDict, total=False):
    """Plain data only: ``complaint`` is what was wrong with the last answer, ``ended`` why the campaign ended."""

    campaign: str
    answer: Any
    complaint: str
    ended: str


def build_campaign_graph(rounds: Rounds, most: int = 1000) -> StateGraph:
    """The graph of one campaign.

    Args:
        rounds: What carries its rounds out.
        most: Most results before it ends.

    Returns:
        The uncompiled graph.
    """
    nodes = _Nodes(rounds, most)
    graph = StateGraph(CampaignState)
    graph.add_node("propose", nodes.propose)
    graph.add_node("wait", nodes.wait)
    graph.add_node("tell", nodes.tell)
    graph.add_node("advise", nodes.advise)
    graph.add_edge(START, "propose")
    graph.add_conditional_edges("propose", nodes.unless_ended("wait"), ["wait", END])
    graph.add_edge("wait", "tell")
    graph.add_edge("tell", "advise")
    graph.add_conditional_edges("advise", nodes.after_advice, ["wait", "propose", END])
    return graph


class CampaignOutcome(TypedDict):
    """How a sitting ended: with a question, or with the reason why the campaign is over."""

    question: Question | None
    ended: str


async def carry_on_campaign(
    rounds: Rounds, saver: BaseCheckpointSaver[Any], thread: str, *, answer: Any = None, most: int = 1000
) -> CampaignOutcome:
    """Carry a campaign on until it asks for results or is over.

    Args:
        rounds: What carries its rounds out.
        saver: Where checkpoints are kept.
        thread: The campaign's name among the checkpoints.
        answer: Results, in answer to the question that it waits with.
        most: Most results before it ends.

    Raises:
        InputError: An answer is given, and nothing is open.
    """
    graph = build_campaign_graph(rounds, most).compile(checkpointer=saver)
    config: Any = {"configurable": {"thread_id": thread}, "recursion_limit": 40 + 4 * most}
    saved = await graph.aget_state(config)
    if answer is not None and saved.interrupts:
        command: Any = Command(resume=answer)
    elif answer is not None and not rounds.standing()["open"]:
        raise InputError("No experiment is open, so there is nothing to answer.", remedy="Carry the campaign on first.")
    elif saved.next and not (saved.interrupts and not rounds.standing()["open"]):
        command = None  # in the middle of a round: go on where it was
    else:
        command = {"campaign": thread, "answer": answer, "complaint": "", "ended": ""}
    state = await graph.ainvoke(command, config)
    asked = (await graph.aget_state(config)).interrupts
    question = Question.model_validate(asked[0].value) if asked else None
    return CampaignOutcome(question=question, ended="" if question else state.get("ended", ""))


class _Nodes:
    def __init__(self, rounds: Rounds, most: int) -> None:
        self.rounds = rounds
        self.most = most

    async def propose(self, state: CampaignState) -> CampaignState:
        standing = self.rounds.standing()
        if standing["open"]:  # proposed before a kill, or by somebody else
            return {"ended": ""}
        if ended := self._over(standing):
            return {"ended": ended}
        made = await self.rounds.propose()
        return {"ended": "" if made else "Every point of the space was tested."}

    async def wait(self, state: CampaignState) -> CampaignState:
        standing = self.rounds.standing()
        if not standing["open"] or state.get("answer") is not None:
            return {}
        numbers = ", ".join(map(str, standing["open"]))
        asked = f"What came of the experiments {numbers}? Fill in {standing['sheet']}."
        question = Question(key=RESULTS, text=f"{state.get('complaint', '')} {asked}".strip())
        return {"answer": interrupt(question.plain())}

    async def tell(self, state: CampaignState) -> CampaignState:
        answer = state.get("answer")
        if answer is None:
            return {"complaint": ""}
        try:
            self.rounds.tell(answer)
        except InputError as error:
            return {"answer": None, "complaint": str(error)}
        return {"answer": None, "complaint": ""}

    async def advise(self, state: CampaignState) -> CampaignState:
        standing = self.rounds.standing()
        return {"ended": "" if standing["open"] else self._over(standing)}

    def after_advice(self, state: CampaignState) -> str:
        if state.get("ended"):
            return END
        return "wait" if self.rounds.standing()["open"] else "propose"

    def unless_ended(self, onward: str) -> Any:
        return lambda state: END if state.get("ended") else onward

    def _over(self, standing: Standing) -> str:
        if standing["stop"]:
            return standing["stop"]
        told = standing["told"]
        return f"{counted(told, 'result')} told, as many as were wanted." if told >= self.most else ""
