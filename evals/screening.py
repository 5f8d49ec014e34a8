"""Screening a file of molecules in processes, against a bare loop in as many: part of the suite ``speed``."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from agent.errors import InputError
from evals.suite import Options

SCREENED = 20_000
"""Lines of the screened file: the bench's molecules, else those that packages ship, over and over."""


def screening(options: Options, share: float, repeats: int) -> list[tuple[float, float]]:
    """Seconds of the tool and of the bare loop.

    Args:
        options: ``bench`` for the molecules, ``workers`` for the processes.
        share: Part of `SCREENED` to take.
        repeats: How often both are done.
    """
    return asyncio.run(screening_times(library(options, round(SCREENED * share)), options.workers, repeats))


def library(options: Options, count: int) -> list[str]:
    """Molecules for a file to screen."""
    from agent.tools.molecules.references import drugs

    found: list[str] = []
    if options.bench is not None and (options.bench / "pmo" / "zinc250k.smi.gz").is_file():
        from evals.pmo.suite import start_molecules

        found = start_molecules(options.bench / "pmo")
    known = found or [drug.smiles for drug in drugs()]
    return [known[place % len(known)] for place in range(count)]


async def screening_times(smiles: Sequence[str], workers: int, repeats: int) -> list[tuple[float, float]]:
    """A file of molecules through the screening tool against a bare loop, both in as many processes.

    The limits are open, so that every property of every molecule is computed. Processes are started, and RDKit's tables
    loaded, before the clock runs.

    Args:
        smiles: The molecules.
        workers: Processes.
        repeats: How often both are done.

    Raises:
        InputError: The tool does not take the file.
    """
    from agent.records import Constraint
    from agent.session import Session
    from agent.settings import load_settings
    from agent.tools.molecules.descriptors import ALONE
    from agent.vocabulary import by_key

    bounds = [
        Constraint(quantity=key, relation="between", low=-1e6, high=1e6, unit=by_key()[key].unit) for key in ALONE
    ]
    parts = [smiles[place : place + 1000] for place in range(0, len(smiles), 1000)]
    times: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="speed-") as scratch:
        home = Path(scratch)
        path, first = home / "library.smi", home / "first.smi"
        path.write_text("\n".join(smiles) + "\n")
        first.write_text("\n".join(smiles[:200]) + "\n")
        settings = load_settings(home=home / "home", out=home / "runs", workers=workers, reasoner="playbook").settings
        async with Session(settings) as session:
            toolbox = session.toolbox.without_cache()

            async def ours(file: Path) -> None:
                arguments = {"path": str(file), "constraints": [bound.plain() for bound in bounds]}
                outcome = await toolbox.call("screen_library", arguments)
                if outcome.result.status != "ok":
                    raise InputError(f"A library could not be screened: {outcome.result.summary}")

            await ours(first)
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                list(pool.map(_bare_part, [smiles[:50]] * (2 * workers)))
                for _ in range(repeats):
                    started = time.perf_counter()
                    await ours(path)
                    took = time.perf_counter() - started
                    began = time.perf_counter()
                    list(pool.map(_bare_part, parts))
                    times.append((took, time.perf_counter() - began))
    return times


def _bare_part(smiles: Sequence[str]) -> int:
    return len(_bare_loop()(smiles))


@cache
def _bare_loop() -> Callable[[Sequence[str]], list[tuple[float, ...]]]:
    from evals.speed import bare_descriptors

    return bare_descriptors()
