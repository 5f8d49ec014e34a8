"""Surrogates as a whole: invariants of training, calibrated doubt, the domain of applicability."""

from __future__ import annotations

import numpy as np
import pytest

from agent.tools.surrogates.compositions import fraction_features, read_composition
from agent.tools.surrogates.model import LEAST, Surrogate, Training, merge, train

NOISE = 0.3


def steels(count: int, seed: int) -> tuple[list[str], np.ndarray]:
    """Random iron alloys, and a made-up property of known noise."""
    draw = np.random.default_rng(seed)
    formulas = []
    for _ in range(count):
        nickel, chromium, carbon = draw.uniform(0.01, 0.2), draw.uniform(0.01, 0.2), draw.uniform(0.001, 0.02)
        formulas.append(f"Fe{1 - nickel - chromium - carbon:.4f}Ni{nickel:.4f}Cr{chromium:.4f}C{carbon:.4f}")
    share = fraction_features([read_composition(one) for one in formulas])
    return formulas, 20 * share[:, 27] - 10 * share[:, 23] + NOISE * draw.normal(size=count)


@pytest.fixture(scope="module")
def trained():
    formulas, values = steels(100, 0)
    return train(Training(formulas, values, "composition", seed=1))


def test_the_stack_beats_the_plain_mean_and_finds_the_noise(trained) -> None:
    surrogate, _ = trained
    assert surrogate.comparison["stack"].rmse < 0.6 * surrogate.comparison["mean of the table"].rmse
    assert NOISE * 0.8 < surrogate.comparison["stack"].rmse < NOISE * 1.8
    assert sum(surrogate.weights.values()) == pytest.approx(1)


def test_intervals_hold_as_often_as_they_say(trained) -> None:
    surrogate, predictor = trained
    formulas, values = steels(200, 7)
    told = predictor.predict(formulas)
    held = np.mean([one.low <= value <= one.high for one, value in zip(told, values, strict=True)])
    within = np.mean([abs(one.value - value) <= one.deviation for one, value in zip(told, values, strict=True)])
    assert 0.82 <= held <= 0.97
    assert 0.55 <= within <= 0.82
    assert 0.82 <= surrogate.covered <= 0.97


def test_the_domain_holds_its_like_and_not_strangers(trained) -> None:
    _, predictor = trained
    formulas, _ = steels(100, 9)
    assert np.mean([one.inside for one in predictor.predict(formulas)]) > 0.85
    strangers = predictor.predict(["NaCl", "GaAs", "SiO2"])
    assert not any(one.inside for one in strangers)
    own = predictor.predict(formulas[:1])[0]
    assert all(one.deviation > own.deviation for one in strangers)


def test_a_surrogate_survives_json_with_the_same_predictions(trained) -> None:
    surrogate, predictor = trained
    again = Surrogate.model_validate_json(surrogate.model_dump_json())
    assert again == surrogate
    formulas, _ = steels(10, 3)
    np.testing.assert_allclose(again.fitted().values(formulas), predictor.values(formulas), rtol=1e-9)
    assert predictor.predict([]) == []


def test_the_order_and_spelling_of_rows_do_not_matter() -> None:
    smiles = ["C" * n + tail for n in range(1, 7) for tail in ("O", "N", "Cl")]
    values = [float(len(one)) for one in smiles]
    order = np.random.default_rng(0).permutation(len(smiles))
    first, predictor = train(Training(smiles, values, "molecule", folds=3))
    # A chain read from its other end: OCC for CCO.
    respelt = [smiles[n][::-1] if smiles[n].endswith("O") else smiles[n] for n in order]
    second, other = train(Training(respelt, [values[place] for place in order], "molecule", folds=3))
    assert first == second
    asked = ["CCCCCCCO", "CCOC"]
    np.testing.assert_array_equal(predictor.values(asked), other.values(asked))


def test_repeats_become_one_row_so_that_none_leaks_across_folds() -> None:
    structures, values = merge(["CCO", "OCC", "CCN", "CCN.Cl"], [1.0, 3.0, 5.0, 5.0], "molecule")
    assert structures == ["CCN", "CCO"]
    assert values.tolist() == [5.0, 2.0]
    with pytest.raises(ValueError, match=rf"1 structures .* needs {LEAST}"):
        train(Training(["CCO"] * 50, list(range(50)), "molecule"))


def test_what_cannot_be_learned_is_refused() -> None:
    with pytest.raises(ValueError, match=str(LEAST)):
        train(Training(["Fe2O3", "NaCl"], [1.0, 2.0], "composition"))
    formulas, _ = steels(20, 0)
    with pytest.raises(ValueError, match="nothing to learn"):
        train(Training(formulas, [3.0] * 20, "composition"))
