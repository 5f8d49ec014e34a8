import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from agent.memory.opinions import Opinion, opinion_verdicts
from agent.reasoning.ranking import judge_pair, ranked
from agent.reasoning.rating import pairings, rate
from agent.records import Hypothesis, Prediction, Text, Verdict

IDS = [f"h{i}" for i in range(1, 13)]


def hypotheses(ids=IDS) -> list[Hypothesis]:
    return [
        Hypothesis(
            id=name,
            statement=Text(text=name),
            mechanism=Text(text=""),
            prediction=Prediction(quantity="logP", relation=">", value=1),
            refuted_by="less",
        )
        for name in ids
    ]


async def judged(seed: int, wrong: float = 0.2, *, third: bool = True) -> list[Verdict]:
    """All pairs by a judge who errs, in the protocol for judges whose answer may depend on the order."""
    rng = random.Random(seed)

    async def ask(first: str, second: str) -> Verdict:
        right = IDS.index(first) < IDS.index(second)
        winner = "first" if right == (rng.random() > wrong) else "second"
        return Verdict(first=first, second=second, winner=winner, judge="model x")

    verdicts: list[Verdict] = []
    for pair in pairings(IDS, seed=seed):
        verdicts += await judge_pair(*pair, ask, third=third)
    return verdicts


async def test_the_protocol_orders_twelve_hypotheses_by_a_judge_who_errs_in_a_fifth_of_cases():
    taus = []
    for seed in range(100):
        order = [one.id for one in ranked(hypotheses(), await judged(seed))]
        taus.append(kendalltau(range(12), [order.index(name) for name in IDS]).statistic)
    assert sum(taus) / len(taus) > 0.8


async def test_a_third_asking_only_where_the_orders_contradict_each_other():
    asked: list[tuple[str, str]] = []

    def judge(winner: str):
        async def ask(first: str, second: str) -> Verdict:
            asked.append((first, second))
            return Verdict(first=first, second=second, winner=winner)

        return ask

    assert len(await judge_pair("a", "b", judge("first"))) == 3  # whoever is shown first
    assert len(await judge_pair("a", "b", judge("tie"))) == 2
    assert len(await judge_pair("a", "b", judge("first"), third=False)) == 2
    assert asked[:2] == [("a", "b"), ("b", "a")]


async def test_a_judge_who_goes_by_the_order_shown_favours_nobody_on_the_whole():
    async def ask(first: str, second: str) -> Verdict:
        return Verdict(first=first, second=second, winner="first")

    wins = dict.fromkeys(IDS, 0)
    for pair in pairings(IDS):
        for one in await judge_pair(*pair, ask):
            wins[one.first] += 1
    assert max(wins.values()) - min(wins.values()) <= 8  # of 33


@given(st.randoms(use_true_random=False))
async def test_ranks_are_stable_under_reordering(rng):
    verdicts = await judged(1)
    before = [(one.id, one.rank, one.rating, one.interval) for one in ranked(hypotheses(), verdicts)]
    rng.shuffle(verdicts)
    shuffled = hypotheses()
    rng.shuffle(shuffled)
    assert [(one.id, one.rank, one.rating, one.interval) for one in ranked(shuffled, verdicts)] == before


def all_pairs() -> list[Verdict]:
    """Machine verdicts without an error: h1 beats all, h12 nobody."""
    return [Verdict(first=a, second=b, winner="first") for i, a in enumerate(IDS) for b in IDS[i + 1 :]]


@pytest.mark.parametrize("copies", [1, 3])
def test_the_researcher_outweighs_the_machine(copies):
    said = {"h12": Opinion(hypothesis="h12", verdict="accepted"), "h1": Opinion(hypothesis="h1", verdict="rejected")}
    verdicts = [*all_pairs() * copies, *opinion_verdicts(said, IDS)]
    order = [one.id for one in ranked(hypotheses(), verdicts)]
    assert (order[0], order[-1]) == ("h12", "h1")
    assert order[1:-1] == IDS[1:-1]


def test_accepted_beats_open_beats_rejected_and_equals_are_left_to_the_others():
    said = {
        "h1": Opinion(hypothesis="h1", verdict="rejected"),
        "h2": Opinion(hypothesis="h2", verdict="open"),
        "h3": Opinion(hypothesis="h3", verdict="accepted"),
        "h4": Opinion(hypothesis="h4", verdict="accepted"),
        "h99": Opinion(hypothesis="h99", verdict="accepted"),
    }
    found = opinion_verdicts(said, ["h1", "h2", "h3", "h4", "h5"])
    assert {one.judge for one in found} == {"researcher"}
    pairs = {(getattr(one, one.winner), one.second if one.winner == "first" else one.first) for one in found}
    assert pairs == {("h3", "h1"), ("h4", "h1"), ("h2", "h1"), ("h5", "h1")} | {
        (a, b) for a in ("h3", "h4") for b in ("h2", "h5")
    }
    assert rate(["h3", "h4"], found) == rate(["h3", "h4"], [])


def test_without_opinions_nothing_is_said():
    assert opinion_verdicts({}, IDS) == ()
