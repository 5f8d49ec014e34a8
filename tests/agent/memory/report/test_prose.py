"""Prose: figures become links to their source or are marked; ids in running text are found, ring closures are not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.memory.history import History
from agent.memory.report.prose import Anchors, Segment, anchor, fill
from agent.memory.report.strings import agreeing, languages, words
from agent.records import Citation, Evidence, Span, Text

PASSAGE = Citation(document="A study", passage="doc-p1-0", page=1)


@pytest.fixture
def anchors() -> Anchors:
    return _anchors()


def _anchors() -> Anchors:
    found = Evidence(id="e1", step="s1", tool="t", status="ok", summary="", citations=(PASSAGE, PASSAGE))
    return Anchors(History(evidence={"e1": found}), ["c1", "c2"], words("en"))


def test_a_figure_links_to_its_source(anchors: Anchors) -> None:
    prose = anchors.prose(Text(text="logP is 2.5 here", spans=(Span(start=8, end=11, source="e1"),)))
    assert prose == (Segment("logP is "), Segment("2.5", "#e1", "figure", "from e1"), Segment(" here"))


@pytest.mark.parametrize(
    ("source", "href"),
    [("e1", "#e1"), ("e1.count", "#e1"), ("c2.logP", "#c2"), ("goal", "#goal"), ("doc-p1-0", "#passage-1")],
)
def test_every_kind_of_source_has_an_anchor(anchors: Anchors, source: str, href: str) -> None:
    assert anchors.href(source) == href


@pytest.mark.parametrize("source", [None, "e9", "c3", "elsewhere"])
def test_a_figure_without_a_source_in_the_report_is_unverified(anchors: Anchors, source: str | None) -> None:
    text = Text(text="about 7 of them", spans=(Span(start=6, end=7, source=source),))
    assert anchors.unverified(text) == ("7",)
    (figure,) = [segment for segment in anchors.prose(text) if segment.mark]
    assert figure.mark == "unverified" and not figure.href and "unverified" in figure.note


def test_a_passage_cited_twice_is_one_reference(anchors: Anchors) -> None:
    assert [reference.number for reference in anchors.references] == [1]
    assert anchors.label("doc-p1-0") == "[1]"


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("c1 beats c2.", ["c1", "c2"]),
        ("as e1 shows (c2)", ["e1", "c2"]),
        ("c3 and e9 are not here", []),
        ("Oc1ccccc1 and CC(C)c1 are SMILES", []),
        ("COX-2, c1ccccc1 and vitamin-c1", []),
    ],
)
def test_ids_in_running_text_are_linked_and_structures_are_not(anchors: Anchors, text: str, linked: list[str]) -> None:
    assert [segment.text for segment in anchors.prose(text) if segment.href] == linked


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=8))
def test_no_character_is_lost_whatever_the_spans(text: str, bounds: list[tuple[int, int]]) -> None:
    spans = tuple(Span(start=start, end=end, source="e1") for start, end in bounds)
    assert "".join(segment.text for segment in _anchors().prose(Text(text=text, spans=spans))) == text


def test_a_sentence_is_filled_with_segments() -> None:
    best = Segment("c1", "#c1", "reference")
    assert fill("Best is {best} of {n}.", best=best, n=3) == (
        Segment("Best is "),
        best,
        Segment(" of "),
        Segment("3"),
        Segment("."),
    )


@given(st.text(max_size=20))
def test_an_anchor_is_safe_in_an_attribute(identity: str) -> None:
    assert not set(anchor(identity)) & set("\"'<>& \t\n#%")


@pytest.mark.parametrize("language", [one for one in languages() if one != "en"])
def test_every_language_has_the_words_and_placeholders_of_the_english(language: str) -> None:
    english, other = vars(words("en")), vars(words(language))
    assert set(english) == set(other)
    for key, phrase in english.items():
        assert phrase and other[key], key
        assert sorted(re.findall(r"\{\w+\}", phrase)) == sorted(re.findall(r"\{\w+\}", other[key])), key
    assert words("ko").goal == "목표" and words("no such language") is not None


def test_a_phrase_that_counts_agrees_with_its_number() -> None:
    t = words("en")
    assert fill(t.v_examined, n=1) == (Segment("One candidate was examined."),)
    assert "".join(one.text for one in fill(t.v_examined, n=Segment("12", "#candidates"))).startswith("12 candidates")
    assert (t.more_drawings.format(n=1), t.more_drawings.format(n=2)) == ("One more drawing", "2 more drawings")
    assert agreeing("{n} kept", 1) == "{n} kept"
