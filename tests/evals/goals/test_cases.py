"""The goals themselves: enough of every kind, readable structures, and expectations that can be checked."""

from __future__ import annotations

from collections import Counter

import pytest

from agent.vocabulary import by_key
from evals.goals.cases import Case, cases
from evals.goals.molecules import _measured, balanced, parse_formula

CATEGORIES = {
    "biology", "chemistry", "earth", "hazards", "impossible", "korean", "materials", "protective", "underspecified",
}  # fmt: skip


def test_there_are_goals_of_every_kind() -> None:
    count = Counter(case.category for case in cases())
    assert set(count) == CATEGORIES
    assert sum(count.values()) >= 60
    assert min(count.values()) >= 5
    assert len({case.id for case in cases()}) == len(cases())
    assert len({case.text for case in cases()}) == len(cases())
    assert {case.language for case in cases() if case.category == "korean"} == {"ko"}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_an_expectation_can_be_checked(case: Case) -> None:
    from rdkit import Chem

    if case.expect == "asks":
        assert case.asks
    if case.expect == "finished":
        assert case.candidates or case.formulas or case.elements or case.facts or case.contains or case.mentions
    assert all(Chem.MolFromSmarts(pattern) is not None for pattern in (*case.keep, *case.avoid))
    if case.near:
        seed = Chem.MolFromSmiles(case.near)
        assert seed is not None
        assert all(isinstance(_measured(bound.quantity, seed), float) for bound in case.constraints)
        assert all(seed.HasSubstructMatch(Chem.MolFromSmarts(pattern)) for pattern in case.keep)
    assert all(bound.quantity in by_key() for bound in case.constraints)
    assert all(bound.low is not None or bound.high is not None for bound in case.constraints)
    assert all(name in case.text for name in case.files)


def test_facts_on_sequences_agree_with_another_implementation() -> None:
    from Bio.Seq import Seq
    from Bio.SeqUtils import gc_fraction
    from Bio.SeqUtils.ProtParam import ProteinAnalysis

    known = {case.id: case for case in cases()}
    dna = known["gc-content"].text.split(" of ")[1].rstrip("?")
    assert {fact.name: fact.value for fact in known["gc-content"].facts} == {
        "GC": 100 * gc_fraction(dna),
        "length": len(dna),
    }
    coding = known["gene-translation"].text.split(": ")[1]
    assert known["gene-translation"].contains == (str(Seq(coding).translate(to_stop=True)),)
    protein = known["protein-properties"].text.split()[-1].rstrip(".")
    mass = next(fact for fact in known["protein-properties"].facts if fact.name == "protein_mass")
    assert ProteinAnalysis(protein).molecular_weight() == pytest.approx(mass.value, abs=mass.tolerance)
    linear = known["linear-digest"].text.split(": ")[1]
    cuts = [place + 1 for place in range(len(linear)) if linear.startswith("GAATTC", place)]
    lengths = [b - a for a, b in zip([0, *cuts], [*cuts, len(linear)], strict=True)]
    assert [fact.value for fact in known["linear-digest"].facts] == [len(lengths), max(lengths)]
    around = [*lengths[1:-1], lengths[-1] + lengths[0]]
    assert [fact.value for fact in known["plasmid-digest"].facts] == [len(around), max(around)]


def test_formulas_and_charges() -> None:
    assert parse_formula("Mg2O2") == {"Mg": 1, "O": 1}
    assert balanced(parse_formula("LiMn2O4"))  # manganese of two valences
    assert balanced(parse_formula("Li2MnO3"))
    assert not balanced(parse_formula("Li5O"))
