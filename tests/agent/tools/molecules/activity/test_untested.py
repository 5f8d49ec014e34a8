"""Untested combinations of groups, against a series of known additivity, and tables as laboratories write them."""

from __future__ import annotations

import itertools

import pytest
from rdkit import Chem

from agent.tools.molecules.activity.table import read_activities
from agent.tools.molecules.activity.tool import analyse_activity
from agent.tools.molecules.activity.untested import untested

LEFT = {"[H][*:1]": 0.0, "C[*:1]": 0.4, "Cl[*:1]": 0.9}
RIGHT = {"[H][*:2]": 0.0, "CO[*:2]": 0.7, "F[*:2]": -0.3}


def _series():
    pairs = [pair for pair in itertools.product(LEFT, RIGHT) if pair != ("Cl[*:1]", "CO[*:2]")]
    rows = [{"Core": "c1cc([*:1])ccc1[*:2]", "R1": left, "R2": right} for left, right in pairs]
    return rows, [5.0 + LEFT[left] + RIGHT[right] for left, right in pairs]


def test_the_combination_that_is_missing_from_an_additive_series_is_found_with_its_value():
    rows, values = _series()
    found = untested(rows, values, set())
    assert [Chem.CanonSmiles(one.smiles) for one in found] == [Chem.CanonSmiles("COc1ccc(Cl)cc1")]
    assert found[0].predicted == pytest.approx(6.6) and found[0].gain == pytest.approx(0.5)
    assert found[0].low == pytest.approx(found[0].high)  # without scatter, without doubt
    assert found[0].like == 1


def test_scatter_widens_the_interval():
    rows, values = _series()
    noisy = [value + (0.2 if place % 2 else -0.2) for place, value in enumerate(values)]
    (found,) = untested(rows, noisy, set())
    assert found.high - found.predicted > 0.5 and found.gain_error > 0.1


def test_groups_that_only_come_together_are_not_combined():
    rows = [{"Core": "c1cc([*:1])ccc1[*:2]", "R1": left, "R2": right} for left, right in zip(LEFT, RIGHT, strict=True)]
    assert untested(rows * 3, [5.0, 6.0, 7.0] * 3, set()) == []


def test_a_table_with_the_headers_of_a_laboratory_is_read(tmp_path):
    path = tmp_path / "series.csv"
    sides = {"": 0.0, "C": 0.4, "Cl": 0.9}
    lines = ["Cmpd ID;Structure (SMILES);COX2 IC50 (nM);comment"]
    number = 0
    for (left, a), (right, b) in itertools.product(sides.items(), {"": 0.0, "OC": 0.7, "F": -0.3}.items()):
        if (left, right) != ("Cl", "OC"):
            number += 1
            smiles = Chem.CanonSmiles(
                f"{left}c1ccc(C(=O)Nc2ccc({right or '[H]'})cc2)cc1".replace("c2ccc([H])cc2", "c2ccccc2")
            )
            lines.append(f"MC-{number};{smiles};{10 ** (9 - 6.0 - a - b):.4f};")
    path.write_text("\n".join(lines))
    table = read_activities(str(path))
    assert table.quantity == "COX2 pIC50" and table.molecules[0].name == "MC-1"
    result = analyse_activity(str(path), random_seed=1)
    new = result.data["untested"]
    assert new[0]["predicted"] == pytest.approx(7.6, abs=0.01)
    assert Chem.CanonSmiles(new[0]["smiles"]) == Chem.CanonSmiles("COc1ccc(NC(=O)c2ccc(Cl)cc2)cc1")
    assert any(one.structure == new[0]["smiles"] and one.labels["status"] == "untested" for one in result.candidates)
