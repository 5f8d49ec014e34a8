"""The records of the knowledge store: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["added", "unchanged", "replaced", "failed"]


@dataclass(frozen=True)
class Page:
    """The text of one page. ``number`` counts from 1; ``None`` where the format has no pages."""

    text: str
    number: int | None = None


@dataclass(frozen=True)
class Metadata:
    """What a document says about itself; empty where it says nothing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    doi: str = ""
    venue: str = ""
    """The journal, book or conference."""
    url: str = ""
    """Where the record was fetched, or can be found."""
    retrieved: str = ""
    """When it was fetched (ISO 8601, UTC); empty for a file of the lab."""
    licence: str = ""
    """The terms that its source states."""


@dataclass(frozen=True)
class Parsed:
    """A document as read: its pages and what it says about itself."""

    pages: tuple[Page, ...]
    metadata: Metadata = Metadata()
    format: str = "text"
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A piece of a page. Offsets are characters in the page's text; ``index`` is its place in the document."""

    id: str
    text: str
    page: int | None
    start: int
    end: int
    index: int


@dataclass(frozen=True)
class Document:
    """A document of the store.

    Attributes:
        name: Its identity: the absolute path of the file, or the name that it was added under.
        sha256: Hash of the content that it was made from.
        title: Its title, or the file's name.
        authors: As the document states them.
        year: Of publication, where found.
        doi: Where found.
        format: ``pdf``, ``text``, ``markdown``, ``html``, ``docx`` and the others of `knowledge.reading`.
        pages: How many pages were read.
        passages: How many passages it was cut into.
        venue: The journal, book or conference, where stated.
        url: Where it was fetched, or can be found.
        retrieved: When it was fetched (ISO 8601, UTC).
        licence: The terms that its source states.
    """

    name: str
    sha256: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    doi: str = ""
    format: str = "text"
    pages: int = 1
    passages: int = 0
    venue: str = ""
    url: str = ""
    retrieved: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Hit:
    """A passage that answers a query.

    Attributes:
        document: Name of the document.
        title: Its title.
        page: Page number from 1, or ``None``.
        start: First character of the passage in the page's text.
        end: One past its last character.
        score: Fused relevance in [0, 1]; comparable within one search.
        text: The passage.
        passage: Its id.
        sentence: The sentence of the passage nearest to the query.
        sentence_start: Where that sentence begins, in the page's text.
    """

    document: str
    title: str
    page: int | None
    start: int
    end: int
    score: float
    text: str
    passage: str
    sentence: str = ""
    sentence_start: int = 0


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file. ``reason`` says why it failed, or what to know about it."""

    path: str
    outcome: Outcome
    reason: str = ""
    passages: int = 0


@dataclass(frozen=True)
class IngestReport:
    """What an ingestion did, file by file."""

    files: tuple[FileOutcome, ...]
    seconds: float = 0.0
    embedded: int = 0
    """Passages that went through the embedding engine; unchanged ones do not."""
    ignored: int = 0
    """Files in the folders that were left out because of their extension."""

    def count(self, outcome: Outcome) -> int:
        """How many files ended this way."""
        return sum(file.outcome == outcome for file in self.files)


@dataclass(frozen=True)
class StoreStats:
    """The size of a store and what made it."""

    path: str
    documents: int
    passages: int
    engine: str
    dimension: int
    generation: int
    bytes_on_disk: int
    formats: dict[str, int] = field(default_factory=dict)
