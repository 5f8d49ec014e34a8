import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.passages import (
    OVERLAP_TOKENS,
    SHORTEST_TOKENS,
    TARGET_TOKENS,
    estimate_tokens,
    passage_id,
    sentence_spans,
    split_pages,
)
from knowledge.records import Page


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It works. It fails.", ["It works.", "It fails."]),
        ("Smith et al. Found it.", ["Smith et al. Found it."]),
        ("See Fig. 2 and E. Coli strains. Next.", ["See Fig. 2 and E. Coli strains.", "Next."]),
        ("A dose of 0.5 mM was used. 25 rats died.", ["A dose of 0.5 mM was used.", "25 rats died."]),
        ("It holds vitamin C. Rats got 5 mg/L. We agree.", ["It holds vitamin C.", "Rats got 5 mg/L.", "We agree."]),
        (
            "This is the work of J. Smith and K. Lee. It works.",
            ["This is the work of J. Smith and K. Lee.", "It works."],
        ),
        ("Really?! (Yes.) No.", ["Really?!", "(Yes.)", "No."]),
        ("A heading\n\nA paragraph", ["A heading", "A paragraph"]),
        ("용해도가 낮다. 흡수도 낮다.", ["용해도가 낮다.", "흡수도 낮다."]),
        ("   ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


words = st.sampled_from(["acid", "2,4-dichlorophenol", "binds", "the", "용해도", "0.5", "mM", "x" * 700, "IL-6"])
prose = st.lists(st.lists(words, min_size=1, max_size=30).map(lambda ws: " ".join(ws) + "."), max_size=60).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(prose, max_size=3))
def test_passages_are_exact_pieces_that_cover_every_word(texts: list[str]) -> None:
    pages = [Page(text, number) for number, text in enumerate(texts, 1)]
    passages = split_pages("paper", pages)
    assert [passage.index for passage in passages] == list(range(len(passages)))
    assert len({passage.id for passage in passages}) == len(passages)
    for number, text in enumerate(texts, 1):
        covered = set()
        for passage in passages:
            if passage.page == number:
                assert text[passage.start : passage.end] == passage.text
                assert estimate_tokens(passage.text) <= TARGET_TOKENS + SHORTEST_TOKENS + 100
                covered.update(range(passage.start, passage.end))
        assert all(i in covered for i, character in enumerate(text) if not character.isspace())


def test_neighbours_overlap_by_whole_sentences() -> None:
    text = " ".join(f"Sentence number {i} says that compound {i} was tested twice in rats." for i in range(100))
    passages = split_pages("paper", [Page(text)])
    assert len(passages) > 3
    for one, other in itertools.pairwise(passages):
        shared = text[other.start : one.end]
        assert shared.startswith("Sentence") and shared.endswith(".")
        assert 0 < estimate_tokens(shared) <= OVERLAP_TOKENS


def test_an_id_depends_on_place_and_content() -> None:
    ids = {
        passage_id("a", 1, 0, "x"),
        passage_id("b", 1, 0, "x"),
        passage_id("a", 2, 0, "x"),
        passage_id("a", 1, 0, "y"),
    }
    assert len(ids) == 4
    assert passage_id("a", 1, 0, "x") in ids
