"""Generate the pages and pictures that come from the code: `make docs`.

The pictures are real runs: the command line in a real terminal (tmux), captured with its colours and drawn as SVG by
Rich; the terminal UI as it exports itself.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from screens import write_screens

from agent.tools.catalogue import catalogue
from agent.tools.document import catalogue_page

DOCS = Path(__file__).parent
WIDTH, HEIGHT = 118, 38
GOAL = "Design soluble analogues of celecoxib with logP between 2 and 4 and QED above 0.7"


def main() -> None:
    """Write every generated page."""
    (DOCS / "tools.md").write_text(catalogue_page(catalogue()), encoding="utf-8")
    (DOCS / "images").mkdir(exist_ok=True)
    (DOCS / "images" / "run.svg").write_text(picture(capture_run()), encoding="utf-8")
    write_screens(DOCS / "images", GOAL)


def capture_run() -> str:
    """A run in a terminal of its own, as text with colour codes."""
    with tempfile.TemporaryDirectory() as folder:
        done = Path(folder) / "done"
        command = (
            f"cd {folder} && clear && PS1='$ ' && echo '$ gedanken run \"{GOAL}\"' &&"
            f" {Path(sys.executable).parent / 'gedanken'} run '{GOAL}' --home home; touch {done}; sleep 60"
        )
        name = f"gedanken-docs-{time.time_ns()}"
        tmux = ["tmux", "-L", name]
        subprocess.run(
            [*tmux, "new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), "bash", "-c", command], check=True
        )
        try:
            while not done.exists():
                time.sleep(0.2)
            time.sleep(0.5)
            shown = subprocess.run([*tmux, "capture-pane", "-p", "-e"], check=True, capture_output=True, text=True)
        finally:
            subprocess.run([*tmux, "kill-server"], check=False)
    return shown.stdout.rstrip()


def picture(terminal: str) -> str:
    """A captured terminal as SVG."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(terminal))
    drawn = console.export_svg(title="gedanken", unique_id="gedanken")
    # Whoever looks at the picture must not fetch fonts from anywhere: the reader's own monospace font serves.
    return re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", drawn, flags=re.DOTALL)


if __name__ == "__main__":
    main()
