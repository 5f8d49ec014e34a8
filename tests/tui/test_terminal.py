"""In a real terminal (tmux): start, a whole run with real tools, leaving while one is going, and coming back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")]

GOAL = "Analyse the DNA sequence ATGGCCATTGTAATGGGCCGCTGAAAGGGTGCCCGATAG"


# What a test runner may export and a terminal does not: they would stand for the size whatever the window is.
_NOT_OF_A_TERMINAL = ("COLORTERM", "COLUMNS", "LINES")


class Terminal:
    """A tmux session with a server of its own."""

    def __init__(self, folder: Path) -> None:
        self._socket = str(folder / "tmux")
        self.folder = folder
        environment = f"GEDANKEN_HOME={folder / 'home'} GEDANKEN_OUT={folder / 'runs'}"
        self.command = f"{environment} {sys.executable} -m agent.cli; echo LEFT $?"
        start = f"cd {folder} && {self.command}; exec sh"
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", start)

    def _tmux(self, *words: str) -> str:
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_OF_A_TERMINAL}
        environment |= {"TMUX": "", "TERM": "xterm-256color"}
        done = subprocess.run(
            ["tmux", "-S", self._socket, *words],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            env=environment,
        )
        return done.stdout

    def keys(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def line(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)
        time.sleep(0.3)
        self.keys("Enter")

    @property
    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def wait(self, *words: str, seconds: float = 90.0) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if all(word in self.screen for word in words):
                return self.screen
            time.sleep(0.25)
        raise AssertionError(f"{words} did not appear on:\n{self.screen}")

    def close(self) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, check=False)


def test_a_day_in_a_real_terminal(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    try:
        terminal.wait("Write a research goal", "playbook", "offline")
        terminal.line(f"/plan {GOAL}")
        terminal.wait("Run this plan")
        terminal.keys("C-q")  # the run waits, no process goes: it leaves at once
        terminal.wait("LEFT 0")
        terminal.line(f"clear; {terminal.command}")
        terminal.wait("Write a research goal", "offline")
        (run,) = [path.name for path in (tmp_path / "runs").iterdir()]
        terminal.line(f"/open {run}")
        terminal.wait("Run this plan")
        terminal.line("/approve")
        terminal.wait("finished in")
        terminal.keys("F4")
        terminal.wait("Candidates", "Filter")
        terminal.keys("C-q")
        terminal.wait("LEFT 0")
    finally:
        terminal.close()
    assert (tmp_path / "runs" / run / "report.html").exists()


def test_leaving_while_a_run_is_going_and_coming_back_without_true_colour(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    try:
        terminal.wait("Write a research goal", "offline")
        shown = terminal._tmux("capture-pane", "-p", "-e")
        assert "38;5;" in shown and "38;2;" not in shown  # 256 colours where the terminal promises no more
        terminal.line(GOAL)
        terminal.wait("▌  Analyse the DNA")
        terminal.keys("C-q")
        terminal.wait("still going", "Leave it going")
        terminal.keys("Enter")
        terminal.wait("LEFT 0")
        terminal.line(f"clear; {terminal.command}")
        terminal.wait("offline")
        (run,) = [path.name for path in (tmp_path / "runs").iterdir()]
        terminal.line(f"/open {run}")
        terminal.wait("finished in")
        terminal._tmux("resize-window", "-x", "40", "-y", "10")
        terminal.wait("2 Chat 3 4 5")
        terminal.keys("F7")
        terminal.wait("analyse_dna")
        terminal.keys("F2")
        terminal.line("/quit")
        terminal.wait("LEFT 0")
    finally:
        terminal.close()
    assert (tmp_path / "runs" / run / "report.html").exists()
