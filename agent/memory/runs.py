"""Runs on disk: their folders, ``run.json``, locks, and finding one again."""

from __future__ import annotations

import json
import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from agent.errors import InputError, StorageError
from agent.memory.files.artifacts import ARTIFACTS
from agent.memory.files.disk import disk_error, held, write_text
from agent.records import BUNDLE_VERSION, RunInfo

RUN = "run.json"
BATCH = "batch.json"
"""Lies beside the bundles of a batch."""


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


def run_lock(folder: Path) -> AbstractContextManager[None]:
    """Hold a run: one process at a time may carry it on.

    Raises:
        StorageError: Another process holds it.
    """
    return held(
        folder / ".lock",
        "the run's lock",
        f"Another process is carrying on the run {folder.name}.",
        "Wait for it, or stop it; watching a run needs no lock.",
    )
