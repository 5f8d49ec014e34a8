"""Watching folders: files that come or change are ingested when they are quiet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from knowledge.errors import StoreLocked
from knowledge.ingestion import Progress, ingest
from knowledge.reading import ReadingLimits, find_files
from knowledge.reading.manifests import MANIFESTS
from knowledge.records import IngestReport
from knowledge.store import Store


def watch(
    paths: Iterable[Path | str],
    store: Store,
    on_report: Callable[[IngestReport], object],
    on_progress: Progress | None = None,
    *,
    stop: threading.Event,
    limits: ReadingLimits | None = None,
    ocr: bool = False,
) -> None:
    """Ingest folders, then whatever comes or changes in them, until told to stop.

    A file that goes away keeps its passages: what was read stays citable.

    Args:
        paths: Folders and files; they have to exist.
        store: An open, writable store.
        on_report: Called with what every ingestion did.
        on_progress: As in `knowledge.ingest`.
        stop: Set it to end the watching.
        limits: What reading one file may cost.
        ocr: As in `knowledge.ingest`.

    Raises:
        KnowledgeError: As `knowledge.ingest`; another writer is waited for.
    """
    import watchfiles

    roots = [Path(path).expanduser().resolve() for path in paths]
    pending = set(roots)  # read once the watcher listens, so that nothing falls between the two
    watching = watchfiles.watch(
        *roots, stop_event=stop, rust_timeout=500, yield_on_timeout=True, raise_interrupt=False, watch_filter=_visible
    )
    for changes in watching:
        pending |= {Path(path) for kind, path in changes if kind != watchfiles.Change.deleted}
        wanted = _wanted(pending, roots)
        if not wanted:
            pending.clear()
            continue
        try:
            on_report(ingest(wanted, store, on_progress, limits=limits, ocr=ocr))
        except StoreLocked as locked:
            if on_progress is not None:
                on_progress(0.0, str(locked))
            continue
        pending.clear()


def _wanted(pending: set[Path], roots: list[Path]) -> list[Path]:
    """What of the changed files and folders is to be read; all where it is asked, or where a bibliography tells."""
    if not pending or pending.issuperset(roots):
        return sorted(pending)
    everything, _ = find_files(roots)
    if any(path.suffix.lower() in MANIFESTS for path in everything):
        return everything  # a bibliography may describe any of them
    known = set(everything)
    changed, _ = find_files([path for path in pending if path.exists()])
    return sorted(path for path in changed if path in known)


def _visible(_: object, path: str) -> bool:
    """Whether a change is of a file that ingestion would look at; hidden and temporary ones are not."""
    return not any(part.startswith((".", "~$")) for part in Path(path).parts) and not path.endswith((".part", ".tmp"))
