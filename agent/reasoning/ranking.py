"""Ranking hypotheses: how a pair is judged by a judge that may err, and how verdicts become ranks."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterable, Sequence

from agent.reasoning.rating import rate, unsettled
from agent.records import Hypothesis, Verdict

Ask = Callable[[str, str], Awaitable[Verdict]]
"""Asks a judge about two ids in the order shown."""


async def judge_pair(first: str, second: str, ask: Ask, *, third: bool = True) -> tuple[Verdict, ...]:
    """Ask a judge about a pair in both orders, and once more where the two answers contradict each other.

    A judge that errs in 20 % of cases orders twelve hypotheses with a mean Kendall tau of about .70 from one verdict
    a pair, .79 from both orders, and above .8 with the third. Answers stay verdicts of their own: one that turns out
    a tie beside a win counts as half a win, and a judge who always names what it is shown first wins nobody anything,
    as the order of the third asking follows from the ids by a fixed hash and favours neither side on the whole.

    Args:
        first: One id.
        second: The other.
        ask: Asks the judge.
        third: Whether a third asking is affordable.

    Returns:
        Two verdicts, or three.
    """
    verdicts = [await ask(first, second), await ask(second, first)]
    if third and unsettled(verdicts):
        turned = random.Random(f"{first} {second}").random() < 0.5
        verdicts.append(await (ask(second, first) if turned else ask(first, second)))
    return tuple(verdicts)


def ranked(hypotheses: Sequence[Hypothesis], verdicts: Iterable[Verdict]) -> tuple[Hypothesis, ...]:
    """The hypotheses with their ratings and ranks, the best first.

    Args:
        hypotheses: What was compared.
        verdicts: All of them; those of the researcher weigh more (`agent.reasoning.rating`).

    Returns:
        The same hypotheses in order of rank; equal ratings keep the order of the ids' numbers, so that neither the
        order of the hypotheses nor that of the verdicts changes a rank.
    """
    ratings = rate([hypothesis.id for hypothesis in hypotheses], verdicts)
    best = sorted(hypotheses, key=lambda one: (-ratings[one.id][0], len(one.id), one.id))
    return tuple(
        one.model_copy(update={"rank": place, "rating": ratings[one.id][0], "interval": ratings[one.id][1:]})
        for place, one in enumerate(best, start=1)
    )
