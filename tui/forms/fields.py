"""Typed forms from a tool's schema: which fields there are, what was typed, and what is wrong with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.forms import lookalikes

if TYPE_CHECKING:
    from agent.tools import Tool


@dataclass(frozen=True)
class Field:
    """One argument of a tool.

    Attributes:
        name: The argument.
        type: What it takes, in words: ``text``, ``number``, ``whole number``, ``yes or no``, ``list``, ``object``, or
            another kind of text.
        description: What it is.
        required: Whether it has no default.
        default: The default.
        choices: The only values it takes, if they are few.
    """

    name: str
    type: str
    description: str = ""
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()

    @property
    def text(self) -> bool:
        """Whether what is typed is meant literally, not as JSON."""
        return self.type not in _TYPES.values() or self.type == "text"


_TYPES = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "yes or no",
    "array": "list",
    "object": "object",
}


def fields_of(tool: Tool) -> tuple[Field, ...]:
    """The fields of a tool's form, in the order of its arguments."""
    schema = tool.schema()
    required = schema.get("required", [])
    found = []
    for name, part in schema.get("properties", {}).items():
        options = [one for one in part.get("anyOf", [part]) if one.get("type") != "null"]
        kind = _TYPES.get(options[0].get("type", "string"), "text") if options else "text"
        if "$ref" in options[0] or "allOf" in options[0]:
            kind = "object"
        choices = tuple(str(one) for one in options[0].get("enum", ()))
        found.append(Field(name, kind, part.get("description", ""), name in required, part.get("default"), choices))
    return tuple(found)


def written(field: Field, value: Any) -> str:
    """A value as it stands in the form."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read(field: Field, text: str) -> Any:
    """What was typed, as a value; an empty field is its default.

    A reference to an earlier step (``${s1.data.smiles}``) stays as it is. A list may be written as JSON, or plainly:
    ``CCO; CCN`` or ``EcoRI, BamHI``. What is no JSON where a number is expected is kept as words, and the tool's own
    check says what is wrong with it.
    """
    stripped = text.strip()
    if not stripped:
        return "" if field.required else field.default
    if field.text or stripped.startswith("${"):
        return text
    try:
        return json.loads(stripped)
    except ValueError:
        if field.type == "list" and not stripped.startswith(("[", "{")):
            return _items(stripped)
        if field.type == "yes or no":
            return {"yes": True, "no": False}.get(stripped.lower(), stripped)
        return stripped


def _items(text: str) -> list[Any]:
    """The items of a list without brackets; a comma inside a word (``2,3-dimethylbutane``) separates nothing."""
    try:
        return list(json.loads(f"[{text}]"))
    except ValueError:
        return [item for item in re.split(r"\s*;\s*|,\s+", text) if item]


def refers(value: Any) -> bool:
    """Whether a value holds a reference to an earlier step, which cannot be checked before that step has run."""
    return "${" in (value if isinstance(value, str) else json.dumps(value, default=str))


def complaints(tool: Tool, arguments: dict[str, Any]) -> dict[str, str]:
    """What is wrong with arguments, by field; what refers to earlier steps is taken on trust."""
    from pydantic import ValidationError

    try:
        tool.arguments.model_validate(arguments)
    except ValidationError as error:
        found: dict[str, str] = {}
        for item in error.errors(include_url=False):
            name = str(item["loc"][0]) if item["loc"] else ""
            if not refers(arguments.get(name, "")):
                inner = ".".join(str(part) for part in item["loc"][1:])
                message = item["msg"][:1].lower() + item["msg"][1:]
                found.setdefault(name, f"{inner}: {message}" if inner else message)
        return found
    return {}


def suspicious(value: Any) -> str:
    """Characters in a value that are not what they look like, in words; empty if there are none."""
    return lookalikes.describe(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
