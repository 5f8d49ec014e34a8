"""Only the configured address is contacted, nothing is reported anywhere, and importing loads no client."""

import os
import subprocess
import sys

import pytest
from support.scripted_model import ScriptedModel, redirects, says, scripted_model

from agent.errors import ModelError
from agent.models import ChatModel, silence_tracing, user

__all__ = ["scripted_model"]

QUESTION = [user("Hello?")]
SWITCHES = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")


async def test_a_redirect_to_another_server_is_not_followed(scripted_model):
    other = ScriptedModel()
    scripted_model.play(redirects(other.url + "/chat/completions"))
    with pytest.raises(ModelError, match="another address"):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")
    assert other.requests == []
    other.close()


async def test_a_proxy_of_the_environment_is_not_used(scripted_model, monkeypatch):
    proxy = ScriptedModel()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    scripted_model.play(says("straight"))
    assert (await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")).text == "straight"
    assert proxy.requests == []
    proxy.close()


def test_every_connection_goes_to_the_configured_address(scripted_model):
    """An audit hook in a process of its own sees every connection and look-up, with tracing asked for."""
    scripted_model.play(says("ok"))
    program = """
import asyncio, os, sys
from agent.models import ChatModel, ModelConfig, user
seen = set()
def hook(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        seen.add(arguments[1][:2])
    elif event == "socket.getaddrinfo":
        seen.add(arguments[:2])
sys.addaudithook(hook)
model = ChatModel(ModelConfig(model="m", base_url=os.environ["ADDRESS"]))
asyncio.run(model.ask([user("Hello?")], purpose="p"))
print({(str(host), int(port)) for host, port in seen})
"""
    environment = {**os.environ, "ADDRESS": scripted_model.url, "LANGSMITH_API_KEY": "lsv2-test"}
    environment |= dict.fromkeys(SWITCHES, "true")
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    port = int(scripted_model.url.split(":")[2].split("/")[0])
    assert ran.stdout.strip() == str({("127.0.0.1", port)})


def test_tracing_is_off_even_if_the_environment_asks_for_it(monkeypatch):
    from langsmith import utils

    for name in SWITCHES:
        monkeypatch.setenv(name, "true")
    utils.get_env_var.cache_clear()
    assert utils.tracing_is_enabled() is True
    silence_tracing()
    assert utils.tracing_is_enabled() is False


def test_importing_the_models_loads_no_client():
    heavy = ("openai", "httpx", "httpx2", "langchain_core", "langchain_openai", "langsmith", "tiktoken", "certifi")
    program = f"import sys, agent.models; print([name for name in {heavy!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "[]"
