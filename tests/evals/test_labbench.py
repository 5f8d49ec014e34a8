"""The LAB-Bench suites on made-up rows: accuracy, precision, coverage, kinds, and the model's column."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.scripted_model import ScriptedModel, breaks, says

from agent.errors import InputError
from evals.labbench import REFUSAL, evaluate, read_rows
from evals.suite import Options


def test_figures_of_the_reasoner(labbench: Path) -> None:
    scores = evaluate(Options(bench=labbench), tag="seqqa")
    assert (scores.score, scores.n, scores.unscored) == (0.5, 4, 1)
    assert scores.scores == {
        "accuracy": 0.5,
        "precision": 1.0,
        "coverage": 0.5,
        "GC-of-made-up": 1.0,
        "unknowable": 0.0,
    }
    low, high = scores.intervals["accuracy"]
    assert 0 <= low <= 0.5 <= high <= 1
    assert sum(scores.why_unscored.values()) == 1
    assert "model_accuracy" not in scores.scores


def test_a_limit_takes_of_every_kind(labbench: Path) -> None:
    scores = evaluate(Options(bench=labbench, limit=2), tag="seqqa")
    assert (scores.n, scores.scores["GC-of-made-up"], scores.scores["unknowable"]) == (2, 1.0, 0.0)


def test_choices_are_shuffled_by_the_id_alone(labbench: Path) -> None:
    first, _ = read_rows(labbench, "seqqa")
    second, _ = read_rows(labbench, "seqqa")
    assert first == second
    assert all(one.ideal in one.choices for one in first)
    assert len(read_rows(labbench, "cloningscenarios")[0]) == 1


def test_the_model_is_scored_in_a_column_of_its_own(
    labbench: Path, scripted_model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = scripted_model.config()
    monkeypatch.setenv("OPENAI_BASE_URL", config.base_url)
    scripted_model.when("GC percent", says('{"letter": "A"}'))
    scripted_model.when("How many bases", says('{"letter": "(B)"}'))
    scripted_model.when("fruit", says('{"letter": "C"}'))
    scripted_model.when("Who made it", *[breaks(400)] * 6)
    scores = evaluate(Options(bench=labbench, model=config.model), tag="seqqa")
    asked = [request.conversation for request in scripted_model.requests]
    assert all(REFUSAL in text for text in asked)
    right = sum(1 for text, letter in zip(asked, "ABC", strict=False) if _chosen(text, letter) in text)
    assert right  # every letter stands for one of the options shown
    assert 0 <= scores.scores["model_accuracy"] <= 1
    assert scores.scores["accuracy"] == 0.5
    assert scores.why_unscored["the model gave no usable answer (its column only)"] == 1


def _chosen(text: str, letter: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"({letter})"))


def test_a_broken_line_is_named(labbench: Path) -> None:
    (labbench / "labbench" / "zzz.jsonl").write_text('{"tag": "seqqa"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"zzz\.jsonl, line 1"):
        read_rows(labbench, "seqqa")


def test_a_folder_without_rows_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row with the tag 'seqqa'"):
        read_rows(tmp_path, "seqqa")
