"""Text of scanned pages by ocrmypdf, where it is installed and asked for."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.files import read_document
from knowledge.reading.limits import ReadingLimits

_SLOWER = 30  # times the time of reading that recognition may take


@contextlib.contextmanager
def recognised(path: Path, limits: ReadingLimits, scratch: Path | None = None) -> Iterator[Path]:
    """A PDF with a text layer: the file itself where it has one, else a temporary copy that ocrmypdf made.

    Args:
        path: The PDF.
        limits: Recognition may take thirty times ``seconds``.
        scratch: Folder for the recognised copy; the system's by default.

    Raises:
        ReadingError: ocrmypdf is not installed, fails or takes too long.
    """
    try:
        read_document(path, limits)
    except ReadingError as error:
        if "no text layer" not in error.message:
            raise
        scan = error
    else:
        yield path
        return
    program = shutil.which("ocrmypdf")
    if program is None:
        raise ReadingError(f"{scan.message} ocrmypdf is not installed.", remedy="Install it to recognise the text.")
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gedanken-", dir=scratch) as folder:
        target = Path(folder, "recognised.pdf")
        command = [program, "--quiet", "--skip-text", "--output-type", "pdf", "--", str(path.resolve()), str(target)]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=_SLOWER * limits.seconds, stdin=subprocess.DEVNULL, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ReadingError(f"Recognising its text took longer than {_SLOWER * limits.seconds:g} s.") from error
        if done.returncode or not target.is_file():
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise ReadingError(f"ocrmypdf failed on it: {said[-1] if said else f'exit code {done.returncode}'}.")
        yield target
