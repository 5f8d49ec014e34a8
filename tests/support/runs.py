"""Hand-made runs: what the reasoning tests work on."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from agent.errors import InputError
from agent.reasoning.protocol import Context, RunView
from agent.records import (
    Brief,
    Candidate,
    Citation,
    Constraint,
    Entity,
    Evidence,
    Goal,
    Objective,
    Plan,
    Quantity,
    Result,
    Value,
)
from agent.tools.catalogue import Catalogue
from agent.tools.experiments import look_up_reagents, plate_layout, size_experiment, weigh_precursors

CELECOXIB = "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1"
GOAL = "Design soluble analogues of celecoxib with logP between 2 and 4 and QED above 0.7"


async def call(name: str, arguments: Mapping[str, Any]) -> Result:
    """Runs the tools of the experiments room in this process."""
    tools = {
        "size_experiment": size_experiment,
        "plate_layout": plate_layout,
        "look_up_reagents": look_up_reagents,
        "weigh_precursors": weigh_precursors,
    }
    if name not in tools:
        raise InputError(f"There is no tool '{name}'.")
    return tools[name](**arguments)


def context(documents: int = 0, caller: Any = call) -> Context:
    return Context(catalogue=Catalogue({}), call=caller, documents=documents)


def evidence(number: int, tool: str, **more: Any) -> Evidence:
    return Evidence(id=f"e{number}", step=f"s{number}", tool=tool, status="ok", summary="", **more)


def quantity(name: str, value: float, unit: str = "1", source: str = "e2") -> Quantity:
    return Quantity(name=name, value=value, unit=unit, source=source)


def molecule_brief() -> Brief:
    return Brief(
        goal=GOAL,
        domain="chemistry",
        playbook="molecule-design",
        objectives=(Objective(quantity="logS_ESOL", direction="maximise", unit="log_molar", text="soluble"),),
        constraints=(
            Constraint(quantity="logP", relation="between", low=2, high=4, text="logP between 2 and 4"),
            Constraint(quantity="QED", relation=">", low=0.7, text="QED above 0.7"),
        ),
        entities=(Entity(kind="molecule", text="celecoxib", value=CELECOXIB, source="chemicals"),),
    )


CHANGES = (
    ("aryl CH3 → OH", -0.6, 20.2),
    ("aryl CH3 → OCH3", -0.1, 9.2),
    ("aryl CH3 → CN", -0.3, 23.8),
    ("aryl CH3 → Cl", 0.4, 0.0),
    ("phenyl → pyridin-3-yl", -0.6, 12.9),
)


def molecules(count: int = 30, seed: int = 3) -> tuple[Candidate, ...]:
    """Analogues of celecoxib with plausible values: ESOL falls with logP, polar changes lower logP."""
    rng = random.Random(seed)
    made = []
    for index in range(count):
        change, shift, polar = CHANGES[index % len(CHANGES)]
        second = CHANGES[(index * 3 + 1) % len(CHANGES)] if index % 2 else None
        logp = 3.5 + shift + (second[1] / 2 if second else 0.0) + rng.gauss(0, 0.15)
        tpsa = 78.0 + polar + (second[2] / 2 if second else 0.0)
        esol = -0.2 - 1.05 * logp + rng.gauss(0, 0.2)
        values = {
            "logP": quantity("logP", round(logp, 3)),
            "QED": quantity("QED", round(0.78 - 0.02 * abs(logp - 3) + rng.gauss(0, 0.02), 3)),
            "mass": quantity("mass", round(380 + 10 * rng.random(), 2), "g/mol"),
            "TPSA": quantity("TPSA", round(tpsa, 2), "angstrom**2"),
            "HBD": quantity("HBD", 1 + ("OH" in change)),
            "similarity": quantity("similarity", round(rng.uniform(0.35, 0.85), 3)),
            "SA_score": quantity("SA_score", round(rng.uniform(2, 3), 2)),
            "logS_ESOL": quantity("logS_ESOL", round(esol, 3), "log_molar"),
            "solubility_AqSolDB": quantity("solubility_AqSolDB", round(-4.6 + rng.gauss(0, 0.5), 3), "log_molar", "e3"),
            "Caco2": quantity(
                "Caco2", round(-4.6 - 0.012 * (tpsa - 78) + 0.12 * (logp - 3) + rng.gauss(0, 0.05), 3), source="e3"
            ),
            "hERG": quantity("hERG", round(rng.uniform(0.2, 0.6), 3), source="e3"),
        }
        labels = {"change": change + (f" + {second[0]}" if second else ""), "known": "no"}
        made.append(
            Candidate(
                id=f"c{index + 1}", kind="molecule", structure=f"C{'C' * index}O", quantities=values, labels=labels
            )
        )
    return tuple(made)


SEED_ROW = {
    "smiles": CELECOXIB, "logP": 3.51, "QED": 0.75, "mass": 381.38, "TPSA": 77.98, "HBD": 1.0, "logS_ESOL": -4.9,
    "SA_score": 2.2, "Caco2": -4.7,
}  # fmt: skip


def view(
    candidates: tuple[Candidate, ...],
    brief: Brief,
    *,
    citations: tuple[Citation, ...] = (),
    documents: int = 0,
    searched: bool = False,
    seed: int = 0,
    payloads: Mapping[str, Mapping[str, Any]] | None = None,
    caller: Any = call,
) -> RunView:
    """A run over these candidates, with a described seed and, if asked, a literature search."""
    found = {
        "e1": evidence(1, "describe_molecules"),
        "e2": evidence(2, "design_analogues", values=(Value(name="count", value=len(candidates)),)),
        "e3": evidence(3, "estimate_admet"),
    }
    if searched:
        found["e4"] = evidence(4, "search_passages", citations=citations)
    data = payloads if payloads is not None else {"e1": {"rows": [SEED_ROW]}, "e2": {"seed": CELECOXIB}}
    return RunView(
        goal=Goal(text=brief.goal, seed=seed),
        brief=brief,
        plan=Plan(steps=()),
        evidence=found,
        candidates=candidates,
        payload=lambda identifier: data.get(identifier, {}),
        context=context(documents, caller),
    )
