"""The molecules room: resolving, describing, designing, estimating, comparing and drawing small molecules."""

from agent.tools.molecules import admet, description, design, drawing, identity
from agent.tools.molecules.activity import tool as activity
from agent.tools.molecules.enumeration import tools as enumeration
from agent.tools.molecules.evolution import tool as evolution
from agent.tools.molecules.library import tool as library
from agent.tools.molecules.shapes import tool as shapes
from agent.tools.molecules.synthesis import tool as synthesis

__all__ = [
    "activity",
    "admet",
    "description",
    "design",
    "drawing",
    "enumeration",
    "evolution",
    "identity",
    "library",
    "shapes",
    "synthesis",
]
