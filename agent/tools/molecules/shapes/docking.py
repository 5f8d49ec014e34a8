"""Docking with AutoDock Vina: a rigid receptor from a PDB file, a box, and ligands from SMILES.

The receptor's protein atoms are taken as they stand in the file (hydrogens are added where they lack); waters, ions and
ligands are left out. Vina's score estimates a free energy of binding in kcal/mol with a standard error of about 2.85
(O. Trott, A. J. Olson, J. Comput. Chem. 2010, 31, 455): it ranks poses better than it ranks molecules.
"""

from __future__ import annotations

import importlib.util
import io
import re
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from agent.errors import EngineMissing, RepairableToolError, TerminalToolError

STANDARD_ERROR = 2.85
"""Of Vina's score against measured binding, kcal/mol, as its authors state it."""

LARGEST_SIDE = 40.0
"""Å; a larger box is searched too thinly at the usual exhaustiveness."""

LIGAND_MARGIN = 6.0
"""Å beyond the named ligand's atoms on each side."""

_WATER = ("HOH", "WAT", "DOD", "SOL")


@dataclass(frozen=True)
class Box:
    """The searched box: its centre and the lengths of its sides, Å."""

    center: tuple[float, float, float]
    size: tuple[float, float, float]


@dataclass(frozen=True)
class Pose:
    """A docked ligand.

    Attributes:
        energy: Vina's score, kcal/mol.
        block: The pose as a mol block (with polar hydrogens where the preparation keeps them).
    """

    energy: float
    block: str


@dataclass(frozen=True)
class Receptor:
    """A receptor that was read.

    Attributes:
        pdb: The protein's lines.
        pdbqt: The file's own text where it is prepared already; else empty.
        hetero: Coordinates of the other residues by ``NAME chain:number``.
        left_out: What was left out, in words.
    """

    pdb: str
    pdbqt: str
    hetero: dict[str, list[tuple[float, float, float]]]
    left_out: tuple[str, ...]


def require_engine() -> None:
    """Refuse with a remedy where Vina or Meeko is not installed.

    Raises:
        EngineMissing: Naming what lacks.
    """
    missing = [name for name in ("vina", "meeko", "gemmi") if importlib.util.find_spec(name) is None]
    if missing:
        raise EngineMissing(
            f"Docking needs {', '.join(missing)}, not installed here.", remedy="Run: pip install 'gedanken[dock]'."
        )


def read_receptor(path: str) -> Receptor:
    """Read a receptor from a PDB file, or one already prepared as PDBQT.

    Raises:
        RepairableToolError: The file cannot be read, or holds no protein.
    """
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise RepairableToolError(f"receptor: '{path}' cannot be read: {error}.", remedy="Give a PDB file.") from error
    first_model = text.split("\nENDMDL", 1)[0]
    hetero: dict[str, list[tuple[float, float, float]]] = {}
    protein: dict[str, list[str]] = {}  # by residue: some programs write all hydrogens at the end
    for line in first_model.splitlines():
        if line.startswith("ATOM"):
            protein.setdefault(line[21:27], []).append(line)
        elif line.startswith("HETATM"):
            try:
                place = (float(line[30:38]), float(line[38:46]), float(line[46:54]))
            except ValueError as error:
                raise RepairableToolError(
                    f"receptor: '{path}' has a damaged line: '{line.rstrip()}'.", remedy="Mend the file."
                ) from error
            key = f"{line[17:20].strip()} {line[21].strip()}:{line[22:27].strip()}"
            hetero.setdefault(key, []).append(place)
    if not protein:
        raise RepairableToolError(f"receptor: '{path}' holds no ATOM records.", remedy="Give a PDB file of a protein.")
    waters = sum(key.split()[0] in _WATER for key in hetero)
    others = sorted(key for key in hetero if key.split()[0] not in _WATER)
    left_out = (*([f"{waters} waters"] if waters else []), *others)
    prepared = first_model if path.lower().endswith(".pdbqt") else ""
    return Receptor(
        "\n".join([*(line for lines in protein.values() for line in lines), "END", ""]), prepared, hetero, left_out
    )


def box_of(receptor: Receptor, center: list[float], size: list[float], around: str) -> Box:
    """The box as asked for: given, or around a ligand that the file holds.

    Raises:
        RepairableToolError: Neither or both are given, or they do not fit.
    """
    if bool(center) == bool(around.strip()):
        raise RepairableToolError(
            "center, around: give one of them.", remedy=f"Ligands in the file: {_ligands(receptor)}."
        )
    if size and (len(size) != 3 or not all(0 < side <= LARGEST_SIDE for side in size)):
        raise RepairableToolError(
            f"size: {size} is no box.", remedy=f"Give three sides in Å, each up to {LARGEST_SIDE:g}."
        )
    if center:
        if len(center) != 3:
            raise RepairableToolError(f"center: {center} is no point.", remedy="Give x, y and z in Å.")
        return Box(_three(center), _three(size or [20.0, 20.0, 20.0]))
    wanted = around.strip().upper()
    named = [key for key in receptor.hetero if key.upper() == wanted or key.split()[0].upper() == wanted]
    if not named:
        raise RepairableToolError(
            f"around: the file holds no ligand '{around}'.", remedy=f"It holds: {_ligands(receptor)}."
        )
    if len(named) > 1:
        raise RepairableToolError(
            f"around: the file holds {len(named)} residues '{around}'.", remedy=f"Name one of: {', '.join(named)}."
        )
    atoms = receptor.hetero[named[0]]
    low, high = [min(axis) for axis in zip(*atoms, strict=True)], [max(axis) for axis in zip(*atoms, strict=True)]
    middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    sides = size or [min(LARGEST_SIDE, b - a + 2 * LIGAND_MARGIN) for a, b in zip(low, high, strict=True)]
    return Box(_three(middle), _three(sides))


class Docking:
    """A receptor ready for docking in one box.

    Args:
        receptor: As read.
        box: Where to dock.
        seed: Of the search; the same seed gives the same poses.
        exhaustiveness: How many independent searches Vina makes.

    Raises:
        RepairableToolError: The receptor cannot be prepared; the message says which residue.
    """

    def __init__(self, receptor: Receptor, box: Box, *, seed: int = 0, exhaustiveness: int = 8) -> None:
        from vina import Vina

        self._exhaustiveness = exhaustiveness
        self._engine = Vina(sf_name="vina", cpu=1, seed=seed + 1, verbosity=0)  # 0 would mean a random seed
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "receptor.pdbqt")
            file.write_text(receptor.pdbqt or _prepared(receptor.pdb), encoding="ascii", errors="replace")
            self._engine.set_receptor(str(file))
        self._engine.compute_vina_maps(center=list(box.center), box_size=list(box.size))

    def dock(self, smiles: str, poses: int, seed: int) -> list[Pose]:
        """Dock one molecule.

        Args:
            smiles: The molecule, in the protonation state in which it is to be docked.
            poses: How many poses at most, the best first.
            seed: Of the starting geometry.

        Raises:
            TerminalToolError: It has no three-dimensional geometry, or an atom that Vina has no type for.
        """
        from meeko import MoleculePreparation, PDBQTMolecule, PDBQTWriterLegacy, RDKitMolCreate
        from rdkit import Chem

        from agent.tools.molecules.shapes.conformers import conformers

        start = conformers(Chem.MolFromSmiles(smiles), 1, seed)
        with _quiet():
            setups = MoleculePreparation().prepare(start.mol)
            text, good, message = PDBQTWriterLegacy.write_string(setups[0])
        if not good:
            raise TerminalToolError(f"{smiles} cannot be prepared for docking: {message.strip()}.")
        self._engine.set_ligand_from_string(text)
        with _quiet():
            self._engine.dock(exhaustiveness=self._exhaustiveness, n_poses=poses)
            energies = self._engine.energies(n_poses=poses)
            docked = PDBQTMolecule(self._engine.poses(n_poses=poses), skip_typing=True)
            mol = RDKitMolCreate.from_pdbqt_mol(docked)[0]
        if mol is None:
            raise TerminalToolError(f"The poses of {smiles} cannot be read back.")
        return [
            Pose(float(row[0]), Chem.MolToMolBlock(mol, confId=conformer.GetId()))
            for row, conformer in zip(energies, mol.GetConformers(), strict=False)
        ]


def _prepared(pdb: str) -> str:
    """The protein as PDBQT."""
    from meeko import MoleculePreparation, PDBQTWriterLegacy, Polymer, ResidueChemTemplates

    try:
        with _quiet():
            polymer = Polymer.from_pdb_string(
                pdb, ResidueChemTemplates.create_from_defaults(), MoleculePreparation(), default_altloc="A"
            )
            rigid, _ = PDBQTWriterLegacy.write_string_from_polymer(polymer)
    except Exception as error:  # Meeko raises plain exceptions of many kinds for what a file may hold
        bad = re.search(r"matching failed for:\s*\[([^\]]*)\]", str(error))
        told = " ".join(str(error).split())[:300] or type(error).__name__
        if bad:
            told = f"atoms lack or are too many in residue {bad[1].replace(chr(39), '')} (chain:number)."
        raise RepairableToolError(
            f"receptor: the protein cannot be prepared: {told}",
            remedy="Complete the named residues, leave them out of the file, or give a PDBQT file.",
        ) from error
    return rigid


class _quiet:
    """What Meeko and Vina print or warn of stays out of the worker's output."""

    def __enter__(self) -> None:
        self._stack = (redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), warnings.catch_warnings())
        for one in self._stack:
            one.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *reason) -> None:
        for one in reversed(self._stack):
            one.__exit__(*reason)


def _ligands(receptor: Receptor) -> str:
    return ", ".join(one for one in receptor.hetero if one.split()[0] not in _WATER) or "none"


def _three(values: list[float]) -> tuple[float, float, float]:
    return values[0], values[1], values[2]
