"""The result cache: what is kept, what is not, and what happens to identical calls."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.execution.cache import ResultCache

KEY = "ab" * 32


def ok(plain: dict) -> bool:
    return plain["status"] != "error"


async def test_a_result_is_remembered_across_sessions(tmp_path: Path) -> None:
    async def run() -> dict:
        return {"status": "ok", "n": 1}

    async def never() -> dict:
        raise AssertionError("it was remembered")

    assert await ResultCache(tmp_path).get_or_run(KEY, run, keep=ok) == ({"status": "ok", "n": 1}, False)
    assert await ResultCache(tmp_path).get_or_run(KEY, never, keep=ok) == ({"status": "ok", "n": 1}, True)


async def test_errors_are_never_kept(tmp_path: Path) -> None:
    calls = 0

    async def run() -> dict:
        nonlocal calls
        calls += 1
        return {"status": "error"}

    cache = ResultCache(tmp_path)
    for _ in range(2):
        assert (await cache.get_or_run(KEY, run, keep=ok))[1] is False
    assert calls == 2


async def test_identical_calls_in_flight_run_once(tmp_path: Path) -> None:
    calls = 0

    async def run() -> dict:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.05)
        return {"status": "ok", "n": calls}

    cache = ResultCache(tmp_path)
    outcomes = await asyncio.gather(*(cache.get_or_run(KEY, run, keep=ok) for _ in range(5)))
    assert calls == 1
    assert [plain for plain, _ in outcomes] == [{"status": "ok", "n": 1}] * 5
    assert [shared for _, shared in outcomes] == [False, True, True, True, True]


async def test_one_cancelled_waiter_does_not_harm_the_others(tmp_path: Path) -> None:
    async def run() -> dict:
        await asyncio.sleep(0.1)
        return {"status": "ok"}

    cache = ResultCache(tmp_path)
    first = asyncio.create_task(cache.get_or_run(KEY, run, keep=ok))
    second = asyncio.create_task(cache.get_or_run(KEY, run, keep=ok))
    await asyncio.sleep(0.02)
    first.cancel()
    assert (await second)[0] == {"status": "ok"}
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_the_last_waiter_cancels_the_call(tmp_path: Path) -> None:
    cancelled = asyncio.Event()

    async def run() -> dict:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return {}

    waiter = asyncio.create_task(ResultCache(tmp_path).get_or_run(KEY, run, keep=ok))
    await asyncio.sleep(0.02)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert cancelled.is_set()


async def test_a_damaged_entry_is_a_miss_and_is_replaced(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    cache.put(KEY, {"status": "ok"})
    (entry,) = tmp_path.rglob("*.json")
    entry.write_text('{"status": "o')
    assert cache.get(KEY) is None

    async def run() -> dict:
        return {"status": "ok", "again": True}

    await cache.get_or_run(KEY, run, keep=ok)
    assert cache.get(KEY) == {"status": "ok", "again": True}


def test_a_folder_that_cannot_be_written_keeps_nothing_and_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    cache = ResultCache(tmp_path / "cache")
    cache.put(KEY, {"status": "ok"})
    assert cache.get(KEY) is None


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.none())))
def test_what_is_kept_comes_back_unchanged(tmp_path_factory: pytest.TempPathFactory, plain: dict) -> None:
    cache = ResultCache(tmp_path_factory.mktemp("cache"))
    cache.put(KEY, plain)
    assert cache.get(KEY) == plain
