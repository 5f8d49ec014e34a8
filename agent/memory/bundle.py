"""The bundle: the files that a run leaves, rendered from its history and readable with no code of ours.

``run.json`` and ``ledger.jsonl`` are written while a run goes on (`agent.memory.runs`, `agent.memory.ledger`);
everything else is derived here. The names and columns are a contract (``docs/``); a change of it raises
`agent.records.BUNDLE_VERSION`.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from agent import vocabulary
from agent.errors import InputError, StorageError
from agent.memory.crate import CRATE, describe_crate
from agent.memory.files.disk import write_files, write_text
from agent.memory.history import History
from agent.memory.report import render_report
from agent.memory.report.table import in_order, quantity_columns
from agent.memory.report.texts import flatten_experiment, flatten_hypothesis, restore_experiment, restore_hypothesis
from agent.memory.runs import read_info
from agent.records import Candidate, Evidence, Experiment, Hypothesis, RunInfo, Step, StepState

PLAN = "plan.json"
EVIDENCE = "evidence.jsonl"
CANDIDATES = "candidates.csv"
HYPOTHESES = "hypotheses.json"
EXPERIMENTS = "experiments.json"
RESULTS = "results.csv"
"""What was measured: there once the first result was told."""
REPORT_MARKDOWN = "report.md"
REPORT_HTML = "report.html"

COLUMNS = ("id", "kind", "structure", "name", "rank", "score", "feasible", "reason")
"""The first columns of ``candidates.csv``; one per property follows, with its unit in the header, then the labels."""

RESULT_COLUMNS = (
    "experiment", "hypothesis", "sample", "arm", "item", "role", "block", "quantity", "value", "unit", "failed", "note",
)  # fmt: skip
"""The columns of ``results.csv``."""

T = TypeVar("T")


@dataclass(frozen=True)
class Bundle:
    """A bundle read back, for replaying, comparing and resuming.

    Attributes:
        folder: Where it lies.
        info: The head of the run.
        steps: The plan, in order.
        states: Where each step stood, by step id.
        rationale: Why the plan is as it is.
        rounds: How often it was extended.
        evidence: In order.
        candidates: The rows of the table as text, by column.
        hypotheses: With their figures' sources.
        experiments: With their figures' sources.
    """

    folder: Path
    info: RunInfo
    steps: tuple[Step, ...]
    states: dict[str, StepState]
    rationale: str
    rounds: int
    evidence: tuple[Evidence, ...]
    candidates: tuple[dict[str, str], ...]
    hypotheses: tuple[Hypothesis, ...]
    experiments: tuple[Experiment, ...]


def write_bundle(folder: Path, info: RunInfo, history: History) -> None:
    """Write everything that is derived from a run's history.

    Each file appears whole or not at all, and the same history gives the same bytes. The crate's metadata come last,
    so that they name files that are there.

    Args:
        folder: The run's folder; ``artifacts/`` is already filled.
        info: The head of the bundle.
        history: The run.

    Raises:
        StorageError: The disk refuses (full, read-only, gone); the message names the file and the way out.
    """
    report = render_report(folder, info, history)
    files = {
        PLAN: _json(_plan(history)),
        EVIDENCE: "".join(f"{_line(found.plain())}\n" for found in history.evidence.values()),
        CANDIDATES: candidates_csv(history.candidates),
        HYPOTHESES: _json([flatten_hypothesis(one) for one in history.hypotheses]),
        EXPERIMENTS: _json([flatten_experiment(one) for one in history.experiments]),
        **({RESULTS: results_csv(history)} if history.results else {}),
        **report.figures,
        REPORT_MARKDOWN: report.markdown,
        REPORT_HTML: report.html,
    }
    write_files(folder, files)
    write_text(folder / CRATE, _json(describe_crate(folder, info, history, sorted(report.figures))))


def _json(plain: Any) -> str:
    return json.dumps(_strict(plain), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _line(plain: Any) -> str:
    return json.dumps(_strict(plain), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _strict(plain: Any) -> Any:
    """Plain data with the numbers that JSON does not know as the strings ``NaN``, ``Infinity`` and ``-Infinity``."""
    if isinstance(plain, dict):
        return {key: _strict(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_strict(value) for value in plain]
    if isinstance(plain, float) and not math.isfinite(plain):
        return "NaN" if math.isnan(plain) else "Infinity" if plain > 0 else "-Infinity"
    return plain


def _plan(history: History) -> dict[str, Any]:
    steps = []
    for step in history.steps.values():
        state = history.states.get(step.id, StepState())
        steps.append(
            {
                "id": step.id,
                "tool": step.tool,
                "arguments": step.plain()["arguments"],
                "needs": list(step.needs),
                "why": step.why,
                "optional": step.optional,
                "status": state.status,
                "seconds": state.seconds,
                "cached": state.cached,
                "message": state.message,
            }
        )
    return {"steps": steps, "rationale": history.rationale, "rounds": history.rounds}


def candidates_csv(candidates: Iterable[Candidate]) -> str:
    """The table of candidates as CSV (RFC 4180, ``\\n`` line ends), by rank; withheld ones are not in it.

    Numbers are written in full precision, a missing value as an empty field. Values stand as they are, without the
    leading apostrophe that spreadsheets understand: other programs would read it as a part of a structure.

    Args:
        candidates: The run's table.

    Returns:
        A header and one row per candidate.
    """
    shown = in_order(candidates)
    quantities = quantity_columns(shown)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    header = [*COLUMNS, *(vocabulary.column(key, unit) for key, unit in quantities)]
    labels = [label for label in dict.fromkeys(label for one in shown for label in one.labels) if label not in header]
    writer.writerow([*header, *labels])
    for one in shown:
        feasible = "" if one.feasible is None else str(one.feasible).lower()
        score = "" if one.score is None else repr(one.score)
        rank = "" if one.rank is None else one.rank
        values = [_number(one, key, unit) for key, unit in quantities]
        told = [one.labels.get(label, "") for label in labels]
        writer.writerow([one.id, one.kind, one.structure, one.name, rank, score, feasible, one.reason, *values, *told])
    return buffer.getvalue()


def results_csv(history: History) -> str:
    """Every measured result as CSV, in the order in which they were told, decoded: with its arm and what it is of.

    Args:
        history: The run.

    Returns:
        A header and one row per result; the value of a failed sample is empty.
    """
    samples = {sample.id: (plan, sample) for plan in history.experiments for sample in plan.samples}
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(RESULT_COLUMNS)
    for one in history.results:
        plan, sample = samples.get(one.sample, (None, None))
        placed = ["", "", "", ""] if sample is None else [sample.arm, sample.item, sample.role, sample.block]
        tested = "" if plan is None else plan.hypothesis
        value = "" if one.value is None else repr(one.value)
        failed = "yes" if one.failed else ""
        writer.writerow([one.experiment, tested, one.sample, *placed, one.quantity, value, one.unit, failed, one.note])
    return buffer.getvalue()


def _number(candidate: Candidate, key: str, unit: str) -> str:
    quantity = candidate.quantities.get(key)
    if quantity is None or quantity.unit != unit or not math.isfinite(quantity.value):
        return ""
    known = vocabulary.by_key().get(key)
    return str(int(quantity.value)) if known and known.integer and quantity.value.is_integer() else repr(quantity.value)


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle back.

    Args:
        folder: A run's folder.

    Returns:
        What it holds.

    Raises:
        InputError: It is no bundle, was written by a newer version (both versions are named), is incomplete (the
            missing files are named), or a file in it is torn or changed (file and place are named).
        StorageError: A file cannot be read.
    """
    info = read_info(folder)
    needed = (PLAN, EVIDENCE, CANDIDATES, HYPOTHESES, EXPERIMENTS)
    missing = [name for name in needed if not (folder / name).is_file()]
    if missing:
        raise InputError(
            f"The bundle {folder} is incomplete: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.",
            remedy=f"Its run may have been cut short: `gedanken resume {info.id}` writes them.",
        )
    plan = _parse(folder / PLAN, info, _read_plan)
    return Bundle(
        folder=folder,
        info=info,
        steps=plan[0],
        states=plan[1],
        rationale=plan[2],
        rounds=plan[3],
        evidence=_parse(folder / EVIDENCE, info, _read_evidence),
        candidates=_parse(folder / CANDIDATES, info, _read_candidates),
        hypotheses=_parse(folder / HYPOTHESES, info, _list_of(restore_hypothesis)),
        experiments=_parse(folder / EXPERIMENTS, info, _list_of(restore_experiment)),
    )


def _parse(path: Path, info: RunInfo, read: Callable[[str], T]) -> T:
    """Read a file, and say which file and what is wrong with it if it cannot be used."""
    try:
        return read(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}.", remedy="Check the disk.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        what = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    except KeyError as error:
        what = f"{error} is missing"
    except (ValueError, TypeError, AttributeError) as error:
        what = str(error)
    raise InputError(
        f"{path} is torn or was changed: {what}.",
        remedy=f"`gedanken resume {info.id}` writes it again from the ledger.",
    )


def _read_plan(text: str) -> tuple[tuple[Step, ...], dict[str, StepState], str, int]:
    plain = json.loads(text)
    names = ("id", "tool", "arguments", "needs", "why", "optional")
    steps = tuple(Step.model_validate({name: one[name] for name in names}) for one in plain["steps"])
    states = {
        one["id"]: StepState.model_validate({name: one[name] for name in StepState.model_fields})
        for one in plain["steps"]
    }
    return steps, states, plain["rationale"], plain["rounds"]


def _read_evidence(text: str) -> tuple[Evidence, ...]:
    *lines, rest = text.split("\n")
    if rest:
        raise ValueError(f"line {len(lines) + 1} has no end")
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(Evidence.model_validate_json(line))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise ValueError(f"line {number}: {first['msg']}") from error
    return tuple(found)


def _read_candidates(text: str) -> tuple[dict[str, str], ...]:
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    if tuple(header[: len(COLUMNS)]) != COLUMNS:
        raise ValueError(f"its columns do not begin with {', '.join(COLUMNS)}")
    torn = next((number for number, row in enumerate(rows, start=2) if len(row) != len(header)), None)
    if torn is not None or not text.endswith("\n"):
        raise ValueError(f"row {torn or len(rows) + 1} is not whole")
    return tuple(dict(zip(header, row, strict=True)) for row in rows)


def _list_of(restore: Callable[[dict[str, Any]], T]) -> Callable[[str], tuple[T, ...]]:
    def read(text: str) -> Sequence[Any]:
        plain = json.loads(text)
        if not isinstance(plain, list):
            raise ValueError("it is not a list")
        return tuple(restore(one) for one in plain)

    return read  # type: ignore[return-value]
