"""Bundles: a whole store as one file that can be carried into a closed network.

A bundle is a plain tar file, readable without this package::

    bundle.json                format, embedding engine, dimension, counts
    documents.jsonl.gz         one document a line
    passages-00001.jsonl.gz    one passage a line: document number, id, page, start, end, text
    vectors-00001.npy          their vectors, in the same order (zeros where a vector was still to be made)
    ...
    checksums.json             SHA-256 and size of every part; last, so that a cut file is noticed

The same store gives the same bytes. All is verified before anything is imported; importing twice changes nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.catalogue import Entry, as_document
from knowledge.errors import BundleError
from knowledge.passages import passage_id
from knowledge.records import Document, FileOutcome, IngestReport, Passage
from knowledge.store import Store, Writer

if TYPE_CHECKING:
    import numpy as np

    from knowledge.snapshot import Snapshot

FORMAT = 1
"""Version of the layout; a newer one is refused."""
_ROWS = 20_000  # passages of one part
_LARGEST_PART = 2_000_000_000  # bytes, unpacked
_HEAD, _DOCUMENTS, _SUMS = "bundle.json", "documents.jsonl.gz", "checksums.json"
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class BundleInfo:
    """What a bundle holds.

    Attributes:
        format: Version of its layout.
        engine: The embedding engine that made its vectors.
        dimension: Length of a vector.
        documents: How many documents.
        passages: How many passages.
    """

    format: int
    engine: str
    dimension: int
    documents: int
    passages: int


def export_store(store: Store, path: Path | str, on_progress: Progress | None = None) -> BundleInfo:
    """Write what a store holds to one file; the file appears when it is whole.

    Args:
        store: An open store.
        path: The file; an existing one is replaced.
        on_progress: Called with the share that is done and a message.

    Raises:
        BundleError: The store is empty, or the file cannot be written.
    """
    import numpy as np

    report = on_progress or (lambda fraction, message: None)
    snapshot = store.snapshot
    if not len(snapshot):
        raise BundleError(f"The store {store.path} holds no documents.", remedy="Ingest some first.")
    info = BundleInfo(FORMAT, store.embedder.name, store.embedder.dimension, len(snapshot.documents), len(snapshot))
    target = Path(path).expanduser()
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    order = np.lexsort((np.asarray(snapshot.start), np.asarray(snapshot.page), np.asarray(snapshot.owner)))
    try:
        with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
            sums: dict[str, dict[str, Any]] = {}
            _put(tar, sums, _HEAD, json.dumps(asdict(info), indent=1).encode())
            _put(tar, sums, _DOCUMENTS, _packed(json.dumps(asdict(d), ensure_ascii=False) for d in snapshot.documents))
            for part, start in enumerate(range(0, len(order), _ROWS), 1):
                rows = order[start : start + _ROWS]
                _put(tar, sums, f"passages-{part:05}.jsonl.gz", _packed(_lines(snapshot, rows.tolist())))
                vectors = io.BytesIO()
                np.save(vectors, np.asarray(snapshot.vectors[rows], dtype=np.float32))
                _put(tar, sums, f"vectors-{part:05}.npy", vectors.getvalue())
                report((start + len(rows)) / len(order), f"{start + len(rows):,} of {len(order):,} passages written")
            _put(tar, {}, _SUMS, json.dumps(sums, indent=1).encode())
        os.replace(partial, target)
    except OSError as error:
        raise BundleError(f"The bundle {target} cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return info


def _put(tar: tarfile.TarFile, sums: dict[str, dict[str, Any]], name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o644
    tar.addfile(member, io.BytesIO(content))
    sums[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _packed(lines: Iterator[str]) -> bytes:
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), compresslevel=6, mtime=0)


def _lines(snapshot: Snapshot, rows: list[int]) -> Iterator[str]:
    for row in rows:
        page = int(snapshot.page[row])
        place = (page if page > 0 else None, int(snapshot.start[row]), int(snapshot.end[row]))
        values = (int(snapshot.owner[row]), snapshot.ids[row], *place, snapshot.text(row))
        yield json.dumps(values, ensure_ascii=False)


def bundle_info(path: Path | str) -> BundleInfo:
    """Verify a bundle and say what it holds.

    Raises:
        BundleError: It is truncated or altered (the message names the part), or newer than this version.
    """
    with _opened(Path(path).expanduser()) as tar:
        return _verified(tar, Path(path).name)


def _opened(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, "r:")
    except tarfile.ReadError as error:
        raise BundleError(f"{path} is no bundle of knowledge, or its beginning is damaged: {error}.") from error
    except OSError as error:
        raise BundleError(f"The bundle {path} cannot be opened: {error.strerror or error}.") from error


def _verified(tar: tarfile.TarFile, name: str) -> BundleInfo:
    """Read every part once and compare it with its checksum.

    Raises:
        BundleError: A part is missing, cut, altered, or does not belong here.
    """
    found: dict[str, tuple[str, int]] = {}
    sums: dict[str, dict[str, Any]] | None = None
    last = "its beginning"
    again = "Copy it again from its source."
    try:
        for member in tar:
            if not member.isreg() or member.name in found:
                raise BundleError(f"The bundle {name} holds '{member.name}', which is no part of a bundle.")
            last = f"the part '{member.name}'"
            content = tar.extractfile(member)
            assert content is not None  # it is a regular file
            if member.name == _SUMS:
                sums = json.loads(content.read(_LARGEST_PART))
                continue
            hashed, size = hashlib.sha256(), 0
            while piece := content.read(1 << 20):
                hashed.update(piece)
                size += len(piece)
            found[member.name] = (hashed.hexdigest(), size)
    except (tarfile.TarError, OSError, EOFError, ValueError, UnicodeDecodeError) as error:
        raise BundleError(f"The bundle {name} is truncated or altered at {last}: {error}.", remedy=again) from error
    if not isinstance(sums, dict):
        raise BundleError(f"The bundle {name} is truncated: it ends after {last}.", remedy=again)
    for part, stated in sums.items():
        if part not in found:
            raise BundleError(f"The bundle {name} lacks the part '{part}'.", remedy=again)
        if found[part] != (stated.get("sha256"), stated.get("bytes")):
            raise BundleError(f"The part '{part}' of the bundle {name} was altered or damaged.", remedy=again)
    if extra := sorted(set(found) - set(sums)):
        raise BundleError(f"The bundle {name} holds '{extra[0]}', which its checksums do not list.", remedy=again)
    try:
        head = json.loads(_part(tar, _HEAD))
        version = int(head["format"])
        if version > FORMAT:
            raise BundleError(
                f"The bundle {name} has format {version}; this version knows {FORMAT}.", remedy="Update Gedanken."
            )
        info = BundleInfo(**head)
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"The bundle {name} does not say what made it: {error}.") from error
    parts = range(1, -(-info.passages // _ROWS) + 1)
    expected = {
        _HEAD,
        _DOCUMENTS,
        *(f"passages-{n:05}.jsonl.gz" for n in parts),
        *(f"vectors-{n:05}.npy" for n in parts),
    }
    if set(found) != expected:
        odd = sorted(set(found) ^ expected)
        raise BundleError(f"The bundle {name} does not have the parts that it states: '{odd[0]}'.", remedy=again)
    return info


def _part(tar: tarfile.TarFile, name: str) -> bytes:
    content = tar.extractfile(name)
    assert content is not None  # verified before
    return content.read()


def import_bundle(path: Path | str, store: Store, on_progress: Progress | None = None) -> IngestReport:
    """Add what a bundle holds to a store. Documents of the same name are replaced by those of the bundle.

    Killed at any point, the import is completed by running it again.

    Args:
        path: The bundle.
        store: An open, writable store, made by the same embedding engine.
        on_progress: Called with the share that is done and a message.

    Returns:
        What became of each document: ``added``, ``replaced`` or ``unchanged``.

    Raises:
        BundleError: The bundle is truncated, altered, newer, or its vectors were made by another engine.
        StoreLocked: Another process is writing and did not finish in time.
    """
    started = time.perf_counter()
    report = on_progress or (lambda fraction, message: None)
    name = Path(path).name
    with _opened(Path(path).expanduser()) as tar:
        info = _verified(tar, name)
        if (info.engine, info.dimension) != (store.embedder.name, store.embedder.dimension):
            raise BundleError(
                f"The bundle {name} was made with the embedding engine '{info.engine}' ({info.dimension} dimensions),"
                f" the store {store.path} with '{store.embedder.name}' ({store.embedder.dimension}).",
                remedy="Vectors of different engines never meet: import it into a new store of that engine.",
            )
        documents = _documents(tar, name, info)
        with store.writing(on_wait=lambda message: report(0.0, message)) as writer:
            merge = _Merge(writer, name, documents)
            done = 0
            for part in range(1, -(-info.passages // _ROWS) + 1):
                for owner, passage, vector in _passages(tar, name, part, documents, info):
                    merge.take(owner, passage, vector)
                    done += 1
                merge.flush()
                report(done / info.passages, f"{done:,} of {info.passages:,} passages imported")
            merge.finish()
    return IngestReport(tuple(merge.outcomes), time.perf_counter() - started)


def _unpacked(tar: tarfile.TarFile, name: str, part: str) -> Iterator[Any]:
    """The JSON lines of a packed part."""
    try:
        with gzip.open(io.BytesIO(_part(tar, part))) as lines:
            size = 0
            for line in lines:
                size += len(line)
                if size > _LARGEST_PART:
                    raise BundleError(f"The part '{part}' of the bundle {name} unpacks to too much.")
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise BundleError(f"The part '{part}' of the bundle {name} cannot be read: {error}.") from error


def _documents(tar: tarfile.TarFile, name: str, info: BundleInfo) -> list[Document]:
    try:
        documents = [as_document(plain) for plain in _unpacked(tar, name, _DOCUMENTS)]
    except (TypeError, KeyError) as error:
        raise BundleError(f"The part '{_DOCUMENTS}' of the bundle {name} has an odd document: {error}.") from error
    if len(documents) != info.documents:
        raise BundleError(f"The bundle {name} states {info.documents} documents and holds {len(documents)}.")
    return documents


def _passages(
    tar: tarfile.TarFile, name: str, part: int, documents: list[Document], info: BundleInfo
) -> Iterator[tuple[int, Passage, np.ndarray]]:
    """The passages of one part with their vectors, each checked."""
    import numpy as np

    texts, arrays = f"passages-{part:05}.jsonl.gz", f"vectors-{part:05}.npy"
    try:
        vectors = np.load(io.BytesIO(_part(tar, arrays)), allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise BundleError(f"The part '{arrays}' of the bundle {name} cannot be read: {error}.") from error
    lines = list(_unpacked(tar, name, texts))
    if vectors.shape != (len(lines), info.dimension) or vectors.dtype != np.float32:
        raise BundleError(f"The part '{arrays}' of the bundle {name} does not fit '{texts}'.")
    norms = np.linalg.norm(vectors, axis=1)
    if not bool((np.isclose(norms, 1, atol=1e-3) | (norms == 0)).all()):
        raise BundleError(f"The part '{arrays}' of the bundle {name} holds vectors that are not of unit length.")
    for line, vector in zip(lines, vectors, strict=True):
        try:
            owner, key, page, start, end, text = line
            document = documents[owner]
            expected = passage_id(f"{document.name}\0{document.title}", page, start, text)
        except (TypeError, ValueError, IndexError) as error:
            raise BundleError(f"The part '{texts}' of the bundle {name} has an odd passage: {error}.") from error
        if key != expected or end - start != len(text):
            raise BundleError(f"The part '{texts}' of the bundle {name} has a passage whose id does not fit its text.")
        yield owner, Passage(key, text, page, start, end, 0), vector


class _Merge:
    """Documents on their way from a bundle into a store; each is committed when its passages are there."""

    def __init__(self, writer: Writer, name: str, documents: list[Document]) -> None:
        self._writer = writer
        self._name = name
        self._documents = documents
        self._open: dict[int, list[tuple[Passage, np.ndarray]]] = {}
        self._closed: list[int] = []
        self.outcomes: list[FileOutcome] = []

    def take(self, owner: int, passage: Passage, vector: np.ndarray) -> None:
        """Take one passage in; passages of a document come one after another."""
        held = self._open.setdefault(owner, [])
        held.append((Passage(passage.id, passage.text, passage.page, passage.start, passage.end, len(held)), vector))
        if len(held) == self._documents[owner].passages:
            self._closed.append(owner)

    def flush(self) -> None:
        """Write the documents that are complete."""
        import numpy as np

        entries: list[Entry] = []
        ready: list[tuple[Passage, np.ndarray]] = []
        waiting: list[tuple[str, Passage]] = []
        for owner in self._closed:
            document, held = self._documents[owner], self._open.pop(owner)
            earlier = self._writer.catalogue.get(document.name)
            twin = self._writer.catalogue.with_content(document.sha256)
            if earlier is None and twin is not None:
                reason = f"It has the same content as {twin.document.name}."
                self.outcomes.append(FileOutcome(document.name, "unchanged", reason))
                continue
            ids = tuple(passage.id for passage, _ in held)
            if earlier is not None and (earlier.document, earlier.passages) == (document, ids):
                self.outcomes.append(FileOutcome(document.name, "unchanged", passages=len(ids)))
                continue
            entries.append(Entry(document, ids))
            ready.extend((passage, vector) for passage, vector in held if vector.any())
            waiting.extend((document.title, passage) for passage, vector in held if not vector.any())
            self.outcomes.append(FileOutcome(document.name, "replaced" if earlier else "added", passages=len(ids)))
        self._closed.clear()
        if ready:
            self._writer.add_passages([passage for passage, _ in ready], np.stack([vector for _, vector in ready]))
        if entries:
            held_now = self._writer.held([passage.id for _, passage in waiting]) if waiting else set()
            self._writer.commit(entries, [piece for piece in waiting if piece[1].id not in held_now])

    def finish(self) -> None:
        """Check that nothing is left over.

        Raises:
            BundleError: A document lacks passages.
        """
        if self._open:
            document = self._documents[next(iter(self._open))]
            raise BundleError(f"The bundle {self._name} lacks passages of the document {document.name}.")
