"""Playbook: a table of molecules, described and ranked as they are (contaminants, a library, monomers)."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from agent.reasoning.playbooks.base import (
    Domain,
    Filling,
    StepWriter,
    for_domain,
    list_of_structures,
    literature_steps,
    structure_column,
    table_of_structures,
    without_table,
)
from agent.reasoning.playbooks.resolving import answered
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.files import FoundFile
from agent.records import Brief, Entity, Objective, Plan, Question, Review
from agent.tools.tables import first_rows
from agent.vocabulary import by_key

TABLE = "molecules"
"""Key of the question for a table of molecules."""

MOST = 200
"""Molecules of a table that are described; a longer one is a library, which `screen_library` reads."""

_DESCRIBE = re.compile(
    r"\b(?:describe|assess\w*|calculat\w+|comput\w+|estimat\w+|predict\w*|rank\w*|sort\w*|order|compare|profile|evaluate"
    r"|mobility|mobile|persist\w*|fate|leach\w*|bioaccumulat\w*|solubilit\w+|logp|log kow|kow|properties|which of)\b"
    r"|계산|평가|정렬|비교|예측|이동성|잔류|용해도|분배계수|순위|물성",
    re.IGNORECASE,
)
_ACTIVITY = re.compile(
    r"\b(?:ic50|ec50|ki|kd|pic50|potenc\w+|activity|activities|cliffs?|sar|assay)\b|활성", re.IGNORECASE
)
_MOBILITY = re.compile(r"\bmobil\w+|leach\w*|이동성|용탈", re.IGNORECASE)
_UNKNOWN = (
    (r"half[- ]li(?:fe|ves)(?:[^.]{0,20}\b(?:soil|water|sediment|groundwater))|persist\w*|biodegrad\w*|잔류|분해성"
        r"|지속성",
     "degradation in soil or water needs measured rates (a half-life computed here is that in humans, so it is not "
     "shown as persistence); logP, solubility and the structure are what bears on it"),
    (r"\bkoc\b|\bkd\b|sorption"
        r"|흡착", "sorption to soil depends on its organic carbon and clay; logP is the usual first guide"),
    (r"\bbcf\b|bioaccumul\w*|bioconcentr\w*"
        r"|생물농축", "bioaccumulation is not computed; logP above 4 to 5 is the usual sign of it"),
    (r"vapou?r pressure|henry|volatil\w*|휘발", "vapour pressure and Henry's constant are not computed"),
)  # fmt: skip


class MoleculeSet:
    """Molecules of a table, each described, estimated, screened and ranked."""

    name = "molecule-set"
    title = "describe and rank the molecules of a table"
    domain: Domain = "chemistry"
    trade: tuple[re.Pattern[str], ...] = ()
    examples: tuple[str, ...] = (
        "Compute logP and solubility of the compounds in contaminants.csv.",
        "Rank the pesticides in the attached list by mobility in groundwater.",
        "Which of the molecules in library.csv are drug-like?",
        "Profile the attached solvents: polarity, mass and toxicity.",
        "Sort the monomers in monomers.csv by polar surface area.",
        "Describe every molecule of my table.",
        "Estimate the toxicity of the additives in additives.csv.",
        "Compare the aqueous solubilities of the attached compounds.",
        "Assess which of the listed pollutants leach into groundwater.",
        "Evaluate the lipophilicity of the fragrances in the file.",
        "Predict blood-brain barrier passage for the attached set.",
        "Order the dyes in dyes.csv by molecular weight.",
        "첨부한 오염물질 목록의 logP와 용해도를 계산해줘.",
        "표에 있는 화합물을 이동성 순서로 정렬해줘.",
        "첨부한 용매들의 물성을 비교해 주세요.",
        "목록의 농약을 독성 순으로 평가해줘.",
    )

    def signals(self, parts: GoalParts) -> float:
        """A table with a column of structures, and the words of describing but not of activities."""
        table = table_of_structures(parts) or list_of_structures(parts)
        if table is None:
            return without_table(parts.text)
        if _ACTIVITY.search(parts.text):
            return 0.0
        return 9.0 if _DESCRIBE.search(parts.text) else 3.0

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Read the molecules; what the goal asks about and no tool computes is told."""
        table = table_of_structures(parts) or list_of_structures(parts)
        molecules, unread = _molecules(table) if table else (await answered(context.answers.get(TABLE, ""), context), 0)
        if not molecules:
            text = parts.say(
                "Which molecules should I describe? Attach a CSV file with a column 'smiles', or name them.",
                "어떤 분자를 다룰까요? 'smiles' 열이 있는 CSV 파일을 첨부하거나 이름을 적어 주세요.",
            )
            return Filling(missing=(Question(key=TABLE, text=text),))
        constraints, objectives, notes = for_domain(parts, "chemistry", "molecules")
        if _MOBILITY.search(parts.text) and not objectives:
            objectives = (
                Objective(quantity="logS_ESOL", direction="maximise", unit=by_key()["logS_ESOL"].unit, text="mobility"),
                Objective(quantity="logP", direction="minimise", unit="1", text="mobility"),
            )
            notes += (
                "I rank mobility by high aqueous solubility and low logP, the usual guides for neutral organic "
                "compounds; ions and sorption to clay follow other rules.",
            )
        for pattern, why in _UNKNOWN:
            if match := re.search(pattern, parts.text, re.IGNORECASE):
                notes += (f"'{match[0]}' cannot be computed here: {why}.",)
        if not _DESCRIBE.search(parts.text):
            notes += ("The goal does not say what to do with the table, so I describe its molecules as they are.",)
        if table is not None and unread:
            notes += (f"{unread} rows of {table.path} have no structure and are left out.",)
        if len(molecules) == MOST:
            notes += (f"I describe the first {MOST} molecules of the table.",)
        return Filling(
            entities=(*((table.entity(),) if table else ()), *molecules),
            constraints=constraints,
            objectives=objectives,
            options={"count": len(molecules), "random_seed": parts.goal.seed, **dict(parts.counts)},
            notes=notes,
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Screen, describe and estimate all of them."""
        writer = StepWriter(context.catalogue)
        smiles = [entity.value for entity in brief.entities if entity.kind == "molecule"]
        screen = writer.add(
            "screen_candidates", {"structures": smiles, "kind": "molecule"}, "The hazard screen comes first."
        )
        for tool, why, optional in (
            ("describe_molecules", "The molecular properties that the goal asks about.", False),
            ("estimate_admet", "Solubility, safety and metabolism, by the pretrained models.", True),
            ("check_known_molecules", "Which reference sets know the molecules.", True),
            ("draw_molecules", "Drawings.", True),
        ):
            writer.add(tool, {"smiles": smiles}, why, optional=optional, needs=(screen,))
        literature_steps(writer, brief, context, "fate mobility solubility lipophilicity of organic compounds")
        return Plan(
            steps=tuple(writer.steps), rationale="The molecules are described as they are; nothing is designed."
        )

    def review(self, view: RunView) -> Review:
        """Nothing further to do: what is in the table is what there is."""
        return Review(enough=True, notes=tuple(e.summary for e in view.evidence.values() if e.status == "error"))


def _molecules(table: FoundFile) -> tuple[tuple[Entity, ...], int]:
    """The molecules of a table with their names, none twice, and how many rows have none."""
    listed = table.kind == "molecules"
    rows = [["smiles", "name"], *_lines(table.path)] if listed else first_rows(table.path, MOST * 5)
    place = structure_column(rows)
    assert place is not None, "the table was chosen for its column of structures"
    names = next(
        (i for i, cell in enumerate(rows[0]) if re.match(r"name|compound|id\b|이름", cell.strip(), re.I)), None
    )
    found: dict[str, Entity] = {}
    unread = 0
    for row in rows[1:]:
        smiles = row[place].strip() if place < len(row) else ""
        if not smiles:
            unread += any(cell.strip() for cell in row)
            continue
        name = row[names].strip() if names is not None and names < len(row) else ""
        entity = Entity(kind="molecule", text=name or smiles, value=smiles, role="input", source=table.path)
        found.setdefault(smiles, entity)
    return tuple(found.values())[:MOST], unread


def _lines(path: str) -> list[list[str]]:
    """The lines of a file of SMILES, each with the name behind it."""
    with Path(path).open(encoding="utf-8-sig", errors="replace") as stream:
        lines = [line.split(maxsplit=1) for line in itertools.islice(stream, MOST * 5) if line.strip()]
    return [[line[0], line[1].strip() if len(line) > 1 else ""] for line in lines if line[0].lower() != "smiles"]
