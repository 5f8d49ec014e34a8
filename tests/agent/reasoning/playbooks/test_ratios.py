"""Ratios of components are read from a formulation goal, and neither a component nor a response comes of them."""

from __future__ import annotations

import pytest

from agent.reasoning.playbooks.mixtures import read_ingredients
from agent.reasoning.playbooks.ratios import as_ratios, find_ratios

COMPONENTS = ("resin", "hardener", "pigment")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with a resin to pigment ratio of at least 2", ("resin", "pigment", 2.0, None)),
        ("resin:hardener ratio between 2:1 and 3:1", ("resin", "hardener", 2.0, 3.0)),
        ("keep the ratio of resin to hardener below 3", ("resin", "hardener", None, 3.0)),
        ("at least twice as much resin as pigment", ("resin", "pigment", 2.0, None)),
        ("resin/pigment >= 1.5", ("resin", "pigment", 1.5, None)),
        ("a resin-to-hardener mass ratio of 3 to 2", ("resin", "hardener", 1.5, 1.5)),
        ("a pigment to resin ratio of no more than 1:4", ("pigment", "resin", None, 0.25)),
    ],
)
def test_a_ratio_is_read(text: str, expected: tuple[str, str, float | None, float | None]) -> None:
    ratios, notes = as_ratios(find_ratios(text), COMPONENTS)
    assert [tuple(one.values()) for one in ratios] == [expected] and not notes


def test_a_molar_ratio_and_an_unknown_component_are_told() -> None:
    text = "a resin to hardener molar ratio of 1.05 and a wax to pigment ratio above 2"
    ratios, notes = as_ratios(find_ratios(text), COMPONENTS)
    assert not ratios and "by mass" in notes[0] and "'wax' is no component" in notes[1]


def test_a_word_behind_the_last_range_is_no_component() -> None:
    found, ranged = read_ingredients("resin 40-60 %, solvent 10-40 %, with high gloss")
    assert ranged and [one["name"] for one in found] == ["resin", "solvent"]
