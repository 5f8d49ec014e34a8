"""The reading process: it answers requests with parsed documents, each read in a child of its own.

It is started by `knowledge.reading.isolated`. A request is a line of JSON (kind, path, limits); the answer is a line of
JSON that says how the child ended and how many bytes follow, then those bytes. The parser's library is loaded here once
and a child is forked for every file, so that a file costs milliseconds and still can harm nothing but its own reading:
the child limits its own memory and processor time before it opens the file, and is killed when its time is up.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, NamedTuple

from knowledge.errors import ReadingError
from knowledge.reading.isolated import OUT_OF_MEMORY
from knowledge.reading.limits import ReadingLimits


class Reader(NamedTuple):
    """A function that reads one kind of file, and what is loaded before the fork."""

    module: str
    function: str
    libraries: tuple[str, ...] = ()


READERS = {
    "pdf": Reader("pdf", "read_pdf", ("pypdfium2",)),
    "docx": Reader("docx", "read_docx", ("defusedxml.ElementTree",)),
    "pptx": Reader("office", "read_pptx", ("pptx",)),
    "xlsx": Reader("office", "read_xlsx", ("openpyxl",)),
    "html": Reader("html", "read_html_file"),
    "csv": Reader("tables", "read_csv"),
    "latex": Reader("latex", "read_latex", ("pylatexenc.latex2text",)),
    "jats": Reader("jats", "read_jats", ("defusedxml.ElementTree",)),
    "sdf": Reader("chemistry", "read_sdf"),
    "cif": Reader("chemistry", "read_cif"),
    "fasta": Reader("chemistry", "read_fasta"),
    "bibtex": Reader("bibliographies", "read_bibtex", ("bibtexparser", "pylatexenc.latex2text")),
    "ris": Reader("bibliographies", "read_ris", ("rispy",)),
    "csl": Reader("bibliographies", "read_csl"),
    "zotero": Reader("zotero", "read_zotero", ("defusedxml.ElementTree",)),
}
"""Who reads which kind of file."""


def serve(requests: BinaryIO, answers: BinaryIO) -> int:
    """Answer requests until there are no more.

    Args:
        requests: Lines of JSON with ``kind``, ``path`` and ``limits``.
        answers: Where the answers go.
    """
    for line in requests:
        request = json.loads(line)
        limits = ReadingLimits(**request["limits"])
        reader = READERS[request["kind"]]
        for name in (f"knowledge.reading.{reader.module}", *reader.libraries):
            with contextlib.suppress(ImportError):  # the child says what is missing
                importlib.import_module(name)
        ended, content = _in_child(request["kind"], Path(request["path"]), limits)
        answers.write(json.dumps({**ended, "bytes": len(content)}).encode() + b"\n" + content)
        answers.flush()
    return 0


def _in_child(kind: str, path: Path, limits: ReadingLimits) -> tuple[dict[str, int | bool], bytes]:
    """Read a file in a forked child: how it ended, and its answer."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:  # nothing below returns: the child must not go on as a second server
        code = 1
        try:
            os.close(receiving)
            for inherited in (0, 1):
                os.dup2(os.open(os.devnull, os.O_RDWR), inherited)
            _limit(limits)
            with os.fdopen(sending, "wb") as out:
                out.write(json.dumps(answer(kind, path, limits)).encode())
            code = 0
        except MemoryError:
            code = OUT_OF_MEMORY
        finally:
            os._exit(code)
    os.close(sending)
    deadline = time.monotonic() + limits.seconds
    pieces: list[bytes] = []
    timed_out = False
    while True:
        ready, _, _ = select.select([receiving], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            timed_out = True
            os.kill(child, signal.SIGKILL)
            break
        piece = os.read(receiving, 1 << 20)
        if not piece:
            break
        pieces.append(piece)
    os.close(receiving)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "timed_out": timed_out}, b"".join(pieces) if code == 0 else b""


def answer(kind: str, path: Path, limits: ReadingLimits) -> dict[str, object]:
    """Read one file here.

    Returns:
        A document or a bibliography as plain data, or ``{"error", "remedy"}``.
    """
    reader = READERS[kind]
    try:
        read = getattr(importlib.import_module(f"knowledge.reading.{reader.module}"), reader.function)(path, limits)
    except ReadingError as error:
        return {"error": error.message, "remedy": error.remedy}
    except ImportError as error:
        return {"error": f"Reading it needs the package '{error.name}'.", "remedy": "Install the extra 'documents'."}
    except RecursionError:
        return {"error": "It is nested too deeply to be read.", "remedy": ""}
    except MemoryError:
        raise
    except Exception as error:  # whatever a library raises on a damaged file is that file's reason
        return {"error": f"It is damaged: its reader failed ({type(error).__name__}: {error}).", "remedy": ""}
    return asdict(read)


def _limit(limits: ReadingLimits) -> None:
    memory = limits.memory_mb * 1024 * 1024
    seconds = int(limits.seconds) + 1
    for what, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (ceiling, hard))


if __name__ == "__main__":
    sys.exit(serve(sys.stdin.buffer, sys.stdout.buffer))
