"""Playbook: a table of molecules with measured activities, read as a medicinal chemist reads it."""

from __future__ import annotations

import re
from pathlib import Path

from agent.reasoning.playbooks.base import (
    Domain,
    Filling,
    StepWriter,
    literature_steps,
    table_of_structures,
    without_table,
)
from agent.reasoning.playbooks.table_names import mentioned
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.files import FoundFile
from agent.records import Brief, Plan, Question, Review
from agent.tools.molecules.activity.columns import activity_columns
from agent.tools.tables import first_rows

TABLE = "activities"
"""Key of the question for a table of activities."""

LOOKED_AT = 200
"""Rows of a table that tell which of its columns hold activities."""

_KIND = re.compile(
    r"\bp?(?:IC|EC|AC|CC|GI|LC|LD|ED)[ _]?50\b|\bp?K[id]\b|\bp?MIC\b|\b[munpµμ]?M\b|activity", re.IGNORECASE
)
"""Of a column's name, what says the kind of value and its unit, and not the target."""

_SIGNS = re.compile(
    r"\b(?:sar|structure[- ]activit\w*|activity cliffs?|cliffs?|matched (?:molecular )?pairs?|mmps?|r[- ]?groups?"
    r"|scaffolds?|substituents?|exchanges?|chemical[- ]space|clusters?|(?:which|what) (?:changes?|groups?|parts?)"
    r"|potency|potent|activit(?:y|ies)|analy[sz]e)\b|구조[- ]?활성|활성 ?절벽|치환기|골격|군집|분석",
    re.IGNORECASE,
)
_SAR = re.compile(
    r"\b(?:sar|structure[- ]activit\w*|activity cliffs?|matched (?:molecular )?pairs?|mmps?|r[- ]?groups?|substituents?"
    r"|free[- ]wilson)\b|구조[- ]?활성|활성 ?절벽|치환기",
    re.IGNORECASE,
)
"""Words that ask for the reading of a series whatever else the goal asks: what to make next is part of that reading."""

_DESIGN = re.compile(
    r"\b(?:design|propose|suggest|generat\w+|optimi[sz]\w+|screen|predict\w*|model|train\w*|more potent|better|new)\b"
    r"|설계|제안|최적화|예측|개선",
    re.IGNORECASE,
)


class ActivityAnalysis:
    """What changes of structure do to a measured activity: pairs, cliffs, R-groups, scaffolds, clusters, a map."""

    name = "activity-analysis"
    title = "read structure-activity relationships from a table of molecules with measured activities"
    domain: Domain = "chemistry"
    trade: tuple[re.Pattern[str], ...] = ()
    examples: tuple[str, ...] = (
        "Which changes raise the potency of our kinase series in assay.csv?",
        "Show the activity cliffs and matched molecular pairs of the attached compounds.",
        "Analyse the structure-activity relationships in series.csv.",
        "What does each substituent do to the IC50 in our table of analogues?",
        "R-group table and scaffolds of the compounds in hits.csv, please.",
        "Draw a map of the chemical space of our measured compounds, coloured by pKi.",
        "Where are the activity cliffs in these inhibitors?",
        "Which R-group at the 6-position is best tolerated in our quinazolines?",
        "Compare the scaffolds of the attached screening hits by their measured activity.",
        "Summarise the SAR of the attached benzamides.",
        "Which exchanges of substituents cost the most affinity in ki.csv?",
        "Cluster the compounds of my assay table and show where the actives lie.",
        "Matched molecular pairs of the attached series, with the mean change of each exchange.",
        "첨부한 화합물 표에서 구조-활성 관계를 분석해줘.",
        "활성 절벽과 치환기 효과를 보여 주세요.",
    )

    def signals(self, parts: GoalParts) -> float:
        """A table with a column of structures, and the words of structure-activity relationships but not of design."""
        if table_of_structures(parts) is None:
            return without_table(parts.text)
        if _DESIGN.search(parts.text) and not _SAR.search(parts.text):
            return 0.0
        signs = {match.group(0).lower() for match in _SIGNS.finditer(parts.text)}
        return min(4.0 + len(signs), 7.0) if signs else 1.0

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Find the table."""
        table = table_of_structures(parts)
        if table is None and (answer := context.answers.get(TABLE)) and Path(answer.strip()).expanduser().is_file():
            table = FoundFile(str(Path(answer.strip()).expanduser()), "table", None)
        if table is None:
            text = parts.say(
                "Which table should I read? Attach a CSV file with a column 'smiles' and one of measured activities.",
                "어떤 표를 읽을까요? 'smiles' 열과 측정된 활성 열이 있는 CSV 파일을 첨부해 주세요.",
            )
            return Filling(missing=(Question(key=TABLE, text=text),))
        columns, told = _columns_asked(table.path, parts.text)
        wishes = [item.text for item in (*parts.constraints, *parts.objectives)]
        return Filling(
            entities=(table.entity(),),
            options={"random_seed": parts.goal.seed, "columns": columns},
            # The table holds what the reading of the goal says is lacking.
            settled=tuple(
                note for note in parts.notes if "assay data" in note or (len(columns) > 1 and "selectivity" in note)
            ),
            notes=told
            + tuple(f"I did not use '{text}': the table is read as it is, and nothing is designed." for text in wishes),
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Read the table, and see what the lab's documents say."""
        writer = StepWriter(context.catalogue)
        path = next(entity.value for entity in brief.entities if entity.kind == "file")
        columns = [str(one) for one in brief.options.get("columns") or [""]]
        reads = []
        for column in columns:
            arguments = {"path": path, "random_seed": brief.options.get("random_seed", 0)}
            if column:
                arguments["column"] = column
            what = f" ({column})" if len(columns) > 1 else ""
            why = f"What each change of structure does to the activity{what}, and where it jumps."
            reads.append(writer.add("analyse_activity", arguments, why))
        read = reads[0]
        checked = {"path": path, **({"target": columns[0]} if columns[0] else {})}
        writer.add("check_table", checked, "What is wrong with the table.", optional=True)
        smiles = f"${{{read}.data.smiles}}"
        writer.add("screen_candidates", {"structures": smiles, "kind": "molecule"}, "The hazard screen.")
        writer.add("draw_molecules", {"smiles": f"${{{read}.data.drawn}}"}, "The most active molecules.", optional=True)
        literature_steps(writer, brief, context, "structure-activity relationship")
        return Plan(
            steps=tuple(writer.steps),
            rationale="Every molecule is compared with every other: pairs that differ by one exchange tell what the "
            "exchange does, and alike pairs with different activities tell where to look.",
        )

    def review(self, view: RunView) -> Review:
        """One step says all: what is empty or failed is told."""
        return Review(enough=True, notes=tuple(e.summary for e in view.evidence.values() if e.status != "ok"))


def _columns_asked(path: str, text: str) -> tuple[list[str], tuple[str, ...]]:
    """The columns of activities that a goal asks about, and what the reader should know of the choice."""
    rows = first_rows(path, LOOKED_AT)
    columns = activity_columns(rows[0], [(place, row) for place, row in enumerate(rows[1:], start=2)]) if rows else []
    if len(columns) < 2:
        return columns, ()
    asked = mentioned(text, columns)
    asked += [one for one in columns if one not in asked and _target_named(one, text)]
    listed = ", ".join(columns)
    if not asked:
        return columns[:1], (f"The table has several columns of activities ({listed}); I read {columns[0]}.",)
    if len(asked) == 1:
        return asked, (f"Of the columns of activities ({listed}) I read {asked[0]}, which the goal names.",)
    together = " and ".join(asked)
    return asked, (f"I read {together} one by one: a change that raises one and not the other gains selectivity.",)


def _target_named(column: str, text: str) -> bool:
    """Whether a text names the target of a column ("COX2 IC50 (nM)", "COX-2 potency")."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*", _KIND.sub(" ", column))
    plain = re.sub(r"[\s-]", "", text.lower())
    return any(len(word) > 2 and re.sub(r"-", "", word.lower()) in plain for word in words)
