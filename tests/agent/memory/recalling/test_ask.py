"""Questions about a run: answered from what it holds, with sources, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.sample_run import make_run

from agent.memory.history import History
from agent.memory.recalling.ask import ask


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return make_run(tmp_path_factory.mktemp("runs"))[2]


@pytest.mark.parametrize(
    ("question", "told", "source"),
    [
        ("What is the logP of c3?", "c3: logP (Crippen) = 2.25", "e2"),
        ("Which candidate has the lowest QED?", "lowest of 12: c1", "e2"),
        ("which has the highest molecular weight?", "highest of 12: c12, molecular weight = 312 g/mol", "e2"),
        ("Why h1?", "for: The slope is -0.4 over 12.", "e2"),
        ("And what speaks against h1?", "against: One passage disagrees by 2.2.", "study-p3-0"),
        ("Why h1 once more?", "mechanism: Each donor costs 1.5 of 7.7 (unverified) units.", "h1"),
        ("What did estimate_admet find?", "The model is not installed.", "e5"),
        ("what is the slope?", "slope = -0.40 ± 0.10", "e2"),
        ("does it dissolve?", "“It dissolves & stays.”", "study-p3-0"),
        ("how many hypotheses are there?", "2 hypotheses.", ""),
        ("c3의 분자량은?", "c3: molecular weight = 303 g/mol", "e2"),
    ],
)
def test_an_answer_names_its_source(history: History, question: str, told: str, source: str) -> None:
    answer = ask(history, question)
    assert answer.found
    line = next(line for line in answer.lines if told in line.text)
    assert line.source == source


@pytest.mark.parametrize("question", ["What is the melting point of tungsten?", "Who won?", "c99?", ""])
def test_what_is_not_in_the_run_is_not_answered(history: History, question: str) -> None:
    answer = ask(history, question)
    assert not answer.found and answer.sources == ()


def test_a_value_that_a_candidate_lacks_is_said_to_lack(history: History) -> None:
    answer = ask(history, "What is the zeta_score of c5?")
    assert [line.text for line in answer.lines] == ["c5 has no zeta score in this run's evidence."]


def test_withheld_candidates_are_not_spoken_of(history: History) -> None:
    assert not ask(history, "What is c13?").found


def test_an_empty_run_answers_nothing(tmp_path: Path) -> None:
    assert not ask(History(), "How many candidates?").lines[0].text.startswith("12")
