"""The account of a model's tokens and money: claimed before a call, settled after it, never overdrawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from agent.errors import BudgetSpent
from agent.models.config import ModelConfig
from agent.records import Usage

BYTES_PER_TOKEN = 3
"""UTF-8 bytes to a token, for estimates. English prose has about four and JSON or Korean about three: the smaller
number errs towards stopping early."""

MESSAGE_TOKENS = 4
"""Tokens that a chat template adds to each message."""

SHORTEST_REPLY = 16
"""A call that could be answered in fewer tokens than this is not worth making."""


def estimate_tokens(texts: Iterable[str]) -> int:
    """Estimate how many tokens messages take, without the model's vocabulary.

    Args:
        texts: The content of each message.

    Returns:
        One token for every three bytes of UTF-8, rounded up, and four a message for the chat template.
    """
    return sum(math.ceil(len(text.encode()) / BYTES_PER_TOKEN) + MESSAGE_TOKENS for text in texts)


@dataclass(frozen=True)
class Claim:
    """What a call in flight may use at most.

    Attributes:
        input_tokens: Estimate of what is sent.
        reply_tokens: The longest answer that the remaining budget covers.
    """

    input_tokens: int
    reply_tokens: int


class Account:
    """What was spent, what calls in flight may still spend, and what remains.

    Args:
        config: Prices and caps.
        spent: What an earlier part of the same run has spent.
    """

    def __init__(self, config: ModelConfig, spent: Usage | None = None) -> None:
        self._config = config
        self._claims: list[Claim] = []
        self.spent = spent or Usage()

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """The price of a call in USD."""
        return (input_tokens * self._config.input_price + output_tokens * self._config.output_price) / 1e6

    def claim(self, input_tokens: int, reply: int) -> Claim:
        """Set aside what a call may use, or refuse it.

        Args:
            input_tokens: Estimate of what will be sent.
            reply: Tokens of the longest answer that is wanted.

        Returns:
            The claim, to be settled when the call has ended.

        Raises:
            BudgetSpent: What remains does not cover the call.
        """
        if self._config.max_tokens is not None:
            held = sum(claim.input_tokens + claim.reply_tokens for claim in self._claims)
            left = self._config.max_tokens - self.spent.input_tokens - self.spent.output_tokens - held
            reply = min(reply, left - input_tokens)
            if reply < SHORTEST_REPLY:
                raise BudgetSpent(
                    f"The model's budget of {self._config.max_tokens:,} tokens does not cover the next call: "
                    f"{max(left, 0):,} remain and the question alone takes about {input_tokens:,}.",
                    remedy="Raise `max_tokens`, or go on without a model.",
                )
        if self._config.max_cost is not None:
            held = sum(self.cost(claim.input_tokens, claim.reply_tokens) for claim in self._claims)
            left = self._config.max_cost - self.spent.cost_usd - held
            after_question = left - self.cost(input_tokens, 0)
            if self._config.output_price > 0:
                reply = min(reply, math.floor(after_question / self._config.output_price * 1e6))
            if after_question < 0 or reply < SHORTEST_REPLY:
                raise BudgetSpent(
                    f"The model's budget of {self._config.max_cost:g} USD does not cover the next call: "
                    f"{max(left, 0):.4g} USD remain and the question alone costs about "
                    f"{self.cost(input_tokens, 0):.4g} USD.",
                    remedy="Raise `max_cost`, or go on without a model.",
                )
        claim = Claim(input_tokens, reply)
        self._claims.append(claim)
        return claim

    def settle(self, claim: Claim, input_tokens: int, output_tokens: int) -> Usage:
        """Replace a claim by what was used.

        Args:
            claim: As `claim` returned it.
            input_tokens: Tokens that were sent.
            output_tokens: Tokens that came back.

        Returns:
            What this call has spent.
        """
        self._claims.remove(claim)
        usage = Usage(
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cost_usd=self.cost(input_tokens, output_tokens),
        )
        self.spent = self.spent.plus(usage)
        return usage
