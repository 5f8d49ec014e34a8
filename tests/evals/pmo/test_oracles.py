"""The PMO oracles against what their definitions say of known molecules, and the classifiers against references."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import pytest

from agent.errors import InputError
from evals.pmo import oracles
from evals.pmo.classifiers import _coupled
from evals.pmo.oracles import OBJECTIVES, ORACLES, Sample, isomer, oracle

BENCH = Path(os.environ.get("GEDANKEN_BENCH", Path(__file__).parents[3].parent / "shared" / "bench")) / "pmo"
needs_bench = pytest.mark.skipif(not BENCH.is_dir(), reason="needs the bench folder (GEDANKEN_BENCH)")


def test_there_are_23():
    assert len(ORACLES) == len(set(ORACLES)) == 23


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("celecoxib_rediscovery", oracles.CELECOXIB),
        ("troglitazone_rediscovery", oracles.TROGLITAZONE),
        ("thiothixene_rediscovery", oracles.THIOTHIXENE),
        ("albuterol_similarity", oracles.ALBUTEROL),
        ("mestranol_similarity", oracles.MESTRANOL),
    ],
)
def test_a_target_scores_one(name, target):
    assert oracle(name)([target, "CCO"]) == [1.0, pytest.approx(oracle(name)(["OCC"])[0])]
    assert oracle(name)(["CCO"])[0] < 0.2


@pytest.mark.parametrize(
    ("constant", "formula"),
    [
        ("ALBUTEROL", "C13H21NO3"),
        ("AMLODIPINE", "C20H25ClN2O5"),
        ("CAMPHOR", "C10H16O"),
        ("CELECOXIB", "C17H14F3N3O2S"),
        ("FEXOFENADINE", "C32H39NO4"),
        ("MENTHOL", "C10H20O"),
        ("MESTRANOL", "C21H26O2"),
        ("OSIMERTINIB", "C28H33N7O2"),
        ("PERINDOPRIL", "C19H32N2O5"),
        ("RANOLAZINE", "C24H33N3O4"),
        ("SILDENAFIL", "C22H30N6O4S"),
        ("SITAGLIPTIN", "C16H15F6N5O"),
        ("TADALAFIL", "C22H19N3O4"),
        ("THIOTHIXENE", "C23H29N3O2S2"),
        ("TROGLITAZONE", "C24H27NO5S"),
        ("ZALEPLON", "C17H15N5O"),
    ],
)
def test_the_targets_are_the_drugs_of_those_names(constant, formula):
    from rdkit.Chem import MolFromSmiles
    from rdkit.Chem.rdMolDescriptors import CalcMolFormula

    assert CalcMolFormula(MolFromSmiles(getattr(oracles, constant))) == formula


def test_a_similarity_ends_at_its_threshold():
    exact = oracle("mestranol_similarity")
    # Ethinyl estradiol is mestranol without its methyl group: an atom-pair similarity above the threshold of 0.75.
    assert exact(["C#CC1(O)CCC2C3CCc4cc(O)ccc4C3CCC21C"]) == [1.0]


def test_geometric_mean_of_two_similarities():
    from rdkit.Chem import MolFromSmiles
    from rdkit.DataStructs import TanimotoSimilarity

    camphor, menthol = (Sample(MolFromSmiles(text)).fingerprint("ECFP4") for text in (oracles.CAMPHOR, oracles.MENTHOL))
    between = TanimotoSimilarity(camphor, menthol)
    assert oracle("median1")([oracles.CAMPHOR])[0] == pytest.approx(math.sqrt(between))
    assert oracle("median1")([oracles.MENTHOL])[0] == pytest.approx(math.sqrt(between))


def test_isomers_score_one_when_all_atoms_are_counted():
    methyl_nicotinohydroxamate = "COc1ccc(C(N)=O)cn1"  # C7H8N2O2
    whole = oracle("isomers_c7h8n2o2", of_text=False)
    assert whole([methyl_nicotinohydroxamate]) == [pytest.approx(1.0)]
    # One hydrogen pair less: two off in H (width 1), two off in the total (width 2), mean of five.
    assert whole(["C=Nc1ccc(C(=O)O)cc1"])[0] < 1.0
    # Read as a formula, COc1ccc(C(N)=O)cn1 has 5 atoms (C, Oc, C, N, O): 14 less than the formula's 19.
    assert oracle("isomers_c7h8n2o2")([methyl_nicotinohydroxamate])[0] == pytest.approx(
        math.exp(-0.5 * (14 / 2) ** 2 / 5)
    )


def test_isomer_terms():
    from rdkit.Chem import MolFromSmiles

    score = isomer("C2H6O", of_text=False)
    assert score(Sample(MolFromSmiles("CCO"))) == pytest.approx(1.0)
    # Ethane: O is off by 1 (width 1), the total by 1 (width 2).
    assert score(Sample(MolFromSmiles("CC"))) == pytest.approx(math.exp(-0.5 * (1 + 0.25) / 4))


def test_sitagliptin_itself_is_not_what_is_wanted():
    similar = oracle("sitagliptin_mpo", of_text=False)([oracles.SITAGLIPTIN])[0]
    assert similar == pytest.approx(math.exp(-0.5 * (1 / 0.1) ** 2 / 4))


def test_multi_property_terms_by_hand():
    from rdkit.Chem import Crippen, MolFromSmiles, rdMolDescriptors

    mol = MolFromSmiles(oracles.RANOLAZINE)
    log_p, tpsa = Crippen.MolLogP(mol), rdMolDescriptors.CalcTPSA(mol)  # type: ignore[attr-defined]
    expected = [
        1.0,
        math.exp(-0.5 * (log_p - 7) ** 2),
        math.exp(-0.5 * ((tpsa - 95) / 20) ** 2),
        math.exp(-0.5),
    ]
    assert oracle("ranolazine_mpo")([oracles.RANOLAZINE])[0] == pytest.approx(math.prod(expected) ** 0.25)
    # Perindopril has no aromatic ring and is wanted with two: four widths off.
    assert oracle("perindopril_mpo")([oracles.PERINDOPRIL])[0] == pytest.approx(math.exp(-0.5 * 16 / 2))
    assert oracle("amlodipine_mpo")([oracles.AMLODIPINE])[0] == pytest.approx(math.exp(-0.5 * 4 / 2))


def test_hops_need_and_forbid_their_patterns():
    # The parent has the scaffold and the decorations: full similarity, and one (scaffold) or two of the other terms.
    assert oracle("deco_hop")([oracles.HOP_PARENT])[0] == pytest.approx((1 + 0 + 0 + 1) / 4)
    assert oracle("scaffold_hop")([oracles.HOP_PARENT])[0] == pytest.approx((1 + 0 + 1) / 3)


def test_valsartan_pattern_gates_the_score():
    valsartan = "CCCCC(=O)N(Cc1ccc(-c2ccccc2-c2nnn[nH]2)cc1)C(C(C)C)C(=O)O"
    assert oracle("valsartan_smarts")(["CCO"]) == [0.0]
    assert OBJECTIVES["valsartan_smarts"](True).terms[0][0](Sample(_mol(valsartan))) == 1.0


def test_drug_likeness_of_known_drugs():
    from rdkit.Chem import QED

    assert oracle("qed")(["CC(=O)Oc1ccccc1C(=O)O"])[0] == pytest.approx(QED.qed(_mol("CC(=O)Oc1ccccc1C(=O)O")))


@pytest.mark.parametrize("name", sorted(OBJECTIVES))
def test_scores_stay_between_0_and_1(name):
    drugs = [oracles.OSIMERTINIB, oracles.SILDENAFIL, "C", "c1ccccc1", "O=[N+]([O-])c1ccccc1", "not a molecule", ""]
    scores = oracle(name)(drugs)
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert scores[-2:] == [0.0, 0.0]


def test_unknown_oracle_and_missing_weights(tmp_path):
    with pytest.raises(InputError, match="no PMO oracle 'logp'"):
        oracle("logp")
    with pytest.raises(InputError, match="weights"):
        oracle("drd2")
    with pytest.raises(InputError, match="missing"):
        oracle("jnk3", tmp_path)


@pytest.mark.parametrize("probability", [0.01, 0.2, 0.5, 0.77, 0.99])
def test_coupling_two_classes_gives_the_estimate_back(probability):
    assert _coupled(probability) == pytest.approx(1 - probability, abs=0.03)


@needs_bench
@pytest.mark.parametrize(("name", "column"), [("drd2", 1), ("gsk3b", 2), ("jnk3", 3)])
def test_classifiers_equal_their_reference_scores(name, column):
    rows = json.loads((BENCH / "reference_scores_306mols.json").read_text(encoding="utf-8"))
    scores = oracle(name, BENCH)([row[0] for row in rows])
    assert scores == pytest.approx([row[column] for row in rows], abs=1e-6)


def _mol(smiles):
    from rdkit.Chem import MolFromSmiles

    return MolFromSmiles(smiles)
