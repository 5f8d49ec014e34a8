import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lexical.tokens import STOPWORDS, tokenise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IL-6", "IL6"),
        ("TNF-α", "TNF-alpha"),
        ("β‑catenin", "beta-catenin"),  # a non-breaking hyphen
        ("Fe₂O₃", "Fe2O3"),
        ("COX-2", "cox2"),
        ("(R)-ibuprofen", "ibuprofen"),
        ("inhibitors", "inhibitor"),
        ("1,000", "1000"),
        ("수용해도가", "수용해도"),
    ],
)
def test_two_ways_of_writing_meet(one: str, other: str) -> None:
    assert set(tokenise(one)) & set(tokenise(other))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("N,N-dimethylformamide", "nndimethylformamide"),
        ("2,4-dichlorophenol", "24dichlorophenol"),
        ("Li7La3Zr2O12", "li7la3zr2o12"),
        ("CYP3A4", "cyp3a4"),
        ("p53", "p53"),
        ("0.5", "0.5"),
        ("NaCl", "nacl"),
    ],
)
def test_a_term_stays_whole(text: str, whole: str) -> None:
    assert whole in tokenise(f"We used {text} twice.")


def test_parts_are_kept_beside_the_whole() -> None:
    assert tokenise("dose-dependent") == ["dosedependent", "dose", "depend"]


def test_hangul_becomes_pairs_of_syllables() -> None:
    assert tokenise("용해도")[:2] == ["용해", "해도"]
    assert tokenise("약") == ["약"]


def test_function_words_go_but_a_gene_in_capitals_stays() -> None:
    assert tokenise("it was in the") == []
    assert tokenise("WAS mutations") != tokenise("was mutations")


@given(st.text(max_size=300))
def test_any_text_gives_clean_terms(text: str) -> None:
    for term in tokenise(text):
        assert term
        assert term == term.strip()
        assert not any(character.isspace() for character in term)
        assert term not in STOPWORDS or text != text.lower()


@given(st.text(alphabet="aB1-()[]{},.·'’:+ \n\t\u3000αⅣ²µ가\x1c", max_size=40))
def test_a_text_gives_the_terms_of_its_words(text: str) -> None:
    assert tokenise(text) == [term for word in text.split() for term in tokenise(word)]
    assert tokenise(text) == tokenise(text)  # from memory
