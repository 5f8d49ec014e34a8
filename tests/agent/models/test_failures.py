"""What a chat model does when the server fails: retry what may pass, and say the rest in one clear sentence."""

import asyncio
import socket
import time
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import BaseModel
from support.scripted_model import (
    always,
    answers,
    breaks,
    busy,
    cuts,
    drops,
    garbles,
    hangs,
    redirects,
    refuses_key,
    rejects,
    says,
    scripted_model,
)

from agent.errors import BudgetSpent, ModelError
from agent.models import ChatModel, ModelConfig, sending, user
from agent.models.transport import _retry_after

__all__ = ["scripted_model"]

KEY = "sk-secret-" + "123"  # so that a traceback's source lines do not show it
QUESTION = [user("Hello?")]


class Point(BaseModel):
    x: int


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.01)


async def test_a_refused_key_names_the_setting_and_never_the_key(scripted_model):
    scripted_model.play(refuses_key())
    with pytest.raises(ModelError) as caught:
        await ChatModel(scripted_model.config(api_key=KEY)).ask(QUESTION, purpose="p")
    assert "refuses the key (status 401)" in str(caught.value)
    assert "OPENAI_API_KEY" in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert len(scripted_model.requests) == 1


async def test_no_key_where_one_is_needed(scripted_model):
    scripted_model.play(refuses_key())
    with pytest.raises(ModelError, match="a call without a key"):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")


async def test_a_key_that_an_error_repeats_is_hidden(scripted_model):
    scripted_model.play(rejects("key {key} may not do this", status=418))
    with pytest.raises(ModelError, match=r"key \*\*\* may not do this"):
        await ChatModel(scripted_model.config(api_key=KEY)).ask(QUESTION, purpose="p")


async def test_retry_after_is_honoured(scripted_model):
    scripted_model.play(busy("0.3"), says("ok"))
    started = time.monotonic()
    reply = await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")
    assert reply.text == "ok"
    assert time.monotonic() - started >= 0.3


async def test_a_retry_after_beyond_the_timeout_is_not_waited_for(scripted_model):
    scripted_model.play(busy("3600"))
    started = time.monotonic()
    with pytest.raises(ModelError, match="is busy"):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")
    assert time.monotonic() - started < 600, "an hour was asked for"
    assert len(scripted_model.requests) == 1


def test_retry_after_is_read_as_seconds_or_as_a_date():
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert _retry_after("2.5") == 2.5
    assert _retry_after(in_a_minute) == pytest.approx(60, abs=2)
    assert _retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert _retry_after("soon") is None
    assert _retry_after(None) is None


async def test_a_server_error_passes(scripted_model):
    scripted_model.play(breaks(500), breaks(503), says("ok"))
    reply = await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")
    assert reply.text == "ok"
    assert reply.usage.input_tokens == 20, "a failed attempt that brought nothing costs nothing"


async def test_a_server_error_that_stays_ends_after_four_attempts(scripted_model):
    scripted_model.play(always(breaks(500)))
    with pytest.raises(ModelError, match="status 500: something went wrong inside"):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")
    assert len(scripted_model.requests) == 4


async def test_waits_are_bounded_by_the_timeout(scripted_model, monkeypatch):
    monkeypatch.setattr(sending, "FIRST_WAIT", 60)
    scripted_model.play(breaks(500))
    with pytest.raises(ModelError, match="status 500"):
        await ChatModel(scripted_model.config(timeout=0.5)).ask(QUESTION, purpose="p")
    assert len(scripted_model.requests) == 1


async def test_nobody_listens_at_the_address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ModelError) as caught:
        await ChatModel(ModelConfig(model="m", base_url=address)).ask(QUESTION, purpose="p")
    assert f"{address} cannot be reached" in caught.value.message
    assert "base_url" in caught.value.remedy
    assert "\n" not in str(caught.value)


async def test_an_address_that_is_none():
    with pytest.raises(ModelError, match="cannot be reached"):
        await ChatModel(ModelConfig(model="m", base_url="not-an-address")).ask(QUESTION, purpose="p")


async def test_a_server_that_hangs_is_given_up(scripted_model):
    scripted_model.play(hangs())
    with pytest.raises(ModelError, match=r"did not answer within 0\.3 s") as caught:
        await ChatModel(scripted_model.config(timeout=0.3)).ask(QUESTION, purpose="p")
    assert scripted_model.url in str(caught.value)
    assert "model_timeout" in caught.value.remedy


async def test_a_server_that_hangs_up_at_once(scripted_model):
    scripted_model.play(drops())
    with pytest.raises(ModelError, match="cannot be reached"):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")


async def test_a_stream_cut_in_the_middle_is_asked_for_again_and_paid_for(scripted_model):
    scripted_model.play(cuts("a long answer that ends", after=12), says("a long answer"))
    pieces, calls = [], []
    model = ChatModel(scripted_model.config())
    reply = await model.ask(QUESTION, purpose="p", on_text=pieces.append, on_call=calls.append)
    assert reply.text == "a long answer"
    assert "".join(pieces) == "a long answea long answer"
    assert len(calls) == 2
    assert model.usage == calls[0].usage.plus(calls[1].usage) == reply.usage
    assert calls[0].usage.output_tokens > 0


async def test_a_stream_that_is_always_cut_is_an_error(scripted_model):
    scripted_model.play(always(cuts("never the end", after=5)))
    with pytest.raises(ModelError, match="broke off in the middle"):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")


@pytest.mark.parametrize(
    "body",
    [
        b'data: {"choices": [{"delta": {"content": "a\n\n',
        b"data: 42\n\ndata: [DONE]\n\n",
        b'data: {"choices": [{"delta": {"content": 5}}]}\n\n',
        b"<html>Welcome to the hotel's network</html>",
        b"data: \xff\xfe\n\n",
        b"",
    ],
)
async def test_what_is_not_the_protocol_is_an_error(scripted_model, body):
    scripted_model.play(always(garbles(body)))
    with pytest.raises(ModelError, match=r"not the OpenAI protocol|broke off"):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")


async def test_malformed_json_once_is_asked_for_again(scripted_model):
    scripted_model.play(garbles(), says("ok"))
    assert (await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")).text == "ok"


async def test_an_error_inside_the_stream_is_a_failure(scripted_model):
    scripted_model.play(always(garbles(b'data: {"error": {"message": "out of memory"}}\n\n')))
    with pytest.raises(ModelError, match="out of memory"):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")


@pytest.mark.parametrize(
    ("behaviour", "says_so"),
    [
        (rejects("no such model", status=404), "knows no model 'scripted-model'"),
        (rejects("the moon is full"), "refuses the request"),
        (redirects("http://127.0.0.1:9/elsewhere"), "not followed"),
    ],
)
async def test_what_no_retry_helps_is_said_at_once(scripted_model, behaviour, says_so):
    scripted_model.play(behaviour)
    with pytest.raises(ModelError, match=says_so):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")
    assert len(scripted_model.requests) == 1


async def test_a_call_beyond_the_tokens_is_refused_before_it_is_made(scripted_model):
    scripted_model.play(says("ok", usage=(50, 40)))
    model = ChatModel(scripted_model.config(max_tokens=100))
    await model.ask(QUESTION, purpose="p")
    with pytest.raises(BudgetSpent, match="10 remain"):
        await model.ask(QUESTION, purpose="p")
    assert len(scripted_model.requests) == 1
    assert scripted_model.requests[0].body["max_tokens"] < 100


async def test_a_call_beyond_the_money_is_refused_before_it_is_made(scripted_model):
    scripted_model.play(says("ok", usage=(100, 90)))
    model = ChatModel(scripted_model.config(input_price=10, output_price=100, max_cost=0.01))
    await model.ask(QUESTION, purpose="p")
    assert model.usage.cost_usd == pytest.approx(0.01)
    with pytest.raises(BudgetSpent, match=r"0\.01 USD"):
        await model.ask(QUESTION, purpose="p")
    assert len(scripted_model.requests) == 1


async def test_repairs_stop_at_the_budget(scripted_model):
    scripted_model.play(says("no", usage=(150, 140)))
    with pytest.raises(BudgetSpent):
        await ChatModel(scripted_model.config(max_tokens=300)).ask_for(Point, QUESTION, purpose="p")


async def test_a_cancelled_call_frees_its_claim(scripted_model):
    scripted_model.play(hangs(), answers({"x": 1}))
    model = ChatModel(scripted_model.config(max_tokens=1000, concurrency=1))
    task = asyncio.create_task(model.ask(QUESTION, purpose="p"))
    while not scripted_model.requests:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await model.ask_for(Point, QUESTION, purpose="p")).record == Point(x=1)
