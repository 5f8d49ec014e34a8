"""What is cheap stays cheap: which libraries a command does not load, each seen in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "torch", "rdkit", "pymatgen", "chromadb", "Bio", "langgraph", "langchain_core", "openai", "sklearn", "scipy",
    "matplotlib", "statsmodels", "pint", "onnxruntime", "numpy", "pandas",
)  # fmt: skip

DOMAIN = ("torch", "rdkit", "pymatgen", "chromadb", "Bio", "onnxruntime")


def loaded_by(code: str, watched: tuple[str, ...]) -> list[str]:
    script = f"{code}\nimport sys\nprint('LOADED', *[name for name in {watched!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    return shown.stdout.rsplit("LOADED", 1)[1].split()


@pytest.mark.parametrize(
    "module", ["agent", "knowledge", "evals", "agent.records", "agent.events", "agent.settings", "agent.cli"]
)
def test_importing_is_cheap(module: str) -> None:
    assert loaded_by(f"import {module}", HEAVY) == []


def test_help_loads_no_science_and_no_graph() -> None:
    code = (
        "import sys\nsys.argv = ['gedanken', '--help']\nfrom agent.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert loaded_by(code, HEAVY) == []


def test_listing_the_tools_loads_no_domain_library() -> None:
    assert loaded_by("from agent.tools import catalogue\nassert len(catalogue()) > 20", DOMAIN) == []


def test_the_session_itself_loads_no_domain_library() -> None:
    code = "import agent.session, agent.graphs.research, agent.reasoning.playbook_reasoner"
    assert loaded_by(code, DOMAIN) == []


def test_every_public_name_is_there_and_typed() -> None:
    import ast
    from pathlib import Path

    import agent

    assert all(getattr(agent, name) is not None for name in agent.__all__)
    tree = ast.parse(Path(agent.__file__).read_text(encoding="utf-8"))
    typed = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert typed >= set(agent.__all__) - {"__version__"}, "a type checker would see Any"
    assert Path(agent.__file__).with_name("py.typed").exists()
