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


@given(st.text("ACGT", min_size=40, max_size=300), st.sampled_from([10, 60]), st.booleans())
def test_blocks_and_lines_are_one_sequence(letters: str, size: int, low: bool) -> None:
    shown = "\n".join(letters[i : i + size] for i in range(0, len(letters), size))
    shown = shown.replace("\n", " ") if size == 10 else shown
    asked = read(f"Please translate {shown.lower() if low else shown}, thanks.", None)
    assert [one.letters for one in asked.sequences] == [letters]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("primers ACGTACGTACGT TTTTGGGGCCCCA and", ("ACGTACGTACGT", "TTTTGGGGCCCCA")),
        ("ggattaccag ggattaccag at 60 degrees", ("GGATTACCAGGGATTACCAG",)),
        ("codons ATG GCT AAA CCC TAA", ("ATGGCTAAACCCTAA",)),
        ("a cat can act at a gut", ()),
        ("1 gattacagat gattacagat\n21 gattaca", ("GATTACAGATGATTACAGATGATTACA",)),
        ("3'-AAAACCCCGGGG-5'", ("GGGGCCCCAAAA",)),
    ],
)
def test_what_is_one_sequence(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(one.letters for one in read(text, None).sequences) == expected


@pytest.mark.parametrize("text", ["cut with ecori", "cut with Eco RI", "cut with EcoR I", "Eco-RI", "EcoRI로 자른다"])
def test_common_enzymes_however_typed(text: str) -> None:
    assert enzymes(text) == ("EcoRI",)


def test_words_that_look_like_enzymes_are_none() -> None:
    assert enzymes("whether or not I should, or can I, use 2 vectors") == ()
