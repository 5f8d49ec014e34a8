"""How it looks: two sizes, two themes, a made-up run with a fixed clock."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.faces import Lab
from textual.pilot import Pilot

from tui.app import GedankenApp
from tui.widgets.composer import Composer

SMALL, LARGE = (80, 24), (150, 40)


def visit(view: str, folder: Path, theme: str):
    """Open a run and show one view of it."""

    async def before(pilot: Pilot[int]) -> None:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        app.query_one(Composer).entry.cursor_blink = False
        app.theme = theme
        app.open_run(folder)
        for _ in range(100):
            await pilot.pause(0.05)
            if app.model is not None and app.model.seen:
                break
        await app.action_view(view)
        await pilot.pause(0.5)
        app.redraw()
        await pilot.pause(0.2)

    return before


@pytest.mark.parametrize(
    ("view", "size", "theme"),
    [
        ("chat", SMALL, "gedanken-ink"),
        ("chat", LARGE, "gedanken-paper"),
        ("plan", LARGE, "gedanken-paper"),
        ("candidates", LARGE, "gedanken-ink"),
        ("candidates", SMALL, "gedanken-paper"),
        ("hypotheses", LARGE, "gedanken-ink"),
        ("hypotheses", SMALL, "gedanken-paper"),
        ("experiments", LARGE, "gedanken-paper"),
        ("evidence", SMALL, "gedanken-ink"),
    ],
)
def test_a_view_looks_as_it_did(
    snap_compare, lab: Lab, finished: Path, view: str, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(lab.app(), terminal_size=size, run_before=visit(view, finished, theme))
