"""The suite ``pmo``: area under the curve of the mean of the ten best scores, over 10,000 oracle calls, for 23 oracles.

The optimiser starts from a random choice of the bench's ZINC molecules; each of them that is scored counts as a call,
and none is looked at beforehand (no pre-screening). A molecule is scored once. The headline is the sum over the oracles
of the mean area over the seeds.

Source: W. Gao, T. Fu, J. Sun, C. W. Coley, "Sample efficiency matters: a benchmark for practical molecular
optimization", NeurIPS Datasets and Benchmarks 2022.
"""

from __future__ import annotations

import gzip
import heapq
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from agent.errors import InputError
from evals.pmo.oracles import ORACLES
from evals.suite import Options, Scores

CALLS = 10_000
"""Oracle calls of the published protocol."""

TOP = 10
"""Molecules whose mean score is followed."""

STEP = 100
"""Calls between two looks at it."""

CALLS_VARIABLE = "GEDANKEN_PMO_CALLS"
"""Environment variable for fewer calls than the protocol's; the figure is then not comparable, and says so."""

NAMES_VARIABLE = "GEDANKEN_PMO_ORACLES"
"""Environment variable with the names of the oracles to run, in this order, separated by commas (default: all)."""

KEPT_VARIABLE = "GEDANKEN_PMO_KEPT"
"""Environment variable with a file that keeps every finished search, one JSON object a line: a later run of the same
optimiser takes the searches that are there instead of repeating them.
"""

_SEARCH = (
    "archive", "crossover", "environments", "features", "graphs", "mutation", "operators", "optimiser", "search",
    "surrogate",
)  # fmt: skip
"""The modules of the optimiser on which a search depends."""


@dataclass(frozen=True)
class Outcome:
    """One search.

    Attributes:
        oracle: The oracle's name.
        seed: The search's seed.
        area: Area under the curve, 0 to 1.
        best: Mean of the ten best scores in the end.
        calls: Molecules scored.
        own: Processor seconds that the optimiser took itself, the oracle excluded.
        scored: Processor seconds that the oracle took.
        curve: Mean of the ten best scores after every tenth of the calls.
    """

    oracle: str
    seed: int
    area: float
    best: float
    calls: int
    own: float
    scored: float
    curve: tuple[float, ...] = ()


def evaluate(options: Options, calls: int | None = None) -> Scores:
    """The suite ``pmo``.

    Args:
        options: The bench folder; ``limit`` is the number of oracles (the first in alphabetical order), ``seeds`` the
            searches of each (default 1), ``workers`` the processes.
        calls: Oracle calls of a search (default: the environment's ``GEDANKEN_PMO_CALLS``, else 10,000). With another
            number than 10,000 the figures cannot be compared with published ones, and are named after the number.

    Returns:
        The sum over the oracles that were run (comparable when all 23 were), each oracle's area, and the time that the
        optimiser took itself per call.

    Raises:
        InputError: The data are missing, or the number of calls or an oracle's name is wrong.
    """
    if options.bench is None:
        raise InputError("The suite pmo needs a bench folder.", remedy="Name it with --bench or GEDANKEN_BENCH.")
    calls = _calls() if calls is None else calls
    names = _names()[: options.limit]
    jobs = [(name, seed) for name in names for seed in range(options.seeds or 1)]
    comparable = calls == CALLS and len(names) == len(ORACLES)
    if calls != CALLS:
        options.tell(f"{calls} calls instead of {CALLS}: these figures cannot be compared with published ones")
    if len(names) < len(ORACLES):
        options.tell(f"{len(names)} of {len(ORACLES)} oracles: the sum cannot be compared with published ones")
    outcomes = Kept(os.environ.get(KEPT_VARIABLE)).take(jobs, calls)
    if outcomes:
        options.tell(f"{len(outcomes)} of {len(jobs)} searches were finished earlier")
    finished = {(outcome.oracle, outcome.seed) for outcome in outcomes}
    for outcome in _run([job for job in jobs if job not in finished], options, calls):
        outcomes.append(outcome)
        Kept(os.environ.get(KEPT_VARIABLE)).add(outcome, calls)
        options.tell(
            f"{len(outcomes)}/{len(jobs)} {outcome.oracle} seed {outcome.seed}: {outcome.area:.4f}, "
            f"top 10 {outcome.best:.4f}, {1000 * outcome.own / outcome.calls:.1f} ms a call"
        )
    return _scores(outcomes, names, calls, comparable)


class Kept:
    """Finished searches in a file.

    Args:
        path: The file; ``None`` keeps nothing.
    """

    def __init__(self, path: str | None) -> None:
        self._path = Path(path) if path else None
        self._code = _fingerprint() if path else ""

    def take(self, jobs: Sequence[tuple[str, int]], calls: int) -> list[Outcome]:
        """Those of the jobs that were finished earlier, by the same code and with as many calls."""
        if self._path is None or not self._path.is_file():
            return []
        found: dict[tuple[str, int], Outcome] = {}
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue  # a line that was cut off when a run was killed: that search is repeated
            if row.pop("code") == self._code and row.pop("budget") == calls:
                outcome = Outcome(**row)
                found[outcome.oracle, outcome.seed] = outcome
        return [found[job] for job in jobs if job in found]

    def add(self, outcome: Outcome, calls: int) -> None:
        """Keep one more."""
        if self._path is not None:
            row = json.dumps({**asdict(outcome), "code": self._code, "budget": calls})
            with self._path.open("a+b") as file:
                file.seek(0, os.SEEK_END)
                if file.tell():
                    file.seek(-1, os.SEEK_END)
                    if file.read() != b"\n":
                        file.write(b"\n")
                file.write(row.encode() + b"\n")


@cache
def _fingerprint() -> str:
    """A digest of the search's and the oracles' source, so that searches of another version are not taken."""
    from agent.tools.molecules.evolution import optimiser

    package = Path(optimiser.__file__).parent
    paths = [package / f"{name}.py" for name in _SEARCH]
    paths += [package.parent / f"{name}.py" for name in ("substituents", "transformations")]
    digest = sha256()
    for path in (*paths, *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def area(scores: Sequence[float], calls: int = CALLS, *, top: int = TOP, step: int = STEP) -> float:
    """Area under the curve of the mean of the best scores against the calls, by the trapezoidal rule.

    Args:
        scores: In the order of the calls.
        calls: Length of the axis. A search that ended before it keeps its last mean to the end.
        top: How many of the best are averaged (all, while there are fewer).
        step: Calls between two points of the curve, which starts at 0; the last point is at the last call.

    Returns:
        The area divided by ``calls``.
    """
    used = min(len(scores), calls)
    if not used:
        return 0.0
    best: list[float] = []
    total = before = 0.0
    last = 0
    for place in range(1, used + 1):
        if len(best) < top:
            heapq.heappush(best, scores[place - 1])
        else:
            heapq.heappushpop(best, scores[place - 1])
        if place % step == 0 or place == used:
            now = sum(best) / len(best)
            total += (place - last) * (now + before) / 2
            before, last = now, place
    return (total + (calls - used) * before) / calls


def search(name: str, seed: int, folder: Path, calls: int) -> Outcome:
    """Run one search of the optimiser on one oracle.

    Args:
        name: The oracle.
        seed: The seed of the search.
        folder: The bench's ``pmo`` folder.
        calls: The budget.
    """
    from agent.tools.molecules.evolution.optimiser import optimise
    from evals.pmo.oracles import oracle

    judge = oracle(name, folder)
    scored = 0.0

    def timed(smiles: list[str]) -> list[float]:
        nonlocal scored
        began = time.process_time()
        values = judge(smiles)
        scored += time.process_time() - began
        return values

    began = time.process_time()
    archive = optimise(timed, budget=calls, seed=seed, start=start_molecules(folder))
    took = time.process_time() - began
    best = [score for _, score in archive.top(TOP)]
    return Outcome(
        oracle=name,
        seed=seed,
        area=area(archive.scores, calls),
        best=sum(best) / len(best),
        calls=len(archive),
        own=took - scored,
        scored=scored,
        curve=tuple(sum(heapq.nlargest(TOP, archive.scores[: calls * tenth // 10])) / TOP for tenth in range(1, 11)),
    )


def start_molecules(folder: Path) -> list[str]:
    """The SMILES of the bench's ZINC set.

    Raises:
        InputError: The file is missing or broken.
    """
    path = folder / "zinc250k.smi.gz"
    try:
        with gzip.open(path, "rt", encoding="ascii") as file:
            return file.read().split()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.", remedy="Name the bench folder.") from error


def _run(jobs: list[tuple[str, int]], options: Options, calls: int) -> Iterator[Outcome]:
    assert options.bench is not None
    folder = options.bench / "pmo"
    if options.workers <= 1 or len(jobs) == 1:
        for name, seed in jobs:
            yield search(name, seed, folder, calls)
        return
    kept = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"  # read when a worker loads numpy: threads of several workers would collide
    try:
        with ProcessPoolExecutor(min(options.workers, len(jobs)), mp_context=get_context("spawn")) as workers:
            pending = [workers.submit(search, name, seed, folder, calls) for name, seed in jobs]
            for done in as_completed(pending):
                yield done.result()
    finally:
        if kept is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = kept


def _scores(outcomes: Sequence[Outcome], names: Sequence[str], calls: int, comparable: bool) -> Scores:
    ending = "" if calls == CALLS else f" ({calls} calls, not comparable)"
    by_name: dict[str, float] = {}
    for name in names:
        areas = [outcome.area for outcome in outcomes if outcome.oracle == name]
        by_name[f"{name}{ending}"] = sum(areas) / len(areas)
    total = sum(by_name.values())
    scored = sum(outcome.calls for outcome in outcomes)
    scores = {
        f"sum over {len(names)}{ending}": total,
        **by_name,
        "optimiser ms per call": 1000 * sum(outcome.own for outcome in outcomes) / scored,
        "oracle ms per call": 1000 * sum(outcome.scored for outcome in outcomes) / scored,
        "comparable with published sums": float(comparable),
    }
    return Scores(score=total, scores=scores, n=len(outcomes))


def _calls() -> int:
    text = os.environ.get(CALLS_VARIABLE, str(CALLS))
    if not text.isdecimal() or int(text) < STEP:
        raise InputError(
            f"{CALLS_VARIABLE}: '{text}' is not a number of calls.", remedy=f"Give a whole number from {STEP} on."
        )
    return int(text)


def _names() -> list[str]:
    text = os.environ.get(NAMES_VARIABLE, "")
    names = [name.strip() for name in text.split(",") if name.strip()] or list(ORACLES)
    unknown = [name for name in names if name not in ORACLES]
    if unknown:
        raise InputError(
            f"{NAMES_VARIABLE}: there is no oracle '{unknown[0]}'.", remedy=f"There are: {', '.join(ORACLES)}."
        )
    return names
