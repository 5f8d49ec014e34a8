"""What there is to ingest: files, members of archives, records of bibliographies, and what is stated about them."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.archives import unpack
from knowledge.reading.files import ARCHIVES, find_files, read_document
from knowledge.reading.isolated import read_records
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.manifests import MANIFESTS, Bibliography, Library, Record
from knowledge.reading.recognition import recognised
from knowledge.records import Metadata, Parsed

_MOST_TOLD = 50  # broken records of one bibliography that are told one by one


@dataclass(frozen=True)
class Source:
    """A document to be.

    Attributes:
        name: The document's name: the path, or ``archive.zip!/member``, or ``library.bib#key``.
        path: The file, or the bibliography that holds the record.
        record: The record of a bibliography that stands for a document of its own.
        problem: Why it cannot be read, where that is known already.
        note: What to say of it in place of a document (for an archive or a bibliography as a whole).
    """

    name: str
    path: Path
    record: Record | None = None
    problem: str = ""
    note: str = ""


class Gathering:
    """The sources of one ingestion, in order; archives are unpacked while their members are at work.

    Args:
        paths: Files and folders.
        limits: What reading one file may cost.
        ocr: Recognise the text of scanned PDFs by ocrmypdf.
        scratch: Folder for unpacked members and recognised PDFs. What an ingestion that was killed left in it is
            removed, so that it has to belong to one ingestion at a time; the system's by default.

    Attributes:
        library: The records of the bibliographies seen so far.
        ignored: Files that were left out because of their extension.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        limits: ReadingLimits | None = None,
        *,
        ocr: bool = False,
        scratch: Path | None = None,
    ) -> None:
        self._limits = limits or ReadingLimits()
        self._ocr = ocr
        self._scratch = scratch
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
        self._files, self.ignored = find_files(paths)
        self.library = Library()

    def __len__(self) -> int:
        """How many files there are; an archive counts once."""
        return len(self._files)

    def sources(self) -> Iterator[tuple[int, Source]]:
        """Every source with the number of files that are done before it."""
        yield from self._of(self._files, {})

    def _of(
        self, files: Sequence[Path], shown: dict[Path, str], done: int | None = None
    ) -> Iterator[tuple[int, Source]]:
        """Sources of some files.

        Args:
            files: The files.
            shown: The names under which they are known, where these are not their paths.
            done: How many files are done, for members of an archive.
        """
        manifests = [file for file in files if file.suffix.lower() in MANIFESTS]
        problems: dict[Path, str] = {}
        left: dict[Path, Bibliography] = {}
        for file in manifests:
            try:
                read = self._records(file)
                self.library.add(file, read.records)
                left[file] = read
            except (ReadingError, OSError) as error:
                problems[file] = str(error)
        count = 0
        for file in files:
            name = shown.get(file, str(file))
            if file.suffix.lower() in ARCHIVES:
                yield from self._members(file, name, count if done is None else done, nested=done is not None)
            elif file in problems:
                yield count if done is None else done, Source(name, file, problem=problems[file])
            elif file not in manifests:
                problem = "It is no regular file but a pipe, a socket or a device." if _special(file) else ""
                yield count if done is None else done, Source(name, file, problem=problem)
            count += 1
        for file in manifests:
            if file not in problems:
                others = self._left(file, shown.get(file, str(file)), left[file])
                yield from ((count if done is None else done, source) for source in others)

    def _records(self, file: Path) -> Bibliography:
        size = file.stat().st_size
        if size == 0:
            raise ReadingError("It is empty (0 bytes).")
        if size > self._limits.file_mb * 1_000_000:
            raise ReadingError(f"It is too large: {size / 1e6:.0f} MB, and the limit is {self._limits.file_mb} MB.")
        return read_records(file, MANIFESTS[file.suffix.lower()], self._limits)

    def _left(self, manifest: Path, name: str, read: Bibliography) -> Iterator[Source]:
        """The records of a bibliography that described no file, those that are broken, and what became of the rest."""
        left = [record for file, record in self.library.unused() if file == manifest]
        for problem in read.problems[:_MOST_TOLD]:
            yield Source(_at(name, problem), manifest, problem=_why(problem))
        for note in read.notes[:_MOST_TOLD]:
            yield Source(_at(name, note), manifest, note=_why(note))
        more = max(0, len(read.problems) - _MOST_TOLD) + max(0, len(read.notes) - _MOST_TOLD)
        if more:
            yield Source(f"{name}, others", manifest, problem=f"There is something wrong with {more:,} more.")
        bare = 0
        for record in left:
            if record.abstract:
                yield Source(f"{name}#{record.key}", manifest, record=record)
            else:
                bare += 1
        if bare:
            told = f"{bare:,} of its records {'has' if bare == 1 else 'have'} neither a file here nor an abstract."
            yield Source(name, manifest, note=told)

    def _members(self, archive: Path, name: str, done: int, *, nested: bool) -> Iterator[tuple[int, Source]]:
        if nested:
            yield done, Source(name, archive, problem="It is an archive inside an archive; unpack it first.")
            return
        if self._scratch is not None:
            self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="gedanken-", dir=self._scratch) as scratch:
            folder = Path(scratch).resolve()
            try:
                if archive.stat().st_size == 0:
                    raise ReadingError("It is empty (0 bytes).")
                refused = unpack(archive, folder, self._limits)
            except (ReadingError, OSError) as error:
                yield done, Source(name, archive, problem=str(error))
                return
            for member, reason in refused:
                yield done, Source(f"{name}!/{member}", archive, problem=reason)
            files, ignored = find_files([folder])
            self.ignored += ignored
            shown = {file: f"{name}!/{file.relative_to(folder).as_posix()}" for file in files}
            yield from self._of(files, shown, done)
            if not files and not refused:
                yield done, Source(name, archive, problem="It holds no document that can be read.")

    def stated(self, source: Source, doi: str = "") -> Metadata | None:
        """What a bibliography says about a source, by its path, its name or a DOI."""
        return self.library.about_file(source.path) or self.library.about_doi(doi)

    def read(self, source: Source) -> Parsed:
        """Read a source.

        Raises:
            ReadingError: It cannot be read.
        """
        if source.record is not None:
            return source.record.parsed()
        with contextlib.ExitStack() as stack:
            path = source.path
            if self._ocr and path.suffix.lower() == ".pdf":
                path = stack.enter_context(recognised(path, self._limits, self._scratch))
            return read_document(path, self._limits)


def _at(name: str, problem: str) -> str:
    """A bibliography's name with the place that a problem of it begins with."""
    return f"{name}, {problem.partition(': ')[0]}"


def _why(problem: str) -> str:
    why = problem.partition(": ")[2]
    return why[:1].upper() + why[1:]


def _special(file: Path) -> bool:
    """Whether opening a file could wait for ever; one that is not there is told when it is opened."""
    return file.exists() and not file.is_file()


def digest(source: Source, stated: Metadata | None) -> str:
    """Identity of a source's content together with what a bibliography states about it.

    Raises:
        OSError: The file cannot be opened.
    """
    if source.record is not None:
        return hashlib.sha256(repr(source.record).encode()).hexdigest()
    with source.path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    return described(found, stated)


def described(content: str, stated: Metadata | None) -> str:
    """A content's hash joined with what is stated about it; the hash itself where nothing is."""
    return content if stated is None else hashlib.sha256(f"{content}\0{stated!r}".encode()).hexdigest()


def enriched(parsed: Parsed, stated: Metadata | None) -> Parsed:
    """A document with a bibliography's statements before its own."""
    if stated is None:
        return parsed
    own = parsed.metadata
    fields = {name: getattr(stated, name) or getattr(own, name) for name in vars(own)}
    return replace(parsed, metadata=Metadata(**fields))
