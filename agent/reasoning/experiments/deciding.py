"""How results decide, fixed before the first measurement: the rule in words and for a program, and when to stop."""

from __future__ import annotations

from agent.reasoning.experiments.arms import Arm
from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.scribe import DIFFERENCE
from agent.records import Decision, Hypothesis, Prediction, Text


def is_difference(prediction: Prediction) -> bool:
    """Whether a prediction is about a difference of two groups, and not about a level."""
    return prediction.condition.startswith(DIFFERENCE)


def decision_rule(hypothesis: Hypothesis, compared: tuple[Arm, ...], grounder: Grounder, alpha: float) -> Text:
    """The rule, fixed before the first measurement: supported, refuted, or undecided by the 95 % interval.

    Args:
        hypothesis: Whose prediction decides.
        compared: The arms.
        grounder: Writes.
        alpha: Level of the interval's test.

    Returns:
        The rule.
    """
    prediction = hypothesis.prediction
    numbers = {
        "level": number(100 * (1 - alpha), "percent", source="method:confidence level"),
        "bound": number(prediction.value, prediction.unit, source=prediction.source or "method:prediction"),
        "high": number(
            prediction.high if prediction.high is not None else prediction.value, prediction.unit,
            source=prediction.source or "method:prediction",
        ),
    }  # fmt: skip
    difference = is_difference(prediction)
    what = "the difference of the means" if difference else "the mean"
    names = {
        "what": what,
        "test": "Welch's" if difference else "Student's",
        "one": compared[0].name,
        "other": compared[-1].name,
    }
    subject = " ({{one}} minus {{other}})" if difference else " of {{one}}"
    head = (
        "Fixed beforehand: from the independent samples compute {{what}}"
        + subject
        + " and its {{level}} interval ({{test}} t). "
    )
    if prediction.relation == "between":
        body = (
            "Supported if the whole interval lies between {{bound}} and {{high}}; refuted if it lies wholly outside;"
            " else undecided: add replicates once, up to twice the planned number."
        )
    elif prediction.relation == "==":
        body = (
            "Supported if the interval contains {{bound}}; refuted if it does not; the planned number of replicates is"
            " kept."
        )
    else:
        good, bad = ("above", "at or below") if prediction.relation in (">", ">=") else ("below", "at or above")
        met = (
            f"the difference lies {good} {{{{bound}}}} and its interval excludes zero"
            if difference
            else f"the whole interval lies {good} {{{{bound}}}}"
        )
        body = (
            f"Supported if {met}; refuted if the whole interval lies {bad} {{{{bound}}}}; else undecided:"
            " add replicates once, up to twice the planned number."
        )
    return grounder.write(head + body, names, **numbers)


def decision(hypothesis: Hypothesis, compared: tuple[Arm, ...], unit: str, alpha: float) -> Decision | None:
    """The rule of `decision_rule` in a form that a program can apply.

    Args:
        hypothesis: Whose prediction decides.
        compared: The arms, the tested one first.
        unit: Of the measurement.
        alpha: Level of the interval's test.

    Returns:
        The rule; ``None`` where a difference is predicted and nothing is there to compare with.
    """
    prediction = hypothesis.prediction
    difference = is_difference(prediction)
    if difference and len(compared) < 2:
        return None
    return Decision(
        compares="difference" if difference else "level",
        arms=tuple(arm.name for arm in compared[: 2 if difference else 1]),
        quantity=prediction.quantity,
        unit=unit,
        relation=prediction.relation,
        value=prediction.value,
        high=prediction.high,
        alpha=alpha,
        spread=prediction.spread,
    )


def stopping_rule(replicates: int, grounder: Grounder) -> Text:
    """When to stop: never because of how the results look so far.

    Args:
        replicates: Independent samples a group, as planned.
        grounder: Writes.

    Returns:
        The rule.
    """
    source = "tool:size_experiment"
    return grounder.write(
        "Measure every planned sample before anything is decoded; do not look at arms in between."
        " Stop early only for safety, or when a positive or negative control fails: then discard that block,"
        " repair the method, and repeat the whole block. If the rule says undecided, extend once,"
        " from {{n}} to at most {{most}} independent samples a group, and say in the report that it was extended:"
        " a second look makes a false support more likely than the stated level. After that, undecided is the result.",
        n=number(replicates, source=source),
        most=number(2 * replicates, source=source),
    )
