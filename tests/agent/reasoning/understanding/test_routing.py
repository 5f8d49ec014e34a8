"""Routing: rules, then examples, then a question."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agent.reasoning.playbooks import PLAYBOOKS
from agent.reasoning.understanding import read_goal, route
from agent.reasoning.understanding.similarity import EmbeddedNearness, LetterNearness, nearness
from agent.records import Goal

CLEAR = [
    ("Design soluble analogues of celecoxib with logP between 2 and 4 and QED above 0.7", "molecule-design"),
    ("Propose 20 derivatives of aspirin, MW < 300", "molecule-design"),
    ("What are logP and TPSA of CC(=O)Oc1ccccc1C(=O)O?", "molecule-design"),
    ("Keep the sulfonamide, drop the nitro group, and make the drug more soluble", "molecule-design"),
    ("Make ibuprofen brain-penetrant", "molecule-design"),
    ("셀레콕시브 유도체를 설계해줘", "molecule-design"),
    ("분자량 400 이하의 신약 후보를 찾아줘", "molecule-design"),
    ("Find stable compositions in the Li-Mn-O system", "crystal-screening"),
    ("Compare the bulk modulus of TiC and WC", "crystal-screening"),
    ("Which halide perovskites ABX3 with A = Cs, B = Pb, X = Br are stable?", "crystal-screening"),
    ("Relax LiFePO4 and simulate its XRD pattern", "crystal-screening"),
    ("superhard nitrides with a bulk modulus above 300 GPa", "crystal-screening"),
    ("NaCl과 MgO 결정의 격자 상수를 비교해줘", "crystal-screening"),
    ("Li-Fe-P-O 계에서 안정한 양극재를 찾아줘", "crystal-screening"),
    ("Find the open reading frames in ATGGCTAGCAAAGGAGAAGAACTT", "sequence-analysis"),
    ("Design PCR primers with Tm around 60 °C for my gene", "sequence-analysis"),
    ("GC content of this DNA sequence?", "sequence-analysis"),
    ("Digest the plasmid with EcoRI and BamHI", "sequence-analysis"),
    ("isoelectric point of the peptide GILGFVFTL", "sequence-analysis"),
    ("이 DNA 서열의 GC 함량을 계산해줘", "sequence-analysis"),
    ("유전자를 증폭할 프라이머를 설계해줘", "sequence-analysis"),
]
# Wording that no rule knows; the nearest examples decide (or the researcher, never the wrong playbook).
OBLIQUE = [
    ("My painkiller barely dissolves, can we fix that by tweaking its shape?", "molecule-design"),
    ("Something like our hit but less greasy", "molecule-design"),
    ("I am after a stiff ceramic that resists squeezing", "crystal-screening"),
    ("Which solid would make the best battery host?", "crystal-screening"),
    ("I want to copy a stretch of the genome with two short oligos", "sequence-analysis"),
    ("Where does my construct stop being translated?", "sequence-analysis"),
    ("더 잘 녹는 진통제를 만들고 싶어", "molecule-design"),
    ("단단한 세라믹을 찾고 있어요", "crystal-screening"),
]
OUTSIDE = [
    "Write a poem about spring",
    "What is the capital of France?",
    "Book a flight to Seoul on Friday",
    "Translate this letter into French",
    "Plan a clinical trial for a vaccine",
    "Knock out genes to raise succinate in a metabolic model",
    "오늘 날씨가 어때?",
]


def chosen(text: str, near=None):
    return route(read_goal(Goal(text=text)), PLAYBOOKS, near=near)


@pytest.mark.parametrize(("text", "name"), CLEAR, ids=[text for text, _ in CLEAR])
def test_clear_goals_are_routed_by_rules(text: str, name: str) -> None:
    found = chosen(text)
    assert (found.name, found.how) == (name, "rules")


@pytest.mark.parametrize("near", [LetterNearness(), None], ids=["letters", "default"])
@pytest.mark.parametrize(("text", "name"), OBLIQUE, ids=[text for text, _ in OBLIQUE])
def test_oblique_goals_are_never_sent_to_the_wrong_playbook(text: str, name: str, near) -> None:
    found = chosen(text, near)
    assert found.name in (name, None)
    if found.name is None:
        assert found.question is not None and name in found.question.choices


def test_most_oblique_goals_find_their_playbook() -> None:
    right = sum(chosen(text).name == name for text, name in OBLIQUE)
    assert right >= 5


@pytest.mark.parametrize("near", [LetterNearness(), None], ids=["letters", "default"])
@pytest.mark.parametrize("text", OUTSIDE)
def test_goals_outside_are_answered_with_what_can_be_done(text: str, near) -> None:
    found = chosen(text, near)
    assert found.name is None and found.question is not None
    assert found.question.choices == tuple(book.name for book in PLAYBOOKS)
    assert all(book.title in found.question.text for book in PLAYBOOKS)


def test_the_question_names_what_is_not_done_yet() -> None:
    question = chosen("Run a molecular dynamics simulation of water").question
    assert question is not None and "molecular dynamics" in question.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ca 82 mg/L, HCO3 290 mg/L at pH 7.8: is the water saturated in calcite?", "PHREEQC"),
        ("206Pb/238U = 0.0895 and 207Pb/206Pb = 0.0596: what is the age?", "IsoplotR"),
        ("calibrate the radiocarbon measurement 3450 +- 30 BP", "IntCal20"),
        ("방해석의 포화지수를 계산해줘", "PHREEQC"),
    ],
)
def test_what_nothing_computes_is_said_whatever_minerals_it_names(text: str, told: str) -> None:
    found = chosen(text)
    assert found.name is None and found.question is not None and told in found.question.text


def test_a_part_that_is_not_done_yet_is_noted_when_the_rest_is_clear() -> None:
    found = chosen("Design analogues of CC(=O)Oc1ccccc1C(=O)O with QED above 0.6 and test them in a clinical trial")
    assert found.name == "molecule-design"
    assert any("clinical trials" in note for note in found.notes)


@pytest.mark.parametrize("answer", ["crystal-screening", "2", "Crystal", PLAYBOOKS[1].title])
def test_the_answer_decides(answer: str) -> None:
    parts = read_goal(Goal(text="Surprise me"))
    assert route(parts, PLAYBOOKS, answer).name == "crystal-screening"


def test_an_answer_that_names_nothing_is_asked_again() -> None:
    assert route(read_goal(Goal(text="Surprise me")), PLAYBOOKS, "banana").question is not None


def test_letters_find_the_identical_sentence() -> None:
    examples = PLAYBOOKS[0].examples
    scores = LetterNearness()(examples[2], examples)
    assert scores[2] == pytest.approx(1.0)
    assert max(range(len(scores)), key=scores.__getitem__) == 2


def test_korean_goals_are_compared_by_letters() -> None:
    assert isinstance(nearness("ko"), LetterNearness)


def test_embedded_nearness_embeds_each_example_once_and_keeps_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_: tmp_path)
    asked: list[str] = []

    def embed(texts):
        asked.extend(texts)
        vectors = np.array([[float(len(text)), 1.0] for text in texts])
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    near = EmbeddedNearness(embed, ["pydantic"])
    assert near("abc", ["abc", "abcdef"])[0] == pytest.approx(1.0)
    near("abcd", ["abc", "abcdef"])
    assert asked == ["abc", "abc", "abcdef", "abcd"]
    another = EmbeddedNearness(embed, ["pydantic"])  # in another process
    assert another("abc", ["abc", "abcdef"]) == pytest.approx(near("abc", ["abc", "abcdef"]))
    assert asked[4:] == ["abc", "abc"]
