"""Tools of another's server, for real: the SDK's own server in a process of its own, on stdio and on loopback HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from support.science import ScriptedReasoner

from agent.records import Goal, Step
from agent.session import Session
from agent.settings import OutsideServer, Settings, load_settings
from agent.tools import catalogue

TESTS = Path(__file__).parents[3]
pytestmark = pytest.mark.slow

STDIO = {"command": sys.executable, "args": ["-m", "support.outside_server"], "env": {"PYTHONPATH": str(TESTS)}}


def settings(home: Path, **options: Any) -> Settings:
    given = {"home": home, "out": home / "runs", "offline": False, "workers": 1, "mcp_servers": {"lab": STDIO}}
    return load_settings(**(given | options)).settings


@pytest.fixture
def served() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "support.outside_server", str(port)]
    process = subprocess.Popen(command, cwd=TESTS, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    yield f"http://127.0.0.1:{port}/mcp"
    process.kill()
    process.wait()


async def test_outside_tools_join_with_envelope_limits_and_provenance(tmp_path: Path) -> None:
    async with Session(settings(tmp_path)) as session:
        tool = session.toolbox.catalogue.get("lab__viscosity")
        assert (tool.external, tool.network, tool.repeatable) == (True, True, False)
        assert "external tool of the server 'lab'" in tool.summary
        assert len(session.toolbox.catalogue) == len(catalogue()) + 6

        good = (await session.call("lab__viscosity", {"temperature": 20})).result
        assert (good.status, good.data["structured"]["substance"]) == ("ok", "water")
        assert {value.name: value.value for value in good.values} == {"viscosity": 1.0693, "temperature": 20.0}
        assert good.warnings == ("external: computed outside, not checked here",)

        wrong = (await session.call("lab__viscosity", {"temperature": "warm"})).result
        assert wrong.error is not None
        assert wrong.error.repairable
        assert "temperature: 'warm' is not of type 'number'" in wrong.error.message

        broken = (await session.call("lab__broken", {})).result
        assert broken.status == "error"
        assert "The external tool 'broken' failed" in broken.summary
        assert (await session.call("lab__nothing", {})).result.status == "empty"
        dead = (await session.call("lab__last_words", {})).result
        assert "'lab' cannot be used" in dead.summary


async def test_nothing_of_the_environment_is_handed_over_and_a_slow_server_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    async with Session(settings(tmp_path)) as session:
        names = (await session.call("lab__environment", {})).result.data["text"]
        assert "PYTHONPATH" in names
        assert "OPENAI_API_KEY" not in names
    async with Session(settings(tmp_path, step_seconds=3.0)) as session:
        late = (await session.call("lab__slow", {"seconds": 60})).result
        assert late.error is not None
        assert late.error.kind == "ToolTimeout"
    quick = {"lab": STDIO | {"seconds": 0.5}}  # less than the server takes to start
    async with Session(settings(tmp_path, mcp_servers=quick)) as session:
        assert (await session.call("lab__viscosity", {"temperature": 20})).result.status == "ok"
        late = (await session.call("lab__slow", {"seconds": 60})).result
        assert late.error is not None
        assert (late.error.kind, "within 0.5 s" in late.summary) == ("ToolTimeout", True)


async def test_offline_they_are_listed_as_last_time_and_refused(tmp_path: Path) -> None:
    async with Session(settings(tmp_path, offline=True)) as before:
        assert "lab__viscosity" not in before.toolbox.catalogue
        assert "never asked" in before.toolbox.catalogue.left_out[-1]
    async with Session(settings(tmp_path)):
        pass
    async with Session(settings(tmp_path, offline=True)) as session:
        assert "lab__viscosity" in session.toolbox.catalogue
        refused = (await session.call("lab__viscosity", {"temperature": 20})).result
        assert refused.error is not None
        assert refused.error.kind == "OfflineRefusal"


async def test_over_http_with_a_token_that_is_never_written(tmp_path: Path, served: str) -> None:
    lab = {"url": served, "token": "very-secret", "tools": ["viscosity"]}
    for _ in range(100):
        async with Session(settings(tmp_path, mcp_servers={"lab": lab})) as session:
            if "lab__viscosity" in session.toolbox.catalogue:
                break
        await asyncio.sleep(0.2)
    async with Session(settings(tmp_path, mcp_servers={"lab": lab})) as session:
        assert "lab__broken" not in session.toolbox.catalogue
        steps = [Step(id="s1", tool="lab__viscosity", arguments={"temperature": 25.0})]
        session._own_reasoner = ScriptedReasoner(steps)
        outcome = await session.run(Goal(text="how viscous is water"))
    assert outcome.info.status == "finished"
    evidence = json.loads((outcome.bundle / "evidence.jsonl").read_text().splitlines()[0])
    assert evidence["tool"] == "lab__viscosity"
    assert evidence["values"][0]["name"] == "viscosity"
    written = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    assert "very-secret" not in written


async def test_a_server_that_is_not_there_leaves_the_rest_alone(tmp_path: Path) -> None:
    gone = {"command": "no-such-program"}
    async with Session(settings(tmp_path, mcp_servers={"gone": gone, "lab": STDIO})) as session:
        assert "lab__viscosity" in session.toolbox.catalogue
        assert "'gone' cannot be used" in session.toolbox.catalogue.left_out[-1]
        assert (await session.call("describe_molecules", {"smiles": ["CCO"]})).result.status == "ok"


def test_settings_name_one_way_and_hide_secrets(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="either a command or a url"):
        OutsideServer(command="a", url="http://b")
    lab = {"command": "a", "env": {"KEY": "hidden"}, "args": []}
    loaded = load_settings(home=tmp_path, mcp_servers={"lab": lab})
    assert "hidden" not in str(loaded.provenance)
    assert "hidden" not in str(loaded.settings)
