"""The reason of a belief: the rule applied to the numbers, in prose whose every figure has its source."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from agent.reasoning.beliefs.bayes import SCALE
from agent.reasoning.beliefs.intervals import Estimate
from agent.reasoning.beliefs.joining import Arm
from agent.reasoning.beliefs.validity import Outside
from agent.reasoning.grounding import Grounder, join, number
from agent.records import BeliefState, Decision, Quantity, Text
from agent.vocabulary import title

RESULTS = "results:"
"""How the source of a measured figure begins; the experiments follow, joined by ``+``."""

_BAYES = "method:Bayes factor of the t statistic (Cauchy prior)"


class Reason:
    """Collects the sentences of one belief.

    Args:
        decision: The rule.
        plan: The experiment whose plan states it: the source of the rule's own figures.
        measured: The experiments whose results count: the source of measured figures.
    """

    def __init__(self, decision: Decision, plan: str, measured: Sequence[str]) -> None:
        self._decision = decision
        self._plan = plan
        self._source = RESULTS + "+".join(measured)
        self._grounder = Grounder({})
        self._sentences: list[Text] = []

    def text(self) -> Text:
        """All of it."""
        return join(self._sentences)

    def left_out(self, experiment: str, why: str, control: Outside | None = None) -> None:
        """A round does not count; the control that reads where it should not, if that is why."""
        self._say("{{experiment}} does not count: {{why}}.", {"experiment": experiment, "why": why})
        if control is None:
            return
        self._say(
            "The mean of {{item}} is {{mean}}, and {{low}} to {{high}} is expected.",
            {"item": control.item},
            mean=self._value(control.mean),
            low=number(control.low, self._decision.unit, source=experiment),
            high=number(control.high, self._decision.unit, source=experiment),
        )

    def too_few(self, arms: Mapping[str, Arm], least: int) -> None:
        """No interval can be formed."""
        parts, names, numbers = [], {}, {"least": number(least, source=self._plan)}
        for place, (name, arm) in enumerate(arms.items()):
            parts.append(f"{{{{arm{place}}}}} has {{{{n{place}}}}} ({{{{failed{place}}}}} failed)")
            names[f"arm{place}"] = name
            numbers |= {f"n{place}": self._count(len(arm.units)), f"failed{place}": self._count(arm.failed)}
        said = "; ".join(parts)
        self._say(f"Too few results for an interval: {said}; {{{{least}}}} are the least.", names, **numbers)

    def measured(self, estimate: Estimate, arms: Mapping[str, Arm]) -> None:
        """The estimate, its interval, and what it rests on."""
        decision = self._decision
        parts, names, numbers = [], {"what": _measured(decision.quantity)}, {}
        for place, name in enumerate(decision.arms):
            arm = arms[name]
            parts.append(f"{{{{n{place}}}}} {arm.what} of {{{{arm{place}}}}} in {{{{k{place}}}}} results")
            names[f"arm{place}"] = name
            numbers |= {f"n{place}": self._count(len(arm.units)), f"k{place}": self._count(arm.counted)}
            if arm.failed:
                parts[-1] += f", {{{{failed{place}}}}} failed"
                numbers[f"failed{place}"] = self._count(arm.failed)
        head = (
            "The mean of {{arm0}}"
            if decision.compares == "level"
            else "The difference of the means ({{arm0}} minus {{arm1}})"
        )
        said = "; ".join(parts)
        self._say(
            head + " in {{what}} is {{value}}, with a {{level}} interval of {{low}} to {{high}} " + f"({said}).",
            names,
            value=self._value(estimate.value),
            low=self._value(estimate.low),
            high=self._value(estimate.high),
            level=number(100 * (1 - decision.alpha), "percent", source=self._plan),
            **numbers,
        )

    def waiting(self, count: int) -> None:
        """Planned samples are still to be told."""
        self._say(
            "The rule is applied when all planned samples are told: {{count}} are open.", {}, count=self._count(count)
        )

    def no_spread(self) -> None:
        """All values of the arms are the same."""
        self._say(
            "The results do not vary at all, so no interval can be formed: read the instrument with more digits.", {}
        )

    def short(self, arm: str, counted: int, planned: int) -> None:
        """Too few results for a rule of equality."""
        self._say(
            "{{arm}} has {{n}} of {{planned}} planned results; a wide interval would contain any value.",
            {"arm": arm},
            n=self._count(counted),
            planned=number(planned, source=self._plan),
        )

    def verdict(self, state: BeliefState) -> None:
        """The rule, and what it says."""
        decision = self._decision
        wanted = {
            "<": "below {{bound}}", "<=": "below {{bound}}", ">": "above {{bound}}", ">=": "above {{bound}}",
            "==": "{{bound}}", "between": "between {{bound}} and {{high}}",
        }[decision.relation]  # fmt: skip
        outcome = {"supported": "meets it", "refuted": "excludes it"}.get(state, "leaves it open")
        self._say(
            f"Predicted is {wanted}: by the rule fixed beforehand the result {outcome}, so the hypothesis is {state}.",
            {},
            bound=number(decision.value, decision.unit, source=self._plan),
            high=number(decision.value if decision.high is None else decision.high, decision.unit, source=self._plan),
        )

    def evidence(self, factor: float, prior: float, after: float, *, stated: bool) -> None:
        """The Bayes factor and the probability that follows."""
        said = "" if stated else " (nobody stated one, so even odds are taken)"
        scale = (
            "its denial, half of the prior weight inside the range"
            if self._decision.relation == "between"
            else "its denial, prior scale {{scale}} standard deviations"
        )
        self._say(
            "The Bayes factor for it against " + scale + ", is {{factor}} (decimal logarithm {{log}}): "
            f"the probability goes from {{{{prior}}}}{said} to {{{{after}}}}.",
            {},
            scale=number(round(SCALE, 2), source=_BAYES),
            factor=number(_digits(10 ** max(min(factor, 300.0), -300.0)), source=self._source),
            log=number(_digits(factor), source=self._source),
            prior=number(_digits(prior), source="method:prior probability"),
            after=number(_probability(after), source=self._source),
        )

    def _value(self, value: float) -> Quantity:
        return number(_digits(value), self._decision.unit, source=self._source)

    def _count(self, count: int) -> Quantity:
        return number(count, source=self._source)

    def _say(self, template: str, names: Mapping[str, str], /, **quantities: Quantity) -> None:
        self._sentences.append(self._grounder.write(template, names, **quantities))


def _measured(quantity: str) -> str:
    """What is measured, in words."""
    from agent.reasoning.experiments.methods import METHODS

    method = METHODS.get(quantity)
    return method.measures if method else title(quantity)


def _digits(value: float, digits: int = 3) -> float:
    return float(f"{value:.{digits}g}")


def _probability(value: float) -> float:
    """A probability at the digits that tell it from certainty, as far as that makes sense."""
    if value > 1 - 1e-6:
        return 1.0
    return _digits(value) if value < 0.99 else round(value, 2 - math.floor(math.log10(1 - value)))
