"""The command line: ``gedanken``. A thin face: it parses words, shows events, and says how it ended.

Commands import what they need when they run, so that ``gedanken --help`` loads neither chemistry nor a graph.
"""

from __future__ import annotations

import sys

from agent.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(app(standalone_mode=True))
