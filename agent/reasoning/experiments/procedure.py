"""The steps of an experiment, with computed quantities, and the rule that decides it."""

# ruff: noqa: E501 (templates are whole sentences)

from __future__ import annotations

from agent.errors import ToolError
from agent.reasoning.experiments.arms import Arm
from agent.reasoning.experiments.methods import Method
from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.scribe import DIFFERENCE
from agent.reasoning.hypotheses.table import Table, in_unit
from agent.records import Hypothesis, Prediction, Quantity, Text
from agent.tools.experiments.solutions_core import dilutions, stock_mass_mg
from agent.units import convert

STOCK_MM, STOCK_ML, PURITY = 10.0, 1.0, 0.95
"""Usual stock solution: concentration in mM, volume in mL, and the purity taken until a certificate says better."""

WORKING_UL = 1000.0
"""Volume of a working solution, in µL."""


def procedure(
    method: Method, compared: tuple[Arm, ...], per_item: dict[str, int], table: Table, grounder: Grounder, seed: int
) -> tuple[Text, ...]:
    """The steps, in order: samples, stocks, blinding and order, the method's own steps, analysis.

    Args:
        method: How it is measured.
        compared: The arms.
        per_item: Independent samples of each member, by arm.
        table: The candidates and the reference.
        grounder: Writes.
        seed: Seeds the random order, and is written down for that reason.

    Returns:
        The steps; every figure is a setting of the method, or computed from values of the run.
    """
    settings = {name: number(v, unit, source=f"method:{method.method}") for name, (v, unit) in method.settings.items()}
    steps = [_samples(compared, per_item, grounder)]
    if method.stock:
        steps += [*_stocks(compared, grounder), *_working(method, grounder)]
    steps.append(
        grounder.write(
            "Code the samples so that whoever measures does not know them, and run them in random order (seed {{seed}}) in blocks: one "
            "replicate of every sample and control in each block. On plates, leave the outer wells to buffer (tool plate_layout).",
            seed=number(seed, source="goal"),
        )
    )
    steps += [grounder.write(step, **settings) for step in method.steps]
    steps.append(
        grounder.write(
            "Accept the run only if the positive and negative controls lie where they should; then decode, and apply the decision rule as "
            "it stands. Record every value, failed ones included."
        )
    )
    return tuple(steps)


def _samples(compared: tuple[Arm, ...], per_item: dict[str, int], grounder: Grounder) -> Text:
    parts, numbers = [], {}
    for index, arm in enumerate(compared):
        parts.append(f"{{{{items{index}}}}} ({{{{n{index}}}}} independently prepared samples each)")
        numbers[f"n{index}"] = number(per_item[arm.name], source="tool:size_experiment")
    names = {f"items{index}": ", ".join(arm.items) or arm.name for index, arm in enumerate(compared)}
    return grounder.write(
        "Obtain, with identity and purity confirmed (NMR and LC-MS, powder XRD or sequencing, as fits): "
        + "; ".join(parts)
        + ".",
        names,
        **numbers,
    )


def _stocks(compared: tuple[Arm, ...], grounder: Grounder) -> list[Text]:
    """What to weigh for the stock of each sample whose molar mass is known."""
    steps = []
    numbers = {
        "stock": number(STOCK_MM, "millimolar", source="method:stock solution"),
        "volume": number(STOCK_ML, "mL", source="method:stock solution"),
        "purity": number(100 * PURITY, "percent", source="method:stock solution"),
    }  # fmt: skip
    masses = [(c.id, c.quantities.get("mass")) for arm in compared for c in arm.members]
    masses += [
        (arm.reference.id or arm.reference.name, arm.reference.quantities.get("mass"))
        for arm in compared
        if arm.reference
    ]
    for name, mass in masses:
        grams = in_unit(mass, "g/mol") if mass else None
        if mass is None or grams is None or grams <= 0:
            steps.append(
                grounder.write(
                    "{{name}}: prepare a {{stock}} stock in DMSO; its molar mass is not in the table.",
                    {"name": name},
                    **numbers,
                )
            )
            continue
        weigh = Quantity(
            name="mass to weigh",
            value=round(stock_mass_mg(grams, STOCK_MM, STOCK_ML, PURITY), 2),
            unit="mg",
            source=mass.source,
        )
        steps.append(
            grounder.write(
                "{{name}}: dissolve {{weigh}} ({{mass}}, purity {{purity}} taken) in DMSO and make up to {{volume}}: {{stock}}.",
                {"name": name},
                weigh=weigh,
                mass=mass,
                **numbers,
            )
        )
    return steps


def _working(method: Method, grounder: Grounder) -> list[Text]:
    """How to come from the stock to the concentration of the assay."""
    if "assay" not in method.settings:
        return []
    value, unit = method.settings["assay"]
    target = convert(value, unit, "millimolar")
    highest = method.settings.get("dmso", (1.0, "percent"))[0] / 100
    # DMSO may be limited below what one dilution of the stock brings: an intermediate stock in DMSO then comes first.
    between = min(STOCK_MM, target / highest)
    try:
        final = dilutions(between, [target], WORKING_UL, serial=False)[0]
    except ToolError:
        return []
    source = "tool:dilution_series"
    steps = []
    if between < STOCK_MM:
        first = dilutions(STOCK_MM, [between], 200.0, serial=False)[0]
        steps.append(
            grounder.write(
                "Dilute {{take}} of each stock with {{add}} DMSO: {{between}}.",
                take=number(round(first.transfer_ul, 1), "microliter", source=source),
                add=number(round(first.diluent_ul, 1), "microliter", source=source),
                between=number(between, "millimolar", source=source),
            )
        )
    steps.append(
        grounder.write(
            "Mix {{take}} of that with {{add}} buffer for {{assay}} in the assay.",
            take=number(round(final.transfer_ul, 1), "microliter", source=source),
            add=number(round(final.diluent_ul, 1), "microliter", source=source),
            assay=number(value, unit, source=f"method:{method.method}"),
        )
    )
    return steps


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
        "high": number(prediction.high if prediction.high is not None else prediction.value, prediction.unit, source=prediction.source or "method:prediction"),
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
            "Supported if the whole interval lies between {{bound}} and {{high}}; refuted if it lies wholly outside; else undecided: add "
            "replicates once, up to twice the planned number."
        )
    elif prediction.relation == "==":
        body = "Supported if the interval contains {{bound}}; refuted if it does not; the planned number of replicates is kept."
    else:
        good, bad = ("above", "at or below") if prediction.relation in (">", ">=") else ("below", "at or above")
        met = (
            f"the difference lies {good} {{{{bound}}}} and its interval excludes zero"
            if difference
            else f"the whole interval lies {good} {{{{bound}}}}"
        )
        body = (
            f"Supported if {met}; refuted if the whole interval lies {bad} {{{{bound}}}}; else undecided: add replicates once, up to "
            "twice the planned number."
        )
    return grounder.write(head + body, names, **numbers)
