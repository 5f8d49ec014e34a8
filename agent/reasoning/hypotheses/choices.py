"""The rules for findings about chosen candidates: the ends of a trade-off, and outliers."""

from __future__ import annotations

from agent.reasoning.experiments.methods import outcome
from agent.reasoning.grounding import number
from agent.reasoning.hypotheses.findings import Outlier, TradeOff
from agent.reasoning.hypotheses.rules import SAMPLE_NOTE, drafted, things
from agent.reasoning.hypotheses.scribe import (
    Scribe,
    certainty,
    difference_prediction,
    doubts,
    explain,
    listed,
    measured,
    method_of,
)
from agent.records import Hypothesis, Support
from agent.vocabulary import title


def trade_off(scribe: Scribe, finding: TradeOff) -> Hypothesis | None:
    """Two wanted quantities exclude each other: the best in one is measurably worse in the other."""
    # The measurable one is predicted; where both are, the second is, so that the first wish stays the given.
    name, given = (finding.second, finding.first) if outcome(finding.second) else (finding.first, finding.second)
    better = dict(zip((finding.first, finding.second), finding.better, strict=True))
    column, along = scribe.table.columns[name], scribe.table.columns[given]
    sign = {"maximise": 1.0, "minimise": -1.0}
    own = max(finding.front, key=lambda c: (sign[better[name]] * column[c], c))
    other = max(finding.front, key=lambda c: (sign[better[given]] * along[c], c))
    effect = column[other] - column[own]
    if own == other or abs(effect) < method_of(name).spread:
        return None
    numbers = {
        "rho": scribe.number(finding.rho, name, unit="1"), "low": scribe.number(finding.low, name, unit="1"),
        "high": scribe.number(finding.high, name, unit="1"), "n": scribe.count(len(finding.members), name),
        "front": scribe.count(len(finding.front), name), "q": scribe.number(finding.adjusted_p, name, unit="1"),
        "tests": scribe.count(finding.tests, name), "effect": scribe.number(effect, name),
        "a": scribe.estimate(own, name), "b": scribe.estimate(other, name),
        "c": scribe.estimate(own, given), "d": scribe.estimate(other, given),
    }  # fmt: skip
    words = {"name": measured(name), "given": title(given), "own": own, "other": other, "what": title(name)}
    statement = scribe.write(
        "In this series {{name}} and {{given}} cannot both be had: {{other}}, best of the front in {{given}} ({{d}}),"
        " gives away about {{effect|size}} of the {{what}} that {{own}} reaches ({{a}}).",
        words,
        **numbers,
    )
    reason, _ = explain(scribe, name, (other,), (own,), effect)
    prediction = difference_prediction(
        name, effect, method_of(name).spread, f"{other} minus {own}", scribe.table.source(name)
    )
    support = [
        scribe.support(
            name,
            scribe.write(
                "Over {{n}} candidates the two wishes oppose each other (Spearman's rho {{rho}},"
                " {{level}} interval {{low}} to {{high}}, p adjusted to {{q}} over {{tests}} tests);"
                " {{front}} candidates form the front.",
                words,
                **numbers,
            ),
            certainty(finding.adjusted_p),
        )
    ]
    against = _balanced(scribe, finding, name, given, own, other, better) + doubts(scribe, name, (own, other), effect)
    scope = f"This series of {things(scribe)}; candidates outside it may escape the trade-off. {SAMPLE_NOTE}"
    return drafted("trade-off", statement, reason, prediction, scope, (own, other), support, against)


def _balanced(
    scribe: Scribe, finding: TradeOff, name: str, given: str, own: str, other: str, better: dict[str, str]
) -> list[Support]:
    """A candidate of the front that gives away less than half of either wish."""
    column, along = scribe.table.columns[name], scribe.table.columns[given]

    def kept(c: str) -> float:
        shares = []
        for values, best, worst in ((column, own, other), (along, other, own)):
            width = values[best] - values[worst]
            shares.append((values[c] - values[worst]) / width if width else 1.0)
        return min(shares)

    middle = max(finding.front, key=lambda c: (kept(c), c))
    if middle in (own, other) or kept(middle) <= 0.5:
        return []
    return [
        scribe.support(
            name,
            scribe.write(
                "{{middle}} keeps more than half of both ({{a}} and {{b}}), so the trade-off is not steep everywhere.",
                {"middle": middle},
                a=scribe.estimate(middle, name),
                b=scribe.estimate(middle, given),
            ),
            min(0.6, kept(middle)),
        )
    ]


def outlier(scribe: Scribe, finding: Outlier) -> Hypothesis | None:
    """One candidate departs from what the others lead to expect.

    ``None`` where a measurement could not tell, or where the nearest neighbours share at least half of the departure.
    """
    name, column = finding.outcome, scribe.table.columns[finding.outcome]
    gap = finding.value - finding.expected
    along = scribe.table.columns[finding.driver] if finding.driver else column
    centre = along[finding.subject] if finding.driver else finding.expected
    rest = [c for c in finding.members if c != finding.subject]
    near = tuple(sorted(rest, key=lambda c: (abs(along[c] - centre), c))[:3])
    effect = finding.value - sum(column[c] for c in near) / len(near)
    if abs(gap) < method_of(name).spread or effect * gap < gap**2 / 2:
        return None
    numbers = {
        "value": scribe.estimate(finding.subject, name), "expected": scribe.number(finding.expected, name),
        "gap": scribe.number(gap, name), "z": scribe.number(finding.score, name, unit="1"),
        "n": scribe.count(len(finding.members), name), "limit": number(3.5, source="method:modified z score"),
    }  # fmt: skip
    words = {
        "subject": finding.subject, "measured": measured(name), "way": "higher" if gap > 0 else "lower",
        "near": listed(near),
        "basis": f"the trend with the {title(finding.driver)}" if finding.driver else "the others",
    }  # fmt: skip
    statement = scribe.write(
        "{{subject}} has a {{way}} {{measured}} than {{basis}} leads to expect, by about {{gap|size}},"
        " and its nearest neighbours {{near}} do not share it.",
        words,
        **numbers,
    )
    reason, _ = explain(scribe, name, (finding.subject,), near, effect, (finding.driver,))
    prediction = difference_prediction(
        name, effect, method_of(name).spread, f"{finding.subject} minus {listed(near)}", scribe.table.source(name)
    )
    support = [
        scribe.support(
            name,
            scribe.write(
                "Its estimate is {{value}} where {{expected}} is expected from {{n}} candidates:"
                " a modified z score of {{z}} (limit {{limit}}).",
                words,
                **numbers,
            ),
            min(0.9, 0.4 + finding.score / 50),
        )
    ]
    against = [
        scribe.support(
            name,
            scribe.write("It is a single candidate, and the largest departure of {{n}} was picked.", words, **numbers),
            0.4,
        ),
        *doubts(scribe, name, (finding.subject,), effect),
    ]
    scope = f"{finding.subject} against its neighbours in this series."
    return drafted("outlier", statement, reason, prediction, scope, (finding.subject, *near), support, against)
