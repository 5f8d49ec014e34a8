"""Random keys never end the app."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.faces import Lab
from support.sample_run import make_run

import tui

NAMES = """
f1 f2 f3 f4 f5 f6 f7 f8 f9 enter escape tab shift+tab up down left right home end pageup pagedown slash
question_mark space backspace at s g a r n c i e x o q z d k l p t v w y 9 shift+up shift+down ctrl+o ctrl+r 2
4 8 ctrl+j ctrl+u ctrl+g ctrl+c ctrl+p ctrl+d ctrl+s
"""
KEYS = st.sampled_from(NAMES.split())


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(keys=st.lists(KEYS, min_size=10, max_size=40), size=st.sampled_from([(80, 24), (150, 40), (40, 10)]))
def test_random_keys_never_end_the_app(keys: list[str], size: tuple[int, int]) -> None:
    async def press() -> None:
        with tempfile.TemporaryDirectory() as folder:
            lab = Lab(Path(folder))
            run, _, _ = make_run(lab.out)
            app = lab.app()
            app.open_path = lambda path: None  # type: ignore[method-assign]  (no desktop program in a test)
            app.export_experiment = lambda *_: None  # type: ignore[method-assign]  (nor a folder beside the tests)
            app.campaign_folder = Path(folder) / "campaigns"
            async with app.run_test(size=size) as pilot:
                await app.ready.wait()
                app.open_run(run)
                await pilot.pause(0.2)
                for key in keys:
                    await pilot.press(key)
                await pilot.pause()
                assert app.is_running

    asyncio.run(press())


def test_no_method_is_taken_for_the_handler_of_a_key() -> None:
    """Textual calls ``key_NAME`` and ``_key_NAME`` when the key of that name is pressed: ``@`` is named "at"."""
    modules = Path(tui.__file__).parent.rglob("*.py")
    assert [path.name for path in modules if re.search(r"def _?key_\w+", path.read_text(encoding="utf-8"))] == []
