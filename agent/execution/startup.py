"""How a process of ours begins."""

from __future__ import annotations

import gc

ALLOCATIONS = 20_000
"""New objects after which cycles of references are looked for; Python's own 700 is for programs that make garbage."""


def collect_seldom() -> None:
    """Look for cycles of references a thirtieth as often as Python does.

    A process begins by importing thousands of classes and functions that stay. Looking through them again and again
    while they come takes a tenth of that time.
    """
    gc.set_threshold(ALLOCATIONS)
