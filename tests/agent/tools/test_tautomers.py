"""Tautomers of a list are found and told; nothing is merged."""

from __future__ import annotations

import pytest
from rdkit import Chem

from agent.tools.molecules.activity.table import read_activities
from agent.tools.molecules.description import describe_molecules
from agent.tools.molecules.library.tool import screen_library
from agent.tools.surrogates.tools import check_table
from agent.tools.tautomers import tautomers, told

PYRIDONE, HYDROXYPYRIDINE = "O=c1cc[nH]cc1", "Oc1ccncc1"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (PYRIDONE, HYDROXYPYRIDINE),
        ("Cc1c[nH]cn1", "Cc1cnc[nH]1"),  # 4- and 5-methylimidazole
        ("CC(=O)CC(C)=O", "CC(=O)C=C(C)O"),  # acetylacetone and its enol
        ("CN=C(N)N", "CNC(=N)N"),
    ],
)
def test_known_pairs_are_found_among_others(first: str, second: str) -> None:
    smiles = ["CCO", first, "c1ccccc1", second]
    assert tautomers([Chem.CanonSmiles(one) for one in smiles]) == [(1, 3)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("CCO", "COC"),
        ("C[C@H](O)C(C)=O", "C[C@@H](O)C(C)=O"),  # enantiomers that a shared enol connects
        ("Oc1ccncc1", "Oc1cccnc1"),
        ("CC(=O)Nc1ccccc1", "Cc1ccccc1NC=O"),
    ],
)
def test_other_isomers_are_not(first: str, second: str) -> None:
    assert tautomers([first, second]) == []


def test_a_sentence_names_both() -> None:
    assert told([PYRIDONE, HYDROXYPYRIDINE], ["row 4", "row 9"]) == (
        f"row 4 and row 9 are tautomers of each other ({PYRIDONE}, {HYDROXYPYRIDINE}); they were kept apart",
    )


def test_every_reader_of_a_users_list_tells_them(tmp_path) -> None:
    table = tmp_path / "some.csv"
    rows = [f"{'C' * place}Oc1ccccc1,{place}" for place in range(1, 21)]
    table.write_text("\n".join(["smiles,pIC50", *rows, f"{PYRIDONE},5.5", f"{HYDROXYPYRIDINE},7.5"]) + "\n")
    read = read_activities(str(table))
    assert len(read.molecules) == 22  # kept apart, each with its own value
    assert any(note.startswith("row 22 and row 23 are tautomers") for note in read.notes)
    described = describe_molecules([PYRIDONE, "CCO", HYDROXYPYRIDINE])
    assert any(warning.startswith("entry 0 and entry 2 are tautomers") for warning in described.warnings)
    assert len(described.data["rows"]) == 3
    screened = screen_library(str(table))
    assert any("line 22 and line 23 are tautomers" in warning for warning in screened.warnings)
    checked = check_table(str(table))
    assert any(one["kind"] == "tautomers" and "line 22" in one["text"] for one in checked.data["findings"])
