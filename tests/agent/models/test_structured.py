import json
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from agent.models.structured import closed_schema, complaints, find_object, instruction, response_format


class Part(BaseModel):
    name: str
    weight: float | None = None


class Whole(BaseModel):
    title: str = "none"
    kind: Literal["a", "b"] = "a"
    parts: list[Part] = []


class Open(BaseModel):
    arguments: dict[str, Any] = {}


class Bounded(BaseModel):
    text: str = Field(max_length=5)


def test_every_object_of_the_schema_is_closed_and_every_property_required():
    schema = closed_schema(Whole)
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["title", "kind", "parts"]
    assert schema["$defs"]["Part"]["required"] == ["name", "weight"]
    assert schema["$defs"]["Part"]["additionalProperties"] is False
    assert "default" not in json.dumps(schema)


def test_a_property_called_title_is_kept():
    assert closed_schema(Whole)["properties"]["title"] == {"type": "string"}


@pytest.mark.parametrize(("record", "expected"), [(Whole, True), (Open, False), (Bounded, False)])
def test_strict_mode_is_asked_for_only_where_it_is_defined(record, expected):
    assert response_format(record)["json_schema"]["strict"] is expected


def test_the_instruction_carries_the_schema():
    assert json.loads(instruction(Whole).split("\n", 1)[1]) == closed_schema(Whole)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "x"}',
        'Here you are:\n```json\n{"name": "x"}\n```\nAnything else?',
        '<think>{"name": "draft"} is too short</think>{"name": "x"}',
        'With {{c5.logP}} in mind: { "name": "x"} and {"name": "y"}',
    ],
)
def test_the_object_is_found_wherever_it_stands(text):
    assert find_object(text) == {"name": "x"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("<think>hm</think> ", "empty"),
        ("I cannot do that.", "no JSON object"),
        ("[1, 2]", "no JSON object"),
        ('{"name": "x', "breaks off"),
        ('{"name": {"name": "x"}, "b', "breaks off"),
        ('{"value": NaN}', "NaN"),
    ],
)
def test_what_is_no_object_is_said(text, says):
    with pytest.raises(ValueError, match=says):
        find_object(text)


def test_complaints_name_the_field():
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate({"kind": "c", "parts": [{}]})
    said = complaints(caught.value)
    assert "kind: input should be 'a' or 'b'" in said
    assert "parts.0.name: field required" in said
