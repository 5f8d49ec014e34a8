"""``ingest``: documents into the knowledge store."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.cli.command import Given
from agent.cli.showing.ingestion import tell_ingestion
from agent.cli.showing.progress import Progress, progress_bar
from agent.cli.work.lab import mapped, writable_store
from agent.errors import InputError, OfflineRefusal
from agent.settings import Settings

if TYPE_CHECKING:
    from knowledge import FileOutcome, IngestReport, Store
    from knowledge.connectors import Network


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


async def ingest_sources(wanted: Wanted, given: Given) -> int:
    """``gedanken ingest PATH|REFERENCE...``: exit code 1 when a file failed."""
    from knowledge.connectors import split_reference

    settings = given.settings
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

        store = writable_store(settings)

        def reported(fraction: float, message: str) -> None:
            if stop.is_set():
                raise _Stopped
            progress(fraction, message)

        with contextlib.suppress(_Stopped):
            if wanted.watch:
                watch(paths, store, lambda report: tell_ingestion(report, given), reported, stop=stop, ocr=wanted.ocr)
                return []
            reports = [ingest(paths, store, reported, ocr=wanted.ocr)] if paths else []
            return reports + [_fetched(one, wanted.limit, settings, store, reported) for one in references]
        return []

    with mapped(), progress_bar(given.as_json) as progress:
        try:
            reports = await asyncio.to_thread(work, progress)
        finally:
            stop.set()
    if wanted.watch:
        return 0
    return tell_ingestion(_joined(reports), given)


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
            yield from fetch(reference, _network(settings), limit=limit, on_wait=functools.partial(progress, 0.0))
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
