"""Reading what a goal says of docking: the receptor file and the place of the site in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.errors import EngineMissing, InputError, RepairableToolError
from agent.reasoning.protocol import Context
from agent.reasoning.understanding import GoalParts
from agent.records import Constraint, Entity, Objective, Question
from agent.tools.molecules.shapes.docking import Receptor, read_receptor, require_engine
from agent.vocabulary import by_key

SITE = "docking_site"
"""Key of the question where in the receptor to dock."""

LIGAND_ATOMS = 6
"""Heavy atoms from which another residue of the file counts as a ligand that marks a site."""

DOCK = re.compile(
    r"\bdock(?:s|ed|ing)?\b|\bbinding pose|\bvina\b|도킹"
    r"|\b(?:binding|predicted)\s+(?:affinity|affinities|energy|energies)\b|결합\s*(?:친화도|에너지)",
    re.IGNORECASE,
)
_TASK = re.compile(r"^\W*(?:please\s+)?(?:re-?)?dock\b|도킹(?:해|하)", re.IGNORECASE)
_CENTRE = re.compile(
    r"cent(?:re|er)(?:ed)?(?:\s+(?:at|of|on|is))?\s*[:=]?\s*[(\[]?\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*,\s*"
    r"(-?\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:around|ligand|site of|pocket of|bound|residue)\s+(?:the\s+)?(?:ligand\s+)?[\"']?"
    r"(?P<name>[A-Z0-9]{1,3}(?:\s+\w:-?\d+)?)\b"
)


@dataclass(frozen=True)
class Docking:
    """What a goal says of docking.

    Attributes:
        options: Arguments of the docking tool; empty where nothing is docked.
        entities: The receptor file.
        missing: The question where the site is.
        notes: What the reader should know.
    """

    options: dict[str, Any]
    entities: tuple[Entity, ...] = ()
    missing: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()


def read_docking(parts: GoalParts, context: Context) -> Docking:
    """Read the receptor and its site, or say what is missing.

    Args:
        parts: The goal as read.
        context: For the answer to an earlier question, and whether docking is installed.

    Returns:
        The tool's arguments with a receptor; without one a note where the goal wishes for docking.

    Raises:
        InputError: The goal is to dock, and the receptor cannot be read or Vina is not installed.
    """
    wished = bool(DOCK.search(parts.bare)) or any(
        needs_receptor(one) for one in (*parts.constraints, *parts.objectives)
    )
    receptors = [item for item in parts.files if item.kind == "receptor"]
    if not receptors:
        if not wished:
            return Docking({})
        note = parts.say(
            "Predicted affinity needs the receptor's structure: attach a PDB or PDBQT file (`--attach receptor.pdb`). "
            "Without one nothing is docked, and no bound on the docking score is applied.",
            "예측 결합 친화도에는 수용체 구조가 필요합니다. PDB 또는 PDBQT 파일을 첨부해 주세요"
            "(`--attach receptor.pdb`). 파일이 없으면 도킹하지 않으며 도킹 점수 조건도 적용하지 않습니다.",
        )
        return Docking({}, notes=(note,))
    path = receptors[0].path
    entities = (receptors[0].entity(),)
    if "dock_molecules" not in context.catalogue:
        return Docking({}, entities, notes=("This installation has no tool for docking: nothing is docked.",))
    try:
        require_engine()
        receptor = read_receptor(path)
    except (EngineMissing, RepairableToolError) as error:
        if _TASK.search(parts.bare):  # docking is what is asked for, and nothing else would answer
            raise InputError(f"Nothing can be docked: {error.message}", remedy=error.remedy) from error
        return Docking({}, entities, notes=(f"Nothing is docked: {error.message} {error.remedy or ''}".strip(),))
    site = _site(f"{parts.text} {context.answers.get(SITE, '')}", context.answers.get(SITE, ""), receptor)
    if not site:
        return Docking({}, entities, missing=(_question(parts, path, receptor),))
    where = site.get("around") or ", ".join(f"{value:g}" for value in site["center"])
    note = parts.say(
        f"The shortlist is docked into {path} around {where}, rigid, as the last and costly step; the scores have a "
        "standard error of 2.85 kcal/mol against measured binding.",
        f"상위 후보를 {path}의 {where} 주위에 도킹합니다(수용체 고정, 마지막 단계). 점수의 표준 오차는 "
        "2.85 kcal/mol입니다.",
    )
    return Docking({"receptor": path, **site}, entities, notes=(note,))


def _site(text: str, answer: str, receptor: Receptor) -> dict[str, Any]:
    """The centre or the ligand that marks the site: as written, else the only ligand of the file."""
    if match := _CENTRE.search(text):
        return {"center": [float(match[1]), float(match[2]), float(match[3])]}
    ligands = _ligands(receptor)
    named = [match["name"].upper() for match in _AROUND.finditer(text)] + [answer.strip().upper()]
    for name in named:
        for key in receptor.hetero:
            if name and name in (key.upper(), key.split()[0].upper()):
                return {"around": key}
    return {"around": ligands[0]} if len(ligands) == 1 else {}


def _ligands(receptor: Receptor) -> list[str]:
    return [key for key, atoms in receptor.hetero.items() if len(atoms) >= LIGAND_ATOMS]


def _question(parts: GoalParts, path: str, receptor: Receptor) -> Question:
    there = ", ".join(_ligands(receptor)) or parts.say("none", "없음")
    text = parts.say(
        f"Where in {path} is the binding site? Name a ligand of the file (there are: {there}), or give a centre such "
        "as 'center 12.5, -3, 40.1' in Å.",
        f"{path}의 어느 자리에 결합합니까? 파일 안의 리간드 이름({there}) 또는 'center 12.5, -3, 40.1'처럼 "
        "중심 좌표(Å)를 적어 주세요.",
    )
    return Question(key=SITE, text=text, choices=tuple(_ligands(receptor)))


def needs_receptor(item: Constraint | Objective) -> bool:
    """Whether a quantity is predicted by docking alone."""
    return by_key()[item.quantity].engine == "vina"


def ranking(objectives: tuple[Objective, ...]) -> tuple[Objective, ...]:
    """The wishes of a goal that docks: where it has none, the docking score ranks."""
    score = Objective(quantity="docking_score", direction="minimise", unit="kcal/mol", text="docking")
    return objectives or (score,)


def as_energies(constraints: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    """Bounds on the docking score as bounds on an energy, of which less is stronger.

    People write "better than -8", and "an affinity of at least 8 kcal/mol" for a score of -8 or lower.
    """
    return tuple(_as_energy(bound) if needs_receptor(bound) else bound for bound in constraints)


def _as_energy(bound: Constraint) -> Constraint:
    low, high = bound.low, bound.high
    if low is not None and low > 0:
        return bound.model_copy(
            update={
                "relation": "<=" if high is None else bound.relation,
                "low": None if high is None else -high,
                "high": -low,
            }
        )
    if (
        low is not None
        and high is None
        and re.search(r"better|strong|tight|at least|more than", bound.text, re.IGNORECASE)
    ):
        return bound.model_copy(update={"relation": "<=", "low": None, "high": low})
    return bound
