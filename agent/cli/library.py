"""``ingest`` and ``search``."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.cli.shell import print_json
from agent.errors import InputError, StorageError
from agent.settings import load_settings

if TYPE_CHECKING:
    from knowledge import IngestReport

Progress = Callable[[float, str], None]


async def ingest_paths(paths: list[Path], as_json: bool, options: dict[str, Any]) -> int:
    """``gedanken ingest PATH...``: exit code 1 when a file failed."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise InputError(f"'{missing[0]}' does not exist.", remedy="Check the path; nothing was read.")
    store_path = load_settings(**options).settings.store_path

    def work(progress: Progress) -> IngestReport:
        from knowledge import ingest, open_store

        return ingest(paths, open_store(store_path), progress)

    with mapped(), _bar(as_json) as progress:
        report = await asyncio.to_thread(work, progress)
    counts = {outcome: report.count(outcome) for outcome in ("added", "unchanged", "replaced", "failed")}
    if as_json:
        print_json({**counts, "seconds": round(report.seconds, 2), "files": [asdict(file) for file in report.files]})
    else:
        for file in report.files:
            if file.reason:
                print(f"{'✗' if file.outcome == 'failed' else '·'} {file.path}: {file.reason}")
        rate = f", {report.embedded / report.seconds:.0f} passages/s" if report.embedded and report.seconds else ""
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing to read"
        print(f"{told} in {report.seconds:.1f} s ({report.embedded} passages embedded{rate})")
    return 1 if counts["failed"] else 0


async def search_store(query: str, count: int, as_json: bool, options: dict[str, Any]) -> int:
    """``gedanken search QUERY``."""
    path = load_settings(**options).settings.store_path

    def work() -> list[Any]:
        from knowledge import open_store

        return open_store(path, readonly=True).search(query, count) if (path / "store.json").exists() else []

    with mapped():
        hits = await asyncio.to_thread(work)
    if as_json:
        fields = ("document", "page", "start", "end", "score", "text")
        print_json({"query": query, "hits": [{field: getattr(hit, field) for field in fields} for hit in hits]})
        return 0
    if not (path / "store.json").exists():
        print(f"No documents yet in {path}: `gedanken ingest PATH...` reads some.")
        return 0
    for number, hit in enumerate(hits, start=1):
        page = f", page {hit.page}" if hit.page else ""
        print(f"{number}. {hit.title or hit.document}{page} ({hit.score:.2f})\n   {hit.document}\n   {_short(hit)}\n")
    if not hits:
        print("Nothing in the documents bears on that.")
    return 0


def _short(hit: Any) -> str:
    """The sentence that answers best, or the passage's beginning."""
    text = " ".join((hit.sentence or hit.text).split())
    return text if len(text) <= 300 else text[:297] + "..."


@contextlib.contextmanager
def mapped() -> Iterator[None]:
    """Turn the store's errors into ours."""
    from knowledge import KnowledgeError, QueryError

    try:
        yield
    except QueryError as error:
        raise InputError(error.message, remedy=error.remedy) from error
    except KnowledgeError as error:
        raise StorageError(error.message, remedy=error.remedy) from error


@contextlib.contextmanager
def _bar(as_json: bool) -> Iterator[Progress]:
    """A progress bar on a terminal; elsewhere a line now and then on the error stream."""
    if as_json:
        yield lambda fraction, message: None
        return
    if not sys.stderr.isatty():
        last = -1

        def plain(fraction: float, message: str) -> None:
            nonlocal last
            if int(fraction * 10) > last:
                last = int(fraction * 10)
                print(f"{fraction:>4.0%} {message}", file=sys.stderr, flush=True)

        yield plain
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=message[:50])
