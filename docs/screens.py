"""Pictures of the terminal UI for the pages: real runs, opened in the app and exported as SVG, for `generate.py`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from tui.app import GedankenApp
from tui.widgets.composer import Composer

SIZE = (124, 34)
MEASURED = ("-3.31", "-3.24", "failed vial broke", "-3.4", "-3.28 a little cloudy")


def write_screens(images: Path, goal: str) -> None:
    """Carry a goal through, simulate a campaign, and draw what the terminal shows of them.

    Args:
        images: Where the pictures go.
        goal: The goal.
    """
    images = images.resolve()
    with tempfile.TemporaryDirectory(prefix="screens-") as folder:
        place = Path(folder)
        lab = ["--home", str(place / "home")]
        call = [sys.executable, "-m", "agent.cli"]
        subprocess.run([*call, "run", goal, *lab, "--out", str(place / "runs")], check=True, capture_output=True)
        campaign = ["campaign", "simulate", "suzuki", "--folder", str(place / "campaigns"), "--failures", "0.1"]
        subprocess.run([*call, *campaign, "--most", "20", *lab], check=True, capture_output=True)
        with contextlib.chdir(place):
            for name, visit in VISITS.items():
                (images / f"{name}.svg").write_text(asyncio.run(_picture(place, visit)), encoding="utf-8")


async def _picture(place: Path, visit: Callable[[Pilot[int]], Awaitable[None]]) -> str:
    os.environ.pop("NO_COLOR", None)
    app = GedankenApp(home=place / "home", out=place / "runs")
    async with app.run_test(size=SIZE) as pilot:
        await app.ready.wait()
        app.query_one(Composer).entry.cursor_blink = False
        app.open_run(next((place / "runs").iterdir()))
        while app.model is None or not app.model.seen:
            await pilot.pause(0.1)
        await pilot.pause(0.5)
        await visit(pilot)
        await pilot.pause(0.8)
        drawn = app.export_screenshot(title="gedanken")
    # Whoever looks at the picture must not fetch fonts from anywhere: the reader's own monospace font serves.
    return re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", drawn, flags=re.DOTALL)


async def _candidates(pilot: Pilot[int]) -> None:
    await pilot.press("f4", "down", *["right"] * 4)


async def _hypotheses(pilot: Pilot[int]) -> None:
    await pilot.press("f5", "down")


async def _results(pilot: Pilot[int]) -> None:
    await pilot.press("f6", "t")
    await pilot.pause(0.5)
    for typed in MEASURED:
        await pilot.press(*("space" if letter == " " else letter for letter in typed), "enter")


async def _campaign(pilot: Pilot[int]) -> None:
    await pilot.press("f9")


VISITS = {"candidates": _candidates, "hypotheses": _hypotheses, "results": _results, "campaign": _campaign}
"""Names of pictures, and how to get to what they show."""
