"""Taking a question apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.reasoning.questions.reading import enzyme_list, enzymes, numbers, pair, read


def test_sequences_are_lifted_out_with_their_names() -> None:
    asked = read(
        "I have a plasmid pTEST01 with sequence ACGTACGTACGTACGT and pTEST02: ggccggccggccggccgg. "
        "Primer001: AUGCAUGCAUGC?",
        None,
    )
    assert [(one.name, one.letters) for one in asked.sequences] == [
        ("pTEST01", "ACGTACGTACGTACGT"),
        ("pTEST02", "GGCCGGCCGGCCGGCCGG"),
        ("Primer001", "ATGCATGCATGC"),
    ]
    assert "<1>" in asked.words
    assert "ACGT" not in asked.words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("cut with EcoRI and Hpy99XIII", ("EcoRI", "Hpy99XIII")),
        ("with Nco1, BsmBI or Sau96I", ("Nco1", "BsmBI", "Sau96I")),
        ("express a Cas9 guide under Ef1a in DNA", ()),
        ("a CRISPR gRNA and Plasmid 1", ()),
    ],
)
def test_enzymes_are_told_from_other_names(words: str, expected: tuple[str, ...]) -> None:
    assert enzymes(words) == expected


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("EcoRI and BamHI", ("EcoRI", "BamHI")), ("BsmBI", ("BsmBI",)), ("Gibson cloning", ()), ("White", ())],
)
def test_a_choice_of_enzymes_holds_nothing_else(choice: str, expected: tuple[str, ...]) -> None:
    assert enzyme_list(choice) == expected


def test_a_pair_is_two_sequences_and_no_prose() -> None:
    assert pair("ACGTACGTACGT, TTTTGGGGCCCC") == ("ACGTACGTACGT", "TTTTGGGGCCCC")
    assert pair("ACGTACGTACGT") is None
    assert pair("Cut with EcoRI, then amplify with ACGTACGTACGT and TTTTGGGGCCCC") is None


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_numbers_of_a_list_survive_printing(values: list[int]) -> None:
    assert numbers(", ".join(map(str, values))) == tuple(map(float, values))


def test_the_last_sentence_that_asks_is_what_is_wanted() -> None:
    asked = read("I cut a plasmid with EcoRI. I joined the fragments. What is the sequence?", None)
    assert asked.last == "What is the sequence?"
