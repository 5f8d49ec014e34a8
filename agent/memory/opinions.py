"""What the researcher says of a run's hypotheses: accepted, rejected, or a note; appended to ``verdicts.jsonl``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from agent.memory.ledger import disk_error
from agent.records import Record, now

OPINIONS = "verdicts.jsonl"


class Opinion(Record):
    """One thing that the researcher said of one hypothesis."""

    hypothesis: str
    verdict: Literal["accepted", "rejected", "open"]
    note: str = ""
    at: str = Field(default_factory=now)


def record_opinion(folder: Path, opinion: Opinion) -> None:
    """Append an opinion to the bundle.

    Raises:
        StorageError: The disk refuses.
    """
    path = folder / OPINIONS
    try:
        with path.open("ab", buffering=0) as file:
            file.write(opinion.model_dump_json().encode() + b"\n")
            os.fsync(file.fileno())
    except OSError as error:
        raise disk_error("the verdict", path, error) from error


def read_opinions(folder: Path) -> dict[str, Opinion]:
    """The latest opinion on each hypothesis, by its id; a line that is torn or damaged is passed over."""
    latest: dict[str, Opinion] = {}
    try:
        lines = (folder / OPINIONS).read_bytes().split(b"\n")
    except OSError:
        return latest
    for line in lines:
        try:
            opinion = Opinion.model_validate_json(line)
        except ValidationError:
            continue
        latest[opinion.hypothesis] = opinion
    return latest
