"""What the doctor says of settings and of engines that may be there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agent.cli.work import engines
from agent.cli.work.doctor import doubts
from agent.cli.work.engines import Engine, try_engines
from agent.settings import Settings


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"max_cost": 2.0}, True),
        ({"max_cost": 2.0, "input_price": 0.5}, False),
        ({"max_cost": 2.0, "output_price": 0.5}, False),
        ({}, False),
    ],
)
def test_a_cap_without_prices_is_said_to_bound_nothing(given: dict[str, float], said: bool) -> None:
    assert any("bounds nothing" in warning for warning in doubts(Settings.model_validate(given))) is said


async def test_an_engine_works_is_broken_or_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = (
        Engine("sound", "json", "reading JSON", "core", "import json"),
        Engine("broken", "csv", "reading tables", "core", "raise RuntimeError('its library does not load')"),
        Engine("absent", "no_such_module_here", "nothing", "extra", "import no_such_module_here"),
    )
    monkeypatch.setattr(engines, "ENGINES", given)
    monkeypatch.chdir(tmp_path)
    sound, broken, absent, robots = await try_engines(Settings(home=tmp_path))
    assert sound.works is True and sound.detail == ""
    assert broken.works is False and "its library does not load" in broken.detail
    assert absent.works is None and "gedanken[extra]" in absent.detail
    assert robots.works is None and "make opentrons" in robots.detail


async def test_the_opentrons_simulator_is_tried_in_its_own_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "ENGINES", ())
    (tmp_path / "robots" / "bin").mkdir(parents=True)
    python = tmp_path / "robots" / "bin" / "python"
    python.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'raise SystemExit(0)'\n")
    python.chmod(0o755)
    (robots,) = await try_engines(Settings(home=tmp_path, opentrons=tmp_path / "robots"))
    assert robots.works is True


def test_every_engine_belongs_to_an_extra_of_the_package() -> None:
    import tomllib

    extras = tomllib.loads(Path("pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert {engine.extra for engine in engines.ENGINES} <= set(extras)
