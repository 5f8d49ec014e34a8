"""A lab without workers: resolve_molecule knows two drugs, the other tools exist by their signatures alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from agent.reasoning.protocol import Context, RunView
from agent.records import (
    Brief,
    Candidate,
    Constraint,
    ErrorInfo,
    Evidence,
    Goal,
    Objective,
    Plan,
    Result,
)
from agent.tools import Catalogue, FilePath, Tool, empty, ok

DRUGS = {
    "aspirin": "CC(=O)Oc1ccccc1C(=O)O",
    "celecoxib": "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1",
    "셀레콕시브": "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1",
}


def _molecules(smiles: list[str]) -> None: ...
def _counted(smiles: list[str], count: int = 5) -> None: ...
def _resolve(molecule: str) -> None: ...
def _admet(smiles: list[str], endpoints: list[str] = []) -> None: ...
def _draw(smiles: list[str], reference: str = "") -> None: ...
def _screen(structures: list[str], kind: str) -> None: ...
def _search(query: str, count: int = 8) -> None: ...
def _structures(structures: list[str]) -> None: ...
def _formulas(formulas: list[str], per_formula: int = 4, prototypes: list[str] = []) -> None: ...
def _minerals(names: list[str] = [], elements: list[str] = []) -> None: ...
def _capacities(formulas: list[str], ion: str = "Li") -> None: ...
def _substitute(
    structures: list[str],
    by: list[str],
    replace: str = "",
    fractions: list[float] = [0.5],
) -> None: ...
def _enumerate(elements: list[str]) -> None: ...
def _xrd(structure: str, wavelength: str = "CuKa") -> None: ...
def _phases(pattern: FilePath, references: list[str], wavelength: str = "CuKa") -> None: ...
def _path(path: FilePath) -> None: ...
def _sequences(sequences: list[str]) -> None: ...
def _orfs(sequence: str, min_length: int = 100, circular: bool = False) -> None: ...
def _sequence(sequence: str) -> None: ...
def _digest(sequence: str, enzymes: list[str], circular: bool = False) -> None: ...
def _sites(sequence: str, circular: bool = False) -> None: ...
def _primers(
    sequence: str,
    tm: float = 60.0,
    gc_low: float = 40.0,
    gc_high: float = 60.0,
    min_length: int = 18,
    max_length: int = 30,
    forward_enzyme: str = "",
    reverse_enzyme: str = "",
) -> None: ...
def _align(a: str, b: str) -> None: ...
def _design(
    seed: str,
    constraints: list[Constraint] = [],
    count: int = 60,
    keep: list[str] = [],
    avoid: list[str] = [],
    min_similarity: float = 0.3,
    random_seed: int = 0,
    objectives: list[Objective] = [],
) -> None: ...


def _evolve(
    objectives: list[Objective] = [],
    constraints: list[Constraint] = [],
    start: list[str] = [],
    budget: int = 2000,
    count: int = 50,
    random_seed: int = 0,
    keep: list[str] = [],
    avoid: list[str] = [],
) -> None: ...


_SIGNATURES: dict[str, Callable[..., None]] = {
    "resolve_molecule": _resolve,
    "describe_molecules": _molecules,
    "design_analogues": _design,
    "evolve_molecules": _evolve,
    "estimate_admet": _admet,
    "check_known_molecules": _molecules,
    "find_similar_molecules": _counted,
    "draw_molecules": _draw,
    "screen_candidates": _screen,
    "search_passages": _search,
    "analyse_structures": _structures,
    "estimate_energies": _structures,
    "relax_structures": _structures,
    "bulk_moduli": _structures,
    "prototype_structures": _formulas,
    "mineral_structures": _minerals,
    "electrode_capacities": _capacities,
    "substitute_elements": _substitute,
    "enumerate_compositions": _enumerate,
    "simulate_xrd": _xrd,
    "identify_phases": _phases,
    "read_sequences": _path,
    "analyse_dna": _sequences,
    "analyse_proteins": _sequences,
    "scan_melting_conditions": _sequence,
    "find_orfs": _orfs,
    "translate_dna": _sequence,
    "digest_dna": _digest,
    "find_restriction_sites": _sites,
    "design_primers": _primers,
    "align_sequences": _align,
}


def _described(function: Callable[..., None]) -> Callable[..., None]:
    function.__doc__ = "A signature.\n\nArgs:\n" + "".join(
        f"    {name}: It.\n" for name in function.__annotations__ if name != "return"
    )
    return function


@pytest.fixture(scope="session")
def tools() -> Catalogue:
    return Catalogue({name: Tool(name, "data", _described(function)) for name, function in _SIGNATURES.items()})


class Lab:
    """Records what was called, and answers for `resolve_molecule`."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Result:
        if name == "screen_candidates":
            return ok("no match", data={"rows": []})
        assert name == "resolve_molecule"
        molecule = str(arguments["molecule"])
        self.calls.append(molecule)
        known = DRUGS.get(molecule.lower())
        if known is not None:
            return ok("known", data={"smiles": known, "source": "test drugs"})
        if molecule in DRUGS.values() or molecule == "CCO":
            return ok("read", data={"smiles": molecule, "source": "goal"})
        if "(=" in molecule:
            told = ErrorInfo(kind="RepairableToolError", message="unclosed branch", repairable=True)
            return Result(status="error", summary="unclosed branch", error=told)
        return empty("no set knows it", data={"similar": ["celecoxib"] if molecule.startswith("celec") else []})


@pytest.fixture
def lab() -> Lab:
    return Lab()


@pytest.fixture
def context(lab: Lab, tools: Catalogue) -> Callable[..., Context]:
    def make(documents: int = 0, catalogue: Catalogue | None = None, **answers: str) -> Context:
        return Context(catalogue=catalogue or tools, call=lab.call, answers=answers, documents=documents)

    return make


@pytest.fixture
def view(context: Callable[..., Context]) -> Callable[..., RunView]:
    def make(
        brief: Brief,
        plan: Plan,
        candidates: tuple[Candidate, ...] = (),
        *,
        evidence: tuple[Evidence, ...] = (),
        payloads: Mapping[str, Mapping[str, Any]] | None = None,
        round: int = 0,
    ) -> RunView:
        return RunView(
            goal=Goal(text=brief.goal),
            brief=brief,
            plan=plan,
            evidence={item.id: item for item in evidence},
            candidates=candidates,
            payload=lambda identity: (payloads or {}).get(identity, {}),
            context=context(),
            round=round,
        )

    return make
