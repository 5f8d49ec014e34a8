"""Screening a file of molecules against a specification, in parts (see `agent.tools.chunks`)."""

from __future__ import annotations

import heapq
from collections import Counter
from pathlib import Path
from typing import Any

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Constraint, Objective, Result, Value
from agent.tools import empty, ok
from agent.tools.molecules.library.file import Layout, count_lines, cut, read_layout, read_part
from agent.tools.molecules.requirements import Requirements, read_requirements
from agent.tools.molecules.structures import read_mol, read_pattern

PART = 64 * 1024
"""Bytes of the file in one piece of work: about a thousand molecules, some seconds."""

SHOWN = 20
"""Lines that could not be read are shown up to this number, and counted beyond."""

UNREADABLE = "not a structure that can be read"
DUPLICATE = "the same structure as an earlier line"


def split(arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of the file, each with what every molecule has to meet.

    Raises:
        RepairableToolError: The file, the specification or the count cannot be used.
    """
    path = Path(arguments["path"]).expanduser()
    if not 1 <= arguments["count"] <= 10_000:
        raise RepairableToolError(f"count: {arguments['count']} cannot be kept.", remedy="Ask for 1 to 10,000.")
    _specification(arguments)
    layout = read_layout(path)
    wanted = {name: arguments[name] for name in ("constraints", "objectives", "keep", "avoid", "count")}
    return [
        {"path": str(path), "layout": list(layout), **part, **wanted}
        for part in cut(path, layout, arguments.get("part") or PART)
    ]


def work(piece: dict[str, Any]) -> dict[str, Any]:
    """Screen one part of the file.

    Returns:
        ``read``, ``lines``, ``rejected`` (number by reason), ``unreadable`` (line within the part, text, reason) and
        ``best`` (merit, line, SMILES, name, descriptors; the best ``count`` of those that meet everything).
    """
    from rdkit import Chem

    from agent.tools.molecules.descriptors import describe

    requirements, keep, avoid = _specification(piece)
    wanted = _wanted(requirements)
    layout, path = Layout(*piece["layout"]), Path(piece["path"])
    rejected: Counter[str] = Counter()
    unreadable: list[list[Any]] = []
    best: list[tuple[float, int, str, str, dict[str, float]]] = []
    read = 0
    for line, smiles, name in read_part(path, layout, piece["start"], piece["stop"]):
        read += 1
        try:
            mol, _ = read_mol(smiles)
        except RepairableToolError as error:
            rejected[UNREADABLE] += 1
            if len(unreadable) < SHOWN:
                unreadable.append([line, smiles[:80], error.message])
            continue
        row: dict[str, float] = {}
        memory: dict[str, Any] = {}
        reason = ""
        for bound in requirements.bounds:  # the cheapest first: most molecules never pay for the dear ones
            row |= describe(mol, [bound.key], memory=memory) if bound.key not in row else {}
            if bound.distance(row[bound.key]) > 0:
                reason = f"{bound.key} outside the limits"
                break
        reason = reason or _pattern_trouble(mol, keep, avoid)
        if reason:
            rejected[reason] += 1
            continue
        row |= describe(mol, [key for key in wanted if key not in row], memory=memory)
        merit = _merit(row, requirements)
        if len(best) < piece["count"] or (merit, -line) > best[0][:2]:
            item = (merit, -line, Chem.MolToSmiles(mol), name, row)
            (heapq.heappush if len(best) < piece["count"] else heapq.heapreplace)(best, item)
    return {
        "read": read,
        "lines": count_lines(path, layout, piece["start"], piece["stop"]),
        "rejected": dict(rejected),
        "unreadable": unreadable,
        "best": [[merit, -line, smiles, name, row] for merit, line, smiles, name, row in sorted(best, reverse=True)],
    }


def merge(arguments: dict[str, Any], results: list[dict[str, Any]]) -> Result:
    """The whole library's outcome from that of its parts, in the order of the file."""
    from agent.tools.molecules.descriptors import values

    requirements, _, _ = _specification(arguments)
    layout = read_layout(Path(arguments["path"]).expanduser())
    rejected: Counter[str] = Counter()
    hits: list[tuple[float, int, str, str, dict[str, float]]] = []
    warnings: list[str] = []
    line = layout.first_line
    for part in results:
        rejected.update(part["rejected"])
        warnings += [f"line {line + place}: {why}" for place, _, why in part["unreadable"]]
        hits += [(merit, -(line + place), smiles, name, row) for merit, place, smiles, name, row in part["best"]]
        line += part["lines"]
    read = sum(part["read"] for part in results)
    qualified = read - sum(rejected.values())
    chosen, seen = [], set()
    for hit in sorted(hits, key=lambda one: one[:2], reverse=True):
        if hit[2] in seen:
            rejected[DUPLICATE] += 1
        elif len(chosen) < arguments["count"]:
            chosen.append(hit)
        seen.add(hit[2])
    more = rejected[UNREADABLE] - len(warnings)
    warnings = warnings[:SHOWN] + (
        [f"and {rejected[UNREADABLE] - SHOWN} more lines"] if len(warnings) + more > SHOWN else []
    )
    warnings += _tautomers([(-place, smiles) for _, place, smiles, _, _ in chosen])
    if requirements.unchecked:
        warnings.append(f"not computed here, to be estimated by other tools: {', '.join(requirements.unchecked)}")
    data = {
        "read": read,
        "qualified": qualified,
        "rejected": dict(sorted(rejected.items(), key=lambda pair: (-pair[1], pair[0]))),
        "smiles": [smiles for _, _, smiles, _, _ in chosen],
        "unchecked": list(requirements.unchecked),
    }
    asked = "; ".join(str(bound) for bound in requirements.bounds) or "no constraints"
    counts = (Value(name="screened", value=read), Value(name="qualified", value=qualified))
    if not chosen:
        worst = next(iter(data["rejected"]), "nothing in the file")
        return empty(
            f"None of {read} molecules meets everything ({asked}); most fail by: {worst}.",
            data=data,
            warnings=warnings,
        )
    return ok(
        f"{qualified} of {read} molecules meet everything ({asked}); the best {len(chosen)} are kept.",
        values=counts,
        data=data,
        candidates=[
            CandidateDraft(
                kind="molecule", structure=smiles, name=name, values=values(row), labels={"line": str(-place)}
            )
            for _, place, smiles, name, row in chosen
        ],
        warnings=warnings,
    )


def _tautomers(kept: list[tuple[int, str]]) -> tuple[str, ...]:
    """Which of the molecules that are kept are forms of one substance."""
    from agent.tools.tautomers import told

    ordered = sorted(kept)
    return told([smiles for _, smiles in ordered], [f"line {line}" for line, _ in ordered])[:SHOWN]


def _specification(arguments: dict[str, Any]) -> tuple[Requirements, list[Any], list[Any]]:
    requirements = read_requirements(
        [Constraint.model_validate(one) for one in arguments["constraints"]],
        [Objective.model_validate(one) for one in arguments["objectives"]],
    )
    if any(bound.key == "similarity" for bound in requirements.bounds):
        raise RepairableToolError(
            "constraints: similarity needs a reference molecule, and a library has none.",
            remedy="Leave it out, or use design_analogues.",
        )
    keep = [read_pattern(text, argument="keep") for text in arguments["keep"]]
    return requirements, keep, [read_pattern(text, argument="avoid") for text in arguments["avoid"]]


def _pattern_trouble(mol: Any, keep: list[Any], avoid: list[Any]) -> str:
    if not all(mol.HasSubstructMatch(pattern) for pattern in keep):
        return "lacks a part that is required"
    return "has a part to avoid" if any(mol.HasSubstructMatch(pattern) for pattern in avoid) else ""


def _wanted(requirements: Requirements) -> list[str]:
    """What a hit is described by: what was asked for, and what a chemist looks at first."""
    pushed = [objective.quantity for objective in requirements.objectives]
    return list(dict.fromkeys([*pushed, *requirements.keys, "QED", "logP", "mass", "TPSA"]))


def _merit(row: dict[str, float], requirements: Requirements) -> float:
    """How good a molecule is among those that qualify: by the objectives in steps of their quantities, else by QED."""
    from agent.tools.molecules.requirements import STEP

    if not requirements.objectives:
        return round(row["QED"], 6)
    total = 0.0
    for objective in requirements.objectives:
        value, step = row[objective.quantity], STEP.get(objective.quantity, 1.0)
        if objective.direction == "target":
            assert objective.target is not None
            total -= abs(value - objective.target) / step
        else:
            total += value / step if objective.direction == "maximise" else -value / step
    return round(total, 6)
