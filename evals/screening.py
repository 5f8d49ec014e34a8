"""Screening a file of molecules in processes, against a bare RDKit loop in as many: the suite ``screening``.

Both compute the same 22 properties of every molecule. The headline is the bare loop's time over ours: throughput
relative to it. The same ratio of processor time is what counts on a machine that others use as well. A part of it, by
the wall clock, is a figure of the suite ``speed``.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import psutil

from agent.errors import InputError
from evals.suite import Options, Scores

SCREENED = 20_000
"""Lines of the screened file in ``speed``: the bench's molecules, else those that packages ship, over and over."""

WHOLE = 100_000
"""Lines of the screened file in ``screening``."""


class Times(NamedTuple):
    """What one repetition took, in seconds: by the clock, and of processors (this process and all its children)."""

    ours: float
    bare: float
    ours_cpu: float
    bare_cpu: float


def evaluate(options: Options) -> Scores:
    """The suite ``screening``.

    Args:
        options: ``limit`` is the number of molecules (default 100,000), ``seeds`` the repetitions (default 1),
            ``workers`` the processes, ``bench`` where the molecules come from.

    Raises:
        InputError: The tool does not take the file.
    """
    smiles = library(options, options.limit or WHOLE)
    times = asyncio.run(screening_times(smiles, options.workers, options.seeds or 1, options.tell))
    share = statistics.median(one.bare / one.ours for one in times)
    took = statistics.median(one.ours for one in times)
    scores = {
        "throughput, of the bare loop's": share,
        "processor time, bare over ours": statistics.median(one.bare_cpu / one.ours_cpu for one in times),
        "molecules per second": len(smiles) / took,
        "ours, s": took,
        "bare, s": statistics.median(one.bare for one in times),
        "ours, processor s": statistics.median(one.ours_cpu for one in times),
        "bare, processor s": statistics.median(one.bare_cpu for one in times),
    }
    return Scores(score=share, scores=scores, n=len(smiles))


def screening(options: Options, share: float, repeats: int) -> list[tuple[float, float]]:
    """Seconds of the tool and of the bare loop.

    Args:
        options: ``bench`` for the molecules, ``workers`` for the processes.
        share: Part of `SCREENED` to take.
        repeats: How often both are done.
    """
    times = asyncio.run(screening_times(library(options, round(SCREENED * share)), options.workers, repeats))
    return [(one.ours, one.bare) for one in times]


def library(options: Options, count: int) -> list[str]:
    """Molecules for a file to screen."""
    from agent.tools.molecules.references import drugs

    found: list[str] = []
    if options.bench is not None and (options.bench / "pmo" / "zinc250k.smi.gz").is_file():
        from evals.pmo.suite import start_molecules

        found = start_molecules(options.bench / "pmo")
    known = found or [drug.smiles for drug in drugs()]
    return [known[place % len(known)] for place in range(count)]


async def screening_times(
    smiles: Sequence[str], workers: int, repeats: int, tell: Callable[[str], None] = lambda _: None
) -> list[Times]:
    """A file of molecules through the screening tool against a bare loop, both in as many processes.

    The limits are open, so that every property of every molecule is computed. Processes are started, and RDKit's tables
    loaded, before the clock runs.

    Args:
        smiles: The molecules.
        workers: Processes.
        repeats: How often both are done.
        tell: Called with a line of progress.

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
    times: list[Times] = []
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
                    marks = [_clocks()]
                    await ours(path)
                    marks.append(_clocks())
                    list(pool.map(_bare_part, parts))
                    marks.append(_clocks())
                    (ours_s, ours_cpu), (bare_s, bare_cpu) = (
                        (after[0] - before[0], after[1] - before[1]) for before, after in pairwise(marks)
                    )
                    times.append(Times(ours_s, bare_s, ours_cpu, bare_cpu))
                    tell(f"{len(smiles)} molecules: {ours_s:.1f} s, the bare loop {bare_s:.1f} s")
    return times


def _clocks() -> tuple[float, float]:
    """Seconds by the clock, and of processor time of this process and of all below it."""
    me = psutil.Process()
    used = [one.cpu_times() for one in (me, *me.children(recursive=True))]
    return time.perf_counter(), sum(one.user + one.system for one in used)


def _bare_part(smiles: Sequence[str]) -> int:
    return len(_bare_loop()(smiles))


@cache
def _bare_loop() -> Callable[[Sequence[str]], list[tuple[float, ...]]]:
    return bare_descriptors()


def bare_descriptors() -> Callable[[Sequence[str]], list[tuple[float, ...]]]:
    """A plain RDKit loop over the properties that the room describes molecules by; its tables are loaded here."""
    from rdkit import Chem, RDLogger
    from rdkit.Chem import QED, Crippen, Descriptors, Lipinski, rdMolDescriptors
    from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams
    from rdkit.Contrib.SA_Score import sascorer

    RDLogger.DisableLog("rdApp.*")
    parameters = FilterCatalogParams()
    parameters.AddCatalog(FilterCatalogParams.FilterCatalogs.PAINS)
    parameters.AddCatalog(FilterCatalogParams.FilterCatalogs.BRENK)
    alerts = FilterCatalog(parameters)

    def row(text: str) -> tuple[float, ...]:
        mol = Chem.MolFromSmiles(text)
        log_p, refractivity = Crippen.MolLogP(mol), Crippen.MolMR(mol)
        mass, rotors = Descriptors.MolWt(mol), rdMolDescriptors.CalcNumRotatableBonds(mol)
        heavy = mol.GetNumHeavyAtoms()
        aromatic = sum(atom.GetIsAromatic() for atom in mol.GetAtoms()) / heavy
        return (
            log_p, refractivity, mass, rotors, heavy, QED.qed(mol), rdMolDescriptors.CalcTPSA(mol),
            Lipinski.NumHDonors(mol), Lipinski.NumHAcceptors(mol), rdMolDescriptors.CalcNumRings(mol),
            rdMolDescriptors.CalcNumAromaticRings(mol), rdMolDescriptors.CalcNumAtomStereoCenters(mol),
            rdMolDescriptors.CalcFractionCSP3(mol), sascorer.calculateScore(mol), Chem.GetFormalCharge(mol),
            len(alerts.GetMatches(mol)), 0.16 - 0.63 * log_p - 0.0062 * mass + 0.066 * rotors - 0.74 * aromatic,
            rdMolDescriptors.CalcNumAliphaticRings(mol), rdMolDescriptors.CalcNumHeterocycles(mol),
            rdMolDescriptors.CalcNumHeteroatoms(mol), rdMolDescriptors.CalcNumAmideBonds(mol),
            rdMolDescriptors.CalcLabuteASA(mol),
        )  # fmt: skip

    return lambda smiles: [row(text) for text in smiles]
