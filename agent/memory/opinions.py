"""What the researcher says of a run's hypotheses: accepted, rejected, or a note; appended to ``verdicts.jsonl``."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from agent.errors import GedankenError
from agent.memory.files.disk import disk_error
from agent.memory.ledger import read_ledger
from agent.memory.runs import run_folders
from agent.records import Candidate, Hypothesis, Record, Verdict, now

OPINIONS = "verdicts.jsonl"

JUDGE = "researcher"
"""Who judged, in verdicts that follow from opinions."""

MOST_RUNS = 200
"""Newest neighbouring runs whose opinions are looked at."""

_LEVELS = {"accepted": 1, "open": 0, "rejected": -1}
_CANDIDATE = re.compile(r"\bc\d+\b")


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


def opinion_verdicts(opinions: Mapping[str, Opinion], ids: Iterable[str]) -> tuple[Verdict, ...]:
    """What the opinions say about pairs: accepted beats open beats rejected.

    A hypothesis without an opinion is open. Two of one standing are not compared: the researcher has not said which
    is better, so that the other judges decide between them.

    Args:
        opinions: The latest on each hypothesis, by its id; ids that are not rated are passed over.
        ids: What is rated.

    Returns:
        One verdict of the judge ``researcher`` for every pair of different standing.
    """
    standing = {name: _LEVELS[opinions[name].verdict] if name in opinions else 0 for name in ids}
    verdicts = []
    for one, other in itertools.combinations(sorted(standing, key=lambda name: (len(name), name)), 2):
        if standing[one] == standing[other]:
            continue
        better, worse = (one, other) if standing[one] > standing[other] else (other, one)
        said = [f"{name} {opinions[name].verdict}" for name in (better, worse) if name in opinions]
        winner = "first" if better == one else "second"
        reason = f"The researcher has {' and '.join(said)}."
        verdicts.append(Verdict(first=one, second=other, winner=winner, reason=reason, judge=JUDGE))
    return tuple(verdicts)


def earlier_opinions(
    folder: Path, hypotheses: Iterable[Hypothesis], candidates: Iterable[Candidate]
) -> dict[str, Opinion]:
    """What the researcher said in neighbouring runs of the same statements.

    A statement is the same if it reads the same once its candidates are named by their structures: ``c3`` of one run
    is another molecule in the next.

    Args:
        folder: The present run's folder; its neighbours are looked at, the newest first.
        hypotheses: Those of the present run.
        candidates: Its table.

    Returns:
        The newest opinion on each, by the present run's ids. A neighbour that cannot be read says nothing.
    """
    from agent.memory.history import fold

    wanted = {_meaning(one, candidates): one.id for one in hypotheses}
    found: dict[str, Opinion] = {}
    for other in sorted(run_folders(folder.parent), reverse=True)[:MOST_RUNS]:
        if other.name == folder.name or not (other / OPINIONS).is_file():
            continue
        opinions = read_opinions(other)
        try:
            history = fold(read_ledger(other / "ledger.jsonl"))
        except (GedankenError, OSError):
            continue
        for one in history.hypotheses:
            same = wanted.get(_meaning(one, history.candidates))
            if same is not None and one.id in opinions:
                found.setdefault(same, opinions[one.id].model_copy(update={"hypothesis": same}))
    return found


def _meaning(hypothesis: Hypothesis, candidates: Iterable[Candidate]) -> str:
    """A statement and its prediction, with structures in place of ids."""
    structures = {candidate.id: candidate.structure for candidate in candidates}
    words = _CANDIDATE.sub(lambda match: structures.get(match[0], match[0]), hypothesis.statement.text)
    return json.dumps([" ".join(words.lower().split()), hypothesis.prediction.quantity, hypothesis.prediction.relation])
