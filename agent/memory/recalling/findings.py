"""Findings: what earlier runs computed, searchable beside the lab's documents and marked as computed here.

A run's bundle is enough: no index is kept. Hypotheses with their state of belief, candidates with their values, and
summaries of evidence are read from the newest finished runs and ranked by BM25, as passages are.
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from agent.errors import GedankenError
from agent.memory.runs import BATCH, RUN, read_info, run_folders

MOST_RUNS = 500
"""Newest runs that are looked at."""
LEAST = 0.3
"""Least share of the query's weighed terms that a finding has to hold."""
_CANDIDATES = 30  # best ranked candidates of a run
_OF_DOCUMENTS = (
    "search_passages", "answer_question", "find_experts", "check_novelty", "find_known_structures", "list_documents",
    "read_documents",
)  # fmt: skip
"""Tools that say what documents hold: nothing was computed, and the documents themselves are searched beside."""
_LABELS = ("id", "kind", "structure", "name", "rank", "score", "feasible", "reason")

FindingKind = Literal["hypothesis", "candidate", "evidence"]


@dataclass(frozen=True)
class Finding:
    """Something that a run computed.

    Attributes:
        run: Id of the run.
        kind: What it is.
        id: Its id in the run (``h1``, ``c3``, ``e2``).
        text: What was found, in words, with values and units.
        score: How well it answers the query, in [0, 1]; 0 before a search.
    """

    run: str
    kind: FindingKind
    id: str
    text: str
    score: float = 0.0

    @property
    def source(self) -> str:
        """How it is cited: ``computed here, run <id>, h1``."""
        return f"computed here, run {self.run}, {self.id}"


def search_findings(out: Path, query: str, count: int = 5, *, without: str = "") -> tuple[Finding, ...]:
    """Find what earlier runs computed on a query.

    Args:
        out: The folder of bundles.
        query: Words or a sentence.
        count: How many at most.
        without: A run that is left out (the present one).

    Returns:
        Findings, best first; of finished runs alone, and none of a batch's: its goals do not see each other.
    """
    from knowledge.lexical.bm25 import build_postings, count_terms
    from knowledge.lexical.tokens import tokenise

    if (out / BATCH).exists():
        return ()
    known = [one for folder in _newest(out) if folder.name != without for one in _of_run(folder)]
    terms = Counter(dict.fromkeys(tokenise(query), 1))
    if not known or not terms:
        return ()
    postings = build_postings(count_terms(one.text) for one in known)
    most = postings.idf_unseen
    total = sum(postings.idf(term) or most for term in terms)
    scores = postings.scores(terms, k1=0.6, b=0.3) / total
    order = sorted(range(len(known)), key=lambda row: -float(scores[row]))
    found: list[Finding] = []
    for row in order:
        score = float(scores[row])
        if score < LEAST or len(found) == count:
            break
        one = known[row]
        if all(one.text != other.text for other in found):
            found.append(Finding(one.run, one.kind, one.id, one.text, round(score, 4)))
    return tuple(found)


def _newest(out: Path) -> Iterator[Path]:
    for folder in sorted(run_folders(out), reverse=True)[:MOST_RUNS]:
        try:
            if read_info(folder).status == "finished":
                yield folder
        except GedankenError:
            continue  # a damaged neighbour is its own error, when somebody opens it


def _of_run(folder: Path) -> tuple[Finding, ...]:
    try:
        changed = max((folder / name).stat().st_mtime_ns for name in (RUN, "hypotheses.json", "evidence.jsonl"))
    except OSError:
        changed = 0
    return _read(folder, changed)


@lru_cache(maxsize=MOST_RUNS)
def _read(folder: Path, changed: int) -> tuple[Finding, ...]:
    """The findings of one bundle; read again when its files changed."""
    run = folder.name
    found: list[Finding] = []
    for one in _json(folder / "hypotheses.json"):
        identity, statement = str(one.get("id", "")), _words(one.get("statement"))
        if not statement:
            continue
        belief = one.get("belief") or {}
        state = belief.get("state", "untested") if isinstance(belief, dict) else "untested"
        found.append(
            Finding(run, "hypothesis", identity, f"Hypothesis ({state}): {statement} {_words(one.get('mechanism'))}")
        )
    found += [Finding(run, "candidate", identity, text) for identity, text in _candidates(folder / "candidates.csv")]
    for one in _lines(folder / "evidence.jsonl"):
        if one.get("status") == "ok" and one.get("summary") and one.get("tool") not in _OF_DOCUMENTS:
            found.append(Finding(run, "evidence", str(one.get("id", "")), f"{one.get('tool')}: {one['summary']}"))
    return tuple(found)


def _words(value: Any) -> str:
    return str(value.get("text", "")) if isinstance(value, dict) else str(value or "")


def _json(path: Path) -> list[dict[str, Any]]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [one for one in loaded if isinstance(one, dict)] if isinstance(loaded, list) else []


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            one = json.loads(line)
        except ValueError:
            continue  # a torn last line of a killed run
        if isinstance(one, dict):
            yield one


def _is_number(text: str | None) -> bool:
    try:
        return bool(text) and math.isfinite(float(text))
    except ValueError:
        return False  # a label of the candidate


def _candidates(path: Path) -> Iterable[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))[:_CANDIDATES]
    except (OSError, ValueError, csv.Error):
        return
    for row in rows:
        values = "; ".join(
            f"{key.replace('_', ' ')} {value}" for key, value in row.items() if key not in _LABELS and _is_number(value)
        )
        yield row.get("id") or "", f"{row.get('name') or ''} {row.get('structure') or ''}: {values}".strip()
