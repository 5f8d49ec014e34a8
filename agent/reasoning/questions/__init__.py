"""Questions with one answer: read the words, compute with tools, and choose only what the computation decides."""

from agent.reasoning.questions.answering import Answer, answer_question
from agent.reasoning.questions.calls import Call, call_inline

__all__ = ["Answer", "Call", "answer_question", "call_inline"]
