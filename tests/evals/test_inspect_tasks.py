"""The question suites through Inspect itself, on made-up rows: a mock model's column and our reasoner's."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("inspect_ai", reason="LOUD: Inspect is not in this environment; `make inspect` runs its tasks")
# Inspect leaves streams of its own open, which complain when they are collected.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::Warning")]


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INSPECT_LOG_DIR", str(tmp_path / "logs"))
    return tmp_path / "logs"


def test_the_reasoner_answers_through_inspect_as_through_our_runner(labbench: Path, logs: Path) -> None:
    from inspect_ai import eval as run_inspect

    from evals.inspect_tasks import seqqa
    from evals.labbench import evaluate
    from evals.suite import Options

    (log,) = run_inspect(seqqa(str(labbench), "playbook"), model="mockllm/model", display="none", log_dir=str(logs))
    assert log.status == "success"
    assert log.results is not None
    accuracy = log.results.scores[0].metrics["accuracy"].value
    assert accuracy == evaluate(Options(bench=labbench), tag="seqqa").score


def test_a_model_is_shown_the_choices_with_the_way_out(labbench: Path, logs: Path) -> None:
    from inspect_ai import eval as run_inspect

    from evals.inspect_tasks import seqqa
    from evals.labbench import REFUSAL

    (log,) = run_inspect(seqqa(str(labbench)), model="mockllm/model", display="none", log_dir=str(logs))
    assert log.samples is not None
    assert all(REFUSAL in str(sample.messages[0].content) for sample in log.samples)


def test_another_reasoner_is_refused(labbench: Path) -> None:
    from evals.inspect_tasks import cloning

    with pytest.raises(ValueError, match="no reasoner 'oracle'"):
        cloning(str(labbench), "oracle")
