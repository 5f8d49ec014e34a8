"""The catalogue of tools: typed, documented functions that compute, and never guess.

`catalogue` imports the rooms on first use; the rooms import their domain libraries inside the functions, so that
listing tools loads no chemistry.
"""

from agent.tools._declare import FilePath, Injected, InputFile, Tool, tool
from agent.tools._results import empty, failed, ok, progress
from agent.tools.catalogue import Catalogue, catalogue

__all__ = [
    "Catalogue",
    "FilePath",
    "Injected",
    "InputFile",
    "Tool",
    "catalogue",
    "empty",
    "failed",
    "ok",
    "progress",
    "tool",
]
