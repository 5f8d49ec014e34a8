import random

import pytest
from support.runs import quantity, view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.comparison import criteria
from agent.reasoning.hypotheses import infer_hypotheses
from agent.reasoning.hypotheses.matched import pairs, polymorphs
from agent.reasoning.hypotheses.table import tabulate
from agent.records import Brief, Candidate, Hypothesis, Objective

BRIEF = Brief(goal="Compare the bulk modulus of MgO and NaCl.", domain="materials", playbook="crystal-screening")

# Formation energies (eV/atom), densities (g/cm3) and bulk moduli (GPa) of the order of the real compounds.
ROWS = {
    ("MgO", "rocksalt"): (-3.06, 3.47, 141.0),
    ("MgO", "zincblende"): (-2.94, 2.67, 94.0),
    ("MgO", "NiAs"): (-2.92, 3.40, 145.0),
    ("NaCl", "rocksalt"): (-2.08, 2.11, 24.5),
    ("NaCl", "zincblende"): (-2.00, 1.61, 19.0),
}


def crystals(rows=ROWS) -> tuple[Candidate, ...]:
    made = []
    for number, ((formula, prototype), (energy, density, modulus)) in enumerate(rows.items(), start=1):
        values = {
            "formation_energy": quantity("formation_energy", energy, "eV/atom", "e3"),
            "density": quantity("density", density, "g/cm**3"),
            "bulk_modulus": quantity("bulk_modulus", modulus, "gigapascal", "e3"),
            "lattice_a": quantity("lattice_a", 4.0 + number, "angstrom"),
        }
        name = f"{formula} [{prototype}]"
        labels = {"formula": formula, "prototype": prototype}
        made.append(
            Candidate(id=f"c{number}", kind="crystal", structure=name, name=name, quantities=values, labels=labels)
        )
    return rank_candidates(BRIEF, made)


def run(candidates=None, brief=BRIEF):
    return view(candidates if candidates is not None else crystals(), brief, payloads={})


def by_kind(made: tuple[Hypothesis, ...], kind: str) -> list[Hypothesis]:
    return [one for one in made if one.kind == kind]


def test_rival_structures_are_told_apart_by_the_density_that_differs():
    found = {one.composition: one for one in polymorphs(tabulate(run()))}
    assert (found["MgO"].stable, found["MgO"].rival) == ("c1", "c2")  # the nearest in energy
    assert found["NaCl"].outcome == "density"
    assert found["MgO"].gap == pytest.approx(0.12)


def test_a_polymorph_is_predicted_on_its_side_of_the_middle():
    made = by_kind(infer_hypotheses(run()), "polymorph")[0]
    assert made.prediction.relation == ">"
    assert made.prediction.value == pytest.approx((3.47 + 2.67) / 2)
    assert "MgO [rocksalt]" in made.statement.text and made.statement.unverified == ()
    assert made.evidence_for and made.evidence_against


def test_compounds_are_compared_in_their_most_stable_structures_on_what_the_goal_asks_first():
    made = by_kind(infer_hypotheses(run()), "contrast")
    assert made[0].prediction.quantity == "bulk_modulus"
    assert made[0].subjects == ("c1", "c4")  # and not the stiffest, MgO [NiAs]
    assert made[0].prediction.value == pytest.approx((141.0 - 24.5) / 2, abs=1)
    assert all(one.prediction.quantity != "lattice_a" for one in infer_hypotheses(run()))


def test_a_difference_within_the_error_of_the_estimate_is_no_contrast():
    near = {("MgO", "rocksalt"): (-3.06, 3.47, 141.0), ("CaO", "rocksalt"): (-3.05, 3.45, 141.5)}
    assert {one.outcome for one in pairs(tabulate(run(crystals(near))), ["formation_energy", "bulk_modulus"])} == set()


def test_a_handful_of_sequences_is_compared_pairwise():
    rng = random.Random(1)
    made = []
    for number, temperature in enumerate((52.0, 61.0, 66.5), start=1):
        values = {
            "melting_temperature": quantity("melting_temperature", temperature, "degC"),
            "GC": quantity("GC", 40.0 + 5 * number, "percent"),
            "length": quantity("length", 20.0 + rng.randint(0, 1)),
        }
        made.append(Candidate(id=f"c{number}", kind="sequence", structure="ACGT" * (4 + number), quantities=values))
    brief = Brief(
        goal="Which primer melts highest?", domain="biology", playbook="sequence-analysis",
        objectives=(Objective(quantity="melting_temperature", direction="maximise", unit="degC"),),
    )  # fmt: skip
    view_of = run(rank_candidates(brief, made), brief)
    found = infer_hypotheses(view_of)
    pair = by_kind(found, "contrast")[0]
    assert pair.subjects == ("c3", "c1")
    assert "G·C pairs" in pair.mechanism.text
    level = by_kind(found, "estimate")[0]
    assert criteria(pair, view_of).total > criteria(level, view_of).total
