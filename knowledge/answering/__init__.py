"""Answers from documents: sentences that answer, each with its place; what they support, and where they disagree."""

from knowledge.answering.contradiction import disagreement
from knowledge.answering.extractive import Answer, Disagreement, Statement, answer
from knowledge.answering.support import Support, check_support

__all__ = ["Answer", "Disagreement", "Statement", "Support", "answer", "check_support", "disagreement"]
