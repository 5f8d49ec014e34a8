"""Enumerated compositions: every one is neutral by an independent sum, and none of a brute-force list is missing."""

from itertools import product
from math import gcd

import pytest

from agent.errors import RepairableToolError
from agent.tools.crystals.composition_tools import enumerate_compositions
from agent.tools.crystals.compositions import balanced, state_shares


def test_every_composition_is_charge_neutral_by_its_own_states():
    from pymatgen.core import Composition

    for item in balanced(["Li", "Mn", "O"], 6):
        amounts = Composition(item.formula).get_el_amt_dict()
        assert sum(item.states[symbol] * amount for symbol, amount in amounts.items()) == 0
        assert set(amounts) == {"Li", "Mn", "O"}
        assert item.atoms == sum(amounts.values())


def test_a_brute_force_search_finds_the_same_common_compositions():
    # Na is +1, O is -2, and of titanium's states those that the ICSD counts as common.
    largest = 5
    titanium = [q for (symbol, q), share in state_shares().items() if symbol == "Ti" and share >= 0.1 and q > 0]
    expected = {
        (na, ti, o)
        for na, ti, o in product(range(1, largest + 1), repeat=3)
        if gcd(gcd(na, ti), o) == 1 and any(na + q * ti == 2 * o for q in titanium)
    }
    from pymatgen.core import Composition

    found = {
        tuple(int(Composition(item.formula)[symbol]) for symbol in ("Na", "Ti", "O"))
        for item in balanced(["Na", "Ti", "O"], largest)
        if item.common
    }
    assert found == expected


def test_known_compounds_come_first():
    assert enumerate_compositions(["Ca", "Ti", "O"]).data["formulas"][0] == "CaTiO3"
    assert enumerate_compositions(["Li", "Fe", "P", "O"]).data["formulas"][0] == "LiFePO4"
    assert enumerate_compositions(["Na", "Cl"]).data["formulas"] == ["NaCl"]


def test_subsystems_and_limits():
    result = enumerate_compositions(["Li", "Mn", "O"], count=5, subsystems=True)
    assert len(result.data["formulas"]) == 5 and result.data["total"] > 5
    wide = enumerate_compositions(["Li", "Mn", "O"], count=500, subsystems=True).data["formulas"]
    assert {"MnO", "MnO2", "Mn2O3", "Li2O", "LiMnO2"} <= set(wide)


def test_no_neutral_composition_is_empty():
    result = enumerate_compositions(["Na", "K"])
    assert result.status == "empty" and result.data["formulas"] == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"elements": ["Li"]}, "1 distinct elements"),
        ({"elements": ["Li", "Xx"]}, "no element 'Xx'"),
        ({"elements": ["He", "O"]}, "cannot be enumerated"),
        ({"elements": ["Li", "O"], "max_coefficient": 0}, "max_coefficient"),
        ({"elements": ["Li", "O"], "count": 0}, "count"),
    ],
)
def test_bad_requests_get_one_clear_complaint(arguments, complaint):
    with pytest.raises(RepairableToolError, match=complaint) as caught:
        enumerate_compositions(**arguments)
    assert caught.value.remedy
