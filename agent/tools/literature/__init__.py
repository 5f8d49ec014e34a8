"""The literature tools: what the lab's own documents say, passage by passage, each with its place."""

from agent.tools.literature import answers, documents, given, novelty, passages

__all__ = ["answers", "documents", "given", "novelty", "passages"]
