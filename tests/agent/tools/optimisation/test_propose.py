"""What to make next, from a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agent.errors import RepairableToolError
from agent.records import Constraint, Objective
from agent.tools.optimisation.propose import propose_from_table
from agent.tools.optimisation.table_inputs import read_inputs
from agent.tools.tables import read_table


def gaps(path: Path) -> str:
    """Mixed halides with the bowing 1.55 + 0.45 x + 0.17 x^2 and an error of 5 meV."""
    draw = np.random.default_rng(3)
    lines = ["composition,Eg"]
    for x in np.linspace(0, 1, 9):
        for cs in (0.05, 0.15, 0.25):
            eg = 1.55 + 0.45 * x + 0.17 * x * x + 0.1 * cs + draw.normal(0, 0.005)
            lines.append(f"Cs{cs:.2f}FA{1 - cs:.2f}Pb(I{1 - x:.3f}Br{x:.3f})3,{eg:.3f}")
    path.write_text("\n".join(lines))
    return str(path)


def test_a_window_is_met_by_what_is_proposed_and_the_model_tells_its_error(tmp_path: Path) -> None:
    window = Constraint(quantity="Eg", relation="between", low=1.70, high=1.73)
    aim = Objective(quantity="Eg", direction="target", target=1.715)
    result = propose_from_table(gaps(tmp_path / "t.csv"), [aim], [window], ["composition"], count=3)
    check = result.data["checks"]["Eg"]
    assert check["error"] < 0.01 < check["plain"] and check["explained"] > 0.98
    for one in result.data["proposals"]:
        amounts = one["settings"]
        assert amounts["I"] + amounts["Br"] == pytest.approx(3) and amounts["Cs"] + amounts["FA"] == pytest.approx(1)
        x = amounts["Br"] / 3
        assert 1.695 < 1.55 + 0.45 * x + 0.17 * x * x + 0.1 * amounts["Cs"] < 1.735
        assert one["probability"] > 0.8 and one["point"].startswith("Cs")
    assert len({draft.structure for draft in result.candidates}) == 3


def test_shares_keep_their_sum_and_limits_of_what_is_set_are_kept(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    rows = draw.dirichlet([3, 3, 3], 18) * 100
    lines = ["Alloy,Al at%,Co at%,Ni at%,HV,n"]
    hardness = [100 + 6 * a + draw.normal(0, 5) for a, _, _ in rows]
    lines += [f"A{i},{a:.1f},{b:.1f},{c:.1f},{hardness[i]:.0f},5" for i, (a, b, c) in enumerate(rows)]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    asked = [Constraint(quantity="Co at%", relation="<", high=20), Constraint(quantity="HV", relation=">", low=2000)]
    inputs = ["Al at%", "Co at%", "Ni at%"]
    result = propose_from_table(
        str(tmp_path / "t.csv"), [Objective(quantity="HV", direction="maximise")], asked, inputs
    )
    for one in result.data["proposals"]:
        assert sum(one["settings"].values()) == pytest.approx(100) and one["settings"]["Co at%"] <= 20
        assert one["probability"] < 0.01 and one["settings"]["Al at%"] > 45
    assert any("likely to meet every limit" in warning for warning in result.warnings)


def test_a_collection_of_compounds_is_no_series(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("formula,gap\n" + "\n".join(
        f"{f},{i}" for i, f in enumerate(["NaCl", "KBr", "MgO", "CaF2", "GaAs", "ZnS", "LiI", "TiO2"])))  # fmt: skip
    table = read_table(str(tmp_path / "t.csv"), "path")
    with pytest.raises(RepairableToolError, match="different compounds"):
        read_inputs(table, [1])
