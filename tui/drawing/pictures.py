"""A picture over the whole terminal: the app steps aside, the picture is shown as well as can be, a key comes back."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

_QUERY = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c"
"""Asks for kitty graphics, for the size of a cell in pixels, and last for what every terminal answers."""
_CELL = re.compile(r"\x1b\[6;(\d+);(\d+)t")
_ATTRIBUTES = re.compile(r"\x1b\[\?([\d;]+)c")
WAIT = 0.6
"""Seconds that a terminal may take to answer."""


class Ability:
    """What a terminal can show.

    Args:
        answer: What it said to the query.
    """

    def __init__(self, answer: str) -> None:
        cell = _CELL.search(answer)
        attributes = _ATTRIBUTES.search(answer)
        self.cell = (int(cell[2]), int(cell[1])) if cell else (10, 20)
        self.kitty = "\x1b_Gi=31;OK" in answer
        self.sixel = attributes is not None and "4" in attributes[1].split(";")[1:]

    @property
    def way(self) -> str:
        """The best of ``kitty``, ``sixel`` and ``cells``."""
        return "kitty" if self.kitty else "sixel" if self.sixel else "cells"


def show_picture(path: Path, title: str, *, read: Callable[[float], str] | None = None) -> str:
    """Show a picture until a key is pressed; the caller has put the app aside.

    Args:
        path: An SVG or PNG.
        title: Stands in the last line.
        read: Reads what the terminal sends within so many seconds (for tests).

    Returns:
        The way it was shown: ``kitty``, ``sixel`` or ``cells``.

    Raises:
        EngineMissing: Nothing here turns an SVG into pixels.
        StorageError: It cannot be read.
    """
    from tui.drawing import raster

    out = sys.__stdout__
    assert out is not None
    with _raw() as keys:
        listen = read or keys
        out.write("\x1b[2J\x1b[H\x1b[?25l" + _QUERY)
        out.flush()
        ability = Ability(_answer(listen))
        size = os.get_terminal_size(out.fileno())
        columns, rows = size.columns, max(2, size.lines - 2)
        if ability.way == "cells":
            truecolor = os.environ.get("COLORTERM", "") in ("truecolor", "24bit")
            shown = raster.half_blocks(raster.pixels(path, columns, 2 * rows), truecolor=truecolor)
        else:
            width, height = ability.cell
            picture = raster.pixels(path, min(1600, columns * width), min(1200, rows * height))
            shown = raster.kitty(picture) if ability.way == "kitty" else raster.sixel(picture)
        out.write(f"{shown}\x1b[{size.lines};1H\x1b[0m{title[: columns - 24]}   any key comes back")
        out.flush()
        while not listen(3600.0):
            pass
        out.write("\x1b_Ga=d,q=2\x1b\\" if ability.way == "kitty" else "")
        out.write("\x1b[2J\x1b[?25h")
        out.flush()
    return ability.way


def _answer(listen: Callable[[float], str]) -> str:
    """Everything that the terminal says until it has told its attributes."""
    said, end = "", time.monotonic() + WAIT
    while not _ATTRIBUTES.search(said) and (left := end - time.monotonic()) > 0:
        said += listen(left)
    return said


class _raw:
    """The terminal without echo and line editing; gives a function that reads what comes within some seconds."""

    def __enter__(self) -> Callable[[float], str]:
        import termios
        import tty

        self._fd = sys.stdin.fileno() if sys.stdin.isatty() else -1
        if self._fd >= 0:
            self._before = termios.tcgetattr(self._fd)
            tty.setcbreak(self._fd)
        return self._read

    def _read(self, seconds: float) -> str:
        if self._fd < 0:
            return "q"
        ready, _, _ = select.select([self._fd], [], [], seconds)
        return os.read(self._fd, 4096).decode(errors="replace") if ready else ""

    def __exit__(self, *_: object) -> None:
        import termios

        if self._fd >= 0:
            termios.tcsetattr(self._fd, termios.TCSANOW, self._before)
