import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.memory.desirability import desirability, margin_desirability
from agent.reasoning.candidates import rank_candidates
from agent.records import Brief, Candidate, Constraint, Objective, Quantity

BRIEF = Brief(
    goal="g",
    domain="chemistry",
    playbook="molecule-design",
    objectives=(Objective(quantity="logS_ESOL", direction="maximise", unit="log_molar"),),
    constraints=(
        Constraint(quantity="logP", relation="between", low=2, high=4),
        Constraint(quantity="mass", relation="<", high=450, unit="g/mol"),
    ),
)


def molecule(
    identifier: str, logp: float | None, solubility: float, mass: float = 400, unit: str = "g/mol", **more
) -> Candidate:
    values = {"logS_ESOL": Quantity(name="logS_ESOL", value=solubility, unit="log_molar", source="e2")}
    values["mass"] = Quantity(name="mass", value=mass, unit=unit, source="e2")
    if logp is not None:
        values["logP"] = Quantity(name="logP", value=logp, source="e2")
    return Candidate(id=identifier, kind="molecule", structure=f"S{identifier}", quantities=values, **more)


def test_feasible_first_then_unmeasured_then_infeasible():
    ranked = rank_candidates(
        BRIEF, [molecule("c1", 4.3, -2), molecule("c2", None, -2), molecule("c3", 3, -4), molecule("c4", 3, -3)]
    )
    assert [c.id for c in ranked] == ["c4", "c3", "c2", "c1"]
    assert [c.rank for c in ranked] == [1, 2, 3, 4]
    assert [c.feasible for c in ranked] == [True, True, None, False]
    assert ranked[3].reason == "logP (Crippen) 4.3 above 4"
    assert ranked[2].reason == "logP (Crippen) not measured"


def test_units_are_converted():
    ranked = rank_candidates(
        BRIEF, [molecule("c1", 3, -3, mass=0.5, unit="kg/mol"), molecule("c2", 3, -3, mass=0.4, unit="kg/mol")]
    )
    assert [c.id for c in ranked if c.feasible] == ["c2"]
    assert "500 g/mol above 450 g/mol" in ranked[1].reason


def test_a_unit_that_cannot_be_compared_is_said():
    ranked = rank_candidates(BRIEF, [molecule("c1", 3, -3, unit="eV")])
    assert ranked[0].feasible is None
    assert "cannot be compared" in ranked[0].reason


def test_a_strict_bound_excludes_its_value():
    ranked = rank_candidates(BRIEF, [molecule("c1", 3, -3, mass=450)])
    assert ranked[0].feasible is False
    assert "not below 450 g/mol" in ranked[0].reason


def test_references_and_withheld_get_no_rank():
    ranked = rank_candidates(
        BRIEF,
        [molecule("c1", 3, -1, labels={"role": "seed"}), molecule("c2", 3, -3, withheld=True), molecule("c3", 3, -3)],
    )
    assert [(c.id, c.rank) for c in ranked] == [("c3", 1), ("c1", None), ("c2", None)]


def test_a_tools_own_reason_is_kept_and_ranking_again_changes_nothing():
    ranked = rank_candidates(
        BRIEF, [molecule("c1", 4.3, -2, feasible=False, reason="unstable ring"), molecule("c2", 5, -2)]
    )
    assert ranked[0].reason == "unstable ring; logP (Crippen) 4.3 above 4"
    assert rank_candidates(BRIEF, ranked) == ranked


@given(
    st.lists(st.tuples(st.floats(0, 6), st.floats(-8, 0)), min_size=1, max_size=12), st.randoms(use_true_random=False)
)
def test_order_of_the_table_changes_no_rank(rows, rng):
    table = [molecule(f"c{i}", logp, solubility) for i, (logp, solubility) in enumerate(rows)]
    ranked = {c.id: (c.rank, c.score) for c in rank_candidates(BRIEF, table)}
    rng.shuffle(table)
    assert {c.id: (c.rank, c.score) for c in rank_candidates(BRIEF, table)} == ranked
    assert sorted(rank for rank, _ in ranked.values()) == list(range(1, len(table) + 1))
    assert all(0 <= score <= 1 for _, score in ranked.values())


def test_desirabilities():
    up = Objective(quantity="x", direction="maximise")
    assert [desirability(up, v, 0, 10) for v in (-1, 0, 5, 10, 11)] == [0, 0, 0.5, 1, 1]
    target = Objective(quantity="x", direction="target", target=4)
    assert desirability(target, 4, 0, 10) == 1
    assert desirability(target, 10, 0, 10) == 0
    bound = Constraint(quantity="x", relation="between", low=2, high=4)
    assert margin_desirability(bound, 3, 1) == 1
    assert margin_desirability(bound, 4, 1) == 0.5
    assert margin_desirability(bound, 5, 1) == pytest.approx(0.5 / 2.718281828, rel=1e-6)


def crystal(identifier: str, formula: str, energy: float | None, formed: float | None = None) -> Candidate:
    found = {"energy_per_atom": energy, "formation_energy": formed}
    values = {
        name: Quantity(name=name, value=value, unit="eV/atom", source="e3")
        for name, value in found.items()
        if value is not None
    }
    return Candidate(
        id=identifier, kind="crystal", structure=f"{formula} [{identifier}]", quantities=values,
        labels={"formula": formula},
    )  # fmt: skip


def test_crystals_of_a_goal_without_an_objective_stand_by_stability():
    brief = Brief(goal="g", domain="materials", playbook="crystal-screening")
    table = [
        crystal("a", "MgO", -5.0, -2.0), crystal("b", "MgO", -5.4, -2.4), crystal("c", "CaO", -6.0, -3.0),
        crystal("d", "CaO", None), crystal("e", "CaO", -5.9, -2.9),
    ]  # fmt: skip
    # The most stable of each composition first, by formation energy; then by the energy above it; the unknown last.
    assert [c.id for c in rank_candidates(brief, table)] == ["c", "b", "e", "a", "d"]


def test_stability_breaks_ties_only():
    wish = Objective(quantity="formation_energy", direction="maximise", unit="eV/atom")
    brief = Brief(goal="g", domain="materials", playbook="crystal-screening", objectives=(wish,))
    table = [crystal("a", "MgO", -5.0, -2.0), crystal("b", "MgO", -5.4, -2.4)]
    assert [c.id for c in rank_candidates(brief, table)] == ["a", "b"]
