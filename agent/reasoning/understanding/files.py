"""Files that a goal names or brings along: structures, sequences, patterns, tables, documents."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.errors import InputError
from agent.reasoning.understanding.molecules import find_written_molecules
from agent.reasoning.understanding.text import Interval
from agent.records import Entity
from agent.tools.tables import SMILES_COLUMNS, first_rows

FileKind = Literal["structure", "sequence", "pattern", "table", "document", "molecules", "receptor"]

_SUFFIXES: dict[str, FileKind] = {
    ".cif": "structure", ".mcif": "structure", ".vasp": "structure", ".poscar": "structure", ".contcar": "structure",
    ".fasta": "sequence", ".fa": "sequence", ".fna": "sequence", ".faa": "sequence", ".ffn": "sequence",
    ".gb": "sequence", ".gbk": "sequence", ".genbank": "sequence", ".embl": "sequence",
    ".xy": "pattern", ".xye": "pattern", ".xrdml": "pattern", ".dat": "pattern",
    ".csv": "table", ".tsv": "table", ".xlsx": "table",
    ".pdb": "receptor", ".ent": "receptor", ".pdbqt": "receptor",
    ".sdf": "molecules", ".mol": "molecules", ".smi": "molecules",
    ".pdf": "document", ".docx": "document", ".md": "document", ".txt": "document", ".html": "document",
}  # fmt: skip
_BARE_NAMES: dict[str, FileKind] = {"POSCAR": "structure", "CONTCAR": "structure"}

_ENDINGS = "|".join(re.escape(suffix[1:]) for suffix in sorted(_SUFFIXES, key=len, reverse=True))
_QUOTED = re.compile(rf"[\"'`](?P<path>[^\"'`\n]*?(?:\.(?:{_ENDINGS})|POSCAR[\w.-]*|CONTCAR[\w.-]*))[\"'`]", re.I)
_PLAIN = re.compile(
    rf"(?<![^\s\"'`(,@])@?(?P<path>(?:[~.\w가-힣+%=@-]|/|\\)*[\w가-힣)-]\.(?:{_ENDINGS})"
    rf"|(?:[~.\w가-힣+-]*/)*(?:POSCAR|CONTCAR)(?:[._-]\w+)?)(?![A-Za-z0-9_/])",  # a Korean particle may follow
    re.IGNORECASE,
)
_FOLDER = re.compile(r"(?<![^\s\"'`(@])@?(?P<path>(?:~|\.{0,2})?/?(?:[\w.+-]+/)+)(?![\w])")
_PATTERN_WORDS = re.compile(r"diffract|xrd|pattern|회절", re.IGNORECASE)
# Prose that only names a file ("in POSCAR format", "write a CIF") names none.
_FORMAT = re.compile(r"\s*(?:format|files?\b|형식|포맷)", re.IGNORECASE)


@dataclass(frozen=True)
class FoundFile:
    """A file, what it holds, and where the goal names it (``None`` for an attachment)."""

    path: str
    kind: FileKind
    span: Interval | None

    def entity(self) -> Entity:
        """The file as an entity of the brief."""
        kind = "structure_file" if self.kind == "structure" else "file"
        return Entity(kind=kind, text=self.path, value=self.path, role="input")


def find_files(text: str, attachments: tuple[str, ...]) -> tuple[FoundFile, ...]:
    """Find the files of a goal.

    A folder stands for the structure and sequence files in it, sorted by name.

    Args:
        text: Normalised goal text.
        attachments: Paths that came with the goal.

    Returns:
        Existing files, those of the text first, none twice.

    Raises:
        InputError: A named file does not exist, or is a folder without readable files.
    """
    found: list[FoundFile] = []
    spans: list[Interval] = []
    for pattern in (_QUOTED, _PLAIN, _FOLDER):
        for match in pattern.finditer(text):
            span = match.span("path")
            if any(span[0] < end and start < span[1] for start, end in spans):
                continue
            path = _attached(match["path"], attachments)
            bare = Path(path).name == path and path.upper() in _BARE_NAMES
            if bare and not Path(path).exists() and any(_kind(Path(one), "") == "structure" for one in attachments):
                continue  # "the POSCAR is attached"
            folder = pattern is _FOLDER
            if (bare or folder) and not Path(path).expanduser().exists():
                if folder and path.count("/") < 2 and not path.startswith(("~", ".", "/")):
                    continue  # "and/or/": a slash in prose
                if bare and (_FORMAT.match(text, match.end()) or path != path.upper()):
                    continue
            spans.append(span)
            found += _existing(path, span, text)
    found.sort(key=lambda item: item.span or (0, 0))
    for path in attachments:
        found += _existing(path, None, text)
    kept: dict[Path, FoundFile] = {}
    for item in found:
        kept.setdefault(Path(item.path).expanduser().resolve(), item)
    return tuple(kept.values())


def _attached(path: str, attachments: tuple[str, ...]) -> str:
    """The attachment that a goal names by its file name alone; any other path as it is."""
    same = [item for item in attachments if Path(item).name == path]
    return same[0] if len(same) == 1 and not Path(path).exists() else path


def _existing(path: str, span: Interval | None, text: str) -> list[FoundFile]:
    place = Path(path).expanduser()
    try:
        if place.is_dir():
            inside = [item for item in sorted(place.iterdir()) if _kind(item, "") in ("structure", "sequence")]
            if not inside and any(_kind(item, "") == "document" for item in place.iterdir()):
                return [FoundFile(str(place), "document", span)]  # a folder of papers is read as a whole
            if not inside:
                raise InputError(
                    f"The folder '{path}' holds no structure, sequence or document that can be read.",
                    remedy="Name a folder with CIF, POSCAR or FASTA files, or with papers.",
                )
            return [FoundFile(str(item), _kind(item, text) or "document", span) for item in inside]
        exists = place.is_file()
    except OSError as error:
        raise InputError(
            f"The file '{path}' cannot be looked at: {error.strerror}.", remedy="Check the path."
        ) from error
    if not exists:
        raise InputError(
            f"The file '{path}' does not exist (looked in {place.parent.absolute()}).",
            remedy="Check the path, or start Gedanken in the folder that holds it.",
        )
    return [FoundFile(str(place), _kind(place, text) or "document", span)]


def _kind(path: Path, text: str) -> FileKind | None:
    """What a file holds, by its name; tables and text are patterns when the goal speaks of diffraction."""
    for name, kind in _BARE_NAMES.items():
        if path.name.upper().startswith(name):
            return kind
    kind = _SUFFIXES.get(path.suffix.lower())
    if (
        kind in ("table", "document")
        and path.suffix.lower() in (".csv", ".tsv", ".txt")
        and _PATTERN_WORDS.search(text)
    ):
        return "pattern"
    return "molecules" if path.suffix.lower() == ".txt" and _lists_structures(path) else kind


def _lists_structures(path: Path) -> bool:
    """Whether a text file holds SMILES, one a line, with or without a name behind each."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            lines = [line.split() for line in itertools.islice(stream, 20) if line.strip()]
    except OSError:
        return False
    written = [line for line in lines if len(line) <= 4 and find_written_molecules(f"SMILES: {line[0]}")]
    return bool(lines) and 2 * len(written) > len(lines)


def column_words(files: tuple[FoundFile, ...]) -> tuple[frozenset[str], ...]:
    """The words of each column of the tables that came with a goal, those of tables of molecules left out.

    A table of molecules is filtered by what is computed of them; any other brings quantities of its own.
    """
    headers = [rows[0] for item in files if item.kind == "table" and (rows := first_rows(item.path, 1))]
    return tuple(
        words
        for header in headers
        if not {name.strip().lower() for name in header} & set(SMILES_COLUMNS)
        for name in header
        if (words := frozenset(re.findall(r"[a-z]+|[가-힣]+", name.lower())))
    )
