"""What is derived from installed packages and takes seconds: computed once, and kept in the user's cache folder."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import numpy as np


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
    path = _place(name, packages, ".json")
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(rows, list) and rows and {len(row) for row in rows} == {len(rows[0])}:
            return rows
    except (OSError, ValueError, TypeError):
        pass  # not there yet, or broken
    rows = make()
    _keep(path, lambda file: file.write(json.dumps(rows, ensure_ascii=False).encode()))
    return rows


def kept_array(name: str, packages: Sequence[str], make: Callable[[], np.ndarray]) -> np.ndarray:
    """An array that depends on nothing but the versions of packages, as `kept_rows`.

    Args:
        name: What the array is; part of the file's name.
        packages: The distributions whose versions it depends on.
        make: Computes it.

    Returns:
        The array, read-only. A kept one is mapped: it costs nothing to open, and all processes share its memory.
    """
    import numpy as np

    path = _place(name, packages, ".npy")
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        pass  # not there yet, or broken
    array = make()
    _keep(path, lambda file: np.save(file, array, allow_pickle=False))
    array.setflags(write=False)
    return array


def _keep(path: Path, write: Callable[[BinaryIO], Any]) -> None:
    """Write a file beside its place and move it there, if the folder lets us."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                write(file)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise


def _place(name: str, packages: Sequence[str], suffix: str) -> Path:
    from platformdirs import user_cache_path

    versions = "-".join(f"{package}-{_version(package)}" for package in packages)
    return user_cache_path("gedanken") / f"{name}-{versions}{suffix}"


def _version(package: str) -> str:
    try:
        return version(package.replace("_", "-"))
    except PackageNotFoundError:
        return "none"
