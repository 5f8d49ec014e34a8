"""What reading one file may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadingLimits:
    """Limits of reading one file.

    Attributes:
        seconds: Wall time of the reading process.
        memory_mb: Its address space.
        file_mb: Files larger than this are refused before they are opened.
        characters: Text longer than this is refused.
    """

    seconds: float = 60.0
    memory_mb: int = 2048
    file_mb: int = 256
    characters: int = 50_000_000
