"""Rules, shape, measured values, fronts and figures."""

from __future__ import annotations

import math
import random
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdkit import Chem
from rdkit.Chem import Crippen

from agent.errors import RepairableToolError
from agent.records import Constraint, Objective
from agent.tools.molecules.evolution.optimiser import DEFAULT_START
from agent.tools.molecules.evolution.tool import evolve_molecules
from agent.tools.molecules.specification.figures import Curve, desirability_figure, front_figure
from agent.tools.molecules.specification.front import fronts
from agent.tools.molecules.specification.measured import MeasuredModel, read_measurements
from agent.tools.molecules.specification.rules import read_rules
from agent.tools.molecules.specification.shape import ShapeLikeness

ALCOHOLS = (
    [f"C{'C' * n}O" for n in range(8)]
    + [f"CC({'C' * n})O" for n in range(1, 8)]
    + [f"c1ccccc1{'C' * n}O" for n in range(1, 8)]
)


def mol(smiles):
    return Chem.MolFromSmiles(smiles)


@pytest.mark.parametrize(
    ("smiles", "broken"),
    [
        ("CC(=O)NC", []),
        ("CCN", ["with amide"]),
        ("CC(=O)Nc1ccc([N+](=O)[O-])cc1", ["without nitro", "elements C, F, N, O"]),
        ("CC(=O)NC(F)(F)F", ["F ≤ 2"]),
        ("CC(=O)NCS", ["elements C, F, N, O"]),
    ],
)
def test_rules_say_what_is_broken(smiles, broken):
    rules = read_rules(["amide"], ["nitro"], ["C", "N", "O", "F<=2"])
    expected = [name for name in broken if not (name.startswith("elements") and "S" not in smiles)]
    assert sorted(rules.gaps(mol(smiles))) == sorted(expected)
    assert rules.met(mol(smiles)) == (not expected)


def test_a_required_group_is_nearer_when_its_atoms_are_there():
    rules = read_rules(["sulfonamide"])
    assert rules.gaps(mol("CCCC"))["with sulfonamide"] > rules.gaps(mol("CS(C)(=O)=O"))["with sulfonamide"]


def test_alert_catalogues_by_name():
    quinone = mol("O=C1C=CC(=O)C=C1")
    assert not read_rules(catalogues=["brenk"]).met(quinone)
    assert read_rules(catalogues=["PAINS"]).met(mol("CCO"))


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"keep": ["nonsense!"]}, "nonsense"),
        ({"elements": ["Xx"]}, "Xx"),
        ({"elements": ["F<3"]}, "F<3"),
        ({"catalogues": ["LILLY"]}, "LILLY"),
    ],
)
def test_rules_that_cannot_be_read_are_refused(arguments, what):
    with pytest.raises(RepairableToolError, match=what):
        read_rules(**arguments)


def test_shape_prefers_the_molecule_itself_and_its_relatives():
    ibuprofen = mol("CC(C)Cc1ccc(C(C)C(=O)O)cc1")
    itself, relative, stranger = (
        row["shape_similarity"]
        for row in ShapeLikeness([ibuprofen])([ibuprofen, mol("CC(C)Cc1ccc(CC(=O)O)cc1"), mol("NCCCCCCN")])
    )
    assert itself == pytest.approx(1.0)
    assert itself > relative > stranger


def test_what_has_no_conformer_is_refused_as_a_reference():
    with pytest.raises(RepairableToolError, match="shape_like"):
        ShapeLikeness([mol("CO")])


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "measured.csv"
    rows = [f"{smiles},{Crippen.MolLogP(mol(smiles)):.3f}" for smiles in ALCOHOLS]
    rows.insert(3, "C1CC,2.0")
    rows.insert(5, "CCCC,high")
    path.write_text("smiles,logk\n" + "\n".join(rows) + "\n")
    return path


def test_broken_rows_are_told_with_their_numbers_and_the_rest_is_used(table):
    found = read_measurements(str(table))
    assert found.name == "logk" and len(found.mols) == len(ALCOHOLS)
    assert [text.split(":")[0] for text in found.skipped] == ["row 5", "row 7"]
    assert "'high' is not a number" in found.skipped[1]


def test_a_model_of_measured_values_predicts_and_knows_its_domain(table):
    model = MeasuredModel(read_measurements(str(table)))
    assert model.explained > 0.7
    (near, spread, inside), (_, far_spread, outside) = model.judge(
        [mol("CCCCCCCCCO"), mol("O=S(=O)(N)c1cc2nsnc2cc1Br")]
    )
    assert near == pytest.approx(Crippen.MolLogP(mol("CCCCCCCCCO")), abs=1.0)
    assert inside and not outside
    assert far_spread > spread > 0
    assert model([mol("O=S(=O)(N)c1cc2nsnc2cc1Br")]) == [{}]


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        ("a,b\n1,2\n", "", "no column of structures"),
        ("smiles,x,y\nCCO,1,2\n", "", "not clear"),
        ("smiles,x\nCCO,1\n", "z", "'z'"),
        ("smiles,x\nCCO,1\nCCC,2\n", "", "needs 10"),
        ("smiles,x\n", "", "no rows"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(tmp_path, text, column, what):
    path = tmp_path / "measured.csv"
    path.write_text(text)
    with pytest.raises(RepairableToolError, match=what):
        read_measurements(str(path), column)


def test_evolving_towards_the_model_of_the_users_values(table):
    result = evolve_molecules(
        objectives=[Objective(quantity="predicted", direction="maximise")],
        constraints=[Constraint(quantity="predicted", relation=">=", low=1.5)],
        keep=["hydroxyl"],
        measured=str(table),
        budget=60,
        count=5,
    )
    assert result.status == "ok"
    assert result.data["model"]["used"] == len(ALCOHOLS) and len(result.data["model"]["skipped"]) == 2
    for candidate in result.candidates:
        row = {value.name: value for value in candidate.values}
        assert row["predicted"].value >= 1.5 and row["predicted"].uncertainty > 0
        assert candidate.labels["domain"] == "inside"
        assert mol(candidate.structure).HasSubstructMatch(mol("CO"))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12))
def test_nothing_on_the_first_front_is_dominated(points):
    found = fronts(points)
    for (x, y), front in zip(points, found, strict=True):
        beaten = any(a >= x and b >= y and (a, b) != (x, y) for a, b in points)
        assert (front == 1) == (not beaten)


def test_figures_are_svg_with_escaped_text():
    curve = Curve("maximise <QED>", "QED", lambda value: 1 / (1 + math.exp(-value)), [0.2, 0.4])
    chance = random.Random(0)
    points = [(chance.random(), chance.random(), index < 3) for index in range(9)]
    for text in (desirability_figure([curve, curve, curve]), front_figure(points, "a & b", "c")):
        assert ET.fromstring(text).tag.endswith("svg")


def test_a_search_goes_on_from_its_state(tmp_path):
    start = list(DEFAULT_START)
    arguments = {"constraints": [Constraint(quantity="logP", relation="between", low=1, high=3)], "start": start}
    first = evolve_molecules(**arguments, budget=52, count=5)
    state = tmp_path / "search-state.json"
    state.write_text(next(item.content for item in first.artifacts if item.name == "search-state.json"))
    second = evolve_molecules(**arguments, budget=64, count=5, resume=str(state))
    assert second.data["scored"] == 64
    other = {**arguments, "constraints": [Constraint(quantity="logP", relation="between", low=4, high=5)]}
    with pytest.raises(RepairableToolError, match="another specification"):
        evolve_molecules(**other, budget=64, resume=str(state))


def test_the_binding_rule_is_named_when_nothing_qualifies():
    hard = [Constraint(quantity="heavy_atoms", relation="<=", high=20)]
    result = evolve_molecules(constraints=hard, keep=["steroid"], start=["CCO", "CCN"], budget=60)
    assert result.status == "empty"
    assert result.data["binding"] == "with steroid"
    assert result.data["nearest"][0]["violated"]


def test_open_stereocentres_are_told():
    result = evolve_molecules(start=["CC(O)C(=O)N", "C[C@H](N)c1ccccc1"], budget=60, count=10)
    assert any("stereocentres of the start molecules" in text for text in result.warnings)
    assert all("open_stereocentres" in candidate.labels for candidate in result.candidates)
    assert {candidate.labels["front"] for candidate in result.candidates} >= {"1"}
