"""Whether documents answer a question: the two signs, and what becomes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Metadata, Page, Parsed, Store, add_documents
from knowledge.answering import answer
from knowledge.answering.extractive import DOUBTFUL, LEAST_CHANCE
from knowledge.answering.judging import BACKGROUND, Signs, chance, stands_out

share = st.floats(0, 1)


def test_the_background_is_the_fifth_other_document() -> None:
    scores = [0.9, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    owners = [0, 0, 1, 2, 2, 3, 4, 5]  # the others' best: .7 .6 .4 .3 .2
    assert stands_out(scores, owners, documents=50, complete=False) == pytest.approx(0.7)
    assert stands_out(scores[:7], owners[:7], documents=50, complete=True) == pytest.approx(0.9)
    assert stands_out(scores[:7], owners[:7], documents=50, complete=False) == pytest.approx(0.6)
    assert stands_out([], [], documents=50, complete=True) == 0


def test_a_store_of_few_documents_is_compared_passage_by_passage() -> None:
    scores = [0.9 - 0.05 * i for i in range(12)]
    assert stands_out(scores, [0] * 12, documents=BACKGROUND, complete=True) == pytest.approx(0.5)


@given(share, share, share, share, st.booleans())
def test_a_chance_grows_with_what_speaks_for_an_answer(
    score: float, ahead: float, covered: float, known: float, by_meaning: bool
) -> None:
    signs = Signs(score, ahead, covered, known)
    here = chance(signs, by_meaning=by_meaning)
    assert 0 <= here <= 1
    for better in (signs._replace(stands_out=1.0), signs._replace(covered=1.0), signs._replace(score=1.0)):
        assert chance(better, by_meaning=by_meaning) >= here
    assert chance(signs._replace(score=0.0), by_meaning=by_meaning) == 0


@pytest.fixture
def shelf(store: Store) -> Store:
    subjects = ("zeolites", "clays", "charcoal", "silica", "alumina", "resins", "membranes")
    texts = [(f"d{i}", f"Water is adsorbed by {one} in the laboratory.") for i, one in enumerate(subjects)]
    texts.append(("gold", "Chabazite loses its water of hydration at 120 °C in dry nitrogen."))
    add_documents([(name, Parsed((Page(text),), Metadata(name))) for name, text in texts], store)
    return store


def test_what_stands_out_is_found_and_its_subject_alone_is_not(shelf: Store) -> None:
    question = "Does chabazite lose its water of hydration in dry nitrogen?"
    there = answer(shelf, question)
    assert there.found and there.statements[0].document == "gold" and there.score >= DOUBTFUL
    assert not there.doubtful
    gone = answer(shelf, question, where={"document": {"$ne": "gold"}})
    assert not gone.found and gone.score < LEAST_CHANCE and gone.nearest


def test_by_words_alone_the_engine_is_not_asked(shelf: Store, engine) -> None:
    engine.texts.clear()
    assert answer(shelf, "At what temperature does chabazite lose water?", words_only=True).found
    assert engine.texts == []
    for _ in range(2):
        answer(shelf, "At what temperature does chabazite lose water?")
    assert len(engine.texts) == 1  # the same question is embedded once
