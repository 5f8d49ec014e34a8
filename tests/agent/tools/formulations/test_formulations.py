from __future__ import annotations

import csv
import io
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from agent.campaign.spacefile import read_campaign
from agent.errors import RepairableToolError
from agent.tools.formulations.designs import (
    d_optimal,
    efficiency,
    extreme_vertices,
    simplex_centroid,
    simplex_lattice,
    space_filling,
)
from agent.tools.formulations.proposing import Limit
from agent.tools.formulations.recipes import factor_names
from agent.tools.formulations.region import Ingredient, Ratio, Weighted, make_region, tidy
from agent.tools.formulations.scheffe import choose, fit, model_matrix
from agent.tools.formulations.tools import analyse_mixture, design_mixture

# Elongation of yarn spun of polyethylene, polystyrene and polypropylene: J. A. Cornell, Experiments with Mixtures;
# also in the NIST/SEMATECH handbook, section 5.5.4.2.
YARN = [
    ((1, 0, 0), (11.0, 12.4)),
    ((0.5, 0.5, 0), (15.0, 14.8, 16.1)),
    ((0, 1, 0), (8.8, 10.0)),
    ((0, 0.5, 0.5), (10.0, 9.7, 11.8)),
    ((0, 0, 1), (16.8, 16.0)),
    ((0.5, 0, 0.5), (17.7, 16.4, 16.6)),
]
NAMES = ("polyethylene", "polystyrene", "polypropylene")
COATING = [
    Ingredient(name="acrylate", low=0.4, high=0.7),
    Ingredient(name="crosslinker", low=0.05, high=0.2),
    Ingredient(name="solvent"),
]


def yarn() -> tuple[np.ndarray, np.ndarray]:
    rows = [(point, value) for point, values in YARN for value in values]
    return np.array([row[0] for row in rows], dtype=float), np.array([row[1] for row in rows])


def yarn_file(path: Path, scale: float = 1.0, more: str = "") -> str:
    points, values = yarn()
    lines = [",".join(("run", *NAMES, "elongation"))]
    for place, (point, value) in enumerate(zip(points, values, strict=True)):
        lines.append(",".join(map(str, (place + 1, *(point * scale), value))))
    path.write_text("\n".join(lines) + "\n" + more)
    return str(path)


def test_the_published_model_of_the_yarn_is_found() -> None:
    points, values = yarn()
    best = choose(points, values, NAMES)[0]
    assert best.model == "quadratic"
    assert best.coefficients == pytest.approx([11.7, 9.4, 16.4, 19.0, 11.4, -9.6])
    # Standard errors as published: 0.604 for the pure components, 2.608 for the blends; residual 0.854, R2 0.951.
    assert best.errors == pytest.approx([0.6037] * 3 + [2.6082] * 3, abs=1e-3)
    assert best.deviation == pytest.approx(0.8537, abs=1e-3) and best.explained == pytest.approx(0.9514, abs=1e-3)


def test_the_fit_is_numpys_and_the_cross_validation_leaves_one_out() -> None:
    chance = np.random.default_rng(5)
    points = chance.dirichlet([1, 1, 1, 1], 30)
    values = points @ [3, 1, 4, 2] + 5 * points[:, 0] * points[:, 2] + chance.normal(0, 0.1, 30)
    for model in ("linear", "quadratic", "special cubic"):
        found = fit(points, values, tuple("abcd"), model)
        assert found is not None
        matrix = model_matrix(points, model)
        assert found.coefficients == pytest.approx(np.linalg.lstsq(matrix, values, rcond=None)[0], rel=1e-6, abs=1e-6)
        errors = []
        for place in range(30):
            rest = np.delete(np.arange(30), place)
            part = np.linalg.lstsq(matrix[rest], values[rest], rcond=None)[0]
            errors.append(values[place] - matrix[place] @ part)
        assert found.error == pytest.approx(np.sqrt(np.mean(np.square(errors))), rel=1e-6)


def test_a_linear_truth_is_mostly_found_linear_and_a_curved_one_is_not() -> None:
    chance = np.random.default_rng(2)
    found = {"linear": 0, "curved": 0}
    for _ in range(40):
        points = chance.dirichlet([1, 1, 1], 25)
        values = points @ [10, 20, 30] + chance.normal(0, 1, 25)
        found["linear"] += choose(points, values, ("a", "b", "c"))[0].model == "linear"
        curved = values + 40 * points[:, 0] * points[:, 1]
        found["curved"] += choose(points, curved, ("a", "b", "c"))[0].model != "linear"
    assert found["linear"] >= 32 and found["curved"] >= 38


def test_prediction_intervals_cover() -> None:
    chance = np.random.default_rng(0)
    inside = 0
    for _ in range(200):
        points = chance.dirichlet([1, 1, 1], 15)
        truth = np.array([10.0, 20.0, 30.0])
        found = fit(points, points @ truth + chance.normal(0, 1, 15), ("a", "b", "c"), "linear")
        assert found is not None
        new = chance.dirichlet([1, 1, 1], 1)
        mean, deviation = found.predict(new)
        inside += abs(new @ truth + chance.normal() - mean)[0] <= found.factor() * deviation[0]
    assert 0.90 <= inside / 200 <= 0.99


def test_too_few_recipes_for_a_model_are_no_model() -> None:
    assert fit(np.eye(3), np.ones(3), ("a", "b", "c"), "linear") is None


def test_lattice_and_centroid_have_the_numbers_of_the_books() -> None:
    assert len(simplex_lattice(3, 2)) == 6 and len(simplex_lattice(4, 3)) == 20
    assert len(simplex_centroid(4)) == 15
    for design in (simplex_lattice(4, 3), simplex_centroid(4)):
        assert design.sum(axis=1) == pytest.approx(1)


def test_the_corners_of_mclean_and_andersons_flare() -> None:
    # McLean and Anderson 1966: magnesium .40-.60, sodium nitrate .10-.50, strontium nitrate .10-.50, binder .03-.08;
    # eight corners.
    flare = [("x1", 0.4, 0.6), ("x2", 0.1, 0.5), ("x3", 0.1, 0.5), ("x4", 0.03, 0.08)]
    region = make_region([Ingredient(name=name, low=low, high=high) for name, low, high in flare])
    expected = [
        (0.40, 0.10, 0.47, 0.03), (0.40, 0.10, 0.42, 0.08), (0.60, 0.10, 0.27, 0.03), (0.60, 0.10, 0.22, 0.08),
        (0.40, 0.47, 0.10, 0.03), (0.40, 0.42, 0.10, 0.08), (0.60, 0.27, 0.10, 0.03), (0.60, 0.22, 0.10, 0.08),
    ]  # fmt: skip
    assert np.array(sorted(map(tuple, region.vertices.tolist()))) == pytest.approx(np.array(sorted(expected)))


bounds = st.tuples(st.floats(0, 0.5), st.floats(0.05, 1.0)).map(lambda pair: (pair[0], min(1.0, pair[0] + pair[1])))


@given(st.lists(bounds, min_size=2, max_size=5), st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_whatever_a_design_gives_is_allowed_and_adds_to_one(limits: list[tuple[float, float]], seed: int) -> None:
    assume(sum(low for low, _ in limits) < 0.95 and sum(high for _, high in limits) > 1.05)
    region = make_region([Ingredient(name=f"c{k}", low=low, high=high) for k, (low, high) in enumerate(limits)])
    for points in (
        region.vertices, region.sample(20, seed), extreme_vertices(region), space_filling(region, 6, seed),
        d_optimal(region, "linear", len(limits) + 2, seed),
    ):  # fmt: skip
        assert region.admits(points).all()
        assert tidy(points).sum(axis=1) == pytest.approx(1)
    # No point of the region reaches beyond the corners in any direction.
    direction = np.random.default_rng(seed).normal(size=len(limits))
    best = linprog(-direction, A_eq=np.ones((1, len(limits))), b_eq=[1], bounds=limits)
    assert (region.vertices @ direction).max() == pytest.approx(-best.fun, abs=1e-6)


def test_corners_by_direction_are_those_by_combination() -> None:
    region = make_region(COATING, [Ratio(numerator="acrylate", denominator="crosslinker", low=3, high=9)])
    found = region._corners_by_direction()
    assert found == pytest.approx(region.vertices, abs=1e-7)


def test_a_d_optimal_design_is_the_best_of_all_small_ones() -> None:
    region = make_region([Ingredient(name=name) for name in "abc"])
    pool = simplex_lattice(3, 2)
    best = max(efficiency(pool[list(one)], "quadratic") for one in combinations(range(6), 6))
    assert efficiency(d_optimal(region, "quadratic", 6, 0), "quadratic") == pytest.approx(best, rel=1e-6)


def test_bounds_that_contradict_each_other_are_named() -> None:
    with pytest.raises(RepairableToolError, match=r"acrylate ≥ 0.7; binder ≥ 0.4 contradict"):
        make_region([
            Ingredient(name="acrylate", low=0.7), Ingredient(name="binder", low=0.4), Ingredient(name="water", high=0.9)
        ])  # fmt: skip
    with pytest.raises(RepairableToolError, match="named twice"):
        make_region([Ingredient(name="a"), Ingredient(name="a")])
    with pytest.raises(RepairableToolError, match="no component"):
        make_region(COATING, [Ratio(numerator="acrylate", denominator="glue", low=1)])


def test_a_design_comes_with_candidates_a_sheet_and_a_space_that_a_campaign_reads(tmp_path: Path) -> None:
    ratio = Ratio(numerator="acrylate", denominator="crosslinker", low=3, high=10)
    cheap = Weighted(weights={"acrylate": 4.0, "crosslinker": 9.0}, high=4.0)
    result = design_mixture(COATING, [ratio], [cheap], count=9, response="hardness (HV)")
    assert result == design_mixture(COATING, [ratio], [cheap], count=9, response="hardness (HV)")
    for recipe in result.data["recipes"]:
        assert sum(recipe.values()) == pytest.approx(1)
        assert 3 - 0.01 <= recipe["acrylate"] / recipe["crosslinker"] <= 10 + 0.01
        assert 4 * recipe["acrylate"] + 9 * recipe["crosslinker"] <= 4.001
    assert all(draft.kind == "recipe" for draft in result.candidates)
    sheet, space = result.artifacts
    assert len(list(csv.DictReader(io.StringIO(sheet.content)))) == 9
    file = tmp_path / "space.toml"
    file.write_text(str(space.content))
    campaign = read_campaign("coating", file)
    assert campaign.space.factors == ("acrylate", "crosslinker", "solvent")
    recipe = result.data["recipes"][0]
    assert campaign.space.check(recipe)


def test_names_become_factors_of_a_campaign() -> None:
    assert factor_names(["2-EHA", "가교제", "n-butyl acetate", "a b", "a-b"]) == [
        "c_2_EHA", "component_2", "n_butyl_acetate", "a_b", "a_b_5",
    ]  # fmt: skip


def test_measured_recipes_bring_a_model_and_better_recipes(tmp_path: Path) -> None:
    more = "16,0.4,0.4,0.4,12\n17,0.5,x,0.5,12\n18,0.5,0.5,0,n.d.\n"
    result = analyse_mixture(yarn_file(tmp_path / "yarn.csv", more=more))
    assert result.data["model"] == "quadratic"
    assert [line.split(":")[0] for line in result.data["skipped"]] == ["row 17", "row 18", "row 19"]
    # Calculus: without polystyrene the model peaks at x1 = (11.7 - 16.4 + 11.4) / (2 * 11.4).
    best = result.data["best"]["recipe"]
    assert best["polyethylene"] == pytest.approx(0.2939, abs=2e-3) and best["polystyrene"] == 0
    assert result.candidates[0].values[0].uncertainty
    assert "least certain" in {draft.labels["origin"] for draft in result.candidates}
    percent = analyse_mixture(yarn_file(tmp_path / "percent.csv", 100.0))
    assert percent.data["coefficients"] == pytest.approx(result.data["coefficients"])


def test_contrasts_show_one_component_and_limits_are_kept(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    points = chance.dirichlet((4, 3, 2), size=20).round(3)
    points[:, 2] = 1 - points[:, :2].sum(axis=1)
    hardness = points @ (60, 110, 80) + chance.normal(0, 1, 20)
    gloss = points @ (95, 60, 20) + chance.normal(0, 1, 20)
    file = tmp_path / "coating.csv"
    rows = [",".join(f"{x:.4f}" for x in (*p, h, g)) for p, h, g in zip(points, hardness, gloss, strict=True)]
    file.write_text("resin,hardener,filler,hardness (Shore D),gloss\n" + "\n".join(rows) + "\n")
    limit = Limit(response="gloss", low=70)
    result = analyse_mixture(str(file), "hardness", limits=[limit], count=6, reach=200)
    assert result.data["limits"]["gloss"]["met"]
    for draft in result.candidates:
        values = {one.name: one.value for one in draft.values}
        if draft.labels["origin"] == "best predicted":
            assert values["gloss"] >= 70 - 0.2
    free = analyse_mixture(str(file), "hardness", count=6)
    assert free.data["best"]["value"] > result.data["best"]["value"]  # the limit costs hardness
    by_name = {one["component"]: one for one in free.data["contrasts"]}
    assert by_name["hardener"]["difference"] > 0 > by_name["resin"]["difference"]
    structures = {draft.structure for draft in free.candidates}
    for contrast in free.data["contrasts"]:
        assert set(contrast["recipes"]) <= structures
        # Cox's direction: the others keep their proportions.
        best, other = (dict(part.rsplit(" ", 1) for part in text.split(" | ")) for text in contrast["recipes"])
        rest = [name for name in best if name != contrast["component"] and float(best[name]) > 0.05]
        ratios = [float(other[name]) / float(best[name]) for name in rest]
        assert max(ratios) - min(ratios) < 0.02
    sheet = next(one for one in free.artifacts if one.name == "measured.csv")
    assert sheet.content.splitlines()[0] == "resin,hardener,filler,hardness_Shore_D"


def test_a_target_and_bounds_are_kept(tmp_path: Path) -> None:
    path = yarn_file(tmp_path / "yarn.csv")
    asked = [Ingredient(name="polystyrene", low=0.2, high=0.4)]
    result = analyse_mixture(path, "elongation", ingredients=asked, goal="target", target=14.0)
    assert result.data["best"]["value"] == pytest.approx(14.0, abs=0.05)
    for draft in result.candidates:
        fractions = {one.name: one.value for one in draft.values}
        assert 0.2 - 1e-4 <= fractions["polystyrene"] <= 0.4 + 1e-4
    with pytest.raises(RepairableToolError, match="no component of the table"):
        analyse_mixture(path, ingredients=[Ingredient(name="glue")])
    with pytest.raises(RepairableToolError, match="target"):
        analyse_mixture(path, goal="target")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b,y\n", "no rows"),
        ("a,b,y\n0.5,0.2,1\n0.1,0.1,2\n0.3,0.3,2\n", "add to 1"),
        ("a,b,y\n0.5,0.5,1\n0.4,0.6,x\n0.1,0.9,x\n0.2,0.8,3\n0.3,0.7,3\n", ""),
        ("a,b\n0.5,0.5\n0.4,0.6\n0.3,0.7\n", "no column of results"),
    ],
)
def test_tables_that_do_not_serve(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    if not message:
        assert len(analyse_mixture(str(path), count=2).data["skipped"]) == 2
        return
    with pytest.raises(RepairableToolError, match=message):
        analyse_mixture(str(path))


def test_designs_that_do_not_fit_the_region_are_refused() -> None:
    with pytest.raises(RepairableToolError, match="cut the simplex"):
        design_mixture(COATING, kind="simplex lattice")
    with pytest.raises(RepairableToolError, match="6 terms"):
        design_mixture(COATING, count=4)
    lower = [Ingredient(name="a", low=0.2), Ingredient(name="b", low=0.1), Ingredient(name="c")]
    result = design_mixture(lower, kind="simplex centroid")
    assert len(result.candidates) == 7
    assert all(draft.values[0].value >= 0.2 - 1e-9 for draft in result.candidates)
