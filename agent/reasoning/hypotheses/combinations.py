"""Hypotheses on combinations of groups that nobody has made, from the additive model of a measured series."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.prior import normal_cdf
from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import DIFFERENCE, Scribe, significant_digits
from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis, Prediction, Quantity, Support
from agent.vocabulary import title

LEAST_GAIN = 0.2
"""Predicted gain (decades) below which an untested combination is not worth its synthesis."""

MOST = 2
ASSUMED_SCATTER = 0.3
"""Deviation of one measurement where the table shows none: a convention for logarithmic activities."""


def combination_hypotheses(view: RunView, table: Table) -> list[Hypothesis]:
    """That an untested combination of groups beats the best tested molecule, where the additive model says so.

    Args:
        view: The run.
        table: Its molecules, with the measured activity, and the untested ones.

    Returns:
        The largest predicted gains first; none where no combination is predicted to gain.
    """
    ids = {candidate.structure: candidate.id for candidate in table.candidates if candidate.kind == "molecule"}
    made: list[Hypothesis] = []
    for evidence in view.evidence.values():
        data = view.payload(evidence.id)
        rows = data.get("untested") if evidence.status == "ok" else None
        for row in rows if isinstance(rows, list) else []:
            if row["gain"] >= LEAST_GAIN and row["smiles"] in ids and row["best"] in ids and len(made) < MOST:
                made.append(_combination(Scribe(table, Grounder.of(view)), row, data, evidence.id, ids))
        if rows and not made and rows[0]["smiles"] in ids and rows[0]["best"] in ids:
            made.append(_level(Scribe(table, Grounder.of(view)), rows[0], data, evidence.id, ids))
    return made


def _level(
    scribe: Scribe, row: dict[str, Any], data: Mapping[str, Any], source: str, ids: dict[str, str]
) -> Hypothesis:
    """Where nothing is predicted to gain: the groups add up in the best untested combination as well."""
    name, spread = str(data["quantity"]), float(data.get("scatter") or ASSUMED_SCATTER)
    new, best = ids[row["smiles"]], ids[row["best"]]

    def figure(value: float) -> Quantity:
        return number(significant_digits(value), "1", source=source, name=name)

    words = {
        "new": scribe.called(new), "best": scribe.called(best), "what": title(name),
        "groups": ", ".join(f"{position} {group}" for position, group in row["groups"].items()),
    }  # fmt: skip
    numbers = {
        "predicted": figure(row["predicted"]), "low": figure(row["low"]), "high": figure(row["high"]),
        "gain": figure(row["gain"]), "n": figure(data["r_group_rows"]),
    }  # fmt: skip
    statement = scribe.write(
        "The untested combination {{new}} ({{groups}}) has a {{what}} between {{low}} and {{high}}: the groups of the"
        " series act independently of each other, and {{predicted}} is predicted.",
        words, **numbers,
    )  # fmt: skip
    reason = scribe.write(
        "An additive model of the groups in {{n}} molecules predicts it; a value outside the interval means that the"
        " groups influence each other.",
        words, **numbers,
    )  # fmt: skip
    prediction = Prediction(
        quantity=name, relation="between", value=significant_digits(row["low"]), high=significant_digits(row["high"]),
        unit="1", condition=f"measured beside {best} in the assay of the table",
        effect=significant_digits((row["high"] - row["low"]) / 2), spread=spread, source=source,
    )  # fmt: skip
    finding = Support(source=source, text=reason, weight=0.6)
    against = Support(
        source=source,
        text=scribe.write(
            "It is not predicted to be better than {{best}} by more than {{gain}}: it tests the model more than it"
            " improves the series.",
            words, **numbers,
        ),
        weight=0.2,
    )  # fmt: skip
    scope = "This combination on the common core, as a solid of checked identity and purity, in the assay of the table."
    return drafted("estimate", statement, reason, prediction, scope, (new,), [finding], [against])


def _combination(
    scribe: Scribe, row: dict[str, Any], data: Mapping[str, Any], source: str, ids: dict[str, str]
) -> Hypothesis:
    name, spread = str(data["quantity"]), float(data.get("scatter") or ASSUMED_SCATTER)
    new, best = ids[row["smiles"]], ids[row["best"]]
    gain, error = float(row["gain"]), float(row["gain_error"])

    def figure(value: float) -> Quantity:
        return number(significant_digits(value), "1", source=source, name=name)

    words = {
        "new": scribe.called(new), "best": scribe.called(best), "what": title(name),
        "groups": ", ".join(f"{position} {group}" for position, group in row["groups"].items()),
    }  # fmt: skip
    numbers = {
        "gain": figure(gain), "error": figure(error), "predicted": figure(row["predicted"]), "low": figure(row["low"]),
        "high": figure(row["high"]), "n": figure(data["r_group_rows"]), "changed": figure(row["changed"]),
        "share": number(round(100 * float(data["contributions_explain"])), "percent", source=source, name=name),
    }  # fmt: skip

    def support(text: str, weight: float) -> Support:
        return Support(source=source, text=scribe.write(text, words, **numbers), weight=round(weight, 3))

    statement = scribe.write(
        "The untested combination {{new}} ({{groups}}) has a higher {{what}} than {{best}}, the best of the tested, by"
        " about {{gain|size}}: {{predicted}} is predicted ({{level}} of measurements between {{low}} and {{high}}).",
        words, **numbers,
    )  # fmt: skip
    reason = scribe.write(
        "Each of its groups gains in the molecules that carry it; if the groups act independently of each other, their"
        " gains add up.",
        words,
    )
    prediction = Prediction(
        quantity=name, relation=">", value=significant_digits(gain / 2, 2), unit="1",
        condition=f"{DIFFERENCE}, {new} minus {best}, measured side by side in the assay of the table",
        effect=significant_digits(gain), spread=spread, source=source,
    )  # fmt: skip
    chance = normal_cdf(gain / error) if error > 0 else 0.75
    against = [
        support(
            "Additivity is assumed: groups that touch or share a pocket do not add up, and no molecule of the"
            " table has these groups together.",
            0.35,
        )
    ]
    if row["changed"] > 1:
        against.append(support("It differs in {{changed}} positions from every molecule of the table.", 0.3))
    if math.isfinite(error) and gain < 2 * error:
        against.append(support("The gain is less than twice its standard error ({{error}}).", 0.3))
    finding = support(
        "An additive model of the groups in {{n}} molecules explains {{share}} of the variance, and predicts a gain of"
        " {{gain}} (standard error {{error}}).",
        max(0.2, min(0.9, 0.9 * chance)),
    )
    scope = "This combination on the common core, as a solid of checked identity and purity, in the assay of the table."
    return drafted("contrast", statement, reason, prediction, scope, (new, best), [finding], against)
