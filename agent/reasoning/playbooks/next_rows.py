"""Playbook: from a table of what was made and measured to what to make next."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from agent.reasoning.playbooks.base import (
    Domain,
    Filling,
    StepWriter,
    delimited_table,
    literature_steps,
    structure_column,
)
from agent.reasoning.playbooks.mixtures import Response, wanted
from agent.reasoning.playbooks.table_analysis import numeric_header
from agent.reasoning.playbooks.table_names import mention_spans
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.text import mask
from agent.records import Brief, Plan, Question, Review
from agent.tools.levels import is_block
from agent.tools.tables import first_rows, number

TABLE = "table"
RESULT = "result"

PROPOSED = 5
"""Proposals where the goal gives no number."""

_NEXT = re.compile(
    r"\bnext\b|\b(?:should|do|can|shall|could) (?:i|we) (?:make|cast|try|run|test|measure|synthesi[sz]e|mix|prepare"
    r"|grow|anneal|use)\b|\bmore (?:runs|experiments|samples|tests)\b|\b(?:maximi[sz]|optimi[sz]|minimi[sz])\w*"
    r"|\bpropos\w+|\bsuggest\w*|\bbayesian\b|\bdesign (?:a|an|new|better)\b|다음|최적|제안|최대화|최소화",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b(?P<n>\d{1,2})\s+(?:more|new|further|next|additional)\b|\bnext\s+(?P<m>\d{1,2})\b", re.I)
_SET = re.compile(
    r"temp|time|press|power|flow|speed|rpm|\bph\b|conc|ratio|frac|at\.?%|wt\.?%|mol\.?%|\bx_|dose|voltage|current|rate_?in"
    r"|anneal|hold|ramp|thick|volume|mass|load|duration|catalyst|solvent|additive|온도|시간|압력",
    re.IGNORECASE,
)
_SET_UNIT = re.compile(r"^x[_ ]|[(\[](?:°?C|K|h|hr|hours|min|s|rpm|sccm|W|mTorr|Torr|m?bar|wt%|at%|mol%|mM|M)[)\]]\s*$")
_FORMULA = re.compile(r"formula|composition|compound|조성|화학식", re.IGNORECASE)
_COUNTED = re.compile(r"^(?:run|no|n|id|index|entry|exp\w*|sample|alloy|name|replicates?|reps?|date)\b", re.IGNORECASE)


class NextRows:
    """A model of the measured rows, its honest error, and the rows that promise most."""

    name = "next-measurement"
    title = "learn from a table of measured compositions or runs, and propose what to make next"
    domain: Domain = "general"
    trade: tuple[re.Pattern[str], ...] = ()
    examples: tuple[str, ...] = (
        "Which composition should I make next? Measured band gaps are in gaps.csv.",
        "Maximise the hardness of the alloys in the table, cobalt below 20 at%.",
        "What settings should we run next to raise the yield of the runs in process.csv?",
        "Propose the next five experiments from the attached results; selectivity has to stay above 10.",
        "Learn from the measured conductivities and suggest dopant levels to try.",
        "Optimise the deposition: rate as high as possible, stress below 200 MPa, data attached.",
        "What should I synthesise next, given the overpotentials in oer.csv?",
        "The attached runs gave these film thicknesses; where do I go from here to reach 120 nm?",
        "Use my dilution results to pick the next conditions, minimise turbidity.",
        "Which dopant level do I try next for a higher Seebeck coefficient, data in the csv?",
        "Fit a model to the measured strengths and tell me the mix to cast next, cement below 400.",
        "Suggest more sintering runs from the table so that density goes up.",
        "Where in the measured range is the optimum of the ionic conductivity?",
        "첨부한 측정 결과로 다음에 만들 조성을 제안해 주세요.",
        "표의 실험 결과에서 수율을 최대화할 다음 조건을 알려줘.",
    )

    def signals(self, parts: GoalParts) -> float:
        """A table with a wished result, and the words of what to do next."""
        table = delimited_table(parts)
        if table is None:
            return -9.0
        rows = first_rows(table.path, 40)
        if not rows or structure_column(rows[:1]) is not None or not _NEXT.search(_prose(parts)):
            return 0.0
        wishes, set_ = _read(parts, table.path)
        return 10.0 if wishes and set_ else 0.0

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Which columns are results and what is wanted of them, and which were set."""
        table = delimited_table(parts)
        if table is None:
            text = parts.say(
                "Which table holds what was made and measured? Attach a CSV file with one row for each sample.",
                "만든 것과 측정값이 담긴 표를 첨부해 주세요 (시료마다 한 줄인 CSV).",
            )
            return Filling(missing=(Question(key=TABLE, text=text),))
        if answer := context.answers.get(RESULT):
            parts = replace(parts, text=f"{parts.text}. {answer}")
        wishes, set_ = _read(parts, table.path)
        results = [one for one in wishes if one.name not in set_]
        if not results:
            columns = ", ".join(numeric_header(table.path)[1])
            text = parts.say(
                f"Which measured column is to go up, go down or hit a value? The table has: {columns}.",
                f"어떤 측정값을 높이거나 낮추거나 맞출까요? 표의 열: {columns}.",
            )
            return Filling(entities=(table.entity(),), missing=(Question(key=RESULT, text=text),))
        lead = results[0]
        objectives = (lead.objective(), *(one.objective() for one in results[1:] if one.direction))
        bounds = tuple(bound for one in wishes if (bound := one.constraint()) is not None)
        numeric = numeric_header(table.path)[1]
        left = [name for name in numeric if name not in set_ and name not in {one.name for one in results}]
        left = [name for name in left if not _COUNTED.match(name.replace("_", " "))]
        counted = ", ".join(one.name for one in results)
        notes = [f"What was set: {', '.join(set_)}. What was measured and counts: {counted}."]
        if left:
            notes.append(
                f"I take {', '.join(left)} for measured too, and the goal wants nothing of"
                f" {'it' if len(left) == 1 else 'them'}: not used."
            )
        match = _COUNT.search(parts.text)
        count = parts.wanted or (int(match["n"] or match["m"]) if match else PROPOSED)
        said = [one.text for one in wishes]
        taken = [*said, *([match[0]] if match else [])]
        shown = {n: f"{n.low:g}" for n in parts.numbers_left}
        claimed = tuple(n for n, words in shown.items() if any(words in one for one in taken))
        return Filling(
            entities=(table.entity(),),
            constraints=bounds,
            objectives=objectives,
            options={
                "inputs": set_,
                "count": max(1, min(count, 24)),
                "limits": [bound.model_dump() for bound in bounds],
                "random_seed": parts.goal.seed,
            },
            notes=tuple(notes),
            claimed=claimed,
            settled=tuple(note for note in parts.notes if note.startswith("I cannot work toward")),
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """One step learns, checks itself and proposes."""
        writer = StepWriter(context.catalogue)
        path = next(entity.value for entity in brief.entities if entity.kind == "file")
        arguments: dict[str, Any] = {
            "path": path,
            "objectives": [one.model_dump() for one in brief.objectives],
            "constraints": list(brief.options.get("limits", [])),
            "inputs": list(brief.options.get("inputs", [])),
            "count": int(brief.options.get("count", PROPOSED)),
            "random_seed": int(brief.options.get("random_seed", 0)),
        }
        why = "A model of the measured rows, tested on rows left out, and what it promises."
        writer.add("propose_from_table", arguments, why)
        varied = " ".join(brief.options.get("inputs", [])[:4])
        literature_steps(writer, brief, context, f"{varied} effect {brief.goal}"[:300])
        return Plan(
            steps=tuple(writer.steps),
            rationale="A Gaussian process of the measured rows says what it expects between them and how sure it is; "
            "what promises most improvement within the limits comes first.",
        )

    def review(self, view: RunView) -> Review:
        """The step says all."""
        return Review(enough=True, notes=tuple(e.summary for e in view.evidence.values() if e.status != "ok"))


def _prose(parts: GoalParts) -> str:
    return mask(parts.text, [item.span for item in parts.files if item.span])


def _read(parts: GoalParts, path: str) -> tuple[list[Response], list[str]]:
    """What is wanted of the table's columns, results first, and which columns were set."""
    text = _prose(parts)
    header, numeric = numeric_header(path)
    found: dict[str, Response] = {}
    for name, start, end in mention_spans(text, [one for one in numeric if not _COUNTED.match(one.replace("_", " "))]):
        one = wanted(text, name, start, end)
        if name not in found or _firmness(one) > _firmness(found[name]):
            found[name] = one
    for one in _by_unit(text, numeric):
        if one.name not in found or not _firmness(found[one.name]):
            found[one.name] = one
    wishes = [one for one in found.values() if _firmness(one)]
    shares = set(_shares(path, header, numeric))
    repeated = set(_repeated(path, header))
    set_ = [name for name in header if _is_set(name, numeric, shares, repeated, found)]
    results = [one for one in wishes if one.name not in set_]
    results.sort(key=lambda one: -_firmness(one))
    return [*results, *(one for one in wishes if one.name in set_)], set_ if results else []


def _firmness(one: Response) -> int:
    """How much a goal says of a column: a direction, a bound or target, or nothing."""
    bounded = one.low is not None or one.high is not None or one.target is not None
    return 2 * bool(one.direction) + bounded


def _by_unit(text: str, numeric: list[str]) -> list[Response]:
    """Ranges in a unit that one column alone has ("900-950 MPa" of ``Rp0.2 (MPa)``)."""
    units = {name: match[1].strip() for name in numeric if (match := re.search(r"[(\[]([^()\[\]]+)[)\]]\s*$", name))}
    found = []
    for name, unit in units.items():
        if sum(one == unit for one in units.values()) > 1:
            continue
        number_ = r"(\d+(?:\.\d+)?)"
        if match := re.search(rf"{number_}\s*(?:-|–|to)\s*{number_}\s?{re.escape(unit)}(?![\w/])", text):
            low, high = sorted((float(match[1]), float(match[2])))
            found.append(Response(name, match[0], low=low, high=high))
    return found


def _repeated(path: str, header: list[str]) -> list[str]:
    """Columns of words that repeat, which tell rows apart by what was done, and not by what they are called."""
    rows = first_rows(path, 200)[1:]
    columns = [[row[place] for row in rows if place < len(row)] for place in range(len(header))]
    return [name for name, cells in zip(header, columns, strict=True) if 1 < len(set(cells)) <= len(cells) / 2]


def _is_set(name: str, numeric: list[str], shares: set[str], repeated: set[str], found: dict[str, Response]) -> bool:
    """Whether a column was set and not measured: shares of a whole, formulas, words, and settings by their name."""
    if name in numeric:
        if _COUNTED.match(name.replace("_", " ")) or (name in found and found[name].direction):
            return False
        return name in shares or bool(_SET.search(name.replace("_", " ")) or _SET_UNIT.search(name))
    counted = _COUNTED.match(name.replace("_", " ")) or is_block(name)
    return bool(name) and (bool(_FORMULA.search(name)) or (name in repeated and not counted))


def _shares(path: str, header: list[str], numeric: list[str]) -> list[str]:
    """Neighbouring columns that add to 1 or to 100 in nearly every row."""
    rows = first_rows(path, 40)[1:]
    places = [header.index(name) for name in numeric]
    for size in range(len(places), 1, -1):
        for start in range(len(places) - size + 1):
            held = places[start : start + size]
            sums = [sum(number(row[p]) or 0.0 for p in held if p < len(row)) for row in rows]
            full = sum(any(abs(total - whole) <= 0.02 * whole for whole in (1.0, 100.0)) for total in sums)
            if len(rows) > 2 and full >= 0.9 * len(rows):
                return [header[p] for p in held]
    return []
