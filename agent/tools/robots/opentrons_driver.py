"""Runs in the environment of the vendor's software, and imports nothing of ours: simulates scripts, answers in JSON.

Usage: ``python opentrons_driver.py SCRIPT...``. The last line of the output is a list with one object a script:
``{"ok", "commands", "version", "error"}``.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout


def simulate(path: str) -> dict:
    """Simulate one script."""
    from opentrons import __version__
    from opentrons.simulate import simulate as vendor

    found: dict = {"ok": True, "commands": 0, "version": __version__, "error": ""}
    try:
        with open(path, encoding="utf-8") as file, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            log, _ = vendor(file, path)
        found["commands"] = len(log)
    except Exception as error:  # whatever the simulator says is translated by whoever asked
        found |= {"ok": False, "error": f"{type(error).__name__}: {error}"}
    return found


if __name__ == "__main__":
    print(json.dumps([simulate(path) for path in sys.argv[1:]]))
