"""The reading process: ``python -m knowledge.reading.worker KIND PATH LIMITS`` prints one JSON object.

It is started by `knowledge.reading.isolated`, limits its own memory and processor time before it opens the file, and
answers with the parsed document or with the reason why there is none.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.isolated import OUT_OF_MEMORY
from knowledge.reading.limits import ReadingLimits


def main(arguments: list[str]) -> int:
    """Read one file under limits.

    Args:
        arguments: Kind (``pdf`` or ``docx``), path, and the limits as JSON.

    Returns:
        The exit code: 0 with an answer on standard output, `OUT_OF_MEMORY` without one.
    """
    kind, path, given = arguments
    limits = ReadingLimits(**json.loads(given))
    _limit(limits)
    try:
        if kind == "pdf":
            from knowledge.reading.pdf import read_pdf as read
        else:
            from knowledge.reading.docx import read_docx as read
        answer = asdict(read(Path(path), limits))
    except ReadingError as error:
        answer = {"error": error.message, "remedy": error.remedy}
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.write(json.dumps(answer))
    return 0


def _limit(limits: ReadingLimits) -> None:
    memory = limits.memory_mb * 1024 * 1024
    seconds = int(limits.seconds) + 1
    for what, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (ceiling, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
