"""The worker pool, with real processes that are really killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from agent.errors import TerminalToolError, ToolOutOfMemory, ToolTimeout, WorkerCrash
from agent.execution.pool import Job, WorkerPool


@pytest.fixture
async def pool(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WorkerPool]:
    tests = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", str(tests))
    pool = WorkerPool(2)
    yield pool
    await pool.close()


def job(
    name: str,
    *,
    affinity: str = "",
    seconds: float = 20.0,
    memory_mb: int = 2048,
    priority: int = 0,
    **arguments,
):
    return Job(
        key=name,
        path=f"support.jobs:{name}",
        arguments=arguments,
        affinity=affinity,
        seconds=seconds,
        memory_mb=memory_mb,
        priority=priority,
        label=name,
    )


async def test_a_job_returns_plain_data_and_reports_progress(pool: WorkerPool) -> None:
    seen: list[tuple[float, str]] = []
    result = await pool.run(job("echo", text="é", number=[1, 2.5]), lambda f, m: seen.append((f, m)))
    assert result == {"text": "é", "number": [1, 2.5]}
    assert seen[-1] == (1.0, "whole")


async def test_what_libraries_print_does_not_disturb_the_conversation(pool: WorkerPool) -> None:
    assert await pool.run(job("chatter")) == {"said": True}


async def test_a_worker_is_used_again_and_models_stay_where_they_are(pool: WorkerPool) -> None:
    heavy = (await pool.run(job("pid", affinity="model")))["pid"]
    light = (await pool.run(job("pid")))["pid"]
    assert light != heavy
    assert (await pool.run(job("pid", affinity="model")))["pid"] == heavy
    assert (await pool.run(job("pid")))["pid"] == light


async def test_the_time_limit_stops_a_step_and_its_worker(pool: WorkerPool, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    await pool.run(job("echo"))  # the limit counts a worker's start, which takes long on a busy machine
    with pytest.raises(ToolTimeout, match=r"sleep was stopped after 1 s"):
        await pool.run(_sleep(mark, 1.0))
    assert not psutil.pid_exists(int(mark.read_text()))
    assert await pool.run(job("echo", a=1)) == {"a": 1}


def _sleep(mark: Path, limit: float) -> Job:
    return Job(
        key="sleep",
        path="support.jobs:sleep",
        arguments={"seconds": 60, "mark": str(mark)},
        seconds=limit,
        label="sleep",
    )


async def test_the_memory_limit_stops_a_step(pool: WorkerPool) -> None:
    with pytest.raises(ToolOutOfMemory, match="more than 150 MB"):
        await pool.run(job("swell", memory_mb=150, megabytes=600))
    assert await pool.run(job("echo", a=1)) == {"a": 1}


async def test_a_crash_costs_one_step(pool: WorkerPool) -> None:
    outcomes = await asyncio.gather(
        pool.run(job("die")), pool.run(job("echo", a=1)), pool.run(job("leave")), return_exceptions=True
    )
    assert isinstance(outcomes[0], WorkerCrash) and "SIGKILL" in str(outcomes[0])
    assert outcomes[1] == {"a": 1}
    assert isinstance(outcomes[2], WorkerCrash) and "exit code 3" in str(outcomes[2])
    assert "the last words" in str(outcomes[2])


async def test_an_exception_is_the_steps_error_and_the_worker_lives_on(pool: WorkerPool) -> None:
    before = (await pool.run(job("pid")))["pid"]
    with pytest.raises(TerminalToolError, match="ValueError: what was asked makes no sense"):
        await pool.run(job("stumble"))
    assert (await pool.run(job("pid")))["pid"] == before


async def test_cancelling_kills_the_worker_at_once(pool: WorkerPool, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    running = asyncio.create_task(pool.run(_sleep(mark, 60.0)))
    while not mark.exists():
        await asyncio.sleep(0.02)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert not psutil.pid_exists(int(mark.read_text()))
    assert await pool.run(job("echo", a=1)) == {"a": 1}


async def test_urgent_work_goes_before_waiting_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    pool = WorkerPool(1)
    order: list[str] = []

    async def run(name: str, priority: int) -> None:
        await pool.run(job("echo", priority=priority, who=name))
        order.append(name)

    first = asyncio.create_task(pool.run(Job(key="s", path="support.jobs:sleep", arguments={"seconds": 0.3})))
    await asyncio.sleep(0)  # it has the only place now, and the others queue before it can end
    await asyncio.gather(first, run("training", 9), run("batch", 5), run("interactive", 0))
    await pool.close()
    assert order == ["interactive", "batch", "training"]


async def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from agent.execution.pool import Job, WorkerPool\n"
        "mark = sys.argv[1]\n"
        "asyncio.run(WorkerPool(1).run(Job(key='s', path='support.jobs:sleep',"
        " arguments={'seconds': 60, 'mark': mark})))\n"
    )
    mark = tmp_path / "pid"
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        str(mark),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    while not mark.exists():
        await asyncio.sleep(0.05)
    parent.kill()
    await parent.wait()
    worker = int(mark.read_text())
    deadline = time.monotonic() + 60
    while psutil.pid_exists(worker) and psutil.Process(worker).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the worker outlived its pool"
        await asyncio.sleep(0.05)


async def test_offline_workers_refuse_the_network_and_allow_loopback(pool: WorkerPool) -> None:
    with pytest.raises(TerminalToolError, match=r"OfflineRefusal: A connection to '192\.0\.2\.1' was refused"):
        await pool.run(job("connect", host="192.0.2.1"))
    with pytest.raises(TerminalToolError, match="ConnectionRefusedError"):
        await pool.run(job("connect", host="127.0.0.1"))
