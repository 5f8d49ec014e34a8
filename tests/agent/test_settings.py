"""Settings: who wins, where a value came from, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import InputError
from agent.settings import Settings, load_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def source(name: str, **overrides) -> str:
    return next(row.source for row in load_settings(**overrides).provenance if row.name == name)


def test_the_command_line_wins_over_the_environment_over_files_over_defaults(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "home"
    home.mkdir()
    monkeypatch.setenv("GEDANKEN_HOME", str(home))
    assert (load_settings().settings.step_memory_mb, source("step_memory_mb")) == (None, "default")
    (home / "gedanken.toml").write_text("step_memory_mb = 1\n")
    assert (load_settings().settings.step_memory_mb, source("step_memory_mb")) == (1, str(home / "gedanken.toml"))
    (folder / "gedanken.toml").write_text("step_memory_mb = 2\n")
    assert (load_settings().settings.step_memory_mb, source("step_memory_mb")) == (2, str(folder / "gedanken.toml"))
    monkeypatch.setenv("GEDANKEN_STEP_MEMORY_MB", "3")
    assert load_settings().settings.step_memory_mb == 3
    assert source("step_memory_mb") == "environment GEDANKEN_STEP_MEMORY_MB"
    assert load_settings(step_memory_mb=4).settings.step_memory_mb == 4
    assert source("step_memory_mb", step_memory_mb=4) == "command line"
    assert load_settings(step_memory_mb=None).settings.step_memory_mb == 3


def test_the_usual_model_variables_are_honoured_and_ours_win(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    settings = load_settings().settings
    assert settings.base_url == "http://127.0.0.1:1/v1"
    assert settings.api_key is not None
    assert "secret" not in str(load_settings().provenance)
    monkeypatch.setenv("GEDANKEN_BASE_URL", "http://127.0.0.1:2/v1")
    assert load_settings().settings.base_url == "http://127.0.0.1:2/v1"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("colour = 'red'", "The setting 'colour' .*gedanken.toml. is unknown. Known settings: home"),
        ("workers = 0", "The setting 'workers' .*gedanken.toml. does not fit"),
        ("workers = ", "cannot be read as settings"),
        ("reasoner = 'oracle'", "The setting 'reasoner'"),
    ],
)
def test_a_wrong_setting_names_itself_and_its_source(folder: Path, text: str, complaint: str) -> None:
    (folder / "gedanken.toml").write_text(text)
    with pytest.raises(InputError, match=complaint):
        load_settings()


def test_an_unknown_variable_of_ours_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEDANKEN_OFLINE", "false")
    with pytest.raises(InputError, match=r"'ofline' .environment GEDANKEN_OFLINE. is unknown"):
        load_settings()


def test_offline_is_the_default_and_every_setting_is_described() -> None:
    assert Settings().offline is True
    assert all(field.description for field in Settings.model_fields.values())
