"""What a chat model is reached by, and the messages and tools that it is shown."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from pydantic import Field, SecretStr

from agent.errors import InputError
from agent.records import Record
from agent.settings import Settings

OPENAI_ADDRESS = "https://api.openai.com/v1"
"""Where a key without an address belongs, by the convention of ``OPENAI_API_KEY``."""


class Message(TypedDict):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class ToolOffer(TypedDict):
    """A tool as it is shown to a model: its name, its description and the JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]


def system(text: str) -> Message:
    """A message that says what the model is to do."""
    return {"role": "system", "content": text}


def user(text: str) -> Message:
    """A message that carries the matter at hand."""
    return {"role": "user", "content": text}


class ModelConfig(Record):
    """How a chat model is reached and what it may spend.

    Attributes:
        model: The name that the server knows it by.
        base_url: Address of an OpenAI-compatible server, up to and including ``/v1``.
        api_key: Key for that server; local servers need none.
        timeout: Seconds of silence after which a call is given up; also bounds the waits between attempts.
        input_price: USD per million input tokens.
        output_price: USD per million output tokens.
        max_tokens: Tokens, input and output together, that may be spent in all.
        max_cost: USD that may be spent in all.
        reply_tokens: The longest single answer.
        temperature: Sampling temperature; 0 repeats where the server can.
        seed: Sampling seed, for servers that take one.
        concurrency: Requests in flight at once.
    """

    model: str
    base_url: str
    api_key: SecretStr | None = None
    timeout: float = Field(default=60.0, gt=0)
    input_price: float = Field(default=0.0, ge=0)
    output_price: float = Field(default=0.0, ge=0)
    max_tokens: int | None = Field(default=None, gt=0)
    max_cost: float | None = Field(default=None, ge=0)
    reply_tokens: int = Field(default=4096, gt=0)
    temperature: float | None = Field(default=0.0, ge=0)
    seed: int | None = None
    concurrency: int = Field(default=4, gt=0)


def configured(settings: Settings) -> ModelConfig | None:
    """The model that the settings name, or ``None`` where they name none.

    Args:
        settings: What `agent.settings.load_settings` gathered.

    Raises:
        InputError: A model is named, but neither an address nor a key says where it is.
    """
    if settings.model is None:
        return None
    if settings.base_url is None and settings.api_key is None:
        raise InputError(
            f"The model '{settings.model}' is named, but no address says where it is.",
            remedy="Set `base_url` (or OPENAI_BASE_URL) to the server's address, or `api_key` (or OPENAI_API_KEY).",
        )
    return ModelConfig(
        model=settings.model,
        base_url=settings.base_url or OPENAI_ADDRESS,
        api_key=settings.api_key,
        timeout=settings.model_timeout,
        input_price=settings.input_price,
        output_price=settings.output_price,
        max_tokens=settings.max_tokens,
        max_cost=settings.max_cost,
    )
