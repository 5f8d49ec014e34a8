"""The playbook for crystals."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.reasoning.playbooks import CrystalScreening, check_plan, interpret_goal
from agent.records import Candidate, Evidence, Goal, Plan

BOOK = CrystalScreening()


async def planned(text: str, context, attachments: tuple[str, ...] = (), **answers: str):
    ready = context(**answers)
    brief = await interpret_goal(Goal(text=text, attachments=attachments), ready)
    assert brief.playbook == "crystal-screening"
    assert not brief.missing
    return brief, check_plan(BOOK.plan(brief, ready), ready.catalogue)


def tools_of(plan: Plan) -> list[str]:
    return [step.tool for step in plan.steps]


@pytest.fixture
def cif(tmp_path: Path) -> str:
    path = tmp_path / "MgO.cif"
    path.write_text("data_MgO\n")
    return str(path)


async def test_a_structure_file_is_analysed_relaxed_and_recognised(context, cif) -> None:
    brief, plan = await planned(f"Relax {cif} and judge its stability", context)
    assert [(e.kind, e.value) for e in brief.entities] == [("structure_file", cif)]
    assert tools_of(plan) == [
        "analyse_structures",
        "estimate_energies",
        "relax_structures",
        "analyse_structures",
        "simulate_xrd",
    ]
    assert plan.steps[0].arguments == {"structures": [cif]}
    assert plan.steps[3].arguments == {"structures": "${s3.data.structures}"} and plan.steps[3].needs == ("s3",)


async def test_an_attachment_counts_as_named(context, cif) -> None:
    _, plan = await planned("Is this crystal stable?", context, (cif,))
    assert plan.steps[0].arguments == {"structures": [cif]}


async def test_an_analysis_relaxes_nothing(context, cif) -> None:
    _, plan = await planned(f"Analyse the space group of {cif} and simulate its XRD", context)
    assert tools_of(plan) == ["analyse_structures", "simulate_xrd"]


async def test_compositions_get_structures_first(context) -> None:
    brief, plan = await planned("Compare the stability of NaCl, MgO and LiFePO4", context)
    assert tools_of(plan)[:3] == ["prototype_structures", "analyse_structures", "estimate_energies"]
    assert plan.steps[0].arguments == {"formulas": ["NaCl", "MgO", "LiFePO4"]}
    assert [(o.quantity, o.direction) for o in brief.objectives] == [("formation_energy", "minimise")]
    assert "bulk_moduli" not in tools_of(plan)


@pytest.mark.parametrize("text", ["Find superhard carbides: TiC and WC", "TiC과 WC 결정의 경도를 비교해줘"])
async def test_stiffness_is_computed_when_the_goal_speaks_of_it(text: str, context) -> None:
    _, plan = await planned(text, context)
    assert "bulk_moduli" in tools_of(plan)


async def test_a_system_is_enumerated(context) -> None:
    _, plan = await planned("Find stable compositions in the Li-Mn-O system", context)
    assert tools_of(plan)[:2] == ["enumerate_compositions", "prototype_structures"]
    assert plan.steps[0].arguments == {"elements": ["Li", "Mn", "O"]}
    assert plan.steps[1].arguments == {"formulas": "${s1.data.formulas}"}


async def test_site_lists_become_formulas(context) -> None:
    _, plan = await planned("Screen perovskites ABX3 with A = Cs, B = Pb or Sn, X = Br, I", context)
    assert plan.steps[0].arguments == {
        "formulas": ["CsPbBr3", "CsPbI3", "CsSnBr3", "CsSnI3"], "per_formula": 2, "prototypes": ["perovskite"],
    }  # fmt: skip


async def test_a_pattern_is_matched_to_the_references(context, cif, tmp_path: Path) -> None:
    scan = tmp_path / "scan.xy"
    scan.write_text("10 1\n")
    _, plan = await planned(f"Identify the phases in {scan} with {cif} as reference", context)
    identify = next(step for step in plan.steps if step.tool == "identify_phases")
    assert identify.arguments == {"pattern": str(scan), "references": [cif], "wavelength": "CuKa"}


async def test_missing_structures_are_asked_for_and_the_answer_fills_them(context) -> None:
    text = "Screen perovskite crystals for stability"
    (question,) = (await interpret_goal(Goal(text=text), context())).missing
    assert question.key == "structures" and "NaCl" in question.text
    _, plan = await planned(text, context, structures="CsPbBr3, CsPbI3")
    assert plan.steps[0].arguments == {"formulas": ["CsPbBr3", "CsPbI3"]}


async def test_bounds_in_the_units_of_the_field(context) -> None:
    brief, _ = await planned("MgO and CaO crystals, density below 4000 kg/m3, bulk modulus above 100 GPa", context)
    assert [(c.quantity, c.relation, c.low, c.high, c.unit) for c in brief.constraints] == [
        ("density", "<", None, 4, "g/cm**3"),
        ("bulk_modulus", ">", 100, None, "gigapascal"),
    ]


async def test_a_band_gap_is_said_to_stay_unchecked(context) -> None:
    brief, _ = await planned("Crystals of TiO2 and ZnO with band gap above 3 eV", context)
    assert any("band gap" in note for note in brief.notes)


async def test_the_review_says_what_failed(context, view) -> None:
    brief, plan = await planned("Compare the stability of NaCl and MgO", context)
    broken = Evidence(id="e4", step="s4", tool="relax_structures", status="error", summary="no potential")
    crystal = Candidate(id="c1", kind="crystal", structure="NaCl rocksalt")
    review = BOOK.review(view(brief, plan, (crystal,), evidence=(broken,)))
    assert review.enough
    assert "relax_structures failed: no potential" in review.notes
