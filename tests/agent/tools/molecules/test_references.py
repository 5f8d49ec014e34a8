"""The tables of reference molecules, read without their packages: what the packages themselves say is what is found."""

import subprocess
import sys

import numpy as np
import pytest

from agent.tools import kept
from agent.tools.molecules.compounds import SCANS, Compound, Compounds
from agent.tools.molecules.references import chemical_by_name, drug_of, drugs

TABLE = (
    b"\n1\t50-00-0\tCH2O\t30.0\tC=O\tInChI=1S/CH2O\tWSFSSNUMVMOOMR-UHFFFAOYSA-N\tmethanal\tformaldehyde\tFormalin\tcco"
    b"\n2\t64-17-5\tC2H6O\t46.1\tCCO\tInChI=1S/C2H6O\tLFQSCWFLJHTTHZ-UHFFFAOYSA-N\tethanol\tethanol\tspirit"
    b"\n3\t64-17-6\tC2H6O\t46.1\tOCC\tInChI=1S/C2H6O\tLFQSCWFLJHTTHZ-AAAAAAAAAA-N\tspirit\tanother spirit"
)


def test_a_name_is_found_among_the_names_of_the_last_row_that_has_it():
    table = Compounds(TABLE)
    for _ in range(SCANS // 4 + 1):  # the scan, then the index
        assert table.named("FORMALIN") == Compound("formaldehyde", "C=O")
        assert table.named("spirit") == Compound("another spirit", "OCC")
        assert table.named("CCO") == Compound("formaldehyde", "C=O")  # a name here, however it looks; no SMILES column
        assert table.named("C=O") is None
        assert table.named("formal") is None


def test_numbers_and_keys_are_found_whole():
    table = Compounds(TABLE)
    assert table.of_cas("64-17-5") == Compound("ethanol", "CCO")
    assert table.of_cas("4-17-5") is None
    assert table.of_inchikey("LFQSCWFLJHTTHZ-AAAAAAAAAA-N") == Compound("another spirit", "OCC")
    assert table.of_skeleton("LFQSCWFLJHTTHZ") == Compound("ethanol", "CCO")
    assert table.of_inchikey("") is None
    assert table.names_like("et", 4, 9) == ["ethanol"]
    assert Compounds(b"").named("ethanol") is None


@pytest.mark.parametrize("name", ["atenolol", "2-propanol", "DMSO", "caesium carbonate", "vanillin", "oxygen"])
def test_names_mean_what_the_package_itself_says(name):
    identifiers = pytest.importorskip("chemicals.identifiers")
    found = identifiers.search_chemical(name)
    ours = chemical_by_name(name)
    assert ours is not None
    assert (ours.name, ours.smiles) == (found.common_name, found.smiles)


def test_an_element_is_its_atom():
    found = chemical_by_name("Sulfur")
    assert found is not None
    assert found.smiles == "[S]"


def test_every_drug_is_found_by_its_key_among_drugs_of_its_atoms():
    from rdkit import Chem

    from agent.tools.molecules.structures import inchikey

    checked = 0
    for drug in drugs()[::97]:
        mol = Chem.MolFromSmiles(drug.smiles)
        if mol is not None and (key := inchikey(mol)):
            same, loose = drug_of(key, mol)
            assert same is not None
            assert loose is not None
            checked += 1
    assert checked > 20  # of the sets that are installed


def test_looking_molecules_up_imports_neither_pandas_nor_the_package():
    code = (
        "import sys; from agent.tools.molecules.identity import resolve_molecule, check_known_molecules; "
        "assert resolve_molecule('atenolol').status == 'ok'; check_known_molecules(['CCO']); "
        "assert not {'admet_ai', 'torch', 'datamol', 'chemicals', 'pandas'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_kept_rows_are_made_once_and_again_when_broken(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_: tmp_path)
    made = []

    def make():
        made.append(1)
        return [["a", "b"]]

    for content in (None, "not json", '[["a"], ["a", "b"]]', "[]", '{"a": 1}'):
        if content is not None:
            next(tmp_path.iterdir()).write_text(content, encoding="utf-8")
        assert kept.kept_rows("x", ["pydantic"], make) == [["a", "b"]]
    assert kept.kept_rows("x", ["pydantic"], make) == [["a", "b"]]
    assert len(made) == 5
    assert len(list(tmp_path.iterdir())) == 1


def test_kept_arrays_are_made_once_and_again_when_broken(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_: tmp_path)
    made = []

    def make():
        made.append(1)
        return np.arange(6.0).reshape(2, 3)

    for content in (None, b"", b"not an array"):
        if content is not None:
            next(tmp_path.iterdir()).write_bytes(content)
        assert kept.kept_array("x", ["pydantic"], make).tolist() == [[0, 1, 2], [3, 4, 5]]
    array = kept.kept_array("x", ["pydantic"], make)
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert not array.flags.writeable
    assert len(made) == 3


def test_rows_that_cannot_be_kept_are_made_each_time(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_: blocked)
    assert kept.kept_rows("x", [], lambda: [["a"]]) == [["a"]]
