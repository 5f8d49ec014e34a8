"""Masses of precursors for a solid-state synthesis, by conservation of every element that is weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.errors import RepairableToolError

# The solids that laboratories usually weigh for each element: stable in air and of definite composition. Carbonates,
# phosphates and the acid lose carbon dioxide, ammonia and water when fired; oxygen is taken from or given to the air.
_OXIDES = {
    "Li": "Li2CO3", "Na": "Na2CO3", "K": "K2CO3", "Rb": "Rb2CO3", "Cs": "Cs2CO3", "Mg": "MgO", "Ca": "CaCO3",
    "Sr": "SrCO3", "Ba": "BaCO3", "Sc": "Sc2O3", "Y": "Y2O3", "La": "La2O3", "Ce": "CeO2", "Pr": "Pr6O11",
    "Nd": "Nd2O3", "Sm": "Sm2O3", "Eu": "Eu2O3", "Gd": "Gd2O3", "Tb": "Tb4O7", "Dy": "Dy2O3", "Ho": "Ho2O3",
    "Er": "Er2O3", "Tm": "Tm2O3", "Yb": "Yb2O3", "Lu": "Lu2O3", "Ti": "TiO2", "Zr": "ZrO2", "Hf": "HfO2",
    "V": "V2O5", "Nb": "Nb2O5", "Ta": "Ta2O5", "Cr": "Cr2O3", "Mo": "MoO3", "W": "WO3", "Mn": "MnO2",
    "Fe": "Fe2O3", "Co": "Co3O4", "Ni": "NiO", "Cu": "CuO", "Zn": "ZnO", "Cd": "CdO", "Al": "Al2O3",
    "Ga": "Ga2O3", "In": "In2O3", "Si": "SiO2", "Ge": "GeO2", "Sn": "SnO2", "Pb": "PbO", "Sb": "Sb2O3",
    "Bi": "Bi2O3", "Te": "TeO2", "B": "H3BO3", "P": "NH4H2PO4",
}  # fmt: skip
_HALOGENS = ("F", "Cl", "Br", "I")
_VALENCE = {
    "Li": 1, "Na": 1, "K": 1, "Rb": 1, "Cs": 1, "Ag": 1, "Mg": 2, "Ca": 2, "Sr": 2, "Ba": 2, "Zn": 2, "Cd": 2,
    "Sn": 2, "Pb": 2, "Bi": 3, "Sb": 3, "In": 3, "La": 3, "Y": 3,
}  # fmt: skip
_NOT_WEIGHED = frozenset({"H", "He", "N", "O", "F", "Ne", "Cl", "Ar", "Br", "Kr", "Xe", "Rn", "Hg"})
"""Elements that are gases or liquids: a compound of theirs has to bring them."""


@dataclass(frozen=True)
class Precursor:
    """What to weigh: formula, amount in mmol, and mass in mg of the powder at its purity."""

    formula: str
    amount_mmol: float
    mass_mg: float
    purity: float


def weigh(formula: str, product_g: float, purities: Mapping[str, float] | None = None) -> tuple[Precursor, ...]:
    """The precursors of a compound and what to weigh of each.

    Args:
        formula: Of the product, such as ``BaTiO3``.
        product_g: Mass of product to make, in g.
        purities: Mass fraction by precursor formula; 1 where it is not named.

    Returns:
        The precursors, in the order of the product's elements.

    Raises:
        RepairableToolError: The formula cannot be read, a number is out of range, or no usual precursors are known.
    """
    from chemicals.elements import molecular_weight

    if not product_g > 0:
        raise RepairableToolError(f"product_mass_g: {product_g:g} is not positive")
    atoms = _parse(formula)
    needed = _precursors(formula, atoms)
    product_mmol = 1000 * product_g / molecular_weight(atoms)
    found = []
    for precursor, (element, per_product) in needed.items():
        purity = (purities or {}).get(precursor, 1.0)
        if not 0 < purity <= 1:
            raise RepairableToolError(
                f"purities: {purity:g} of {precursor} is no mass fraction", remedy="99 % is 0.99."
            )
        parts = _parse(precursor)
        amount = product_mmol * per_product / parts[element]
        found.append(Precursor(precursor, amount, amount * molecular_weight(parts) / purity, purity))
    return tuple(found)


def _parse(formula: str) -> dict[str, float]:
    from chemicals.elements import nested_formula_parser, periodic_table

    try:
        atoms = dict(nested_formula_parser(formula))
    except Exception as error:  # the parser's complaints are of many kinds
        raise RepairableToolError(f"formula: '{formula}' cannot be read", remedy="Write it as BaTiO3.") from error
    unknown = [symbol for symbol in atoms if not hasattr(periodic_table, symbol)]
    if unknown or not atoms:
        raise RepairableToolError(f"formula: '{formula}' holds {', '.join(unknown) or 'nothing'}, no element")
    return atoms


def _precursors(formula: str, atoms: Mapping[str, float]) -> dict[str, tuple[str, float]]:
    """By precursor: the element it brings, and how many of it one formula unit of the product holds."""
    halogens = [symbol for symbol in atoms if symbol in _HALOGENS]
    if "O" in atoms and not halogens:
        rest = [symbol for symbol in atoms if symbol not in ("O", "H", "C")]
        if all(symbol in _OXIDES for symbol in rest) and "H" not in atoms and "C" not in atoms:
            return {_OXIDES[symbol]: (symbol, atoms[symbol]) for symbol in rest}
    elif len(halogens) == 1 and "O" not in atoms:
        halogen = halogens[0]
        metals = [symbol for symbol in atoms if symbol != halogen]
        if all(symbol in _VALENCE for symbol in metals):
            charge = sum(atoms[symbol] * _VALENCE[symbol] for symbol in metals)
            if abs(charge - atoms[halogen]) < 1e-6:
                return {_halide(symbol, halogen): (symbol, atoms[symbol]) for symbol in metals}
    elif not any(symbol in _NOT_WEIGHED for symbol in atoms):
        return {symbol: (symbol, count) for symbol, count in atoms.items()}
    raise RepairableToolError(
        f"formula: no usual precursors are known here for {formula}",
        remedy="Choose them by the laboratory's own route; stock_solution and the molar masses help with amounts.",
    )


def _halide(metal: str, halogen: str) -> str:
    valence = _VALENCE[metal]
    return f"{metal}{halogen}{valence if valence > 1 else ''}"
