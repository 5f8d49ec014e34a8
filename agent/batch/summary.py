"""What a batch found, over all its goals: two tables and one page, rendered from the bundles."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.batch.folder import BatchFolder, GoalOutcome
from agent.batch.goals import Problem
from agent.batch.page import render_page
from agent.batch.rows import GoalRow, prediction_text
from agent.memory.files.disk import write_text

SUMMARY = "summary.csv"
HYPOTHESES = "hypotheses.csv"
PAGE = "summary.html"

COLUMNS = (
    "id", "line", "status", "goal", "playbook", "reasoner", "model", "candidates", "feasible", "hypotheses",
    "unverified", "best_hypothesis", "best_prediction", "experiments", "seconds", "tool_calls", "cached_calls",
    "tokens", "cost_usd", "question", "error", "bundle",
)  # fmt: skip
"""The columns of ``summary.csv``."""

HYPOTHESIS_COLUMNS = (
    "goal", "id", "rank", "rating", "rating_low", "rating_high", "statement", "mechanism", "quantity", "relation",
    "value", "high", "unit", "condition", "refuted_by", "novelty", "novelty_basis", "evidence_for",
    "evidence_against", "unverified", "bundle",
)  # fmt: skip
"""The columns of ``hypotheses.csv``; ``goal`` is the goal's id."""


def write_summary(folder: BatchFolder, outcomes: Sequence[GoalOutcome], problems: Sequence[Problem] = ()) -> Path:
    """Write ``summary.csv``, ``hypotheses.csv`` and ``summary.html`` beside the bundles.

    Args:
        folder: The batch.
        outcomes: Where each goal stands, in the order of the goals.
        problems: Lines of the goals file that could not be used.

    Returns:
        The page.

    Raises:
        StorageError: The disk refuses.
    """
    rows = [_row(folder, outcome) for outcome in outcomes]
    write_text(folder.path / SUMMARY, _table(COLUMNS, (_summary_fields(row) for row in rows)))
    found = (_hypothesis_fields(row, one) for row in rows for one in row.hypotheses)
    write_text(folder.path / HYPOTHESES, _table(HYPOTHESIS_COLUMNS, found))
    write_text(folder.path / PAGE, render_page(folder.path.resolve().name, rows, problems))
    return folder.path / PAGE


def _row(folder: BatchFolder, outcome: GoalOutcome) -> GoalRow:
    if outcome.bundle is None:
        return GoalRow(outcome, None, 0, 0, (), 0)
    bundle = folder.path / outcome.bundle
    info = next((folder.info(goal) for goal in folder.goals if goal.id == outcome.id), None)
    candidates = _candidates(bundle / "candidates.csv")
    feasible = sum(row.get("feasible") == "true" for row in candidates)
    hypotheses = tuple(_list(bundle / "hypotheses.json"))
    return GoalRow(outcome, info, len(candidates), feasible, hypotheses, len(_list(bundle / "experiments.json")))


def _candidates(path: Path) -> list[dict[str, str]]:
    try:
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    except (OSError, ValueError, csv.Error):
        return []  # a goal that was stopped early has none


def _list(path: Path) -> list[Any]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return plain if isinstance(plain, list) else []


def _summary_fields(row: GoalRow) -> dict[str, Any]:
    outcome, info, usage = row.outcome, row.info, row.usage
    best = row.hypotheses[0] if row.hypotheses else None
    return {
        "id": outcome.id,
        "line": outcome.line,
        "status": outcome.status,
        "goal": outcome.goal,
        "playbook": info.brief.playbook if info and info.brief else "",
        "reasoner": info.reasoner if info else "",
        "model": (info.model or "") if info else "",
        "candidates": row.candidates,
        "feasible": row.feasible,
        "hypotheses": len(row.hypotheses),
        "unverified": sum(len(one.get("unverified", ())) for one in row.hypotheses),
        "best_hypothesis": best["statement"] if best else "",
        "best_prediction": prediction_text(best["prediction"]) if best else "",
        "experiments": row.experiments,
        "seconds": f"{usage.seconds:.3f}",
        "tool_calls": usage.tool_calls,
        "cached_calls": usage.cached_calls,
        "tokens": usage.input_tokens + usage.output_tokens,
        "cost_usd": f"{usage.cost_usd:.6f}",
        "question": outcome.question or "",
        "error": outcome.error or "",
        "bundle": outcome.bundle or "",
    }


def _hypothesis_fields(row: GoalRow, one: dict[str, Any]) -> dict[str, Any]:
    prediction = one["prediction"]
    low, high = one.get("interval") or ("", "")
    return {
        "goal": row.outcome.id,
        "id": one["id"],
        "rank": _blank(one.get("rank")),
        "rating": _blank(one.get("rating")),
        "rating_low": _blank(low),
        "rating_high": _blank(high),
        "statement": one["statement"],
        "mechanism": one["mechanism"],
        "quantity": prediction["quantity"],
        "relation": prediction["relation"],
        "value": prediction["value"],
        "high": _blank(prediction.get("high")),
        "unit": prediction.get("unit", "1"),
        "condition": prediction.get("condition", ""),
        "refuted_by": one.get("refuted_by", ""),
        "novelty": one.get("novelty", "unknown"),
        "novelty_basis": one.get("novelty_basis", ""),
        "evidence_for": " ".join(sorted({support["source"] for support in one.get("evidence_for", ())})),
        "evidence_against": " ".join(sorted({support["source"] for support in one.get("evidence_against", ())})),
        "unverified": len(one.get("unverified", ())),
        "bundle": row.outcome.bundle,
    }


def _blank(value: Any) -> Any:
    return "" if value is None else value


def _table(columns: Sequence[str], rows: Any) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
