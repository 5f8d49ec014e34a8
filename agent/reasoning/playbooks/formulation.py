"""Playbook: recipes of a mixture, designed within their bounds or learnt from measured ones."""

from __future__ import annotations

import csv
import re
from typing import Any

from agent.reasoning.playbooks.base import Domain, Filling, StepWriter, literature_steps
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.records import Brief, Objective, Plan, Question, Review

INGREDIENTS = "ingredients"
"""Key of the question for the components of the recipe."""

WANTED = 12
"""Recipes that are designed when the goal gives no number."""

_WORDS = re.compile(
    r"\b(?:formulat\w*|recipes?|mixtures?|blends?|coatings?|adhesives?|resins?|paints?|varnish\w*|inks?|lacquers?"
    r"|sealants?|slurr(?:y|ies)|crosslinkers?|binders?|fillers?|plastici[sz]ers?|surfactants?)\b"
    r"|배합|조성비|혼합물|코팅|도료|접착제|수지|레시피|가교제|바인더|제형",
    re.IGNORECASE,
)
_WORD = r"[A-Za-z가-힣][\w가-힣/-]*"
_NAME = rf"{_WORD}(?:\s(?!and\b|or\b|to\b|from\b|between\b|of\b|with\b|at\b){_WORD})?"
_RANGE = r"(\d+(?:\.\d+)?)\s*%?\s*(?:-|–|~|to|and|에서)\s*(\d+(?:\.\d+)?)\s*(?:%|percent|퍼센트|wt)"
_NAMED_FIRST = re.compile(rf"({_NAME})\s*(?:[:(]\s*)?(?:between\s+|from\s+|at\s+)?{_RANGE}", re.IGNORECASE)
_BOUND_FIRST = re.compile(rf"{_RANGE}\s*(?:%\s*)?(?:of\s+)?({_NAME})", re.IGNORECASE)
_FREE = re.compile(
    rf"^\s*\)?\s*(?:,\s*)?(?:(?:and|plus|the rest|balance)\s+|및\s*|와\s*|과\s*|,\s*)({_WORD})", re.IGNORECASE
)
_NO_NAME = frozenset({"with", "of", "and", "or", "the", "a", "an", "from", "at", "use", "contains", "containing"})
_LEADING = re.compile(r"^(?:.*\b(?:of|with|from|and|the|a|an)\s+)", re.IGNORECASE)
_KOREAN_PARTICLE = re.compile(r"(?:으로|로|와|과|은|는|이|가|을|를|의)$")
_MINIMISE = re.compile(r"\b(?:minimi[sz]e|lower|reduce|decrease|least|lowest|smallest)\b|최소|낮", re.IGNORECASE)
_TARGET = re.compile(
    r"\b(?:target|hit|reach)\w*\s+(?:an?\s+|the\s+)?[\w ]{0,20}?(?:of\s+)?(\d+(?:\.\d+)?)", re.IGNORECASE
)


class Formulation:
    """Recipes of coatings, adhesives and resins: fractions that add to one, designed, modelled, and proposed."""

    name = "formulation"
    title = "design or optimise the recipe of a mixture"
    domain: Domain = "general"
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
        return min(4.0, 1.0 + words) + min(4.0, 2.0 * len(_ingredients(parts.text)))

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Read components, bounds, the table and what is to be optimised."""
        tables = [item for item in parts.files if item.kind == "table"]
        ingredients = _ingredients(parts.text)
        if not ingredients and (answer := context.answers.get(INGREDIENTS)):
            ingredients = _ingredients(answer)
        options: dict[str, Any] = {
            "ingredients": ingredients,
            "count": parts.wanted or WANTED,
            "random_seed": parts.goal.seed,
            **dict(parts.counts),
        }
        objectives: tuple[Objective, ...] = ()
        notes: tuple[str, ...] = ()
        missing: tuple[Question, ...] = ()
        if tables:
            header = _header(tables[0].path)
            response = _mentioned(parts.text, header, {one["name"].lower() for one in ingredients})
            aim = _TARGET.search(parts.bare)
            goal = "target" if aim else "minimise" if _MINIMISE.search(parts.bare) else "maximise"
            target = float(aim[1]) if aim else None
            known = {name.strip().lower() for name in header}
            strangers = [one["name"] for one in ingredients if one["name"].lower() not in known]
            options |= {"response": response, "goal": goal, "target": target}
            options["ingredients"] = [one for one in ingredients if one["name"].lower() in known]
            notes = tuple(f"'{name}' is no column of {tables[0].path}: its bounds are not used." for name in strangers)
            if response:
                objectives = (Objective(quantity=response, direction=goal, target=target, text=f"{goal} {response}"),)
        elif len(ingredients) < 2:
            text = parts.say(
                "Which components may the recipe have, and in which ranges? For instance 'acrylate 40-70 %, "
                "crosslinker 5-20 % and solvent', or name a CSV file of measured recipes.",
                "배합의 성분과 범위를 알려 주세요. 예: '아크릴레이트 40~70 %, 가교제 5~20 %, 용제'. "
                "측정된 배합의 CSV 파일을 적어도 됩니다.",
            )
            missing = (Question(key=INGREDIENTS, text=text),)
        claimed = parts.numbers_left if ingredients else ()
        return Filling(
            entities=tuple(item.entity() for item in tables[:1]),
            objectives=objectives,
            options=options,
            missing=missing,
            notes=notes,
            claimed=claimed,
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Learn from the table and propose, or design recipes to measure."""
        writer = StepWriter(context.catalogue)
        options = brief.options
        files = [entity for entity in brief.entities if entity.kind == "file"]
        common = {"ingredients": options.get("ingredients", []), "random_seed": int(options.get("random_seed", 0))}
        if files:
            arguments = {
                "path": files[0].value,
                "response": options.get("response", ""),
                "goal": options.get("goal", "maximise"),
                "target": options.get("target"),
                "count": int(options.get("count", WANTED)),
            }
            writer.add("analyse_mixture", common | arguments, "A model of the measured recipes, and the next ones.")
            why = "Measured recipes are modelled with the uncertainty told, and the best predicted ones are proposed."
        else:
            count = max(int(options.get("count", WANTED)), _terms(len(common["ingredients"])))
            writer.add(
                "design_mixture", common | {"count": count}, "Recipes from which a quadratic model can be learnt."
            )
            why = "Nothing is measured yet: the recipes are those that teach most about the components and their pairs."
        literature_steps(writer, brief, context, f"formulation composition property relationship {brief.goal}"[:300])
        return Plan(steps=tuple(writer.steps), rationale=why)

    def review(self, view: RunView) -> Review:
        """One step says all: what is empty or failed is told."""
        return Review(enough=True, notes=tuple(e.summary for e in view.evidence.values() if e.status != "ok"))


def _ingredients(text: str) -> list[dict[str, Any]]:
    """Components with their bounds as fractions, in the order of the text; one named after them without bounds too."""
    found: list[tuple[int, int, str, float, float]] = []
    for pattern, name, low, high in ((_NAMED_FIRST, 1, 2, 3), (_BOUND_FIRST, 3, 1, 2)):
        for match in pattern.finditer(text):
            label = _KOREAN_PARTICLE.sub("", _LEADING.sub("", match[name]).strip())
            if not label or label.lower().split()[-1] in _NO_NAME:
                continue
            taken = any(start < match.end() and match.start() < end for start, end, *_ in found)
            if not taken and float(match[low]) <= float(match[high]) <= 100:
                found.append((match.start(), match.end(), label, float(match[low]) / 100, float(match[high]) / 100))
    found.sort()
    listed = [{"name": name, "low": low, "high": high} for _, _, name, low, high in found]
    if found and (free := _FREE.match(text[found[-1][1] :])):
        name = _KOREAN_PARTICLE.sub("", free[1])
        if name.lower() not in {one["name"].lower() for one in listed}:
            listed.append({"name": name, "low": 0.0, "high": 1.0})
    return listed


def _header(path: str) -> list[str]:
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        line = file.readline()
    return next(csv.reader([line], delimiter=max(",;\t", key=line.count)), [])


def _mentioned(text: str, header: list[str], components: set[str]) -> str:
    """The column of results that the goal names: the longest that its words hold and that is no component."""
    plain = text.lower()
    named = [one.strip() for one in header if one.strip() and one.strip().lower() not in components]
    hits = [one for one in named if re.split(r"\s*[(\[]", one.lower())[0].replace("_", " ") in plain.replace("_", " ")]
    return max(hits, key=len, default="")


def _terms(components: int) -> int:
    return components * (components + 1) // 2
