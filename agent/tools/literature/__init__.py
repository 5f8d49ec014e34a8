"""The literature tools: what the lab's own documents say, passage by passage, each with its place."""

from agent.tools.literature import answers, documents, novelty, passages

__all__ = ["answers", "documents", "novelty", "passages"]
