"""Masses for stock solutions and volumes for dilutions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agent.errors import RepairableToolError

LEAST_VOLUME_UL = 1.0
"""Volumes below this, in µL, are not pipetted reliably by hand."""


def stock_mass_mg(molar_mass: float, concentration_mm: float, volume_ml: float, purity: float = 1.0) -> float:
    """The mass to weigh for a stock solution.

    Args:
        molar_mass: In g/mol, of the form that is weighed (salt and solvate included).
        concentration_mm: Wanted, in mmol/L.
        volume_ml: Wanted, in mL.
        purity: Mass fraction of the substance in what is weighed.

    Returns:
        The mass in mg.

    Raises:
        RepairableToolError: A number is not positive, or the purity is above 1.
    """
    for name, value in (("molar_mass", molar_mass), ("concentration_mm", concentration_mm), ("volume_ml", volume_ml)):
        if not (math.isfinite(value) and value > 0):
            raise RepairableToolError(f"{name}: {value:g} is not positive")
    if not 0 < purity <= 1:
        raise RepairableToolError(f"purity: {purity:g} is no mass fraction", remedy="95 % is 0.95.")
    return molar_mass * concentration_mm * 1e-3 * volume_ml / purity


@dataclass(frozen=True)
class Dilution:
    """One step: its concentration (that of the stock's unit), and what to mix, in µL, from which solution."""

    concentration: float
    source: str
    source_concentration: float
    transfer_ul: float
    diluent_ul: float


def dilutions(stock: float, targets: Sequence[float], volume_ul: float, *, serial: bool) -> list[Dilution]:
    """Volumes for a series of dilutions, by C1 V1 = C2 V2.

    Args:
        stock: Concentration of the stock.
        targets: Wanted concentrations in the stock's unit; made from high to low.
        volume_ul: Volume that must remain of each, in µL.
        serial: Whether each step is made from the one before (and so made in excess), or all from the stock.

    Returns:
        The steps, from high to low.

    Raises:
        RepairableToolError: A target is not positive or above its source, or a transfer is below what can be pipetted.
    """
    if not targets:
        raise RepairableToolError("targets: none given", remedy="Give at least one concentration.")
    if not (stock > 0 and volume_ul > 0):
        raise RepairableToolError("stock and volume_ul have to be positive")
    wanted = sorted(set(targets), reverse=True)
    if wanted[-1] <= 0 or wanted[0] > stock:
        raise RepairableToolError(
            f"targets: {wanted[-1]:g} to {wanted[0]:g} do not all lie above 0 and at most at the stock's {stock:g}"
        )
    sources = [stock, *wanted[:-1]] if serial else [stock] * len(wanted)
    # From the end back: a step also has to supply the transfer to the next one.
    made: list[Dilution] = []
    extra = 0.0
    for target, source in reversed(list(zip(wanted, sources, strict=True))):
        total = volume_ul + (extra if serial else 0.0)
        transfer = total * target / source
        if transfer < LEAST_VOLUME_UL:
            raise RepairableToolError(
                f"targets: {target:g} from {source:g} needs {transfer:.3g} µL transferred (least: {LEAST_VOLUME_UL:g})",
                remedy="Dilute serially, in smaller steps, or make a larger volume.",
            )
        name = "stock" if source == stock else f"the {source:g} solution"
        made.append(Dilution(target, name, source, transfer, total - transfer))
        extra = transfer
    return made[::-1]
