"""The command line: ``gedanken``. A thin face: it parses words, shows events, and says how it ended.

Commands import what they need when they run, so that ``gedanken --help`` loads neither chemistry nor a graph; and
``gedanken`` alone, which opens the terminal UI, does not even load the parser of words.
"""

from __future__ import annotations

import sys

from agent.execution.startup import collect_seldom

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    collect_seldom()
    if len(sys.argv) == 1:
        from agent.cli.shell import open_interface

        sys.exit(open_interface())
    from agent.cli.app import app

    sys.exit(app(standalone_mode=True))
