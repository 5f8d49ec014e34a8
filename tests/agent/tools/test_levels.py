"""Columns that make groups: levels, controls, and the reasons why others make none."""

from __future__ import annotations

from agent.tools.levels import grouping


def test_spellings_are_one_level_and_the_control_stands_last() -> None:
    found = grouping("treatment", ["Control", "lime", "control ", "Lime", "n.d.", "CONTROL", "lime", "", "gypsum"])
    assert {level: len(rows) for level, rows in found.members.items()} == {"lime": 3, "Control": 3}
    assert list(found.members)[-1] == "Control" and found.few == {"gypsum": 1} and found.filled == 7
    assert found.problem() == ""


def test_why_a_column_makes_no_groups() -> None:
    assert "one value only, 'rice' (4 rows)" in grouping("crop", ["rice"] * 4).problem()
    assert "fewer than 3 rows" in grouping("site", [f"S{i}" for i in range(20)]).problem()
    assert "9 values" in grouping("site", [f"S{i % 9}" for i in range(36)]).problem()
    assert "'b' (1 row)" in grouping("x", ["a", "a", "a", "b"]).problem(named=True)
    mixed = grouping("note", ["a"] * 3 + ["b"] * 3 + [f"other {i}" for i in range(9)])
    assert "most of its values" in mixed.problem() and mixed.problem(named=True) == ""
