"""The suite design: its judge against known values, its reference loop, and one small run."""

from __future__ import annotations

import random

import pytest
from rdkit import Chem

from agent.errors import InputError
from evals.catalogue import SUITES
from evals.design import suite
from evals.design.judge import diversity, meets
from evals.design.reference import POPULATION, graph_genetic_algorithm
from evals.design.specifications import SPECIFICATIONS, Specification
from evals.design.suite import Outcome, evaluate, measure
from evals.suite import Options

EASY = Specification("easy", {"logP": (1, 3), "mass": (None, 300)}, keep=("amide",), elements=("C", "N", "O", "F<=1"))


@pytest.mark.parametrize(
    ("smiles", "good"),
    [
        ("CC(=O)Nc1ccccc1", True),
        ("CCCCCCCCCCCC(=O)NC", False),  # logP 4.3
        ("c1ccccc1C", False),  # no amide
        ("CC(=O)Nc1ccccc1S", False),  # sulfur
        ("CC(=O)Nc1cc(F)cc(F)c1", False),  # two fluorines
        ("O=C1C=CC(=O)C(C(=O)NCCC)=C1", False),  # a quinone: BRENK
    ],
)
def test_the_judge_checks_every_part(smiles, good):
    assert meets(smiles, EASY) == good


def test_diversity_of_like_and_unlike_molecules():
    assert diversity(["CCO", "CCO"]) == 0
    assert diversity(["CCO", "c1ccncc1"]) > 0.8
    assert diversity(["CCO"]) == 0


def test_the_reference_scores_within_its_budget_and_stops_when_enough_is_found():
    asked = []

    def score(smiles):
        asked.extend(smiles)
        return [1 / len(text) for text in smiles]

    start = [f"C{'C' * n}O" for n in range(3, 30)] + [f"c1ccccc1{'C' * n}N" for n in range(20)]
    spent = graph_genetic_algorithm(
        score, budget=90, seed=0, start=start, stop=lambda: False, admit=lambda mol: mol.GetNumAtoms() < 30
    )
    assert spent == len(asked) == len(set(asked)) <= 90
    assert all(Chem.MolFromSmiles(text) is not None for text in asked)
    first = len(asked)
    asked.clear()
    graph_genetic_algorithm(score, budget=500, seed=0, start=start, stop=lambda: True, admit=lambda _: True)
    assert len(asked) <= min(first, POPULATION)


def test_ratios_count_calls_for_each_feasible_molecule():
    both = Outcome(500, 150, 1.0, 0.8, 5000, 100, 0.8, 4000)
    assert both.ratio == pytest.approx(10) and both.plain_ratio == pytest.approx(8)
    half = Outcome(500, 150, 1.0, 0.8, 5000, 50, 0.8, 5000)
    assert half.ratio == pytest.approx(20)


def test_one_small_run(monkeypatch):
    monkeypatch.setattr(suite, "DIVERSE", 0.0)
    monkeypatch.setattr(suite, "WANTED", 5)
    outcome = measure(EASY, 0, (100, 130))
    assert outcome.feasible == 1.0
    assert outcome.found >= 5 and outcome.calls <= 100
    assert 0 < outcome.diversity <= 1


def test_the_suite_tells_and_averages(monkeypatch):
    chance = random.Random(0)
    monkeypatch.setattr(
        suite, "measure", lambda *_: Outcome(300, 150, 1.0, chance.uniform(0.7, 0.9), 3000, 100, 0.8, 3000)
    )
    told = []
    scores = evaluate(Options(limit=3, workers=1, tell=told.append))
    assert scores.n == len(told) == 3
    assert scores.score == pytest.approx(10)
    assert scores.scores["share of returned molecules that meet everything"] == 1
    with pytest.raises(InputError):
        evaluate(Options(limit=0))


def test_specifications_are_eight_and_in_the_catalogue():
    assert len({item.name for item in SPECIFICATIONS}) == 8
    assert any(row.name == "design" for row in SUITES)
