"""Shared fixtures: no test reads the user's settings, and no test reaches a network."""

import pytest

pytest_plugins = ["support.scripted_model"]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEDANKEN_HOME", str(tmp_path_factory.mktemp("home")))
