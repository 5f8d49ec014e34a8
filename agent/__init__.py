"""Gedanken: a verifiable, offline research assistant.

Importing this package is cheap: the public names are loaded when they are first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what type checkers and editors see; at run time `__getattr__` loads the names
    from agent.batch import research_many, research_many_async
    from agent.records import Goal, Limits
    from agent.session import Session, research, research_async

__version__ = "0.4.0"

_HOMES = {
    "Session": "agent.session",
    "Goal": "agent.records",
    "Limits": "agent.records",
    "research": "agent.session",
    "research_many": "agent.batch",
    "research_many_async": "agent.batch",
    "research_async": "agent.session",
}

__all__ = [
    "Goal",
    "Limits",
    "Session",
    "__version__",
    "research",
    "research_async",
    "research_many",
    "research_many_async",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'agent' has no attribute {name!r}")
