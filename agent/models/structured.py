"""Structured answers: the schema that a server enforces, the JSON found in what it says, and what is wrong with it."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel, ValidationError

_STRICT_KEYS = {
    "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs",
    "description",
}  # fmt: skip
"""What the strict mode of ``response_format`` is defined for; a schema with more is enforced by the servers that can,
and by validation in any case."""


def closed_schema(record: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a record with every object closed and every property required.

    Servers turn the schema into a grammar; a property that may be left out, or an object that may hold more, gives a
    small model room to wander.
    """

    def close(node: Any) -> Any:
        if isinstance(node, list):
            return [close(item) for item in node]
        if not isinstance(node, dict):
            return node
        kept = {key: value for key, value in node.items() if key not in ("title", "default")}
        if "properties" in kept:
            properties = {name: close(part) for name, part in kept["properties"].items()}
            others = {key: close(value) for key, value in kept.items() if key != "properties"}
            return {
                **others,
                "properties": properties,
                "required": list(properties),
                "additionalProperties": False,
            }
        return {key: close(value) for key, value in kept.items()}

    return close(record.model_json_schema())


def strict(schema: dict[str, Any]) -> bool:
    """Whether a closed schema keeps within what strict structured output is defined for."""
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        return False
    if not set(schema) <= _STRICT_KEYS:
        return False
    parts = [
        *schema.get("properties", {}).values(),
        *schema.get("$defs", {}).values(),
        *schema.get("anyOf", ()),
        *([schema["items"]] if "items" in schema else ()),
    ]
    return all(strict(part) for part in parts)


def response_format(record: type[BaseModel]) -> dict[str, Any]:
    """The ``response_format`` parameter that asks a server to keep to the record's schema."""
    schema = closed_schema(record)
    name = re.sub(r"\W", "_", record.__name__)[:64]
    return {"type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": strict(schema)}}


def instruction(record: type[BaseModel]) -> str:
    """The sentence that asks for the schema in words, for servers that enforce nothing."""
    schema = json.dumps(closed_schema(record), ensure_ascii=False, separators=(",", ":"))
    return f"Answer with one JSON object and nothing else. It has to fit this JSON schema:\n{schema}"


def find_object(text: str) -> dict[str, Any]:
    """The first JSON object in a model's answer.

    Args:
        text: The answer: bare JSON, JSON in a code fence, or JSON after prose or a ``<think>`` block.

    Raises:
        ValueError: There is none; the message says what is there instead.
    """
    answer = text.rsplit("</think>", 1)[-1].strip()
    if not answer:
        raise ValueError("it is empty")
    start = re.search(r'\{\s*["}]', answer)  # not `{{c5.logP}}`, which prose may hold
    if start is None:
        raise ValueError(f"it holds no JSON object; it begins with {answer[:80]!r}")
    try:
        found, _ = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode(answer, start.start())
    except json.JSONDecodeError as error:
        raise ValueError(f"its JSON breaks off or is malformed ({error.msg} at character {error.pos})") from error
    return found


def _refuse_constant(name: str) -> float:
    raise ValueError(f"it holds {name}, which is no number")


def complaints(error: ValidationError) -> str:
    """What does not fit the schema, in one line a model can act on: the first dozen fields and what is wrong there."""
    lines = []
    for item in error.errors(include_url=False)[:12]:
        where = ".".join(str(part) for part in item["loc"]) or "the object"
        lines.append(f"{where}: {item['msg'].lower()}")
    return "; ".join(lines)
