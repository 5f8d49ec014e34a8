"""Screening a library: a file of many molecules, in chunks, on every worker there is."""

from agent.tools.molecules.library import tool

__all__ = ["tool"]
