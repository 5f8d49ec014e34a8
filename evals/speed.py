"""How quick Gedanken is: every figure a ratio of times to a stated peer in the same run, repeated, with its spread.

| figure | ours | peer |
|---|---|---|
| start-up | ``gedanken --help`` | a process that imports typer alone |
| step | one step of a run: graph, ledger, worker | the same tool calls through the toolbox alone |
| cached step | one step whose result is remembered | the same uncached step |
| describing | ``describe_molecules`` | a bare RDKit loop over the same properties |
| design | ``design_analogues``: 60 analogues of a drug | the bare loop over as many molecules as the design built |
| screening | ``screen_library``: 22 properties of a file of molecules, in processes | the bare loop in as many |
| ingestion | documents into the knowledge store | the embedding model alone on the same passages |
| search (p95) | a query of the store, 95th percentile | embedding the same query, 95th percentile |
| paper-qa: build, passages, answer | text files ingested and asked | paper-qa's own index of the same files |

The last only where ``GEDANKEN_PAPERQA`` names a Python that has paper-qa; it is no part of the headline.

Ratios below 1 are quicker than the peer. The headline is the geometric mean of their medians, and lower is better. The
molecules, sequences and documents are made here from a seed: no benchmark data are needed.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import InputError
from evals.intervals import bootstrap
from evals.screening import bare_descriptors, screening
from evals.suite import Options, Scores

if TYPE_CHECKING:
    from agent.session import Session

REPEATS = 5
MOLECULES = 300
DOCUMENTS = 40
QUERIES = 40
FILES = 30
_FEW, _MANY = 6, 36
"""Steps of a short and a long run: the time a step takes is the difference between the two, a step."""

_HELP = "import sys; sys.argv = ['gedanken', '--help']; from agent.cli import main; main()"
_SEED_MOLECULE = "CC(C)Cc1ccc(cc1)C(C)C(=O)O"
_WORDS = [
    "crystal", "lattice", "synthesis", "reaction", "yield", "catalyst", "binding", "affinity", "protein", "membrane",
    "solvent", "temperature", "pressure", "diffusion", "electrode", "polymer", "enzyme", "substrate", "kinetic",
    "spectrum", "phase", "interface", "oxide", "sulfide", "ligand", "receptor", "mutation", "expression", "assay",
    "sample", "control", "measurement", "increases", "decreases", "remains", "between", "under", "without",
    "because", "gradient", "thermal", "stability", "optical", "gap", "carrier", "density", "surface", "roughness",
    "growth", "rate", "nucleation", "annealing",
]  # fmt: skip

Ratio = tuple[float, float]
"""Our time and the peer's, in seconds."""


def evaluate(options: Options) -> Scores:
    """The suite ``speed``: geometric mean of the ratios to the peers.

    Args:
        options: ``seeds`` is the number of repetitions (default 5); ``limit`` shrinks the work for a quick look.

    Raises:
        InputError: A measured part does not work at all; the message says which.
    """
    repeats = options.seeds or REPEATS
    share = min(1.0, options.limit / MOLECULES) if options.limit else 1.0
    columns: dict[str, list[Ratio]] = {
        "start-up": [startup() for _ in range(repeats)],
    }
    options.tell("start-up measured")
    steps = [asyncio.run(step_times(repeat, options.workers)) for repeat in range(repeats)]
    columns["step"] = [(step, bare) for step, bare, _ in steps]
    columns["cached step"] = [(cached, step) for step, _, cached in steps]
    options.tell("steps measured")
    molecules = make_molecules(max(20, round(MOLECULES * share)))
    columns["describing"] = [describing(molecules) for _ in range(repeats)]
    options.tell(f"{len(molecules)} molecules described")
    columns["design"] = [designing(repeat) for repeat in range(repeats)]
    options.tell("design measured")
    columns["screening"] = screening(options, share, repeats)
    options.tell("screening measured")
    columns |= knowledge(max(8, round(DOCUMENTS * share)), max(5, round(QUERIES * share)), repeats)
    options.tell("ingestion and search measured")
    beside = against_paperqa(max(20, round(FILES * share)), max(5, round(QUERIES * share)), repeats)
    scores: dict[str, float] = {}
    for name, times in (columns | beside).items():
        ratios = [ours / peer for ours, peer in times]
        scores[name] = statistics.median(ratios)
        scores |= {f"{name} (min)": min(ratios), f"{name} (max)": max(ratios)}
        scores[f"{name}, ms"] = 1000 * statistics.median(ours for ours, _ in times)
    scores["step overhead, ms"] = 1000 * statistics.median(step - bare for step, bare, _ in steps)
    scores["screening, share of the bare loop's throughput"] = 1 / scores["screening"]
    scores["molecules per second"] = len(molecules) / statistics.median(ours for ours, _ in columns["describing"])
    scores["speed"] = headline = statistics.geometric_mean([max(scores[name], 1e-6) for name in columns])
    whole = [
        statistics.geometric_mean([max(ours / peer, 1e-6) for ours, peer in row])
        for row in zip(*columns.values(), strict=True)
    ]
    interval = bootstrap(whole)
    return Scores(headline, scores, len(columns) * repeats, intervals={"speed": interval} if interval else {})


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def startup() -> Ratio:
    """Showing the help against importing the command-line library alone, each in a process of its own."""

    def process(code: str) -> float:
        return _timed(lambda: subprocess.run([sys.executable, "-c", code], capture_output=True, check=True))

    return process(_HELP), process("import typer")


async def step_times(repeat: int, workers: int) -> tuple[float, float, float]:
    """Seconds a step takes in a run, through the bare toolbox, and in a run that remembers it.

    Runs of a few and of many steps are compared, so that what a run costs once (its graph, its bundle) drops out.

    Args:
        repeat: Which repetition: every one computes on sequences of its own.
        workers: Processes.
    """
    from agent.session import Session
    from agent.settings import load_settings

    with tempfile.TemporaryDirectory(prefix="speed-") as scratch:
        home = Path(scratch)
        settings = load_settings(home=home / "home", out=home / "runs", workers=workers, reasoner="playbook").settings
        async with Session(settings, reasoner=_Script()) as session:
            await _run(session, f"{repeat} warm {workers}")
            fresh = [await _run(session, f"{repeat} run {n}") for n in (_FEW, _MANY)]
            again = [await _run(session, f"{repeat} run {n}") for n in (_FEW, _MANY)]
            bare = [await _bare(session, f"{repeat} bare {n}", workers) for n in (_FEW, _MANY)]
    step, cached, call = ((many - few) / (_MANY - _FEW) for few, many in (fresh, again, bare))
    return max(step, 1e-6), max(call, 1e-6), max(cached, 1e-6)


def _letters(work: str) -> list[str]:
    """Sequences by a description that ends in how many there are."""
    draw = random.Random(work)
    return ["".join(draw.choices("ACGT", k=300)) for _ in range(int(work.split()[-1]))]


async def _run(session: Session, work: str) -> float:
    from agent.records import Goal

    started = time.perf_counter()
    outcome = await session.run(Goal(text=work))
    if outcome.exit_code:
        raise InputError(f"A run of steps failed: {outcome.info.error}.")
    return time.perf_counter() - started


async def _bare(session: Session, work: str, workers: int) -> float:
    toolbox = session.toolbox.without_cache()
    gate = asyncio.Semaphore(workers)

    async def call(sequence: str) -> None:
        async with gate:
            await toolbox.call("translate_dna", {"sequence": sequence})

    started = time.perf_counter()
    await asyncio.gather(*(call(sequence) for sequence in _letters(work)))
    return time.perf_counter() - started


class _Script:
    """A reasoner that plans one translation for every sequence that the goal describes, and concludes nothing."""

    name = "script"

    async def interpret(self, goal, context):
        """The goal's words describe the sequences."""
        from agent.records import Brief

        return Brief(goal=goal.text, domain="biology", playbook="script")

    async def plan(self, brief, context):
        """One step a sequence."""
        from agent.records import Plan, Step

        steps = [
            Step(id=f"s{number}", tool="translate_dna", arguments={"sequence": sequence})
            for number, sequence in enumerate(_letters(brief.goal), start=1)
        ]
        return Plan(steps=tuple(steps))

    async def review(self, view):
        """Enough."""
        from agent.records import Review

        return Review(enough=True)

    async def hypothesise(self, view):
        """None."""
        return ()

    async def critique(self, hypotheses, view):
        """Nothing to criticise."""
        from agent.reasoning.protocol import Criticised

        return Criticised(hypotheses)

    async def compare(self, first, second, view):
        """Nothing to compare."""
        return ()

    async def design(self, hypothesis, view):
        """Nothing to design.

        Raises:
            InputError: Always: there is no hypothesis to design for.
        """
        raise InputError("The script has no hypotheses.")


def make_molecules(count: int) -> list[str]:
    """Distinct molecules around a common drug, by the project's own generator (always the same ones)."""
    from agent.tools import catalogue
    from agent.tools.invoke import run_tool

    arguments = {"seed": _SEED_MOLECULE, "count": count, "min_similarity": 0.0}
    result = run_tool(catalogue().get("design_analogues"), arguments, {})
    if result.status != "ok":
        raise InputError(f"No molecules could be made: {result.summary}")
    return result.data["smiles"]


def describing(smiles: Sequence[str]) -> Ratio:
    """The tool against a bare loop that computes the same 22 properties, in this process."""
    from agent.tools import catalogue
    from agent.tools.invoke import run_tool

    tool = catalogue().get("describe_molecules")
    run_tool(tool, {"smiles": list(smiles[:2])}, {})
    bare = bare_descriptors()
    bare(smiles[:2])
    ours = _timed(lambda: run_tool(tool, {"smiles": list(smiles)}, {}))
    return ours, _timed(lambda: bare(smiles))


def designing(repeat: int) -> Ratio:
    """A design against a bare loop that describes as many molecules as the design built, in this process.

    Args:
        repeat: Which repetition: every one draws anew.
    """
    from agent.tools import catalogue
    from agent.tools.invoke import run_tool

    tool = catalogue().get("design_analogues")
    started = time.perf_counter()
    result = run_tool(tool, {"seed": _SEED_MOLECULE, "count": 60, "random_seed": repeat}, {})
    ours = time.perf_counter() - started
    if result.status != "ok":
        raise InputError(f"No molecules could be designed: {result.summary}")
    found = result.data["smiles"]
    bare = bare_descriptors()
    bare(found[:2])
    return ours, _timed(lambda: bare([found[place % len(found)] for place in range(result.data["generated"])]))


def knowledge(documents: int, queries: int, repeats: int) -> dict[str, list[Ratio]]:
    """Ingesting and searching made-up documents, against the embedding model alone.

    Args:
        documents: How many documents of some 200 words.
        queries: How many queries.
        repeats: How often everything is done.
    """
    from knowledge import Metadata, Page, Parsed, add_documents, default_embedder, open_store
    from knowledge.passages import split_pages

    embedder = default_embedder()
    embedder.embed(["warm"])
    ingested: list[Ratio] = []
    searched: list[Ratio] = []
    for repeat in range(repeats):
        draw = random.Random(repeat)
        pages = [Page(_sentences(draw, 20)) for _ in range(documents)]
        texts = [passage.text for number, page in enumerate(pages) for passage in split_pages(f"d{number}", [page])]
        peer = _timed(lambda texts=texts: embedder.embed(texts))
        with tempfile.TemporaryDirectory(prefix="speed-") as scratch:
            store = open_store(scratch, embedder=embedder)
            items = [(f"d{number}", Parsed((page,), Metadata(f"Note {number}"))) for number, page in enumerate(pages)]
            ours = _timed(lambda items=items, store=store: add_documents(items, store))
            ingested.append((ours, peer))
            asked = [_sentences(draw, 1) for _ in range(queries)]
            store.search(asked[0])
            answers = [_timed(lambda query=query, store=store: store.search(query)) for query in asked]
            embeddings = [_timed(lambda query=query: embedder.embed([query])) for query in asked]
            searched.append((_p95(answers), _p95(embeddings)))
    return {"ingestion": ingested, "search (p95)": searched}


def against_paperqa(files: int, queries: int, repeats: int) -> dict[str, list[Ratio]]:
    """An index of text files built and asked, against paper-qa; nothing where no interpreter that has it is named.

    Args:
        files: How many files of some 2,000 words.
        queries: How many questions.
        repeats: How often everything is done.
    """
    from evals.peers.documents import INTERPRETER, PASSAGES, ours, peers

    interpreter = os.environ.get(INTERPRETER)
    if not interpreter:
        return {}
    found: dict[str, list[Ratio]] = {}
    for repeat in range(repeats):
        draw = random.Random(repeat)
        with tempfile.TemporaryDirectory(prefix="speed-") as scratch:
            for number in range(files):
                Path(scratch, f"paper{number}.txt").write_text(_sentences(draw, 200), encoding="utf-8")
            questions = [_sentences(draw, 1) for _ in range(queries)]
            mine, theirs = ours(Path(scratch), questions), peers(Path(scratch), questions, interpreter)
        pairs = {"build": (mine.build, theirs.build), "build, words": (mine.words, theirs.build)}
        peer = statistics.median(one.wall for one in theirs.asked[PASSAGES])
        for kind, asked in mine.asked.items():
            pairs[kind] = (statistics.median(one.wall for one in asked), peer)
        for kind, pair in pairs.items():
            found.setdefault(f"paper-qa: {kind}", []).append(pair)
    return found


def _sentences(draw: random.Random, count: int) -> str:
    return " ".join(" ".join(draw.choices(_WORDS, k=10)).capitalize() + "." for _ in range(count))


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[round(0.95 * (len(times) - 1))]
