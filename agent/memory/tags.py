"""Tags: words that a researcher files a run under; kept in the bundle as ``tags.json``, a list of words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from agent.errors import InputError
from agent.memory.files.disk import write_text

TAGS = "tags.json"
_TAG = re.compile(r"^[\w.+-]{1,40}$")


def read_tags(folder: Path) -> tuple[str, ...]:
    """A run's tags; none where there is no list of words that can be read."""
    try:
        plain = json.loads((folder / TAGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(tag for tag in plain if isinstance(tag, str)) if isinstance(plain, list) else ()


def write_tags(folder: Path, tags: Iterable[str]) -> tuple[str, ...]:
    """Replace a run's tags.

    Args:
        folder: The run's folder.
        tags: Letters, digits and ``_ . + -``; a leading ``#`` is taken off, and a repeated one kept once.

    Returns:
        The tags as they are kept.

    Raises:
        InputError: One of them is no tag.
        StorageError: The disk refuses.
    """
    kept = tuple(dict.fromkeys(tag.removeprefix("#") for tag in tags))
    for tag in kept:
        if not _TAG.match(tag):
            raise InputError(f"'{tag}' is no tag.", remedy="Use letters, digits and _ . + -, up to 40.")
    write_text(folder / TAGS, json.dumps(list(kept), ensure_ascii=False) + "\n")
    return kept
