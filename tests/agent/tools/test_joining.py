"""Tools of other packages: joined by entry point, left out with a reason when they cannot be used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = '''
"""Tools of a lab of its own."""

from typing import Annotated

from agent.records import Value
from agent.tools import ok, tool


@tool("data", engines=("lab-tools",))
def halve(x: float):
    """Halve a number.

    Args:
        x: The number.
    """
    return ok(f"{x / 2:g}", values=[Value(name="half", value=x / 2)], data={"half": x / 2})


@tool("data")
def double(x: float):
    """Double a number.

    Args:
        x: The number.
    """
    return ok(f"{2 * x:g}", data={"double": 2 * x})
'''

BROKEN = {
    "missing": ("import a_package_that_is_not_there\n", "ModuleNotFoundError: No module named 'a_package"),
    "crash": ("raise RuntimeError('no licence found')\n", "RuntimeError: no licence found"),
    "undocumented": (
        GOOD.replace("halve", "third").replace("    Args:\n        x: The number.\n", "", 1),
        "TypeError: tool 'third': argument 'x' is not described",
    ),
    "thief": (GOOD.replace("halve", "translate_dna"), "TypeError: two tools are named 'translate_dna'"),
    "idle": ("NOTHING = 1\n", "TypeError: idle_tools declares no tool"),
}


def install(folder: Path, package: str, source: str, points: dict[str, str]) -> None:
    """Put a package with entry points where Python finds it."""
    (folder / f"{package}_tools.py").write_text(source)
    info = folder / f"{package}_tools-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}-tools\nVersion: 1.0\n")
    lines = "".join(f"{name} = {value}\n" for name, value in points.items())
    (info / "entry_points.txt").write_text(f"[gedanken.tools]\n{lines}")


def gedanken(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "GEDANKEN_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "agent.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_package_joins_with_its_tools(tmp_path: Path) -> None:
    install(tmp_path, "lab", GOOD, {"all": "lab_tools", "again": "lab_tools:double"})
    listed = json.loads(gedanken(tmp_path, "tools", "--json").stdout)
    assert {"halve", "double", "translate_dna"} <= {tool["name"] for tool in listed["tools"]}
    assert listed["left_out"] == []
    called = gedanken(tmp_path, "call", "halve", "x=3", "--json")
    assert json.loads(called.stdout)["data"] == {"half": 1.5}, called.stderr


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_is_left_out_whole_and_named(tmp_path: Path, name: str) -> None:
    source, reason = BROKEN[name]
    install(tmp_path, "lab", GOOD, {"all": "lab_tools"})
    install(tmp_path, name, source.replace("double", f"{name}_too"), {name: f"{name}_tools"})
    shown = gedanken(tmp_path, "tools", "--json")
    listed = json.loads(shown.stdout)
    names = {tool["name"]: tool for tool in listed["tools"]}
    assert {"halve", "double", "translate_dna"} <= names.keys()
    assert names["translate_dna"]["domain"] == "biology"
    assert f"{name}_too" not in names
    (left_out,) = listed["left_out"]
    assert left_out.startswith(f"{name}-tools ({name} = {name}_tools): {reason}")
    assert shown.returncode == 0
