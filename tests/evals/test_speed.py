"""The speed suite measures what it says, on a small scale."""

from __future__ import annotations

import asyncio

import pytest

from evals import screening, speed
from evals.suite import Options


@pytest.fixture(scope="module")
def molecules() -> list[str]:
    """A few made molecules; making them takes a whole design search."""
    return speed.make_molecules(6)


def test_made_molecules_are_distinct_and_can_be_timed(molecules: list[str]) -> None:
    assert len(set(molecules)) == len(molecules) == 6
    ours, bare = speed.describing(molecules)
    assert ours > 0
    assert bare > 0


def test_the_bare_loop_computes_what_the_tool_computes(molecules: list[str]) -> None:
    from agent.tools import catalogue
    from agent.tools.invoke import run_tool
    from agent.tools.molecules.descriptors import ALONE

    rows = run_tool(catalogue().get("describe_molecules"), {"smiles": molecules}, {}).data["rows"]
    bare = screening.bare_descriptors()(molecules)
    keys = ("logP", "molar_refractivity", "mass", "rotatable_bonds", "heavy_atoms", "QED", "TPSA", "HBD", "HBA")
    for row, values in zip(rows, bare, strict=True):
        assert [row[key] for key in keys] == pytest.approx(values[: len(keys)])
        assert row["SA_score"] == pytest.approx(values[13])
        assert row["logS_ESOL"] == pytest.approx(values[16])
        more = ("aliphatic_rings", "heterocycles", "heteroatoms", "amide_bonds", "labute_area")
        assert [row[key] for key in more] == pytest.approx(values[17:])
        assert len(values) == len(ALONE)


def test_a_remembered_step_is_quicker_than_one_that_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "_FEW", 2)
    monkeypatch.setattr(speed, "_MANY", 12)
    step, bare, cached = asyncio.run(speed.step_times(0, workers=1))
    assert 0 < bare < 5
    assert 0 < step < 5
    assert 0 < cached < 5


def test_the_suite_adds_its_ratios_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps(repeat: int, workers: int) -> tuple[float, float, float]:
        return 0.02, 0.01, 0.005

    monkeypatch.setattr(speed, "startup", lambda: (0.3, 0.1))
    monkeypatch.setattr(speed, "step_times", steps)
    monkeypatch.setattr(speed, "make_molecules", lambda count: ["C"] * count)
    monkeypatch.setattr(speed, "describing", lambda smiles: (2.0, 1.0))
    monkeypatch.setattr(speed, "designing", lambda repeat: (3.0, 1.0 + repeat))
    monkeypatch.setattr(speed, "screening", lambda *_: [(0.8, 1.0)] * 2)
    monkeypatch.setattr(
        speed, "knowledge", lambda *_: {"ingestion": [(3.0, 2.0)] * 2, "search (p95)": [(1.0, 1.0)] * 2}
    )
    scores = speed.evaluate(Options(seeds=2))
    assert scores.scores["start-up"] == pytest.approx(3)
    assert scores.scores["step"] == pytest.approx(2)
    assert scores.scores["cached step"] == pytest.approx(0.25)
    assert scores.scores["step overhead, ms"] == pytest.approx(10)
    assert (scores.scores["design (min)"], scores.scores["design (max)"]) == (1.5, 3)
    assert scores.score == pytest.approx((3 * 2 * 0.25 * 2 * 2.25 * 0.8 * 1.5 * 1) ** (1 / 8))
    low, high = scores.intervals["speed"]
    assert low < scores.scores["speed"] < high


def test_screening_takes_the_molecules_that_packages_ship_and_is_timed() -> None:
    from evals.screening import library, screening_times

    molecules = library(Options(), 40)
    assert len(molecules) == 40
    times = asyncio.run(screening_times(molecules, 1, 1))
    assert len(times) == 1 and min(times[0]) > 0


def test_the_screening_suite_tells_both_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    from evals import screening

    async def times(smiles: list[str], workers: int, repeats: int, tell: object) -> list[screening.Times]:
        return [screening.Times(2.0, 1.8, 4.0, 3.0)] * repeats

    monkeypatch.setattr(screening, "screening_times", times)
    scores = screening.evaluate(Options(limit=30))
    assert (scores.n, scores.score) == (30, pytest.approx(0.9))
    assert scores.scores["processor time, bare over ours"] == pytest.approx(0.75)
    assert scores.scores["molecules per second"] == pytest.approx(15)
