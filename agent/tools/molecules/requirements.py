"""Requirements: constraints and objectives checked once, in the vocabulary's units, and measured against candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.errors import InputError, RepairableToolError
from agent.records import Constraint, Objective
from agent.tools.molecules.descriptors import KEYS
from agent.units import convert
from agent.vocabulary import QuantityName, by_key, title

# How far apart two values are felt to be, by key: the distance to a bound is counted in these steps.
STEP: dict[str, float] = {
    "logP": 1.0, "QED": 0.1, "mass": 50.0, "TPSA": 20.0, "HBD": 1.0, "HBA": 1.0, "rotatable_bonds": 1.0, "rings": 1.0,
    "aromatic_rings": 1.0, "heavy_atoms": 4.0, "stereocentres": 1.0, "Fsp3": 0.1, "molar_refractivity": 12.0,
    "SA_score": 0.5, "formal_charge": 1.0, "similarity": 0.1, "alerts": 1.0, "logS_ESOL": 0.7,
}  # fmt: skip

# Cheap descriptors first: a candidate that fails one of these never pays for the dear ones.
_COST: dict[str, int] = {
    "logP": 1, "logS_ESOL": 1, "molar_refractivity": 1, "SA_score": 2, "QED": 3, "alerts": 4, "predicted": 5,
    "shape_similarity": 6,
}  # fmt: skip


def _step(key: str) -> float:
    floor, ceiling = by_key()[key].bounds
    whole = 0.1 * (ceiling - floor) if floor is not None and ceiling is not None else 1.0
    return STEP.get(key, whole)


@dataclass(frozen=True)
class Bound:
    """A constraint in the vocabulary's unit.

    Attributes:
        key: The quantity.
        constraint: The bound itself, converted.
    """

    key: str
    constraint: Constraint

    def distance(self, value: float) -> float:
        """How far a value is from being admitted, in steps of the quantity; 0 if it is admitted."""
        if self.constraint.admits(value):
            return 0.0
        low, high = self.constraint.low, self.constraint.high
        gaps = [low - value if low is not None else 0.0, value - high if high is not None else 0.0, 0.0]
        return max(gaps) / STEP.get(self.key, 1.0) + 0.01

    def __str__(self) -> str:
        """The bound as people write it: ``2 ≤ logP ≤ 4``."""
        low, high, relation = self.constraint.low, self.constraint.high, self.constraint.relation
        if low is not None and high is not None:
            return f"{self.key} = {low:g}" if low == high else f"{low:g} ≤ {self.key} ≤ {high:g}"
        sign = {">": ">", "<": "<"}.get(relation, "≥" if low is not None else "≤")
        return f"{self.key} {sign} {low if low is not None else high:g}"


@dataclass(frozen=True)
class Requirements:
    """What an analogue has to meet, and what it should have.

    Attributes:
        bounds: The constraints that this room can compute, cheapest first.
        objectives: The objectives that this room can compute.
        unchecked: Quantities of the vocabulary that this room does not compute: others have to look at them.
    """

    bounds: tuple[Bound, ...]
    objectives: tuple[Objective, ...]
    unchecked: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The quantities of the bounds, cheapest first."""
        return tuple(dict.fromkeys(bound.key for bound in self.bounds))

    def distances(self, row: Mapping[str, float]) -> dict[str, float]:
        """The distance to every bound that is not met, by quantity, for the quantities that ``row`` has."""
        found: dict[str, float] = {}
        for bound in self.bounds:
            if bound.key in row and (gap := bound.distance(row[bound.key])) > 0:
                found[bound.key] = max(found.get(bound.key, 0.0), gap)
        return found


def read_requirements(
    constraints: Iterable[Constraint], objectives: Iterable[Objective] = (), also: Collection[str] = ()
) -> Requirements:
    """Check constraints and objectives and convert them to the vocabulary's units.

    Args:
        constraints: Bounds on quantities of the vocabulary.
        objectives: Quantities to push.
        also: Quantities beyond those of RDKit that the caller computes.

    Returns:
        Those on quantities that RDKit or the caller computes, ready to use; the others' names in ``unchecked``.

    Raises:
        RepairableToolError: A quantity is unknown, a unit does not fit, a bound is missing, or bounds contradict each
            other or the values that the quantity can take at all.
    """
    bounds, pushed, unchecked = [], [], []
    for constraint in constraints:
        quantity = _quantity(constraint.quantity)
        if quantity.key not in KEYS and quantity.key not in also:
            unchecked.append(quantity.key)
            continue
        bounds.append(Bound(quantity.key, _converted(constraint, quantity)))
    for objective in objectives:
        quantity = _quantity(objective.quantity)
        if quantity.key not in KEYS and quantity.key not in also:
            unchecked.append(quantity.key)
            continue
        if objective.direction == "target" and objective.target is None:
            raise RepairableToolError(
                f"objectives: {quantity.key} is to reach a target, and none is given.", remedy="Give 'target'."
            )
        target = _in_unit(objective.target, objective.unit, quantity)
        pushed.append(objective.model_copy(update={"target": target, "unit": quantity.unit}))
    _refuse_contradictions(bounds)
    bounds.sort(key=lambda bound: _COST.get(bound.key, 0))
    return Requirements(tuple(bounds), tuple(pushed), tuple(dict.fromkeys(unchecked)))


def _quantity(key: str) -> QuantityName:
    known = by_key().get(key)
    if known is None or known.domain != "chemistry":
        raise RepairableToolError(
            f"constraints: '{key}' is not a quantity of molecules.", remedy=f"Use one of: {', '.join(KEYS)}."
        )
    return known


def _in_unit(value: float | None, unit: str, quantity: QuantityName) -> float | None:
    if value is None:
        return None
    try:
        return convert(value, unit, quantity.unit)
    except InputError as error:
        raise RepairableToolError(f"constraints: {quantity.key}: {error.message}", remedy=error.remedy) from error


def _converted(constraint: Constraint, quantity: QuantityName) -> Constraint:
    unit = constraint.unit
    if unit == "1":  # a bare number is meant in the quantity's own unit
        unit = quantity.unit
    low = _in_unit(constraint.low, unit, quantity)
    high = _in_unit(constraint.high, unit, quantity)
    missing = {"<": high, "<=": high, ">": low, ">=": low}.get(
        constraint.relation, 0.0 if (low, high) != (None, None) else None
    )
    if missing is None:
        raise RepairableToolError(
            f"constraints: {quantity.key} {constraint.relation} has no number.",
            remedy="Give 'high' for < and <=, 'low' for > and >=, both for == and between.",
        )
    if constraint.relation == "==":
        low, high = (low if low is not None else high), (high if high is not None else low)
    return constraint.model_copy(update={"low": low, "high": high, "unit": quantity.unit})


def _refuse_contradictions(bounds: list[Bound]) -> None:
    for key in dict.fromkeys(bound.key for bound in bounds):
        mine = [bound for bound in bounds if bound.key == key]
        floor, ceiling = by_key()[key].bounds
        lows = [bound.constraint.low for bound in mine if bound.constraint.low is not None]
        highs = [bound.constraint.high for bound in mine if bound.constraint.high is not None]
        low, high = max(lows, default=None), min(highs, default=None)
        text = " and ".join(str(bound) for bound in mine)
        touching = low is not None and low == high and any(not bound.constraint.admits(low) for bound in mine)
        if low is not None and high is not None and (low > high or touching):
            raise RepairableToolError(
                f"constraints: {text} contradict each other; no molecule can meet both.",
                remedy="Widen or drop one of the bounds.",
            )
        if (floor is not None and high is not None and high < floor) or (
            ceiling is not None and low is not None and low > ceiling
        ):
            raise RepairableToolError(
                f"constraints: {text} cannot be met: {title(key)} lies between {floor} and {ceiling}.",
                remedy="Correct the bound.",
            )


def misses_in_words(nearest: Sequence[Mapping[str, Any]], count: int = 3) -> str:
    """The nearest misses as a reader takes them in: each molecule with what it fails, and by which value.

    Args:
        nearest: Molecules with ``smiles``, ``violated`` (quantities, or bounds and rules in words) and ``values``.
        count: How many are told.

    Returns:
        ``CCO (mass 46.07); CCN (mass 45.08, no carboxylic acid)``; empty for none.
    """
    return "; ".join(
        f"{one['smiles']} ({', '.join(_missed(str(what), one.get('values') or {}) for what in one['violated'])})"
        for one in nearest[:count]
        if one.get("violated")
    )


def _missed(what: str, values: Mapping[str, float | None]) -> str:
    key = next((key for key in values if key == what or key in what.split()), None)
    value = values.get(key) if key is not None else None
    if value is not None:
        return f"{key} {value:.4g}"
    return "a group to be avoided" if what == "avoid" else f"not {what}"


def nothing_in_words(what: str, asked: str, binding: str, nearest: Sequence[Mapping[str, Any]]) -> str:
    """That nothing meets a specification: what stands in the way, and how near the search came.

    Args:
        what: What was looked through (``2374 analogues built from aspirin``).
        asked: The specification in one line.
        binding: The bound or rule that stands in the way; empty if none can be named.
        nearest: See `misses_in_words`.
    """
    because = f": {binding} stands in the way" if binding else f" ({asked})"
    near = misses_in_words(nearest, 1)
    told = f", and the nearest miss is {near}" if near else ""
    return f"None of {what} meets everything{because}{told}. Asked for: {asked}."
