"""The playbook for molecules: from a goal to steps, and what a review does when there are too few candidates."""

from __future__ import annotations

import pytest

from agent.errors import InputError
from agent.reasoning.playbooks import MoleculeDesign, check_plan, interpret_goal
from agent.reasoning.playbooks.molecule_review import LOWEST_SIMILARITY
from agent.records import Candidate, Evidence, Goal, Plan
from agent.tools.molecules.groups import GROUPS

GOAL = (
    "Design soluble analogues of celecoxib with logP between 2 and 4 and QED above 0.7, "
    "and plan the experiments that test them"
)
CELECOXIB = "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1"
BOOK = MoleculeDesign()


async def brief_of(text: str, context, **answers: str):
    return await interpret_goal(Goal(text=text), context(**answers))


def tools_of(plan: Plan) -> list[str]:
    return [step.tool for step in plan.steps]


def feasible(count: int) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(id=f"c{n}", kind="molecule", structure="C" * n, feasible=True, rank=n) for n in range(1, count + 1)
    )


async def test_the_demo_goal_becomes_a_brief(context) -> None:
    brief = await brief_of(GOAL, context)
    assert (brief.playbook, brief.domain, brief.language, brief.missing) == ("molecule-design", "chemistry", "en", ())
    assert [(c.quantity, c.relation, c.low, c.high) for c in brief.constraints] == [
        ("logP", "between", 2, 4),
        ("QED", ">", 0.7, None),
    ]
    assert [(o.quantity, o.direction) for o in brief.objectives] == [("logS_ESOL", "maximise")]
    (seed,) = brief.entities
    assert (seed.text, seed.value, seed.role, seed.source) == ("celecoxib", CELECOXIB, "seed", "test drugs")


async def test_the_demo_plan_designs_screens_and_judges(context) -> None:
    brief = await brief_of(GOAL, context)
    ready = context(documents=3)
    plan = check_plan(BOOK.plan(brief, ready), ready.catalogue)
    assert tools_of(plan) == [
        "resolve_molecule",
        "design_analogues",
        "screen_candidates",
        "estimate_admet",
        "check_known_molecules",
        "find_similar_molecules",
        "draw_molecules",
        "search_passages",
        "search_passages",
    ]
    design = plan.steps[1]
    assert design.arguments["seed"] == "${s1.data.smiles}" and design.needs == ("s1",)
    assert [c["quantity"] for c in design.arguments["constraints"]] == ["logP", "QED"]
    assert design.arguments["count"] == 60
    assert all(step.why for step in plan.steps)
    assert [step.tool for step in plan.steps if not step.optional] == tools_of(plan)[:3]


async def test_without_documents_nothing_is_searched(context) -> None:
    plan = BOOK.plan(await brief_of(GOAL, context), context())
    assert "search_passages" not in tools_of(plan)


async def test_bounds_on_estimates_are_kept_for_the_ranking(context) -> None:
    brief = await brief_of("Analogues of aspirin with hERG below 0.3 and MW under 300", context)
    plan = BOOK.plan(brief, context())
    assert {c.quantity for c in brief.constraints} == {"hERG", "mass"}
    design = next(step for step in plan.steps if step.tool == "design_analogues")
    assert [c["quantity"] for c in design.arguments["constraints"]] == ["mass"]
    admet = next(step for step in plan.steps if step.tool == "estimate_admet")
    assert not admet.optional


async def test_groups_counts_and_similarity_reach_the_tool(context) -> None:
    brief = await brief_of(
        "Propose 30 analogues of celecoxib, keep the sulfonamide, avoid nitro groups, Tanimoto at least 0.5", context
    )
    (design,) = [s for s in BOOK.plan(brief, context()).steps if s.tool == "design_analogues"]
    assert design.arguments["keep"] == [GROUPS["sulfonamide"]]
    assert design.arguments["avoid"] == [GROUPS["nitro"]]
    assert (design.arguments["count"], design.arguments["min_similarity"], brief.wanted) == (90, 0.5, 30)


async def test_a_korean_goal(context) -> None:
    brief = await brief_of("셀레콕시브 유도체 20개를 설계해줘. 분자량 450 이하, logP 2에서 4 사이", context)
    assert (brief.language, brief.wanted) == ("ko", 20)
    assert brief.entities[0].value == CELECOXIB
    assert {c.quantity for c in brief.constraints} == {"mass", "logP"}


async def test_each_of_two_seeds_has_its_own_chain(context) -> None:
    brief = await brief_of("Design analogues of aspirin and celecoxib with QED above 0.5", context)
    plan = check_plan(BOOK.plan(brief, context()), context().catalogue)
    assert tools_of(plan).count("design_analogues") == 2
    assert len({step.arguments["seed"] for step in plan.steps if step.tool == "design_analogues"}) == 2


async def test_a_description_designs_nothing(context) -> None:
    brief = await brief_of("Describe the properties of aspirin and celecoxib", context)
    plan = check_plan(BOOK.plan(brief, context()), context().catalogue)
    assert brief.options["mode"] == "describe"
    assert "design_analogues" not in tools_of(plan) and "describe_molecules" in tools_of(plan)
    assert len(plan.steps[2].arguments["structures"]) == 2


async def test_a_missing_seed_is_asked_for_and_the_answer_fills_it(context) -> None:
    brief = await brief_of("Make our lead more soluble with logP below 3", context)
    (question,) = brief.missing
    assert question.key == "seed" and "celecoxib" in question.text
    answered = await brief_of("Make our lead more soluble with logP below 3", context, seed="aspirin")
    assert not answered.missing and answered.entities[0].text == "aspirin"
    assert BOOK.plan(answered, context()).steps[0].arguments == {"molecule": "CC(=O)Oc1ccccc1C(=O)O"}


async def test_an_answer_that_is_no_molecule_is_asked_again(context) -> None:
    brief = await brief_of("Design a soluble drug", context, seed="banana bread")
    assert [question.key for question in brief.missing] == ["seed"]


FROM_NOTHING = "Design a drug-like molecule with logP 2-3, QED > .8, no PAINS, containing a sulfonamide"


@pytest.mark.parametrize(
    "goal",
    [
        FROM_NOTHING,
        "Invent a molecule without nitro groups and with a mass below 0.4 kg/mol",
        "분자량이 450 이하이고 logP가 2에서 4 사이인 약물 후보를 제안해줘.",
    ],
)
async def test_a_specification_without_a_molecule_is_designed_from_nothing(context, goal) -> None:
    brief = await brief_of(goal, context)
    assert brief.options["mode"] == "evolve" and not brief.missing
    assert any("nothing" in note or "처음부터" in note for note in brief.notes)
    plan = check_plan(BOOK.plan(brief, context()), context().catalogue)
    assert tools_of(plan)[:2] == ["evolve_molecules", "screen_candidates"]
    assert plan.steps[1].arguments["structures"] == "${s1.data.smiles}"


async def test_a_design_from_nothing_carries_the_whole_specification(context) -> None:
    plan = BOOK.plan(await brief_of(FROM_NOTHING, context), context())
    arguments = plan.steps[0].arguments
    assert [bound["quantity"] for bound in arguments["constraints"]] == ["logP", "QED", "alerts"]
    assert arguments["keep"] == [GROUPS["sulfonamide"]]
    estimated = BOOK.plan(await brief_of("Design a molecule with hERG below 0.3 and logP below 3", context), context())
    assert "hERG" in [bound["quantity"] for bound in estimated.steps[0].arguments["constraints"]]
    assert estimated.steps[0].arguments["budget"] < arguments["budget"]


@pytest.mark.parametrize(
    "goal",
    [
        "Make it more soluble and keep logP below 3.",
        "Improve our lead compound: hERG below 0.3.",
        "I want twenty drug-like analogues with QED above 0.8.",
        "용해도를 더 높여줘. logP는 3 이하로 유지하고.",
    ],
)
async def test_a_goal_that_has_a_molecule_in_mind_asks_for_it(context, goal) -> None:
    assert [question.key for question in (await brief_of(goal, context)).missing] == ["seed"]
    answered = await brief_of(goal, context, seed="none")
    assert answered.options["mode"] == "evolve" and not answered.missing


async def test_too_few_from_nothing_are_sought_again_with_more_calls(context, view) -> None:
    brief = await brief_of(FROM_NOTHING, context)
    plan = BOOK.plan(brief, context())
    review = BOOK.review(view(brief, plan, feasible(3)))
    assert not review.enough
    assert review.steps[0].tool == "evolve_molecules"
    assert review.steps[0].arguments["budget"] > plan.steps[0].arguments["budget"]
    assert review.steps[0].arguments["random_seed"] != plan.steps[0].arguments["random_seed"]


async def test_an_unknown_name_is_named_in_the_question(context) -> None:
    (question,) = (await brief_of("Design analogues of foozumabol", context)).missing
    assert "foozumabol" in question.text
    (hinted,) = (await brief_of("Design analogues of celecoxip", context)).missing
    assert "Did you mean celecoxib?" in hinted.text


async def test_the_question_is_korean_for_a_korean_goal(context) -> None:
    (question,) = (await brief_of("용해도가 높은 신약 후보를 설계해줘", context)).missing
    assert "분자" in question.text


async def test_a_smiles_that_cannot_be_read_is_refused(context) -> None:
    with pytest.raises(InputError, match=r"c1ccccc1C\(=O"):
        await brief_of("Analogues of c1ccccc1C(=O with logP below 3", context)


async def test_a_reference_beside_a_seed_is_described(context) -> None:
    brief = await brief_of("Starting from CCO, design molecules with Tanimoto above 0.2 compared with aspirin", context)
    assert {(e.text, e.role) for e in brief.entities} >= {("CCO", "seed")}


async def test_wishes_of_another_field_are_noted(context) -> None:
    brief = await brief_of("Analogues of aspirin with logP below 3 and bulk modulus above 100 GPa", context)
    assert {c.quantity for c in brief.constraints} == {"logP"}
    assert any("bulk modulus" in note and "not computed for molecules" in note for note in brief.notes)


async def test_names_are_looked_up_a_bounded_number_of_times(context, lab) -> None:
    words = " ".join(f"zorbl{n}ine" for n in range(60))
    await brief_of(f"Design analogues of the drug {words}", context)
    assert len(lab.calls) <= 16


# --- review ----------------------------------------------------------------------------------------------------------


async def run_so_far(context, view, count: int, round: int = 0, text: str = GOAL, status: str = "ok"):
    brief = await brief_of(text, context)
    plan = BOOK.plan(brief, context())
    design = Evidence(id="e2", step="s2", tool="design_analogues", status=status, summary="")  # type: ignore[arg-type]
    payloads = {"e2": {"binding": "QED above 0.7"}}
    return plan, view(brief, plan, feasible(count), evidence=(design,), payloads=payloads, round=round)


async def test_enough_candidates_are_enough(context, view) -> None:
    _, run = await run_so_far(context, view, 20)
    assert BOOK.review(run).enough


async def test_too_few_are_replanned_wider(context, view, tools) -> None:
    plan, run = await run_so_far(context, view, 5)
    review = BOOK.review(run)
    assert not review.enough
    check_plan(Plan(steps=review.steps), tools, known=[step.id for step in plan.steps])
    again, before = review.steps[0], plan.steps[1]
    assert again.id == f"s{len(plan.steps) + 1}"
    assert again.arguments["min_similarity"] < before.arguments["min_similarity"]
    assert again.arguments["count"] > before.arguments["count"]
    assert again.arguments["random_seed"] != before.arguments["random_seed"]
    assert any("QED above 0.7" in note for note in review.notes)


async def test_replanning_is_bounded(context, view) -> None:
    _, run = await run_so_far(context, view, 5, round=2)
    review = BOOK.review(run)
    assert review.enough and not review.steps
    _, second = await run_so_far(context, view, 5, round=1)
    assert BOOK.review(second).steps[0].arguments["min_similarity"] >= LOWEST_SIMILARITY


async def test_a_similarity_that_was_asked_for_is_never_lowered(context, view) -> None:
    _, run = await run_so_far(context, view, 0, text="Analogues of celecoxib with Tanimoto at least 0.5")
    assert BOOK.review(run).steps[0].arguments["min_similarity"] == 0.5


async def test_a_design_that_failed_is_not_repeated(context, view) -> None:
    _, run = await run_so_far(context, view, 0, status="error")
    assert BOOK.review(run).enough


async def test_an_empty_design_is_tried_again(context, view) -> None:
    _, run = await run_so_far(context, view, 0, status="empty")
    assert not BOOK.review(run).enough


async def test_tools_taken_away_leave_a_plan_or_say_which_is_missing(context, tools) -> None:
    brief = await brief_of(GOAL, context)
    less = context(catalogue=tools.without("estimate_admet", "draw_molecules"))
    assert "draw_molecules" not in tools_of(check_plan(BOOK.plan(brief, less), less.catalogue))
    with pytest.raises(InputError, match="design_analogues"):
        BOOK.plan(brief, context(catalogue=tools.without("design_analogues")))
