"""Bootstrap intervals and balanced subsets."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.intervals import balanced, bootstrap


def test_the_interval_of_a_share_is_near_the_normal_one() -> None:
    values = [1.0] * 70 + [0.0] * 30
    found = bootstrap(values)
    assert found is not None
    half = 1.96 * math.sqrt(0.7 * 0.3 / 100)
    assert found == pytest.approx((0.7 - half, 0.7 + half), abs=0.02)
    assert bootstrap(values) == found  # seeded


def test_one_value_has_no_interval() -> None:
    assert bootstrap([0.5]) is None


@given(st.lists(st.sampled_from("abc"), max_size=40), st.one_of(st.none(), st.integers(0, 45)))
def test_a_subset_keeps_the_order_and_every_kind(cases: list[str], limit: int | None) -> None:
    numbered = list(enumerate(cases))
    chosen = balanced(numbered, lambda item: item[1], limit)
    assert chosen == sorted(chosen)
    assert len(chosen) == min(len(cases), len(cases) if limit is None else limit)
    if limit is not None and limit >= len(set(cases)):
        assert {kind for _, kind in chosen} == set(cases)
