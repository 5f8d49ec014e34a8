"""Ingestion: files become documents of the store, each once, and one bad file costs itself alone.

A file is known by the hash of its content: ingesting it again changes nothing, a changed file replaces its passages,
and what an interrupted ingestion had embedded is not embedded again. All files are read first, and what they say can be
searched by its words at once; the vectors, which take most of the time, follow.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from knowledge.catalogue import Entry
from knowledge.errors import KnowledgeError, ReadingError
from knowledge.passages import split_pages
from knowledge.reading import ReadingLimits
from knowledge.reading.sources import Gathering, Source, described, digest, enriched
from knowledge.records import Document, FileOutcome, IngestReport, Parsed, Passage
from knowledge.store import Store, Writer

Progress = Callable[[float, str], None]
_BATCH = 64  # passages of short documents that are committed together
_FIRST, _FEWEST, _MOST = 16, 4, 256  # passages that are embedded before they are kept: at first, and in any case
_KEPT_EVERY = 3.0  # seconds of embedding after which it is kept
_SCRATCH = ".unpacked"  # in the store's folder: members of archives while they are read
_WORTH_SHOWING = 256  # passages without vectors from which on a state that is searched by its words is published
_READING = 0.2  # the share of the work that reading is, for the progress


def ingest(
    paths: Iterable[Path | str],
    store: Store,
    on_progress: Progress | None = None,
    *,
    limits: ReadingLimits | None = None,
    ocr: bool = False,
) -> IngestReport:
    """Read files, folders, archives and bibliographies into a store.

    A bibliography (BibTeX, RIS, CSL-JSON) describes the files that it names; of its other records those with an
    abstract become documents of their own. Members of a zip archive are documents named ``archive.zip!/member``.

    Args:
        paths: Files, and folders that are searched for readable files.
        store: An open, writable store.
        on_progress: Called with the share that is done, in [0, 1], and a short message.
        limits: What reading one file may cost.
        ocr: Recognise the text of scanned PDFs by ocrmypdf, where that is installed.

    Returns:
        What became of every file: ``added``, ``unchanged``, ``replaced`` or ``failed`` with the reason.

    Raises:
        StoreLocked: Another process is writing and did not finish in time.
        StoreError: The store cannot be written.
        EngineUnavailable: The embedding engine is not installed; what was read is found by its words.
    """
    started = time.perf_counter()
    report = on_progress or (lambda fraction, message: None)
    sought = [Path(path).expanduser() for path in paths]
    with store.writing(on_wait=lambda message: report(0.0, message)) as writer:
        # Inside the store's lock nobody else unpacks there: what is left was left by a kill.
        gathering = Gathering(sought, limits, ocr=ocr, scratch=store.path / _SCRATCH)
        batch = Batch(writer, report)
        total = max(1, len(gathering))
        for done, source in gathering.sources():
            seconds = max(time.perf_counter() - started, 1e-9)
            told = f"{done:,} of {total:,} files, {done / seconds:.1f}/s: {source.path.name}"
            report(_READING * min(1.0, done / total), told)
            _take_source(source, gathering, batch)
        batch.finish()
    seconds = time.perf_counter() - started
    return IngestReport(tuple(batch.outcomes.values()), seconds, batch.embedded, gathering.ignored)


def add_documents(
    items: Iterable[tuple[str, Parsed]], store: Store, on_progress: Progress | None = None
) -> IngestReport:
    """Add documents that are already text, under names of the caller's choice.

    Args:
        items: Names and parsed documents.
        store: An open, writable store.
        on_progress: As in `ingest`; the share stays small until all items came, since their number is not known.

    Returns:
        As `ingest`.
    """
    started = time.perf_counter()
    report = on_progress or (lambda fraction, message: None)
    with store.writing(on_wait=lambda message: report(0.0, message)) as writer:
        batch = Batch(writer, report)
        for number, (name, parsed) in enumerate(items, 1):
            batch.take(name, content_hash(parsed), lambda parsed=parsed: parsed)
            report(0.0, f"{number:,} documents read")
        batch.finish()
    return IngestReport(tuple(batch.outcomes.values()), time.perf_counter() - started, batch.embedded)


def content_hash(parsed: Parsed) -> str:
    """Identity of a document that is already text; when it was retrieved does not count."""
    stated = tuple(value for name, value in vars(parsed.metadata).items() if name != "retrieved")
    return hashlib.sha256(repr((parsed.pages, stated)).encode()).hexdigest()


def _take_source(source: Source, gathering: Gathering, batch: Batch) -> None:
    name = source.name
    if source.problem or source.note:
        batch.outcomes[name] = FileOutcome(
            name, "failed" if source.problem else "unchanged", source.problem or source.note
        )
        return
    try:
        stated = gathering.stated(source, batch.doi_of(name))
        content = digest(source, None)

        def read() -> tuple[Parsed, str]:
            parsed = gathering.read(source)
            about = stated or gathering.stated(source, parsed.metadata.doi)
            return enriched(parsed, about), described(content, about)

        batch.take(name, described(content, stated), read)
    except ReadingError as error:
        batch.outcomes[name] = FileOutcome(name, "failed", str(error))
    except OSError as error:
        batch.outcomes[name] = FileOutcome(name, "failed", f"It cannot be opened: {error.strerror or error}.")
    except KnowledgeError:
        raise  # the store or the engine fails: no other file would fare better
    except Exception as error:  # a defect of a reader must not cost the other files
        batch.outcomes[name] = FileOutcome(name, "failed", f"Its reader failed ({type(error).__name__}: {error}).")


class Batch:
    """Documents on their way into the store, committed a few at a time and embedded at the end.

    Attributes:
        outcomes: What became of each document so far, by name.
        embedded: Passages that went through the engine.
    """

    def __init__(self, writer: Writer, report: Progress) -> None:
        self._writer = writer
        self._report = report
        self._read: list[tuple[Entry, list[Passage], FileOutcome]] = []
        self.outcomes: dict[str, FileOutcome] = {}
        self.embedded = 0

    def doi_of(self, name: str) -> str:
        """The DOI of the document that the store holds under a name."""
        earlier = self._writer.catalogue.get(name)
        return earlier.document.doi if earlier else ""

    def take(self, name: str, sha256: str, read: Callable[[], Parsed | tuple[Parsed, str]]) -> None:
        """Take one document in, reading it only where its content is new.

        Args:
            name: Its name.
            sha256: Hash of its content and of what is stated about it.
            read: Reads it; may return a hash that is better than ``sha256`` beside the document.

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
        got = read()
        parsed, sha256 = got if isinstance(got, tuple) else (got, sha256)
        title = parsed.metadata.title or Path(name).stem
        passages = split_pages(f"{name}\0{title}", parsed.pages)
        if not passages:
            raise ReadingError("It holds no text.")
        stated = parsed.metadata
        document = Document(
            name=name,
            sha256=sha256,
            title=title,
            authors=stated.authors,
            year=stated.year,
            doi=stated.doi,
            format=parsed.format,
            pages=len(parsed.pages),
            passages=len(passages),
            venue=stated.venue,
            url=stated.url,
            retrieved=stated.retrieved,
            licence=stated.licence,
        )
        outcome = FileOutcome(name, "replaced" if earlier else "added", " ".join(parsed.warnings), len(passages))
        self._read.append((Entry(document, tuple(passage.id for passage in passages)), passages, outcome))
        if sum(len(passages) for _, passages, _ in self._read) >= _BATCH:
            self.flush()

    def _twin(self, name: str, sha256: str) -> str:
        """The name of another document with the same content, in the store or on its way there."""
        waiting = (entry.document for entry, _, _ in self._read)
        here = next((doc.name for doc in waiting if doc.sha256 == sha256 and doc.name != name), "")
        stored = self._writer.catalogue.with_content(sha256)
        return here or (stored.document.name if stored else "")

    def flush(self) -> None:
        """Commit what was read; its passages wait for their vectors."""
        if not self._read:
            return
        titles = {entry.document.name: entry.document.title for entry, _, _ in self._read}
        pieces = [(titles[entry.document.name], passage) for entry, passages, _ in self._read for passage in passages]
        held = self._writer.held([passage.id for _, passage in pieces])
        new = [(title, passage) for title, passage in pieces if passage.id not in held]
        self._writer.commit([entry for entry, _, _ in self._read], new)
        for entry, _, outcome in self._read:
            self.outcomes[entry.document.name] = outcome
        self._read.clear()

    def finish(self) -> None:
        """Show what was read, then make the vectors that are missing, those of a killed ingestion included."""
        self.flush()
        catalogue = self._writer.catalogue
        waiting = catalogue.waiting_count()
        if waiting > _WORTH_SHOWING:
            self._writer.publish()
        began, size = time.perf_counter(), _FIRST
        while part := catalogue.waiting(size):
            started = time.perf_counter()
            # After a kill between the database and the catalogue some of them are in the database already.
            held = self._writer.held([passage.id for _, passage in part]) if self._writer.recovering else set()
            if held:
                catalogue.mark_arrived(sorted(held))
            new = [(title, passage) for title, passage in part if passage.id not in held]
            vectors = self._writer.embedder.embed([f"{title}\n{passage.text}" for title, passage in new])
            self._writer.add_passages([passage for _, passage in new], vectors)
            size = _next_size(len(part), time.perf_counter() - started)
            self._writer.publish_if_due()
            self.embedded += len(new)
            rate = self.embedded / max(time.perf_counter() - began, 1e-9)
            told = f"{self.embedded:,} of {waiting:,} passages embedded, {rate:.1f}/s"
            self._report(_READING + (1 - _READING) * min(1.0, self.embedded / waiting), told)
        self._report(1.0, f"{self.embedded:,} passages embedded")


def _next_size(done: int, seconds: float) -> int:
    """How many passages to embed before they are kept: what a kill may cost is a few seconds, quick engine or slow."""
    return max(_FEWEST, min(_MOST, round(done * _KEPT_EVERY / max(seconds, 1e-6))))
