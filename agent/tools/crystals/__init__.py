"""The crystals room: describing structures, making them from compositions, diffraction, and a pretrained potential."""

from agent.tools.crystals import composition_tools, energy_tools, structure_tools, xrd_tools

__all__ = ["composition_tools", "energy_tools", "structure_tools", "xrd_tools"]
