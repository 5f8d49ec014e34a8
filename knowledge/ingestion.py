"""Ingestion: files become documents of the store, each once, and one bad file costs itself alone.

A file is known by the hash of its content: ingesting it again changes nothing, a changed file replaces its passages,
and what an interrupted ingestion had embedded is not embedded again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from knowledge.catalogue import Entry
from knowledge.errors import KnowledgeError, ReadingError
from knowledge.passages import split_pages
from knowledge.reading import ReadingLimits, find_files, read_document
from knowledge.records import Document, FileOutcome, IngestReport, Parsed, Passage
from knowledge.store import Store, Writer

Progress = Callable[[float, str], None]
_BATCH = 64  # passages that are embedded and committed together
_LONG = 128  # passages of one long document that are written before the next ones are embedded


def ingest(
    paths: Iterable[Path | str],
    store: Store,
    on_progress: Progress | None = None,
    *,
    limits: ReadingLimits | None = None,
) -> IngestReport:
    """Read files and folders into a store.

    Args:
        paths: Files, and folders that are searched for readable files.
        store: An open, writable store.
        on_progress: Called with the share that is done, in [0, 1], and a short message.
        limits: What reading one file may cost.

    Returns:
        What became of every file: ``added``, ``unchanged``, ``replaced`` or ``failed`` with the reason.

    Raises:
        StoreLocked: Another process is writing and did not finish in time.
        StoreError: The store cannot be written.
        EngineUnavailable: The embedding engine is not installed.
    """
    started = time.perf_counter()
    report = on_progress or (lambda fraction, message: None)
    files, ignored = find_files(Path(path).expanduser() for path in paths)
    with store.writing(on_wait=lambda message: report(0.0, message)) as writer:
        batch = Batch(writer, report)
        for done, file in enumerate(files):
            batch.at(done, len(files))
            report(done / len(files), file.name)
            _ingest_file(file, batch, limits)
        batch.flush()
        report(1.0, f"{batch.embedded} passages embedded")
    return IngestReport(
        tuple(batch.outcomes[str(file)] for file in files), time.perf_counter() - started, batch.embedded, ignored
    )


def add_documents(
    items: Iterable[tuple[str, Parsed]], store: Store, on_progress: Progress | None = None
) -> IngestReport:
    """Add documents that are already text, under names of the caller's choice.

    Args:
        items: Names and parsed documents.
        store: An open, writable store.
        on_progress: As in `ingest`; the share is 0 until the end, since the number of items is not known.

    Returns:
        As `ingest`.
    """
    started = time.perf_counter()
    report = on_progress or (lambda fraction, message: None)
    with store.writing(on_wait=lambda message: report(0.0, message)) as writer:
        batch = Batch(writer, report)
        for name, parsed in items:
            content = repr((parsed.pages, parsed.metadata)).encode()
            batch.take(name, hashlib.sha256(content).hexdigest(), lambda parsed=parsed: parsed)
        batch.flush()
        report(1.0, f"{batch.embedded} passages embedded")
    return IngestReport(tuple(batch.outcomes.values()), time.perf_counter() - started, batch.embedded)


def _ingest_file(file: Path, batch: Batch, limits: ReadingLimits | None) -> None:
    name = str(file)
    try:
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        batch.take(name, digest, lambda: read_document(file, limits))
    except ReadingError as error:
        batch.outcomes[name] = FileOutcome(name, "failed", str(error))
    except OSError as error:
        batch.outcomes[name] = FileOutcome(name, "failed", f"It cannot be opened: {error.strerror or error}.")
    except KnowledgeError:
        raise  # the store or the engine fails: no other file would fare better
    except Exception as error:  # a defect of a reader must not cost the other files
        batch.outcomes[name] = FileOutcome(name, "failed", f"Its reader failed ({type(error).__name__}: {error}).")


class Batch:
    """Documents on their way into the store, embedded and committed a few at a time.

    Attributes:
        outcomes: What became of each document so far, by name.
        embedded: Passages that went through the engine.
    """

    def __init__(self, writer: Writer, report: Progress) -> None:
        self._writer = writer
        self._report = report
        self._waiting: list[tuple[Entry, list[Passage], FileOutcome]] = []
        self._fraction = (0, 1)
        self._began = time.perf_counter()
        self.outcomes: dict[str, FileOutcome] = {}
        self.embedded = 0

    def at(self, done: int, total: int) -> None:
        """Note how many of the files are done, for the progress."""
        self._fraction = (done, total)

    def take(self, name: str, sha256: str, read: Callable[[], Parsed]) -> None:
        """Take one document in, reading it only where its content is new.

        Args:
            name: Its name.
            sha256: Hash of its content.
            read: Reads it.

        Raises:
            ReadingError: It cannot be read.
        """
        earlier = self._writer.catalogue.get(name)
        if earlier is not None and earlier.document.sha256 == sha256:
            self.outcomes[name] = FileOutcome(name, "unchanged", passages=earlier.document.passages)
            return
        twin = self._twin(name, sha256) if earlier is None else ""
        if twin:
            self.outcomes[name] = FileOutcome(name, "unchanged", f"It has the same content as {twin}.")
            return
        parsed = read()
        title = parsed.metadata.title or Path(name).stem
        passages = split_pages(f"{name}\0{title}", parsed.pages)
        if not passages:
            raise ReadingError("It holds no text.")
        document = Document(
            name=name,
            sha256=sha256,
            title=title,
            authors=parsed.metadata.authors,
            year=parsed.metadata.year,
            doi=parsed.metadata.doi,
            format=parsed.format,
            pages=len(parsed.pages),
            passages=len(passages),
        )
        outcome = FileOutcome(name, "replaced" if earlier else "added", " ".join(parsed.warnings), len(passages))
        self._waiting.append((Entry(document, tuple(passage.id for passage in passages)), passages, outcome))
        if sum(len(waiting) for _, waiting, _ in self._waiting) >= _BATCH:
            self.flush()

    def _twin(self, name: str, sha256: str) -> str:
        """The name of another document with the same content, in the store or on its way there."""
        waiting = (entry.document for entry, _, _ in self._waiting)
        here = next((doc.name for doc in waiting if doc.sha256 == sha256 and doc.name != name), "")
        stored = self._writer.catalogue.with_content(sha256)
        return here or (stored.document.name if stored else "")

    def flush(self) -> None:
        """Embed and commit what waits."""
        if not self._waiting:
            return
        titles = {entry.document.name: entry.document.title for entry, _, _ in self._waiting}
        pieces = [
            (titles[entry.document.name], passage) for entry, passages, _ in self._waiting for passage in passages
        ]
        held = self._writer.held([passage.id for _, passage in pieces])
        new = [(title, passage) for title, passage in pieces if passage.id not in held]
        for i in range(0, len(new), _LONG):
            part = new[i : i + _LONG]
            vectors = self._writer.embedder.embed([f"{title}\n{passage.text}" for title, passage in part])
            self._writer.add_passages([passage for _, passage in part], vectors)
            self.embedded += len(part)
            self._say(min(1.0, (i + len(part)) / len(new)))
        self._writer.commit([entry for entry, _, _ in self._waiting])
        for entry, _, outcome in self._waiting:
            self.outcomes[entry.document.name] = outcome
        self._waiting.clear()

    def _say(self, share: float) -> None:
        done, total = self._fraction
        rate = self.embedded / max(time.perf_counter() - self._began, 1e-9)
        self._report(min(1.0, (done + share) / total), f"{self.embedded} passages, {rate:.1f}/s")
