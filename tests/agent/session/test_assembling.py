"""What a session is assembled from."""

from __future__ import annotations

from pathlib import Path

from agent.reasoning.model_reasoner import ModelReasoner
from agent.records import Goal, RunInfo, Usage
from agent.session.assembling import make_reasoner
from agent.settings import load_settings


def test_a_run_goes_on_with_its_own_model_where_the_settings_name_none(tmp_path: Path) -> None:
    info = RunInfo(id="r", goal=Goal(text="g"), reasoner="model", model="lab-model")
    address = {"home": tmp_path, "base_url": "http://127.0.0.1:9/v1"}
    for named, expected in ((None, "lab-model"), ("other", "other")):
        settings = load_settings(**address, **({"model": named} if named else {})).settings
        reasoner = make_reasoner(settings, info, Usage())
        assert isinstance(reasoner, ModelReasoner)
        assert reasoner._model.config.model == expected
