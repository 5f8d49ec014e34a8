"""What is offered and how results read, without a server."""

from __future__ import annotations

import json

import pytest

from agent.records import ArtifactContent
from agent.server.offers import LONGEST, envelope, found
from agent.tools import catalogue, ok
from agent.tools.toolbox import Outcome


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("bulk modulus of a crystal", "bulk_moduli"),
        ("digest a plasmid with restriction enzymes", "digest_dna"),
        ("translate DNA into protein", "translate_dna"),
        ("X-ray diffraction pattern", "simulate_xrd"),
        ("how many replicates for a power of 0.8", "size_experiment"),
        ("similar known drugs", "find_similar_molecules"),
        ("toxicity and absorption of molecules", "estimate_admet"),
        ("passages of the lab's own documents", "search_passages"),
    ],
)
def test_tools_are_found_by_words(query: str, wanted: str) -> None:
    assert wanted in [one["name"] for one in found(catalogue(), query, 3)]


def test_words_that_mean_nothing_find_nothing() -> None:
    assert found(catalogue(), "qwertz zzyzx", 5) == []


def test_a_result_reads_short_and_holds_everything() -> None:
    drawing = ArtifactContent(name="a.svg", media_type="image/svg+xml", content="<svg/>" * 10_000)
    result = ok("Found.", data={"rows": ["x" * 100] * (LONGEST // 50)}, artifacts=[drawing])
    told = envelope(Outcome(result, 0.5, False, "key"))
    shown = json.loads(told.content[0].text)  # type: ignore[union-attr]
    assert len(told.content[0].text) < 1000  # type: ignore[union-attr]
    assert shown["artifacts"] == [{"name": "a.svg", "media_type": "image/svg+xml", "characters": 60_000}]
    assert "see the structured content" in shown["data"]
    assert told.structured_content["artifacts"][0]["content"] == drawing.content
    assert told.structured_content["data"] == result.data
    assert not told.is_error
