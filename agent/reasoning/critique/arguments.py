"""The arguments against a hypothesis: the strongest one, other explanations, and what varies along with its cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.reasoning.critique.confounding import Confounder, confounders
from agent.reasoning.grounding import number
from agent.reasoning.hypotheses.knowledge import ESTIMATE_INPUTS, MODEL_ERRORS, mechanism
from agent.reasoning.hypotheses.sample_groups import sides
from agent.reasoning.hypotheses.scribe import NEAR, Scribe, driver_name
from agent.records import Critique, Hypothesis, Text
from agent.vocabulary import title

SMALL = 12
"""Fewer candidates than this are named as few."""

_PICKED = ("transfer", "estimate", "outlier")


@dataclass(frozen=True)
class Argument:
    """Something that speaks against a hypothesis, and how strongly, in [0, 1]."""

    strength: float
    text: Text


@dataclass(frozen=True)
class Examined:
    """What an examination of one hypothesis found."""

    arguments: tuple[Argument, ...]
    alternatives: tuple[Text, ...]
    confounders: tuple[Confounder, ...]

    def critique(self, scribe: Scribe, hypothesis: Hypothesis) -> Critique:
        """The record: the strongest argument, the alternatives, the confounders in words."""
        strongest = max(self.arguments, key=lambda one: one.strength)
        told = tuple(confounder_text(scribe, hypothesis, one) for one in self.confounders)
        return Critique(counterargument=strongest.text, alternatives=self.alternatives, confounders=told)


def examine(hypothesis: Hypothesis, scribe: Scribe) -> Examined:
    """Say what speaks against a hypothesis, from the table and what is known of its estimates.

    Args:
        hypothesis: With evidence on both sides.
        scribe: Writes about the run's table.

    Returns:
        At least one argument; every figure in it has its source.
    """
    cause = supposed_cause(hypothesis, scribe)
    name = hypothesis.prediction.quantity
    confounding = confounders(scribe.table, name, cause, hypothesis.driver) if cause else ()
    arguments = [*_by_model(hypothesis, scribe), *_by_table(hypothesis, scribe, cause), *_by_kind(hypothesis, scribe)]
    arguments += [_explained(hypothesis, scribe, one) for one in confounding if one.explains]
    for support in hypothesis.evidence_against:
        arguments.append(Argument(0.6 * support.weight, support.text))
    if not arguments:
        arguments.append(
            Argument(0.0, scribe.write("It rests on computed values alone; none of them has been measured."))
        )
    return Examined(tuple(arguments), tuple(_alternatives(hypothesis, scribe, confounding)), confounding)


def supposed_cause(hypothesis: Hypothesis, scribe: Scribe) -> dict[str, float]:
    """The cause that a rule about a series names, by candidate: a driver's value, or 1 for a group's members."""
    column = scribe.table.columns.get(hypothesis.prediction.quantity, {})
    if hypothesis.kind in ("trend", "mechanism") and hypothesis.driver:
        return dict(scribe.table.columns.get(hypothesis.driver, {}))
    if (groups := sides(hypothesis, scribe.table)) is not None:
        labels = {c: scribe.table.get(c).labels.get(hypothesis.driver) for c in column}
        return {c: float(level == groups[0]) for c, level in labels.items() if level in groups}
    if hypothesis.kind == "contrast" and len(hypothesis.subjects) > 2:
        return {c: float(c in hypothesis.subjects) for c in column}
    return {}


def cause_name(hypothesis: Hypothesis) -> str:
    """The supposed cause in words."""
    if hypothesis.kind == "contrast":
        return "the part that the group shares"
    return f"the {driver_name(hypothesis.driver)}"


def confounder_text(scribe: Scribe, hypothesis: Hypothesis, found: Confounder) -> str:
    """A confounder in words, with the correlations and the evidence that they were computed from."""
    source = scribe.table.source(found.quantity)
    left = "nothing distinguishable from zero is left" if found.explains else "something is left"
    return (
        f"{title(found.quantity)}: goes with {cause_name(hypothesis)} (Spearman's rho {found.along:.2f},"
        f" {found.count} candidates); with it held constant {left} (partial rho {found.left.rho:.2f},"
        f" 95 % interval {found.left.low:.2f} to {found.left.high:.2f}; computed from {source})"
    )


def _explained(hypothesis: Hypothesis, scribe: Scribe, found: Confounder) -> Argument:
    name = hypothesis.prediction.quantity
    text = scribe.write(
        "With the {{other}} held constant, what is left between {{cause}} and the {{what}} cannot be told from nothing"
        " (partial rho {{rho}}, {{level}} interval {{low}} to {{high}}): the {{other}} explains it as well.",
        {"other": driver_name(found.quantity), "cause": cause_name(hypothesis), "what": title(name)},
        rho=scribe.number(found.left.rho, found.quantity, unit="1"),
        low=scribe.number(found.left.low, found.quantity, unit="1"),
        high=scribe.number(found.left.high, found.quantity, unit="1"),
    )
    return Argument(0.85, text)


def _by_model(hypothesis: Hypothesis, scribe: Scribe) -> list[Argument]:
    """Circularity, and errors larger than the effect."""
    name, found = hypothesis.prediction.quantity, []
    words = {"what": title(name), "driver": driver_name(hypothesis.driver) if hypothesis.driver else ""}
    if hypothesis.driver in ESTIMATE_INPUTS.get(name, ()):
        text = (
            "It is circular: the estimate of the {{what}} is computed from the {{driver}} or shares inputs with it,"
            " so that the table would show this whether or not nature does."
        )
        found.append(Argument(0.9, scribe.write(text, words)))
    error, effect = MODEL_ERRORS.get(name), hypothesis.prediction.effect
    if error is not None and effect and error.value > effect:
        text = (
            "The effect of {{effect|size}} is smaller than the published error of its own estimate ({{model}},"
            " {{error}}): it may be an artefact of the model."
        )
        found.append(
            Argument(
                0.7,
                scribe.write(
                    text,
                    {"model": error.model},
                    effect=scribe.number(effect, name),
                    error=number(error.value, scribe.table.unit(name), source=error.source),
                ),
            )
        )
    return found


def _by_table(hypothesis: Hypothesis, scribe: Scribe, cause: Mapping[str, float]) -> list[Argument]:
    """Few candidates, and values outside the range of the others."""
    name, found = hypothesis.prediction.quantity, []
    count = len([c for c in scribe.table.columns.get(name, {}) if not cause or c in cause])
    if hypothesis.kind == "contrast" and len(hypothesis.subjects) > 2:
        count = len(hypothesis.subjects)
    if cause and count < SMALL:
        text = "It rests on {{n}} candidates only: a few others could turn it round."
        found.append(Argument(0.5 + 0.02 * (SMALL - count), scribe.write(text, n=scribe.count(count, name))))
    if hypothesis.kind in (*_PICKED, "contradiction"):
        for quantity in ("similarity", hypothesis.driver, "mass", "logP", "volume_per_atom", "length"):
            outside = _outside(scribe, hypothesis.subjects[:1], quantity)
            if outside is not None:
                found.append(outside)
                break
    return found


def _outside(scribe: Scribe, subjects: tuple[str, ...], quantity: str) -> Argument | None:
    """A subject that lies beyond all other candidates in a quantity, or far from the seed."""
    column = scribe.table.columns.get(quantity, {})
    for subject in subjects:
        others = [value for c, value in column.items() if c != subject]
        if subject not in column or len(others) < 5:
            continue
        value = column[subject]
        if quantity == "similarity":
            if value < NEAR:
                text = (
                    "{{subject}} extrapolates: its similarity to the seed is {{value}}, and estimates are least"
                    " reliable far from known structures."
                )
                return Argument(0.5, scribe.write(text, {"subject": subject}, value=scribe.estimate(subject, quantity)))
        elif not min(others) <= value <= max(others):
            text = (
                "{{subject}} extrapolates: its {{what}} of {{value}} lies outside the range of all others ({{low}} to"
                " {{high}})."
            )
            return Argument(
                0.45,
                scribe.write(
                    text,
                    {"subject": subject, "what": title(quantity)},
                    value=scribe.estimate(subject, quantity),
                    low=scribe.number(min(others), quantity),
                    high=scribe.number(max(others), quantity),
                ),
            )
    return None


def _by_kind(hypothesis: Hypothesis, scribe: Scribe) -> list[Argument]:
    """What speaks against any inference of its kind."""
    name = hypothesis.prediction.quantity
    count = len(scribe.table.columns.get(name, {}))
    if hypothesis.kind in _PICKED and count >= 5:
        text = (
            "{{subject}} was picked as the extreme of {{n}} candidates by the same estimate that the prediction rests"
            " on: part of its lead is luck of the estimate, and a measurement will fall back towards the others."
        )
        words = {"subject": hypothesis.subjects[0] if hypothesis.subjects else "the candidate"}
        return [Argument(0.55, scribe.write(text, words, n=scribe.count(count, name)))]
    if hypothesis.kind == "polymorph":
        text = (
            "Synthesis is decided by the path as well as by the energy: precursors, temperature and time can trap the"
            " rival structure, or one that was not computed."
        )
        return [Argument(0.5, scribe.write(text))]
    if hypothesis.kind == "trade-off":
        text = (
            "A front within one series shows what these candidates combine, and not what is possible:"
            " a design outside it may escape."
        )
        return [Argument(0.45, scribe.write(text))]
    if hypothesis.kind == "model":
        text = (
            "A model proposed it; no rule over the table finds it, and the evidence it names was not tested"
            " statistically."
        )
        return [Argument(0.5, scribe.write(text))]
    return []


_PAIR = (
    "The two differ in more than the mechanism names, and the estimate may misjudge one of them more than the other."
)

_RECIPE = "What was not written down may act as well: the lot of a component, the order of mixing, humidity, the cure."
_SAMPLE = "Where and when the samples were taken may act on both columns, without either acting on the other."
_OTHERWISE = {
    "transfer": (
        "Both values come from one model: where it misjudges what the two structures do not share,"
        " the difference is the model's and not the molecules'."
    ),
    "outlier": (
        "The departure may be an error of the estimate on an unusual structure, and no property of the candidate."
    ),
    "contradiction": (
        "Neither estimate need be right: both were fitted to other structures, and the truth may lie outside the two."
    ),
    "estimate": (
        "The sample may differ from what was computed: another solid form, an ionised or tautomeric form, an impurity."
    ),
    "polymorph": (
        "The same density can come from another structure, or from a mixture: the whole pattern has to fit,"
        " not one number."
    ),
    "trade-off": (
        "The two wishes may oppose each other only because both follow a third quantity that could be changed alone."
    ),
    "contrast": "The group's members may share more than the part that names the group.",
    "exchange": (
        "The pairs share molecules, and a group may act through what surrounds it in this series:"
        " elsewhere the exchange may do nothing."
    ),
    "cliff": (
        "One of the two values may be wrong: an impurity, aggregation in the assay, or a mistaken structure make cliffs"
        " too."
    ),
    "model": "The association that the model saw may be one of many that were possible in a table of this size.",
}


def _alternatives(hypothesis: Hypothesis, scribe: Scribe, confounding: tuple[Confounder, ...]) -> list[Text]:
    found = []
    for one in confounding[:2]:
        known = mechanism(hypothesis.prediction.quantity, one.quantity)
        reason = f": {known.reason}" if known is not None and known.sign * one.bearing >= 0 else ""
        found.append(
            scribe.write(
                "Not {{cause}} but the {{other}} may be at work, which goes with it{{reason}}.",
                {"cause": cause_name(hypothesis), "other": driver_name(one.quantity), "reason": reason},
            )
        )
    pair = hypothesis.kind == "contrast" and len(hypothesis.subjects) == 2
    otherwise = _PAIR if pair else _OTHERWISE.get(hypothesis.kind)
    if scribe.table.candidates and scribe.table.candidates[0].kind == "recipe":
        otherwise = _RECIPE
    if scribe.table.candidates and scribe.table.candidates[0].kind == "sample":
        otherwise = _SAMPLE
    if otherwise and len(found) < 2:
        found.append(scribe.write(otherwise))
    return found
