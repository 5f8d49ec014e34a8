"""References between steps: ``${s1.data.smiles}`` in an argument stands for that part of step ``s1``'s result."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from agent.errors import RepairableToolError

REFERENCE = re.compile(r"\$\{(s\d+)\.([\w.]+)\}")


def fill(value: Any, payload: Callable[[str], Mapping[str, Any]]) -> Any:
    """Replace every reference in an argument, however deep.

    Args:
        value: An argument as planned.
        payload: Gives a step's whole result as plain data.

    Returns:
        The argument with references replaced; a string that is one reference becomes the value itself.

    Raises:
        RepairableToolError: A reference points to nothing; the message says what there is.
    """
    if isinstance(value, str):
        whole = REFERENCE.fullmatch(value)
        if whole:
            return _look_up(whole, payload)
        return REFERENCE.sub(lambda match: str(_look_up(match, payload)), value)
    if isinstance(value, Mapping):
        return {key: fill(item, payload) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill(item, payload) for item in value]
    return value


def _look_up(reference: re.Match[str], payload: Callable[[str], Mapping[str, Any]]) -> Any:
    step, path = reference.groups()
    here: Any = payload(step)
    for part in path.split("."):
        if isinstance(here, Mapping) and part in here:
            here = here[part]
        elif isinstance(here, list) and part.isdigit() and int(part) < len(here):
            here = here[int(part)]
        else:
            there = ", ".join(here) if isinstance(here, Mapping) else f"a {type(here).__name__}"
            raise RepairableToolError(
                f"{reference[0]} points to nothing: '{part}' is not in the result of {step}.",
                remedy=f"There is: {there or 'nothing'}.",
            )
    return here
