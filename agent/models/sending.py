"""Putting one question to the server, as often as it takes, within the account and the time limit."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.models.account import Account, Claim, estimate_tokens
from agent.models.config import Message, ModelConfig
from agent.models.transport import Rejected, Transient, request
from agent.models.wire import OnText, RawReply
from agent.records import Usage

ATTEMPTS = 4
"""How often one request is sent when the server is busy or fails."""

FIRST_WAIT = 0.5
"""Seconds before the second attempt; doubled for each one after it, with up to half as much again of jitter."""

SHORT_REPLY = 512
"""The longest answer asked for from a model whose context does not hold the question and a longer one."""

_WORDS = {
    "response_format": ("response_format", "json_schema", "schema", "grammar"),
    "stream_options": ("stream_options", "include_usage"),
    "temperature": ("temperature",),
    "seed": ("seed",),
    "max_tokens": ("max_tokens", "max_completion_tokens"),
}
"""Parameters that a server may not know, and the words by which its refusal shows it."""


class Sender:
    """Sends requests: claims the budget, retries what may pass, and learns what a server does not know.

    Args:
        config: Where the server is, and the limits.
        account: What may be spent.
    """

    def __init__(self, config: ModelConfig, account: Account) -> None:
        self._config = config
        self._account = account
        self._unknown: set[str] = set()
        self._longest = config.reply_tokens
        self._slots = asyncio.Semaphore(config.concurrency)

    async def send(
        self,
        messages: Sequence[Message],
        *,
        extra: Mapping[str, Any],
        on_text: OnText | None,
        on_spent: Callable[[Usage], None],
    ) -> tuple[RawReply, Usage]:
        """Put one question.

        Args:
            messages: The conversation.
            extra: ``response_format`` or ``tools``.
            on_text: Gets the text as it streams; anew if a broken stream is asked for again.
            on_spent: Hears what each attempt has spent, the failed ones included.

        Returns:
            The reply, and what all attempts together have spent.

        Raises:
            BudgetSpent: What remains does not cover an attempt; it is not made.
            ModelError: The server cannot be used, or stays busy or broken for longer than the timeout.
        """
        total, failures = Usage(), 0
        async with self._slots:
            deadline = time.monotonic() + self._config.timeout
            while True:
                outcome, usage = await self._attempt(messages, extra, on_text, on_spent)
                total = total.plus(usage)
                if isinstance(outcome, RawReply):
                    return outcome, total
                if isinstance(outcome, Rejected):
                    self._give_way(outcome, extra)
                    continue
                failures += 1
                wait = _wait(outcome, failures)
                if failures == ATTEMPTS or time.monotonic() + wait > deadline:
                    raise outcome.error from outcome
                await asyncio.sleep(wait)

    async def _attempt(
        self,
        messages: Sequence[Message],
        extra: Mapping[str, Any],
        on_text: OnText | None,
        on_spent: Callable[[Usage], None],
    ) -> tuple[RawReply | Transient | Rejected, Usage]:
        """Send one request and account for it, however it ends."""
        sent = [message["content"] for message in messages]
        if "tools" in extra:
            sent.append(json.dumps(extra["tools"], ensure_ascii=False))
        claim = self._account.claim(estimate_tokens(sent), self._longest)
        reply, usage = RawReply(), Usage()
        try:
            await request(self._config, self._body(messages, claim, extra), reply, on_text)
            outcome = reply
        except (Transient, Rejected) as failure:
            outcome = failure
        finally:
            usage = self._account.settle(claim, *_tokens(reply, claim))
            if usage != Usage():
                on_spent(usage)
        return outcome, usage

    def _body(self, messages: Sequence[Message], claim: Claim, extra: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of the request: what the server is not known to refuse."""
        wanted = {
            "stream_options": {"include_usage": True},
            "temperature": self._config.temperature,
            "seed": self._config.seed,
            **extra,
        }
        # The newer name of the same limit, for the servers that refuse the older.
        limit = "max_completion_tokens" if "max_tokens" in self._unknown else "max_tokens"
        return {
            "model": self._config.model,
            "messages": list(messages),
            "stream": True,
            limit: claim.reply_tokens,
            **{name: value for name, value in wanted.items() if value is not None and name not in self._unknown},
        }

    def _give_way(self, refusal: Rejected, extra: Mapping[str, Any]) -> None:
        """Remember what the server does not take, or raise if it is nothing that can be left out."""
        if refusal.too_long:
            if self._longest <= SHORT_REPLY:
                raise refusal.error from refusal
            self._longest = SHORT_REPLY
            return
        complaint = refusal.complaint.lower()
        known = [name for name in _WORDS if name not in self._unknown]
        sent = [name for name in known if name != "response_format" or name in extra]
        named = [name for name in sent if any(word in complaint for word in _WORDS[name])]
        if not named and "response_format" in sent:
            named = ["response_format"]  # the part that servers most often cannot do, and do not always name
        if not named:
            raise refusal.error from refusal
        self._unknown.add(named[0])


def _tokens(reply: RawReply, claim: Claim) -> tuple[int, int]:
    """Input and output tokens of a request: the server's count, else an estimate; nothing if nothing came back."""
    if reply.finish is None and not reply.written:
        return 0, 0
    sent = claim.input_tokens if reply.input_tokens is None else reply.input_tokens
    written = estimate_tokens([reply.written]) if reply.output_tokens is None else reply.output_tokens
    return sent, written


def _wait(failure: Transient, failures: int) -> float:
    """Seconds before the next attempt: what the server asks for, else twice as long each time, with jitter."""
    if failure.wait is not None:
        return failure.wait
    return FIRST_WAIT * 2 ** (failures - 1) * random.uniform(1.0, 1.5)
