"""Hypotheses and experiments as the bundle keeps them: prose as plain strings, its figures' sources beside it."""

from __future__ import annotations

from typing import Any

from agent.records import Experiment, Hypothesis, Text

_HYPOTHESIS = ("statement", "mechanism")
_SIDES = ("evidence_for", "evidence_against")


def flatten_hypothesis(hypothesis: Hypothesis) -> dict[str, Any]:
    """A hypothesis as plain data.

    Returns:
        Its fields; ``statement``, ``mechanism`` and the text of each support are strings, ``spans`` say where the
        figures in them come from, and ``unverified`` lists those that nothing supports.
    """
    plain = hypothesis.plain()
    texts = [hypothesis.statement, hypothesis.mechanism]
    texts += [one.text for one in (*hypothesis.evidence_for, *hypothesis.evidence_against)]
    plain["spans"] = {name: plain[name]["spans"] for name in _HYPOTHESIS}
    plain |= {name: plain[name]["text"] for name in _HYPOTHESIS}
    for side in _SIDES:
        plain[side] = [{"source": one["source"], **one["text"], "weight": one["weight"]} for one in plain[side]]
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
    return Hypothesis.model_validate(fields)


def flatten_experiment(experiment: Experiment) -> dict[str, Any]:
    """An experiment as plain data: ``procedure`` as strings, ``decision_rule`` as a string, ``spans`` beside them."""
    plain = experiment.plain()
    texts: list[Text] = [*experiment.procedure, experiment.decision_rule]
    plain["spans"] = {
        "procedure": [step["spans"] for step in plain["procedure"]],
        "decision_rule": plain["decision_rule"]["spans"],
    }
    plain["procedure"] = [step["text"] for step in plain["procedure"]]
    plain["decision_rule"] = plain["decision_rule"]["text"]
    plain["unverified"] = [figure for text in texts for figure in text.unverified]
    return plain


def restore_experiment(plain: dict[str, Any]) -> Experiment:
    """An experiment from what `flatten_experiment` gave.

    Raises:
        ValidationError: A field does not fit.
        KeyError: A field is missing.
    """
    fields = {name: value for name, value in plain.items() if name not in ("spans", "unverified")}
    spans = plain["spans"]
    fields["procedure"] = [
        {"text": text, "spans": found} for text, found in zip(plain["procedure"], spans["procedure"], strict=True)
    ]
    fields["decision_rule"] = {"text": plain["decision_rule"], "spans": spans["decision_rule"]}
    return Experiment.model_validate(fields)
