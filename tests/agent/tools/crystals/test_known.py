"""Known crystals: published structures by the matcher, compositions by name, and nothing claimed beyond."""

import pytest

from agent.errors import RepairableToolError
from agent.tools.crystals.known import check_known_crystals
from agent.tools.crystals.reference_sets import published, published_compositions, reduced

# CsCl-type MgO: the composition of periclase with another structure
CAESIUM_TYPE = "MgO\n1.0\n2.6 0 0\n0 2.6 0\n0 0 2.6\nMg O\n1 1\ndirect\n0 0 0\n0.5 0.5 0.5\n"
ROCKSALT = "MgO\n1.0\n0 2.12 2.12\n2.12 0 2.12\n2.12 2.12 0\nMg O\n1 1\ndirect\n0 0 0\n0.5 0.5 0.5\n"


def test_structure_and_composition_are_told_apart() -> None:
    result = check_known_crystals([ROCKSALT, CAESIUM_TYPE, "Mg2O2 [made up]", "LiCoO2", "Cs3Dy7Te2F11"])
    rows = result.data["rows"]
    assert [row["level"] for row in rows] == ["structure", "composition", "composition", "composition", ""]
    assert rows[0]["set"] and rows[4]["known"] == "no"
    assert result.summary.startswith("1 of 5 crystals are known structures, 3 more") and "ICSD" in result.summary
    known, other, named = (draft.labels["known"] for draft in result.candidates)
    assert known == rows[0]["known"] and other.startswith("composition: ") and named.startswith("composition: ")
    assert [draft.structure for draft in result.candidates][1:] == ["MgO [Pm-3m]", "Mg2O2 [made up]"]


def test_what_is_no_crystal_is_said() -> None:
    with pytest.raises(RepairableToolError):
        check_known_crystals([])
    with pytest.raises(RepairableToolError):
        check_known_crystals(["Xx2O3"])


def test_the_sets_hold_what_they_say() -> None:
    quartz = published(reduced({"Si": 2, "O": 4}))
    assert {"SiO2"} == {one.structure.composition.reduced_formula for one in quartz}
    assert len(published_compositions()) > 200
