"""The terminal UI: a thin face over runs on disk. It renders events and records, and sends answers.

`open_app` is what ``gedanken`` without arguments calls. Importing this package loads nothing of it.
"""

from __future__ import annotations


def open_app() -> int:
    """Open the terminal UI and stay until the researcher leaves it.

    Returns:
        The exit code.
    """
    from tui.app import GedankenApp

    app = GedankenApp()
    app.run()
    return app.return_code or 0
