"""From a composition to candidate structures: prototypes that fit its stoichiometry, scaled by radii."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from agent.errors import RepairableToolError
from agent.tools.crystals.prototype_table import COMPOUNDS, ELEMENTS, Prototype
from agent.tools.crystals.structures import known_warnings

if TYPE_CHECKING:
    from pymatgen.core import Composition, Structure

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11,
          "XII": 12, "XIV": 14}  # fmt: skip

# Radius ratios at which a larger coordination shell stays in contact with its centre (Pauling's first rule).
_RATIO_LIMITS = ((0.225, 3), (0.414, 4), (0.732, 6), (1.0, 8))

COVALENT_BELOW = 1.0
"""Pauling electronegativity difference below which bonds are built from covalent radii."""


@dataclass(frozen=True)
class Candidate:
    """A prototype filled with the elements of a formula.

    Attributes:
        formula: Reduced formula.
        prototype: The prototype.
        structure: The conventional cell.
        roles: Element of each role.
        states: Oxidation state of each element (empty for elements).
        mismatch: How far the coordination numbers are from those that the radius ratios favour; 0 is best.
    """

    formula: str
    prototype: Prototype
    structure: Structure
    roles: dict[str, str]
    states: dict[str, float]
    mismatch: float


def read_formula(formula: str) -> Composition:
    """A formula as pymatgen's reduced composition.

    Raises:
        RepairableToolError: It cannot be read, or names an unknown element.
    """
    from pymatgen.core import Composition
    from pymatgen.core.periodic_table import DummySpecies, Element

    try:
        with known_warnings():
            composition = Composition(formula.strip(), strict=True).reduced_composition
        unknown = any(isinstance(element, DummySpecies) for element in composition)
    except Exception as error:  # the parser raises KeyError, ValueError and its own kinds
        raise RepairableToolError(
            f"The formula '{formula}' cannot be read ({error}).",
            remedy="Write element symbols and numbers, as in SrTiO3.",
        ) from error
    if not len(composition) or unknown or not all(isinstance(element, Element) for element in composition):
        raise RepairableToolError(
            f"The formula '{formula}' has no known elements in it.",
            remedy="Write element symbols and numbers, as in SrTiO3.",
        )
    return composition


def oxidation_states(composition: Composition) -> dict[str, float] | None:
    """The likeliest oxidation states that add up to zero, or ``None`` where there are none.

    Mixed valence shows as a fraction (Fe3O4: 2.67). The likelihood is pymatgen's, from the frequency of states in the
    ICSD; states that put the less electronegative element below zero are passed over.
    """
    from pymatgen.core import Element

    if len(composition) < 2:
        return None
    with known_warnings():
        guesses = composition.oxi_state_guesses(max_sites=-1)
    for guess in guesses:
        states = {str(symbol): float(state) for symbol, state in guess.items()}
        if 0 in states.values():
            continue
        highest_cation = max((Element(s).X for s, q in states.items() if q > 0), default=0.0)
        lowest_anion = min((Element(s).X for s, q in states.items() if q < 0), default=9.0)
        if highest_cation <= lowest_anion:
            return states
    return None


def candidates(formula: str) -> list[Candidate]:
    """All prototypes that fit a formula, best coordination first.

    Args:
        formula: For instance ``SrTiO3``; an element's symbol gives the elemental structures.

    Raises:
        RepairableToolError: The formula cannot be read, or cannot be charge balanced.
    """
    composition = read_formula(formula)
    reduced = composition.reduced_formula
    if len(composition) == 1:
        symbol = composition.elements[0].symbol
        return [
            Candidate(symbol, prototype, _element(prototype, symbol), {"A": symbol}, {}, 0.0) for prototype in ELEMENTS
        ]
    if any(abs(amount - round(amount)) > 1e-3 for amount in composition.values()):
        raise RepairableToolError(
            f"'{formula}' has shares of atoms: a prototype holds whole atoms.",
            remedy="Give whole numbers, or an ordered structure file.",
        )
    states = oxidation_states(composition)
    if states is None and (alloy := _half_heusler(composition)) is not None:
        return [alloy]
    if states is None:
        raise RepairableToolError(
            f"'{formula}' cannot be charge balanced with known oxidation states.",
            remedy="Give a salt, oxide, halide, nitride or the like; alloys need a structure file.",
        )
    found = [
        _fill(prototype, roles, states, reduced)
        for prototype in COMPOUNDS
        for roles in _assignments(prototype, composition, states)
    ]
    return sorted(found, key=lambda candidate: candidate.mismatch)


def _half_heusler(composition: Composition) -> Candidate | None:
    """An intermetallic XYZ as half-Heusler: the late transition metal between the lattices of the other two.

    Charges do not balance in these; the bonds are sums of Slater's radii (J. Chem. Phys. 41, 3199, 1964).
    """
    elements = list(composition.elements)
    late = [e for e in elements if e.is_transition_metal and 8 <= e.group <= 11]
    if len(elements) != 3 or any(round(n) != 1 for n in composition.values()) or len(late) != 1:
        return None
    middle = late[0]
    a, x = sorted((e for e in elements if e != middle), key=lambda e: e.X)
    if x.is_transition_metal or any(_slater(e.symbol) is None for e in elements):
        return None
    prototype = next(one for one in COMPOUNDS if one.name == "half-Heusler")
    roles = {"A": a.symbol, "B": middle.symbol, "X": x.symbol}
    bond = (_slater(middle.symbol) or 0.0) + ((_slater(a.symbol) or 0.0) + (_slater(x.symbol) or 0.0)) / 2
    structure = _scaled(_unit_cell(prototype, roles), 4 / 3**0.5 * bond)
    return Candidate(composition.reduced_formula, prototype, structure, roles, {}, 0.0)


def _assignments(prototype: Prototype, composition: Composition, states: dict[str, float]) -> Iterator[dict[str, str]]:
    """Which element takes which role: counts have to agree, charges have to have the role's sign.

    Among cations of equal count, A is the one of lower charge, then the larger one; X the anion of higher charge.
    """
    counts = {element.symbol: round(amount) for element, amount in composition.items()}
    cations = sorted((s for s in counts if states[s] > 0), key=lambda s: (states[s], -(_slater(s) or 0)))
    anions = sorted((s for s in counts if states[s] < 0), key=lambda s: states[s])
    if len(anions) != len(prototype.anions):
        return
    if len(cations) == 1 and prototype.shared and states[cations[0]] % 1:
        pool = [tuple(cations * len(prototype.cations))]
    elif len(cations) == len(prototype.cations):
        pool = list(permutations(cations))
    else:
        return
    for chosen_cations in pool:
        for chosen_anions in permutations(anions):
            roles = dict(zip((*prototype.cations, *prototype.anions), (*chosen_cations, *chosen_anions), strict=True))
            total: dict[str, int] = {}
            for role, symbol in roles.items():
                total[symbol] = total.get(symbol, 0) + prototype.counts[role]
            if total == counts:
                yield roles
                return  # permutations come in order of charge: the first that fits is the conventional one


def _fill(prototype: Prototype, roles: dict[str, str], states: dict[str, float], formula: str) -> Candidate:
    lengths: dict[tuple[str, str], float] = {}
    for cation in prototype.cations:
        for anion in prototype.anions:
            lengths[cation, anion] = bond_length(
                (roles[cation], states[roles[cation]], prototype.coordination[cation]),
                (roles[anion], states[roles[anion]], prototype.coordination[anion]),
            )
    unit = _unit_cell(prototype, roles)
    structure = _scaled(unit, _scale(prototype, lengths))
    return Candidate(formula, prototype, structure, roles, states, _mismatch(prototype, roles, states, formula))


def _mismatch(prototype: Prototype, roles: dict[str, str], states: dict[str, float], formula: str) -> float:
    """How badly the radii fit a prototype: 0 fits, -1 where the formula is the prototype's own.

    Perovskites are judged by Goldschmidt's tolerance factor, all others by Pauling's radius ratios.
    """
    if formula == read_formula(prototype.example).reduced_formula:
        return -1.0
    anion = roles[prototype.anions[0]]
    if "perovskite" in prototype.name and len(prototype.anions) == 1:
        a, b, x = (
            ionic_radius(roles["A"], states[roles["A"]], 12),
            ionic_radius(roles["B"], states[roles["B"]], 6),
            ionic_radius(anion, states[anion], 6),
        )
        if a is None or b is None or x is None:
            return 2.0
        tolerance = (a + x) / (2**0.5 * (b + x))
        low, high = (0.75, 0.97) if prototype.name.startswith("ortho") else (0.88, 1.06)
        return 10 * max(0.0, low - tolerance, tolerance - high)
    gaps = [
        abs(prototype.coordination[role] - _favoured_coordination(roles[role], anion, states))
        for role in prototype.cations
    ]
    return sum(gaps) / len(gaps)


def _unit_cell(prototype: Prototype, roles: dict[str, str]) -> Structure:
    """The conventional cell with a = 1 Å."""
    from pymatgen.core import Lattice, Structure

    b, c, alpha, beta, gamma = prototype.lattice
    return Structure.from_spacegroup(
        prototype.group,
        Lattice.from_parameters(1.0, b, c, alpha, beta, gamma),
        [roles[site[0]] for site in prototype.sites],
        [list(site[1:]) for site in prototype.sites],
        tol=1e-3,
    )


def _scaled(unit: Structure, a: float) -> Structure:
    structure = unit.copy()
    structure.scale_lattice(unit.volume * a**3)
    return structure


def _scale(prototype: Prototype, lengths: dict[tuple[str, str], float]) -> float:
    """The lattice parameter a in Å at which the mean bonds of each cation come closest to the expected lengths.

    With two anions, whose shares of the coordination differ, the shortest bond of each pair counts instead.
    """
    from pymatgen.core import Element

    # Elements by role, so that both roles of a shared element stay apart.
    stand_ins = {role: Element.from_Z(z) for z, role in enumerate(prototype.counts, start=3)}
    unit = _unit_cell(prototype, {role: element.symbol for role, element in stand_ins.items()})
    # Small cells are repeated, so that an atom's neighbours across the border count as different atoms.
    distances = (unit if len(unit) > 24 else unit * (3, 3, 3)).distance_matrix
    species = [site.specie for site in (unit if len(unit) > 24 else unit * (3, 3, 3))]
    top = bottom = 0.0
    for (cation, anion), length in lengths.items():
        rows = [i for i, specie in enumerate(species) if specie == stand_ins[cation]]
        columns = [i for i, specie in enumerate(species) if specie == stand_ins[anion]]
        block = distances[rows[:: max(1, len(rows) // 8)]][:, columns]
        shell = min(prototype.coordination[cation] if len(prototype.anions) == 1 else 1, len(columns))
        mean = float(np.sort(block, axis=1)[:, :shell].mean())
        top, bottom = top + length * mean, bottom + mean**2
    return top / bottom


def bond_length(cation: tuple[str, float, int], anion: tuple[str, float, int]) -> float:
    """The expected bond length in Å.

    Args:
        cation: Symbol, oxidation state, coordination number.
        anion: The same for the anion.

    Source:
        Shannon, Acta Cryst. A32, 751 (1976), ionic radii for the coordination; Slater, J. Chem. Phys. 41, 3199 (1964),
        where a radius is missing or the bond is covalent.
    """
    from pymatgen.core import Element

    covalent = abs(Element(cation[0]).X - Element(anion[0]).X) < COVALENT_BELOW
    radii = [ionic_radius(*cation), ionic_radius(*anion)]
    if covalent or None in radii:
        one, other = _slater(cation[0]), _slater(anion[0])
        if one is not None and other is not None:
            return one + other
    return float(sum(radius if radius is not None else 1.5 for radius in radii))


def _slater(symbol: str) -> float | None:
    from pymatgen.core import Element

    radius = Element(symbol).data.get("Atomic radius")
    return float(radius) if isinstance(radius, int | float) else None


def ionic_radius(symbol: str, state: float, coordination: int) -> float | None:
    """Shannon's ionic radius in Å for the nearest tabulated state and coordination number, high spin first."""
    from pymatgen.core import Element

    table = Element(symbol).data.get("Shannon radii") or {}
    same_sign = {int(q): rows for q, rows in table.items() if int(q) * state > 0}
    if not same_sign:
        return None
    rows = same_sign[min(same_sign, key=lambda q: abs(q - state))]
    known = {_ROMAN[name]: spins for name, spins in rows.items() if name in _ROMAN}
    if not known:
        return None
    spins = known[min(known, key=lambda cn: abs(cn - coordination))]
    row = spins.get("High Spin") or spins.get("") or next(iter(spins.values()))
    return float(row["ionic_radius"])


def _favoured_coordination(cation: str, anion: str, states: dict[str, float]) -> int:
    small, large = ionic_radius(cation, states[cation], 6), ionic_radius(anion, states[anion], 6)
    if small is None or large is None:
        return 4
    return next((number for limit, number in _RATIO_LIMITS if small / large < limit), 12)


def _element(prototype: Prototype, symbol: str) -> Structure:
    """An elemental structure with the nearest neighbours at twice the metallic (or covalent) radius."""
    from pymatgen.core import Element

    element = Element(symbol)
    metallic = element.data.get("Metallic radius")
    if prototype.name == "diamond" or not isinstance(metallic, float):
        metallic = None
    radius = float(metallic or _slater(symbol) or 1.5)
    unit = _unit_cell(prototype, {"A": symbol})
    # Twice the cell, so that an atom's own image counts as a neighbour too.
    doubled = unit * (2, 2, 2)
    shortest = float(doubled.distance_matrix[0][1:].min())
    return _scaled(unit, 2 * radius / shortest)
