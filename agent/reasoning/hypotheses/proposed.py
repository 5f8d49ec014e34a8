"""Hypotheses on what a model of measured rows proposes to make next: what will be measured of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import Scribe, significant_digits
from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis, Prediction, Quantity, Relation, Support
from agent.vocabulary import title

MOST = 2
LEAST_EXPLAINED = 0.1
"""Cross-validated share of the variance below which the model predicts no better than the mean, and says nothing."""

Draft = tuple[Hypothesis, str]


def proposal_hypotheses(view: RunView, table: Table) -> list[Draft]:
    """What a model of the measured rows expects of the first proposals.

    Args:
        view: The run.
        table: Its proposals.

    Returns:
        Drafts, the first proposal's first; none where the model predicts nothing.
    """
    ids = {candidate.structure: candidate.id for candidate in table.candidates}
    drafts: list[Draft] = []
    for evidence in view.evidence.values():
        data = view.payload(evidence.id)
        if evidence.status != "ok" or not isinstance(data.get("proposals"), list) or "checks" not in data:
            continue
        if float(data["explained"]) < LEAST_EXPLAINED:
            continue
        scribe = Scribe(table, Grounder.of(view))
        # Within a window all proposals promise the same, and one stands for them.
        most = MOST if data["goal"] in ("maximise", "minimise") else 1
        chosen = [one for one in data["proposals"] if one["point"] in ids][:most]
        drafts += [(_draft(scribe, view, data, one, ids[one["point"]], evidence.id), "") for one in chosen]
    return drafts


def _draft(
    scribe: Scribe, view: RunView, data: Mapping[str, Any], proposal: Mapping[str, Any], subject: str, source: str
) -> Hypothesis:
    """One proposal: it beats the best measured row where that is expected, else it measures what is predicted."""
    name = str(data["response"])
    one, check = proposal["predicted"][name], data["checks"][name]
    mean, best = float(one["mean"]), float(data["best_measured"])
    way = {"maximise": 1.0, "minimise": -1.0}.get(str(data["goal"]), 0.0)
    better = way * (mean - best) > 0
    bound = next((b for b in view.brief.constraints if b.quantity == name), None)

    def figure(value: float, unit: str = "1") -> Quantity:
        return number(significant_digits(value, 4), unit, source=source, name=name)

    relation: Relation = "between"
    low, high = significant_digits(float(one["low"]), 4), significant_digits(float(one["high"]), 4)
    if better:
        relation, low = (">" if way > 0 else "<"), best
    elif bound is not None and bound.low is not None and bound.high is not None:
        low, high = bound.low, bound.high
    numbers = {
        "mean": figure(mean), "deviation": figure(float(one["deviation"])), "low": figure(low), "high": figure(high),
        "best": figure(best), "error": figure(float(check["error"])), "plain": figure(float(check["plain"])),
        "n": figure(float(data["rows"])), "share": figure(100 * float(check["explained"]), "percent"),
        "covered": figure(100 * float(check["covered"]), "percent"),
    }  # fmt: skip
    words = {
        "point": str(proposal["point"]), "what": title(name), "row": str(data["best"]),
        "side": "higher" if way > 0 else "lower",
    }  # fmt: skip
    statement = scribe.write(
        "{{point}} has a {{side}} {{what}} than the best measured row ({{best}} of {{row}}): about {{mean}}."
        if better
        else "{{point}} has a {{what}} between {{low}} and {{high}}: {{mean}} is expected.",
        words,
        **numbers,
    )
    prediction = Prediction(
        quantity=name, relation=relation, value=low, high=high if relation == "between" else None,
        condition=f"{subject}, made and measured as the rows of the table were, in the column's own unit",
        effect=abs(mean - best) if better else (high - low) / 2,
        spread=float(check["noise"]) or float(check["error"]), source=source,
    )  # fmt: skip
    reason = scribe.write(
        "A Gaussian process of {{n}} measured rows predicts rows that it was not fitted to within {{error}} (their"
        " mean: {{plain}}) and explains {{share}} of their variance; it interpolates, and has no chemistry in it.",
        words,
        **numbers,
    )
    support = scribe.write(
        "Predicted {{mean}} with a deviation of {{deviation}}; {{covered}} of the rows left out lay within the model's"
        " 90 % intervals.",
        words,
        **numbers,
    )
    picked = scribe.write("{{point}} was picked for its prediction: such a prediction is too good on average.", words)
    against = [Support(source=source, text=picked, weight=0.3)]
    if better:
        text = scribe.write("No measured row reached this: the best has {{best}}.", words, **numbers)
        against.append(Support(source=source, text=text, weight=0.3))
    weight = round(min(0.9, max(0.2, float(check["explained"]))), 3)
    scope = f"{proposal['point']}, within what was measured in the table."
    return drafted(
        "estimate", statement, reason, prediction, scope, (subject,),
        [Support(source=source, text=support, weight=weight)], against,
    )  # fmt: skip
