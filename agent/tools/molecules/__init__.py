"""The molecules room: resolving, describing, designing, estimating, comparing and drawing small molecules."""

from agent.tools.molecules import admet, description, design, drawing, identity
from agent.tools.molecules.evolution import tool as evolution
from agent.tools.molecules.library import tool as library

__all__ = ["admet", "description", "design", "drawing", "evolution", "identity", "library"]
