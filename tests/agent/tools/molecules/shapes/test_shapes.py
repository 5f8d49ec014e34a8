from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import pytest
from rdkit import Chem
from rdkit.Chem import AllChem

from agent.errors import EngineMissing, RepairableToolError
from agent.tools.molecules.shapes import docking
from agent.tools.molecules.shapes.tool import dock_molecules, make_conformers

DOCKABLE = all(importlib.util.find_spec(name) for name in ("vina", "meeko", "gemmi"))
needs_vina = pytest.mark.skipif(not DOCKABLE, reason="docking needs the extra 'dock' (vina, meeko, gemmi)")


def poses(text: str) -> list[Chem.Mol]:
    supplier = Chem.SDMolSupplier()
    supplier.SetData(text, removeHs=False)
    return list(supplier)


def test_butane_has_anti_and_gauche_with_the_known_difference() -> None:
    # MMFF94 gives 0.78 kcal/mol for gauche above anti (Halgren and Nachbar, J. Comput. Chem. 1996, 17, 587).
    result = make_conformers("CCCC", count=30)
    energies = [row["relative_energy"] for row in result.data["conformers"]]
    assert energies[0] == 0 and energies[1] == pytest.approx(0.78, abs=0.06)
    weights = [row["weight"] for row in result.data["conformers"]]
    assert sum(weights) == pytest.approx(1, abs=1e-3)
    assert weights[1] / weights[0] == pytest.approx(math.exp(-energies[1] / 0.59248), rel=1e-2)


def test_conformers_are_written_with_energies_and_repeat_by_seed() -> None:
    first, second = (make_conformers("OC(=O)c1ccccc1OC(C)=O", count=10, random_seed=4) for _ in range(2))
    assert first == second
    mols = poses(first.artifacts[0].content)
    assert len(mols) == len(first.data["conformers"]) and mols[0].GetNumConformers() == 1
    assert Chem.MolToSmiles(Chem.RemoveHs(mols[0])) == first.data["smiles"]
    energies = [float(mol.GetProp("relative_energy_kcal_per_mol")) for mol in mols]
    assert energies == sorted(energies)
    field = AllChem.MMFFGetMoleculeProperties(mols[0], mmffVariant="MMFF94s")
    absolute = [AllChem.MMFFGetMoleculeForceField(mol, field).CalcEnergy() for mol in mols]
    assert energies == pytest.approx([one - absolute[0] for one in absolute], abs=0.02)


def test_boron_falls_back_to_the_universal_field_and_says_so() -> None:
    result = make_conformers("OB(O)c1ccccc1", count=3)
    assert result.data["field"] == "UFF" and any("less accurate" in warning for warning in result.warnings)


def test_a_count_of_none_is_refused() -> None:
    with pytest.raises(RepairableToolError, match="count: 0"):
        make_conformers("CCO", count=0)


@pytest.fixture(scope="module")
def receptor(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A short peptide with a phenol beside it: made here, so that no structure has to be shipped."""
    mol = Chem.AddHs(Chem.MolFromSequence("GFGSGHG"), addResidueInfo=True)
    assert AllChem.EmbedMolecule(mol, randomSeed=7) == 0
    AllChem.MMFFOptimizeMolecule(mol)
    block = Chem.MolToPDBBlock(Chem.RemoveHs(mol), flavor=4 + 8)  # as from a crystal: without hydrogens
    lines = [line for line in block.splitlines() if line.startswith("ATOM")]
    ligand = Chem.MolFromSmiles("Oc1ccccc1")
    AllChem.EmbedMolecule(ligand, randomSeed=1)
    places = ligand.GetConformer().GetPositions() + mol.GetConformer().GetPositions().mean(axis=0) + [0, 0, 5]
    for number, (x, y, z) in enumerate(places, start=900):
        lines.append(f"HETATM{number:5d}  C   PHN A 201    {x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00           C")
    lines.append(f"HETATM{950:5d}  O   HOH A 301    {0:8.3f}{0:8.3f}{0:8.3f}  1.00  0.00           O")
    path = tmp_path_factory.mktemp("receptor") / "peptide.pdb"
    path.write_text("\n".join([*lines, "END", ""]))
    return str(path)


def test_the_box_is_given_or_around_a_named_ligand(receptor: str) -> None:
    found = docking.read_receptor(receptor)
    assert found.left_out == ("1 waters", "PHN A:201")
    box = docking.box_of(found, [], [], "phn")
    atoms = found.hetero["PHN A:201"]
    for axis in range(3):
        low, high = min(a[axis] for a in atoms), max(a[axis] for a in atoms)
        assert box.center[axis] == pytest.approx((low + high) / 2)
        assert box.size[axis] == pytest.approx(high - low + 2 * docking.LIGAND_MARGIN)
    assert docking.box_of(found, [1, 2, 3], [], "").size == (20, 20, 20)
    for center, size, around, message in (
        ([], [], "", "give one of them"),
        ([1, 2, 3], [], "PHN", "give one of them"),
        ([1, 2], [], "", "no point"),
        ([1, 2, 3], [10, 10, 99], "", "no box"),
        ([], [], "STI", "holds no ligand"),
    ):
        with pytest.raises(RepairableToolError, match=message):
            docking.box_of(found, center, size, around)


def test_a_missing_engine_is_named(monkeypatch: pytest.MonkeyPatch, receptor: str) -> None:
    monkeypatch.setattr(docking.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineMissing, match="vina, meeko, gemmi"):
        dock_molecules(receptor, ["CCO"], around="PHN")


def test_a_file_without_protein_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdb"
    path.write_text("REMARK nothing\n")
    with pytest.raises(RepairableToolError, match="no ATOM"):
        docking.read_receptor(str(path))


@needs_vina
@pytest.mark.slow
def test_docking_scores_poses_inside_the_box_and_repeats(receptor: str) -> None:
    first, second = (
        dock_molecules(receptor, ["Oc1ccccc1", "CC(=O)Nc1ccc(O)cc1"], around="PHN", poses=2, exhaustiveness=1)
        for _ in range(2)
    )
    assert first.status == "ok" and first.data == second.data
    box = first.data["box"]
    for row, file in zip(first.data["rows"], first.artifacts, strict=True):
        assert row["scores"] == sorted(row["scores"]) and row["scores"][0] < 0
        for mol in poses(file.content):
            assert Chem.MolToSmiles(Chem.RemoveHs(mol)) == row["smiles"]
            middle = mol.GetConformer().GetPositions().mean(axis=0)
            assert all(abs(middle[axis] - box["center"][axis]) <= box["size"][axis] / 2 for axis in range(3))
    assert first.candidates[0].values[0].unit == "kcal/mol"


@needs_vina
def test_a_receptor_with_an_incomplete_residue_is_refused_by_its_number(receptor: str, tmp_path: Path) -> None:
    lines = Path(receptor).read_text().splitlines()
    path = tmp_path / "broken.pdb"
    path.write_text("\n".join(line for line in lines if not (line[17:20] == "PHE" and line[13:15] == "CG")))
    with pytest.raises(RepairableToolError, match=r"residue A:2"):
        docking.Docking(docking.read_receptor(str(path)), docking.Box((0, 0, 0), (10, 10, 10)))
