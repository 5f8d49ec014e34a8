"""Answers, experts and novelty from a small lab with the real engine."""

from pathlib import Path
from typing import Any

import pytest

import knowledge
from agent.errors import RepairableToolError, TerminalToolError
from agent.reasoning.novelty import judge_statement, judge_structures
from agent.records import Result
from agent.tools import empty, failed, ok
from agent.tools.literature.access import _opened
from agent.tools.literature.answers import answer_question, find_experts
from agent.tools.literature.novelty import check_novelty, find_known_structures
from agent.tools.literature.passages import search_passages

CELECOXIB = "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from rdkit import Chem
    from rdkit.Chem import AllChem

    folder = tmp_path_factory.mktemp("lab")
    mol = Chem.MolFromSmiles(CELECOXIB)
    AllChem.Compute2DCoords(mol)
    mol.SetProp("_Name", "compound 7")
    writer = Chem.SDWriter(str(folder / "ours.sdf"))
    writer.write(mol)
    writer.close()
    (folder / "genes.fasta").write_text(">gfp\nATGGTGAGCAAGGGCGAGGAG\n")
    store = knowledge.open_store(folder / "store", embedder=knowledge.MiniLM(threads=1))
    text = "Celecoxib dissolves in water at 5 mg/L. Celecoxib inhibits COX-2 with an IC50 of 40 nM."
    page = knowledge.Page(text, 3)
    about = knowledge.Metadata("Solubility of coxibs", ("A. Kim",), 2019)
    knowledge.add_documents([("/papers/celecoxib.pdf", knowledge.Parsed((page,), about, "pdf"))], store)
    knowledge.ingest([folder / "ours.sdf", folder / "genes.fasta"], store)
    yield {"path": str(folder / "store"), "generation": store.generation}
    _opened.cache_clear()


def test_a_question_is_answered_with_cited_sentences(lab: dict[str, Any]) -> None:
    result = answer_question("How soluble is celecoxib in water?", lab)
    assert result.status == "ok" and "5 mg/L" in result.summary
    assert result.citations[0].quote == "Celecoxib dissolves in water at 5 mg/L."
    assert result.citations[0].page == 3


def test_what_is_not_there_is_not_found(lab: dict[str, Any], tmp_path: Path) -> None:
    assert "Not found in these 3 documents" in answer_question("How do glaciers carve fjords?", lab).summary
    nothing = {"path": str(tmp_path / "none"), "generation": 0}
    assert answer_question("x?", nothing).status == "empty"
    assert find_experts("x", nothing).status == "empty"
    with pytest.raises(RepairableToolError):
        answer_question("x?", lab, count=0)


def test_experts_have_reasons(lab: dict[str, Any]) -> None:
    result = find_experts("solubility of celecoxib", lab)
    assert result.data["experts"][0]["name"] == "A. Kim"
    assert result.citations[0].document == "/papers/celecoxib.pdf"


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("Celecoxib inhibits COX-2 with an IC50 of 40 nM.", "known"),
        ("Celecoxib does not inhibit COX-2.", "contradicted"),
        ("Celecoxib inhibits COX-2 with an IC50 of 4 nM.", "contradicted"),
        ("Celecoxib slows the growth of silver nanowires.", "novel"),
    ],
)
def test_a_statement_is_known_contradicted_or_novel(lab: dict[str, Any], statement: str, verdict: str) -> None:
    assert check_novelty(statement, lab).data["verdict"] == verdict


def test_an_empty_store_makes_novelty_unknown(tmp_path: Path) -> None:
    result = check_novelty("Anything.", {"path": str(tmp_path / "none"), "generation": 0})
    assert result.status == "empty" and result.data["verdict"] == "unknown"


def test_molecules_are_found_in_the_labs_own_files(lab: dict[str, Any]) -> None:
    amide = CELECOXIB.replace("S(N)(=O)=O", "C(N)=O")
    result = find_known_structures([CELECOXIB, amide, "CCO"], "molecule", lab, near=0.5)
    assert [row["verdict"] for row in result.data["rows"]] == ["known", "near", "none"]
    assert result.data["rows"][0]["match"]["record"] == "compound 7"
    with pytest.raises(RepairableToolError, match="no SMILES"):
        find_known_structures(["C("], "molecule", lab)


def test_sequences_by_identity(lab: dict[str, Any]) -> None:
    rows = find_known_structures(["ATGGTGAGCAAGGGCGAGGAG", "ATGGTGAGCAAGGGCGAGGAC", "TTTT"], "sequence", lab).data[
        "rows"
    ]
    assert [row["verdict"] for row in rows] == ["known", "near", "none"]
    assert rows[1]["match"]["likeness"] == pytest.approx(20 / 21, abs=1e-4)
    assert find_known_structures([], "crystal", lab).status == "empty"


def test_crystals_by_structure() -> None:
    from agent.tools.literature.structure_files import Crystals

    compare = Crystals()

    def salt(a: float, cation: str = "Na", shift: float = 0.5) -> str:
        cell = f"0 {a} {a}\n{a} 0 {a}\n{a} {a} 0"
        return f"{cation}Cl\n1.0\n{cell}\n{cation} Cl\n1 1\ndirect\n0 0 0\n{shift} {shift} {shift}\n"

    rock, stretched, blende = (compare.read(salt(*one)) for one in ((2.82,), (2.9,), (2.82, "Na", 0.25)))
    assert compare.likeness(rock, stretched) == 1.0
    assert compare.likeness(rock, blende) == 0.9
    assert compare.likeness(rock, compare.read(salt(2.82, "K"))) == 0.0
    with pytest.raises(RepairableToolError):
        compare.read("no structure\nat all")


def _caller(**results: Result) -> Any:
    async def call(tool: str, arguments: Any) -> Result:
        return results[tool]

    return call


_NONE = {"verdict": "none", "match": {}}
_BROKEN = failed(TerminalToolError("disk"))
_KNOWN = ok("searched", data={"rows": [{"index": 0, "known": "no"}], "searched": ["drugs"]})


@pytest.mark.parametrize(
    ("lab_files", "sets", "verdict", "words"),
    [
        (ok("-", data={"rows": [_NONE], "failed": {}}), _KNOWN, "novel", "not in the lab's structure files; drugs"),
        (empty("none", data={"rows": []}), _KNOWN, "novel", "not in drugs"),
        (_BROKEN, _KNOWN, "unknown", "structure files failed"),
        (ok("-", data={"rows": [_NONE], "failed": {}}), _BROKEN, "unknown", "were not searched"),
        (
            ok("-", data={"rows": [{"verdict": "unknown", "match": {}}], "failed": {"a": "b"}}),
            _KNOWN, "unknown", "1 of the lab's",
        ),
        (
            _BROKEN, ok("-", data={"rows": [{"index": 0, "known": "aspirin", "set": "drugs"}]}),
            "known", "it is aspirin in drugs",
        ),
    ],
)  # fmt: skip
async def test_a_source_that_failed_makes_it_unknown(lab_files: Result, sets: Result, verdict: str, words: str) -> None:
    call = _caller(find_known_structures=lab_files, check_known_molecules=sets)
    (found,) = await judge_structures(call, ["CCO"], "molecule")
    assert found.novelty == verdict and words in found.basis


@pytest.mark.parametrize(
    ("row", "verdict", "words"),
    [
        ({"known": "periclase", "level": "structure", "set": "minerals"}, "known", "it is periclase in minerals"),
        ({"known": "periclase", "level": "composition", "set": "minerals"}, "unknown", "composition is that of peri"),
        ({"known": "no", "level": "", "set": ""}, "unknown", "not searched: ICSD"),
    ],
)
async def test_small_sets_of_crystals_make_known_or_unknown(row: dict[str, str], verdict: str, words: str) -> None:
    sets = ok("-", data={"rows": [{"index": 0} | row], "searched": ["minerals"], "not_searched": ["ICSD"]})
    call = _caller(find_known_structures=empty("-", data={"rows": [_NONE], "failed": {}}), check_known_crystals=sets)
    (found,) = await judge_structures(call, ["MgO [rocksalt]"], "crystal")
    assert found.novelty == verdict and words in found.basis
    assert await judge_structures(call, [], "crystal") == ()
    if not row["level"]:  # beside structures of the lab's own, their silence counts
        own = ok("-", data={"rows": [_NONE], "records": 12, "failed": {}})
        call = _caller(find_known_structures=own, check_known_crystals=sets)
        (found,) = await judge_structures(call, ["MgO [rocksalt]"], "crystal")
        assert found.novelty == "novel" and "(12 crystals)" in found.basis and "not searched: ICSD" in found.basis


def test_crystals_of_archives_texts_and_blocks_are_compared(tmp_path: Path) -> None:
    from zipfile import ZipFile

    def salt(cation: str, anion: str, name: str) -> str:
        cell = "".join(f"_cell_length_{axis} 5\n" for axis in "abc")
        cell += "".join(f"_cell_angle_{angle} 90\n" for angle in ("alpha", "beta", "gamma"))
        columns = "".join(f"_atom_site_{one}\n" for one in ("label", "type_symbol", "fract_x", "fract_y", "fract_z"))
        atoms = f"{cation}1 {cation} 0 0 0\n{anion}1 {anion} .5 .5 .5\n"
        group = "_symmetry_space_group_name_H-M 'P 1'\n"
        return f"data_{name}\n_chemical_formula_sum '{cation} {anion}'\n{cell}{group}loop_\n{columns}{atoms}"

    with ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("cells/two.cif", salt("Cs", "Br", "a") + salt("Rb", "I", "b"))
        archive.writestr("cells/broken.cif", "data_x\n_cell_length_a 5\n")
    (tmp_path / "note.txt").write_text("Single crystals of TlBr were grown from the melt.")
    store = knowledge.open_store(tmp_path / "store", embedder=knowledge.MiniLM(threads=1))
    knowledge.ingest([tmp_path / "old.zip", tmp_path / "note.txt"], store)
    there = {"path": str(tmp_path / "store"), "generation": store.generation}
    wanted = [salt(*one, "x") for one in (("Rb", "I"), ("Tl", "Br"), ("K", "F"))]
    result = find_known_structures(wanted, "crystal", there)
    _opened.cache_clear()
    assert [row["verdict"] for row in result.data["rows"]] == ["known", "unknown", "unknown"]
    assert result.data["rows"][0]["match"]["record"] == "two, block 2" and result.data["records"] == 2
    assert [Path(one["document"]).name for one in result.data["rows"][1]["named"]] == ["note.txt"]
    assert [Path(name).name for name in result.data["failed"]] == ["broken.cif"]


async def test_statements_are_judged(lab: dict[str, Any]) -> None:
    known = await judge_statement(_caller(check_novelty=check_novelty("Celecoxib does not inhibit COX-2.", lab)), "x")
    assert known.novelty == "known" and "not new" in known.basis and known.evidence
    broken = await judge_statement(_caller(check_novelty=failed(TerminalToolError("disk"))), "x")
    assert broken.novelty == "unknown"


def test_a_search_without_vectors_is_told(tmp_path: Path) -> None:
    class Remote(knowledge.MiniLM):
        name = "endpoint:lab-model"

        def embed(self, texts: Any) -> Any:
            import numpy as np

            return np.eye(len(texts), self.dimension, dtype=np.float32)

    store = knowledge.open_store(tmp_path / "store", embedder=Remote(threads=1))
    text = "Celecoxib inhibits COX-2 with an IC50 of 40 nM."
    knowledge.add_documents(
        [("a", knowledge.Parsed((knowledge.Page(text),), knowledge.Metadata("A", ("A. Kim",))))], store
    )
    there = {"path": str(tmp_path / "store"), "generation": store.generation}
    results = [
        search_passages("celecoxib COX-2", there),
        answer_question("Does celecoxib inhibit COX-2?", there),
        find_experts("celecoxib COX-2", there),
        check_novelty("Silver nanowires grow in water.", there),
    ]
    for result in results:
        assert any("endpoint:lab-model" in told and "words alone" in told for told in result.warnings)
    assert results[-1].data["basis"].endswith("searched by words alone")
    _opened.cache_clear()
