"""Reading sequence files: FASTA, GenBank, or plain letters, with errors that name the line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from agent.errors import RepairableToolError
from agent.tools.sequences.text import SequenceType, detect

MAX_BYTES = 20_000_000
"""Largest file that is read."""

_LABELS = ("gene", "label", "product", "note")
_ALLOWED = re.compile(r"[A-Za-z*\-.]+")


@dataclass(frozen=True)
class Sequence:
    """One sequence of a file.

    Attributes:
        name: Its identifier.
        description: The rest of its header.
        letters: The sequence in upper case, without gaps.
        type: DNA, RNA or protein.
        circular: Whether the file says so (GenBank).
        features: Annotated features: type, start and end (from 1), strand, label.
    """

    name: str
    description: str
    letters: str
    type: SequenceType
    circular: bool = False
    features: tuple[dict[str, Any], ...] = field(default=())


def read_file(path: str) -> tuple[Sequence, ...]:
    """The sequences of a file; the format is recognised by content, not by the file's name.

    Args:
        path: A FASTA, GenBank or plain text file.

    Raises:
        RepairableToolError: The file cannot be read, is empty, too large, or no sequence file; the line is named.
    """
    file = Path(path).expanduser()
    try:
        if file.stat().st_size > MAX_BYTES:
            raise RepairableToolError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB.", remedy="Split the file.")
        content = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RepairableToolError(f"{path} cannot be read: {error.strerror}.", remedy="Check the path.") from error
    except UnicodeDecodeError as error:
        raise RepairableToolError(
            f"{path} is not a text file (byte {error.start}).", remedy="Give FASTA, GenBank or plain text."
        ) from error
    return parse(content, path)


def parse(content: str, origin: str = "the text") -> tuple[Sequence, ...]:
    """The sequences of a file's content.

    Args:
        content: FASTA, GenBank or plain letters.
        origin: What to call it in errors.

    Raises:
        RepairableToolError: There is no sequence in it, or a line that is none.
    """
    start = content.lstrip()
    if not start:
        raise RepairableToolError(f"{origin} is empty.", remedy="Give FASTA, GenBank or plain text.")
    if start.startswith("LOCUS"):
        return _genbank(start, origin)
    if start.startswith((">", ";")):
        return _fasta(content, origin)
    return _plain(content, origin)


def _fasta(content: str, origin: str) -> tuple[Sequence, ...]:
    records: list[tuple[str, str, int, list[str]]] = []
    for number, line in enumerate(content.splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith(";"):
            continue
        if text.startswith(">"):
            name, _, description = text[1:].strip().partition(" ")
            records.append((name or f"sequence {len(records) + 1}", description.strip(), number, []))
        elif records:
            records[-1][3].append(_letters(text, number, origin))
        else:
            raise RepairableToolError(
                f"{origin}, line {number}: letters stand before the first '>' header.", remedy="Add a header line."
            )
    made = []
    for name, description, number, lines in records:
        letters = "".join(lines).replace("-", "").replace(".", "").upper()
        if not letters:
            raise RepairableToolError(
                f"{origin}, line {number}: the record '{name}' has a header but no sequence.",
                remedy="Add its letters or take the header away.",
            )
        made.append(Sequence(name, description, letters, detect(letters.rstrip("*"))))
    return tuple(made)


def _plain(content: str, origin: str) -> tuple[Sequence, ...]:
    lines = []
    for number, line in enumerate(content.splitlines(), start=1):
        # Position numbers and blocks of ten, as databases print them.
        text = re.sub(r"[\d\s]+", "", line)
        if text:
            lines.append(_letters(text, number, origin))
    letters = "".join(lines).replace("-", "").replace(".", "").upper()
    if not letters:
        raise RepairableToolError(f"{origin} holds no letters.", remedy="Give FASTA, GenBank or plain text.")
    return (Sequence(Path(origin).stem or "sequence", "", letters, detect(letters.rstrip("*"))),)


def _letters(text: str, number: int, origin: str) -> str:
    text = re.sub(r"\s+", "", text)
    if not _ALLOWED.fullmatch(text):
        wrong = next(c for c in text if not _ALLOWED.fullmatch(c))
        raise RepairableToolError(
            f"{origin}, line {number}: '{wrong}' is not part of a sequence.",
            remedy="Give FASTA (a '>' header, then letters), GenBank, or letters alone.",
        )
    return text


def _genbank(content: str, origin: str) -> tuple[Sequence, ...]:
    import warnings

    from Bio import BiopythonParserWarning, SeqIO

    try:
        with warnings.catch_warnings():
            # Biopython warns of malformed headers that it still reads; the sequence is what matters here.
            warnings.simplefilter("ignore", BiopythonParserWarning)
            records = list(SeqIO.parse(StringIO(content), "genbank"))
        made = tuple(_from_genbank(record) for record in records)
    except (ValueError, AssertionError, IndexError, KeyError) as error:
        line = _line_of(content, str(error))
        raise RepairableToolError(
            f"{origin} starts like GenBank but cannot be read{line}: {error}.", remedy="Check the file or export FASTA."
        ) from error
    if not made or not all(sequence.letters for sequence in made):
        raise RepairableToolError(
            f"{origin} is a GenBank file without a sequence (no ORIGIN section).", remedy="Export it with its sequence."
        )
    return made


def _line_of(content: str, message: str) -> str:
    quoted = re.search(r"['\"](.{8,})['\"]", message)
    if quoted:
        for number, line in enumerate(content.splitlines(), start=1):
            if quoted[1].strip()[:40] in line:
                return f" (line {number})"
    return ""


def _from_genbank(record: Any) -> Sequence:
    from Bio.Seq import UndefinedSequenceError

    try:
        letters = str(record.seq).upper()
    except UndefinedSequenceError:
        letters = ""
    features = tuple(
        {
            "type": feature.type,
            "start": int(feature.location.start) + 1,
            "end": int(feature.location.end),
            "strand": feature.location.strand or 0,
            "label": next(
                (
                    feature.qualifiers[key][0]
                    for key in ("gene", "label", "product", "note")
                    if key in feature.qualifiers
                ),
                feature.type,
            ),
        }
        for feature in record.features
        if feature.location is not None and feature.type != "source"
    )
    circular = record.annotations.get("topology") == "circular"
    kind = "protein" if record.annotations.get("molecule_type") == "protein" else detect(letters)
    return Sequence(record.id or record.name, record.description, letters, kind, circular, features)
