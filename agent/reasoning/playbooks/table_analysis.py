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
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.elements import NAMES
from agent.records import Brief, Plan, Question, Review
from agent.tools.levels import Grouping
from agent.tools.tables import first_rows, number

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
_SEPARATORS = re.compile(r"[\s_/()\[\]{}%,.;:-]+")


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
        header, numeric = _columns(table.path)
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
        header, numeric = _columns(table.path)
        columns = groupings(table.path, header, numeric)
        groups = named_groups(parts.text, columns, mentioned)
        asked = [name for name in mentioned(parts.text, numeric) if name not in groups]
        outcomes = _outcomes(parts.text, asked)
        if len(numeric) < 2:
            note = f"The table has one numeric column, {numeric[0]}: its groups are compared." if numeric else ""
        elif asked:
            named = ", ".join(asked)
            note = f"I relate {', '.join(outcomes)} to the other columns of the table, since the goal names {named}."
        else:
            note = "The goal names no column, so I look at every pair of numeric columns; name one to explain it alone."
        compared, told = _compared(parts.text, columns, numeric, groups, asked)
        strangers = [item.text for item in (*parts.constraints, *parts.objectives)]
        notes = tuple(f"I did not use '{text}': the table's columns are what is analysed." for text in strangers)
        options = {"outcomes": outcomes, "columns": numeric, "random_seed": parts.goal.seed, **dict(parts.counts)}
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
        if not alone:
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


def _columns(path: str) -> tuple[list[str], list[str]]:
    """The header of a table, and the columns that hold numbers in most of the first rows."""
    rows = first_rows(path, 40)
    if not rows:
        return [], []
    header = [name.strip() for name in rows[0]]
    body = [row for row in rows[1:] if any(row)]
    numeric = [
        name
        for place, name in enumerate(header)
        if body and sum(place < len(row) and number(row[place].strip()) is not None for row in body) > 0.5 * len(body)
    ]
    return header, numeric


def mentioned(text: str, columns: list[str]) -> list[str]:
    """The columns that a text names, by their name without its unit, in the order of the text."""
    plain = f" {_SEPARATORS.sub(' ', _spelt(text))} "
    found: list[tuple[int, str]] = []
    for column in columns:
        words = [word for word in _SEPARATORS.split(_spelt(column)) if word]
        for size in range(len(words), 0, -1):
            stem = " ".join(words[:size])
            if size < len(words) and words[size] not in _UNITS:
                continue
            if len(stem) == 1 and not re.search(rf"(?<![\w-]){re.escape(column[0])}(?![\w'-])", text):
                continue  # a single letter is a name in its own case alone ("U", not the u of "can u")
            match = re.search(rf"(?<![a-z0-9]){re.escape(stem)}s?(?![a-z0-9])", plain)
            if match:
                found.append((match.start(), column))
                break
    return [column for _, column in sorted(found)]


_ELEMENT_NAMES = sorted((name for name in NAMES if name.isascii() and name != "lead"), key=len, reverse=True)
_UNITS = frozenset(
    [
        "m",
        "cm",
        "mm",
        "km",
        "um",
        "nm",
        "g",
        "t",
        "ha",
        "pct",
        "kg",
        "mg",
        "ug",
        "l",
        "ml",
        "ppm",
        "ppb",
        "wt",
        "vol",
        "mol",
        "mmol",
        "umol",
        "permil",
        "percent",
        "c",
        "k",
        "degc",
        "s",
        "h",
        "d",
        "yr",
        "ka",
        "ma",
        "pa",
        "kpa",
        "mpa",
        "gpa",
        "v",
        "mv",
        "ev",
        "us",
        "ms",
        "na",
        "mg/l",
        "ug/l",
        "meq",
        "ntu",
        "psu",
        "ca",
        "molmol",
    ]
)


def _spelt(text: str) -> str:
    text = re.sub(
        rf"\b(?:{'|'.join(_ELEMENT_NAMES)})\b", lambda match: f"{match[0]} {NAMES[match[0].lower()]}", text, flags=re.I
    )
    return (
        text.lower().replace("δ", "d").replace("¹⁸", "18").replace("¹³", "13").replace("‰", "permil").replace("µ", "u")
    )


_EXPLAINED = re.compile(
    r"(?:controls?|drives?|influences?|affects?|explains?|governs?|determines?|behind|causes?|좌우)\s+(?:the\s+)?"
    r"(?:(?:variations?|variability|scatter|changes?|differences?|spread|level|amount|concentration)\s+(?:of|in)\s+)?"
    r"(?:(?:the|total|dissolved|measured)\s+)*(?P<what>[\w/]+(?:\s[\w/]+)?)"
    r"|(?P<passive>[\w/]+)\s+(?:is\s+|are\s+)?(?:controlled|driven|explained|governed|caused|determined|influenced)\b"
    r"|\b(?:is|are|does|do)\s+(?:the\s+)?(?P<subject>[\w/]+(?:\s[\w/]+)?)(?:\s+(?:in|of|from)\s[\w\s]{1,25}?)?\s+(?:content\s+|concentrations?\s+)?(?:controlled|driven|depend\w*|follow|explained)",
    re.IGNORECASE,
)


_CAUSES = re.compile(
    r"\b(?:correct|control|adjust|account)\w* for\s+(?:the\s+)?(?P<for>[\w/]+(?:\s[\w/]+)?)|"
    r"\b(?:controlled|driven|explained|governed|caused|determined"
    r"|influenced) by\s+(?:the\s+)?(?P<what>[\w/]+(?:\s[\w/]+)?)"
    r"|\b(?:depends?|follows?) (?:on\s+)?(?:the\s+)?(?P<other>[\w/]+)",
    re.IGNORECASE,
)


def _outcomes(text: str, asked: list[str]) -> list[str]:
    """The columns to be explained: those that the wording calls the effect, else all that are named."""
    causes = {
        column
        for match in _CAUSES.finditer(_spelt(text))
        for column in mentioned(match["for"] or match["what"] or match["other"], asked)
    }
    asked = [column for column in asked if column not in causes] or asked
    for match in _EXPLAINED.finditer(_spelt(text)):
        words = match["what"] or match["passive"] or match["subject"] or ""
        if named := mentioned(words, asked):
            others = [column for column in asked if column not in named]
            # "does Mg/Ca agree?": a column that is asked about besides is an outcome too, unless it is the cause.
            return [*named, *(one for one in others if re.search(r"agree|also|as well", text, re.IGNORECASE))][:4]
    return asked[:4]
