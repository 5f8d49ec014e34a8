"""Reading a space file (TOML, or JSON with the same keys)."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent.campaign.records import Campaign
from agent.errors import ConflictError, InputError
from agent.tools.optimisation.space import Space
from agent.units import parse_unit

SETTINGS = ("batch", "seed", "margin", "stop_below", "replicates", "learn_from")


def read_campaign(name: str, path: Path, **changed: Any) -> Campaign:
    """A new campaign from its space file.

    Args:
        name: Its name.
        path: The space file: ``[[parameters]]``, ``[[constraints]]``, ``[[objectives]]``, ``base_cost``, ``[costs.*]``,
            and ``batch``, ``seed``, ``margin``, ``stop_below``, ``replicates``, ``learn_from``.
        changed: Settings in place of those of the file; ``None`` leaves the file's.

    Raises:
        InputError: The file cannot be read, or does not fit; the message names the place.
        ConflictError: No setting meets the constraints.
    """
    plain = _read(path)
    settings = {key: plain.pop(key) for key in SETTINGS if key in plain}
    settings |= {key: value for key, value in changed.items() if value is not None}
    try:
        space = Space.model_validate(plain)
        campaign = Campaign.model_validate({"name": name, "space": space.plain(), **settings})
    except ValidationError as error:
        raise InputError(f"{path} does not fit: {_complaint(error)}.", remedy="Mend that entry.") from error
    for label in (*space.factors, *(one.name for one in space.objectives)):
        try:
            parse_unit(space.unit(label))
        except InputError as error:
            raise InputError(f"{path}: {label}: {error.message}", remedy=error.remedy) from error
    if space.constraints:
        from agent.tools.optimisation.candidates import candidate_points

        try:
            candidate_points(space, limit=64)
        except ConflictError as error:
            raise ConflictError(f"{path}: {error.message}", remedy=error.remedy) from error
    return campaign


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The space file {path} cannot be read: {error}.", remedy="Name a TOML file.") from error
    try:
        plain = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:
        raise InputError(f"The space file {path} is damaged: {error}.", remedy="Mend that line.") from error
    if not isinstance(plain, dict) or not plain.get("parameters"):
        raise InputError(
            f"The space file {path} is empty: it has no parameters.", remedy="Add at least one [[parameters]] entry."
        )
    return plain


def _complaint(error: ValidationError) -> str:
    lines = []
    for item in error.errors(include_url=False)[:4]:
        where = ".".join(str(part) for part in item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        lines.append(f"{where}: {message}" if where else message)
    return "; ".join(lines)
