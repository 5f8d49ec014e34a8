"""Gedanken: a verifiable, offline research assistant.

Importing this package is cheap: the public names are loaded when they are first used.
"""

from typing import Any

__version__ = "0.2.0"

_HOMES = {
    "Session": "agent.session",
    "Goal": "agent.records",
    "Limits": "agent.records",
    "research": "agent.session",
    "research_many": "agent.batch",
    "research_many_async": "agent.batch",
    "research_async": "agent.session",
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'agent' has no attribute {name!r}")
