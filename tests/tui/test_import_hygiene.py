"""What the first paint does not load, seen in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = (
    "torch",
    "rdkit",
    "pymatgen",
    "chromadb",
    "Bio",
    "langgraph",
    "langchain_core",
    "openai",
    "scipy",
    "matplotlib",
    "numpy",
)

PAINT = """
import asyncio, sys
from pathlib import Path
from tui.app import GedankenApp

async def main():
    app = GedankenApp(home=Path(sys.argv[1]) / "home", out=Path(sys.argv[1]) / "runs")
    async with app.run_test(size=(80, 24)) as pilot:
        {after}

asyncio.run(main())
print("LOADED", *[name for name in {watched!r} if name in sys.modules])
"""


def loaded(tmp_path: Path, after: str, watched: tuple[str, ...]) -> list[str]:
    code = PAINT.format(after=after, watched=watched)
    shown = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=120, check=True
    )
    return shown.stdout.rsplit("LOADED", 1)[1].split()


def test_importing_the_package_loads_nothing() -> None:
    code = "import tui, sys; print('LOADED', *[m for m in ('textual', 'pydantic', 'agent') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert shown.stdout.split() == ["LOADED"]


def test_a_session_without_a_run_loads_no_science_and_no_graph(tmp_path: Path) -> None:
    visit = "await app.ready.wait(); await app.action_view('candidates'); await app.action_view('runs')"
    assert loaded(tmp_path, visit, HEAVY) == []
