"""A specification that nothing meets says what stands in the way, and how near the search came."""

from __future__ import annotations

from agent.records import Constraint
from agent.tools.molecules.design import design_analogues
from agent.tools.molecules.enumeration.tools import enumerate_r_groups
from agent.tools.molecules.requirements import misses_in_words, nothing_in_words


def test_misses_name_the_quantity_with_its_value_and_the_rule_without() -> None:
    nearest = [
        {"smiles": "CCO", "violated": ["mass"], "values": {"mass": 46.069}},
        {"smiles": "CCN", "violated": ["logP ≥ 2", "with steroid", "avoid"], "values": {"logP": -0.035}},
    ]
    assert misses_in_words(nearest) == "CCO (mass 46.07); CCN (logP -0.035, not with steroid, a group to be avoided)"
    said = nothing_in_words("12 molecules", "mass < 40", "mass < 40", nearest)
    assert said.startswith(
        "None of 12 molecules meets everything: mass < 40 stands in the way, and the nearest miss is"
    )
    assert nothing_in_words("12 molecules", "mass < 40", "", []).count("mass < 40") == 2


def test_designs_and_enumerations_that_find_nothing_say_how_near_they_came() -> None:
    light = [Constraint(quantity="mass", relation="<", high=100)]
    for result in (
        design_analogues("CC(=O)Oc1ccccc1C(=O)O", light, count=3),
        enumerate_r_groups("[*:1]c1ccccc1C(=O)O", [["methyl", "chloro"]], light),
    ):
        assert result.status == "empty" and result.data["binding"] == "mass < 100"
        assert "mass < 100 stands in the way, and the nearest miss is" in result.summary
        assert all(one["values"]["mass"] >= 100 for one in result.data["nearest"])
