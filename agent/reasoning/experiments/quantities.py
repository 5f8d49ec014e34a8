"""Computed quantities of an experiment: what to weigh for stocks and suspensions, and what the dilutions take.

The same numbers go into the procedure's sentences, the list of materials and the robot's protocol.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.errors import ToolError
from agent.reasoning.experiments.arms import Arm
from agent.reasoning.experiments.methods import Method
from agent.reasoning.hypotheses.table import in_unit
from agent.records import Candidate, Quantity
from agent.tools.experiments.solutions_core import dilutions, stock_mass_mg
from agent.units import convert

STOCK_MM, STOCK_UL, PURITY = 10.0, 1000.0, 0.95
"""Usual stock solution: concentration in mM, volume in µL, and the purity taken until a certificate says better."""

DEAD_UL = 50.0
"""What stays behind in a tube, in µL."""

BETWEEN_UL = 100.0
"""Volume made of an intermediate dilution, in µL: more than the next step takes and a well keeps back."""

WORKING_UL = 1000.0
"""Volume of a working solution at the concentration of the assay, in µL."""

ASSAY_UL = 100.0
"""Volume in a well of the assay plate, in µL."""


@dataclass(frozen=True)
class Dilutions:
    """From the stock to the concentration of the assay, by one or two steps, in µL and mM.

    Attributes:
        between: Concentration of the intermediate in DMSO; the stock's, if none is needed.
        stock_ul: Stock for one intermediate (0 if none is needed).
        solvent_ul: DMSO for one intermediate.
        between_ul: Intermediate (or stock) for one working solution.
        buffer_ul: Buffer for one working solution.
        assay: Concentration of the working solution.
    """

    between: float
    stock_ul: float
    solvent_ul: float
    between_ul: float
    buffer_ul: float
    assay: float

    @property
    def draw_ul(self) -> float:
        """What one sample takes from the stock."""
        return self.stock_ul or self.between_ul


@dataclass(frozen=True)
class Weighing:
    """What to weigh of one item: mass in mg, its molar mass, and what it dissolves to."""

    item: str
    mass_mg: float
    molar_mass: Quantity
    volume_ul: float


def diluting(method: Method) -> Dilutions | None:
    """The dilutions of a method that starts from a stock; ``None`` if there are none, or they cannot be pipetted."""
    if not method.stock or "assay" not in method.settings:
        return None
    target = convert(*method.settings["assay"], "millimolar")
    highest = method.settings.get("dmso", (1.0, "percent"))[0] / 100
    # DMSO may be limited below what one dilution of the stock brings: an intermediate in DMSO then comes first.
    between = min(STOCK_MM, target / highest)
    volume = convert(*method.settings.get("working", (WORKING_UL, "microliter")), "microliter")
    try:
        final = dilutions(between, [target], volume, serial=False)[0]
        if between >= STOCK_MM:
            return Dilutions(between, 0.0, 0.0, final.transfer_ul, final.diluent_ul, target)
        first = dilutions(STOCK_MM, [between], BETWEEN_UL, serial=False)[0]
    except ToolError:
        return None
    return Dilutions(between, first.transfer_ul, first.diluent_ul, final.transfer_ul, final.diluent_ul, target)


def stock_volume_ul(draws: int, steps: Dilutions | None) -> float:
    """Volume of stock for a number of samples: at least the usual one, rounded up to 100 µL."""
    if steps is None:
        return STOCK_UL
    return max(STOCK_UL, math.ceil((draws * steps.draw_ul + DEAD_UL) / 100) * 100)


def stocks(
    compared: Sequence[Arm],
    per_item: Mapping[str, int],
    steps: Dilutions | None,
    references: Mapping[str, tuple[int, float]],
) -> tuple[Weighing, ...]:
    """What to weigh for the stock of each item whose molar mass is known.

    Args:
        compared: The arms.
        per_item: Independent samples of each member, by arm.
        steps: The dilutions that draw on the stocks.
        references: The reference compounds of the controls: how many samples, and the molar mass in g/mol.

    Returns:
        The weighings, in the arms' order; items of unknown molar mass are left out.
    """
    wanted = [(item, per_item[arm.name], molar_mass(arm, item)) for arm in compared for item in arm.items]
    wanted += [
        (item, count, Quantity(name="mass", value=round(mass, 2), unit="g/mol", source="tool:look_up_reagents"))
        for item, (count, mass) in references.items()
    ]
    found = []
    for item, count, mass in wanted:
        if mass is not None:
            volume = stock_volume_ul(count, steps)
            weigh = stock_mass_mg(mass.value, STOCK_MM, volume / 1000, PURITY)
            found.append(Weighing(item, round(weigh, 2), mass, volume))
    return tuple(found)


def molar_mass(arm: Arm, item: str) -> Quantity | None:
    """The molar mass of an item of an arm, in g/mol."""
    member = next((c.quantities.get("mass") for c in arm.members if c.id == item), None)
    if member is None and arm.reference and item in (arm.reference.id, arm.reference.name):
        member = arm.reference.quantities.get("mass")
    grams = in_unit(member, "g/mol") if member else None
    if member is None or grams is None or grams <= 0:
        return None
    return member if member.unit == "g/mol" else member.model_copy(update={"value": grams, "unit": "g/mol"})


def saturating_mg(arm: Arm, item: str, method: Method) -> tuple[float, Quantity] | None:
    """The solid for one saturated suspension: what is estimated to dissolve, and the method's excess.

    Args:
        arm: Which the item belongs to.
        item: A candidate's id.
        method: Measures a solubility in log10 of mol/L, with ``volume`` and ``excess`` among its settings.

    Returns:
        The mass in mg and the estimate that it rests on; ``None`` where there is no estimate or no molar mass.
    """
    member = next((c for c in arm.members if c.id == item), None)
    return saturating_candidate_mg(member, method) if member else None


def saturating_candidate_mg(candidate: Candidate, method: Method) -> tuple[float, Quantity] | None:
    """The solid for one saturated suspension of a candidate (`saturating_mg`)."""
    if method.unit != "log_molar" or not {"volume", "excess"} <= method.settings.keys():
        return None
    estimate, mass = candidate.quantities.get(method.quantity), candidate.quantities.get("mass")
    grams = in_unit(mass, "g/mol") if mass else None
    if estimate is None or not grams or estimate.unit != "log_molar":
        return None
    volume = convert(*method.settings["volume"], "mL")
    excess = convert(*method.settings["excess"], "mg")
    dissolved = 10**estimate.value * grams * volume  # mol/L x g/mol x mL = mg
    return (dissolved + excess) / PURITY, estimate
