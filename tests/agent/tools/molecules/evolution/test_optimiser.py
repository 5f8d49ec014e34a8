"""Searches: repeatable, resumable, within their budget, and better than chance."""

from __future__ import annotations

import json
import random

import pytest
from rdkit import Chem
from rdkit.Chem import QED

from agent.errors import InputError
from agent.tools.molecules.evolution.archive import Archive, niche
from agent.tools.molecules.evolution.environments import Environments
from agent.tools.molecules.evolution.graphs import finish, read_graph
from agent.tools.molecules.evolution.operators import OPERATORS
from agent.tools.molecules.evolution.optimiser import DEFAULT_START, optimise


def drug_likeness(smiles):
    return [QED.qed(Chem.MolFromSmiles(text)) for text in smiles]


def test_the_same_seed_gives_the_same_search():
    runs = [optimise(drug_likeness, budget=90, seed=seed) for seed in (3, 3, 4)]
    assert runs[0].smiles == runs[1].smiles
    assert runs[0].smiles != runs[2].smiles


def test_a_resumed_search_is_the_same_search():
    usual = [*DEFAULT_START] * 40
    states = []
    whole = optimise(
        drug_likeness,
        budget=126,
        seed=1,
        usual=usual,
        on_progress=lambda calls, archive: states.append(archive.snapshot()),
    )
    state = json.loads(json.dumps(next(state for state in states if len(state["smiles"]) >= 80)))
    assert len(state["smiles"]) < len(whole)
    assert optimise(drug_likeness, budget=126, seed=1, state=state, usual=usual).smiles == whole.smiles


def test_offspring_keep_mostly_to_usual_environments():
    usual = [*DEFAULT_START] * 40
    environments = Environments(Chem.MolFromSmiles(smiles) for smiles in DEFAULT_START)
    shares = []
    for known in (usual, None):
        archive = optimise(lambda smiles: [1 / len(text) for text in smiles], budget=100, seed=2, usual=known)
        mols = [Chem.MolFromSmiles(smiles) for smiles in archive.smiles]
        shares.append(sum(map(environments.usual_only, mols)) / len(mols))
    assert shares[0] > shares[1] + 0.1


def test_budget_batches_and_progress():
    asked, told = [], []

    def oracle(smiles):
        asked.extend(smiles)
        return [0.5] * len(smiles)

    archive = optimise(oracle, budget=123, on_progress=lambda calls, archive: told.append((calls, len(archive))))
    assert len(archive) == len(asked) == len(set(asked)) == 123
    assert archive.smiles == asked
    assert told[-1] == (123, 123)
    assert all(Chem.MolToSmiles(Chem.MolFromSmiles(text)) == text for text in asked)


def test_a_search_beats_random_edits():
    budget = 200
    found = optimise(drug_likeness, budget=budget, seed=0)
    chance = random.Random(0)
    population = {smiles: drug_likeness([smiles])[0] for smiles in DEFAULT_START}
    while len(population) < budget:
        operator = chance.choice(OPERATORS)
        parents = [read_graph(chance.choice(list(population))) for _ in range(2)]
        edited = operator.apply(*parents, chance)  # type: ignore[arg-type]
        finished = finish(edited) if edited is not None else None
        if finished is not None and finished[0] not in population:
            population[finished[0]] = drug_likeness([finished[0]])[0]
    best = sum(score for _, score in found.top(10)) / 10
    by_chance = sum(sorted(population.values())[-10:]) / 10
    assert best > by_chance + 0.05
    assert best > 0.85


def test_admission_is_kept():
    fluorine = Chem.MolFromSmarts("F")
    archive = optimise(drug_likeness, budget=100, admit=lambda mol: not mol.HasSubstructMatch(fluorine))
    assert len(archive) == 100
    assert not any("F" in text for text in archive.smiles)


def test_more_start_molecules_are_drawn_while_all_scores_are_alike():
    chains = ["C" * length + "O" for length in range(2, 42)] + ["C" * length + "N" for length in range(2, 42)]
    archive = optimise(lambda smiles: [0.0] * len(smiles), budget=120, start=chains)
    drawn = set(chains) & set(archive.smiles)
    assert len(drawn) > 60
    assert archive.flat


def test_start_molecules_that_cannot_be_used():
    with pytest.raises(InputError, match="start molecule"):
        optimise(drug_likeness, budget=10, start=["not a molecule", "C1CC"])
    with pytest.raises(InputError, match="budget"):
        optimise(drug_likeness, budget=0)


def test_archive_ranks_and_sorts_into_niches():
    archive = Archive()
    rows = [("CCO", 0.2), ("c1ccccc1", 0.5), ("Cc1ccccc1", 0.7), ("c1ccncc1", 0.6), ("CCCCC1CC1", 0.1)]
    for smiles, score in rows:
        archive.add(smiles, score, niche(Chem.MolFromSmiles(smiles)))
    assert [smiles for smiles, _ in archive.top(2)] == ["Cc1ccccc1", "c1ccncc1"]
    assert [smiles for smiles, _ in archive.champions(5)] == ["Cc1ccccc1", "CCO", "CCCCC1CC1"]
    assert "CCO" in archive and "CCC" not in archive
    chance = random.Random(0)
    drawn = [archive.draw(chance, diverse=False) for _ in range(2000)]
    assert set(drawn) == set(range(5))
    assert drawn.count(2) > 2 * drawn.count(4)


def test_niche_is_the_shape_of_the_ring_skeleton():
    assert niche(Chem.MolFromSmiles("Cc1ccncc1")) == niche(Chem.MolFromSmiles("OC1CCCCC1"))
    assert niche(Chem.MolFromSmiles("c1ccccc1CCN1CCCC1")) != niche(Chem.MolFromSmiles("c1ccccc1CN1CCCC1"))
    assert niche(Chem.MolFromSmiles("CCCC")) == "chain of 0 atoms"
