"""Enumerations and docking are reached by goals in plain words."""

from __future__ import annotations

import pytest

from agent.errors import ConflictError, InputError
from agent.reasoning.playbooks import interpret_goal
from agent.reasoning.playbooks.enumerations import find_enumeration, named_blocks
from agent.reasoning.playbooks.molecule_design import MoleculeDesign
from agent.reasoning.understanding import read_goal
from agent.records import Goal
from agent.tools import catalogue

BLOCKS = ["CC(=O)O", "O=C(O)c1ccccc1", "NCc1ccccc1"]


@pytest.mark.parametrize(
    ("text", "kind", "arguments"),
    [
        (
            "Enumerate R-groups on [*:1]c1ccc(S(N)(=O)=O)cc1 with methyl, fluoro and OMe, logP below 2",
            "groups",
            {"core": "[*:1]c1ccc(S(N)(=O)=O)cc1", "groups": [["methyl", "fluoro", "OMe"]]},
        ),
        (
            "R-group enumeration on c1cc([*:1])ccc1C(=O)N[*:2]: R1 = F, Cl; R2 = methyl and benzyl",
            "groups",
            {"core": "c1cc([*:1])ccc1C(=O)N[*:2]", "groups": [["F", "Cl"], ["methyl", "benzyl"]]},
        ),
        (
            "Make an amide library from CC(=O)O, O=C(O)c1ccccc1 and NCc1ccccc1 with mass below 300",
            "library",
            {"reaction": "amide coupling", "first": BLOCKS, "second": BLOCKS},
        ),
        (
            "Design linkers of 3 to 8 atoms between [*:1]c1ccc(F)cc1 and [*:1]N1CCOCC1",
            "linkers",
            {"first": "[*:1]c1ccc(F)cc1", "second": "[*:1]N1CCOCC1", "least": 3, "most": 8},
        ),
        ("Scaffold hop from celecoxib with logP between 2 and 4", "hops", {}),
        ("celecoxib의 스캐폴드 호핑 후보를 제안해줘", "hops", {}),
    ],
)
def test_what_is_to_be_enumerated_is_read(text, kind, arguments) -> None:
    found = find_enumeration(read_goal(Goal(text=text)))
    assert found is not None and found.kind == kind and dict(found.arguments) == arguments and not found.missing


@pytest.mark.parametrize(
    "text", ["Design soluble analogues of celecoxib", "Combine the fragments of imatinib", "Improve this lead compound"]
)
def test_other_goals_enumerate_nothing(text) -> None:
    assert find_enumeration(read_goal(Goal(text=text))) is None


async def test_an_enumeration_is_planned_with_its_bounds_and_judged(context) -> None:
    goal = Goal(
        text="Enumerate R-groups on [*:1]c1ccccc1C(=O)N with methyl and chloro, logP below 2 and hERG below 0.5"
    )
    brief = await interpret_goal(goal, context())
    assert brief.playbook == "molecule-design" and brief.options["mode"] == "enumerate" and not brief.missing
    steps = MoleculeDesign().plan(brief, context(catalogue=catalogue())).steps
    assert [step.tool for step in steps][:2] == ["enumerate_r_groups", "screen_candidates"]
    assert [bound["quantity"] for bound in steps[0].arguments["constraints"]] == ["logP"]
    assert any(step.tool == "estimate_admet" and not step.optional for step in steps)


async def test_missing_fragments_are_asked_for_and_an_answer_is_used(context) -> None:
    goal = Goal(text="Design a linker between my two fragments")
    brief = await interpret_goal(goal, context())
    assert [question.key for question in brief.missing] == ["parts"]
    answered = await interpret_goal(goal, context(parts="[*:1]c1ccccc1 and [*:1]N1CCOCC1, at most 6 atoms"))
    assert answered.options["arguments"] == {"first": "[*:1]c1ccccc1", "second": "[*:1]N1CCOCC1", "most": 6}


def receptor(folder, *ligands: str) -> str:
    lines = ["ATOM      1  CA  GLY A   1       0.000   0.000   0.000  1.00  0.00           C"]
    for place, name in enumerate(ligands):
        lines += [
            f"HETATM{10 * place + n:5d}  C   {name} A {200 + place}    {n:8.3f}{place:8.3f}   0.000  1.00  0.00"
            + " " * 11
            + "C"
            for n in range(7)
        ]
    path = folder / "receptor.pdb"
    path.write_text("\n".join([*lines, "END", ""]))
    return str(path)


@pytest.fixture
def vina(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra `dock` is installed: planning needs no more of it."""
    monkeypatch.setattr("agent.reasoning.playbooks.receptors.require_engine", lambda: None)


async def test_a_receptor_brings_docking_as_the_last_step_on_a_shortlist(context, tmp_path, vina) -> None:
    path = receptor(tmp_path, "STI")
    text = "Design analogues of celecoxib with logP below 4 and a predicted affinity better than -8 kcal/mol"
    brief = await interpret_goal(Goal(text=text, attachments=(path,)), context(catalogue=catalogue()))
    assert brief.options["docking"] == {"receptor": path, "around": "STI A:200"}
    (score,) = [bound for bound in brief.constraints if bound.quantity == "docking_score"]
    assert score.high == -8 and score.low is None and score.unit == "kcal/mol"
    steps = MoleculeDesign().plan(brief, context(catalogue=catalogue())).steps
    assert steps[-1].tool == "dock_molecules" and steps[-1].optional
    assert steps[-1].arguments["first"] == 10 and "s3" in steps[-1].needs
    assert catalogue().get("dock_molecules").cost == "heavy"  # so that `--approve-costly` shows it first


async def test_without_a_receptor_a_line_says_so_and_no_bound_is_left(context) -> None:
    text = "Design analogues of celecoxib with higher predicted affinity and docking score below -8 kcal/mol"
    brief = await interpret_goal(Goal(text=text), context(catalogue=catalogue()))
    assert not any(one.quantity == "docking_score" for one in (*brief.constraints, *brief.objectives))
    assert "docking" not in brief.options
    assert any("attach a PDB" in note for note in brief.notes)


async def test_the_site_is_asked_for_where_several_ligands_could_mark_it(context, tmp_path, vina) -> None:
    path = receptor(tmp_path, "STI", "ATP")
    goal = Goal(text="Dock celecoxib into the receptor", attachments=(path,))
    brief = await interpret_goal(goal, context(catalogue=catalogue()))
    assert [question.key for question in brief.missing] == ["docking_site"]
    answered = await interpret_goal(goal, context(catalogue=catalogue(), docking_site="ATP"))
    assert answered.options["docking"]["around"] == "ATP A:201" and answered.options["mode"] == "describe"
    centred = await interpret_goal(
        Goal(text="Dock celecoxib at center 1.5, -2, 3", attachments=(path,)), context(catalogue=catalogue())
    )
    assert centred.options["docking"]["center"] == [1.5, -2, 3]


async def test_a_group_that_is_kept_and_avoided_is_a_contradiction(context) -> None:
    goal = Goal(text="Design analogues of aspirin without a carboxylic acid that keep the carboxylic acid")
    with pytest.raises(ConflictError, match="contradict"):
        await interpret_goal(goal, context())


async def test_listed_groups_are_not_kept_and_a_group_to_avoid_is(context) -> None:
    text = "Enumerate R-groups on [*:1]c1ccc(S(N)(=O)=O)cc1 with methyl, methoxy and CF3, without nitro groups"
    brief = await interpret_goal(Goal(text=text), context())
    groups = {(one.text, one.role) for one in brief.entities if one.kind == "substructure"}
    assert {role for _, role in groups} == {"avoid"} and len(groups) == 1
    assert {one.quantity for one in brief.objectives} == {"QED", "SA_score"}
    (step,) = (
        one
        for one in MoleculeDesign().plan(brief, context(catalogue=catalogue())).steps
        if one.tool == "enumerate_r_groups"
    )
    assert step.arguments["keep"] == [] and len(step.arguments["avoid"]) == 1


async def test_what_cannot_be_docked_is_refused_where_docking_is_the_task(context, tmp_path) -> None:
    path = tmp_path / "receptor.pdb"
    path.write_text("no structure\n")
    seen = context(catalogue=catalogue())
    with pytest.raises(InputError, match="Nothing can be docked"):
        await interpret_goal(Goal(text=f"Dock CCO into {path}", attachments=(str(path),)), seen)
    text = f"Design analogues of CCO with logP below 2, and the docking score in {path} as low as possible"
    brief = await interpret_goal(Goal(text=text), seen)
    assert "docking" not in brief.options and any("Nothing is docked" in note for note in brief.notes)


@pytest.mark.parametrize(
    ("text", "reaction", "blocks"),
    [
        ("Enumerate all amides from benzoic acid and nicotinic acid with morpholine; keep those with logS > -3",
         "amide coupling", ["benzoic acid", "nicotinic acid", "morpholine"]),
        ("Make a library of sulfonamides from tosyl chloride with aniline, benzylamine; MW < 280",
         "sulfonamide formation", ["tosyl chloride", "aniline", "benzylamine"]),
    ],
)  # fmt: skip
def test_building_blocks_are_read_by_name(text, reaction, blocks):
    parts = read_goal(Goal(text=text))
    found = find_enumeration(parts)
    assert found is not None and found.arguments["reaction"] == reaction
    assert named_blocks(parts.bare) == blocks
