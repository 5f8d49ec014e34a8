"""What a chat model answers when the server does as it should."""

import asyncio

import pytest
from pydantic import BaseModel
from support.scripted_model import answers, asks_for, rejects, responds, says, scripted_model, unstreamed

from agent.errors import InputError, ModelError
from agent.models import Call, ChatModel, ModelConfig, ToolOffer, configured, system, user
from agent.models.account import estimate_tokens
from agent.records import Usage
from agent.settings import load_settings

__all__ = ["scripted_model"]

QUESTION = [system("Be brief."), user("What is logP?")]


class Point(BaseModel):
    x: int
    y: int


ADD: ToolOffer = {
    "name": "add",
    "description": "Adds.",
    "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
}


async def test_text_streams_and_is_accounted_for(scripted_model):
    scripted_model.play(says("A partition coefficient: 옥탄올/물", usage=(17, 9)))
    model = ChatModel(scripted_model.config(input_price=1.0, output_price=2.0))
    pieces, calls = [], []
    reply = await model.ask(QUESTION, purpose="explain", on_text=pieces.append, on_call=calls.append)
    assert reply.text == "A partition coefficient: 옥탄올/물" == "".join(pieces)
    assert len(pieces) > 3
    assert not reply.truncated
    spent = Usage(input_tokens=17, output_tokens=9, cost_usd=35e-6)
    assert reply.usage == model.usage == spent
    assert calls == [Call("explain", "scripted-model", spent)]


async def test_the_request_is_an_openai_chat_completion(scripted_model):
    scripted_model.play(says("ok"))
    await ChatModel(scripted_model.config(api_key="sk-test", seed=7)).ask(QUESTION, purpose="p")
    request = scripted_model.requests[0]
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == "Bearer sk-test"
    assert request.body == {
        "model": "scripted-model",
        "messages": QUESTION,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 4096,
        "temperature": 0.0,
        "seed": 7,
    }


async def test_usage_is_estimated_where_the_server_does_not_count(scripted_model):
    scripted_model.play(says("one two three", usage=None))
    reply = await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")
    assert reply.usage.input_tokens == estimate_tokens(message["content"] for message in QUESTION)
    assert reply.usage.output_tokens == estimate_tokens(["one two three"])


async def test_a_server_that_ignores_stream_is_understood(scripted_model):
    scripted_model.play(unstreamed(says("whole")), unstreamed(asks_for(("add", {"a": 1}), ("add", {"a": 2}))))
    model = ChatModel(scripted_model.config())
    pieces = []
    assert (await model.ask(QUESTION, purpose="p", on_text=pieces.append)).text == "whole"
    assert pieces == ["whole"]
    choice = await model.choose_tools(QUESTION, [ADD], purpose="p")
    assert [call.arguments for call in choice.calls] == [{"a": 1}, {"a": 2}]


async def test_a_cut_answer_says_so(scripted_model):
    scripted_model.play(says("only the beg", finish="length"))
    assert (await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")).truncated


async def test_a_record_comes_back_validated(scripted_model):
    scripted_model.play(answers({"x": 1, "y": 2}))
    answer = await ChatModel(scripted_model.config()).ask_for(Point, QUESTION, purpose="p")
    assert answer.record == Point(x=1, y=2)
    assert answer.repaired == 0
    asked = scripted_model.requests[0].body["response_format"]["json_schema"]
    assert asked["name"] == "Point"
    assert asked["schema"]["additionalProperties"] is False


async def test_a_wrong_record_is_repaired_by_showing_the_complaint(scripted_model):
    scripted_model.play(says("Sure!"), answers({"x": "one", "y": 2}), answers({"x": 1, "y": 2}))
    calls = []
    answer = await ChatModel(scripted_model.config()).ask_for(Point, QUESTION, purpose="p", on_call=calls.append)
    assert answer == (Point(x=1, y=2), Usage(input_tokens=60, output_tokens=30), 2)
    assert [call.repair for call in calls] == [0, 1, 2]
    assert "no JSON object" in scripted_model.requests[1].conversation
    assert "x: input should be a valid integer" in scripted_model.requests[2].conversation


async def test_a_record_that_stays_wrong_is_an_error_after_two_repairs(scripted_model):
    scripted_model.play(*[answers({"x": 1})] * 3)
    calls = []
    with pytest.raises(ModelError, match=r"no usable answer to 'p' in 3 attempts: y: field required"):
        await ChatModel(scripted_model.config()).ask_for(Point, QUESTION, purpose="p", on_call=calls.append)
    assert len(scripted_model.requests) == len(calls) == 3


async def test_a_record_that_makes_no_sense_is_repaired_too(scripted_model):
    def check(point: Point) -> None:
        if point.x > point.y:
            raise InputError("x is beyond y.")

    scripted_model.play(answers({"x": 3, "y": 2}), answers({"x": 1, "y": 2}))
    answer = await ChatModel(scripted_model.config()).ask_for(Point, QUESTION, purpose="p", check=check)
    assert answer.repaired == 1
    assert "x is beyond y" in scripted_model.requests[1].conversation


async def test_a_record_cut_short_is_told_to_be_shorter(scripted_model):
    scripted_model.play(says('{"x": 1, "y', finish="length"), answers({"x": 1, "y": 2}))
    await ChatModel(scripted_model.config()).ask_for(Point, QUESTION, purpose="p")
    assert "too long" in scripted_model.requests[1].conversation


async def test_json_in_prose_serves_where_the_server_knows_no_response_format(scripted_model):
    scripted_model.play(
        rejects("unknown parameter: response_format"),
        says('Here: ```json\n{"x": 1, "y": 2}\n```'),
        says('{"x":3,"y":4}'),
    )
    model = ChatModel(scripted_model.config())
    assert (await model.ask_for(Point, QUESTION, purpose="p")).record == Point(x=1, y=2)
    assert (await model.ask_for(Point, QUESTION, purpose="p")).record == Point(x=3, y=4)
    assert ["response_format" in request.body for request in scripted_model.requests] == [True, False, False]
    assert '"required":["x","y"]' in scripted_model.requests[1].conversation


@pytest.mark.parametrize(
    ("complaint", "gone", "instead"),
    [
        ("Unsupported value: 'temperature' does not support 0.0", "temperature", None),
        ("'max_tokens' is not supported, use 'max_completion_tokens'", "max_tokens", "max_completion_tokens"),
        ("Extra inputs are not permitted: stream_options", "stream_options", None),
    ],
)
async def test_a_parameter_that_the_server_does_not_know_is_left_out(scripted_model, complaint, gone, instead):
    scripted_model.play(rejects(complaint), says("ok"))
    assert (await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")).text == "ok"
    first, second = (request.body for request in scripted_model.requests)
    assert gone in first
    assert gone not in second
    assert instead is None or second[instead] == first[gone]


async def test_a_context_that_holds_no_long_answer_is_asked_for_a_short_one(scripted_model):
    scripted_model.play(rejects("maximum context length is 4096 tokens"), says("ok"))
    assert (await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")).text == "ok"
    assert [request.body["max_tokens"] for request in scripted_model.requests] == [4096, 512]


async def test_a_question_longer_than_the_context_is_an_error(scripted_model):
    scripted_model.play(*[rejects("maximum context length is 4096 tokens")] * 2)
    with pytest.raises(ModelError, match="longer than the model"):
        await ChatModel(scripted_model.config()).ask(QUESTION, purpose="p")


async def test_tool_calls_come_back_validated_and_nothing_is_called(scripted_model):
    scripted_model.play(asks_for(("add", {"a": 1}), text="Adding."))
    seen = []

    def check(name, arguments):
        seen.append((name, arguments))
        return {**arguments, "b": 0}

    choice = await ChatModel(scripted_model.config()).choose_tools(QUESTION, [ADD], purpose="p", check=check)
    assert choice.text == "Adding."
    assert choice.calls == (("add", {"a": 1, "b": 0}),)
    assert seen == [("add", {"a": 1})]
    assert scripted_model.requests[0].body["tools"] == [{"type": "function", "function": ADD}]


async def test_wrong_tool_calls_are_repaired(scripted_model):
    scripted_model.play(
        asks_for(("subtract", {})), asks_for(("add", '{"a": ')), asks_for(("add", {"a": 1})), says("No tool needed.")
    )
    model = ChatModel(scripted_model.config())
    choice = await model.choose_tools(QUESTION, [ADD], purpose="p")
    assert (choice.calls, choice.repaired) == ((("add", {"a": 1}),), 2)
    assert "there is no tool 'subtract'; the tools are add" in scripted_model.requests[1].conversation
    assert "are no JSON" in scripted_model.requests[2].conversation
    assert (await model.choose_tools(QUESTION, [ADD], purpose="p")).calls == ()


async def test_tool_calls_that_stay_wrong_are_an_error(scripted_model):
    scripted_model.play(*[asks_for(("add", "[1]"))] * 3)
    with pytest.raises(ModelError, match="have to be a JSON object"):
        await ChatModel(scripted_model.config()).choose_tools(QUESTION, [ADD], purpose="p")


async def test_requests_in_flight_are_bounded(scripted_model):
    flying, most = set(), []

    def reply(request):
        flying.add(id(request))
        most.append(len(flying))
        import time

        time.sleep(0.05)
        flying.discard(id(request))
        return says("ok")

    scripted_model.play(responds(reply))
    model = ChatModel(scripted_model.config(concurrency=2))
    replies = await asyncio.gather(*(model.ask(QUESTION, purpose=str(i)) for i in range(6)))
    assert len(replies) == 6
    assert max(most) == 2


def test_the_settings_configure_a_model():
    settings = load_settings(
        model="m", base_url="http://127.0.0.1:9/v1", api_key="k", input_price=1.5, max_tokens=99, model_timeout=7.0
    ).settings
    config = configured(settings)
    assert isinstance(config, ModelConfig)
    assert (config.model, config.base_url, config.timeout) == ("m", "http://127.0.0.1:9/v1", 7.0)
    assert (config.input_price, config.max_tokens) == (1.5, 99)
    assert config.api_key is not None
    assert config.api_key.get_secret_value() == "k"


def test_no_model_named_means_no_model():
    assert configured(load_settings().settings) is None


def test_a_key_alone_belongs_to_the_convention_s_address():
    config = configured(load_settings(model="m", api_key="k").settings)
    assert config is not None
    assert config.base_url == "https://api.openai.com/v1"


def test_a_model_without_any_address_is_refused():
    with pytest.raises(InputError, match="no address") as caught:
        configured(load_settings(model="m").settings)
    assert "OPENAI_BASE_URL" in caught.value.remedy
