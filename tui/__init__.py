"""The terminal UI: a thin face over runs on disk. It renders events and records, and sends answers.

`open_app` is what ``gedanken`` without arguments calls. Importing this package loads nothing of it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def open_app(home: Path | None = None, out: Path | None = None) -> int:
    """Open the terminal UI and stay until the researcher leaves it.

    Args:
        home: The lab's folder, in place of what the settings say.
        out: The folder of bundles, in place of what the settings say.

    Returns:
        The exit code.
    """
    # Where a shell exports them they would stand for the size of the screen, whatever size the window has or gets.
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    from tui.app import GedankenApp

    app = GedankenApp(home=home, out=out)
    app.run()
    return app.return_code or 0
