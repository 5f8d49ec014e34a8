import random

import pytest
from support.runs import molecule_brief, molecules, quantity, view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.critique import criticise
from agent.reasoning.critique.evolving import merge
from agent.reasoning.critique.meaning import same_meaning
from agent.reasoning.hypotheses import infer_hypotheses
from agent.reasoning.hypotheses.prior import with_prior
from agent.reasoning.hypotheses.table import tabulate
from agent.records import Candidate, Hypothesis, Prediction, Support, Text

BRIEF = molecule_brief()


def series(rows: list[tuple[float, float]], outcome: str = "solubility_AqSolDB", **labels: list[str]):
    """Molecules with logP and one outcome, ranked."""
    made = []
    for i, (logp, value) in enumerate(rows):
        values = {"logP": quantity("logP", logp), outcome: quantity(outcome, value, "log_molar", "e3")}
        own = {label: column[i] for label, column in labels.items() if column[i]}
        made.append(Candidate(id=f"c{i}", kind="molecule", structure="C" * (i + 1), quantities=values, labels=own))
    return view(rank_candidates(BRIEF, made), BRIEF, payloads={})


def hypothesis(identifier: str, kind: str, subjects: tuple[str, ...], **changes) -> Hypothesis:
    prediction = Prediction(
        quantity="solubility_AqSolDB", relation=">", value=0.3, unit="log_molar", effect=0.6, spread=0.3,
        condition="difference of the means, one minus other",
    )  # fmt: skip
    made = {
        "id": identifier, "statement": Text(text=f"Statement of {identifier}."), "mechanism": Text(text="Because."),
        "prediction": prediction, "refuted_by": "less", "kind": kind, "subjects": subjects,
        "evidence_for": (Support(source="e3", text=Text(text=f"Seen by {identifier}.")),),
        "evidence_against": (Support(source="e3", text=Text(text="Few.")),),
    }  # fmt: skip
    return Hypothesis.model_validate(made | changes)


@pytest.fixture(scope="module")
def usual():
    run = view(rank_candidates(BRIEF, molecules()), BRIEF)
    return run, infer_hypotheses(run)


def test_each_has_a_counterargument_and_every_figure_has_a_source(usual):
    run, made = usual
    found = criticise(made, run)
    assert {one.id for one in (*found.hypotheses, *found.dropped)} == {one.id for one in made}
    for one in (*found.hypotheses, *found.dropped):
        assert one.critique is not None
        assert one.critique.counterargument.text and one.critique.judge == "rules"
        for text in (one.critique.counterargument, *one.critique.alternatives, one.statement):
            assert text.unverified == ()
        assert (one in found.dropped) == (one.critique.outcome == "dropped")
        assert one.critique.change or one.critique.outcome == "kept"


def test_a_trend_of_an_estimate_on_its_own_input_is_called_circular(usual):
    run, made = usual
    trend = next(one for one in made if one.kind == "trend" and one.prediction.quantity == "logS_ESOL")
    (found,) = criticise((trend.model_copy(update={"driver": "logP"}),), run).hypotheses
    assert found.critique is not None
    assert "circular" in found.critique.counterargument.text


def test_an_effect_that_another_quantity_explains_is_dropped():
    rng = random.Random(2)
    made = []
    for i in range(40):
        tpsa = rng.uniform(60, 120)
        logp = 5 - tpsa / 40 + rng.gauss(0, 0.3)
        values = {
            "TPSA": quantity("TPSA", tpsa, "angstrom**2"),
            "logP": quantity("logP", logp),
            "solubility_AqSolDB": quantity("solubility_AqSolDB", -6 + 0.03 * tpsa, "log_molar", "e3"),
        }
        made.append(Candidate(id=f"c{i}", kind="molecule", structure="C" * (i + 1), quantities=values))
    run = view(rank_candidates(BRIEF, made), BRIEF, payloads={})
    ids = tuple(c.id for c in run.candidates)
    by_logp = hypothesis("h1", "trend", ids[:6], driver="logP")
    by_tpsa = hypothesis("h2", "trend", ids[6:12], driver="TPSA")
    found = criticise((by_logp, by_tpsa), run)
    assert [one.id for one in found.hypotheses] == ["h2"]
    assert [one.id for one in found.dropped] == ["h1"]
    assert "explains it" in found.dropped[0].critique.change
    assert "polar surface" in found.dropped[0].critique.change


def test_a_group_that_rests_on_one_member_is_dropped_and_the_last_one_standing_stays():
    rng = random.Random(1)
    rows = [(2.0, -4 + rng.gauss(0, 0.05)) for _ in range(20)] + [(2.0, -3.95), (2.0, -4.0), (2.0, -0.5)]
    run = series(rows)
    group = hypothesis("h1", "contrast", ("c20", "c21", "c22"))
    level = hypothesis("h2", "transfer", ("c22",), statement=Text(text="c22 dissolves better than the seed."))
    found = criticise((group, level), run)
    assert [one.id for one in found.dropped] == ["h1"]
    assert "includes zero" in found.dropped[0].critique.change or "rests on one" in found.dropped[0].critique.change
    alone = criticise((group,), run)
    assert [one.id for one in alone.hypotheses] == ["h1"] and not alone.dropped
    assert alone.hypotheses[0].critique.change.startswith("Kept only because nothing better was found.")


def test_a_contrast_far_from_zero_claims_the_near_end_of_its_interval():
    rng = random.Random(3)
    rows = [(2.0, (-3.0 if i < 10 else -4.0) + rng.gauss(0, 0.1)) for i in range(20)]
    group = hypothesis("h1", "contrast", tuple(f"c{i}" for i in range(10)))
    (found,) = criticise((group,), series(rows)).hypotheses
    assert found.critique.outcome == "sharpened"
    assert 0.8 < found.prediction.value <= 1.0
    assert f"{found.prediction.value:g}" in found.refuted_by
    assert found.prior is not None


def test_a_trend_that_holds_in_half_of_its_range_is_claimed_for_that_half():
    rng = random.Random(4)
    rows = []
    for i in range(40):
        logp = 1 + i * 0.1
        rows.append((logp, -3.0 - 1.0 * max(logp - 3.0, 0.0) + rng.gauss(0, 0.08)))
    falling = hypothesis("h1", "trend", ("c0", "c39"), driver="logP")
    falling = falling.model_copy(update={"prediction": falling.prediction.model_copy(update={"relation": "<"})})
    (found,) = criticise((falling,), series(rows)).hypotheses
    assert found.critique.outcome == "sharpened"
    assert "holds only where" in found.critique.change
    assert found.scope.startswith("Where the logP (Crippen) is at least 3")
    assert all(int(c[1:]) >= 20 for c in found.subjects)
    assert found.statement.unverified == ()


def test_an_interval_that_can_hardly_fail_is_narrowed():
    rng = random.Random(6)
    run = series([(2.0, -4 + rng.gauss(0, 0.2)) for _ in range(20)])
    wide = hypothesis("h1", "estimate", ("c0",))
    wide = wide.model_copy(
        update={
            "prediction": Prediction(
                quantity="solubility_AqSolDB", relation="between", value=-5.5, high=-2.5, unit="log_molar", effect=1.5,
                spread=0.24, condition="c0",
            )
        }
    )  # fmt: skip
    (found,) = criticise((wide,), run).hypotheses
    assert found.critique.outcome == "sharpened"
    assert found.prediction.high - found.prediction.value < 1.5
    assert found.prior < with_prior(wide, run).prior


def test_a_test_that_nobody_can_afford_is_dropped():
    run = series([(2.0, -4 + 0.01 * i) for i in range(10)])
    tiny = hypothesis("h1", "transfer", ("c0",))
    tiny = tiny.model_copy(update={"prediction": tiny.prediction.model_copy(update={"effect": 0.05})})
    found = criticise((tiny, hypothesis("h2", "outlier", ("c3",))), run)
    assert [one.id for one in found.dropped] == ["h1"]
    assert "replicates a group" in found.dropped[0].critique.change


def test_what_the_same_result_would_refute_is_merged_with_its_evidence():
    run = series([(2.0 + 0.1 * i, -4 - 0.1 * i) for i in range(12)])
    table = tabulate(run)
    one = hypothesis("h1", "model", ("c1", "c2"))
    ((kept, told),) = merge((one, hypothesis("h2", "transfer", ("c1", "c2", "c3"), prior=0.7)), table)
    assert kept.id == "h2"  # the more probable of the two
    assert kept.merged_from == ("Statement of h1.",)
    assert "h1 predicts the same" in told


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"subjects": ("c7", "c8"), "statement": Text(text="Quite another thing.")}, False),
        ({"kind": "trend", "driver": "TPSA"}, False),
        ({"kind": "trend", "driver": "logP"}, False),
        ({"subjects": (), "statement": Text(text="Statement of h1!")}, True),
    ],
)
def test_meaning_is_what_is_predicted_of_what(changes, same):
    table = tabulate(series([(2.0 + 0.1 * i, -4 - 0.1 * i) for i in range(12)]))
    one, other = hypothesis("h1", "contrast", ("c1", "c2", "c3")), hypothesis("h2", "contrast", ("c1", "c2", "c3"))
    other = other.model_copy(update=changes)
    assert same_meaning(one, other, table) is same
    assert same_meaning(other, one, table) is same


def test_opposite_directions_and_other_forms_are_other_meanings():
    table = tabulate(series([(2.0, -4.0)] * 3))
    one = hypothesis("h1", "contrast", ("c1", "c2", "c3"))
    for change in ({"relation": "<"}, {"quantity": "Caco2"}, {"condition": "c1"}):
        other = one.model_copy(update={"id": "h2", "prediction": one.prediction.model_copy(update=change)})
        assert not same_meaning(one, other, table)


def test_drivers_that_a_series_cannot_tell_apart_are_one():
    rows = []
    for i in range(12):
        values = {
            "density": quantity("density", 2.0 + 0.1 * i, "g/cm**3"),
            "volume_per_atom": quantity("volume_per_atom", 30.0 - i, "angstrom**3"),
            "electronegativity_spread": quantity("electronegativity_spread", float((i * 5) % 12)),
            "bulk_modulus": quantity("bulk_modulus", 50.0 + 10 * i, "gigapascal", "e3"),
        }
        rows.append(Candidate(id=f"c{i}", kind="crystal", structure=f"X{i}", quantities=values))
    table = tabulate(view(tuple(rows), BRIEF, payloads={}))
    trends = [
        hypothesis(f"h{n}", "trend", (), driver=d)
        for n, d in enumerate(("density", "volume_per_atom", "electronegativity_spread"))
    ]
    assert same_meaning(trends[0], trends[1], table)
    assert not same_meaning(trends[0], trends[2], table)


def test_nothing_to_criticise_is_nothing():
    run = view((), BRIEF)
    assert criticise((), run).hypotheses == ()
