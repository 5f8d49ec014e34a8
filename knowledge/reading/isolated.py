"""Reading in another process: a hostile file costs its own reading and nothing else."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from knowledge.errors import ReadingError
from knowledge.reading.limits import ReadingLimits
from knowledge.records import Metadata, Page, Parsed

if TYPE_CHECKING:
    from knowledge.reading.manifests import Bibliography

OUT_OF_MEMORY = 77
"""Exit code with which a reading child says that its memory limit was reached."""
_SOURCES = str(Path(__file__).resolve().parents[2])
_GRACE = 20.0  # seconds beyond the limit after which the reading process itself is given up


def read_isolated(path: Path, kind: str, limits: ReadingLimits) -> Parsed:
    """Read a document in the reading process.

    Args:
        path: The file.
        kind: One of `knowledge.reading.worker.READERS`.
        limits: Wall time, memory and text length.

    Raises:
        ReadingError: The file is encrypted, damaged, without text, or its reading reached a limit or crashed.
    """
    answer = _answer(path, kind, limits)
    return Parsed(
        tuple(Page(page["text"], page["number"]) for page in answer["pages"]),
        _metadata(answer["metadata"]),
        kind,
        tuple(answer["warnings"]),
    )


def read_records(path: Path, kind: str, limits: ReadingLimits) -> Bibliography:
    """Read a bibliography in the reading process.

    Args:
        path: The file.
        kind: ``bibtex``, ``ris``, ``csl`` or ``zotero``.
        limits: As in `read_isolated`.

    Raises:
        ReadingError: As in `read_isolated`.
    """
    from knowledge.reading.manifests import Bibliography, Record

    answer = _answer(path, kind, limits)
    records = (
        Record(record["key"], _metadata(record["metadata"]), record["abstract"], tuple(record["files"]))
        for record in answer["records"]
    )
    return Bibliography(tuple(records), tuple(answer["problems"]), tuple(answer["notes"]))


def _metadata(plain: dict[str, Any]) -> Metadata:
    return Metadata(**{**plain, "authors": tuple(plain["authors"])})


def _answer(path: Path, kind: str, limits: ReadingLimits) -> dict[str, Any]:
    ended, content = _process.ask({"kind": kind, "path": os.path.abspath(path), "limits": vars(limits)}, limits.seconds)
    if ended.get("timed_out"):
        raise ReadingError(
            f"Reading it took longer than {limits.seconds:g} s and was stopped.",
            remedy="It may be damaged or made to exhaust readers.",
        )
    if ended["code"] == OUT_OF_MEMORY:
        raise ReadingError(
            f"Reading it needs more than {limits.memory_mb} MB of memory and was stopped.",
            remedy="It may be damaged or made to exhaust readers.",
        )
    if ended["code"] != 0:
        raise ReadingError(
            f"The {kind.upper()} reader crashed on it (exit code {ended['code']}).", remedy="It is probably damaged."
        )
    answer: dict[str, Any] = json.loads(content)
    if "error" in answer:
        raise ReadingError(answer["error"], remedy=answer["remedy"])
    return answer


class _Process:
    """The reading process, started when it is first needed and again whenever it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = threading.Lock()

    def ask(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send a request; how the child ended and what it answered."""
        with self._one_at_a_time:
            process = self._running()
            requests, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            try:
                requests.write(json.dumps(request).encode() + b"\n")
                until = time.monotonic() + seconds + _GRACE
                head, rest = _line(answers, until)
                ended = json.loads(head)
                return ended, _bytes(answers, rest, ended["bytes"], until)
            except (OSError, ValueError, EOFError, TimeoutError) as error:
                self._stop()
                return {"code": 1, "timed_out": isinstance(error, TimeoutError)}, b""
            except BaseException:  # an interrupt: the answer that is on its way must not be taken for the next one
                self._stop()
                raise

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            inherited = os.environ.get("PYTHONPATH")
            environment = {
                **os.environ,
                "PYTHONPATH": f"{_SOURCES}{os.pathsep}{inherited}" if inherited else _SOURCES,
                "OMP_NUM_THREADS": "1",
            }
            self._process = subprocess.Popen(
                [sys.executable, "-m", "knowledge.reading.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                bufsize=0,
            )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.kill()
        process.wait()

    def close(self) -> None:
        """Let the reading process go."""
        with self._one_at_a_time:
            self._stop()


def _line(pipe: IO[bytes], until: float) -> tuple[bytes, bytes]:
    """A line from a pipe, and what came after it."""
    received = b""
    while b"\n" not in received:
        received += _piece(pipe, until)
    head, _, rest = received.partition(b"\n")
    return head, rest


def _bytes(pipe: IO[bytes], received: bytes, count: int, until: float) -> bytes:
    pieces, size = [received], len(received)
    while size < count:
        pieces.append(_piece(pipe, until))
        size += len(pieces[-1])
    return b"".join(pieces)


def _piece(pipe: IO[bytes], until: float) -> bytes:
    ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
    if not ready:
        raise TimeoutError
    piece = os.read(pipe.fileno(), 1 << 20)
    if not piece:
        raise EOFError
    return piece


_process = _Process()
atexit.register(_process.close)
