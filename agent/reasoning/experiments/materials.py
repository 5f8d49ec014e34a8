"""Materials with total amounts, hazards reagent by reagent, waste streams, cost and time of an experiment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from agent.errors import GedankenError
from agent.reasoning.experiments.bench import SPARE, Bench
from agent.reasoning.experiments.methods import Method
from agent.reasoning.experiments.procedure import Plan
from agent.reasoning.experiments.quantities import saturating_mg
from agent.reasoning.experiments.samples import control_of
from agent.reasoning.hypotheses.scribe import significant_digits
from agent.reasoning.protocol import RunView
from agent.tools.experiments.ghs_table import find_reagent
from agent.units import print_value

BATCH = 60
"""Samples that one round at the bench holds: the inner wells of a plate."""


async def look_up(method: Method, bench: Bench, view: RunView) -> dict[str, dict[str, Any]]:
    """What shipped data says of every reagent and reference compound of a method, by name.

    Returns:
        The rows of the tool ``look_up_reagents``; empty if it cannot be asked.
    """
    names = [use.reagent for use in bench.uses]
    names += [item for role, item in map(control_of, method.controls) if role in ("positive", "negative")]
    names = list(dict.fromkeys(name for name in names if find_reagent(name)))
    if not names:
        return {}
    try:
        result = await view.context.call("look_up_reagents", {"reagents": names})
    except GedankenError:
        return {}
    rows = result.data.get("rows", []) if result.status in ("ok", "empty") else []
    return dict(zip(names, rows, strict=False))


def materials(plan: Plan) -> tuple[str, ...]:
    """What is needed, with total amounts for all samples and controls.

    Args:
        plan: What is done.

    Returns:
        One line each: compounds first, then reagents, then equipment.
    """
    total = len(plan.arrangement.samples)
    lines = [_compound(plan, arm_index, item) for arm_index, arm in enumerate(plan.compared) for item in arm.items]
    controls = [control_of(control) for control in plan.method.controls]
    lines += [f"{role} control: {item}" for role, item in controls]
    for use in plan.bench.uses:
        amount, unit = _round_up(total * use.amount * (1 + SPARE), use.unit)
        lines.append(
            f"{use.reagent}: {print_value(amount, unit)} ({total} samples of {print_value(use.amount, use.unit)},"
            f" {100 * SPARE:g}% spare; assumed)"
        )
    used = " ".join(use.reagent for use in plan.bench.uses).lower()
    lines += [one for one in plan.method.materials if one.lower() not in used]
    return tuple(lines)


def _compound(plan: Plan, arm: int, item: str) -> str:
    count = plan.per_item[plan.compared[arm].name]
    what = f"{item}: {count} independent sample{'s' if count > 1 else ''}"
    weighed = next((one for one in plan.weighings if one.item == item), None)
    if weighed is not None:
        return (
            f"{what}, {print_value(weighed.mass_mg, 'mg')} for a stock of {print_value(weighed.volume_ul / 1000, 'mL')}"
        )
    solid = saturating_mg(plan.compared[arm], item, plan.method)
    if solid is not None:
        return f"{what}, {print_value(significant_digits(count * solid[0] * (1 + SPARE)), 'mg')} of solid in all"
    return what


def _round_up(amount: float, unit: str) -> tuple[float, str]:
    """An amount to buy or make: two digits, rounded up."""
    if amount <= 0:
        return 0.0, unit
    digits = 10 ** (math.floor(math.log10(amount)) - 1)
    return math.ceil(round(amount / digits, 6)) * digits, unit


def hazards(plan: Plan, known: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """The method's hazards, those of each reagent, and what the run's hazard screen says of the samples.

    Args:
        plan: What is done.
        known: What `look_up` found.

    Returns:
        One line each; where there are no data, that is said: absence is never safety.
    """
    said = list(plan.method.hazards)
    if plan.method.kind == "sample":  # taken from the field or the lab's own trial: no compounds that a screen knows
        said.append(
            "The samples may hold what the table does not list: handle them by the lab's own rules for their kind."
        )
        said += [str(row["line"]) for row in known.values()]
        return tuple(dict.fromkeys((*said, "Consult the safety data sheet of every reagent of the measurement.")))
    said += [str(row["line"]) for row in known.values()]
    named = {name.lower() for name in known}
    mixtures = [use.reagent for use in plan.bench.uses if use.reagent.lower() not in named]
    references = [
        item
        for role, item in map(control_of, plan.method.controls)
        if role in ("positive", "negative") and item.lower() not in named
    ]
    without = list(dict.fromkeys([*mixtures, *references]))
    if without:
        said.append(f"{', '.join(without)}: no data in the shipped tables; consult the safety data sheet")
    screened = [c for arm in plan.compared for c in arm.members if c.labels.get("hazard")]
    for label in dict.fromkeys(candidate.labels["hazard"] for candidate in screened):
        alike = dict.fromkeys(candidate.id for candidate in screened if candidate.labels["hazard"] == label)
        said.append(
            f"{', '.join(alike)}: hazard screen says '{label}'"
            + (" (no entry of its lists; not a statement of safety)" if label == "no match" else "")
        )
    seen = {candidate.id for candidate in screened}
    missing = [item for arm in plan.compared for item in arm.items if item not in seen]
    if missing:
        said.append(f"{', '.join(missing)}: not screened by the run's hazard screen")
    said.append(
        "Consult the safety data sheet of every component, the uncured state included."
        if plan.method.kind == "recipe"
        else "New compounds have no GHS classification: treat them as hazardous, and consult the safety data sheet of"
        " every reagent."
    )
    return tuple(dict.fromkeys(said))


def waste(plan: Plan) -> tuple[str, ...]:
    """The streams of waste, with the amount of liquid to expect.

    Args:
        plan: What is done.
    """
    if plan.method.kind == "recipe":
        return ("uncured mixtures and cleaning solvents: collect as hazardous waste; cured pieces: solid waste",)
    liquid = (
        sum(use.amount for use in plan.bench.uses if use.unit == "mL") * len(plan.arrangement.samples) * (1 + SPARE)
    )
    lines = list(plan.bench.waste)
    if liquid:
        amount, _ = _round_up(liquid, "mL")
        lines.append(f"about {print_value(amount, 'mL')} of liquid in all (assumed amounts)")
    return tuple(lines)


def cost(plan: Plan) -> str:
    """Consumables of all samples and controls, as an estimate in words."""
    samples = len(plan.arrangement.samples)
    total = samples * plan.method.cost
    return (
        f"Estimate: about {print_value(total)} USD of consumables ({samples} samples with controls,"
        f" {print_value(plan.method.cost)} USD each assumed), without the compounds themselves,"
        " labour and instrument time."
    )


def duration(plan: Plan) -> str:
    """Working days at the bench, as an estimate in words."""
    batches = max(-(-len(plan.arrangement.samples) // BATCH), 1)
    days = plan.method.days * (1 + 0.5 * (batches - 1))
    return (
        f"Estimate: {print_value(days)} working days at the bench ({batches} batch{'es' if batches > 1 else ''}"
        " assumed), without making or buying the samples."
    )
