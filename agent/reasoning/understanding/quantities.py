"""From a number as written to a number in the vocabulary's unit."""

from __future__ import annotations

import math

from agent.errors import InputError
from agent.reasoning.understanding.lexicon import COUNTED, THOUSANDS
from agent.units import compatible, convert, print_unit
from agent.vocabulary import QuantityName

TYPICAL_MASS = 400.0
"""Molar mass (g/mol) at which a solubility in mg/mL is read as one in mol/L: a druglike molecule of 300 to 500 g/mol is
off by 0.1 log units at most, a sixth of the error of the estimate."""


def by_typical_mass(unit: str | None, quantity: QuantityName) -> bool:
    """Whether a number in this unit is read by way of a typical molar mass."""
    known = unit not in (None, COUNTED, THOUSANDS) and quantity.unit == "log_molar"
    return known and compatible(str(unit), "g/L") and not compatible(str(unit), "molar")


def in_vocabulary_unit(value: float, unit: str | None, quantity: QuantityName) -> float | None:
    """Convert a number to the unit of a quantity.

    A percentage of a fraction is divided by 100; a molar concentration becomes its decimal logarithm where the
    quantity is one (a mass concentration by way of a typical molar mass); counted things (bases, residues, items) are
    pure numbers for quantities that count.

    Args:
        value: As written.
        unit: As `lexicon.unit_at` spells it, or as written; ``None`` if the goal gives none.
        quantity: What it is a value of.

    Returns:
        The value in ``quantity.unit``, or ``None`` if the unit measures something else.

    Raises:
        InputError: The unit is unknown.
    """
    if unit is None or unit == quantity.unit or (unit == "degree" and quantity.unit == "degC"):
        return value
    if unit in (COUNTED, THOUSANDS):
        if not quantity.integer:
            return None
        return value if unit == COUNTED else value * 1000
    if quantity.unit == "1":
        return value / 100 if unit == "percent" and quantity.bounds == (0, 1) else None
    if quantity.unit == "log_molar" and compatible(unit, "molar"):
        return math.log10(convert(value, unit, "molar")) if value > 0 else None
    if quantity.unit == "log_molar" and compatible(unit, "g/L"):
        return math.log10(convert(value, unit, "g/L") / TYPICAL_MASS) if value > 0 else None
    return convert(value, unit, quantity.unit) if compatible(unit, quantity.unit) else None


def within_bounds(value: float, quantity: QuantityName) -> bool:
    """Whether the quantity can take the value at all."""
    low, high = quantity.bounds
    return (low is None or value >= low) and (high is None or value <= high)


def misfit(phrase: str, unit: str, quantity: QuantityName) -> InputError:
    """The complaint about a unit that measures something else than its quantity."""
    wanted = f"in {print_unit(quantity.unit)}" if quantity.unit != "1" else "a pure number"
    molar = " or as a molar concentration (mM, µM)" if quantity.unit == "log_molar" else ""
    return InputError(
        f"'{phrase}': {quantity.title} is {wanted}, which '{print_unit(unit)}' cannot express.",
        remedy=f"Give it {wanted if quantity.unit != '1' else 'without a unit'}{molar}.",
    )
