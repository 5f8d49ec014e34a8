"""What a goal about sequences brings along: sequences written out, files of them, and of what kind they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.reasoning.understanding.files import FoundFile, find_files
from agent.reasoning.understanding.sequences import RawSequence, find_sequences
from agent.reasoning.understanding.text import normalise


def sequences_in(answer: str) -> tuple[list[FoundFile], list[RawSequence]]:
    """The files and sequences that an answer names or writes out."""
    text = normalise(answer)
    files = list(find_files(text, ()))
    letters = re.sub(r"[\s\d]+", "", text).upper()
    sequences = list(find_sequences(text))
    if not files and not sequences and re.fullmatch(r"[A-Z*]{4,}", letters):
        kind = "dna" if re.fullmatch(r"[ACGTUN]+", letters) else "protein"
        sequences = [RawSequence(0, len(text), letters.rstrip("*"), kind)]
    return files, sequences


def says_circular(path: str) -> bool:
    """Whether a GenBank file calls its molecule circular, in its first line."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        first = file.readline(500)
    return first.startswith("LOCUS") and " circular " in f"{first} "


def several_records(path: str) -> bool:
    """Whether a FASTA file holds more than one sequence."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        return sum(line.startswith(">") for line in file) > 1


def kind_of_file(path: str) -> str:
    """Nucleotide or protein, by the letters of the first records."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        head = file.read(20_000)
    if not head.lstrip().startswith((">", ";")):
        return "dna"  # GenBank and EMBL files hold nucleotides
    letters = "".join(line for line in head.splitlines() if not line.startswith((">", ";"))).upper()
    bases = sum(letters.count(base) for base in "ACGTUN")
    return "dna" if not letters or bases >= 0.9 * len(letters.replace("-", "").replace(" ", "")) else "protein"


def letters_of(item: RawSequence) -> str:
    """The sequence as the tools take it: RNA in the letters of DNA."""
    return item.sequence.replace("U", "T") if item.kind == "rna" else item.sequence


def shortened(sequence: str) -> str:
    """A sequence as a message has room for it."""
    return sequence if len(sequence) <= 24 else f"{sequence[:21]}..."


def is_oligo(sequence: str, kind: str) -> bool:
    """Whether the nearest-neighbour model holds for a sequence."""
    return kind != "protein" and re.fullmatch(r"[ACGT]{8,60}", sequence) is not None


def picked(text: str, files: Sequence[FoundFile]) -> dict[str, list[tuple[int, str, int]]]:
    """Records of files with several that a goal names, by file: their places (from 0), the goal's word and where it is.

    A record is named where a part of its name (four letters or more) begins a word of the goal, or the other way round.
    """
    words = [(match[0], match.start()) for match in re.finditer(r"[A-Za-z][A-Za-z0-9]{2,}", text)]
    found: dict[str, list[tuple[int, str, int]]] = {}
    for file in files:
        with Path(file.path).open(encoding="utf-8", errors="replace") as lines:
            names = [match[1] for line in lines if (match := re.match(r">\s*(\S+)", line))]
        named = [
            (place, word, at)
            for place, name in enumerate(names)
            for word, at in [next(((word, at) for word, at in words if _names(word.lower(), name)), ("", -1))]
        ]
        named = [one for one in named if one[1]]
        if len(names) > 1 and named:
            found[file.path] = sorted(named, key=lambda one: one[2])
    return found


def nearest_behind(chosen: Mapping[str, list[tuple[int, str, int]]], spans: Sequence[tuple[int, int]]) -> int:
    """Which of the named records, counted in their order, stands nearest to what is wished, best behind it."""
    places = [at for named in chosen.values() for _, _, at in named]
    ends = [end for _, end in spans]
    if not places or not ends:
        return 0
    return min(
        range(len(places)), key=lambda n: min((0 if places[n] >= end else 20) + abs(places[n] - end) for end in ends)
    )


def _names(word: str, name: str) -> bool:
    parts = [part for part in re.split(r"[^a-z0-9]+", name.lower()) if len(part) > 3 or any(map(str.isdigit, part))]
    return word == name.lower() or any(
        word == part or (min(len(word), len(part)) > 3 and (word.startswith(part) or part.startswith(word)))
        for part in parts
    )


def vector_among(text: str, files: Sequence[FoundFile], sequences: Sequence[RawSequence]) -> str:
    """Which of several molecules is the vector: the circular one, else what something is put into; empty if open.

    Args:
        text: The goal.
        files: Those with sequences.
        sequences: Those written out.
    """
    if len(files) + len(sequences) < 2:
        return ""
    circles = [item.path for item in files if says_circular(item.path)]
    if len(circles) == 1:
        return circles[0]
    for item in files:
        if re.search(rf"\binto\s+(?:the\s+)?(?:\w+\s+)?{re.escape(Path(item.path).name)}", text, re.IGNORECASE):
            return item.path
    named = [item.path for item in files if re.match(r"p[A-Z]|vector|plasmid|backbone", Path(item.path).stem)]
    return named[0] if len(named) == 1 else ""


_ATTACHED = re.compile(r"\((?:is\s+)?attached[^)]*\)|\battached\b|\battachment\b|첨부", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"([A-Za-z0-9][\w.-]*|[가-힣]+)[\s:=(]*$")


def order_of(text: str, files: Sequence[FoundFile], sequences: Sequence[RawSequence]) -> list[list[Any]]:
    """The order in which a goal names molecules that are to be joined, and what it calls them.

    Args:
        text: The goal, in which the places of files and sequences count.
        files: An attached file that is not named stands where the goal says that it is attached.
        sequences: Those written out.

    Returns:
        Indices into files, then sequences, in the goal's order; and a name for each, or none where one has no name.
    """
    attached = iter(_ATTACHED.finditer(text))
    places: list[tuple[int, int, str]] = []
    for number, file in enumerate(files):
        stem = Path(file.path).stem
        match = next(attached, None) if file.span is None else None
        places.append((match.start() if match else file.span[0] if file.span else number, number, stem))
    for number, one in enumerate(sequences, start=len(files)):
        before = _NAME_BEFORE.search(text[: one.start])
        places.append((one.start, number, before[1] if before else ""))
    places.sort()
    names = [name for _, _, name in places]
    return [[number for _, number, _ in places], names if len(set(names)) == len(names) and all(names) else []]
