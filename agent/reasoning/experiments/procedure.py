"""The steps of an experiment, with computed quantities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.reasoning.experiments.arms import Arm
from agent.reasoning.experiments.bench import Bench
from agent.reasoning.experiments.methods import Method
from agent.reasoning.experiments.quantities import (
    BETWEEN_UL,
    PURITY,
    STOCK_MM,
    Dilutions,
    Weighing,
    saturating_mg,
)
from agent.reasoning.experiments.samples import Arrangement
from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.scribe import significant_digits
from agent.records import Quantity, Text


@dataclass(frozen=True)
class Plan:
    """What the sentences of a plan are written from.

    Attributes:
        method: How it is measured.
        bench: What that needs.
        compared: The arms, the tested one first.
        per_item: Independent samples of each member, by arm.
        weighings: What to weigh for stocks.
        dilutions: From the stock to the assay, if there are any.
        arrangement: The samples in order.
        precursors: Lines of what to weigh for syntheses, with their source.
    """

    method: Method
    bench: Bench
    compared: tuple[Arm, ...]
    per_item: Mapping[str, int]
    weighings: tuple[Weighing, ...]
    dilutions: Dilutions | None
    arrangement: Arrangement
    precursors: tuple[tuple[str, tuple[Quantity, ...]], ...] = ()


def procedure(plan: Plan, grounder: Grounder) -> tuple[Text, ...]:
    """The steps, in order: samples, stocks, the method's own steps, acceptance and analysis.

    Args:
        plan: What is done.
        grounder: Writes.

    Returns:
        The steps; every figure is a setting of the method, or computed from values of the run.
    """
    method = plan.method
    settings = {name: number(v, unit, source=f"method:{method.method}") for name, (v, unit) in method.settings.items()}
    steps = [_samples(plan, grounder)]
    steps += _precursors(plan, grounder)
    if method.stock:
        steps += [*_stocks(plan, grounder), *_working(plan, grounder)]
    steps += _solids(plan, grounder)
    steps.append(
        grounder.write(
            "Label every vessel with its code only, and work in the order of the sample list, block by block;"
            " the key stays with somebody who does not measure."
        )
    )
    steps += [grounder.write(step, **settings) for step in method.steps]
    steps.append(
        grounder.write(
            "Enter every value into the results sheet, failed ones included. Accept a block only if its positive and"
            " negative controls lie where they should; then decode, and apply the decision rule as it stands."
        )
    )
    return tuple(steps)


def design_notes(plan: Plan, seed: int, grounder: Grounder) -> tuple[Text, ...]:
    """How the experiment guards against bias: randomisation, blinding, blocking, and the layout of plates.

    Args:
        plan: What is done.
        seed: Of the run, from which the order was drawn.
        grounder: Writes.

    Returns:
        A sentence or two each.
    """
    arranged = plan.arrangement
    source = "method:experimental design"
    notes = [
        grounder.write(
            "Randomised: {{n}} samples, controls among them, are measured in an order drawn at random within each"
            " block (seed {{seed}}); a sample's number is its place in that order.",
            n=number(len(arranged.samples), source=source),
            seed=number(seed, source="goal"),
        ),
        grounder.write(
            "Blinded: vessels and the results sheet carry codes alone; which code is which stands in the key,"
            " which is opened when every value is entered."
        ),
    ]
    if arranged.blocks > 1:
        notes.append(
            grounder.write(
                "Blocked: {{blocks}} blocks (one a {{what}}), each with every control and the replicates dealt evenly,"
                " so that a drift between blocks falls on all arms alike.",
                {"what": plan.bench.block},
                blocks=number(arranged.blocks, source=source),
            )
        )
    else:
        notes.append(
            grounder.write("One block: every member of an arm is an independent unit, and is measured once beside the"
            " controls.")
        )  # fmt: skip
    if arranged.plates:
        edge = (
            "the outer wells hold buffer, because they lose water and heat first"
            if plan.bench.edge == "avoid"
            else "outer wells are used, because the plate is sealed and only injected from"
        )
        notes.append(
            grounder.write(
                "Plates: {{plates}} of {{wells}} wells, filled in the order of measurement; {{edge}}.",
                {"edge": edge},
                plates=number(arranged.plates, source="tool:plate_layout"),
                wells=number(arranged.wells, source="tool:plate_layout"),
            )
        )
    return (*notes, *(grounder.read(note) for note in arranged.notes))


def _samples(plan: Plan, grounder: Grounder) -> Text:
    parts, numbers = [], {}
    how = "independent" if plan.method.kind == "sample" else "independently prepared"
    for index, arm in enumerate(plan.compared):
        parts.append(f"{{{{items{index}}}}} ({{{{n{index}}}}} {how} {{{{noun{index}}}}} each)")
        numbers[f"n{index}"] = number(plan.per_item[arm.name], source="tool:size_experiment")
    names = {f"items{index}": ", ".join(arm.items) for index, arm in enumerate(plan.compared)}
    names |= {
        f"noun{index}": "sample" if plan.per_item[arm.name] == 1 else "samples"
        for index, arm in enumerate(plan.compared)
    }
    return grounder.write(
        (
            "Make anew for every replicate, by weight, from one lot of each component: "
            if plan.method.kind == "recipe"
            else "Take new samples, each by itself (a second portion of one sample is none), like: "
            if plan.method.kind == "sample"
            else "Obtain, with identity and purity confirmed (NMR and LC-MS, powder XRD or sequencing, as fits): "
        )
        + "; ".join(parts)
        + (
            "; and what the controls need."
            if plan.method.kind == "sample"
            else "; and the reference compounds of the controls."
        ),
        names,
        **numbers,
    )


def _precursors(plan: Plan, grounder: Grounder) -> list[Text]:
    return [
        grounder.write(template, **{f"q{index}": quantity for index, quantity in enumerate(quantities)})
        for template, quantities in plan.precursors
    ]


def _stocks(plan: Plan, grounder: Grounder) -> list[Text]:
    """What to weigh for the stock of each item; those of unknown molar mass are named."""
    steps = []
    numbers = {
        "stock": number(STOCK_MM, "millimolar", source="method:stock solution"),
        "purity": number(100 * PURITY, "percent", source="method:stock solution"),
    }  # fmt: skip
    for one in plan.weighings:
        weigh = Quantity(name="mass to weigh", value=one.mass_mg, unit="mg", source=one.molar_mass.source)
        steps.append(
            grounder.write(
                "{{name}}: dissolve {{weigh}} ({{mass}}, purity {{purity}} taken) in DMSO and make up to {{volume}}:"
                " {{stock}}.",
                {"name": one.item},
                weigh=weigh,
                mass=one.molar_mass,
                volume=number(one.volume_ul / 1000, "mL", source="method:stock solution"),
                **numbers,
            )
        )
    weighed = {one.item for one in plan.weighings}
    left = [item for arm in plan.compared for item in arm.items if item not in weighed]
    if left:
        steps.append(
            grounder.write(
                "{{names}}: prepare {{stock}} stocks in DMSO; the molar mass is not in the table.",
                {"names": ", ".join(left)},
                stock=numbers["stock"],
            )
        )
    return steps


def _working(plan: Plan, grounder: Grounder) -> list[Text]:
    """How to come from the stock to the concentration of the assay."""
    steps, diluted = [], plan.dilutions
    if diluted is None:
        return []
    source = "tool:dilution_series"
    if diluted.stock_ul:
        steps.append(
            grounder.write(
                "For each sample anew, dilute {{take}} of its stock with {{add}} DMSO ({{made}}): {{between}}.",
                take=number(round(diluted.stock_ul, 1), "microliter", source=source),
                add=number(round(diluted.solvent_ul, 1), "microliter", source=source),
                made=number(BETWEEN_UL, "microliter", source=source),
                between=number(diluted.between, "millimolar", source=source),
            )
        )
    value, unit = plan.method.settings["assay"]
    steps.append(
        grounder.write(
            "Mix {{take}} of that with {{add}} buffer for {{assay}} in the assay; the vehicle takes DMSO,"
            " and the blank buffer, in its place.",
            take=number(round(diluted.between_ul, 1), "microliter", source=source),
            add=number(round(diluted.buffer_ul, 1), "microliter", source=source),
            assay=number(value, unit, source=f"method:{plan.method.method}"),
        )
    )
    return steps


def _solids(plan: Plan, grounder: Grounder) -> list[Text]:
    """What to weigh for each saturated suspension, from the solubility that is estimated."""
    steps = []
    for arm in plan.compared:
        for item in arm.items:
            found = saturating_mg(arm, item, plan.method)
            if found is None:
                continue
            mass, estimate = found
            steps.append(
                grounder.write(
                    "{{name}}: weigh {{weigh}} into each vial (at the estimated {{estimate}} that saturates the buffer"
                    " and leaves {{excess}} of solid, purity {{purity}} taken).",
                    {"name": item},
                    weigh=number(significant_digits(mass), "mg", source=estimate.source),
                    estimate=estimate,
                    excess=number(*plan.method.settings["excess"], source=f"method:{plan.method.method}"),
                    purity=number(100 * PURITY, "percent", source="method:stock solution"),
                )
            )
    return steps
