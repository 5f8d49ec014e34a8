"""Hypotheses and experiments as the bundle keeps them: prose as plain strings, its figures' sources beside it."""

from __future__ import annotations

from typing import Any

from agent.records import Experiment, Hypothesis, Text

_HYPOTHESIS = ("statement", "mechanism")
_LISTS = ("procedure", "design")
_RULES = ("decision_rule", "stopping_rule")
_SIDES = ("evidence_for", "evidence_against")


def flatten_hypothesis(hypothesis: Hypothesis) -> dict[str, Any]:
    """A hypothesis as plain data.

    Returns:
        Its fields; ``statement``, ``mechanism`` and the texts of supports and critique are strings, ``spans`` say where
        the figures in them come from, and ``unverified`` lists those that nothing supports.
    """
    plain = hypothesis.plain()
    texts = [hypothesis.statement, hypothesis.mechanism]
    texts += [one.text for one in (*hypothesis.evidence_for, *hypothesis.evidence_against)]
    plain["spans"] = {name: plain[name]["spans"] for name in _HYPOTHESIS}
    plain |= {name: plain[name]["text"] for name in _HYPOTHESIS}
    for side in _SIDES:
        plain[side] = [{"source": one["source"], **one["text"], "weight": one["weight"]} for one in plain[side]]
    if hypothesis.critique is not None:
        critique = hypothesis.critique
        texts += [critique.counterargument, *critique.alternatives]
        plain["critique"] |= {
            "counterargument": critique.counterargument.text,
            "alternatives": [one.text for one in critique.alternatives],
            "spans": {
                "counterargument": plain["critique"]["counterargument"]["spans"],
                "alternatives": [one["spans"] for one in plain["critique"]["alternatives"]],
            },
        }
    plain["unverified"] = [figure for text in texts for figure in text.unverified]
    return plain


def restore_hypothesis(plain: dict[str, Any]) -> Hypothesis:
    """A hypothesis from what `flatten_hypothesis` gave.

    Raises:
        ValidationError: A field does not fit.
        KeyError: A field is missing.
    """
    fields = {name: value for name, value in plain.items() if name not in ("spans", "unverified")}
    fields |= {name: {"text": plain[name], "spans": plain["spans"][name]} for name in _HYPOTHESIS}
    for side in _SIDES:
        fields[side] = [
            {"source": one["source"], "text": {"text": one["text"], "spans": one["spans"]}, "weight": one["weight"]}
            for one in plain[side]
        ]
    if critique := fields.get("critique"):
        spans = critique["spans"]
        fields["critique"] = {
            **{name: value for name, value in critique.items() if name != "spans"},
            "counterargument": {"text": critique["counterargument"], "spans": spans["counterargument"]},
            "alternatives": [
                {"text": text, "spans": found}
                for text, found in zip(critique["alternatives"], spans["alternatives"], strict=True)
            ],
        }
    return Hypothesis.model_validate(fields)


def flatten_experiment(experiment: Experiment) -> dict[str, Any]:
    """An experiment as plain data: its texts (``procedure``, ``design``, rules) as strings, ``spans`` beside them."""
    plain = experiment.plain()
    plain["unverified"] = [figure for text in experiment_texts(experiment) for figure in text.unverified]
    plain["spans"] = {name: [one["spans"] for one in plain[name]] for name in _LISTS}
    plain |= {name: [one["text"] for one in plain[name]] for name in _LISTS}
    for name in _RULES:
        plain["spans"][name] = plain[name]["spans"] if plain[name] else []
        plain[name] = plain[name]["text"] if plain[name] else None
    return plain


def experiment_texts(experiment: Experiment) -> tuple[Text, ...]:
    """Every text of an experiment that carries figures."""
    rules = (experiment.decision_rule, experiment.stopping_rule)
    return (*experiment.procedure, *experiment.design, *(rule for rule in rules if rule is not None))


def restore_experiment(plain: dict[str, Any]) -> Experiment:
    """An experiment from what `flatten_experiment` gave.

    Raises:
        ValidationError: A field does not fit.
        KeyError: A field is missing.
    """
    fields = {name: value for name, value in plain.items() if name not in ("spans", "unverified")}
    spans = plain["spans"]
    for name in _LISTS:  # a bundle of version 0.1 has no design
        texts, found = plain.get(name, []), spans.get(name, [])
        fields[name] = [{"text": text, "spans": one} for text, one in zip(texts, found, strict=True)]
    for name in _RULES:
        if plain.get(name) is not None:
            fields[name] = {"text": plain[name], "spans": spans[name]}
    return Experiment.model_validate(fields)
