"""The server in a process of its own, spoken to by the SDK's own client, on stdio and on loopback HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from support.batches import WordyReasoner
from support.science import small_catalogue

from agent.memory.runs import read_info, run_folders
from agent.records import Result
from agent.session import Session
from agent.settings import load_settings
from agent.tools import catalogue

TESTS = Path(__file__).parents[2]
DNA = "ATGGCCATTGTAATGGGCCGCTGAAAGGGTGCCCGATAGATGAAACGCATTAGCACCACCATTACCACCACCATCACCATTACCACAGGTAA"


def environment(tmp_path: Path) -> dict[str, str]:
    own = {"GEDANKEN_HOME": str(tmp_path / "home"), "GEDANKEN_OUT": str(tmp_path / "runs"), "GEDANKEN_WORKERS": "2"}
    return {**own, "PYTHONPATH": str(TESTS), "OMP_NUM_THREADS": "1"}


def small(tmp_path: Path, *words: str) -> Client:
    """A client of a server over the tests' own tools."""
    arguments = ["-m", "support.served", *words]
    return Client(StdioServerParameters(command=sys.executable, args=arguments, env=environment(tmp_path)))


@contextlib.asynccontextmanager
async def over_http(url: str, token: str = "secret") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    http = httpx2.AsyncClient(headers=headers, timeout=180)
    async with http, Client(streamable_http_client(url, http_client=http)) as client:
        yield client


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """A server on loopback HTTP: its address and its process."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "support.served", "--http"),
        env={**os.environ, **environment(tmp_path)},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    line = (await asyncio.wait_for(process.stderr.readline(), 180)).decode()
    assert line.startswith("Serving MCP at http://127.0.0.1:")
    yield line.split()[-1], process
    if process.returncode is None:
        process.terminate()
    await process.wait()
    await process.stderr.read()


def plain(result: Any) -> dict[str, Any]:
    """The structured part of a result that is not an error; its readable part says the same."""
    assert not result.is_error, result.content[0].text
    assert json.loads(result.content[0].text).keys() <= result.structured_content.keys()
    return result.structured_content


@pytest.mark.slow
async def test_the_command_offers_every_tool_of_the_catalogue(tmp_path: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "agent.cli", "serve"], env=environment(tmp_path), cwd=tmp_path
    )
    async with Client(server) as client:
        assert client.server_info is not None
        assert client.server_info.name == "gedanken"
        offered = {tool.name: tool for tool in (await client.list_tools()).tools}
        ours = [tool for tool in catalogue() if tool.function.__module__.startswith("agent.")]
        for tool in ours:
            assert offered[tool.name].input_schema == tool.schema()
            assert tool.description in (offered[tool.name].description or "")
        own = {"run_goal", "answer_run", "resume_run", "run_status", "cancel_run", "list_runs"}
        assert offered.keys() == own | {tool.name for tool in ours}
        result = await client.call_tool("translate_dna", {"sequence": "ATGGCC"})
        envelope = {key: value for key, value in plain(result).items() if key not in ("seconds", "cached")}
        assert Result.model_validate(envelope).status == "ok"
        wrong = await client.call_tool("translate_dna", {"sequense": "ATGGCC"})
        assert wrong.is_error
        assert wrong.structured_content["error"]["repairable"]
        assert "sequence: field required" in wrong.content[0].text
        unknown = await client.call_tool("translate_dnaa", {})
        assert "Did you mean translate_dna" in json.dumps(unknown.structured_content)
        run = plain(await client.call_tool("run_goal", {"goal": f"Analyse the DNA sequence {DNA}"}))
        assert run["status"] == "finished"
        report = await client.read_resource(next(one for one in run["resources"] if one.endswith("report.md")))
        assert report.contents[0].mime_type == "text/markdown"
        assert "Research report" in report.contents[0].text


async def test_a_compact_server_finds_describes_and_calls(tmp_path: Path) -> None:
    async with small(tmp_path, "--compact") as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        assert names[:3] == ["find_tools", "describe_tool", "call_tool"]
        assert not {"square", "total"} & set(names)
        found = plain(await client.call_tool("find_tools", {"query": "add numbers"}))["tools"]
        assert found[0]["name"] == "total"
        described = plain(await client.call_tool("describe_tool", {"name": "total"}))
        assert described["arguments"]["required"] == ["numbers"]
        result = await client.call_tool("call_tool", {"name": "total", "arguments": {"numbers": [1, 2]}})
        assert plain(result)["data"] == {"sum": 3}
        assert (await client.call_tool("total", {"numbers": [1, 2]})).is_error
        assert "Did you mean total" in (await client.call_tool("describe_tool", {"name": "totl"})).content[0].text


async def test_a_run_reports_progress_asks_and_is_answered(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []

    async def progress(fraction: float, total: float | None, message: str | None) -> None:
        assert total == 1.0
        told.append((fraction, message or ""))

    async with small(tmp_path) as client:
        run = plain(await client.call_tool("run_goal", {"goal": "ask about squares"}))
        assert (run["status"], run["question"]["text"]) == ("waiting", "Which number?")
        refused = await client.call_tool("answer_run", {"run": "no-such-run", "answer": "4"})
        assert "There is no run 'no-such-run'" in refused.content[0].text
        arguments = {"run": run["run"], "answer": "4"}
        answered = plain(await client.call_tool("answer_run", arguments, progress_callback=progress))
        assert answered["status"] == "finished"
        assert answered["hypotheses"][0] == {"rank": 1, "statement": "Squares grow (3)", "novelty": "unknown"}
        assert "does not ask anything" in (await client.call_tool("answer_run", arguments)).content[0].text
        listed = plain(await client.call_tool("list_runs", {}))["runs"]
        assert [(one["run"], one["status"]) for one in listed] == [(run["run"], "finished")]
        assert "count: " in (await client.call_tool("list_runs", {"count": 0})).content[0].text
    fractions = [fraction for fraction, _ in told]
    assert fractions
    assert fractions == sorted(fractions)


async def test_a_run_can_be_left_looked_after_and_stopped(tmp_path: Path) -> None:
    async with small(tmp_path) as client:
        goal = f"square 2 until {tmp_path / 'go'}"
        run = plain(await client.call_tool("run_goal", {"goal": goal, "wait_seconds": 0.1}))
        assert run["status"] == "running"
        assert "being carried on" in (await client.call_tool("resume_run", {"run": run["run"]})).content[0].text
        assert plain(await client.call_tool("cancel_run", {"run": run["run"]}))["status"] == "stopped"
        (tmp_path / "go").touch()
        resumed = plain(await client.call_tool("resume_run", {"run": "last"}))
        assert (resumed["run"], resumed["status"]) == (run["run"], "finished")
        assert plain(await client.call_tool("run_status", {"run": run["run"]}))["fraction"] == 1.0


async def test_bundles_are_resources_and_nothing_else_is(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    async with small(tmp_path) as client:
        run = plain(await client.call_tool("run_goal", {"goal": "square 3"}))
        resources = {resource.uri: resource for resource in (await client.list_resources()).resources}
        assert set(run["resources"]) <= resources.keys()
        head = f"gedanken://runs/{run['run']}"
        candidates = (await client.read_resource(f"{head}/candidates.csv")).contents[0]
        assert candidates.mime_type == "text/csv"
        assert candidates.text.startswith("id,kind,structure")
        inside = (await client.read_resource(f"{head}/")).contents[0].text.splitlines()
        payload = next(one for one in inside if "/artifacts/" in one)
        assert json.loads((await client.read_resource(payload)).contents[0].text)["data"] == {"square": 9.0}
        for bad in (
            f"{head}/../../secret.txt", f"{head}/%2e%2e/%2e%2e/secret.txt", "gedanken://runs/../secret.txt",
            f"{head}/.lock", f"{head}/none.txt", "gedanken://runs/none/run.json", "file:///etc/passwd",
            f"gedanken://runs/{run['run']}//etc/passwd", "gedanken://runs/%2e%2e/secret.txt",
        ):  # fmt: skip
            with pytest.raises(MCPError):
                await client.read_resource(bad)


async def test_a_client_that_leaves_stdio_leaves_a_run_that_resumes(tmp_path: Path) -> None:
    async with small(tmp_path) as client:
        goal = f"square 2 until {tmp_path / 'go'}"
        call = asyncio.ensure_future(client.call_tool("run_goal", {"goal": goal}))
        while not list((tmp_path / "runs").glob("*/artifacts/e1-*")):
            await asyncio.sleep(0.02)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    (tmp_path / "go").touch()
    (folder,) = run_folders(tmp_path / "runs")
    assert read_info(folder).status in ("stopped", "running")  # running: it had to be killed
    settings = load_settings(home=tmp_path / "home", out=tmp_path / "runs").settings
    async with Session(settings, tools=small_catalogue(), reasoner=WordyReasoner(())) as session:
        outcome = await session.carry_on(folder)
    assert outcome.info.status == "finished"


async def test_a_signal_stops_a_server_on_stdio_whose_client_stays(tmp_path: Path) -> None:
    async with small(tmp_path) as client:
        goal = f"square 2 until {tmp_path / 'never'}"
        begun = plain(await client.call_tool("run_goal", {"goal": goal, "wait_seconds": 0.1}))
        (server,) = [one for one in psutil.Process().children() if "support.served" in one.cmdline()]
        server.terminate()
        await asyncio.to_thread(psutil.wait_procs, [server], 120)
        assert not server.is_running()
    assert read_info(tmp_path / "runs" / begun["run"]).status == "stopped"


async def test_http_needs_the_token(served) -> None:
    url, _ = served
    async with httpx2.AsyncClient() as http:
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            reply = await http.post(url, json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=headers)
            assert reply.status_code == 401
        elsewhere = {"Authorization": "Bearer secret", "Host": "example.org", "Accept": "application/json"}
        reply = await http.post(url, json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=elsewhere)
        assert reply.status_code in (403, 421)
    async with over_http(url) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} >= {"square", "run_goal"}
        assert plain(await client.call_tool("square", {"x": 3}))["data"] == {"square": 9}


async def test_a_run_outlives_the_http_client_that_began_it(served, tmp_path: Path) -> None:
    url, process = served
    async with over_http(url) as client:
        goal = f"square 2 until {tmp_path / 'go'}"
        call = asyncio.ensure_future(client.call_tool("run_goal", {"goal": goal}))
        while not list((tmp_path / "runs").glob("*/artifacts/e1-*")):
            await asyncio.sleep(0.02)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    (tmp_path / "go").touch()
    async with over_http(url) as client:
        status = plain(await client.call_tool("run_status", {"run": "last", "wait_seconds": 120}))
        assert status["status"] == "finished"
        goal = f"square 3 until {tmp_path / 'never'}"
        begun = plain(await client.call_tool("run_goal", {"goal": goal, "wait_seconds": 0.1}))
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.wait(), 120)
    assert read_info(tmp_path / "runs" / begun["run"]).status == "stopped"


def test_a_port_that_is_taken_and_a_package_that_is_missing_are_said(tmp_path: Path) -> None:
    import socket

    env = {**os.environ, **environment(tmp_path)}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "agent.cli", "serve", "--http", "--port", str(taken.getsockname()[1])]
        shown = subprocess.run(command, env=env, capture_output=True, text=True, timeout=180)
    assert shown.returncode == 2
    assert "cannot be used: Address already in use" in shown.stderr
    hidden = (
        "import sys; sys.modules['mcp'] = None; sys.argv = ['gedanken', 'serve']; from agent.cli import main; main()"
    )
    shown = subprocess.run([sys.executable, "-c", hidden], env=env, capture_output=True, text=True, timeout=180)
    assert shown.returncode == 1
    assert "gedanken[mcp]" in shown.stderr
