"""The crystals room: describing structures, making them from compositions, diffraction, and a pretrained potential."""

from agent.tools.crystals import (
    composition_tools,
    electrodes,
    energy_tools,
    known,
    minerals,
    structure_tools,
    substitution,
    xrd_tools,
)

__all__ = [
    "composition_tools",
    "electrodes",
    "energy_tools",
    "known",
    "minerals",
    "structure_tools",
    "substitution",
    "xrd_tools",
]
