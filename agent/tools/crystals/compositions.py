"""Compositions that could exist: charge neutral, with charges in the order of electronegativity."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache, reduce
from math import gcd

from agent.errors import EngineMissing, RepairableToolError

COMMON_SHARE = 0.1
"""An oxidation state is common when at least this share of an element's ions in the ICSD are in it."""


@dataclass(frozen=True)
class Composition:
    """A composition that balances.

    Attributes:
        formula: Reduced formula.
        states: Oxidation state of each element, the commonest set that balances.
        rarest: Share of the rarest state among its element's ions in the ICSD.
        atoms: Atoms in the formula unit.
    """

    formula: str
    states: dict[str, int]
    rarest: float
    atoms: int

    @property
    def common(self) -> bool:
        """Whether all of them are common states of their elements."""
        return self.rarest >= COMMON_SHARE


def balanced(elements: list[str], largest: int) -> list[Composition]:
    """All compositions of exactly these elements that pass smact's filter, the commonest states and simplest first.

    Args:
        elements: Symbols, two to five distinct ones.
        largest: Largest coefficient of an element.

    Raises:
        RepairableToolError: An unknown element, or one without known oxidation states.
        EngineMissing: smact is not installed.

    Source:
        SMACT: Davies et al., Chem 1, 617 (2016); oxidation states seen in the ICSD (2024 set); charge neutrality and
        the Pauling electronegativity order of cations and anions.
    """
    from pymatgen.core import Composition as Formula
    from pymatgen.core import Element

    for symbol in elements:
        if not Element.is_valid_symbol(symbol):
            raise RepairableToolError(f"There is no element '{symbol}'.", remedy="Use symbols such as Li, Mn, O.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the import pulls in libraries that warn of their own deprecations
            import smact
            from smact.screening import smact_filter
    except ImportError as error:
        raise EngineMissing(
            "Enumerating compositions needs the package smact, which is not installed.",
            remedy="Install the extra: pip install 'gedanken[crystals]'.",
        ) from error
    try:
        rows = smact_filter([smact.Element(symbol) for symbol in elements], threshold=largest)
    except (ValueError, NameError) as error:
        raise RepairableToolError(
            f"Compositions of {', '.join(elements)} cannot be enumerated ({error}).",
            remedy="Leave out elements without known oxidation states, such as noble gases.",
        ) from error
    shares = state_shares()
    best: dict[str, Composition] = {}
    for symbols, states, ratio in rows:
        if reduce(gcd, ratio) != 1:
            continue
        amounts = dict(zip(symbols, (int(n) for n in ratio), strict=True))
        charges = dict(zip(symbols, (int(q) for q in states), strict=True))
        rarest = min(shares.get((symbol, q), 0.0) for symbol, q in charges.items())
        found = Composition(Formula(amounts).reduced_formula, charges, rarest, sum(amounts.values()))
        known = best.get(found.formula)
        if known is None or found.rarest > known.rarest:
            best[found.formula] = found
    return sorted(best.values(), key=simplest_first)


def simplest_first(composition: Composition) -> tuple[bool, int, float, str]:
    """The order in which compositions are listed: common states, few atoms, then the less rare states."""
    return (not composition.common, composition.atoms, -composition.rarest, composition.formula)


@cache
def state_shares() -> dict[tuple[str, int], float]:
    """How often each element's ions are in an oxidation state, as a share of that element's ions in the ICSD.

    Source:
        The occurrence table that pymatgen ships for its oxidation-state guesses.
    """
    from pymatgen.core import Composition as Formula

    Formula("NaCl").oxi_state_guesses()  # loads the table on first use
    counts: dict[tuple[str, int], float] = {}
    totals: dict[str, float] = {}
    for species, count in (Formula.oxi_prob or {}).items():
        if not species.oxi_state or not float(species.oxi_state).is_integer():
            continue
        key = (species.symbol, int(species.oxi_state))
        counts[key] = counts.get(key, 0.0) + float(count)
        totals[species.symbol] = totals.get(species.symbol, 0.0) + float(count)
    return {key: count / totals[key[0]] for key, count in counts.items()}
