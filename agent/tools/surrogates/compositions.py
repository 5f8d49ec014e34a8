"""Features of a composition: statistics over its elements' properties, and its fractions.

Source: the scheme of L. Ward et al., "A general-purpose machine learning framework for predicting properties of
inorganic materials", npj Computational Materials 2 (2016) 16028 (statistics, norms, orbital occupations, ionic
character), written anew on pymatgen's element data; the distance between compositions after C. J. Hargreaves et al.,
"The earth mover's distance as a metric for the space of inorganic compositions", Chem. Mater. 32 (2020) 10610.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from agent.errors import RepairableToolError
from agent.tools.surrogates.elements import HEAVIEST, PROPERTIES, common_states, element_table

NORMS = (2, 3, 5, 7, 10)
STATISTICS = ("mean", "deviation", "least", "greatest", "range", "mode")
PAIRINGS = 4000
"""Most combinations of oxidation states that are tried."""


def read_composition(formula: str) -> tuple[tuple[int, float], ...]:
    """The atomic fractions of a formula, by ascending atomic number.

    Raises:
        RepairableToolError: It is no formula of known elements.
    """
    from pymatgen.core import Composition

    try:
        found = Composition(formula.strip()).get_el_amt_dict()
        amounts = {_numbers()[symbol]: amount for symbol, amount in found.items() if amount > 0}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RepairableToolError(f"'{formula}' is not a chemical formula.", remedy="Write it as in Fe2O3.") from error
    total = sum(amounts.values())
    if not amounts or not math.isfinite(total):
        raise RepairableToolError(f"'{formula}' names no element.", remedy="Write a formula such as Fe2O3.")
    return tuple(sorted((number, amount / total) for number, amount in amounts.items()))


def canonical_formula(formula: str) -> str:
    """One spelling for all formulas of a composition.

    Simple ratios are written as integers (``Fe2O3``), others as fractions of one; elements stand in alphabetical order.

    Raises:
        RepairableToolError: It is no formula.
    """
    parts = read_composition(formula)
    least = min(share for _, share in parts)
    for times in range(1, 25):
        counts = [share / least * times for _, share in parts]
        if all(abs(count - round(count)) < 1e-4 * max(count, 1) and count < 1000 for count in counts):
            amounts = [str(round(count)) if round(count) > 1 else "" for count in counts]
            break
    else:
        amounts = [f"{share:.6g}" for _, share in parts]
    return "".join(sorted(symbol(z) + amount for (z, _), amount in zip(parts, amounts, strict=True)))


@cache
def symbol(number: int) -> str:
    """The symbol of an element by its atomic number."""
    from pymatgen.core import Element

    return Element.from_Z(number).symbol


@cache
def _numbers() -> dict[str, int]:
    return {symbol(number): number for number in range(1, HEAVIEST + 1)} | {"D": 1, "T": 1}


def feature_names() -> list[str]:
    """Names of the columns of `property_features`."""
    return [
        *(f"{name}, {statistic}" for name in PROPERTIES for statistic in STATISTICS),
        "elements", *(f"norm {order}" for order in NORMS), "entropy",
        *(f"share of valence electrons in {shell}" for shell in "spdf"),
        "greatest ionic character", "mean ionic character", "electronegativity of anions over cations",
        "share of the most electronegative element", "charge left over", "mean charge", "greatest charge",
        "greatest share", "share of metals", "mixing size mismatch",
    ]  # fmt: skip


def property_features(compositions: Sequence[tuple[tuple[int, float], ...]]) -> np.ndarray:
    """Features of compositions, shape (n, ``len(feature_names())``)."""
    rows = [_features(one) for one in compositions]
    return np.array(rows, dtype=float).reshape(len(rows), -1)


def fraction_features(compositions: Sequence[tuple[tuple[int, float], ...]]) -> np.ndarray:
    """Atomic fractions by atomic number, shape (n, ``HEAVIEST``)."""
    table = np.zeros((len(compositions), HEAVIEST))
    for row, parts in zip(table, compositions, strict=True):
        for number, share in parts:
            row[number - 1] = share
    return table


def mendeleev_profile(fractions: np.ndarray) -> np.ndarray:
    """Cumulated fractions along the Mendeleev numbers; their city-block distance is the earth mover's distance.

    Args:
        fractions: As `fraction_features` gives them.
    """
    order = element_table()[:, PROPERTIES.index("mendeleev_no")].argsort(kind="stable")
    return fractions[:, order].cumsum(axis=1)


def _features(parts: tuple[tuple[int, float], ...]) -> list[float]:
    places = np.array([number - 1 for number, _ in parts])
    shares = np.array([share for _, share in parts])
    table = element_table()[places]
    mean = shares @ table
    deviation = shares @ np.abs(table - mean)
    least, greatest = table.min(axis=0), table.max(axis=0)
    mode = table[shares >= shares.max() - 1e-9].mean(axis=0)
    statistics = np.column_stack([mean, deviation, least, greatest, greatest - least, mode]).ravel()
    norms = [float((shares**order).sum() ** (1 / order)) for order in NORMS]
    entropy = float(-(shares * np.log(shares)).sum())
    return [
        *statistics, float(len(parts)), *norms, entropy, *_orbitals(shares, table), *_ionic(shares, table),
        *_charges(parts, table), float(shares.max()), float(shares @ table[:, PROPERTIES.index("metal")]),
        _mismatch(shares, table),
    ]  # fmt: skip


def _orbitals(shares: np.ndarray, table: np.ndarray) -> list[float]:
    first = PROPERTIES.index("valence_s")
    electrons = shares @ table[:, first : first + 4]
    return list(electrons / max(electrons.sum(), 1e-9))


def _ionic(shares: np.ndarray, table: np.ndarray) -> list[float]:
    """Pauling's ionic character of the element pairs, and how far the most electronegative stands from the others."""
    pull = table[:, PROPERTIES.index("X")]
    character = 1 - np.exp(-0.25 * (pull[:, None] - pull) ** 2)
    top = pull >= pull.max() - 1e-9
    rest = (shares[~top] @ pull[~top]) / shares[~top].sum() if (~top).any() else pull.max()
    return [
        float(character.max()),
        float(shares @ character @ shares),
        float(pull.max() - rest),
        float(shares[top].sum()),
    ]


def _charges(parts: tuple[tuple[int, float], ...], table: np.ndarray) -> list[float]:
    """The best balance of common oxidation states: charge left per atom, mean and greatest absolute state."""
    choices = [common_states(number) or (0,) for number, _ in parts]
    if math.prod(len(one) for one in choices) > PAIRINGS or len(parts) == 1:
        return [0.0, 0.0, 0.0]
    shares = np.array([share for _, share in parts])
    states = np.array(list(itertools.product(*choices)), dtype=float)
    left = np.abs(states @ shares)
    # Among balanced assignments, the one whose electrons sit on the electronegative elements.
    pull = table[:, PROPERTIES.index("X")]
    strain = states @ (shares * (pull - shares @ pull))
    best = np.lexsort((strain, np.round(left, 6)))[0]
    return [float(left[best]), float(shares @ np.abs(states[best])), float(np.abs(states[best]).max())]


def _mismatch(shares: np.ndarray, table: np.ndarray) -> float:
    """The spread of atomic radii around their mean, which strains a solid solution."""
    radii = table[:, PROPERTIES.index("atomic_radius")]
    return float(np.sqrt(shares @ (1 - radii / (shares @ radii)) ** 2))
