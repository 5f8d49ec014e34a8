"""Playbook: a table of measured samples, searched for what goes with what."""

from __future__ import annotations

import re

from agent.reasoning.playbooks.base import (
    Domain,
    Filling,
    StepWriter,
    delimited_table,
    literature_steps,
    structure_column,
    without_table,
)
from agent.reasoning.playbooks.table_groups import compares, groupings, named_groups
from agent.reasoning.playbooks.table_names import mentioned, outcomes_of
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.records import Brief, Plan, Question, Review
from agent.tools.levels import Grouping, is_block
from agent.tools.tables import first_rows, is_index, is_numeric

TABLE = "table"
"""Key of the question for a table."""

_WORDS = re.compile(
    r"\b(?:correlat\w*|relat(?:e|es|ed|ion\w*)|control\w*|driv(?:e|es|er|ers|en|ing)|depend\w*|trends?|analy[sz]e|data"
    r"(?:set)?|tables?|records?|statistic\w*|influenc\w*|explain\w*|cause\w*|hypothes\w+|versus|vs|geochemi\w+|isotop\w*"
    r"|fractionation|proxy|proxies|agree\w*|covar\w*|pattern in)\b|상관|관계|분석|영향|요인|가설|자료|데이터|동위원소"
    r"|경향"
    r"|의존",
    re.IGNORECASE,
)


class TableAnalysis:
    """Columns of a table related to one another, with what else could explain each relation."""

    name = "table-analysis"
    title = "find what goes with what in a table of measurements"
    domain: Domain = "general"
    trade: tuple[re.Pattern[str], ...] = ()
    examples: tuple[str, ...] = (
        "Which of the measured columns in wells.csv controls the nitrate concentration?",
        "Is the oxygen isotope record in core.csv driven by temperature?",
        "Analyse the data in samples.csv and propose hypotheses.",
        "What does the yield depend on in my table of runs?",
        "Look for correlations in this spreadsheet of soil properties.",
        "Does arsenic go with iron in these groundwater analyses?",
        "Explain the scatter of the trace elements in the lava suite.",
        "Relate grain size to organic carbon in the sediment table.",
        "Which variables of the monitoring data move together?",
        "Find the factors behind the differences between my field plots.",
        "Test whether conductivity follows chloride in the attached analyses.",
        "Statistics of the attached measurements, please: what matters most?",
        "첨부한 자료에서 어떤 변수가 비소 농도를 좌우하는지 분석해줘.",
        "시료 표에서 상관관계를 찾고 가설을 세워 주세요.",
        "동위원소 자료가 온도와 어떤 관계인지 알려줘.",
        "측정 데이터를 분석해 주세요.",
        "Does the biomass in plots.csv differ between the fertilised and the control plots?",
        "Compare the sites of the attached table: is lead higher at one of them?",
        "첨부한 표에서 처리구와 대조구의 수확량 차이를 비교해 주세요.",
    )

    def signals(self, parts: GoalParts) -> float:
        """A table with columns of numbers, columns that the goal names, and the words of relations."""
        table = delimited_table(parts)
        if table is None:
            return without_table(parts.text)
        header, numeric = numeric_header(table.path)
        if structure_column([header]) is not None or not numeric:
            return 0.0
        if len(numeric) < 2 and not any(not one.problem() for one in groupings(table.path, header, numeric)):
            return 0.0
        named = 3.0 if mentioned(parts.text, numeric) else 0.0
        return 3.0 + named + (2.0 if _WORDS.search(parts.text) else 0.0)

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Read the table's header, and which of its columns the goal asks about."""
        table = delimited_table(parts)
        if table is None:
            text = parts.say(
                "Which table should I analyse? Attach a CSV file with a header and one row for each sample.",
                "어떤 표를 분석할까요? 첫 줄에 열 이름이 있고 시료마다 한 줄인 CSV 파일을 첨부해 주세요.",
            )
            return Filling(missing=(Question(key=TABLE, text=text),))
        header, numeric = numeric_header(table.path)
        columns = groupings(table.path, header, numeric)
        groups = named_groups(parts.text, columns, mentioned)
        asked = [name for name in mentioned(parts.text, numeric) if name not in groups]
        outcomes = outcomes_of(parts.text, asked)
        asked = asked if outcomes else []
        if len(numeric) < 2:
            note = f"The table has one numeric column, {numeric[0]}: its groups are compared." if numeric else ""
        elif asked:
            named = ", ".join(asked)
            note = f"I relate {', '.join(outcomes)} to the other columns of the table, since the goal names {named}."
        elif groups:
            note = "The goal names no measured column, so all of them are compared."
        else:
            note = "The goal names no column, so I look at every pair of numeric columns; name one to explain it alone."
        compared, told = _compared(parts.text, columns, numeric, groups, asked)
        strangers = [item.text for item in (*parts.constraints, *parts.objectives)]
        notes = tuple(f"I did not use '{text}': the table's columns are what is analysed." for text in strangers)
        options = {"outcomes": outcomes, "columns": numeric, "random_seed": parts.goal.seed, **dict(parts.counts)}
        if compared and compares(parts.text) and set(asked) == set(outcomes):
            options["grouped"] = True  # groups are what the goal asks about, and no other column
        return Filling(
            entities=(table.entity(),),
            options={**options, **({"groups": compared} if compared else {})},
            notes=(*([note] if note else []), *told, *notes),
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Relate the columns, and see what the lab's documents say of them."""
        writer = StepWriter(context.catalogue)
        path = next(entity.value for entity in brief.entities if entity.kind == "file")
        arguments = {"path": path, "outcomes": list(brief.options.get("outcomes", []))}
        groups = list(brief.options.get("groups", []))
        alone = len(brief.options.get("columns", [])) < 2
        if not alone and not (groups and brief.options.get("grouped")):
            writer.add("relate_columns", arguments, "Which columns go together, and what else could explain it.")
        if groups or alone:
            why = "Whether the groups differ, by how much, and whether they still do with the other columns held equal."
            writer.add("compare_groups", {**arguments, "groups": groups}, why)
        literature_steps(writer, brief, context, f"{' '.join(brief.options.get('columns', [])[:6])} relation cause")
        return Plan(
            steps=tuple(writer.steps),
            rationale="Every relation is a rank correlation with its interval, corrected for the number of pairs, and "
            "held against the other columns that could explain it."
            + (
                " Every two groups are compared by their means with an interval, corrected for the number of "
                "comparisons, as they are and at equal values of the other columns."
                if groups or alone
                else ""
            ),
        )

    def review(self, view: RunView) -> Review:
        """The steps say all: what is empty or failed is told."""
        return Review(enough=True, notes=tuple(e.summary for e in view.evidence.values() if e.status != "ok"))


def _compared(
    text: str, columns: list[Grouping], numeric: list[str], named: list[str], asked: list[str]
) -> tuple[list[str], list[str]]:
    """The columns whose groups are compared, and what is to be said of that and of those left out."""
    problems = {one.name: one.problem(named=one.name in named) for one in columns}
    usable = [name for name in named if not problems[name]]
    told = [f"I did not compare the groups of '{name}': {problems[name]}." for name in named if problems[name]]
    fitting = [one.name for one in columns if one.name not in numeric and not problems[one.name]]
    if not named and compares(text) and not fitting and columns and len(asked) < 2:
        words = [f"'{one.name}' ({problems[one.name]})" for one in columns if one.name not in numeric and one.filled]
        reason = (
            f": {'; '.join(words)}"
            if words
            else ", since all of its columns hold numbers; name the one that codes them"
        )
        return [], [f"The goal asks to compare groups, and the table has no column that makes any{reason}."]
    if not usable and (not asked or compares(text)) and not told:
        usable = fitting
    if held := [name for name in usable if is_block(name)]:
        kept = [name for name in usable if name not in held]
        if kept:  # batches and days are what groups are compared within
            usable = kept
    levels = {one.name: one.members for one in columns}
    for name in usable:
        held = ", ".join(f"{level} ({len(rows)})" for level, rows in levels[name].items())
        told.append(f"I compare the groups of '{name}': {held} rows.")
    told += [
        f"The column '{name}' sorts the samples into groups; they are compared where a goal names it or its values."
        for name in fitting
        if name not in usable and name not in named
    ]
    return usable, told


def numeric_header(path: str) -> tuple[list[str], list[str]]:
    """The header of a table, and the columns that hold numbers in most of the first rows."""
    rows = first_rows(path, 40)
    if not rows:
        return [], []
    header = [name.strip() for name in rows[0]]
    body = [row for row in rows[1:] if any(row)]
    cells = [[row[place].strip() if place < len(row) else "" for row in body] for place in range(len(header))]
    numeric = [
        name
        for name, column in zip(header, cells, strict=True)
        if sum(map(is_numeric, column)) > 0.5 * max(len(body), 1) and not is_index(name, column)
    ]
    return header, numeric
