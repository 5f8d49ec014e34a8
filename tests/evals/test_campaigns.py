"""The campaign suites on tables made here: reading, counting, and the loop against random search."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from agent.errors import InputError
from evals.campaigns import (
    _read_csv,
    _read_described,
    campaign,
    evaluate_designs,
    evaluate_measured_tables,
    evaluate_reactions,
)
from evals.suite import Options


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    reactions = tmp_path / "edbo" / "made"
    reactions.mkdir(parents=True)
    with (reactions / "experiment_index.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["entry", "Solvent_SMILES", "Temp_C", "yield"])
        for i, (smiles, worth) in enumerate((s, t) for s in ("CCO", "CCCO", "c1ccccc1", "CC#N") for t in range(40)):
            writer.writerow([i, smiles, worth, 90 - abs(worth - 25) - 10 * len(smiles)])
    described = tmp_path / "olympus" / "valley"
    described.mkdir(parents=True)
    rng = np.random.default_rng(0)
    table = rng.random((200, 2))
    rows = [[*row, ((row - 0.6) ** 2).sum()] for row in table]
    (described / "data.csv").write_text("\n".join(",".join(map(str, row)) for row in [*rows, rows[0]]) + "\n")
    parameters = [{"name": name, "type": "continuous", "low": 0.0, "high": 1.0} for name in "ab"]
    (described / "config.json").write_text(json.dumps({"parameters": parameters, "default_goal": "minimize"}))
    designs = tmp_path / "pvlab"
    designs.mkdir()
    lines = [f"{a},{b},{(row - 0.6) @ (0.6 - row)}" for row in table for a, b in [row]]
    (designs / "designs.csv").write_text("a,b,toughness\n" + "\n".join(lines) + "\n")
    return tmp_path


def test_tables_are_read_with_types_repeats_and_direction(bench: Path) -> None:
    reactions = _read_csv(bench / "edbo" / "made" / "experiment_index.csv")
    assert (reactions.name, len(reactions.blocks), len(reactions.scores)) == ("made", 2, 160)
    assert reactions.blocks[0].shape == (160, 4)
    valley = _read_described(bench / "olympus" / "valley")
    assert len(valley.scores) == 200  # a repeated design counts once
    assert valley.scores.max() <= 0  # minimised, so more is better
    assert (valley.good(0.01), valley.random(0.01)) == (2, 67)


def test_a_campaign_tests_every_design_once(bench: Path) -> None:
    table = _read_csv(bench / "pvlab" / "designs.csv")
    rows = [row for row, _ in zip(campaign(table, 0, 5), range(60), strict=False)]
    assert len(set(rows)) == 60
    assert rows == [row for row, _ in zip(campaign(table, 0, 5), range(60), strict=False)]


def test_suites_count_tests_and_beat_random_search(bench: Path) -> None:
    lines: list[str] = []
    options = Options(bench=bench, seeds=3, workers=1, tell=lines.append)
    reactions = evaluate_reactions(options)
    assert reactions.score == reactions.scores["made: tests"]
    assert reactions.score < reactions.scores["made: random"]
    valley = evaluate_measured_tables(options)
    assert valley.score is not None and valley.score < 0.34
    assert valley.n == 3 and lines


def test_shares_grow_with_the_budget(bench: Path) -> None:
    scores = evaluate_designs(Options(bench=bench, seeds=2, workers=2))
    assert scores.score == scores.scores["share@50"]
    assert scores.scores["share@25"] <= scores.scores["share@50"] <= scores.scores["share@100"]
    low, high = scores.intervals["share@50"]
    assert low <= scores.scores["share@50"] <= high


def test_a_folder_without_tables_is_said(tmp_path: Path) -> None:
    (tmp_path / "edbo").mkdir()
    with pytest.raises(InputError, match="holds no"):
        evaluate_reactions(Options(bench=tmp_path))
