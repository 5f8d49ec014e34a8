"""Playbook: recipes of a mixture, designed within their bounds or learnt from measured ones."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from agent.reasoning.playbooks.base import Domain, Filling, StepWriter, literature_steps
from agent.reasoning.playbooks.mixtures import PRESENT, Response, read_ingredients, read_responses
from agent.reasoning.playbooks.ratios import RatioWish, as_ratios, find_ratios
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.text import mask
from agent.records import Brief, Plan, Question, Review
from agent.tools.tables import first_rows

INGREDIENTS = "ingredients"
"""Key of the question for the components of the recipe."""

WANTED = 12
"""Recipes that are designed when the goal gives no number."""

_WORDS = re.compile(
    r"\b(?:formulat\w*|recipes?|mixtures?|blends?|(?<!spin[ -])(?<!dip[ -])(?<!spray[ -])(?<!blade[ -])coatings?"
    r"|adhesives?|resins?|paints?|varnish\w*|inks?|lacquers?"
    r"|sealants?|slurr(?:y|ies)|crosslinkers?|binders?|fillers?|plastici[sz]ers?|surfactants?)\b"
    r"|배합|조성비|혼합물|코팅|도료|접착제|수지|레시피|가교제|바인더|제형",
    re.IGNORECASE,
)


_LOOKED_AT = 20
"""Rows of a table that tell whether it holds recipes."""


class Formulation:
    """Recipes of coatings, adhesives and resins: fractions that add to one, designed, modelled, and proposed."""

    name = "formulation"
    title = "design or optimise the recipe of a mixture"
    domain: Domain = "general"
    trade: tuple[re.Pattern[str], ...] = ()
    examples: tuple[str, ...] = (
        "Optimise a coating of acrylate 40-70 %, crosslinker 5-20 % and solvent, hardness in data.csv.",
        "Design a mixture experiment for an adhesive with 3 components.",
        "Which recipes of resin, hardener and filler should I test first?",
        "Find the blend with the highest gloss from the measured formulations in blends.csv.",
        "Formulate a paint with 20 to 40 % binder, 5 to 15 % pigment and water.",
        "Minimise the viscosity of the slurry; the recipes are in slurry.csv.",
        "Plan a simplex design for a three-component polymer blend.",
        "Improve the peel strength of our adhesive formulation.",
        "아크릴레이트 40~70 %, 가교제 5~20 %, 용제로 이루어진 코팅의 경도를 높이는 배합을 찾아줘.",
        "Which ratio of epoxy to hardener gives the strongest bond?",
        "Model the measured resin blends and propose the next five recipes.",
        "How much filler can the sealant take before its elongation drops?",
        "What should go into the ink so that it dries faster?",
        "접착제 배합 실험을 설계해줘.",
        "도료의 성분 비율을 최적화하고 싶습니다.",
        "data.csv의 배합 결과로 경도가 가장 높은 조성을 제안해줘.",
    )

    def signals(self, parts: GoalParts) -> float:
        """Components with ranges in percent, and the words of formulators."""
        words = len({match.lower() for match in _WORDS.findall(parts.bare)})
        if not words:
            return 0.0
        ingredients, ranged = read_ingredients(_without(parts.text, find_ratios(parts.text)))
        table = 6.0 if any(item.kind == "table" and holds_recipes(item.path) for item in parts.files) else 0.0
        return min(4.0, 1.0 + words) + table + (min(4.0, 2.0 * len(ingredients)) if ranged else 0.0)

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Read components, bounds, the table and what is wanted of what the lab measures."""
        tables = [item for item in parts.files if item.kind == "table"]
        text = mask(parts.text, [item.span for item in parts.files if item.span])
        wishes = find_ratios(text)
        text = _without(text, wishes)
        ingredients, ranged = read_ingredients(text)
        if not ingredients and (answer := context.answers.get(INGREDIENTS)):
            ingredients, ranged = read_ingredients(answer)
            if not ingredients:
                ingredients, ranged = read_ingredients(f"of {answer}")
        header = _header(tables[0].path) if tables else []
        responses = read_responses(text, header, [one["name"] for one in ingredients])
        notes: list[str] = []
        missing: tuple[Question, ...] = ()
        if tables:
            ingredients, notes = _by_table(tables[0].path, header, ingredients if ranged else [], responses, text)
        elif len(ingredients) < 2:
            missing = (_question(parts),)
        else:
            notes = _without_table(parts, ingredients, responses, ranged=ranged)
        ratios, told = as_ratios(wishes, [one["name"] for one in ingredients] or header)
        notes += told
        first = responses[0] if responses else None
        objective = first.objective() if first else None
        options: dict[str, Any] = {
            "ingredients": ingredients,
            "ratios": ratios,
            "count": parts.wanted or WANTED,
            "random_seed": parts.goal.seed,
            "response": first.name if first else "",
            "goal": objective.direction if objective else "maximise",
            "target": objective.target if objective else None,
            "limits": [
                {"response": one.name, "low": one.low, "high": one.high}
                for one in responses
                if tables and one.constraint() is not None
            ],
            **dict(parts.counts),
        }
        said = " ".join(one.text for one in (*responses, *wishes))
        return Filling(
            entities=tuple(item.entity() for item in tables[:1]),
            constraints=tuple(bound for one in responses if (bound := one.constraint()) is not None),
            objectives=tuple(one.objective() for one in responses if one is first or one.direction),
            options=options,
            missing=missing,
            notes=(*notes, *(f"I did not use '{b.text}'." for b in parts.constraints if b.text not in said)),
            claimed=parts.numbers_left if ingredients or responses else (),
            settled=tuple(note for note in parts.notes if note.startswith("I cannot work toward")),
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Learn from the table and propose, or design recipes to measure."""
        writer = StepWriter(context.catalogue)
        options = brief.options
        files = [entity for entity in brief.entities if entity.kind == "file"]
        common = {
            "ingredients": options.get("ingredients", []),
            "ratios": options.get("ratios", []),
            "random_seed": int(options.get("random_seed", 0)),
            "goal": options.get("goal", "maximise"),
            "target": options.get("target"),
            "reach": _reach(brief),
        }
        if files:
            arguments = {
                "path": files[0].value,
                "response": options.get("response", ""),
                "limits": options.get("limits", []),
                "count": int(options.get("count", WANTED)),
            }
            writer.add("analyse_mixture", common | arguments, "A model of the measured recipes, and the next ones.")
            why = "Measured recipes are modelled with the uncertainty told, and the best predicted ones are proposed."
        else:
            count = max(int(options.get("count", WANTED)), _terms(len(common["ingredients"])))
            arguments = {"count": count, "response": options.get("response") or "response"}
            writer.add("design_mixture", common | arguments, "Recipes from which a quadratic model can be learnt.")
            why = "Nothing is measured yet: the recipes are those that teach most about the components and their pairs."
        literature_steps(writer, brief, context, f"formulation composition property relationship {brief.goal}"[:300])
        return Plan(steps=tuple(writer.steps), rationale=why)

    def review(self, view: RunView) -> Review:
        """One step says all: what is empty or failed is told, and how a campaign begins."""
        notes = [evidence.summary for evidence in view.evidence.values() if evidence.status != "ok"]
        files = {one.title: one.path for evidence in view.evidence.values() for one in evidence.artifacts}
        space = next((path for name, path in files.items() if name.startswith("Space of a campaign")), None)
        measured = next((path for name, path in files.items() if name.startswith("Measured recipes")), None)
        if space is not None:
            told = f", then `gedanken campaign tell NAME {measured}`" if measured else ""
            notes.append(
                f"To go on by measuring: `gedanken campaign new NAME --space {space}`{told} (paths in this bundle)."
            )
        return Review(enough=True, notes=tuple(notes))


def _without(text: str, wishes: Sequence[RatioWish]) -> str:
    """The text with its ratios blanked: what they name is neither a new component nor a response."""
    return mask(text, [(one.start, one.end) for one in wishes])


def _by_table(
    path: str, header: Sequence[str], ingredients: list[dict[str, Any]], responses: Sequence[Response], text: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """The components that the table has, and notes on what it has not."""
    known = {name.strip().lower() for name in header}
    notes = [
        f"'{one['name']}' is no column of {path}: its bounds are not used."
        for one in ingredients
        if one["name"].lower() not in known
    ]
    named = " ".join(one.name.lower().replace("_", " ") for one in responses)
    notes += [
        f"'{one.name}' is no column of {path}: nothing is measured of it there."
        for one in read_responses(text)
        if one.name.split()[-1] not in named
    ]
    return [one for one in ingredients if one["name"].lower() in known], notes


def _without_table(
    parts: GoalParts, ingredients: list[dict[str, Any]], responses: Sequence[Response], *, ranged: bool
) -> list[str]:
    """That hypotheses have to wait for measurements, and which ranges were taken."""
    what = ", ".join(one.name for one in responses) or parts.say("the response", "반응값")
    notes = [
        parts.say(
            f"No measured recipe is attached, so nothing is known yet of {what}: the first recipes cover the allowed "
            "range, and hypotheses wait for their results.",
            f"측정된 배합이 없어 {what}에 대해 아직 알 수 없습니다. 첫 배합은 허용 범위를 고르게 덮으며, 가설은 측정 "
            "결과가 나온 뒤에 세웁니다.",
        )
    ]
    if not ranged:
        shown, name = f"{PRESENT:.0%}", ingredients[0]["name"]
        notes.append(
            parts.say(
                f"The goal gives no ranges, so each component takes {shown} or more: give ranges, such as '{name} "
                "40-70 %', to keep to what can be mixed and cured.",
                f"범위가 없어 각 성분을 {shown} 이상으로 둡니다. '{name} 40~70 %'처럼 범위를 적으면 그 안에서 "
                "설계합니다.",
            )
        )
    return notes


def _question(parts: GoalParts) -> Question:
    text = parts.say(
        "Which components may the recipe have, and in which ranges? For instance 'acrylate 40-70 %, "
        "crosslinker 5-20 % and solvent', or name a CSV file of measured recipes.",
        "배합의 성분과 범위를 알려 주세요. 예: '아크릴레이트 40~70 %, 가교제 5~20 %, 용제'. "
        "측정된 배합의 CSV 파일을 적어도 됩니다.",
    )
    return Question(key=INGREDIENTS, text=text)


def _reach(brief: Brief) -> float | None:
    """The value of the first objective at which a campaign is done: its bound, on the side that is wanted."""
    if not brief.objectives or brief.objectives[0].direction == "target":
        return None
    first = brief.objectives[0]
    bound = next((one for one in brief.constraints if one.quantity == first.quantity), None)
    if bound is None:
        return None
    return bound.low if first.direction == "maximise" else bound.high


def holds_recipes(path: str) -> bool:
    """Whether neighbouring columns of a table add to 1 or to 100 in most of its first rows: fractions of components."""
    rows = [_numbers(row) for row in first_rows(path, _LOOKED_AT + 1)[1:]]
    width = max(map(len, rows), default=0)
    for start in range(width):
        for end in range(start + 2, width + 1):
            sums = [sum(row[start:end]) for row in rows if len(row) >= end]
            full = sum(any(abs(total - whole) <= 0.02 * whole for whole in (1.0, 100.0)) for total in sums)
            if len(rows) >= 2 and full >= 0.8 * len(rows):
                return True
    return False


def _numbers(row: Sequence[str]) -> list[float]:
    found = []
    for cell in row:
        try:
            found.append(float(cell.strip().rstrip("%")))
        except ValueError:
            found.append(math.nan)
    return found


def _header(path: str) -> list[str]:
    return next(iter(first_rows(path, 1)), [])


def _terms(components: int) -> int:
    return components * (components + 1) // 2
