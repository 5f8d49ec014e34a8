import csv
import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.experiments import dilution_series, plate_layout, stock_solution
from agent.tools.experiments.plates_core import EMPTY, complete_blocks, lay_out, wells


def test_the_wells_of_a_plate():
    assert len(wells(96, "use")) == 96 and wells(96, "use")[0] == "A01" and wells(96, "use")[-1] == "H12"
    assert len(wells(384, "use")) == 384 and wells(384, "use")[-1] == "P24"
    assert len(wells(96, "avoid")) == 60 and wells(96, "avoid")[0] == "B02"


@given(
    st.integers(1, 40),
    st.integers(0, 4),
    st.integers(1, 6),
    st.sampled_from([96, 384]),
    st.sampled_from(["use", "avoid"]),
    st.integers(0, 5),
)
def test_every_block_holds_every_sample_once_and_no_well_is_used_twice(samples, controls, replicates, size, edge, seed):
    names, extra = [f"s{i}" for i in range(samples)], [f"k{i}" for i in range(controls)]
    placed = lay_out(complete_blocks(names, extra, replicates), size, edge, seed)
    filled = [well for well in placed if well.content != EMPTY]
    assert Counter((w.content, w.block) for w in filled) == Counter(
        (n, b) for n in names + extra for b in range(1, replicates + 1)
    )
    assert len({(w.plate, w.name) for w in placed}) == len(placed)
    if edge == "avoid":
        assert {w.name for w in filled} <= set(wells(size, "avoid"))


def test_the_layout_comes_as_csv_and_is_repeatable():
    result = plate_layout(["c1", "c2"], ["vehicle"], replicates=4, random_seed=1)
    rows = list(csv.DictReader(io.StringIO(result.artifacts[0].content)))
    assert sum(row["content"] == "c1" for row in rows) == 4
    assert result == plate_layout(["c1", "c2"], ["vehicle"], replicates=4, random_seed=1)
    assert result != plate_layout(["c1", "c2"], ["vehicle"], replicates=4, random_seed=2)
    assert result.data["plates"] == 1


def test_refuses_repeated_names_and_no_samples():
    with pytest.raises(RepairableToolError, match="twice"):
        plate_layout(["a", "a"])
    with pytest.raises(RepairableToolError, match="samples"):
        plate_layout([])
    with pytest.raises(RepairableToolError, match="replicates"):
        plate_layout(["a"], replicates=0)


def test_stock_solutions_by_hand():
    # 10 mmol/L in 1 mL is 10 µmol: 3.8137 mg of 381.37 g/mol, 4.0144 mg at 95 % purity.
    assert stock_solution(381.37).data["mass_mg"] == pytest.approx(3.8137)
    assert stock_solution(381.37, purity=0.95).data["mass_mg"] == pytest.approx(4.01442, abs=1e-5)
    assert stock_solution(100, 1, 1).warnings
    for wrong in ({"molar_mass": 0}, {"molar_mass": 1, "purity": 95}, {"molar_mass": 1, "volume_ml": -1}):
        with pytest.raises(RepairableToolError):
            stock_solution(**wrong)


@given(st.lists(st.floats(0.05, 10), min_size=1, max_size=5, unique=True), st.booleans())
def test_dilutions_conserve_the_amount_and_leave_the_volume_wanted(targets, serial):
    steps = dilution_series(10, targets, volume_ul=500, serial=serial).data["steps"]
    assert [s["concentration"] for s in steps] == sorted(targets, reverse=True)
    source = 10.0
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        total = step["transfer_ul"] + step["diluent_ul"]
        assert step["transfer_ul"] * source == pytest.approx(step["concentration"] * total)
        taken = following["transfer_ul"] if serial and following else 0.0
        assert total - taken == pytest.approx(500)
        source = step["concentration"] if serial else 10.0


def test_refuses_dilutions_that_cannot_be_pipetted():
    with pytest.raises(RepairableToolError, match="transfer"):
        dilution_series(10, [0.0001], serial=False)
    with pytest.raises(RepairableToolError, match="targets"):
        dilution_series(10, [20])
    with pytest.raises(RepairableToolError, match="targets"):
        dilution_series(10, [])
