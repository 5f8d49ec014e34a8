"""The cluster for real: Dask's own scheduler and workers on this machine, one of them killed under a job."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psutil
import pytest

from agent.errors import InputError, TerminalToolError, ToolOutOfMemory, ToolTimeout, WorkerCrash
from agent.execution import cluster as cluster_module
from agent.execution.cluster import ClusterExecutor
from agent.execution.jobs import Job

distributed = pytest.importorskip(
    "distributed", reason="LOUD: the cluster is not tested here, install gedanken[cluster]"
)
pytestmark = pytest.mark.slow


def job(name: str, **changes: object) -> Job:
    arguments = changes.pop("arguments", {})
    return Job(key=name, path=f"support.jobs:{name}", arguments=arguments, label=name, **changes)  # type: ignore[arg-type]


def dask(*words: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "dask", *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for_file(path: Path) -> str:
    until = time.monotonic() + 120
    while not (path.exists() and (text := path.read_text())):
        assert time.monotonic() < until, f"{path} was never written"
        time.sleep(0.05)
    return text


class Machines:
    """A scheduler and two workers, as an administrator would start them."""

    def __init__(self, folder: Path) -> None:
        # It takes a port that is free when it takes it, and writes down which.
        told = folder / "scheduler.json"
        self.scheduler = self._scheduler("0", "--scheduler-file", str(told))
        self.address = json.loads(wait_for_file(told))["address"]
        self.workers = [self._worker(["--resources", "GPU=1"]), self._worker([])]
        with distributed.Client(self.address, set_as_default=False) as client:  # jobs look at who is there already
            client.wait_for_workers(len(self.workers), timeout=120)

    def _scheduler(self, port: str, *more: str) -> subprocess.Popen[bytes]:
        quiet = ("--no-dashboard", "--dashboard-address", ":0")
        return dask("scheduler", "--host", "127.0.0.1", "--port", port, *quiet, *more)

    def _worker(self, more: list[str]) -> subprocess.Popen[bytes]:
        return dask("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny", *more)

    def restart_scheduler(self) -> None:
        end(self.scheduler)
        self.scheduler = self._scheduler(self.address.rpartition(":")[2])

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    started = Machines(tmp_path_factory.mktemp("cluster"))
    yield started
    started.close()


@pytest.fixture
async def executor(machines: Machines) -> AsyncIterator[ClusterExecutor]:
    made = ClusterExecutor(machines.address, workers=2)
    yield made
    await made.close()


async def test_results_progress_and_two_machines_at_once(executor: ClusterExecutor) -> None:
    seen: list[tuple[float, str]] = []
    assert await executor.run(job("echo", arguments={"a": 1}), lambda *said: seen.append(said)) == {"a": 1}
    pids = await asyncio.gather(*(executor.run(job("sleep", arguments={"seconds": 1.0})) for _ in range(2)))
    assert pids == [{"slept": 1.0}] * 2
    await until(lambda: (1.0, "whole") in seen, "the last progress never came")


async def test_limits_and_failures_are_those_of_one_machine(executor: ClusterExecutor) -> None:
    with pytest.raises(ToolTimeout, match=r"sleep was stopped after 0\.5 s"):
        await executor.run(job("sleep", arguments={"seconds": 30}, seconds=0.5))
    with pytest.raises(ToolOutOfMemory, match="more than 200 MB"):
        await executor.run(job("swell", arguments={"megabytes": 400}, memory_mb=200))
    with pytest.raises(WorkerCrash, match="SIGKILL"):
        await executor.run(job("die"))
    with pytest.raises(TerminalToolError, match="makes no sense"):
        await executor.run(job("stumble"))
    with pytest.raises(TerminalToolError, match="network"):
        await executor.run(job("connect", arguments={"host": "192.0.2.1"}))


async def test_a_cancelled_job_ends_on_its_machine(executor: ClusterExecutor, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    task = asyncio.create_task(executor.run(job("sleep", arguments={"seconds": 60, "mark": str(mark)})))
    pid = await told(mark)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await gone(pid)


async def test_a_job_goes_where_its_resource_is_and_none_waits_for_one_that_is_missing(
    executor: ClusterExecutor, machines: Machines
) -> None:
    wanting = [executor.run(job("pid", resources={"GPU": 1})) for _ in range(4)]
    served = await asyncio.gather(*wanting)
    assert {psutil.Process(one["pid"]).ppid() for one in served} == {machines.workers[0].pid}
    assert await executor.run(job("echo", arguments={"b": 2}, resources={"QPU": 1})) == {"b": 2}


async def test_a_machine_that_dies_loses_nothing(executor: ClusterExecutor, machines: Machines, tmp_path: Path) -> None:
    marks = [tmp_path / str(number) for number in range(4)]
    jobs = [executor.run(job("sleep", arguments={"seconds": 3.0, "mark": str(mark)})) for mark in marks]
    tasks = [asyncio.create_task(one) for one in jobs]
    await told(marks[0])
    lost = machines.workers.pop()
    children = [child.pid for child in psutil.Process(lost.pid).children(recursive=True)]
    os.kill(lost.pid, signal.SIGKILL)
    lost.wait()
    try:
        assert await asyncio.gather(*tasks) == [{"slept": 3.0}] * 4
        await gone(*children)  # our processes end with the worker that ran them
    finally:
        machines.workers.append(machines._worker([]))


async def test_a_scheduler_that_goes_away_and_comes_back(
    executor: ClusterExecutor, machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "LONELY", 0.5)
    said: list[tuple[float, str]] = []
    slow = job("sleep", arguments={"seconds": 5.0, "mark": str(tmp_path / "m")})
    task = asyncio.create_task(executor.run(slow, lambda *one: said.append(one)))
    await told(tmp_path / "m")
    for worker in machines.workers:
        end(worker)
    machines.restart_scheduler()
    await until(lambda: any("has no workers; start some" in message for _, message in said), "nobody misses them")
    machines.workers[:] = [machines._worker(["--resources", "GPU=1"]), machines._worker([])]
    assert await task == {"slept": 5.0}


async def test_an_address_where_nobody_listens_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "PATIENCE", 1.0)
    with socket.socket() as silent:  # bound, so that nobody else takes the port, and deaf
        silent.bind(("127.0.0.1", 0))
        executor = ClusterExecutor(f"tcp://127.0.0.1:{silent.getsockname()[1]}", workers=1)
        with pytest.raises(WorkerCrash, match="does not answer"):
            await executor.run(job("echo"))
        await executor.close()


def test_a_kind_of_cluster_that_does_not_exist() -> None:
    with pytest.raises(InputError, match="no cluster 'slrum'"):
        ClusterExecutor("slrum", workers=1)


# dask-jobqueue's own half-made object complains when it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_batch_system_that_is_not_configured_says_what_to_write() -> None:
    pytest.importorskip("dask_jobqueue")
    executor = ClusterExecutor("slurm", workers=1)
    with pytest.raises(InputError, match="not configured"):
        await executor.run(job("echo"))
    await executor.close()


async def told(mark: Path) -> int:
    await until(mark.exists, "the job never began")
    return int(mark.read_text())


async def gone(*pids: int) -> None:
    await until(lambda: not any(psutil.pid_exists(pid) for pid in pids), f"one of {pids} lives on")


async def until(holds: Callable[[], bool], complaint: str) -> None:
    """Wait, for as long as a very busy machine may take."""
    latest = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < latest, complaint
        await asyncio.sleep(0.05)
