"""A scripted OpenAI-compatible server on loopback: it behaves, in order, as a test tells it to, and remembers.

::

    def test_something(scripted_model):
        scripted_model.play(breaks(500), says("hello"))
        ... ChatModel(scripted_model.config()) ...
        assert len(scripted_model.requests) == 2

Requests are answered by the first rule whose words occur in the conversation (`ScriptedModel.when`), else by the
script (`ScriptedModel.play`). A behaviour made with `always` stays; any other is used once. A request that finds no
behaviour left is answered with status 500 and makes `ScriptedModel.close` fail the test.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

MODEL = "scripted-model"


@dataclass(frozen=True)
class Recorded:
    """A request as it arrived. ``headers`` have lower-case names."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def conversation(self) -> str:
        """The content of all messages, one after another."""
        return "\n".join(str(message.get("content") or "") for message in self.body.get("messages", ()))


@dataclass(frozen=True)
class Behaviour:
    """What the server does with one request: a completion, or one of the ways to fail."""

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    finish: str = "stop"
    usage: tuple[int, int] | None = (20, 10)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: str = ""
    cut_after: int | None = None
    hang: bool = False
    drop: bool = False
    raw: bytes | None = None
    whole: bool = False
    stays: bool = False
    reply: Callable[[Recorded], Behaviour] | None = None


def says(text: str, *, usage: tuple[int, int] | None = (20, 10), finish: str = "stop") -> Behaviour:
    """Answers with text; ``usage`` is what it claims to have used, ``None`` if it does not say."""
    return Behaviour(text=text, usage=usage, finish=finish)


def answers(record: dict[str, Any], *, usage: tuple[int, int] | None = (20, 10)) -> Behaviour:
    """Answers with a JSON object."""
    return says(json.dumps(record, ensure_ascii=False), usage=usage)


def asks_for(*calls: tuple[str, dict[str, Any] | str], text: str = "") -> Behaviour:
    """Asks for tools: pairs of a name and arguments (a string is sent as it is, valid JSON or not)."""
    written = tuple((name, given if isinstance(given, str) else json.dumps(given)) for name, given in calls)
    return Behaviour(text=text, calls=written, finish="tool_calls")


def invents(number: str, record: dict[str, Any]) -> Behaviour:
    """Answers with a record in which every ``NUMBER`` is replaced by a figure that nothing supports."""
    return says(json.dumps(record, ensure_ascii=False).replace("NUMBER", number))


def responds(reply: Callable[[Recorded], Behaviour]) -> Behaviour:
    """Decides by the request, every time."""
    return Behaviour(reply=reply, stays=True)


def refuses_key() -> Behaviour:
    """401, repeating the key as some servers do."""
    return Behaviour(status=401, error="Incorrect API key provided: {key}")


def busy(retry_after: str | None = "0") -> Behaviour:
    """429, with ``Retry-After``."""
    return Behaviour(
        status=429, error="too many requests", headers={} if retry_after is None else {"Retry-After": retry_after}
    )


def breaks(status: int = 500) -> Behaviour:
    """A server error."""
    return Behaviour(status=status, error="something went wrong inside")


def rejects(message: str, status: int = 400) -> Behaviour:
    """Refuses the request as it is."""
    return Behaviour(status=status, error=message)


def redirects(address: str) -> Behaviour:
    """Points elsewhere."""
    return Behaviour(status=307, headers={"Location": address}, error="moved")


def hangs() -> Behaviour:
    """Accepts the request and never answers."""
    return Behaviour(hang=True)


def drops() -> Behaviour:
    """Closes the connection without a word."""
    return Behaviour(drop=True)


def cuts(text: str, after: int) -> Behaviour:
    """Streams the first characters and closes the connection in the middle."""
    return Behaviour(text=text, cut_after=after)


def garbles(body: bytes = b'data: {"choices": [{"delta": {"content": "a\n\n') -> Behaviour:
    """Streams what is no JSON."""
    return Behaviour(raw=body)


def unstreamed(behaviour: Behaviour) -> Behaviour:
    """Ignores ``stream`` and answers with one whole completion."""
    return replace(behaviour, whole=True)


def always(behaviour: Behaviour) -> Behaviour:
    """Does the same with every further request: ``always(asks_for(...))`` is a model that loops."""
    return replace(behaviour, stays=True)


class ScriptedModel:
    """The server. It listens on a free port of 127.0.0.1 from construction until `close`."""

    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self.unexpected: list[Recorded] = []
        self._script: list[Behaviour] = []
        self._rules: list[tuple[str, list[Behaviour]]] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address to configure."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def play(self, *behaviours: Behaviour) -> ScriptedModel:
        """Append to the script."""
        self._script.extend(behaviours)
        return self

    def when(self, words: str, *behaviours: Behaviour) -> ScriptedModel:
        """Behave so, in order, when the conversation holds these words."""
        self._rules.append((words, list(behaviours)))
        return self

    def config(self, **changes: Any) -> Any:
        """A `agent.models.ModelConfig` for this server."""
        from agent.models import ModelConfig

        return ModelConfig(**{"model": MODEL, "base_url": self.url, "timeout": 5.0, **changes})

    def close(self) -> None:
        """Stop listening and let hanging requests go.

        Raises:
            AssertionError: A request came that the script did not foresee.
        """
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        assert not self.unexpected, f"unforeseen request: {self.unexpected[0].conversation[:400]}"

    def _next(self, request: Recorded) -> Behaviour:
        with self._lock:
            self.requests.append(request)
            for words, behaviours in self._rules:
                if behaviours and words in request.conversation:
                    return _take(behaviours)
            if self._script:
                return _take(self._script)
            self.unexpected.append(request)
            return breaks()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Keep quiet."""

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or b"{}")
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Recorded(self.path, headers, body)
                behaviour = server._next(request)
                while behaviour.reply is not None:
                    behaviour = behaviour.reply(request)
                # A client that has given up is part of the script.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self._behave(behaviour, request)

            def _behave(self, behaviour: Behaviour, request: Recorded) -> None:
                if behaviour.hang:
                    server._closing.wait()
                if behaviour.hang or behaviour.drop:
                    self.close_connection = True
                elif behaviour.status != 200:
                    key = request.headers.get("authorization", "").removeprefix("Bearer ")
                    message = behaviour.error.replace("{key}", key)
                    self._send(behaviour.status, {"error": {"message": message}}, behaviour.headers)
                elif behaviour.raw is not None:
                    self._begin("text/event-stream", len(behaviour.raw))
                    self.wfile.write(behaviour.raw)
                elif behaviour.whole or not request.body.get("stream"):
                    self._send(200, completion(behaviour), {})
                else:
                    self._stream(behaviour)

            def _begin(self, kind: str, length: int | None) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                if length is None:
                    self.send_header("Transfer-Encoding", "chunked")
                else:
                    self.send_header("Content-Length", str(length))
                self.end_headers()

            def _send(self, status: int, plain: dict[str, Any], headers: dict[str, str]) -> None:
                content = json.dumps(plain).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def _stream(self, behaviour: Behaviour) -> None:
                self._begin("text/event-stream", None)
                for chunk in chunks(behaviour):
                    self._event(json.dumps(chunk, ensure_ascii=False))
                if behaviour.cut_after is not None:
                    self.close_connection = True
                    return
                self._event("[DONE]")
                self.wfile.write(b"0\r\n\r\n")

            def _event(self, data: str) -> None:
                content = f"data: {data}\n\n".encode()
                self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
                self.wfile.flush()

        return Handler


def chunks(behaviour: Behaviour) -> Iterator[dict[str, Any]]:
    """The chunks of a streamed completion: text in pieces of seven characters, then tool calls in halves."""
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": MODEL}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": ""})
    text = behaviour.text if behaviour.cut_after is None else behaviour.text[: behaviour.cut_after]
    for start in range(0, len(text), 7):
        yield chunk({"content": text[start : start + 7]})
    if behaviour.cut_after is not None:
        return
    for index, (name, arguments) in enumerate(behaviour.calls):
        half = len(arguments) // 2
        first = {"name": name, "arguments": arguments[:half]}
        yield chunk({"tool_calls": [{"index": index, "id": f"call_{index}", "type": "function", "function": first}]})
        yield chunk({"tool_calls": [{"index": index, "function": {"arguments": arguments[half:]}}]})
    yield chunk({}, behaviour.finish)
    if behaviour.usage is not None:
        yield {**head, "choices": [], "usage": _usage(behaviour.usage)}


def completion(behaviour: Behaviour) -> dict[str, Any]:
    """A whole completion."""
    message: dict[str, Any] = {"role": "assistant", "content": behaviour.text}
    if behaviour.calls:
        message["tool_calls"] = [
            {"id": f"call_{i}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for i, (name, arguments) in enumerate(behaviour.calls)
        ]
    plain = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": behaviour.finish}],
    }
    return plain if behaviour.usage is None else {**plain, "usage": _usage(behaviour.usage)}


def _usage(usage: Sequence[int]) -> dict[str, int]:
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}


def _take(behaviours: list[Behaviour]) -> Behaviour:
    return behaviours[0] if behaviours[0].stays else behaviours.pop(0)


@pytest.fixture
def scripted_model() -> Iterator[ScriptedModel]:
    """A scripted server for one test."""
    server = ScriptedModel()
    yield server
    server.close()
