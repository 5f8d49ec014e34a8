"""The suites by name."""

from __future__ import annotations

import difflib
from pathlib import Path

from agent.errors import InputError
from evals.matbench import find_table_suite
from evals.suite import Suite

SUITES: tuple[Suite, ...] = (
    Suite(
        "scifact",
        "finding the abstract that bears on a scientific claim (BEIR protocol)",
        "nDCG@10",
        "evals.scifact:evaluate",
        needs="scifact",
        published=(("BM25", 0.665), ("BM25 + cross-encoder", 0.688), ("ColBERT", 0.671), ("bge-base", 0.744)),
    ),
    Suite(
        "seqqa",
        "questions on DNA, primers, digests and reading frames (LAB-Bench SeqQA)",
        "accuracy (abstentions count as wrong)",
        "evals.labbench:evaluate",
        needs="labbench",
        arguments={"tag": "seqqa"},
        published=(("GPT-5.2 without tools", 0.470),),
    ),
    Suite(
        "cloning",
        "cloning scenarios with whole plasmids (LAB-Bench)",
        "accuracy (abstentions count as wrong)",
        "evals.labbench:evaluate",
        needs="labbench",
        arguments={"tag": "cloningscenarios"},
    ),
    Suite(
        "xrd",
        "phases of measured powder patterns, among reference structures",
        "share of patterns whose phases are named exactly",
        "evals.xrd:evaluate",
        needs="xrd",
    ),
    Suite(
        "goals",
        "research goals in plain words, judged by independent checkers",
        "share of goals that pass every check",
        "evals.goals:evaluate",
    ),
    Suite(
        "speed",
        "times as ratios to a stated peer in the same run",
        "geometric mean of the ratios (lower is better)",
        "evals.speed:evaluate",
        higher_is_better=False,
    ),
    Suite(
        "terminal",
        "the terminal UI on a pseudo-terminal: first paint, key to screen while runs stream, opening, memory",
        "key to screen in ms, 95th percentile (lower is better)",
        "evals.terminal:evaluate",
        higher_is_better=False,
    ),
    Suite(
        "pmo",
        "molecular optimisation: 23 oracles, 10,000 calls, ZINC start molecules, no pre-screening (PMO protocol)",
        "sum of AUC top-10",
        "evals.pmo:evaluate",
        needs="pmo",
        published=(
            ("Graph GA", 13.751),
            ("REINVENT", 14.196),
            ("Mol GA", 14.708),
            ("Genetic GFN", 16.213),
            ("InVirtuoGen", 16.676),
        ),
    ),
    Suite(
        "design",
        "oracle calls to 100 feasible molecules of 8 specifications, against a plain graph genetic algorithm",
        "times fewer calls (geometric mean)",
        "evals.design:evaluate",
    ),
    Suite(
        "screening",
        "22 properties of 100,000 molecules through the screening tool, against a bare RDKit loop in as many processes",
        "throughput, of the bare loop's",
        "evals.screening:evaluate",
    ),
    Suite(
        "moleculeace",
        "bioactivity of molecules, trained and tested on the official split of each assay (MoleculeACE)",
        "mean test RMSE, log units",
        "evals.moleculeace:evaluate",
        needs="moleculeace",
        higher_is_better=False,
        published=(
            ("Chemprop (30 assays)", 0.832),
            ("RF-Morgan (30 assays)", 0.694),
            ("CheMeleon (30 assays)", 0.666),
            ("RF-Morgan, cliffs (30 assays)", 0.781),
            ("CheMeleon, cliffs (30 assays)", 0.765),
        ),
    ),
    Suite(
        "matbench-steels",
        "yield strength of steels from their composition, official folds (Matbench)",
        "mean absolute error, MPa",
        "evals.matbench:evaluate",
        needs="matbench",
        higher_is_better=False,
        arguments={"name": "steels"},
        published=(("random forest", 103.5), ("MODNet", 87.8), ("TPOT", 79.95)),
    ),
    Suite(
        "matbench-gap",
        "measured band gaps from compositions, official folds (Matbench)",
        "mean absolute error, eV",
        "evals.matbench:evaluate",
        needs="matbench",
        higher_is_better=False,
        arguments={"name": "gap"},
        published=(("random forest", 0.446), ("MODNet", 0.333), ("SAASBO-CrabNet", 0.331)),
    ),
    Suite(
        "campaigns-edbo",
        "reaction campaigns in batches of 5, replayed on a measured table",
        "median experiments to the top 1 %",
        "evals.campaigns:evaluate_reactions",
        needs="edbo",
        higher_is_better=False,
        published=(("random search", 91.0),),
    ),
    Suite(
        "campaigns-crossed-barrel",
        "design campaigns one test at a time, replayed on a measured table",
        "share of the top 5 % after 50 tests",
        "evals.campaigns:evaluate_designs",
        needs="pvlab",
        published=(("GP-Matern52, lower confidence bound", 0.322),),
    ),
    Suite(
        "campaigns-olympus",
        "campaigns one test at a time, replayed on measured tables",
        "tests to the top 1 %, of random",
        "evals.campaigns:evaluate_measured_tables",
        needs="olympus",
        higher_is_better=False,
        published=(("random search", 1.0),),
    ),
)


def find_suite(name: str, bench: Path | None) -> Suite:
    """The suite of that name, its data checked for; ``matbench-NAME`` for any table with folds in the bench folder.

    Raises:
        InputError: There is none, or its part of the bench folder is missing.
    """
    suite = next((suite for suite in SUITES if suite.name == name), None)
    if suite is None and bench is not None:
        suite = find_table_suite(name, bench)
    if suite is None:
        names = [suite.name for suite in SUITES]
        near = difflib.get_close_matches(name, names, n=2)
        raise InputError(
            f"There is no suite '{name}'.",
            remedy=f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names)}.",
        )
    if suite.needs is not None:
        if bench is None:
            raise InputError(
                f"The suite '{name}' needs benchmark data.", remedy="Name its folder with --bench or GEDANKEN_BENCH."
            )
        if not (bench / suite.needs).is_dir():
            raise InputError(
                f"The suite '{name}' needs the folder '{suite.needs}', and {bench} has none.",
                remedy="Name the folder that holds it with --bench or GEDANKEN_BENCH.",
            )
    return suite
