"""The literature tools: what the lab's own documents say, passage by passage, each with its place."""

from agent.tools.literature import documents, passages

__all__ = ["documents", "passages"]
