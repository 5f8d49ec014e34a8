"""What a goal says of planned experiments: the size of an effect, and what is varied."""

from __future__ import annotations

import pytest

from agent.reasoning.understanding.planned import find_factors, find_size


def test_an_effect_that_is_a_share_of_a_stated_mean() -> None:
    size = find_size("detect a 10 % rise of the carbon content, which is 2.1 % +/- 0.4 (SD)")
    assert size.arguments == {"effect": pytest.approx(0.21), "spread": 0.4} and size.mean == 2.1


def test_what_is_there_or_not_is_a_factor_and_a_ratio_keeps_its_name() -> None:
    found = {one["name"]: one for one in find_factors("water:Ti ratio (4 to 50), surfactant yes/no").parameters}
    assert found["water_Ti_ratio"]["high"] == 50 and found["surfactant"]["values"] == ["yes", "no"]
