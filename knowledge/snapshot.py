"""What a search reads: an immutable picture of the store, as arrays that are mapped into memory.

The writer derives a snapshot from the committed documents and publishes it by replacing one small file (``CURRENT``,
the generation counter). Readers never open the database: they map the arrays, need no lock, start in milliseconds, and
look at ``CURRENT`` before every search to see whether a newer generation is there. A snapshot can be thrown away at any
time and made again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.catalogue import as_document
from knowledge.errors import StoreError
from knowledge.lexical.bm25 import Postings, Room, TermCounts, count_terms, extend_postings
from knowledge.records import Document

if TYPE_CHECKING:
    import numpy as np

CURRENT = "CURRENT"
_LARGE = 64 * 1024 * 1024  # bytes from which an array is made in a file
_ROWS, _BYTES = 65_536, 64 * 1024 * 1024  # what is copied at once
_ARRAYS = (
    "vectors",
    "owner",
    "page",
    "start",
    "end",
    "text_offsets",
    "post_starts",
    "post_rows",
    "post_counts",
    "post_lengths",
)


class StoredPassage(NamedTuple):
    """A passage as the database holds it."""

    id: str
    text: str
    page: int | None
    start: int
    end: int
    vector: Sequence[float] | np.ndarray


@dataclass(frozen=True)
class Snapshot:
    """The searchable state of a store at one generation.

    Attributes:
        generation: Counts the published states of the store.
        version: The catalogue's version that it shows.
        documents: All documents.
        ids: Passage ids, one a row.
        vectors: Unit vectors, shape ``(passages, dimension)``, float32; zeros where the vector is still to be made.
        owner: Row of each passage's document. Shape ``(passages,)``, int32.
        page: Page numbers, -1 for none.
        start: First character in the page's text.
        end: One past the last character.
        text_offsets: Where each passage's UTF-8 bytes begin in ``texts``; one more entry than passages.
        texts: The passages' UTF-8 bytes, one after another.
        postings: The lexical index over the same rows.
    """

    generation: int
    version: int
    documents: tuple[Document, ...]
    ids: tuple[str, ...]
    vectors: np.ndarray
    owner: np.ndarray
    page: np.ndarray
    start: np.ndarray
    end: np.ndarray
    text_offsets: np.ndarray
    texts: np.ndarray
    postings: Postings

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.ids)

    def text(self, row: int) -> str:
        """The text of one passage."""
        return self.texts[int(self.text_offsets[row]) : int(self.text_offsets[row + 1])].tobytes().decode()

    @cached_property
    def waiting(self) -> np.ndarray:
        """Rows whose vectors are still to be made (all zeros), ascending."""
        import numpy as np

        if not self.vectors.shape[1]:  # a server holds them
            return np.zeros(0, dtype=np.int64)
        candidates = np.flatnonzero(np.asarray(self.vectors[:, 0]) == 0)
        return candidates[~np.asarray(self.vectors[candidates]).any(axis=1)]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Passage ids to rows."""
        return {passage: row for row, passage in enumerate(self.ids)}


def empty_snapshot(dimension: int) -> Snapshot:
    """The snapshot of a store without documents."""
    return build_snapshot(None, [], [], dimension=dimension, generation=0, version=0)


def build_snapshot(
    base: Snapshot | None,
    contents: Sequence[tuple[Document, Sequence[str]]],
    added: Iterable[StoredPassage],
    *,
    dimension: int,
    generation: int,
    version: int,
    scratch: Path | None = None,
) -> Snapshot:
    """Derive a snapshot from an earlier one; only what is new is tokenised and read.

    Args:
        base: The earlier snapshot, or ``None``.
        contents: Every document with the ids of its passages.
        added: The passages that ``base`` does not hold, and those that it shows without their vectors, in any order.
            They are looked at once, one after another, and not kept.
        dimension: Length of a vector; 0 to leave the vectors out, where a server holds them.
        generation: The new snapshot's.
        version: The catalogue's.
        scratch: A folder for arrays too large to be held in memory; by default all are.
    """
    import numpy as np

    room = _room(scratch)
    documents = tuple(document for document, _ in contents)
    owners = {passage: row for row, (_, passages) in enumerate(contents) for passage in passages}
    old_rows = base.rows if base is not None else {}
    kept_ids = [passage for passage in owners if passage in old_rows]
    kept = np.asarray([old_rows[passage] for passage in kept_ids], dtype=np.int64)
    unmoved = base is not None and len(kept) == len(base) and bool((kept == np.arange(len(base))).all())
    arriving = sum(passage not in old_rows for passage in owners)
    vectors = room((len(kept) + arriving, dimension), np.float32)
    if base is not None:
        for start in range(0, len(kept), _ROWS):
            part = slice(start, min(start + _ROWS, len(kept)))
            vectors[part] = base.vectors[part] if unmoved else base.vectors[kept[part]]
    place_of = dict(zip(kept_ids, range(len(kept_ids)), strict=True))
    ids, encoded = list(kept_ids), bytearray()
    sizes, pages, starts, ends = array("q"), array("i"), array("q"), array("q")

    def counted() -> Iterator[TermCounts]:
        """The terms of each new passage; what else is kept of it is put in its place on the way."""
        for passage in added:
            if passage.id in place_of:  # it was shown without its vector
                if dimension:
                    vectors[place_of[passage.id]] = passage.vector
                continue
            if dimension:
                vectors[len(ids)] = passage.vector
            ids.append(passage.id)
            text = passage.text.encode()
            encoded.extend(text)
            sizes.append(len(text))
            pages.append(passage.page or -1)
            starts.append(passage.start)
            ends.append(passage.end)
            yield count_terms(passage.text, documents[owners[passage.id]].title)

    postings = extend_postings(base.postings if base is not None else None, kept, counted(), room)
    vectors = vectors[: len(ids)]  # fewer than announced where the database lost some

    def joined(name: str, values: array[int], kind: type) -> np.ndarray:
        fresh = np.asarray(values, dtype=kind)
        return fresh if base is None else np.concatenate([np.asarray(getattr(base, name))[kept], fresh])

    old_sizes = np.diff(base.text_offsets)[kept] if base is not None else np.zeros(0, dtype=np.int64)
    offsets = np.concatenate([[0], np.cumsum(np.concatenate([old_sizes, np.asarray(sizes)]))]).astype(np.int64)
    texts = room((int(offsets[-1]),), np.uint8)
    if base is not None and unmoved:
        for start in range(0, len(base.texts), _BYTES):
            texts[start : start + _BYTES][: len(base.texts) - start] = base.texts[start : start + _BYTES]
    elif base is not None:
        for place, row in enumerate(kept):
            texts[offsets[place] : offsets[place + 1]] = base.texts[base.text_offsets[row] : base.text_offsets[row + 1]]
    texts[offsets[len(kept)] :] = np.frombuffer(encoded, dtype=np.uint8)
    return Snapshot(
        generation=generation,
        version=version,
        documents=documents,
        ids=tuple(ids),
        vectors=vectors,
        owner=np.asarray([owners[passage] for passage in ids], dtype=np.int32),
        page=joined("page", pages, np.int32),
        start=joined("start", starts, np.int64),
        end=joined("end", ends, np.int64),
        text_offsets=offsets,
        texts=texts,
        postings=postings,
    )


def _room(scratch: Path | None) -> Room:
    """Where new arrays go: large ones into nameless files on the store's disk, so that memory does not bound them."""
    import numpy as np

    def room(shape: tuple[int, ...], kind: Any) -> np.ndarray:
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        if scratch is None or size < _LARGE:
            return np.empty(shape, dtype=kind)
        with tempfile.TemporaryFile(dir=scratch) as file:
            return np.memmap(file, dtype=kind, mode="w+", shape=shape)

    return room


def current_generation(folder: Path) -> int:
    """The generation that readers see; 0 for a store in which nothing was published.

    Raises:
        StoreError: The counter cannot be read.
    """
    try:
        return int((folder / CURRENT).read_text())
    except FileNotFoundError:
        return 0
    except (OSError, ValueError) as error:
        raise StoreError(
            f"The store's generation counter {folder / CURRENT} cannot be read: {error}.",
            remedy="Ingest something: it is written anew.",
        ) from error


def publish(snapshot: Snapshot, folder: Path) -> None:
    """Write a snapshot to disk and make it the current one, in one step for every reader.

    Raises:
        StoreError: The disk is full or the folder cannot be written; the earlier snapshot stays current.
    """
    import numpy as np

    target = folder / "snapshots" / str(snapshot.generation)
    partial = target.with_name(f"{target.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
        partial.mkdir(parents=True)
        posts = snapshot.postings
        arrays = {
            **{name: getattr(snapshot, name) for name in _ARRAYS if not name.startswith("post_")},
            "post_starts": posts.starts, "post_rows": posts.rows, "post_counts": posts.counts,
            "post_lengths": posts.lengths, "texts": snapshot.texts,
        }  # fmt: skip
        for name, array in arrays.items():
            np.save(partial / f"{name}.npy", array)
        (partial / "terms.txt").write_text("\n".join(posts.terms), encoding="utf-8")
        (partial / "ids.txt").write_text("\n".join(snapshot.ids))
        head = {"version": snapshot.version, "documents": [asdict(document) for document in snapshot.documents]}
        (partial / "documents.json").write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")
        partial.rename(target)
        pointer = folder / f"{CURRENT}.partial"
        pointer.write_text(str(snapshot.generation))
        os.replace(pointer, folder / CURRENT)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise StoreError(
            f"The store {folder} cannot be written: {error.strerror or error}.",
            remedy="Free some space and ingest again.",
        ) from error
    for other in (folder / "snapshots").iterdir():  # readers that hold an old one keep its mapped files
        if other != target:
            shutil.rmtree(other, ignore_errors=True)


def load_snapshot(folder: Path, *, dimension: int) -> Snapshot:
    """Map the current snapshot of a store.

    Raises:
        StoreError: It is damaged or cannot be read.
    """
    for _ in range(5):
        generation = current_generation(folder)
        if generation == 0:
            return empty_snapshot(dimension)
        with contextlib.suppress(FileNotFoundError):  # a writer published while we were opening: look again
            return _load(folder / "snapshots" / str(generation), generation)
    raise StoreError(
        f"The store {folder} has lost its snapshot {current_generation(folder)}.",
        remedy="Ingest something: it is made anew.",
    )


def _array(path: Path) -> np.ndarray:
    import numpy as np

    try:
        return np.load(path, mmap_mode="r")
    except ValueError:  # an array without elements cannot be mapped
        return np.load(path)


def _load(path: Path, generation: int) -> Snapshot:
    try:
        head = json.loads((path / "documents.json").read_text(encoding="utf-8"))
        ids = tuple((path / "ids.txt").read_text().split())
        mapped = {name: _array(path / f"{name}.npy") for name in (*_ARRAYS, "texts")}
        terms = (path / "terms.txt").read_text(encoding="utf-8").split("\n")
        posts = {name.removeprefix("post_"): mapped.pop(name) for name in _ARRAYS if name.startswith("post_")}
        return Snapshot(
            generation=generation,
            version=head["version"],
            documents=tuple(as_document(document) for document in head["documents"]),
            ids=ids,
            postings=Postings(terms={term: i for i, term in enumerate(terms) if term}, **posts),
            **mapped,
        )
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"The store's snapshot {path} is damaged: {error}.", remedy="Ingest something: it is made anew."
        ) from error
