"""Chat models behind any OpenAI-compatible address: asked, accounted for, and never trusted.

`ChatModel` is the only way to a model. It contacts the configured address and nothing else, streams, retries what is
worth retrying, checks every structured answer against its schema, and refuses a call that the remaining tokens or
money would not cover. The ``openai`` package is loaded with the first call, not with this module.
"""

from agent.models.answers import Answer, Call, Choice, OnCall, Reply, ToolCall
from agent.models.chat import ChatModel
from agent.models.config import Message, ModelConfig, ToolOffer, configured, system, user
from agent.models.tracing import silence_tracing

__all__ = [
    "Answer",
    "Call",
    "ChatModel",
    "Choice",
    "Message",
    "ModelConfig",
    "OnCall",
    "Reply",
    "ToolCall",
    "ToolOffer",
    "configured",
    "silence_tracing",
    "system",
    "user",
]
