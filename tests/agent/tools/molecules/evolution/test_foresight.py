"""Foresight lets through what is likely to meet the bounds, and decides by what was scored alone."""

from __future__ import annotations

import random

import numpy as np
import pytest
from rdkit import Chem
from scipy.stats import norm

from agent.records import Constraint
from agent.tools.molecules.descriptors import describe
from agent.tools.molecules.evolution.desirability import desirability_of
from agent.tools.molecules.evolution.foresight import FIRST, Foresight, _within
from agent.tools.molecules.evolution.optimiser import optimise
from agent.tools.molecules.references import drugs
from agent.tools.molecules.requirements import read_requirements

BOUNDS = [
    Constraint(quantity="logP", relation="between", low=1, high=2.5),
    Constraint(quantity="HBD", relation="==", low=1, high=1),
    Constraint(quantity="mass", relation="<=", high=320, unit="g/mol"),
]


def small(count: int) -> list[str]:
    found = [one.smiles for one in drugs() if "." not in one.smiles and 12 < len(one.smiles) < 45]
    return random.Random(1).sample(found, count)


def score():
    return desirability_of(read_requirements(BOUNDS, []), [Chem.MolFromSmiles(text) for text in small(30)], None)


def test_the_chance_of_an_interval_is_that_of_the_normal_distribution():
    mean, spread = np.array([0.0, 3.0, -9.0, 60.0]), np.array([1.0, 0.5, 1.0, 2.0])
    expected = np.log(norm.cdf(2, mean[:2], spread[:2]) - norm.cdf(1, mean[:2], spread[:2]))
    found = _within(mean, spread, (1.0, 2.0))
    assert found[:2] == pytest.approx(expected, rel=1e-6)
    assert found[2] == pytest.approx(np.log(norm.sf(10) - norm.sf(11)), rel=1e-6)
    assert -1000 < found[3] < -300 and np.isfinite(found).all()  # where the plain difference is zero
    assert _within(mean, spread, (-np.inf, np.inf)) == pytest.approx(np.zeros(4))


def test_unseen_molecules_that_meet_the_bounds_have_the_better_chances():
    asked = score()
    names = small(260)
    asked(names[:160])
    foresight = Foresight(asked, lambda mol: True)
    mols = [Chem.MolFromSmiles(text) for text in names[160:]]
    passed = [foresight(mol) for mol in mols]
    good = [not asked.requirements.distances(describe(mol, list(asked.requirements.keys))) for mol in mols]
    inside = [foresight.chance(mol) for mol, met in zip(mols, good, strict=True) if met]
    outside = [foresight.chance(mol) for mol, met in zip(mols, good, strict=True) if not met]
    assert len(inside) >= 4 and np.median(inside) > np.quantile(outside, 0.8)
    assert sum(passed) < 0.6 * len(passed)


def test_nothing_is_foreseen_before_enough_is_scored_and_the_plain_rule_stands():
    asked = score()
    asked(small(FIRST - 10))
    assert Foresight(asked, lambda mol: True)(Chem.MolFromSmiles("CCCCCCCCCCCC"))
    assert not Foresight(asked, lambda mol: False)(Chem.MolFromSmiles("CCO"))


def test_a_search_that_goes_on_decides_as_one_that_never_stopped():
    start = small(80)
    whole = score()
    found = optimise(whole, budget=100, seed=3, start=start, admit=Foresight(whole, lambda mol: True))
    first = score()
    part = optimise(first, budget=80, seed=3, start=start, admit=Foresight(first, lambda mol: True))
    second = score()
    second(part.smiles)
    again = optimise(
        second, budget=100, seed=3, start=start, admit=Foresight(second, lambda mol: True), state=part.snapshot()
    )
    assert again.smiles == found.smiles
