"""What arrives on the wire: the parts of a chat completion that are read, and how pieces of it make a reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel

OnText = Callable[[str], None]


class _Function(BaseModel):
    name: str | None = None
    arguments: str | None = None


class _ToolCall(BaseModel):
    index: int | None = None
    function: _Function | None = None


class _Content(BaseModel):
    content: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(BaseModel):
    delta: _Content | None = None
    message: _Content | None = None
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Completion(BaseModel):
    """A chat completion, or one chunk of a streamed one. Fields that nobody here reads are ignored."""

    choices: list[_Choice] | None = None
    usage: _Usage | None = None


@dataclass
class RawCall:
    """A tool call as the model wrote it: the arguments are text that claims to be JSON."""

    name: str = ""
    arguments: str = ""


@dataclass
class RawReply:
    """What one request has brought so far, before anybody has judged it.

    Attributes:
        text: The text of the answer.
        calls: The tool calls in it.
        finish: Why the model stopped; ``None`` as long as it has not.
        input_tokens: Tokens of the question, where the server counts them.
        output_tokens: Tokens of the answer, where the server counts them.
    """

    text: str = ""
    calls: list[RawCall] = field(default_factory=list)
    finish: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None

    @property
    def written(self) -> str:
        """All that the model wrote, for estimating what it cost."""
        return self.text + "".join(call.name + call.arguments for call in self.calls)

    def take(self, piece: Completion, on_text: OnText | None) -> None:
        """Add a chunk, or a whole completion."""
        if piece.usage is not None:
            self.input_tokens = piece.usage.prompt_tokens
            self.output_tokens = piece.usage.completion_tokens
        if not piece.choices:
            return
        choice = piece.choices[0]
        content = choice.delta or choice.message or _Content()
        if content.content:
            self.text += content.content
            if on_text is not None:
                on_text(content.content)
        for position, call in enumerate(content.tool_calls or ()):
            # Chunks number the call they continue; the calls of a whole completion carry no number.
            index = position if call.index is None else call.index
            while len(self.calls) <= index:
                self.calls.append(RawCall())
            if call.function is not None:
                self.calls[index].name += call.function.name or ""
                self.calls[index].arguments += call.function.arguments or ""
        if choice.finish_reason or choice.message is not None:
            self.finish = choice.finish_reason or "stop"
