"""``ingest`` and ``store``: documents into the knowledge store, and the store as a file."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.cli.shell import print_json
from agent.cli.store import lab_store, mapped
from agent.errors import InputError, OfflineRefusal
from agent.settings import Settings, load_settings

if TYPE_CHECKING:
    from knowledge import FileOutcome, IngestReport, Store
    from knowledge.connectors import Network

Progress = Callable[[float, str], None]
_OUTCOMES = ("added", "unchanged", "replaced", "failed")


@dataclass(frozen=True)
class Wanted:
    """What ``gedanken ingest`` was asked to do.

    Attributes:
        sources: Paths, and references to records of public databases.
        watch: Stay and read what changes.
        ocr: Recognise scanned PDFs.
        online: The user's consent to use the network for this command.
        limit: Most records of one query.
    """

    sources: tuple[str, ...]
    watch: bool = False
    ocr: bool = False
    online: bool = False
    limit: int = 50


class _Stopped(Exception):
    """The user interrupted; the store is left as it is, and the next ingestion goes on."""


async def ingest_sources(wanted: Wanted, as_json: bool, options: dict[str, Any]) -> int:
    """``gedanken ingest PATH|REFERENCE...``: exit code 1 when a file failed."""
    from knowledge.connectors import split_reference

    settings = load_settings(**options).settings
    references = [source for source in wanted.sources if split_reference(source) and not Path(source).exists()]
    paths = [Path(source) for source in wanted.sources if source not in references]
    missing = [path for path in paths if not path.expanduser().exists()]
    if missing:
        raise InputError(f"'{missing[0]}' does not exist.", remedy="Check the path; nothing was read.")
    if references and settings.offline and not wanted.online:
        raise OfflineRefusal(
            f"'{references[0]}' needs the network, and this is offline mode.",
            remedy="Allow it for this command with --online, or set offline = false.",
        )
    if wanted.watch and references:
        raise InputError("--watch is for files and folders.", remedy=f"Leave out '{references[0]}'.")
    stop = threading.Event()

    def work(progress: Progress) -> list[IngestReport]:
        from knowledge import ingest
        from knowledge.watching import watch

        store = _writable(settings)

        def reported(fraction: float, message: str) -> None:
            if stop.is_set():
                raise _Stopped
            progress(fraction, message)

        with contextlib.suppress(_Stopped):
            if wanted.watch:
                watch(paths, store, lambda report: _tell(report, as_json), reported, stop=stop, ocr=wanted.ocr)
                return []
            reports = [ingest(paths, store, reported, ocr=wanted.ocr)] if paths else []
            return reports + [_fetched(one, wanted.limit, settings, store, reported) for one in references]
        return []

    with mapped(), _bar(as_json) as progress:
        try:
            reports = await asyncio.to_thread(work, progress)
        finally:
            stop.set()
    if wanted.watch:
        return 0
    return _tell(_joined(reports), as_json)


def _writable(settings: Settings) -> Store:

    store = lab_store(settings, readonly=False)
    assert store is not None  # only a store that is not there to be read is None
    return store


def _network(settings: Settings) -> Network:
    from knowledge.connectors import Network

    keys = {name: key.get_secret_value() for name, key in settings.connector_keys.items()}
    return Network(settings.cache_path / "http", settings.contact, settings.connector_urls, keys)


def _fetched(reference: str, limit: int, settings: Settings, store: Store, progress: Progress) -> IngestReport:
    """Ask a public database and ingest what it has; what came before a failure is kept."""
    from knowledge import ConnectorError, FileOutcome, IngestReport, add_documents
    from knowledge.connectors import fetch

    trouble: list[FileOutcome] = []

    def records() -> Iterator[Any]:
        try:
            told = lambda message: progress(0.0, message)  # noqa: E731
            yield from fetch(reference, _network(settings), limit=limit, on_wait=told)
        except ConnectorError as error:
            trouble.append(FileOutcome(reference, "failed", str(error)))

    report = add_documents(records(), store, progress)
    return IngestReport((*report.files, *trouble), report.seconds, report.embedded)


def _joined(reports: list[IngestReport]) -> IngestReport:
    from knowledge import IngestReport

    return IngestReport(
        tuple(file for report in reports for file in report.files),
        sum(report.seconds for report in reports),
        sum(report.embedded for report in reports),
        sum(report.ignored for report in reports),
    )


def _tell(report: IngestReport, as_json: bool) -> int:
    """Print what an ingestion did; exit code 1 when a file failed."""
    counts = {outcome: report.count(outcome) for outcome in _OUTCOMES}
    if as_json:
        files = [asdict(file) for file in report.files]
        print_json({**counts, "ignored": report.ignored, "seconds": round(report.seconds, 2), "files": files})
        return 1 if counts["failed"] else 0
    for file in report.files:
        if file.reason:
            print(_line(file))
    rate = f", {report.embedded / report.seconds:.0f} passages/s" if report.embedded and report.seconds else ""
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing to read"
    ignored = f", {report.ignored} of other kinds left out" if report.ignored else ""
    print(f"{told}{ignored} in {report.seconds:.1f} s ({report.embedded} passages embedded{rate})", flush=True)
    return 1 if counts["failed"] else 0


def _line(file: FileOutcome) -> str:
    return f"{'✗' if file.outcome == 'failed' else '·'} {file.path}: {file.reason}"


async def export_bundle(file: Path, as_json: bool, options: dict[str, Any]) -> int:
    """``gedanken store export FILE``."""

    settings = load_settings(**options).settings

    def work(progress: Progress) -> Any:
        from knowledge.bundles import export_store

        store = lab_store(settings)
        if store is None:
            raise InputError(f"There is no knowledge store in {settings.store_path}.", remedy="Ingest something first.")
        return export_store(store, file, progress)

    with mapped(), _bar(as_json) as progress:
        info = await asyncio.to_thread(work, progress)
    if as_json:
        print_json({"file": str(file), **asdict(info)})
    else:
        size = file.expanduser().stat().st_size / 1e6
        print(f"{info.documents:,} documents, {info.passages:,} passages in {file} ({size:.1f} MB)")
    return 0


async def take_bundle(file: Path, as_json: bool, options: dict[str, Any]) -> int:
    """``gedanken store import FILE``."""
    settings = load_settings(**options).settings

    def work(progress: Progress) -> IngestReport:
        from knowledge.bundles import bundle_info, import_bundle

        bundle_info(file)  # a bad bundle is refused before a store is made
        return import_bundle(file, _writable(settings), progress)

    with mapped(), _bar(as_json) as progress:
        report = await asyncio.to_thread(work, progress)
    return _tell(report, as_json)


async def tell_about(file: Path | None, as_json: bool, options: dict[str, Any]) -> int:
    """``gedanken store info [FILE]``."""

    settings = load_settings(**options).settings

    def work() -> dict[str, Any]:
        from knowledge.bundles import bundle_info

        if file is not None:
            return {"file": str(file), **asdict(bundle_info(file))}
        store = lab_store(settings)
        return {"path": str(settings.store_path), "documents": 0} if store is None else asdict(store.stats())

    with mapped():
        told = await asyncio.to_thread(work)
    if as_json:
        print_json(told)
    else:
        for name, value in told.items():
            print(f"{name.replace('_', ' '):<14} {value}")
    return 0


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
            if int(fraction * 10) != last:
                last = int(fraction * 10)
                print(f"{fraction:>4.0%} {message}", file=sys.stderr, flush=True)

        yield plain
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=message[:70])
