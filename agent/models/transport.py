"""One request to the configured address, and what its failures mean.

The ``openai`` client does the protocol. It gets a connection of its own that follows no redirect and reads no proxy
from the environment, so that the configured address is the only one contacted, and it retries nothing:
`agent.models.chat` does, within the account and the time limit.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from agent.errors import EngineMissing, ModelError
from agent.models.config import ModelConfig
from agent.models.wire import Completion, OnText, RawReply

if TYPE_CHECKING:
    import ssl

    from openai import APIStatusError, AsyncOpenAI

PATIENCE = 10
"""An answer may drip on for this many timeouts before the call is given up."""

CONNECT_SECONDS = 10.0
"""A server that does not even accept a connection in this time is not there."""

WAY_OUT = "Check that the server runs and that `base_url` is its address, or use the playbook reasoner."

_TOO_LONG = ("context length", "context_length", "context size", "context window", "too long")


class Transient(Exception):
    """The request failed in a way that may pass.

    Args:
        error: What to raise when patience is at an end.
        wait: Seconds that the server asks to wait; ``None`` if it does not say.
    """

    def __init__(self, error: ModelError, *, wait: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait = wait


class Rejected(Exception):
    """The server refuses the request as it is; another form of it may pass.

    Args:
        error: What to raise when there is no other form.
        complaint: What the server says.
        too_long: Question and answer together do not fit the model's context.
    """

    def __init__(self, error: ModelError, complaint: str, *, too_long: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.complaint = complaint
        self.too_long = too_long


async def request(config: ModelConfig, body: dict[str, Any], reply: RawReply, on_text: OnText | None) -> None:
    """Make one chat completion request.

    Args:
        config: Address, key and timeout.
        body: Parameters of the chat completion, ``stream`` included.
        reply: Filled as the answer arrives, so that a broken one is not lost.
        on_text: Called with each piece of text.

    Raises:
        Transient: Another attempt may succeed.
        Rejected: Another form of the request may succeed.
        ModelError: Neither will help.
        EngineMissing: The ``openai`` package is not installed.
    """
    try:
        import openai
    except ImportError as error:
        raise EngineMissing(
            "The package 'openai' is not installed, and a chat model is configured.",
            remedy="Install gedanken[models], or use the playbook reasoner.",
        ) from error

    where = f"The model server at {config.base_url}"
    broken = ModelError(f"{where} broke off in the middle of its answer.", remedy=WAY_OUT)
    key = config.api_key.get_secret_value() if config.api_key else "none"
    try:
        async with asyncio.timeout(config.timeout * PATIENCE), _connection(openai, config, key) as client:
            await _receive(client, body, reply, on_text)
    except (TimeoutError, openai.APITimeoutError) as error:
        raise ModelError(
            f"{where} did not answer within {config.timeout:g} s.",
            remedy="Raise `model_timeout` if it is only slow, or use the playbook reasoner.",
        ) from error
    except openai.APIStatusError as error:
        raise _status_error(config, where, error) from None  # the response may repeat the key
    except openai.APIConnectionError as error:
        if reply.written:
            raise Transient(broken) from error
        raise ModelError(f"{where} cannot be reached ({_root(error)}).", remedy=WAY_OUT) from error
    except openai.APIError as error:
        failed = f"{where} failed while answering: {_clean(config, error.message)}."
        raise Transient(ModelError(failed, remedy=WAY_OUT)) from None
    except ValueError as error:  # no JSON, no UTF-8, or JSON of another kind
        raise Transient(
            ModelError(
                f"{where} answered something that is not the OpenAI protocol.",
                remedy="Check that `base_url` is the address of the API, usually ending in /v1.",
            )
        ) from error
    if reply.finish is None:
        raise Transient(broken)


def _connection(openai: Any, config: ModelConfig, key: str) -> AsyncOpenAI:
    """A client for one request: it belongs to no event loop, and there is nothing to close at the end of a run."""
    return openai.AsyncOpenAI(
        base_url=config.base_url,
        api_key=key,
        max_retries=0,
        timeout=openai.Timeout(config.timeout, connect=min(CONNECT_SECONDS, config.timeout)),
        http_client=openai.DefaultAsyncHttpxClient(trust_env=False, follow_redirects=False, verify=_certificates()),
    )


@cache
def _certificates() -> ssl.SSLContext:
    """The machine's certificate authorities (with ``SSL_CERT_FILE``, which OpenSSL reads), and certifi's."""
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


async def _receive(client: AsyncOpenAI, body: dict[str, Any], reply: RawReply, on_text: OnText | None) -> None:
    """Fill the reply from the stream, or from a plain completion where the server ignores ``stream``."""
    async with client.chat.completions.with_streaming_response.create(**body) as response:
        if "text/event-stream" not in response.headers.get("content-type", ""):
            whole = Completion.model_validate(json.loads(await response.read()))
            if not whole.choices:
                raise ValueError("no choices")
            reply.take(whole, on_text)
            return
        async for chunk in await response.parse():
            plain = chunk.model_dump(warnings=False) if isinstance(chunk, BaseModel) else chunk
            reply.take(Completion.model_validate(plain), on_text)


def _status_error(config: ModelConfig, where: str, error: APIStatusError) -> Exception:
    """What a refusal by status means."""
    status, said = error.status_code, _clean(config, _said(error))
    wait = _retry_after(error.response.headers.get("retry-after"))
    if status in (401, 403):
        return ModelError(
            f"{where} refuses {'the key' if config.api_key else 'a call without a key'} (status {status}).",
            remedy="Set `api_key` (GEDANKEN_API_KEY or OPENAI_API_KEY) to a key that is valid there.",
        )
    if status == 404:
        return ModelError(
            f"{where} knows no model '{config.model}', or its API is at another path (status 404).",
            remedy="Check `model`, and that `base_url` ends in the path of the API, usually /v1.",
        )
    if status == 429:
        busy = ModelError(f"{where} is busy (status 429: {said}).", remedy="Try again later.")
        return Transient(busy, wait=wait)
    if any(word in said.lower() for word in _TOO_LONG) and 400 <= status < 500:
        long = ModelError(
            f"The question is longer than the model '{config.model}' can read: {said}.",
            remedy="Use a model with a longer context, or ask for less at once.",
        )
        return Rejected(long, said, too_long=True)
    if status in (400, 422):
        return Rejected(ModelError(f"{where} refuses the request (status {status}: {said})."), said)
    if status >= 500 or status == 408:
        return Transient(ModelError(f"{where} fails (status {status}: {said}).", remedy=WAY_OUT), wait=wait)
    if 300 <= status < 400:
        return ModelError(
            f"{where} points to another address (status {status}), which is not followed.",
            remedy="Set `base_url` to the address that answers itself.",
        )
    return ModelError(f"{where} answers with status {status}: {said}.", remedy=WAY_OUT)


def _said(error: APIStatusError) -> str:
    """The server's own words, where it keeps to the protocol's form of an error."""
    body = error.body
    said = body.get("message") if isinstance(body, dict) else body
    return said if isinstance(said, str) and said.strip() else error.message


def _retry_after(header: str | None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, given as seconds or as a date (RFC 9110, section 10.2.3)."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _clean(config: ModelConfig, message: str) -> str:
    """A server's message, short and without the key, which some servers repeat."""
    if config.api_key is not None and config.api_key.get_secret_value():
        message = message.replace(config.api_key.get_secret_value(), "***")
    message = " ".join(message.split()).rstrip(".")
    return message if len(message) <= 200 else message[:197] + "..."


def _root(error: BaseException) -> str:
    """The innermost cause, in its own words."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return str(error) or type(error).__name__
