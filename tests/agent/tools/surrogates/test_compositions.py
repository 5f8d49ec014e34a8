"""Features of compositions against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.surrogates.compositions import (
    canonical_formula,
    feature_names,
    fraction_features,
    mendeleev_profile,
    property_features,
    read_composition,
)
from agent.tools.surrogates.elements import PROPERTIES, element_table


def features(formula: str) -> dict[str, float]:
    row = property_features([read_composition(formula)])[0]
    return dict(zip(feature_names(), row, strict=True))


def test_iron_oxide_by_hand() -> None:
    found = features("Fe2O3")
    # Pauling electronegativities 1.83 and 3.44; atomic numbers 26 and 8; fractions 0.4 and 0.6.
    assert found["atomic_number, mean"] == pytest.approx(0.4 * 26 + 0.6 * 8)
    assert found["atomic_number, deviation"] == pytest.approx(0.4 * (26 - 15.2) + 0.6 * (15.2 - 8))
    assert found["X, mean"] == pytest.approx(0.4 * 1.83 + 0.6 * 3.44)
    assert found["X, least"] == pytest.approx(1.83)
    assert found["X, range"] == pytest.approx(3.44 - 1.83)
    assert found["atomic_number, mode"] == pytest.approx(8)
    assert found["elements"] == 2
    assert found["norm 2"] == pytest.approx(math.sqrt(0.4**2 + 0.6**2))
    assert found["entropy"] == pytest.approx(-(0.4 * math.log(0.4) + 0.6 * math.log(0.6)))
    character = 1 - math.exp(-0.25 * (3.44 - 1.83) ** 2)
    assert found["greatest ionic character"] == pytest.approx(character)
    assert found["mean ionic character"] == pytest.approx(2 * 0.4 * 0.6 * character)
    # Fe: 3d6 4s2; O: 2s2 2p4. In all 0.4 * 8 + 0.6 * 6 = 6.8 valence electrons.
    assert found["share of valence electrons in d"] == pytest.approx(0.4 * 6 / 6.8)
    assert found["share of valence electrons in p"] == pytest.approx(0.6 * 4 / 6.8)
    assert found["charge left over"] == pytest.approx(0)
    assert found["greatest charge"] == 3
    assert found["share of metals"] == pytest.approx(0.4)


def test_valence_electrons_of_the_blocks() -> None:
    first = PROPERTIES.index("valence_s")
    table = element_table()[:, first : first + 4]
    assert table[2].tolist() == [1, 0, 0, 0]  # Li: 2s1
    assert table[16].tolist() == [2, 5, 0, 0]  # Cl: 3s2 3p5
    assert table[28].tolist() == [1, 0, 10, 0]  # Cu: 3d10 4s1
    assert np.isfinite(element_table()).all()


def test_the_earth_mover_distance_of_neighbours_is_small() -> None:
    profile = mendeleev_profile(fraction_features([read_composition(one) for one in ("NaCl", "NaBr", "NaF", "Fe")]))
    apart = np.abs(profile[:, None] - profile[None]).sum(axis=2)
    assert apart[0, 0] == 0
    assert apart[0, 1] < apart[0, 3]
    np.testing.assert_allclose(apart, apart.T)


def test_spellings_of_a_composition_agree() -> None:
    assert canonical_formula("O3Fe2") == canonical_formula("Fe0.4O0.6") == canonical_formula("Fe4O6") == "Fe2O3"
    assert canonical_formula("Ag(AuS)2") == canonical_formula("AgAu2S2")


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(["Fe", "C", "Ni", "Cr", "O"]), st.integers(1, 30), min_size=1))
def test_canonical_formulas_keep_the_composition(amounts: dict[str, int]) -> None:
    formula = "".join(f"{symbol}{count}" for symbol, count in amounts.items())
    once = canonical_formula(formula)
    assert canonical_formula(once) == once
    for (z, share), (other, kept) in zip(read_composition(formula), read_composition(once), strict=True):
        assert z == other
        assert kept == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize("text", ["", "hello", "Xx2O", "12", "Fe2O3)"])
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(RepairableToolError):
        read_composition(text)
