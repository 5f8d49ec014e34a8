"""Measured powder patterns whose phases are in their file names: which phases does `identify_phases` name?

Patterns are ``xrd/spectra/PHASE+PHASE.xy``, references ``xrd/references/FORMULA_SPACEGROUP.cif``. A pattern counts as
solved if the set of formulas named is exactly the set in its name, however the formulas are written.

Source: N. J. Szymanski et al., "Adaptively driven X-ray diffraction guided by machine learning for autonomous phase
identification", npj Computational Materials 9 (2023) 31, and its XRD-AutoAnalyzer repository (MIT).
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import InputError
from evals.intervals import bootstrap
from evals.suite import Options, Scores

FOLDER = "xrd"
Composition = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Phase:
    """A phase by its composition, as shares of the elements, and its space group's number (0: not given)."""

    composition: Composition
    space_group: int = 0


def evaluate(options: Options) -> Scores:
    """The suite ``xrd``: share of patterns whose phases are named exactly.

    Args:
        options: The bench folder and the limit.

    Raises:
        InputError: There are no patterns or no references.
    """
    patterns, references = find_files((options.bench or Path()) / FOLDER)
    patterns = patterns[: options.limit]
    exact: list[float] = []
    named: list[float] = []
    found_share: list[float] = []
    groups: list[float] = []
    unscored: dict[str, int] = {}
    for pattern in patterns:
        try:
            truth = phases_of(pattern.stem)
            answer = identify(pattern, references)
        except ValueError as error:
            unscored[str(error)] = unscored.get(str(error), 0) + 1
            continue
        formulas, wanted = {p.composition for p in answer}, {p.composition for p in truth}
        exact.append(float(formulas == wanted))
        named += [float(formula in wanted) for formula in formulas]
        found_share += [float(formula in formulas) for formula in wanted]
        groups += [float(phase in answer) for phase in truth if phase.space_group]
        options.tell(f"{pattern.name}: {'right' if exact[-1] else 'wrong'}")
    columns = {"exact": exact, "precision": named, "recall": found_share, "phase and space group": groups}
    scores = {name: statistics.fmean(values) for name, values in columns.items() if values}
    return Scores(
        score=scores.get("exact"),
        scores=scores,
        n=len(exact),
        unscored=sum(unscored.values()),
        why_unscored=unscored,
        intervals={name: interval for name, values in columns.items() if (interval := bootstrap(values))},
    )


def find_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """The patterns and the references of a folder.

    Raises:
        InputError: One of the two kinds is missing.
    """
    patterns, references = sorted(folder.glob("spectra/*.xy")), sorted(folder.glob("references/*.cif"))
    for kind, found in (("spectra/*.xy", patterns), ("references/*.cif", references)):
        if not found:
            raise InputError(f"{folder} has no {kind}.", remedy="Name the bench folder that holds the xrd set.")
    return patterns, references


def phases_of(name: str) -> tuple[Phase, ...]:
    """The phases that a file name without its ending lists.

    Raises:
        ValueError: A part of it is no formula.
    """
    found = []
    for part in name.split("+"):
        match = re.fullmatch(r"\s*((?:[A-Z][a-z]?[\d.]*|[()][\d.]*)+)(?:_(\d+))?(?:[-_ ].*)?\s*", part)
        if match is None:
            raise ValueError("a file name does not list formulas")
        found.append(Phase(composition(match[1]), int(match[2] or 0)))
    return tuple(found)


def composition(formula: str) -> Composition:
    """Shares of the elements in a formula with or without brackets, rounded so that equal ones compare equal.

    Raises:
        ValueError: The brackets do not close.
    """
    stack: list[dict[str, float]] = [{}]
    for element, count, opening, closing, times in re.findall(
        r"([A-Z][a-z]?)(\d*\.?\d*)|(\()|(\))(\d*\.?\d*)", formula
    ):
        if element:
            stack[-1][element] = stack[-1].get(element, 0.0) + float(count or 1)
        elif opening:
            stack.append({})
        elif closing:
            if len(stack) == 1:
                raise ValueError("a formula's brackets do not close")
            for inner, amount in stack.pop().items():
                stack[-1][inner] = stack[-1].get(inner, 0.0) + amount * float(times or 1)
    total = sum(stack[0].values())
    if len(stack) > 1 or not total:
        raise ValueError("a formula's brackets do not close")
    return tuple(sorted((element, round(amount / total, 4)) for element, amount in stack[0].items()))


def identify(pattern: Path, references: Sequence[Path]) -> tuple[Phase, ...]:
    """The phases that the tool names.

    Args:
        pattern: The measurement.
        references: Structures of the phases that may be there.

    Raises:
        ValueError: The tool cannot look (a package is missing, the file cannot be read).
    """
    from agent.tools import catalogue
    from agent.tools.invoke import run_tool

    arguments = {"pattern": str(pattern), "references": [str(path) for path in references]}
    result = run_tool(catalogue().get("identify_phases"), arguments, {})
    if result.status == "error":
        raise ValueError(f"a pattern could not be analysed: {result.summary}")
    return tuple(Phase(composition(phase["formula"]), int(phase["number"])) for phase in result.data["phases"])
