"""The same work on many tasks, in processes of its own."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")


def mapped(work: Callable[[Task], Outcome], tasks: Sequence[Task], workers: int) -> Iterator[Outcome]:
    """What the work makes of every task, in their order.

    Args:
        work: A function at the top of a module.
        tasks: What it is called with, one at a time.
        workers: Processes; with one the work is done here.
    """
    # One thread a process: the matrices are small, and threads would only wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if workers <= 1 or len(tasks) <= 1:
        yield from map(work, tasks)
        return
    with ProcessPoolExecutor(min(workers, len(tasks)), mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(work, tasks)
