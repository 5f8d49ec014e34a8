"""Tools of other people's servers (Model Context Protocol), with our envelopes, limits, approval and provenance."""

from agent.tools.outside.joining import OutsideTool, discover, remembered

__all__ = ["OutsideTool", "discover", "remembered"]
