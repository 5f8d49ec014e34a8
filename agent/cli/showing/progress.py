"""How far long work is: a bar on a terminal, a line now and then elsewhere, nothing for programs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

Progress = Callable[[float, str], None]
"""Takes a fraction from 0 to 1 and a message."""


@contextlib.contextmanager
def progress_bar(as_json: bool) -> Iterator[Progress]:
    """A progress bar on a terminal; elsewhere a line now and then on the error stream."""
    if as_json:
        yield lambda fraction, message: None
        return
    if not sys.stderr.isatty():
        last = -1

        def plain(fraction: float, message: str) -> None:
            nonlocal last
            if int(fraction * 10) != last:
                last = int(fraction * 10)
                print(f"{fraction:>4.0%} {message}", file=sys.stderr, flush=True)

        yield plain
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=message[:70])
