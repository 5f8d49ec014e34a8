"""The chat model: text, records and tool calls out of an OpenAI-compatible server, within a budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from agent.errors import GedankenError, ModelError
from agent.models import structured
from agent.models.account import Account
from agent.models.answers import Answer, Call, CheckArguments, Choice, OnCall, R, Reply, tool_call
from agent.models.config import Message, ModelConfig, ToolOffer, user
from agent.models.sending import Sender
from agent.models.tracing import silence_tracing
from agent.models.wire import OnText, RawReply
from agent.records import Usage

Judged = TypeVar("Judged")

QUOTED = 4000
"""Characters of a wrong answer that the model is shown again."""


class ChatModel:
    """A chat model behind an OpenAI-compatible address.

    Every method may raise `agent.errors.BudgetSpent` (before anything is sent) and `agent.errors.ModelError` (the
    server cannot be used, or answers nothing usable). ``on_text`` gets each piece of text as it arrives; when a
    broken stream is asked for again the text starts anew. ``on_call`` hears of every request that was paid for, the
    failed ones included.

    Args:
        config: Where it is, and what it may spend.
        spent: What an earlier part of the same run has spent already.
    """

    def __init__(self, config: ModelConfig, *, spent: Usage | None = None) -> None:
        silence_tracing()
        self.config = config
        self._account = Account(config, spent)
        self._sender = Sender(config, self._account)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.config.model

    @property
    def usage(self) -> Usage:
        """What was spent so far."""
        return self._account.spent

    async def ask(
        self,
        messages: Sequence[Message],
        *,
        purpose: str,
        on_text: OnText | None = None,
        on_call: OnCall | None = None,
    ) -> Reply:
        """Ask for text.

        Args:
            messages: The conversation so far.
            purpose: What for, as the ledger names it.
            on_text: Gets the text as it streams.
            on_call: Hears of every request.
        """
        raw, usage = await self._send(messages, {}, purpose, 0, on_text, on_call)
        return Reply(raw.text, usage, raw.finish == "length")

    async def ask_for(
        self,
        schema: type[R],
        messages: Sequence[Message],
        *,
        purpose: str,
        on_text: OnText | None = None,
        on_call: OnCall | None = None,
        repairs: int = 2,
        check: Callable[[R], object] | None = None,
    ) -> Answer[R]:
        """Ask for a record.

        The schema goes along as ``response_format`` where the server takes it and in words in any case; the answer is
        validated here whatever the server promises.

        Args:
            schema: The record to fill.
            messages: The conversation so far.
            purpose: What for, as the ledger names it.
            on_text: Gets the raw answer as it streams.
            on_call: Hears of every request.
            repairs: How often the model is shown what is wrong with its answer.
            check: Raises `GedankenError` or ``ValueError`` if a valid record still does not make sense.

        Raises:
            ModelError: The last repair failed too; the message says what was wrong.
        """
        asked = [*messages, user(structured.instruction(schema))]
        extra = {"response_format": structured.response_format(schema)}

        def judge(raw: RawReply) -> R:
            record = schema.model_validate(structured.find_object(raw.text))
            if check is not None:
                check(record)
            return record

        return Answer(*await self._repaired(asked, extra, judge, purpose, repairs, on_text, on_call))

    async def choose_tools(
        self,
        messages: Sequence[Message],
        tools: Sequence[ToolOffer],
        *,
        purpose: str,
        on_text: OnText | None = None,
        on_call: OnCall | None = None,
        repairs: int = 2,
        check: CheckArguments | None = None,
    ) -> Choice:
        """Offer tools and return the calls that the model asks for; nothing is called here.

        Args:
            messages: The conversation so far.
            tools: What may be asked for.
            purpose: What for, as the ledger names it.
            on_text: Gets the accompanying text as it streams.
            on_call: Hears of every request.
            repairs: How often the model is shown what is wrong with its calls.
            check: Validates the arguments of each call.

        Raises:
            ModelError: The last repair failed too; the message says what was wrong.
        """
        extra = {"tools": [{"type": "function", "function": dict(offer)} for offer in tools]}
        names = {offer["name"] for offer in tools}

        def judge(raw: RawReply) -> Choice:
            calls = tuple(tool_call(call, names, check) for call in raw.calls)
            return Choice(raw.text, calls, Usage(), 0)

        choice, usage, repaired = await self._repaired(messages, extra, judge, purpose, repairs, on_text, on_call)
        return choice._replace(usage=usage, repaired=repaired)

    async def _repaired(
        self,
        messages: Sequence[Message],
        extra: Mapping[str, Any],
        judge: Callable[[RawReply], Judged],
        purpose: str,
        repairs: int,
        on_text: OnText | None,
        on_call: OnCall | None,
    ) -> tuple[Judged, Usage, int]:
        """Ask, judge, and show the model what is wrong, until it is right or patience is at an end."""
        conversation, total, wrong = list(messages), Usage(), ""
        for repair in range(repairs + 1):
            raw, usage = await self._send(conversation, extra, purpose, repair, on_text, on_call)
            total = total.plus(usage)
            try:
                return judge(raw), total, repair
            except (ValueError, GedankenError) as error:
                wrong = _complaint(raw, error).rstrip(".")
            conversation += [
                {"role": "assistant", "content": raw.written[:QUOTED] or "(nothing)"},
                user(f"That cannot be used: {wrong}. Answer again, in the form that was asked for."),
            ]
        raise ModelError(
            f"The model '{self.name}' gave no usable answer to '{purpose}' in {repairs + 1} attempts: {wrong}.",
            remedy="Use a stronger model, or the playbook reasoner.",
        )

    async def _send(
        self,
        messages: Sequence[Message],
        extra: Mapping[str, Any],
        purpose: str,
        repair: int,
        on_text: OnText | None,
        on_call: OnCall | None,
    ) -> tuple[RawReply, Usage]:
        def spent(usage: Usage) -> None:
            if on_call is not None:
                on_call(Call(purpose, self.name, usage, repair))

        return await self._sender.send(messages, extra=extra, on_text=on_text, on_spent=spent)


def _complaint(raw: RawReply, error: Exception) -> str:
    """What is wrong with an answer, in words a model can act on."""
    if raw.finish == "length":
        return "the answer was cut off because it was too long"
    if isinstance(error, ValidationError):
        return structured.complaints(error)
    return str(error)
