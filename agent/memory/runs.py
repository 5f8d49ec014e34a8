"""Runs on disk: their folders, ``run.json``, locks, and finding one again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from agent.errors import InputError, StorageError
from agent.memory.ledger import disk_error
from agent.records import BUNDLE_VERSION, Artifact, ArtifactContent, Evidence, RunInfo

RUN = "run.json"
ARTIFACTS = "artifacts"
BATCH = "batch.json"
"""Lies beside the bundles of a batch."""

SYNCED_AT_ONCE = 8
"""Files that wait for the disk side by side."""


def new_run_id(goal: str) -> str:
    """A readable, sortable id: the moment, then the goal's first words."""
    words = re.sub(r"[^a-z0-9]+", "-", goal.lower()).strip("-")[:32].strip("-")
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    return f"{moment}-{words}" if words else moment


def create_run(out: Path, info: RunInfo) -> Path:
    """Make a run's folder with its ``run.json``.

    Raises:
        StorageError: The folder cannot be made or written.
    """
    folder = out / info.id
    try:
        folder.mkdir(parents=True)
        (folder / ARTIFACTS).mkdir()
    except OSError as error:
        raise disk_error("the run's folder", folder, error) from error
    write_info(folder, info)
    return folder


def write_info(folder: Path, info: RunInfo) -> None:
    """Write ``run.json``."""
    write_text(folder / RUN, json.dumps(info.plain(), ensure_ascii=False, indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text file so that readers see the old one or the new one, never a part.

    Raises:
        StorageError: The disk refuses.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes, *, sync: bool = True) -> None:
    """Write a file so that readers see the old one or the new one, never a part.

    Args:
        path: The file; its folder is made.
        content: What it holds.
        sync: Wait for the disk itself; without it a power cut may leave an empty file.

    Raises:
        StorageError: The disk refuses.
    """
    _write_all({path: content}, sync)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write text files of a folder as `write_text` does, waiting for the disk once for all of them.

    Args:
        folder: Where they go.
        files: Their content by name.

    Raises:
        StorageError: The disk refuses.
    """
    _write_all({folder / name: content.encode() for name, content in files.items()}, True)


def _write_all(files: Mapping[Path, bytes], sync: bool) -> None:
    """Write every file beside its place, wait for the disk, then put all of them in place."""
    written: dict[Path, str] = {}
    path = Path()
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, written[path] = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        if sync and len(written) == 1:
            _wait_for_disk(written[path])
        elif sync:  # side by side: a disk commits what is asked for at the same moment together
            with ThreadPoolExecutor(max_workers=SYNCED_AT_ONCE) as threads:
                list(threads.map(_wait_for_disk, written.values()))
        for path, temporary in written.items():
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
    except OSError as error:
        for temporary in written.values():
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise disk_error(path.name, path, error) from error


def _wait_for_disk(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_info(folder: Path) -> RunInfo:
    """Read ``run.json``.

    Raises:
        InputError: There is none, it is damaged, or it comes from a newer version.
    """
    path = folder / RUN
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{folder} is not a run: it has no {RUN}.", remedy="`gedanken runs` lists them.") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise InputError(f"{path} is damaged: {error}.", remedy="Start the goal anew.") from error
    version = plain.get("bundle_version", 0) if isinstance(plain, dict) else 0
    if isinstance(version, int) and version > BUNDLE_VERSION:
        raise InputError(
            f"{folder} was written by a newer Gedanken (bundle version {version}; this one reads up to"
            f" {BUNDLE_VERSION}).",
            remedy="Update Gedanken, or open report.html in it: that needs no software of ours.",
        )
    try:
        return RunInfo.model_validate(plain)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path} does not fit: {where}: {first['msg']}.", remedy="Start the goal anew.") from error


def find_run(out: Path, name: str) -> Path:
    """The folder of a run, named by path, id, or an unambiguous beginning of its id (``last``: the newest).

    Raises:
        InputError: None or several fit; the message names them.
    """
    if (Path(name) / RUN).exists():
        return Path(name)
    known = sorted(folder.name for folder in run_folders(out))
    if name == "last" and known:
        return out / known[-1]
    fitting = [one for one in known if one == name] or [one for one in known if one.startswith(name)]
    if len(fitting) == 1:
        return out / fitting[0]
    if fitting:
        raise InputError(f"'{name}' fits {len(fitting)} runs: {', '.join(fitting[:5])}.", remedy="Write more of it.")
    raise InputError(
        f"There is no run '{name}' in {out}.",
        remedy=f"The newest is {known[-1]}." if known else "No run was made there yet; --out names another folder.",
    )


def run_folders(out: Path) -> list[Path]:
    """Every run in a folder, oldest first."""
    return sorted(path.parent for path in out.glob(f"*/{RUN}"))


@contextmanager
def run_lock(folder: Path) -> Iterator[None]:
    """Hold a run: one process at a time may carry it on.

    Raises:
        StorageError: Another process holds it.
    """
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StorageError(
            f"Another process is carrying on the run {folder.name}.",
            remedy="Wait for it, or stop it; watching a run needs no lock.",
        ) from error
    except OSError as error:
        raise disk_error("the run's lock", folder, error) from error
    try:
        yield
    finally:
        lock.release()


def keep_artifact(folder: Path, content: ArtifactContent) -> Artifact:
    """Write an artifact under ``artifacts/``, named by its content's hash, and say where it is.

    The disk is not waited for: `is_whole` finds out what a power cut has taken.
    """
    body = content.content.encode()
    digest = hashlib.sha256(body).hexdigest()
    name = Path(content.name)
    path = f"{ARTIFACTS}/{name.stem}-{digest[:10]}{name.suffix}"
    if not (folder / path).exists() or (folder / path).stat().st_size != len(body):
        write_bytes(folder / path, body, sync=False)
    return Artifact(name=content.name, path=path, media_type=content.media_type, sha256=digest, title=content.title)


def is_whole(folder: Path, evidence: Evidence) -> bool:
    """Whether everything that a step left in the bundle is there and says what it said."""
    digests = {found.path: found.sha256 for found in evidence.artifacts}
    digests[evidence.payload] = Path(evidence.payload).stem.rpartition("-")[2]
    try:
        return all(
            hashlib.sha256((folder / path).read_bytes()).hexdigest().startswith(digest)
            for path, digest in digests.items()
        )
    except OSError:
        return False


def keep_file(folder: Path, name: str, content: str | bytes, media_type: str, title: str = "") -> Artifact:
    """Write a file under ``artifacts/`` by its own name, for people who look for it there.

    A file of that name that says something else is never overwritten (somebody may have filled it in): the new one is
    then named by its content's hash as well.

    Args:
        folder: The bundle.
        name: File name, such as ``x1-results.csv``.
        content: Text, or bytes for a PDF.
        media_type: Its kind.
        title: What a reader sees.
    """
    body = content.encode() if isinstance(content, str) else content
    digest = hashlib.sha256(body).hexdigest()
    path = f"{ARTIFACTS}/{name}"
    if (folder / path).exists() and (folder / path).read_bytes() != body:
        path = f"{ARTIFACTS}/{Path(name).stem}-{digest[:10]}{Path(name).suffix}"
    if not (folder / path).exists():
        write_bytes(folder / path, body)
    return Artifact(name=name, path=path, media_type=media_type, sha256=digest, title=title)
