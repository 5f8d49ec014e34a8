"""Telemetry off: what a lab asks stays in the lab, whatever the environment says."""

from __future__ import annotations

import os
import sys

_SWITCHES = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")


def silence_tracing() -> None:
    """Switch LangSmith's tracing off for this process and its children.

    LangGraph and LangChain send every input and output to LangSmith when one of these variables is set, as it may be
    on a shared machine. Call this before a graph runs; it is safe to call often.
    """
    for name in _SWITCHES:
        os.environ[name] = "false"
    utils = sys.modules.get("langsmith.utils")
    if utils is not None:  # it remembers what it has read from the environment
        utils.get_env_var.cache_clear()
