"""Shared fixtures: no test reads the user's settings, and no test reaches a network, and none looks at the clock."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["support.scripted_model"]

# How long drawing or checking an example takes is the machine's business: on a busy one it says nothing of the code.
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEDANKEN_HOME", str(tmp_path_factory.mktemp("home")))
