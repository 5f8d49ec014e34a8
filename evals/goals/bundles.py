"""A run's bundle read as plain files: what anybody finds there without code of ours."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = (
    "run.json",
    "plan.json",
    "ledger.jsonl",
    "evidence.jsonl",
    "candidates.csv",
    "hypotheses.json",
    "experiments.json",
    "report.md",
    "report.html",
    "ro-crate-metadata.json",
)
_RUN_KEYS = {"id", "goal", "brief", "status", "reasoner", "model", "seed", "started", "finished", "versions"}
_EVIDENCE_KEYS = {"id", "step", "tool", "status", "summary", "values", "artifacts", "citations"}
_CANDIDATE_COLUMNS = ["id", "kind", "structure", "name", "rank", "score", "feasible", "reason"]


@dataclass(frozen=True)
class PlainBundle:
    """The parts of a bundle that the judges look at."""

    folder: Path
    run: dict[str, Any]
    plan: dict[str, Any]
    evidence: list[dict[str, Any]]
    candidates: list[dict[str, str]]
    hypotheses: list[dict[str, Any]]
    experiments: list[dict[str, Any]]
    report: str

    @property
    def feasible(self) -> list[dict[str, str]]:
        """Feasible candidates, the best rank first."""
        rows = [row for row in self.candidates if row["feasible"].casefold() == "true"]
        return sorted(rows, key=lambda row: int(row["rank"]) if row["rank"].isdigit() else len(self.candidates) + 1)


def read_plain(folder: Path) -> PlainBundle:
    """Read a bundle.

    Args:
        folder: The run's folder.

    Raises:
        ValueError: It breaks its contract; the message names the file and what is wrong.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise ValueError(f"the bundle has no {', '.join(missing)}")
    run, plan = _json(folder / "run.json"), _json(folder / "plan.json")
    _need(_RUN_KEYS - set(run), "run.json")
    _need({"steps"} - set(plan), "plan.json")
    evidence = [_parsed(line, "evidence.jsonl") for line in _lines(folder / "evidence.jsonl")]
    for item in evidence:
        _need(_EVIDENCE_KEYS - set(item), f"evidence.jsonl, {item.get('id')}")
    for line in _lines(folder / "ledger.jsonl"):
        _parsed(line, "ledger.jsonl")
    with (folder / "candidates.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        if list(reader.fieldnames or ())[: len(_CANDIDATE_COLUMNS)] != _CANDIDATE_COLUMNS:
            raise ValueError(f"candidates.csv begins with the columns {reader.fieldnames}")
    for item in evidence:
        for artifact in item["artifacts"]:
            path = folder / artifact["path"]
            if not path.is_file():
                raise ValueError(f"{item['id']} names {artifact['path']}, which is not there")
            if path.suffix == ".svg":
                ElementTree.parse(path)
    if "@graph" not in _json(folder / "ro-crate-metadata.json"):
        raise ValueError("ro-crate-metadata.json has no @graph")
    return PlainBundle(
        folder,
        run,
        plan,
        evidence,
        rows,
        _json(folder / "hypotheses.json"),
        _json(folder / "experiments.json"),
        (folder / "report.md").read_text(encoding="utf-8"),
    )


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _json(path: Path) -> Any:
    return _parsed(path.read_text(encoding="utf-8"), path.name)


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"{name} is not JSON: {error}") from error


def _need(missing: set[str], where: str) -> None:
    if missing:
        raise ValueError(f"{where} lacks {', '.join(sorted(missing))}")
