"""Names, known molecules and neighbours, in the sets that installed packages ship."""

import subprocess
import sys

import pytest

from agent.errors import RepairableToolError
from agent.tools.molecules.identity import check_known_molecules, find_similar_molecules, resolve_molecule
from agent.tools.molecules.names import looks_like_structure

CELECOXIB = "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1"


@pytest.mark.parametrize(
    ("name", "inchikey"),
    [
        ("celecoxib", "RZEKVGVHFLEQIL-UHFFFAOYSA-N"),
        ("Celecoxib", "RZEKVGVHFLEQIL-UHFFFAOYSA-N"),
        ("셀레콕시브", "RZEKVGVHFLEQIL-UHFFFAOYSA-N"),
        ("aspirin", "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"),
        ("50-78-2", "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"),
        ("caffeine", "RYYVLZVUVIJVGH-UHFFFAOYSA-N"),
        ("2-propanol", "KFZMGEQAYNKOFK-UHFFFAOYSA-N"),
        ("DMSO", "IAZDPXIOMUYVGZ-UHFFFAOYSA-N"),
    ],
)
def test_names_are_resolved_to_the_published_inchikey(name, inchikey):
    result = resolve_molecule(name)
    assert result.status == "ok"
    assert result.data["inchikey"] == inchikey
    assert "shipped with" in result.data["source"] or "chemicals" in result.data["source"]


@pytest.mark.parametrize("text", ["CCO", "c1ccccc1O", "InChI=1S/CH4/h1H4", "OC(=O)c1ccccc1"])
def test_structures_are_taken_as_given(text):
    result = resolve_molecule(text)
    assert result.data["source"] == "goal"
    assert result.data["formula"]


def test_an_unknown_name_is_empty_with_names_spelled_alike():
    result = resolve_molecule("celecoxb")
    assert result.status == "empty"
    assert "celecoxib" in result.data["similar"]
    assert result.data["searched"]


@pytest.mark.parametrize("text", ["", "c1cccc1", "C1CC(", "c1ccccc1*", "sodium chloride", "[CH3]"])
def test_what_is_a_structure_but_cannot_be_handled_is_an_error(text):
    with pytest.raises(RepairableToolError):
        resolve_molecule(text)


@pytest.mark.parametrize(
    ("text", "structure"),
    [("CCO", True), ("c1ccccc1", True), ("CC(=O)[O-]", True), ("ClCCl", False), ("aspirin", False),
     ("2-propanol", False),
     ("N,N-dimethylformamide", False), ("50-78-2", False), ("acetic acid", False), ("benzo[a]pyrene", False)],
)  # fmt: skip
def test_structures_are_told_from_names(text, structure):
    assert looks_like_structure(text) is structure


def test_known_molecules_are_matched_and_the_sets_are_named():
    novel = "Cc1ccc(-c2cc(C(F)F)nn2-c2ccc(S(=O)(=O)NC3COC3)cc2)cn1"
    result = check_known_molecules([CELECOXIB, novel, "nonsense("])
    labels = {draft.structure: draft.labels for draft in result.candidates}
    assert labels[CELECOXIB]["known"] == "Celecoxib"
    assert labels[novel]["known"] == "no"
    assert result.data["invalid"][0]["index"] == 2
    assert result.data["searched"]
    assert any("PubChem" in name for name in result.data["not_searched"])


def test_a_stereoisomer_of_a_known_molecule_is_said_to_be_one():
    # (R)-naproxen: the drug is the (S) form.
    result = check_known_molecules(["COc1ccc2cc([C@@H](C)C(=O)O)ccc2c1", "COc1ccc2cc([C@H](C)C(=O)O)ccc2c1"])
    wrong, right = (row["known"].lower() for row in result.data["rows"])
    assert wrong == f"{right} (other stereochemistry)" or wrong == "naproxen (other stereochemistry)"
    assert right == "naproxen"


def test_a_drug_is_its_own_nearest_neighbour():
    result = find_similar_molecules([CELECOXIB, "CCO"], count=3)
    first = result.data["rows"][0]["neighbours"]
    assert first[0]["name"] == "Celecoxib"
    assert first[0]["similarity"] == 1.0
    assert [item["similarity"] for item in first] == sorted((item["similarity"] for item in first), reverse=True)
    assert result.candidates[1].labels["nearest_drug"] == "Ethanol"


def test_neighbours_have_to_be_asked_for_in_a_sensible_number():
    with pytest.raises(RepairableToolError, match="count"):
        find_similar_molecules(["CCO"], count=0)


def test_importing_the_room_loads_no_chemistry():
    code = (
        "import sys, agent.tools.molecules; "
        "heavy = {'rdkit', 'torch', 'chemprop', 'lightning', 'admet_ai', 'chemicals', 'numpy'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_reading_the_drug_table_does_not_start_its_package():
    code = (
        "import sys; from agent.tools.molecules.identity import resolve_molecule; "
        "assert resolve_molecule('celecoxib').status == 'ok'; "
        "assert not {'admet_ai', 'torch', 'datamol', 'chemicals'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
