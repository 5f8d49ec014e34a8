"""Bundles as resources: ``gedanken://runs/<run>/<path>``, one for each file of a run."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from agent.errors import InputError
from agent.memory.runs import run_folders

SCHEME = "gedanken"
TEMPLATE = "gedanken://runs/{run}/{+path}"
LARGEST = 16 * 1024 * 1024
"""Bytes of the largest file that is sent."""

FILES = (
    "report.md", "report.html", "run.json", "plan.json", "hypotheses.json", "experiments.json", "candidates.csv",
    "evidence.jsonl", "ledger.jsonl", "ro-crate-metadata.json",
)  # fmt: skip
"""The files that are listed for each run; artifacts are read by the paths that these name."""

_TYPES = {
    ".jsonl": "application/jsonl",
    ".json": "application/json",
    ".md": "text/markdown",
    ".cif": "chemical/x-cif",
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
}
_TEXT = ("text/", "application/json", "chemical/", "image/svg+xml", "application/xml")


def address(folder: Path, path: str) -> str:
    """The address of a file of a bundle."""
    return f"{SCHEME}://runs/{quote(folder.name)}/{quote(path)}"


def addresses(folder: Path) -> tuple[str, ...]:
    """The addresses of the files that a bundle holds now, its artifacts left out."""
    return tuple(address(folder, name) for name in FILES if (folder / name).is_file())


def media_type(path: Path) -> str:
    """What kind of file it is."""
    return _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def listed(out: Path, after: str | None, count: int) -> tuple[list[Path], str | None]:
    """The files of the newest runs, a page at a time.

    Args:
        out: Where the bundles are.
        after: The run that the page before ended with.
        count: How many runs a page holds.

    Returns:
        The files, and the run that the next page comes after (``None`` at the end).
    """
    folders = [folder for folder in reversed(run_folders(out)) if after is None or folder.name < after]
    page = folders[:count]
    files = [folder / name for folder in page for name in FILES if (folder / name).is_file()]
    return files, page[-1].name if len(folders) > count else None


def read(out: Path, uri: str) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Read a file of a bundle.

    Args:
        out: Where the bundles are.
        uri: Its address; the address of a folder lists what is in it.

    Yields:
        Address, media type, text, and bytes in base 64 (one of the last two is ``None``).

    Raises:
        InputError: There is no such file, it lies outside the bundles, or it is too large.
    """
    parts = urlsplit(uri)
    run, _, rest = unquote(parts.path).lstrip("/").partition("/")
    if parts.scheme != SCHEME or parts.netloc != "runs" or not run:
        raise InputError(f"'{uri}' is not the address of a file of a run.", remedy=f"Addresses: {TEMPLATE}.")
    folder = (out / run).resolve()
    path = (folder / rest).resolve()
    hidden = any(part.startswith(".") for part in Path(rest).parts)
    if (
        folder.parent != out.resolve()
        or not path.is_relative_to(folder)
        or hidden
        or not (folder / "run.json").exists()
    ):
        raise InputError(f"There is no run file '{uri}'.", remedy="`list_runs` lists the runs.")
    if path.is_dir():
        names = sorted(one.relative_to(folder).as_posix() for one in path.rglob("*") if one.is_file())
        shown = [address(folder, name) for name in names if not Path(name).name.startswith(".")]
        yield uri, "text/uri-list", "".join(f"{one}\n" for one in shown), None
        return
    if not path.is_file():
        raise InputError(f"The run {run} has no file '{rest}'.", remedy=f"{SCHEME}://runs/{run}/ lists its files.")
    if path.stat().st_size > LARGEST:
        raise InputError(f"'{rest}' is larger than {LARGEST // 2**20} MiB.", remedy=f"Open it on the server: {path}")
    kind = media_type(path)
    if kind.startswith(_TEXT):
        yield uri, kind, path.read_text(encoding="utf-8", errors="replace"), None
    else:
        yield uri, kind, None, base64.b64encode(path.read_bytes()).decode("ascii")
