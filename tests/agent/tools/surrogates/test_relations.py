"""Relations between columns, against scipy and constructed tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agent.errors import RepairableToolError
from agent.tools.surrogates.relations import relate_columns


@pytest.fixture
def table(tmp_path: Path) -> str:
    """A cause, its effect, a bystander that goes with the cause, and noise."""
    draw = np.random.default_rng(7)
    cause = draw.normal(size=60)
    effect = 2 * cause + draw.normal(size=60) * 0.5
    beside = cause + draw.normal(size=60) * 0.8
    noise = draw.normal(size=60)
    path = tmp_path / "samples.csv"
    rows = [
        f"S{i},{a:.5f},{b:.5f},{c:.5f},{d:.5f}"
        for i, (a, b, c, d) in enumerate(zip(cause, effect, beside, noise, strict=True))
    ]
    path.write_text("sample,cause,effect_ppm,beside,noise\n" + "\n".join(rows) + "\n")
    return str(path)


def test_the_cause_is_firm_and_the_bystander_gives_way(table: str) -> None:
    found = relate_columns(table, ["effect_ppm"])
    pairs = {pair["driver"]: pair for pair in found.data["pairs"]}
    assert pairs["cause"]["q"] < 1e-6 and pairs["cause"]["rho"] > 0.9 and pairs["noise"]["q"] > 0.05
    assert pairs["cause"]["slope_low"] < 2 < pairs["cause"]["slope_high"]
    assert pairs["beside"]["rival"] == "cause" and abs(pairs["beside"]["left"]) < 0.35
    assert abs(pairs["cause"]["left"]) > 0.7
    assert {draft.kind for draft in found.candidates} == {"sample"} and found.candidates[0].structure == "S0"


def test_shares_of_a_whole_are_told(tmp_path: Path) -> None:
    draw = np.random.default_rng(1).dirichlet([3, 2, 1], size=20) * 100
    path = tmp_path / "rock.csv"
    path.write_text("SiO2_wt%,MgO_wt%,FeO_wt%\n" + "\n".join(",".join(f"{v:.3f}" for v in row) for row in draw))
    found = relate_columns(str(path))
    assert found.data["closed"] == ["SiO2_wt%", "MgO_wt%", "FeO_wt%"] and any("100 %" in w for w in found.warnings)


def test_too_little_is_said(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("a,b\n1,2\n2,3\n3,4\n")
    assert relate_columns(str(path)).status == "empty"
    with pytest.raises(RepairableToolError, match="no numeric column"):
        relate_columns(str(path), ["missing"])
