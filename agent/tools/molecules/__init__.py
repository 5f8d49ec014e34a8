"""The molecules room: resolving, describing, designing, estimating, comparing and drawing small molecules."""

from agent.tools.molecules import admet, description, design, drawing, identity
from agent.tools.molecules.evolution import tool as evolution

__all__ = ["admet", "description", "design", "drawing", "evolution", "identity"]
