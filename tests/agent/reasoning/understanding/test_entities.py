"""What a goal names: files, written molecules, sequences, compositions."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import InputError
from agent.reasoning.understanding import read_goal
from agent.reasoning.understanding.compositions import find_compositions
from agent.reasoning.understanding.molecules import find_written_molecules
from agent.reasoning.understanding.names import find_names, find_other_words
from agent.reasoning.understanding.sequences import find_enzymes, find_organisms, find_sequences
from agent.records import Goal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Start from CC(=O)Oc1ccccc1C(=O)O, please", ["CC(=O)Oc1ccccc1C(=O)O"]),
        ("the molecule (C1CCCCC1)", ["C1CCCCC1"]),
        ("improve c1ccc2[nH]ccc2c1.", ["c1ccc2[nH]ccc2c1"]),
        ("N[C@@H](C)C(=O)O 유도체", ["N[C@@H](C)C(=O)O"]),
        ("SMILES: CCO", ["CCO"]),
        ("broken: c1ccccc1C(=O", ["c1ccccc1C(=O"]),
        ("InChI=1S/CH4/h1H4 and more", ["InChI=1S/CH4/h1H4"]),
        ("CNS drugs against COX-2 with MW 400", []),
        ("NaCl, LiFePO4, CO2 and SiC", []),
        ("the Li-Mn-O system and IL-6", []),
        ("QED (drug-likeness) of CIF files", []),
    ],
)
def test_written_molecules(text: str, expected: list[str]) -> None:
    assert [mention.text for mention in find_written_molecules(text)] == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Design soluble analogues of celecoxib with logP below 4", "celecoxib"),
        ("celecoxib derivatives", "celecoxib"),
        ("starting from acetylsalicylic acid", "acetylsalicylic acid"),
        ("something like ibuprofen", "ibuprofen"),
        ("similar to caffeine but larger", "caffeine"),
        ("Describe the properties of warfarin", "warfarin"),
        ("optimise 4-aminobenzenesulfonamide", "4-aminobenzenesulfonamide"),
        ("celecoxib 유도체를 설계해줘", "celecoxib"),
        ("아스피린의 유도체를 제안해줘", "아스피린"),
        ("이부프로펜보다 용해도가 높은 분자", "이부프로펜"),
        ("ibuprofen-like molecules", "ibuprofen"),
        ("Compare aspirin and ibuprofen", "ibuprofen"),
    ],
)
def test_names_by_their_phrasing(text: str, name: str) -> None:
    assert name in [mention.text for mention in find_names(text)]


def test_everyday_words_are_no_names() -> None:
    assert not find_names("Design new analogues of the lead with better solubility")
    assert [m.text for m in find_other_words("more soluble celecoxib with logP below 4", ())] == ["celecoxib"]


@pytest.mark.parametrize(
    ("text", "formulas", "systems"),
    [
        ("Compare NaCl, MgO and LiFePO4", ["NaCl", "MgO", "LiFePO4"], []),
        ("Is Ni0.5Co0.5O2 stable?", ["Ni0.5Co0.5O2"], []),
        ("Ca3(PO4)2 as a ceramic", ["Ca3(PO4)2"], []),
        ("search the Li-Mn-O system", [], [("Li", "Mn", "O")]),
        ("Li–Fe–P–O 계의 양극재", [], [("Li", "Fe", "P", "O")]),
        ("compositions from Ti, C and N", [], [("Ti", "C", "N")]),
        ("BN against WC", ["BN", "WC"], []),
        ("PCR of a CNS gene in HIV", [], []),
        ("a COF membrane for CO2", [], []),
    ],
)
def test_compositions(text: str, formulas: list[str], systems: list[tuple[str, ...]]) -> None:
    found = find_compositions(text.replace("–", "-"))
    assert [item.formula for item in found.formulas] == formulas
    assert list(found.systems) == systems


def test_a_general_formula_is_filled_from_its_sites() -> None:
    found = find_compositions("perovskites ABX3 with A = Cs, B = Pb or Sn, X = Br, I")
    assert [item.formula for item in found.formulas] == ["CsPbBr3", "CsPbI3", "CsSnBr3", "CsSnI3"]
    assert found.prototypes == ("perovskite",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GC content of ATGGCTAGCAAAGGAGAA", [("ATGGCTAGCAAAGGAGAA", "dna")]),
        ("translate atggctagcaaaggagaagaactt", [("ATGGCTAGCAAAGGAGAAGAACTT", "dna")]),
        ("AUGGCUAGCAAAGG", [("AUGGCUAGCAAAGG", "rna")]),
        ("5'-ATGGCTAGCAAAGG-3'", [("ATGGCTAGCAAAGG", "dna")]),
        ("pI of MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ", [("MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ", "protein")]),
        ("the peptide GILGFVFTL", [("GILGFVFTL", "protein")]),
        ("ATGGCTAGCAAA GGAGAAGAACTT", [("ATGGCTAGCAAAGGAGAAGAACTT", "dna")]),
        ("DESIGN A TANIMOTO SEARCH", []),
        ("NADPH and CATALASE", []),
    ],
)
def test_sequences(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(item.sequence, item.kind) for item in find_sequences(text)] == expected


def test_organisms_and_enzymes() -> None:
    assert find_organisms("express it in E. coli") == (("Escherichia coli", "E. coli"),)
    assert find_enzymes("cut with EcoRI, BamHI, HindIII and BsaI, then NaI") == ("EcoRI", "BamHI", "HindIII", "BsaI")


def test_files_of_the_text_and_attachments(tmp_path: Path) -> None:
    cif = tmp_path / "MgO.cif"
    cif.write_text("data_MgO")
    fasta = tmp_path / "my insert.fasta"
    fasta.write_text(">a\nATG\n")
    parts = read_goal(Goal(text=f"Relax {cif} and read '{fasta}' too", attachments=(str(cif),)))
    assert [(item.path, item.kind) for item in parts.files] == [(str(cif), "structure"), (str(fasta), "sequence")]


def test_a_folder_stands_for_its_structures(tmp_path: Path) -> None:
    for name in ("b.cif", "a.cif", "notes.md"):
        (tmp_path / name).write_text("x")
    parts = read_goal(Goal(text=f"Screen the crystals in {tmp_path}/"))
    assert [Path(item.path).name for item in parts.files] == ["a.cif", "b.cif"]


@pytest.mark.parametrize("text", ["Relax missing/MgO.cif", "Analyse 'no such.fasta'", "read @gone.csv"])
def test_a_missing_file_is_named(text: str) -> None:
    with pytest.raises(InputError, match=r"does not exist") as caught:
        read_goal(Goal(text=text))
    assert any(name in caught.value.message for name in ("MgO.cif", "no such.fasta", "gone.csv"))


def test_a_missing_attachment_is_named() -> None:
    with pytest.raises(InputError, match=r"gone\.cif"):
        read_goal(Goal(text="Relax it", attachments=("gone.cif",)))


def test_a_pattern_is_told_by_the_words_around_it(tmp_path: Path) -> None:
    path = tmp_path / "scan.csv"
    path.write_text("10,1\n")
    parts = read_goal(Goal(text=f"Identify the phases in the diffraction pattern {path}"))
    assert [item.kind for item in parts.files] == ["pattern"]


def test_prose_that_only_speaks_of_formats_names_no_file() -> None:
    assert not read_goal(Goal(text="Write the result in POSCAR format and/or as CIF")).files


@pytest.mark.parametrize(
    ("text", "molecules", "sequences"),
    [
        ("Describe CCCCCCCCCCCC", 1, 0),
        ("Compute logP of CCCCCCCCCCCCCCCCCC and NCCCCCCCCCCCCN", 2, 0),
        ("GC content of CCCCCCCCCCCCCCCCCCCC", 0, 1),
        ("melting temperature of the oligo CCCCCCCCCCCCCCC", 0, 1),
        ("Describe ACGTACGTACGTACGT", 0, 1),
    ],
)
def test_letters_that_are_a_chain_of_carbon_are_dna_only_beside_words_of_sequences(text, molecules, sequences):
    parts = read_goal(Goal(text=text))
    assert (len(parts.molecules), len(parts.sequences)) == (molecules, sequences)
    assert sum("not as DNA" in note for note in parts.notes) == molecules
