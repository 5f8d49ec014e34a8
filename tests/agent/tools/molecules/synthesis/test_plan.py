from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from rdkit import Chem

pytest.importorskip("synspace", reason="synthesis planning needs the package synspace")

from agent.errors import RepairableToolError
from agent.tools.molecules.synthesis import search
from agent.tools.molecules.synthesis import stock as stock_module
from agent.tools.molecules.synthesis.common import COMMON
from agent.tools.molecules.synthesis.search import RouteSearch
from agent.tools.molecules.synthesis.stock import Stock, building_blocks, read_stock
from agent.tools.molecules.synthesis.tool import plan_syntheses, plan_synthesis

ASPIRIN, PARACETAMOL = "CC(=O)Oc1ccccc1C(=O)O", "CC(=O)Nc1ccc(O)cc1"
FLUCONAZOLE = "OC(Cn1cncn1)(Cn1cncn1)c1ccc(F)cc1F"
SERTRALINE = "CN[C@H]1CC[C@@H](c2ccc(Cl)c(Cl)c2)c2ccccc21"
CELECOXIB = "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1"


def test_the_shipped_list_has_its_77778_building_blocks() -> None:
    blocks = building_blocks()
    assert len(blocks) == 77_778
    assert "Nc1ccc(O)cc1" in blocks and "CC(=O)O" not in blocks


def test_the_kept_list_is_what_the_package_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = frozenset(sorted(building_blocks())[:5])
    monkeypatch.setattr(stock_module, "_cache_file", lambda: tmp_path / "kept" / "blocks.txt")
    monkeypatch.setattr(stock_module, "_from_package", lambda: few)
    assert building_blocks.__wrapped__() == few  # made, and kept
    monkeypatch.setattr(stock_module, "_from_package", lambda: pytest.fail("read twice"))
    assert building_blocks.__wrapped__() == few


def test_common_reagents_are_valid_and_distinct() -> None:
    smiles = [Chem.CanonSmiles(one) for one in COMMON.values()]
    assert len(set(smiles)) == len(COMMON)


@pytest.mark.parametrize(
    "target", [ASPIRIN, PARACETAMOL, "CC(C)Cc1ccc(C(C)C(=O)NCc2ccccc2)cc1", CELECOXIB, FLUCONAZOLE]
)
def test_routes_end_in_stock_and_their_steps_connect(target: str) -> None:
    stock = Stock()
    found = RouteSearch(Chem.CanonSmiles(target), stock, longest=5, expansions=40).run(3)
    assert found.routes
    costs = [route.cost for route in found.routes]
    assert costs == sorted(costs)
    for route in found.routes:
        made: set[str] = set()
        for step in route.steps:  # the order of the laboratory: nothing is used before it is made
            for one in step.precursors:
                assert one in made or route.leaves[one]
            made.add(step.product)
        assert route.steps[-1].product == route.target
        assert all(stock.find(leaf) for leaf in route.leaves)
        assert 1 <= route.depth <= len(route.steps) <= 12 and route.depth <= 5
        assert 0 < route.score < 1


def test_the_published_route_to_celecoxib_from_common_reagents() -> None:
    # Penning et al., J. Med. Chem. 1997, 40, 1347: Claisen condensation, then pyrazole with the hydrazine.
    own = {Chem.CanonSmiles("NNc1ccc(S(N)(=O)=O)cc1"): "hydrazine"}
    found = RouteSearch(CELECOXIB, Stock(own, in_stock_filter=False), longest=4, expansions=60).run(1)
    route = found.routes[0]
    assert [step.template for step in route.steps] == ["Claisen condensation", "pyrazole"]
    assert route.leaves == {
        "CC(=O)c1ccc(C)cc1": "common reagent",
        "CCOC(=O)C(F)(F)F": "common reagent",
        "NNc1ccc(S(N)(=O)=O)cc1": "own stock",
    }


@pytest.mark.parametrize(
    ("target", "last"),
    [  # as textbooks of drug synthesis give them
        ("CC(C)NCC(O)COc1ccc(CC(N)=O)cc1", "opening of an epoxide by an amine"),
        ("COc1ccc2nc(S(=O)Cc3ncc(C)c(OC)c3C)[nH]c2c1", "oxidation of a sulfide to a sulfoxide"),
        ("COC(=O)C1=C(C)NC(C)=C(C(=O)OC)C1c1ccccc1[N+](=O)[O-]", "Hantzsch dihydropyridine"),
        ("CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc21", "1,4-benzodiazepin-2-one from an aminobenzophenone"),
    ],
)
def test_the_last_step_of_known_drugs_is_the_published_one(target: str, last: str) -> None:
    route = RouteSearch(Chem.CanonSmiles(target), Stock(), longest=5, expansions=25).run(1).routes[0]
    assert route.steps[-1].template == last


def test_an_uncertain_source_does_not_sell_most_of_the_target() -> None:
    ester = Chem.CanonSmiles("COC(=O)C(C)c1ccc(CC(C)C)cc1")  # a listed chemical, and no way to make ibuprofen
    found = Stock().find(ester)
    assert found and found[0] == "listed chemical"
    routes = (
        RouteSearch(Chem.CanonSmiles("CC(C)Cc1ccc(C(C)C(=O)O)cc1"), Stock(), longest=4, expansions=25).run(3).routes
    )
    assert routes and all(ester not in route.leaves for route in routes)


def test_the_search_is_repeatable_and_bounded() -> None:
    runs = [RouteSearch(CELECOXIB, Stock(), longest=5, expansions=20).run(2) for _ in range(2)]
    assert runs[0].routes == runs[1].routes
    none = RouteSearch(Chem.CanonSmiles(FLUCONAZOLE), Stock({}, in_stock_filter=False), longest=3, expansions=2).run(1)
    assert none.expansions <= 2


def test_the_own_stock_decides(tmp_path: Path) -> None:
    file = tmp_path / "stock.csv"
    file.write_text("smiles,name\nNc1ccc(O)cc1,bottle 7\nCC(=O)O,bottle 8\nnonsense,bottle 9\n")
    own, left_out = read_stock(str(file))
    assert own["Nc1ccc(O)cc1"] == "bottle 7" and len(left_out) == 1 and left_out[0].startswith("line 4")
    result = plan_synthesis(PARACETAMOL, stock=str(file))
    assert {one["source"] for one in result.data["routes"][0]["starting_materials"]} == {"own stock"}
    assert any("line 4" in warning for warning in result.warnings)


def test_an_empty_stock_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "stock.smi"
    file.write_text("nonsense\n")
    with pytest.raises(RepairableToolError, match="holds no molecule"):
        read_stock(str(file))


def test_a_plan_has_its_drawing_and_says_what_it_does_not_know() -> None:
    result = plan_synthesis(CELECOXIB, routes=2)
    assert result.status == "ok" and len(result.artifacts) == 2
    drawing = ElementTree.fromstring(result.artifacts[0].content)
    assert drawing.tag.endswith("svg")
    boxes = [one for one in drawing.iter() if one.tag.endswith("rect") and one.get("rx")]
    route = result.data["routes"][0]
    assert len(boxes) == len(route["starting_materials"]) + route["step_count"]
    assert any("prices" in warning for warning in result.warnings)
    assert result.candidates[0].labels["route"].endswith(("step", "steps"))


def test_no_route_is_an_answer_that_says_how_far_it_came() -> None:
    result = plan_synthesis(SERTRALINE)
    assert result.status == "empty"
    assert "lacks" in result.summary and result.data["nearest"]


def test_a_batch_labels_the_first_few(tmp_path: Path) -> None:
    result = plan_syntheses([PARACETAMOL, PARACETAMOL, SERTRALINE, "not one", ASPIRIN], count=2)
    labels = {draft.structure: draft.labels["route"] for draft in result.candidates}
    assert labels == {Chem.CanonSmiles(PARACETAMOL): "1 step", Chem.CanonSmiles(SERTRALINE): "no route found"}
    assert len(result.artifacts) == 1 and result.data["invalid"][0]["index"] == 3


def test_limits_are_told() -> None:
    with pytest.raises(RepairableToolError, match="steps: 99"):
        plan_synthesis(ASPIRIN, steps=99)


def test_a_large_molecule_counts_as_several_expansions(monkeypatch) -> None:
    monkeypatch.setattr(search, "LARGE", 5)
    ibuprofen = Chem.CanonSmiles("CC(C)Cc1ccc(C(C)C(=O)O)cc1")
    found = RouteSearch(ibuprofen, Stock({}, in_stock_filter=False), longest=3, expansions=5).run(1)
    assert found.expansions == 1 and not found.routes
