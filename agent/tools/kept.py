"""What is derived from installed packages and takes seconds: computed once, and kept in the user's cache folder."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def kept_rows(name: str, packages: Sequence[str], make: Callable[[], list[list[str]]]) -> list[list[str]]:
    """Rows that depend on nothing but the versions of packages: kept ones, or fresh ones that are then kept.

    The file is written beside its place and moved there, so that it is whole or not there; one that cannot be read is
    made anew. Where the folder cannot be written, rows are made anew in each process.

    Args:
        name: What the rows are; part of the file's name.
        packages: The distributions, or the packages, whose versions they depend on.
        make: Computes them.

    Returns:
        The rows, all of one length.
    """
    path = _place(name, packages)
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(rows, list) and rows and {len(row) for row in rows} == {len(rows[0])}:
            return rows
    except (OSError, ValueError, TypeError):
        pass  # not there yet, or broken
    rows = make()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(rows, file, ensure_ascii=False)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
    return rows


def _place(name: str, packages: Sequence[str]) -> Path:
    from platformdirs import user_cache_path

    versions = "-".join(f"{package}-{_version(package)}" for package in packages)
    return user_cache_path("gedanken") / f"{name}-{versions}.json"


def _version(package: str) -> str:
    try:
        return version(package.replace("_", "-"))
    except PackageNotFoundError:
        return "none"
