"""What the rules share when they write a hypothesis: names, numbers with their sources, supports, counter-evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.reasoning.experiments.methods import METHODS, Method, condition_text
from agent.reasoning.grounding import Grounder, number
from agent.reasoning.grounding.templates import called
from agent.reasoning.hypotheses.knowledge import LIABILITIES, MODEL_ERRORS, family, mechanism
from agent.reasoning.hypotheses.table import Reference, Table, in_unit
from agent.records import Prediction, Quantity, Relation, Support, Text
from agent.units import print_value
from agent.vocabulary import by_key, title

NEAR = 0.4
"""Tanimoto similarity to the seed below which an estimate reaches beyond the seed's neighbourhood."""

LIABLE = 0.5
"""Estimated probability from which a liability counts against a candidate."""

MOST_SUBJECTS = 6

DIFFERENCE = "difference of the means"
"""How the condition of a prediction begins that is about a difference, and not about a level."""


@dataclass(frozen=True)
class Scribe:
    """Writes about one run's table."""

    table: Table
    grounder: Grounder

    def number(self, value: float, quantity: str, *, unit: str | None = None) -> Quantity:
        """A value computed from a column: its source is the evidence that the column comes from."""
        return number(
            significant_digits(value),
            self.table.unit(quantity) if unit is None else unit,
            source=self.table.source(quantity),
            name=quantity,
        )

    def count(self, value: int, quantity: str) -> Quantity:
        """How many candidates: counted in a column."""
        return self.number(value, quantity, unit="1")

    def write(self, template: str, names: Mapping[str, str] | None = None, /, **quantities: Quantity) -> Text:
        """Fill a template; ``{{level}}`` is the confidence level, 95 %."""
        level = number(95, "percent", source="method:confidence level")
        return self.grounder.write(template, names, level=level, **quantities)

    def support(self, quantity: str, text: Text, weight: float) -> Support:
        """A support that rests on a column."""
        return Support(source=self.table.source(quantity), text=text, weight=round(min(max(weight, 0.0), 1.0), 3))

    def called(self, candidate: str) -> str:
        """A candidate in prose: its name with its id, or the id alone."""
        return called(self.table.get(candidate).name, candidate)

    def estimate(self, candidate: str, quantity: str) -> Quantity:
        """A candidate's own value, with its own source."""
        return self.table.get(candidate).quantities[quantity]


def significant_digits(value: float, digits: int = 3) -> float:
    """A computed value at the digits that it deserves."""
    return float(f"{value:.{digits}g}")


def measured(quantity: str) -> str:
    """What an experiment on a quantity measures, in words."""
    method = METHODS.get(quantity)
    return method.measures if method else title(quantity)


def driver_name(quantity: str) -> str:
    """A quantity that drives another, in words that take a singular verb: counts become ``number of ...``."""
    known = by_key().get(quantity)
    return f"number of {title(quantity)}" if known and known.integer and quantity != "length" else title(quantity)


def method_of(quantity: str) -> Method:
    """The method of an outcome (every finding is about one that has a method)."""
    return METHODS[quantity]


def listed(ids: Sequence[str]) -> str:
    """Ids in prose: ``c1, c4 and c9``; long lists end in ``and others``."""
    shown = list(ids[:MOST_SUBJECTS])
    if len(ids) > MOST_SUBJECTS:
        return f"{', '.join(shown)} and others"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def certainty(adjusted_p: float) -> float:
    """The weight of a finding by its adjusted p: from 0.5 at the level to 0.9 far below it."""
    return 0.9 if adjusted_p < 0.001 else 0.75 if adjusted_p < 0.01 else 0.5


def difference_prediction(quantity: str, effect: float, spread: float, between: str, source: str) -> Prediction:
    """The prediction of a difference of means: at least half of what is estimated, in the same direction.

    Args:
        quantity: The outcome.
        effect: The estimated difference, signed.
        spread: Expected standard deviation within a group.
        between: What is subtracted from what, in words.
        source: Where the estimate comes from.
    """
    method = method_of(quantity)
    relation: Relation = ">" if effect > 0 else "<"
    return Prediction(
        quantity=quantity,
        relation=relation,
        value=_rounded(effect / 2, spread),
        unit=method.unit,
        condition=f"{DIFFERENCE}, {between}; {condition_text(method)}",
        effect=abs(effect),
        spread=spread,
        source=source,
    )


def _rounded(value: float, scale: float) -> float:
    """A bound at a precision that the measurement can resolve: a tenth of its spread, one significant digit."""
    from math import floor, log10

    digits = -floor(log10(scale)) + 1 if scale > 0 else 3
    return round(value, digits)


def bound(value: float, quantity: str) -> float:
    """A predicted bound, rounded to what the method resolves."""
    return _rounded(value, method_of(quantity).spread)


def refutation(prediction: Prediction) -> str:
    """What would refute a prediction, in words."""
    low = print_value(prediction.value, prediction.unit)
    if prediction.relation == "between" and prediction.high is not None:
        high = print_value(prediction.high, prediction.unit)
        return f"The measured value, with its 95 % interval, lies outside {low} to {high}."
    side = "at or below" if prediction.relation in (">", ">=") else "at or above"
    return (
        f"The measured value, with its 95 % interval, lies {side} {low}; an interval that contains it leaves this"
        " undecided."
    )


def explain(
    scribe: Scribe, outcome: str, group: Sequence[str], rest: Sequence[str], effect: float, without: Sequence[str] = ()
) -> tuple[Text, str]:
    """Why a group differs: the textbook driver, other than those in ``without``, that shifts most as needed.

    Returns:
        The mechanism, and the driver that it names (empty where none fits).
    """
    best: tuple[float, str, float] = (0.25, "", 0.0)
    for driver in scribe.table.varying:
        known = mechanism(outcome, driver)
        column = scribe.table.columns[driver]
        here, there = [column[c] for c in group if c in column], [column[c] for c in rest if c in column]
        if known is None or known.sign == 0 or driver in without or family(driver) == family(outcome):
            continue
        if not here or not there:
            continue
        shift = sum(here) / len(here) - sum(there) / len(there)
        spread = _deviation(list(column.values()))
        if spread and known.sign * shift * effect > 0 and abs(shift) / spread > best[0]:
            best = (abs(shift) / spread, driver, shift)
    _, driver, shift = best
    if not driver:
        return scribe.write(
            "None of the computed descriptors shifts in the direction that a textbook mechanism would need,"
            " so the cause is open."
        ), ""
    known = mechanism(outcome, driver)
    return scribe.write(
        "On average the {{driver}} is {{way}} by {{shift|size}}: {{reason}}.",
        {
            "driver": driver_name(driver),
            "way": "higher" if shift > 0 else "lower",
            "reason": known.reason if known else "",
        },
        shift=scribe.number(shift, driver),
    ), driver


def _deviation(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return (sum((value - mean) ** 2 for value in values) / max(len(values) - 1, 1)) ** 0.5


def doubts(scribe: Scribe, outcome: str, subjects: Sequence[str], effect: float) -> list[Support]:
    """The counter-evidence that every finding on an outcome has to face: model error, applicability, liabilities.

    Args:
        scribe: Writes.
        outcome: The quantity predicted.
        subjects: The candidates it is about.
        effect: The size of the effect claimed, in the outcome's unit.

    Returns:
        Only what the table and the published errors really say.
    """
    found = [_model_error(scribe, outcome, effect)]
    far = [c for c in subjects if _value(scribe.table, c, "similarity") < NEAR]
    if far:
        furthest = min(far, key=lambda c: (_value(scribe.table, c, "similarity"), c))
        found.append(
            scribe.support(
                "similarity",
                scribe.write(
                    "{{subject}} has a similarity of only {{value}} to the seed: the estimate reaches beyond its"
                    " neighbourhood.",
                    {"subject": furthest},
                    value=scribe.estimate(furthest, "similarity"),
                ),
                0.3,
            )
        )
    liable = [
        (_value(scribe.table, c, name, 0.0), name, c)
        for c in subjects
        for name in LIABILITIES
        if _value(scribe.table, c, name, 0.0) >= LIABLE
    ]
    if liable:
        _, name, candidate = max(liable, key=lambda item: (item[0], item[1], item[2]))
        found.append(
            scribe.support(
                name,
                scribe.write(
                    "{{subject}} carries a liability: its estimated {{what}} is {{value}}.",
                    {"subject": candidate, "what": title(name)},
                    value=scribe.estimate(candidate, name),
                ),
                0.25,
            )
        )
    broken = [c for c in subjects if scribe.table.get(c).feasible is False]
    if broken and len(broken) * 2 > len(subjects):
        found.append(
            scribe.support(
                outcome,
                scribe.write("Most of the candidates concerned break a constraint ({{ids}}).", {"ids": listed(broken)}),
                0.2,
            )
        )
    return found


def _value(table: Table, candidate: str, quantity: str, default: float = 1.0) -> float:
    return table.columns.get(quantity, {}).get(candidate, default)


def _model_error(scribe: Scribe, outcome: str, effect: float) -> Support:
    error = MODEL_ERRORS.get(outcome)
    if error is None:
        return scribe.support(
            outcome,
            scribe.write(
                "All values of {{what}} are computed, and no published error of the estimate is on file.",
                {"what": title(outcome)},
            ),
            0.4,
        )
    share = error.value / abs(effect) if effect else float("inf")
    verdict, weight = (
        ("larger than the effect of {{effect|size}}; it cancels only as far as the compared candidates err alike", 0.6)
        if share > 1
        else ("not far below the effect of {{effect|size}}", 0.35)
        if share > 0.5
        else ("small beside the effect of {{effect|size}}, but not nothing", 0.2)
    )
    text = scribe.write(
        "The published error of the estimate ({{model}}, {{measure}} {{error}}) is " + verdict + ".",
        {"model": error.model, "measure": error.measure},
        error=number(error.value, scribe.table.unit(outcome), source=error.source),
        effect=scribe.number(effect, outcome),
    )
    return Support(source=error.source, text=text, weight=weight)


def explain_one(scribe: Scribe, outcome: str, subject: str, reference: Reference, effect: float) -> Text:
    """Why a candidate differs from the reference: the driver that moves it furthest in the direction needed."""
    best: tuple[float, str, float] = (0.25, "", 0.0)
    for driver in scribe.table.varying:
        known, quantity = mechanism(outcome, driver), reference.quantities.get(driver)
        value = scribe.table.columns[driver].get(subject)
        before = in_unit(quantity, scribe.table.unit(driver)) if quantity else None
        if known is None or known.sign == 0 or value is None or before is None or family(driver) == family(outcome):
            continue
        spread = _deviation(list(scribe.table.columns[driver].values()))
        if spread and known.sign * (value - before) * effect > 0 and abs(value - before) / spread > best[0]:
            best = (abs(value - before) / spread, driver, value - before)
    known = mechanism(outcome, best[1]) if best[1] else None
    change = scribe.table.get(subject).labels.get("change", "")
    if known is None:
        return scribe.write(
            "None of the computed descriptors moves from {{reference}} in the direction that a textbook mechanism"
            " would need, so the cause is open.",
            {"reference": reference.name},
        )
    return scribe.write(
        "{{change}}the {{driver}} is {{way}} by {{shift|size}} than for {{reference}}: {{reason}}.",
        {
            "change": f"By the change {change}, " if change else "Compared with it, ",
            "driver": driver_name(best[1]),
            "way": "higher" if best[2] > 0 else "lower",
            "reference": reference.name,
            "reason": known.reason,
        },
        shift=scribe.number(best[2], best[1]),
    )
