"""Recall: what earlier runs in the same folder found that bears on a new goal."""

from __future__ import annotations

import json
import re
from pathlib import Path

from agent.errors import GedankenError
from agent.events import Recalled
from agent.memory.recalling.findings import search_findings
from agent.memory.runs import BATCH, read_info, run_folders
from agent.units import counted

MOST_RUNS = 500
"""Newest runs that are looked at."""

SHOWN = 3
_LONGEST = 200  # characters of a finding in the summary
LIKENESS = 0.35
"""Least share of common words (Jaccard) for a run to be recalled."""

_WORD = re.compile(r"[^\W_][\w.+-]*")
_COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "analyse",
        "analyze",
        "are",
        "as",
        "at",
        "best",
        "between",
        "by",
        "design",
        "experiments",
        "find",
        "for",
        "from",
        "give",
        "have",
        "i",
        "in",
        "is",
        "it",
        "like",
        "make",
        "of",
        "on",
        "or",
        "plan",
        "please",
        "propose",
        "run",
        "test",
        "than",
        "that",
        "the",
        "them",
        "these",
        "this",
        "to",
        "under",
        "us",
        "want",
        "we",
        "what",
        "which",
        "with",
    ]
)


def recall(folder: Path, goal: str) -> Recalled:
    """Look through earlier finished runs for goals like this one.

    Args:
        folder: The present run's folder; its neighbours are looked at.
        goal: The present goal.

    Returns:
        The event that says what was found, or that nothing was. The goals of a batch do not see each other: what a
        goal finds must not depend on which others happen to be finished.
    """
    if (folder.parent / BATCH).exists():
        return Recalled(summary="The goals of a batch are carried through without regard to each other.")
    words = _words(goal)
    found: list[tuple[float, str, str]] = []
    for other in sorted(run_folders(folder.parent), reverse=True)[:MOST_RUNS]:
        if other.name == folder.name:
            continue
        try:
            info = read_info(other)
        except GedankenError:
            continue  # a damaged neighbour is its own error, when somebody opens it
        theirs = _words(info.goal.text)
        likeness = len(words & theirs) / max(1, len(words | theirs))
        if info.status == "finished" and likeness >= LIKENESS:
            found.append((likeness, info.id, _best_hypothesis(other)))
    found.sort(reverse=True)
    alike = [run for _, run, _ in found[:SHOWN]]
    bearing = [
        one
        for one in search_findings(folder.parent, goal, SHOWN + len(alike), without=folder.name)
        if one.run not in alike
    ][:SHOWN]
    if not found and not bearing:
        return Recalled(summary="No earlier run in this folder bears on the goal.")
    parts = []
    if found:
        told = "; ".join(f"{run}: {best}" for _, run, best in found[:SHOWN])
        parts.append(f"{counted(len(found), 'earlier run')} on a goal like this. {told}")
    if bearing:
        told = "; ".join(f"{one.text[:_LONGEST]} ({one.source})" for one in bearing)
        parts.append(f"Findings of other runs that bear on it: {told}")
    return Recalled(summary=" ".join(parts), sources=tuple(dict.fromkeys([*alike, *(one.run for one in bearing)])))


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.lower()) if word not in _COMMON and not word.isdigit()}


def _best_hypothesis(folder: Path) -> str:
    try:
        hypotheses = json.loads((folder / "hypotheses.json").read_text(encoding="utf-8"))
        return str(hypotheses[0]["statement"])
    except (OSError, ValueError, LookupError, TypeError):
        return "no hypotheses are on record"
