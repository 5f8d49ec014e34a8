"""What several machines share: a PostgreSQL of checkpoints, and one cluster for the steps of many runs."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.postgres import programs, running_postgres
from support.science import ScriptedReasoner, small_catalogue

from agent.errors import InputError
from agent.records import Goal, Question, Step
from agent.session import Session
from agent.session.checkpoints import postgres
from agent.settings import load_settings

TESTS = Path(__file__).parents[1]


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = programs()
    if home is None:
        pytest.skip("LOUD: no PostgreSQL on this machine, so checkpoints in a shared database are not tested here")
    with running_postgres(home, tmp_path_factory.mktemp("postgres") / "server") as address:
        yield address


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))

    def make(reasoner: ScriptedReasoner, **options: Any) -> Session:
        settings = load_settings(**({"out": tmp_path / "runs", "home": tmp_path / "home", "workers": 2} | options))
        return Session(settings.settings, tools=small_catalogue(), reasoner=reasoner)

    return make


@pytest.mark.slow
async def test_a_run_that_waits_is_answered_from_another_machine(work, tmp_path: Path, database: str) -> None:
    """Two labs' folders, one folder of runs, one database: what the first asked, the second answers."""
    reasoner = ScriptedReasoner(
        [Step(id="s1", tool="square", arguments={"x": 3})], ask=(Question(key="solvent", text="Which solvent?"),)
    )
    async with work(reasoner, home=tmp_path / "one", checkpoints=database) as first:
        waiting = await first.run(Goal(text="square three"))
    assert waiting.info.status == "waiting"
    assert not (tmp_path / "one" / "checkpoints.sqlite").exists()
    async with work(reasoner, home=tmp_path / "two", checkpoints=database) as second:
        finished = await second.carry_on(waiting.bundle, answer="water")
    assert finished.info.status == "finished"

    import psycopg

    with psycopg.connect(database) as connection:
        (threads,) = connection.execute("select count(distinct thread_id) from checkpoints").fetchone() or (0,)
    assert threads == 1


async def test_a_database_that_is_not_there_fails_the_run_in_words(work, tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    reasoner = ScriptedReasoner([Step(id="s1", tool="square", arguments={"x": 3})])
    address = f"postgresql://lab:secret@/postgres?host={tmp_path}"
    async with work(reasoner, checkpoints=address) as session:
        outcome = await session.run(Goal(text="square three"))
    assert outcome.info.status == "failed"
    assert "database of checkpoints" in (outcome.info.error or "")
    assert "secret" not in (outcome.info.error or "")


async def test_an_address_of_another_kind_is_refused(work) -> None:
    reasoner = ScriptedReasoner([Step(id="s1", tool="square", arguments={"x": 3})])
    async with work(reasoner, checkpoints="mysql://lab:secret@host/runs") as session:
        outcome = await session.run(Goal(text="square three"))
    assert outcome.exit_code == InputError.exit_code
    assert "secret" not in (outcome.info.error or "")


@pytest.mark.slow
def test_a_batch_shares_one_cluster(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="LOUD: the cluster is not tested here, install gedanken[cluster]")
    goals = tmp_path / "goals.txt"
    goals.write_text(
        "Compute the properties of aspirin\nAnalyse the DNA sequence ATGGCCATTGTAATGGGCCGCTGAAAGGGTGCCCGATAG\n"
    )
    command = [sys.executable, "-m", "agent.cli", "batch", str(goals), "--out", str(tmp_path / "study")]
    options = ["--home", str(tmp_path / "home"), "--workers", "2", "--cluster", "local", "--json"]
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, timeout=300, env=os.environ, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["finished"] == 2


async def test_machines_that_open_a_fresh_database_at_the_same_moment_all_get_its_tables(database: str) -> None:
    async def open_it() -> int:
        async with postgres(database) as saver:
            return len([entry async for entry in saver.alist(None)])

    assert await asyncio.gather(*(open_it() for _ in range(6))) == [0] * 6
