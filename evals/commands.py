"""``gedanken eval list`` and ``gedanken eval run SUITE...``: run suites, show tables, keep results."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from agent.errors import InputError
from evals.catalogue import SUITES, find_suite
from evals.drift import baseline, drift
from evals.suite import Options, Scores, Suite

REPORTED = ("gedanken", "rdkit", "torch", "botorch", "chromadb", "scikit-learn", "numpy")


def list_suites(as_json: bool) -> int:
    """``gedanken eval list``."""
    kept = {suite.name: baseline(suite.name) for suite in SUITES}
    if as_json:
        rows = [
            {
                "suite": suite.name,
                "title": suite.title,
                "metric": suite.metric,
                "needs": suite.needs,
                "baseline": _in_short(kept[suite.name]),
            }
            for suite in SUITES
        ]
        print(json.dumps({"suites": rows}))
        return 0
    for suite in SUITES:
        found = _in_short(kept[suite.name])
        told = f"baseline {found['score']:.4g} over {found['n']} cases, {found['date']}" if found else "no baseline yet"
        print(f"{suite.name}: {suite.title}")
        print(f"    {suite.metric}; {f'needs {suite.needs}/' if suite.needs else 'brings its own cases'}; {told}")
    return 0


def _in_short(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """A baseline's headline, how many cases it is over, and its day."""
    if kept is None or kept["score"] is None:
        return None
    return {"score": kept["score"], "n": kept["n"], "date": kept["environment"]["date"]}


def run_suites(
    names: list[str],
    *,
    bench: Path | None = None,
    limit: int | None = None,
    seeds: int | None = None,
    model: str | None = None,
    workers: int = 2,
    without: tuple[str, ...] = (),
    compare: Path | None = None,
    save: Path | None = None,
    as_json: bool = False,
) -> int:
    """``gedanken eval run SUITE...``.

    Args:
        names: Suites to run, in order.
        bench: Folder of benchmark data (default: ``GEDANKEN_BENCH``).
        limit: Most cases of each suite.
        seeds: Repetitions.
        model: Chat model, for suites with a model column.
        workers: Processes that a suite may use.
        without: Tools or domains taken away in a second column of the suite ``goals``.
        compare: Results of an earlier run (a file that ``--save`` wrote), shown beside the new ones; without it, the
            suite's baseline is.
        save: Where to keep the results as JSON.
        as_json: Print one JSON object a suite, the last line being the last suite's.

    Returns:
        0 if every suite has a score, else 1.
    """
    bench = bench or (Path(os.environ["GEDANKEN_BENCH"]) if os.environ.get("GEDANKEN_BENCH") else None)
    suites = [find_suite(name, bench) for name in names]
    earlier = _read(compare) if compare else {suite.name: baseline(suite.name) for suite in suites}
    results: dict[str, dict[str, Any]] = {}
    for suite in suites:

        def tell(line: str, name: str = suite.name) -> None:
            print(f"{name}: {line}", file=sys.stderr, flush=True)

        options = Options(
            bench=bench, limit=limit, seeds=seeds, workers=workers, model=model, without=without, tell=tell
        )
        started = time.monotonic()
        scores = suite.evaluate(options)
        result = _result(suite, scores, time.monotonic() - started)
        result["drift"] = drift(suite, result, earlier.get(suite.name))
        results[suite.name] = result
        if as_json:
            print(json.dumps(result), flush=True)
        else:
            print(_table(suite, result, earlier.get(suite.name)))
    if save is not None:
        # How a result compares is no part of it: it may be what later ones are compared with.
        kept = {name: {key: value for key, value in one.items() if key != "drift"} for name, one in results.items()}
        save.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return 0 if all(result["score"] is not None for result in results.values()) else 1


def _result(suite: Suite, scores: Scores, seconds: float) -> dict[str, Any]:
    return {
        "suite": suite.name,
        "score": scores.score,
        "scores": scores.scores,
        "intervals": {name: list(interval) for name, interval in scores.intervals.items()},
        "unscored": scores.unscored,
        "why_unscored": scores.why_unscored,
        "n": scores.n,
        "seconds": round(seconds, 2),
        "environment": environment(),
    }


def environment() -> dict[str, Any]:
    """What the figures depend on besides the code."""
    found: dict[str, str] = {}
    for name in REPORTED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
        "versions": found,
    }


def _read(path: Path) -> dict[str, Any]:
    """Earlier results by suite: of a file that ``--save`` wrote, or of one line of ``--json``."""
    remedy = "Name a file that --save wrote."
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as results: {error}.", remedy=remedy) from error
    if isinstance(plain, dict) and "suite" in plain:
        plain = {plain["suite"]: plain}
    if not isinstance(plain, dict) or not all(
        isinstance(one, dict) and {"score", "scores", "n"} <= one.keys() for one in plain.values()
    ):
        raise InputError(f"{path} holds no results of suites.", remedy=remedy)
    return plain


def _table(suite: Suite, result: dict[str, Any], earlier: dict[str, Any] | None) -> str:
    lines = [f"\n{suite.name}: {suite.title}"]
    headline = "unscored" if result["score"] is None else f"{result['score']:.4g}"
    lines.append(f"  {suite.metric:<40} {headline}" + _compared(result, earlier))
    for name, value in result["scores"].items():
        interval = result["intervals"].get(name)
        shown = f"{value:.4g}" + (f"  [{interval[0]:.4g}, {interval[1]:.4g}]" if interval else "")
        before = (earlier or {}).get("scores", {}).get(name)
        lines.append(f"    {name:<38} {shown}" + (f"  (before {before:.4g})" if before is not None else ""))
    lines += [f"  published: {method:<29} {figure:g}" for method, figure in suite.published]
    lines.append(f"  {result['n']} cases, {result['unscored']} unscored, {result['seconds']:.1f} s")
    lines += [f"    unscored {count} times: {reason}" for reason, count in result["why_unscored"].items()]
    return "\n".join(lines)


def _compared(result: dict[str, Any], earlier: dict[str, Any] | None) -> str:
    """How the headline compares with the earlier one, or why it is not compared."""
    if result["drift"] and earlier is not None:
        day = earlier.get("environment", {}).get("date")
        return f"  ({result['drift']}: {earlier['score']:.4g}{f' on {day}' if day else ''})"
    if earlier is None:
        return "  (no earlier result to compare with)"
    if result["score"] is not None and result["n"] != earlier["n"]:
        return f"  (not compared: the earlier result is over {earlier['n']} cases)"
    return ""
