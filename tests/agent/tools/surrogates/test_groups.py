"""Groups compared: published examples, scipy and statsmodels, and what swapping the groups must do."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.surrogates.contrasts import adjusted, contrast, overall_p, rank_p
from agent.tools.surrogates.groups import compare_groups
from agent.tools.surrogates.relations import relate_columns

# Student, "The probable error of a mean", Biometrika 6 (1908) 1: additional hours of sleep by two drugs.
DEXTRO = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
LAEVO = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def written(path: Path, header: str, rows: list[str]) -> str:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_welch_on_students_sleep_data() -> None:
    """The well-known answer: t = -1.8608, 17.776 degrees of freedom, p 0.07939, interval -3.3654832 to 0.2054832."""
    found = contrast(DEXTRO, LAEVO)
    assert found["difference"] == pytest.approx(-1.58)
    assert (found["low"], found["high"]) == pytest.approx((-3.3654832, 0.2054832), abs=1e-6)
    assert found["p_means"] == pytest.approx(0.07939, abs=1e-5)


def test_the_rank_test_is_exact() -> None:
    """Complete separation of 3 and 3 has p 2/20, of 4 and 4 2/70; larger ones agree with scipy, ties with counting."""
    from scipy import stats

    assert rank_p([1, 2, 3], [4, 5, 6]) == pytest.approx(0.1)
    assert rank_p([1, 2, 3, 4], [5, 6, 7, 8]) == pytest.approx(2 / 70)
    draw = np.random.default_rng(2)
    one, other = draw.normal(size=9), draw.normal(0.8, size=14)
    exact: Any = stats.mannwhitneyu(one, other, method="exact")
    assert rank_p(one.tolist(), other.tolist()) == pytest.approx(exact.pvalue)
    counted: Any = stats.PermutationMethod(n_resamples=10_000)
    tied: Any = stats.mannwhitneyu([1, 2, 2, 3], [2, 3, 3, 4], method=counted)
    assert rank_p([1, 2, 2, 3], [2, 3, 3, 4]) == pytest.approx(tied.pvalue)
    assert rank_p([1, 1], [1, 1, 1]) == 1.0


def test_hedges_g_is_cohens_d_times_its_correction() -> None:
    """Hedges (1981): 0.9576 for 18 degrees of freedom (its common approximation 1 - 3/71 is 0.9577)."""
    pooled = np.sqrt((np.var(DEXTRO, ddof=1) + np.var(LAEVO, ddof=1)) / 2)
    assert contrast(DEXTRO, LAEVO)["g"] == pytest.approx(-1.58 / pooled * 0.9576, rel=2e-4)


def test_kruskal_and_wallis() -> None:
    """Three bottle-cap machines of Kruskal and Wallis (1952): H 5.656 with 2 degrees of freedom."""
    groups = [[340, 345, 330, 342, 338], [339, 333, 344], [347, 343, 349, 355]]
    assert overall_p(groups) == pytest.approx(np.exp(-5.656 / 2), abs=5e-4)
    assert overall_p([[1, 1, 1], [1, 1, 1]]) is None


def test_adjusting_agrees_with_statsmodels_and_gives_back_what_was_put_in() -> None:
    import statsmodels.api as sm

    draw = np.random.default_rng(4)
    first = np.arange(40) < 20
    ph = draw.normal(6, 0.5, 40) - 1.2 * first
    clay = draw.normal(20, 5, 40)
    y = 3 - 0.8 * ph + 0.01 * clay + draw.normal(0, 0.1, 40)
    found = adjusted(y, first, np.array([ph, clay]), ["pH", "clay"])
    fit = sm.OLS(y, sm.add_constant(np.column_stack([first, ph, clay]).astype(float))).fit()
    assert found.difference == pytest.approx(fit.params[1]) and found.held == ("pH", "clay")
    assert (found.low, found.high) == pytest.approx(tuple(fit.conf_int()[1]))
    assert contrast(y[first].tolist(), y[~first].tolist())["low"] > 0.3
    assert found.low is not None and found.high is not None and found.low < 0 < found.high


def test_adjusting_that_cannot_be_done_says_why() -> None:
    first = np.arange(12) < 6
    y = np.arange(12.0)
    assert "determine the group" in adjusted(y, first, first.astype(float)[None, :], ["code"]).why
    assert "too few" in adjusted(y, first, np.random.default_rng(0).normal(size=(7, 12)), list("abcdefg")).why
    assert "no other numeric column" in adjusted(y, first, np.ones((1, 12)), ["constant"]).why


values = st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 3)), min_size=3, max_size=9)


@settings(max_examples=60, deadline=None)
@given(values, values)
def test_swapping_the_groups_turns_signs_and_nothing_else(one: list[float], other: list[float]) -> None:
    here, there = contrast(one, other), contrast(other, one)
    assert here["difference"] == pytest.approx(-there["difference"])
    assert here["p"] == pytest.approx(there["p"]) and here["superiority"] == pytest.approx(1 - there["superiority"])
    if here["low"] is None:
        assert there["low"] is None and there["g"] is None
    else:
        assert (here["low"], here["high"]) == pytest.approx((-there["high"], -there["low"]))
        assert here["g"] == pytest.approx(-there["g"]) and here["p_means"] == pytest.approx(there["p_means"])


@pytest.fixture
def trial(tmp_path: Path) -> str:
    """A treatment that works, one that does not, a control, gaps, and a column of names."""
    draw = np.random.default_rng(5)
    rows = [
        f"P{place},{level},{draw.normal(20, 3):.2f},{draw.normal(4 + effect, 0.3):.3f}"
        for place, (level, effect) in enumerate(
            one for one in (("control", 0), ("lime", 1), ("ash", 0)) for _ in range(9)
        )
    ]
    rows[4] = rows[4].rsplit(",", 1)[0] + ",n.d."
    return written(tmp_path / "trial.csv", "plot_name,treatment,moisture_pct,yield_t_ha", [*rows, "P99,gypsum,20,4.1"])


def test_a_trial_is_compared_pair_by_pair(trial: str) -> None:
    found = compare_groups(trial, ["yield_t_ha"])
    pairs = {(pair["first"], pair["second"]): pair for pair in found.data["comparisons"]}
    assert set(pairs) == {("lime", "ash"), ("lime", "control"), ("ash", "control")}
    lime = pairs["lime", "control"]
    assert lime["q"] < 0.01 and lime["low"] < 1 < lime["high"] and lime["n_second"] == 8
    assert lime["adjusted_low"] > 0 and lime["held"] == ["moisture_pct"] and pairs["ash", "control"]["q"] > 0.05
    assert found.data["overall"][0]["p"] < 0.001 and found.data["overall"][0]["levels"] == 3
    assert {one["reason"] for one in found.data["left_out"] if one["column"] == "plot_name"}
    assert any("gypsum" in warning for warning in found.warnings)
    assert found.summary.startswith(
        "2 of 3 comparisons of groups show a difference beyond chance: yield (t/ha) of lime minus"
    )
    table, plot = found.artifacts
    assert len(list(csv.DictReader(io.StringIO(table.content)))) == 3
    assert plot.content.count("<circle") == 26 and "lime" in plot.content


def test_samples_merge_with_those_of_the_relations(trial: str) -> None:
    here, there = compare_groups(trial).candidates, relate_columns(trial).candidates
    assert [one.structure for one in here] == [one.structure for one in there]
    assert here[0].labels == {"treatment": "control"} and here[-1].labels == {}


def test_no_difference_is_told_with_what_can_be_ruled_out(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    path = written(
        tmp_path / "soil.csv", "crop,cd_mg_kg", [f"{crop},{draw.normal(1, 0.2):.3f}" for crop in ("rice", "wheat") * 10]
    )
    found = compare_groups(path)
    pair = found.data["comparisons"][0]
    assert found.summary.startswith("No difference beyond chance: cd (mg/kg) of rice minus wheat")
    assert f"above {max(-pair['low'], pair['high']):.3g} can be ruled out" in found.summary
    assert pair["adjusted"] is None and pair["not_adjusted"]


def test_triplicates_are_judged_by_their_means(tmp_path: Path) -> None:
    rows = [f"{c},{v}" for c, held in (("Pd", (91.2, 92.8, 90.7)), ("Pt", (71.0, 74.1, 72.2))) for v in held]
    found = compare_groups(written(tmp_path / "runs.csv", "catalyst,conversion_pct", rows))
    pair = found.data["comparisons"][0]
    assert pair["p"] == pytest.approx(0.1) and pair["test"] == "Welch's t" and pair["q"] < 0.001
    assert any("Welch's t" in warning for warning in found.warnings)


def test_groups_without_scatter_and_codes_and_nothing_to_compare(tmp_path: Path) -> None:
    rows = [f"{code},{word},{value}" for code, word, value in zip("111222", "aaaaab", (1, 1, 1, 2, 2, 2), strict=True)]
    path = written(tmp_path / "coded.csv", "block,word,reading", rows)
    found = compare_groups(path, ["reading"], ["block"])
    pair = found.data["comparisons"][0]
    assert (pair["first"], pair["difference"], pair["low"], pair["g"]) == ("1", -1.0, None, None)
    assert any("without any scatter" in warning for warning in found.warnings)
    nothing = compare_groups(path)
    assert nothing.status == "empty" and "'word'" in nothing.summary
    with pytest.raises(RepairableToolError, match="no column missing"):
        compare_groups(path, [], ["missing"])
    with pytest.raises(RepairableToolError, match="no numeric column missing"):
        compare_groups(path, ["missing"], ["block"])


def test_the_same_subject_twice_is_compared_with_itself(tmp_path: Path) -> None:
    """Student's sleep data are pairs: t -4.0621 with 9 degrees of freedom, p 0.002833; Wilcoxon as scipy has it."""
    lines = [f"P{i},dextro,{a}\nP{i},laevo,{b}" for i, (a, b) in enumerate(zip(DEXTRO, LAEVO, strict=True))]
    result = compare_groups(written(tmp_path / "t.csv", "patient,drug,hours", lines), ["hours"], ["drug"])
    (pair,) = result.data["comparisons"]
    assert (pair["design"], pair["unit"], pair["units"]) == ("paired", "patient", 10)
    assert pair["p_means"] == pytest.approx(0.002833, abs=1e-6) and pair["difference"] == pytest.approx(-1.58)
    assert (pair["low"], pair["high"]) == pytest.approx((-2.4598858, -0.7001142), abs=1e-6)
    assert pair["test"] == "Wilcoxon signed-rank" and "compared with itself" in " ".join(result.warnings)


def test_blocks_are_taken_out_as_by_least_squares(tmp_path: Path) -> None:
    import statsmodels.formula.api as smf
    from pandas import DataFrame

    draw = np.random.default_rng(3)
    rows = [
        (f"B{b}", kind, 10 + 3 * b + (0.8 if kind == "new" else 0) + draw.normal(0, 0.3))
        for b in range(4) for kind in ("new", "old") for _ in range(3)
    ]  # fmt: skip
    lines = [f"{b},{kind},{y:.4f}" for b, kind, y in rows]
    result = compare_groups(written(tmp_path / "t.csv", "batch,film,pce", lines), ["pce"], ["film"])
    (pair,) = result.data["comparisons"]
    frame = DataFrame([(b, kind == "new", round(y, 4)) for b, kind, y in rows], columns=["b", "new", "y"])
    fit: Any = smf.ols("y ~ new + C(b)", frame.astype({"new": float})).fit()
    assert pair["design"] == "blocked" and pair["difference"] == pytest.approx(fit.params["new"])
    assert (pair["low"], pair["high"]) == pytest.approx(tuple(fit.conf_int().loc["new"]))
    assert pair["p_means"] == pytest.approx(fit.pvalues["new"])


def test_units_followed_over_time_count_once_each(tmp_path: Path) -> None:
    """Six cells with ten rows each are six, and their fade is compared: 0.1 against 0.05 a cycle over 90 cycles."""
    draw = np.random.default_rng(5)
    lines = [
        f"{kind}{cell},{kind},{cycle},{160 - fade * cycle + draw.normal(0, 0.2):.3f}"
        for kind, fade in (("none", 0.1), ("FEC", 0.05))
        for cell in range(3)
        for cycle in range(10, 101, 10)
    ]
    result = compare_groups(written(tmp_path / "t.csv", "cell,additive,cycle,capacity", lines), ["capacity"])
    fade = next(p for p in result.data["comparisons"] if p["outcome"] == "capacity, change over cycle 10 to 100")
    assert (fade["design"], fade["n_first"], fade["n_second"], fade["second"]) == ("unit means", 3, 3, "none")
    assert fade["difference"] == pytest.approx(4.5, abs=0.5)
    assert len(result.candidates) == 6


def test_values_below_a_limit_widen_the_interval_and_blanks_are_no_samples(tmp_path: Path) -> None:
    lines = ["site,kind,Pb", ",,ug/L"]
    lines += [f"up,sample,{v}" for v in ("<0.5", "<0.5", "0.7", "0.9", "0.6", "<0.5")]
    lines += [f"down,sample,{v}" for v in ("3.1", "2.2", "4.0", "2.9", "1.8", "3.3")] + ["x,field blank,0.4"]
    result = compare_groups(written(tmp_path / "t.csv", lines[0], lines[1:]), [], ["site"])
    (pair,) = result.data["comparisons"]
    up, down = [0.25, 0.25, 0.7, 0.9, 0.6, 0.25], [3.1, 2.2, 4.0, 2.9, 1.8, 3.3]
    middle = contrast(up, down)
    assert pair["difference"] == pytest.approx(middle["difference"]) and pair["limited"] == 3
    assert pair["low"] < middle["low"] and pair["high"] > middle["high"] and pair["p"] >= middle["p"]
    said = " ".join(result.warnings)
    assert "3 values of 12 lie below a detection limit" in said and "1 blank left out" in said
