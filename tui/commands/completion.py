"""What the composer offers while one types: slash commands, their arguments, and paths behind an ``@``."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from tui.commands.table import COMMANDS

LIMIT = 50
"""How many offers are shown at most."""
_AT = re.compile(r"(?:^|(?<=\s))@(\S*)$")
_PATHS = ("ingest",)


@dataclass(frozen=True)
class Offer:
    """One completion.

    Attributes:
        text: What is inserted.
        start: Where in the line before the cursor the insertion begins.
        note: What it is.
    """

    text: str
    start: int
    note: str = ""


def offers(
    before: str, *, tools: tuple[str, ...] = (), runs: tuple[str, ...] = (), base: Path | None = None
) -> list[Offer]:
    """What fits behind the text before the cursor.

    Args:
        before: The line from its beginning to the cursor.
        tools: Names of the tools, for ``/tool``.
        runs: Ids of the runs, for commands that take one.
        base: The folder that relative paths begin in (default: the working folder).
    """
    if at := _AT.search(before):
        return paths(at[1], at.start(1), base)
    if re.fullmatch(r"/\w*", before):
        word = before[1:].lower()
        return [Offer(f"/{one.name} ", 0, one.summary) for one in COMMANDS if one.name.startswith(word)]
    if behind := re.match(r"/(\w+)\s+(?:.*\s)?(\S*)$", before):
        name, word, start = behind[1], behind[2], behind.start(2)
        if name in _PATHS:
            return paths(word, start, base)
        if name == "tool" and before.count(" ") == 1:
            return [Offer(f"{tool} ", start) for tool in tools if tool.startswith(word)][:LIMIT]
        if name == "confirm":
            return [Offer(one, start) for one in ("all", "costly", "none") if one.startswith(word)]
        if name == "campaign" and before.count(" ") == 1:
            return [Offer(f"{one} ", start) for one in ("new", "next", "tell", "report") if one.startswith(word)]
        if name in ("open", "resume", "compare"):
            return [Offer(run, start) for run in runs if word in run][:LIMIT]
        if name == "theme":
            return [Offer(theme, start) for theme in ("dark", "light") if theme.startswith(word)]
    return []


def paths(word: str, start: int, base: Path | None = None) -> list[Offer]:
    """The files and folders that a half-typed path may become; a folder that cannot be read has none."""
    folder, _, beginning = word.rpartition("/")
    folder = f"{folder}/" if "/" in word else ""
    place = Path(os.path.expanduser(folder)) if folder else Path()
    place = (base or Path()) / place
    found = []
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                hidden = entry.name.startswith(".") and not beginning.startswith(".")
                if hidden or not entry.name.startswith(beginning) or any(c.isspace() for c in entry.name):
                    continue
                found.append(f"{folder}{entry.name}{'/' if entry.is_dir() else ''}")
                if len(found) >= 2000:
                    break
    except OSError:
        return []
    return [Offer(path, start) for path in sorted(found, key=lambda one: (not one.endswith("/"), one))[:LIMIT]]


def attachments(text: str) -> tuple[str, tuple[str, ...]]:
    """Take the ``@path`` words out of a goal that name files.

    Returns:
        The goal with plain paths in their place, and the files.
    """
    found: list[str] = []

    def plain(match: re.Match[str]) -> str:
        path = match[1].rstrip(".,;")
        if path and Path(os.path.expanduser(path)).is_file():
            found.append(os.path.expanduser(path))
            return match[1]
        return match[0]

    return re.sub(r"(?<!\S)@(\S+)", plain, text), tuple(found)
