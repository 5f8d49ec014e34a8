"""Matching what was computed with the choices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.reasoning.questions import matching
from agent.tools.sequences.text import reverse_complement


@pytest.mark.parametrize(
    ("value", "choices", "expected"),
    [
        (48.6, ("48", "49", "24"), [1]),
        (48.5, ("48", "49", "24"), [1]),
        (48.4, ("48", "49", "24"), [0]),
        (1234.0, ("1,234", "1,235"), [0]),
        (12.0, ("11", "13"), []),
        (0.487, ("0.49", "0.48"), [0]),
    ],
)
def test_a_number_is_compared_at_the_digits_shown(value: float, choices: tuple[str, ...], expected: list[int]) -> None:
    assert matching.same_number(value, choices) == expected


@pytest.mark.parametrize(("letter", "choice"), [("H", "His"), ("H", "h"), ("V", "Valine"), ("D", "aspartate")])
def test_amino_acids_go_by_three_kinds_of_names(letter: str, choice: str) -> None:
    assert matching.same_residue(letter, ("Trp", choice, "K")) == [1]


def test_lengths_match_in_any_order_and_else_the_nearest_of_as_many() -> None:
    assert matching.same_lengths([400, 100, 250], ("250, 100, 400", "100, 252, 398")) == [0]
    assert matching.same_lengths([400, 100, 250], ("104, 250, 396", "100, 650", "102, 250, 398")) == [2]
    assert matching.same_lengths([400, 100, 250], ("150, 200, 400", "100, 650")) == []


@given(st.text("ACGT", min_size=20, max_size=60), st.integers(0, 59), st.booleans())
def test_a_circle_is_the_same_from_any_base_and_on_either_strand(ring: str, start: int, turned: bool) -> None:
    opened = ring[start % len(ring) :] + ring[: start % len(ring)]
    shown = reverse_complement(opened) if turned else opened
    assert matching.same_molecule(ring, [shown], circular=True) == [0]


def test_a_protein_is_the_same_with_and_without_its_stop() -> None:
    assert matching.same_protein("MKV", ("MKV*", "MKL*", "ATGAAAGTG")) == [0]
