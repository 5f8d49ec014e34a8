"""Simulating scripts with the vendor's own software, in an environment of its own: it cannot share ours."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.errors import EngineMissing, TerminalToolError

SECONDS = 240
"""Longest time for one simulation of a few scripts."""

LONGEST = 200
"""Characters of a vendor's message that are shown."""


@dataclass(frozen=True)
class Simulated:
    """What came of simulating one script: the first complaint in one line (empty: none), and the software's version."""

    complaint: str
    commands: int
    version: str


def python_of(environment: str) -> Path:
    """The interpreter of the vendor's environment.

    Raises:
        EngineMissing: There is no such environment.
    """
    path = Path(environment).expanduser() / "bin" / "python" if environment else None
    if path is None or not path.is_file():
        raise EngineMissing(
            "The Opentrons simulator is not installed"
            + (f" in {environment}" if environment else "")
            + ", so the script was not simulated.",
            remedy="`make opentrons` makes its environment; the setting `opentrons` names another.",
        )
    return path


def simulate(scripts: Mapping[str, str], environment: str) -> dict[str, Simulated]:
    """Run scripts through the vendor's simulator.

    Args:
        scripts: Source by robot.
        environment: Folder of the virtual environment that holds the package ``opentrons``.

    Returns:
        What came of each, by robot.

    Raises:
        EngineMissing: The environment is not there.
        TerminalToolError: The simulator could not be started, or did not answer.
    """
    python = python_of(environment)
    with tempfile.TemporaryDirectory(prefix="gedanken-opentrons-") as folder:
        paths = []
        for robot, source in scripts.items():
            path = Path(folder) / f"{robot}.py"
            path.write_text(source, encoding="utf-8")
            paths.append(str(path))
        # The vendor's software writes its settings into the home folder: it gets one of its own.
        home = {"HOME": folder, "OT_API_CONFIG_DIR": folder, "PYTHONWARNINGS": "ignore"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        try:
            done = subprocess.run(
                [str(python), str(Path(__file__).with_name("opentrons_driver.py")), *paths],
                capture_output=True, text=True, timeout=SECONDS, env=kept | home, cwd=folder, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise TerminalToolError(f"The Opentrons simulator did not answer: {error}.") from error
    try:
        answers = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError) as error:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise TerminalToolError(f"The Opentrons simulator failed: {said}.") from error
    return {
        robot: Simulated("" if one["ok"] else _translated(one), one["commands"], one["version"])
        for robot, one in zip(scripts, answers, strict=True)
    }


def _translated(answer: Mapping[str, object]) -> str:
    """The vendor's complaint in one plain line that names the step."""
    said = re.sub(r"\s+", " ", str(answer["error"]))
    step = re.search(r"Step (\d+):", said)
    # The first detail is the outermost, whose message ends in what went wrong, behind the names of exceptions.
    details = [found for _, found in re.findall(r"detail=(['\"])(.*?)\1(?=, )", said)]
    core = re.sub(r"^.*(?:Error|Exception)\)?: ", "", details[0] if details else said)[:LONGEST]
    if re.search(r"OutOfTips|NoTipsAvailable|no tips? (?:available|left)", said, re.IGNORECASE):
        plain = "no tip is left"
    elif re.search(r"LocationIsOccupied|DeckConflict|already (?:present|occupied|in)", said):
        plain = f"two things in one slot ({core})"
    elif re.search(r"LabwareDefinitionDoesNotExist|Unable to find|Labware .* not found", said):
        plain = f"unknown labware ({core})"
    else:
        plain = core
    return f"{f'step {step[1]}: ' if step else ''}Opentrons: {plain}"
