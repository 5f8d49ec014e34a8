"""Objectives, counts, presets, groups: what a goal wants besides numbers."""

from __future__ import annotations

import pytest

from agent.errors import ConflictError
from agent.reasoning.understanding import read_goal
from agent.reasoning.understanding.text import language_of, normalise
from agent.records import Goal
from agent.tools.molecules.groups import GROUPS


def read(text: str):
    return read_goal(Goal(text=text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("soluble analogues of celecoxib", {"logS_ESOL": "maximise"}),
        ("more soluble and less toxic derivatives", {"logS_ESOL": "maximise", "ClinTox": "minimise"}),
        ("brain-penetrant analogues", {"BBB": "maximise"}),
        ("molecules that cross the blood-brain barrier", {"BBB": "maximise"}),
        ("maximise QED", {"QED": "maximise"}),
        ("QED should be maximised", {"QED": "maximise"}),
        ("QED as high as possible", {"QED": "maximise"}),
        ("maximise QED and minimise hERG", {"QED": "maximise", "hERG": "minimise"}),
        ("increase solubility without raising logP", {"logS_ESOL": "maximise", "logP": "minimise"}),
        ("reduce the hERG liability", {"hERG": "minimise"}),
        ("improve the aqueous solubility", {"logS_ESOL": "maximise"}),
        ("improve toxicity", {"ClinTox": "minimise"}),
        ("lower the lipophilicity", {"logP": "minimise"}),
        ("less lipophilic compounds", {"logP": "minimise"}),
        ("easier to synthesise", {"SA_score": "minimise"}),
        ("orally available analogues", {"bioavailability": "maximise"}),
        ("improve the poorly soluble drug", {}),
        ("superhard carbides", {"bulk_modulus": "maximise"}),
        ("the most stable perovskites", {"formation_energy": "minimise"}),
        ("용해도를 높인 유도체", {"logS_ESOL": "maximise"}),
        ("독성이 낮은 화합물", {"ClinTox": "minimise"}),
        ("QED를 최대화하고 hERG를 최소화", {"QED": "maximise", "hERG": "minimise"}),
        ("물에 더 잘 녹는 유도체", {"logS_ESOL": "maximise"}),
        ("혈뇌장벽을 통과하는 분자", {"BBB": "maximise"}),
    ],
)
def test_objectives(text: str, expected: dict[str, str]) -> None:
    assert {o.quantity: o.direction for o in read(text).objectives} == expected


def test_a_comparator_is_no_objective() -> None:
    assert not read("QED higher than 0.7, logP lower than 3").objectives


@pytest.mark.parametrize("text", ["maximise logP and keep it less lipophilic", "raise QED. Minimise QED."])
def test_wishes_that_contradict_are_refused(text: str) -> None:
    with pytest.raises(ConflictError, match="both ways"):
        read(text)


@pytest.mark.parametrize(
    "text", ["more potent analogues", "selective inhibitors", "a cheap drug", "활성이 높은 유도체"]
)
def test_what_nothing_computes_is_noted(text: str) -> None:
    assert any("cannot work toward" in note for note in read(text).notes)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Propose 20 analogues of aspirin", 20),
        ("five candidates with QED above 0.6", 5),
        ("at least 30 new soluble derivatives", 30),
        ("a dozen compounds", 12),
        ("the top 10 by QED", 10),
        ("유도체 20개를 설계해줘", 20),
        ("후보 물질 열 개", 10),
        ("15개의 유도체를 제안해줘", 15),
        ("at most 3 donors", None),
        ("수소결합 주개 3개 이하인 유도체", None),
        ("analogues with 3 rings", None),
    ],
)
def test_how_many_are_wanted(text: str, wanted: int | None) -> None:
    assert read(text).wanted == wanted


def test_hypotheses_are_counted_apart() -> None:
    parts = read("Give 4 hypotheses on 20 analogues")
    assert (parts.wanted, dict(parts.counts)) == (20, {"hypotheses": 4})


def test_lipinski_and_veber_are_expanded_with_a_note() -> None:
    parts = read("obeys Lipinski's rule of five and Veber")
    assert {(c.quantity, c.low, c.high) for c in parts.constraints} == {
        ("mass", None, 500),
        ("logP", None, 5),
        ("HBD", None, 5),
        ("HBA", None, 10),
        ("rotatable_bonds", None, 10),
        ("TPSA", None, 140),
    }
    assert sum("I read" in note for note in parts.notes) == 2


@pytest.mark.parametrize("text", ["a fragment-like start", "rule of three fragments", "Ro3 fragments"])
def test_fragments_follow_the_rule_of_three(text: str) -> None:
    assert {c.quantity: c.high for c in read(text).constraints} == {"mass": 300, "logP": 3, "HBD": 3, "HBA": 3}


def test_lead_like_is_a_window() -> None:
    assert ("mass", "between", 250, 350) in [
        (c.quantity, c.relation, c.low, c.high) for c in read("lead-like analogues").constraints
    ]


@pytest.mark.parametrize(
    "text", ["beyond the rule of five", "no more than one Lipinski violation", "need not obey Lipinski"]
)
def test_a_rule_set_aside_is_not_applied(text: str) -> None:
    parts = read(text)
    assert not parts.constraints
    assert any("did not apply" in note for note in parts.notes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("keep the sulfonamide", {("sulfonamide", "keep")}),
        ("without nitro groups", {("nitro", "avoid")}),
        ("must contain a carboxylic acid", {("carboxylic acid", "keep")}),
        ("keep the sulfonamide and avoid nitro and azide groups",
         {("sulfonamide", "keep"), ("nitro", "avoid"), ("azide", "avoid")}),
        ("replace the carboxylic acid with a tetrazole", {("carboxylic acid", "avoid"), ("tetrazole", "keep")}),
        ("no halogens, keep the pyrazole ring", {("halogen", "avoid"), ("pyrazole", "keep")}),
        ("설폰아마이드를 유지하고 니트로기는 제외", {("sulfonamide", "keep"), ("nitro", "avoid")}),
        ("exclude anything with a nitro group", {("nitro", "avoid")}),
        ("with neither nitro nor azide groups", {("nitro", "avoid"), ("azide", "avoid")}),
        ("containing a sulfonamide but not a thiophene", {("sulfonamide", "keep"), ("thiophene", "avoid")}),
        ("analogues that still have the COOH, and never a nitro", {("carboxylic acid", "keep"), ("nitro", "avoid")}),
        ("the acid is replaced by a tetrazole", {("carboxylic acid", "avoid"), ("tetrazole", "keep")}),
        ("카복실산을 포함하는 분자", {("carboxylic acid", "keep")}),
        ("at least 2 aromatic rings", set()),
        ("sulfonamide antibiotics", set()),
    ],
)  # fmt: skip
def test_groups_to_keep_and_avoid(text: str, expected: set[tuple[str, str]]) -> None:
    assert {(e.value, e.role) for e in read(text).groups} == {(GROUPS[name], role) for name, role in expected}


def test_a_written_pattern_is_taken_as_it_is() -> None:
    (group,) = read("avoid SMARTS [N+](=O)[O-], logP below 3").groups
    assert (group.value, group.role) == ("[N+](=O)[O-]", "avoid")


def test_language_is_told_by_the_letters() -> None:
    assert language_of("셀레콕시브 유도체를 logP 2~4로 설계해줘") == "ko"
    assert language_of("Design analogues of celecoxib") == "en"


def test_normalising_keeps_every_offset() -> None:
    text = "logP 2–4, TPSA ≤ 90 Å², 약 ４００"
    assert len(normalise(text)) == len(text)
