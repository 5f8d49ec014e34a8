"""Comparing structures with the records of the lab's SDF, CIF and FASTA files. Libraries are loaded when needed."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from agent.errors import RepairableToolError

if TYPE_CHECKING:
    from knowledge import Document

_FORMATS = {"molecule": "sdf", "crystal": "cif", "sequence": "fasta"}
_SUFFIXES = {
    "molecule": {".smi"},
    "crystal": {".vasp", ".poscar"},
    "sequence": set[str](),
}
"""Files of structures that the store reads as plain text."""
_SAME_FORMULA = 0.9  # likeness of crystals with one reduced formula and another structure
_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")
_LONGEST_ALIGNED = 1e9  # cells of an alignment's table: some seconds


class Comparison(NamedTuple):
    """The nearest record of a structure: its file, its name there, and the likeness in [0, 1]; 1 is the same."""

    file: str
    record: str
    likeness: float


class Comparer(Protocol):
    """What is needed to compare structures of one kind."""

    def read(self, text: str) -> Any:
        """A structure that was asked about."""
        ...

    def records(self, path: Path) -> Iterator[tuple[str, Any]]:
        """The named structures of a file."""
        ...

    def likeness(self, one: Any, other: Any) -> float:
        """How alike two are, in [0, 1]; 1 only for the same structure."""
        ...


def files_of(documents: Sequence[Document], kind: str) -> list[str]:
    """Names of the documents that are files of structures of a kind, members of zip archives among them.

    Records of public databases are no files: the store has their text, without coordinates.
    """
    return [
        one.name
        for one in documents
        if Path(one.name).is_absolute()
        and (one.format == _FORMATS[kind] or Path(one.name).suffix.lower() in _SUFFIXES[kind])
    ]


@contextlib.contextmanager
def opened_file(name: str) -> Iterator[Path]:
    """The file of a document; a member of an archive is unpacked for as long as it is needed.

    Args:
        name: A path, or ``archive.zip!/member``.

    Raises:
        OSError: It is not there any more.
    """
    archive, inside, member = name.partition("!/")
    if not inside:
        yield Path(name)
        return
    with tempfile.TemporaryDirectory(prefix="gedanken-") as folder, zipfile.ZipFile(archive) as packed:
        path = Path(folder, Path(member).name)
        try:
            path.write_bytes(packed.read(member))
        except KeyError as error:
            raise OSError("the archive does not hold it any more") from error
        yield path


def comparer(kind: str) -> Comparer:
    """The comparison for a kind of structure."""
    return {"molecule": Molecules, "crystal": Crystals, "sequence": Sequences}[kind]()


class Molecules:
    """By InChIKey; else Tanimoto of Morgan fingerprints, below 1."""

    def __init__(self) -> None:
        from rdkit.Chem import rdFingerprintGenerator

        self._bits = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)

    def read(self, text: str) -> Any:
        """A molecule from SMILES."""
        from rdkit import Chem, rdBase

        with rdBase.BlockLogs():
            mol = Chem.MolFromSmiles(text)
        if mol is None:
            raise RepairableToolError(f"find_known_structures: '{text[:60]}' is no SMILES.", remedy="Correct it.")
        return self._seen(mol)

    def records(self, path: Path) -> Iterator[tuple[str, Any]]:
        """Molecules of an SDF or MOL file, or of a list of SMILES with names."""
        from rdkit import Chem, rdBase

        with rdBase.BlockLogs():
            if path.suffix.lower() == ".smi":
                for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                    parts = line.split(maxsplit=1)
                    mol = Chem.MolFromSmiles(parts[0]) if parts else None
                    if mol is not None:
                        yield (parts[1] if len(parts) > 1 else f"line {number}"), self._seen(mol)
                return
            for number, mol in enumerate(Chem.SDMolSupplier(str(path)), 1):
                if mol is not None:
                    name = mol.GetProp("_Name") if mol.HasProp("_Name") else ""
                    yield name or f"record {number}", self._seen(mol)

    def likeness(self, one: Any, other: Any) -> float:
        """1 for one InChIKey, else the Tanimoto coefficient."""
        from rdkit.DataStructs import TanimotoSimilarity

        return 1.0 if one[0] and one[0] == other[0] else min(0.999, TanimotoSimilarity(one[1], other[1]))

    def _seen(self, mol: Any) -> tuple[str, Any]:
        from rdkit import Chem, rdBase

        with rdBase.BlockLogs():
            return Chem.MolToInchiKey(mol), self._bits.GetFingerprint(mol)


class Crystals:
    """By reduced formula, then pymatgen's matcher."""

    def __init__(self) -> None:
        from pymatgen.analysis.structure_matcher import StructureMatcher

        self._matcher = StructureMatcher()

    def read(self, text: str) -> Any:
        """A structure from the text or path of a CIF or POSCAR."""
        try:
            given = Path(text).read_text() if "\n" not in text else text
            return self._parsed(given)
        except (OSError, ValueError, IndexError, KeyError) as error:
            raise RepairableToolError(
                f"find_known_structures: '{text[:60]}' is no structure ({error}).", remedy="Give a CIF or POSCAR."
            ) from error

    def records(self, path: Path) -> Iterator[tuple[str, Any]]:
        """The structures of a file; a macromolecular one (mmCIF) holds none that could be compared."""
        import warnings

        from pymatgen.io.cif import CifParser

        text = path.read_text(encoding="utf-8", errors="replace")
        if "_cell_length_a" not in text.lower():
            if "_atom_site.cartn_x" not in text.lower():
                yield path.stem, self._parsed(text)
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as in `_parsed`
            found = CifParser.from_str(text, occupancy_tolerance=1.02).parse_structures(primitive=False)
        for number, one in enumerate(found, 1):
            yield path.stem if len(found) == 1 else f"{path.stem}, block {number}", one

    def likeness(self, one: Any, other: Any) -> float:
        """1 for one structure, 0.9 for another of the same reduced formula, else 0."""
        if one.composition.reduced_formula != other.composition.reduced_formula:
            return 0.0
        return 1.0 if self._matcher.fit(one, other) else _SAME_FORMULA

    def _parsed(self, text: str) -> Any:
        import warnings

        from pymatgen.core import Structure

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on rounded coordinates do not change the comparison
            return Structure.from_str(text, fmt="cif" if "_cell_length_a" in text.lower() else "poscar")


class Sequences:
    """By identity over a global alignment, of letters that need not be DNA or protein."""

    def __init__(self) -> None:
        from Bio.Align import PairwiseAligner

        self._aligner = PairwiseAligner(mode="global", match_score=1, mismatch_score=0, gap_score=0)

    def read(self, text: str) -> str:
        """A sequence, without white space."""
        sequence = "".join(text.split()).upper()
        if not sequence.replace("*", "").isalpha():
            raise RepairableToolError(f"find_known_structures: '{text[:60]}' is no sequence.", remedy="Give letters.")
        return sequence

    def records(self, path: Path) -> Iterator[tuple[str, str]]:
        """The sequences of a FASTA file."""
        from Bio import SeqIO

        with path.open(encoding="utf-8", errors="replace") as file:
            for record in SeqIO.parse(file, "fasta"):
                yield record.id, str(record.seq).upper()

    def likeness(self, one: str, other: str) -> float:
        """Identical letters of the best alignment, over the longer length; DNA is compared in both directions.

        Raises:
            ValueError: Both are so long that aligning them would take minutes.
        """
        if one == other:
            return 1.0
        longer = max(len(one), len(other))
        if not longer or min(len(one), len(other)) < 0.5 * longer:
            return 0.0
        readings = [one]
        if set(one) <= set("ACGTN") and set(other) <= set("ACGTN"):
            readings.append(one.translate(_COMPLEMENT)[::-1])
        if other in readings:
            return 1.0
        if float(len(one)) * len(other) > _LONGEST_ALIGNED:
            raise ValueError(f"sequences of {len(one):,} and {len(other):,} letters are too long to be aligned")
        return min(0.999, max(float(self._aligner.score(reading, other)) for reading in readings) / longer)
