from __future__ import annotations

import csv
import io
import itertools
import math
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem
from rdkit.DataStructs import TanimotoSimilarity

from agent.errors import RepairableToolError
from agent.tools.molecules.activity.cliffs import LEAST_DISTANCE, activity_cliffs, smiles_similarity
from agent.tools.molecules.activity.contributions import contributions, draw_contributions
from agent.tools.molecules.activity.pairs import LARGEST_CHANGE, exchanges, matched_pairs
from agent.tools.molecules.activity.series import clusters, common_core, r_groups, scaffold_tree
from agent.tools.molecules.activity.table import read_activities
from agent.tools.molecules.activity.tool import analyse_activity

SERIES = [
    Chem.CanonSmiles(f"O=C(Nc1ccc({a})cc1)c1ccnc({b})c1")
    for a in ("C", "F", "OC", "[H]", "C#N")
    for b in ("Cl", "N", "C(F)(F)F")
]
MIXED = [*SERIES, "CCO", "CCN", "c1ccccc1CCN", "c1ccccc1CCO", "C1CCNCC1", "CC(=O)Oc1ccccc1C(=O)O"]


def write(path: Path, rows: list[tuple[object, ...]], header: tuple[str, ...] = ("smiles", "IC50 (nM)")) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return str(path)


def brute_force(smiles: list[str]) -> set[tuple[int, int]]:
    """Pairs by an independent way: every bond is cut, and both sides are compared with those of all others."""
    cut: list[set[tuple[str, str]]] = []
    for text in smiles:
        mol = Chem.MolFromSmiles(text)
        sides: set[tuple[str, str]] = set()
        for bond in mol.GetBonds():
            pattern = Chem.MolFromSmarts("[*]!@!=!#[*]")
            ends = {bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()}
            if not any(set(match) == ends for match in mol.GetSubstructMatches(pattern)):
                continue
            broken = Chem.FragmentOnBonds(mol, [bond.GetIdx()], dummyLabels=[(0, 0)])
            one, other = (Chem.MolToSmiles(part) for part in Chem.GetMolFrags(broken, asMols=True))
            sides |= {(one, other), (other, one)}
        whole = Chem.AddHs(mol)
        for atom in whole.GetAtoms():  # the hydrogen that is taken off
            if atom.GetAtomicNum() == 1:
                edit = Chem.RWMol(whole)
                edit.GetAtomWithIdx(atom.GetIdx()).SetAtomicNum(0)
                sides.add((Chem.MolToSmiles(Chem.RemoveHs(edit)), "H"))
        cut.append(sides)
    found = set()
    for first, second in itertools.combinations(range(len(smiles)), 2):
        for context, change in cut[first]:
            for other, changed in cut[second]:
                if context == other and change != changed and "H" != change != changed != "H":
                    if _small(change, smiles[first]) and _small(changed, smiles[second]):
                        found.add((first, second))
                elif context == other and change != changed:
                    rest, whole = (change, smiles[first]) if changed == "H" else (changed, smiles[second])
                    if _small(rest, whole):
                        found.add((first, second))
    return found


def _small(part: str, whole: str) -> bool:
    size = Chem.MolFromSmiles(part).GetNumHeavyAtoms()
    return size <= LARGEST_CHANGE and 2 * size <= Chem.MolFromSmiles(whole).GetNumHeavyAtoms()


def test_matched_pairs_are_those_of_brute_force() -> None:
    # rdMMPA cuts where a ring or a heteroatom is near; the series has no alkyl chains that it would leave whole.
    mols = [Chem.MolFromSmiles(one) for one in MIXED]
    assert {(one.first, one.second) for one in matched_pairs(mols, MIXED)} == brute_force(MIXED)


def test_a_complete_series_has_the_pairs_of_its_combinations() -> None:
    mols = [Chem.MolFromSmiles(one) for one in SERIES]
    pairs = matched_pairs(mols, SERIES)
    assert len(pairs) == 3 * math.comb(5, 2) + 5 * math.comb(3, 2)
    additive = [Chem.MolFromSmiles(one).GetNumHeavyAtoms() / 10 for one in SERIES]
    for exchange in exchanges(pairs, additive):
        assert exchange.count in (3, 5)
        assert exchange.deviation == pytest.approx(0.0, abs=1e-9)  # additive by construction


def test_a_change_read_backwards_is_its_negative() -> None:
    mols = [Chem.MolFromSmiles(one) for one in SERIES]
    pairs = matched_pairs(mols, SERIES)
    values = [float(place) for place in range(len(SERIES))]
    forwards = {(one.before, one.after): one.mean for one in exchanges(pairs, values)}
    backwards = {(one.before, one.after): one.mean for one in exchanges(pairs, [-value for value in values])}
    assert all(mean >= 0 for mean in forwards.values())
    turned = {(before, after) if mean == 0 else (after, before): mean for (before, after), mean in backwards.items()}
    assert forwards == pytest.approx(turned)


def test_contributions_are_what_the_groups_were_given() -> None:
    first, second = {"H": 0.0, "F[*:1]": 0.4, "Cl[*:1]": 1.1}, {"C[*:2]": 0.0, "CO[*:2]": -0.7, "N[*:2]": 0.3}
    rows = [{"Core": "c1ccccc1", "R2": b} | ({} if a == "H" else {"R1": a}) for a in first for b in second]
    # one more of the reference groups makes them the most frequent
    rows += [{"Core": "c1ccccc1", "R2": "C[*:2]"}]
    values = [6 + first[row.get("R1", "H")] + second[row["R2"]] for row in rows]
    found, explained = contributions(rows, values)
    told = {(one.position, one.group): one.change for one in found}
    expected = {("R1", a): change for a, change in first.items() if a != "H"}
    expected |= {("R2", b): change for b, change in second.items() if b != "C[*:2]"}
    assert told == pytest.approx(expected)
    assert explained == pytest.approx(1.0)
    assert all(one.error == pytest.approx(0.0, abs=1e-6) for one in found)
    assert [one.against for one in found] == ["H", "H", "C[*:2]", "C[*:2]"]
    picture = ElementTree.fromstring(draw_contributions(found, "pKi <nM>"))
    assert sum(one.tag.endswith("rect") for one in picture.iter()) == len(found)


def test_groups_that_always_come_together_have_no_error_of_their_own() -> None:
    rows = [{"R1": "F[*:1]", "R2": "C[*:2]"} if place % 3 == 0 else {} for place in range(12)]
    found, _ = contributions(rows, [7.0 if row else 6.0 for row in rows])
    assert len(found) == 2 and all(one.error is None for one in found)
    assert sum(one.change for one in found) == pytest.approx(1.0)
    assert contributions(rows[:3], [1.0, 2.0, 3.0]) == ([], None)  # fewer molecules than the model needs


def test_sali_and_cliffs_by_their_definitions() -> None:
    from rdkit.Chem import rdFingerprintGenerator

    mols = [Chem.MolFromSmiles(one) for one in MIXED]
    values = np.random.default_rng(3).normal(6, 1.5, len(MIXED))
    cliffs, steepest = activity_cliffs(mols, MIXED, values.tolist(), steep=5)
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=1024)
    bits = [generator.GetFingerprint(mol) for mol in mols]
    expected = sorted(
        (
            abs(values[a] - values[b]) / max(1 - TanimotoSimilarity(bits[a], bits[b]), LEAST_DISTANCE)
            for a, b in itertools.combinations(range(len(mols)), 2)
        ),
        reverse=True,
    )
    assert [one.sali for one in steepest] == pytest.approx(expected[:5])
    assert cliffs and all(abs(one.difference) >= 1 and one.alike for one in cliffs)


def test_two_molecules_that_differ_in_a_hydrogen_and_tenfold_are_a_cliff() -> None:
    smiles = ["Cc1ccc(NC(=O)c2ccncc2)cc1", "O=C(Nc1ccccc1)c1ccncc1", "CCCCCCCC"]
    mols = [Chem.MolFromSmiles(one) for one in smiles]
    cliffs, _ = activity_cliffs(mols, smiles, [8.0, 6.5, 3.0])
    assert [(one.first, one.second) for one in cliffs] == [(0, 1)]
    assert "scaffold" in cliffs[0].alike
    assert not activity_cliffs(mols, smiles, [8.0, 7.5, 3.0])[0]


def plain_levenshtein(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    return min(
        plain_levenshtein(a[1:], b) + 1,
        plain_levenshtein(a, b[1:]) + 1,
        plain_levenshtein(a[1:], b[1:]) + (a[0] != b[0]),
    )


@given(st.text("CNO", min_size=1, max_size=6), st.text("CNO", min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_smiles_similarity_is_levenshteins(first: str, second: str) -> None:
    common = "c1ccccc1" * 5
    exact = 1 - plain_levenshtein(first, second) / (40 + max(len(first), len(second)))
    found = smiles_similarity(common + first, common + second)
    assert found == pytest.approx(exact) or (found == 0.0 and exact < 0.9)


def test_core_r_groups_scaffolds_and_clusters() -> None:
    mols = [Chem.MolFromSmiles(one) for one in SERIES]
    tree = scaffold_tree(mols)
    core = common_core(mols, tree)
    assert core == Chem.CanonSmiles("O=C(Nc1ccccc1)c1ccncc1")
    assert {"c1ccccc1", "c1ccncc1"} <= set(next(one for one in tree if one.smiles == core).parents)
    rows, places = r_groups(mols, core)
    assert places == list(range(len(mols)))
    assert {row.get("R1", "") for row in rows} | {row.get("R2", "") for row in rows} >= {"C[*:2]", "Cl[*:1]"}
    found = clusters(mols)
    assert sorted(place for one in found for place in one) == list(range(len(mols)))


def test_a_table_with_broken_rows_uses_the_rest(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(one, 10 ** (place % 4)) for place, one in enumerate(SERIES)]
    rows += [("c1ccc", 3), ("CCO", "n.d."), ("CCO", ">1000"), ("CCO", -2), ("CCN", 3), ("NCC", 3000), ("C[Pt]C", 5)]
    table = read_activities(write(tmp_path / "a.csv", rows))
    assert table.quantity == "pIC50" and len(table.molecules) == len(SERIES) + 1
    assert [line.split(":")[0] for line in table.skipped] == [f"row {n}" for n in (17, 18, 19, 20, 23)]
    assert table.molecules[0].value == pytest.approx(9.0)  # 1 nM
    ethylamine = next(one for one in table.molecules if one.smiles == "CCN")
    assert ethylamine.rows == (21, 22) and ethylamine.value == pytest.approx(7.0228787)
    assert any("rows 21, 22" in note for note in table.notes)


@pytest.mark.parametrize(
    ("header", "cell", "unit", "expected"),
    [
        ("IC50 (nM)", "100", "", 7.0),
        ("IC50_uM", "0.1", "", 7.0),
        ("Ki [mM]", "0.0001", "", 7.0),
        ("pIC50", "7", "", 7.0),
        ("IC50", "100", "nM", 7.0),
        ("IC50", "100", "", 100.0),
        ("yield", "55", "", 55.0),
    ],
)
def test_units_and_logarithms(tmp_path: Path, header: str, cell: str, unit: str, expected: float) -> None:
    path = write(tmp_path / "a.csv", [("CCO", cell)], ("smiles", header))
    assert read_activities(path, unit=unit).molecules[0].value == pytest.approx(expected)


def test_a_column_of_units_counts_row_by_row(tmp_path: Path) -> None:
    header = ("canonical_smiles", "standard_value", "standard_units", "standard_relation")
    rows = [("CCO", 100, "nM", "="), ("CCN", 0.1, "uM", "="), ("CCC", 5, "%", "="), ("CCCC", 10, "nM", ">")]
    table = read_activities(write(tmp_path / "a.csv", rows, header))
    assert [one.value for one in table.molecules] == pytest.approx([7.0, 7.0])
    assert "'%'" in table.skipped[0] and "bound" in table.skipped[1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no rows"),
        ("name,IC50\na,1\n", "no column of structures"),
        ("smiles,IC50,Ki\nCCO,1,2\n", "not clear"),
        ("smiles,IC50\nnonsense,1\n", "no row"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(RepairableToolError, match=message):
        read_activities(str(path))


def test_the_tool_writes_tables_drawings_and_a_repeatable_map(tmp_path: Path) -> None:
    rows = [(one, 10 ** (1 + place % 4)) for place, one in enumerate(SERIES)]
    path = write(tmp_path / "a.csv", [*rows, ("broken(", 1)])
    first, second = (analyse_activity(path) for _ in range(2))
    assert first == second
    files = {one.name: one for one in first.artifacts}
    assert {"map.svg", "cliff-1.svg", "molecules.csv", "r-groups.csv", "cliffs.csv", "exchanges.csv"} <= set(files)
    pairs = list(csv.DictReader(io.StringIO(files["matched-pairs.csv"].content)))
    assert len(pairs) == first.data["pairs"] == 45
    drawing = ElementTree.fromstring(files["map.svg"].content)
    assert sum(one.tag.endswith("circle") for one in drawing.iter()) == len(SERIES)
    ElementTree.fromstring(files["cliff-1.svg"].content)
    assert any("row 17" in warning for warning in first.warnings)
