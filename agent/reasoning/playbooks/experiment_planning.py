"""Playbook: experiments to be planned: their size, plates, dilutions, solutions, factors, and synthesis routes."""

from __future__ import annotations

import math
import re
from typing import Any

from agent.errors import InputError
from agent.reasoning.playbooks.base import Domain, Filling, StepWriter, literature_steps
from agent.reasoning.playbooks.resolving import resolve_molecules
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.numbers import NumberTag
from agent.reasoning.understanding.planned import PLANNED, Factors, count_of, find_factors, find_size
from agent.reasoning.understanding.plates import LAID_OUT, find_doses, find_plate
from agent.reasoning.understanding.text import Interval, mask, overlaps
from agent.records import Brief, Entity, Plan, Question, Review
from agent.units import convert

EFFECT, SAMPLES, FACTORS, DOSES = "effect", "samples", "factors", "doses"
"""Keys of the questions for what a plan of experiments needs."""

RUNS = 12
MOST_RUNS = 96
"""Experiments of a first round where the goal gives no number, and the most that one step suggests."""

_SIZE = re.compile(
    r"\bsample sizes?\b|\bpower (?:analysis|calculation)|\bstatistical power|\bhow many\b[^.?]{0,60}?\b(?:mice"
    r"|rats|animals"
    r"|replicates|cores|specimens|coupons|cells|wells|samples|patients"
    r"|plots|plants|subjects|repeats|per (?:group|arm|treatment)|measurements)\b"
    r"|검정력|표본\s?(?:수|크기)|(?:표본|반복|시료|샘플)[^.?]{0,12}(?:몇|필요)",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"\b(?:96|384)\s*-?\s*well|\bplate (?:layout|map|design)|\blay\w* out\b.{0,30}\bplate|웰\s?플레이트", re.I
)
_DILUTION = re.compile(r"\bdilution(?: series)?\b|\bserial(?:ly)? dilut\w+|\bdilute\b|희석", re.IGNORECASE)
_WEIGH = re.compile(
    r"\bweigh\b|\bprecursors?\b.{0,40}\b(?:how much|amounts?|mass(?:es)?|grams?)\b"
    r"|\bhow much\b.{0,40}\bprecursors?\b|칭량",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?P<value>\d+(?:\.\d+)?)\s?(?P<unit>mg|g|kg)\b(?!\s*/)")
_ROUTE = re.compile(
    r"\bretro-?synthe\w+|\bsynthe(?:sis|tic) (?:routes?|pathways?|plans?)\b"
    r"|\b(?:plan|propose|suggest|find|give|devise|outline|show)\w*\b[^.?]{0,25}\bsynthes[ie]s\s+(?:of|for|to)\b"
    r"|\bhow (?:do|can|could|would|should|to|might)\b[^.?]{0,20}?\b(?:make|synthesi[sz]e|prepare)\b(?!\s+(?:it"
    r"|them|\w+)\s+(?:more|less|better))"
    r"|\b(?:takes?|needed|ways?|recipe|procedure|protocol) to (?:make|synthesi[sz]e|prepare)\b"
    r"|^\W*(?:please )?synthesi[sz]e\b"
    r"|합성\s?(?:경로|방법|법|계획)|어떻게 합성",
    re.IGNORECASE,
)
_DESIGNS = re.compile(r"\banalog|\bderivativ|유도체|유사체", re.IGNORECASE)
_STEPS = re.compile(
    r"(?:at most|up to|within|in|max\w*|no more than"
    r"|fewer than)?\s*(?P<steps>\d+|two|three|four|five|six)\s*-?\s*(?:synthetic |linear )?(?:steps?|단계)",
    re.I,
)
_VARIED = re.compile(
    r"\boptimi[sz]\w*|\bexperiments?\b|\bruns?\b|\breactions?\b|\bvary\w*|\btrials?\b|\bDoE\b|\bfactorial"
    r"|\bconditions?\b|\bscreen\w*|\bto test\b|\btry first\b|\banneal\w*"
    r"|최적화|실험|조건|반응",
    re.IGNORECASE,
)
_RUNS = re.compile(
    r"(?P<count>\d+)\s*(?:\w+\s)?(?:experiments?|runs?|reactions?|trials?|tests?|points?|samples?|syntheses|batches)\b"
    r"|(?P<korean>\d+)\s*(?:번|회|개)?의?\s*(?:실험|회|번|반응)|(?:실험|반응)(?:은|을)?\s*(?P<korean2>\d+)\s*(?:번|회|개)",
    re.IGNORECASE,
)
_FACTORIAL = re.compile(r"\bfactorial\b|all combinations|요인\s?(?:배치|설계)", re.IGNORECASE)
_MIXED_WORDS = re.compile(
    r"\b(?:(?<!spin[ -])(?<!dip[ -])(?<!spray[ -])(?<!blade[ -])coating"
    r"|adhesive|resin|paint|ink|formulation|blend|sealant|slurry)s?\b|코팅|접착제"
    r"|배합|도료",
    re.I,
)


class ExperimentPlanning:
    """Sample sizes, plate layouts, dilutions, weighings, first rounds of an optimisation, and synthesis routes."""

    name = "experiment-planning"
    title = "plan experiments: sample size, plates, dilutions, factors to vary, synthesis routes"
    domain: Domain = "general"
    trade: tuple[re.Pattern[str], ...] = (
        _SIZE,
        _PLATE,
        _DILUTION,
        _WEIGH,
        _ROUTE,
        _STEPS,
        _VARIED,
        _RUNS,
        _FACTORIAL,
        *PLANNED,
        *LAID_OUT,
    )
    examples: tuple[str, ...] = (
        "How many replicates do I need to see a difference of 0.5 with a standard deviation of 0.4?",
        "Lay out a 96-well plate with 12 samples in triplicate and two controls.",
        "Which reactions should I run first: temperature 40 to 90 °C, time 1 to 24 h, three bases?",
        "Make a dilution series of the stock.",
        "Plan a synthesis of lidocaine.",
        "Design the first round of experiments over pressure and flow rate.",
        "What do I weigh to make 5 g of barium titanate?",
        "Give me a full factorial of these three factors.",
        "What sample size gives 90 % power?",
        "Optimise the yield over catalyst loading, solvent and temperature in 20 runs.",
        "How would one make this compound from things one can buy?",
        "차이를 검출하려면 그룹당 표본이 몇 개 필요한가요?",
        "96웰 플레이트 배치를 만들어 주세요.",
        "온도와 시간을 바꾸는 실험을 계획해줘.",
        "이 분자의 합성 경로를 찾아줘.",
    )

    def signals(self, parts: GoalParts) -> float:
        """The words of planning, with the settings that they need."""
        if parts.sequences or any(item.kind in ("table", "sequence") for item in parts.files):
            return 0.0
        if _SIZE.search(parts.text) or _PLATE.search(parts.bare):
            return 8.0
        if _route(parts):
            return 7.0
        if (_DILUTION.search(parts.bare) and find_doses(parts.text)[0]) or _weighs(parts):
            return 7.0
        factors = find_factors(parts.bare)
        ratio = any(one["kind"] == "mixture" for one in factors.parameters)
        if (
            not _VARIED.search(parts.bare)
            or (len(factors.parameters) < 2 and not ratio)
            or _bounds_only(parts, factors)
        ):
            return 0.0
        recipe = bool(_MIXED_WORDS.search(parts.bare))
        return 0.0 if recipe else min(10.0, 4.0 + 2.0 * len(factors.parameters))

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """What is to be planned, and what it needs."""
        if _SIZE.search(parts.text):
            return _size(parts, context)
        if _PLATE.search(parts.bare):
            return _plate(parts, context)
        if _route(parts):
            return await _synthesis(parts, context)
        if _weighs(parts):
            return _weighing(parts)
        if _DILUTION.search(parts.bare):
            return _dilution(parts, context)
        return _factors(parts, context)

    def plan(self, brief: Brief, context: Context) -> Plan:
        """The calls that the filling wrote down, in order."""
        writer = StepWriter(context.catalogue)
        for tool, arguments, why in brief.options.get("calls", ()):
            writer.add(tool, arguments, why)
        if brief.options.get("task") in ("factors", "route"):
            literature_steps(writer, brief, context, brief.goal[:200])
        return Plan(
            steps=tuple(writer.steps),
            rationale="What is planned follows from the numbers of the goal; nothing is measured or predicted here.",
        )

    def review(self, view: RunView) -> Review:
        """The plan is the answer."""
        return Review(enough=True, notes=tuple(e.summary for e in view.evidence.values() if e.status != "ok"))


def _route(parts: GoalParts) -> bool:
    return bool(_ROUTE.search(parts.bare)) and not (
        parts.objectives or parts.constraints or _DESIGNS.search(parts.bare)
    )


def _weighs(parts: GoalParts) -> bool:
    return bool(_WEIGH.search(parts.bare) and parts.compositions.formulas)


def _bounds_only(parts: GoalParts, factors: Factors) -> bool:
    """Whether the ranges of a goal are bounds on quantities that candidates have."""
    numbers = [one for one in factors.parameters if one["kind"] == "continuous"]
    linked = [bound for bound in parts.constraints if bound.relation == "between"]
    return bool(numbers) and len(linked) >= len(numbers)


def _claimed(parts: GoalParts, spans: tuple[Interval, ...]) -> tuple[NumberTag, ...]:
    return tuple(tag for tag in parts.numbers_left if overlaps((tag.start, tag.inner), spans))


def _unused(parts: GoalParts) -> tuple[str, ...]:
    """Bounds and wishes that a plan of experiments does not take up."""
    items = (*parts.constraints, *parts.objectives)
    return tuple(
        dict.fromkeys(f"I did not use '{item.text}': no property is computed for this plan." for item in items)
    )


def _size(parts: GoalParts, context: Context) -> Filling:
    answer = context.answers.get(EFFECT, "")
    size = find_size(f"{parts.text} ; {answer}")
    arguments = size.arguments
    lacking = [name for name in ("effect", "spread") if name not in arguments]
    notes: list[str] = []
    if lacking:
        text = parts.say(
            "Which difference should be found, and how much do single measurements scatter? For instance 'a difference "
            "of 0.5 with a standard deviation of 0.4', in the same unit.",
            "어느 정도의 차이를 찾아야 하고, 개별 측정값의 표준편차는 얼마입니까? "
            "예: '차이 0.5, 표준편차 0.4' (같은 단위).",
        )
        missing = (Question(key=EFFECT, text=text),)
        return Filling(options={"task": "size"}, missing=missing, claimed=_claimed(parts, size.spans))
    effect_unit, spread_unit = size.units
    if effect_unit and spread_unit and effect_unit != spread_unit:
        try:
            arguments["effect"] = float(f"{convert(arguments['effect'], effect_unit, spread_unit):.6g}")
            notes.append(
                f"The effect in {effect_unit} is {arguments['effect']:g} {spread_unit}, the unit of the spread."
            )
        except InputError:
            notes.append(f"The effect is in {effect_unit} and the spread in {spread_unit}: I take both as one unit.")
    if size.mean is not None:
        notes.append(
            f"The effect is a share of the mean of {size.mean:g}: {arguments['effect']:g}"
            f"{f' {effect_unit}' if effect_unit and effect_unit != '%' else ''}."
        )
    elif effect_unit == "%":
        notes.append("The effect and the spread are taken as shares of the same mean.")
    assumed = [f"{name} {value:g}" for name, value in (("power", 0.8), ("alpha", 0.05)) if name not in arguments]
    if assumed:
        notes.append(f"The goal does not say, so I assume {' and '.join(assumed)}.")
    call = ["size_experiment", arguments, "How many replicates the effect needs."]
    return Filling(
        options={"task": "size", "calls": [call]},
        notes=(*notes, *_unused(parts)),
        claimed=_claimed(parts, size.spans),
    )


def _plate(parts: GoalParts, context: Context) -> Filling:
    plate = find_plate(f"{parts.text} ; {context.answers.get(SAMPLES, '')}")
    if not plate.samples:
        text = parts.say(
            "How many samples go on the plate? For instance "
            "'8 compounds in triplicate with DMSO and a positive control'.",
            "플레이트에 시료가 몇 개 들어갑니까? 예: '화합물 8개, 3반복, DMSO와 양성 대조'.",
        )
        return Filling(options={"task": "plate"}, missing=(Question(key=SAMPLES, text=text),))
    doses = [f"{value:g} {plate.unit}" for value in plate.doses]
    samples = [f"{name} {dose}" for name in plate.samples for dose in doses] if doses else list(plate.samples)
    calls: list[list[Any]] = []
    if doses:
        arguments = {"stock": plate.doses[0], "targets": list(plate.doses[1:]), "unit": plate.unit}
        calls.append(["dilution_series", arguments, "The doses, from the highest down."])
    arguments = {
        "samples": samples,
        "controls": list(plate.controls),
        "replicates": plate.replicates,
        "wells": plate.wells,
        "random_seed": parts.goal.seed,
    }
    calls.append(["plate_layout", arguments, "Where each sample and control goes, in randomised blocks."])
    places = len(samples) * plate.replicates
    notes = [
        f"{len(plate.samples)} samples{f' at {len(doses)} doses' if doses else ''}, {plate.replicates} times each: "
        f"{places} wells without controls."
    ]
    if not plate.controls:
        notes.append("The goal names no controls, so none are laid out.")
    if places > int(plate.wells):
        plates = math.ceil(places / int(plate.wells))
        notes.append(f"That is more than one {plate.wells}-well plate holds: at least {plates} plates are laid out.")
    return Filling(
        options={"task": "plate", "calls": calls},
        notes=(*notes, *_unused(parts)),
        claimed=_claimed(parts, plate.spans),
    )


def _dilution(parts: GoalParts, context: Context) -> Filling:
    doses, unit, spans = find_doses(f"{parts.text} ; {context.answers.get(DOSES, '')}")
    if not doses:
        text = parts.say(
            "Which dilutions? For instance '8-point 3-fold dilution from 10 mM'.",
            "어떤 희석 계열입니까? 예: '10 mM부터 3배씩 8단계'.",
        )
        return Filling(options={"task": "dilution"}, missing=(Question(key=DOSES, text=text),))
    arguments = {"stock": doses[0], "targets": list(doses[1:]), "unit": unit}
    call = ["dilution_series", arguments, "What to mix for each dilution."]
    return Filling(options={"task": "dilution", "calls": [call]}, notes=_unused(parts), claimed=_claimed(parts, spans))


def _weighing(parts: GoalParts) -> Filling:
    amount = _AMOUNT.search(parts.text)
    grams = float(amount["value"]) * {"mg": 1e-3, "g": 1.0, "kg": 1e3}[amount["unit"]] if amount else 1.0
    formulas = [item.formula for item in parts.compositions.formulas]
    calls = [
        ["weigh_precursors", {"formula": one, "product_mass_g": grams}, f"The precursors of {one}."] for one in formulas
    ]
    notes = () if amount else ("The goal gives no amount, so I plan for 1 g.",)
    return Filling(
        entities=tuple(Entity(kind="composition", text=one, value=one, role="input") for one in formulas),
        options={"task": "weigh", "calls": calls},
        notes=(*notes, *_unused(parts)),
        claimed=_claimed(parts, (amount.span(),) if amount else ()),
    )


async def _synthesis(parts: GoalParts, context: Context) -> Filling:
    resolved = await resolve_molecules(parts, context)
    limit = _STEPS.search(parts.text)
    files = [item for item in parts.files if item.kind in ("molecules", "document")]
    settings: dict[str, Any] = {"steps": min(8, count_of(limit["steps"]))} if limit else {}
    settings |= {"stock": files[0].path} if files else {}
    calls: list[list[Any]] = []
    for entity in resolved.entities:
        screen = {"structures": [entity.value], "kind": "molecule"}
        calls.append(["screen_candidates", screen, "What the hazard screen withholds is not planned."])
        passed = f"${{s{len(calls)}.data.passed.0}}"
        calls.append(["plan_synthesis", {"smiles": passed, **settings}, f"Routes to {entity.text}."])
    return Filling(
        entities=resolved.entities,
        options={"task": "route", "calls": calls},
        missing=resolved.missing,
        notes=resolved.notes,
        claimed=_claimed(parts, (limit.span(),) if limit else ()),
    )


def _factors(parts: GoalParts, context: Context) -> Filling:
    text = mask(parts.text, [item.span for item in parts.files if item.span])
    answer = context.answers.get(FACTORS, "")
    factors = find_factors(f"{text} ; {answer}" if answer else text)
    if not factors.parameters:
        question = parts.say(
            "Which factors may be varied, and between which settings? For instance 'temperature 40-90 °C, base (K2CO3, "
            "Cs2CO3), 12 experiments'.",
            "어떤 인자를 어떤 범위에서 바꿀까요? 예: '온도 40-90 °C, 염기 (K2CO3, Cs2CO3), 실험 12회'.",
        )
        return Filling(options={"task": "factors"}, missing=(Question(key=FACTORS, text=question),))
    asked = _RUNS.search(text)
    count = int(next(value for value in asked.groups() if value)) if asked else parts.wanted or RUNS
    spans = (*factors.spans, *((asked.span(),) if asked else ()))
    name, goal = factors.response
    named = [one["name"] for one in factors.parameters]
    notes = [f"I vary {', '.join(_told(one) for one in factors.parameters)}."]
    ratios = [
        text[start:end]
        for start, end in factors.spans
        if end <= len(text) and re.search(r"\d\s*:\s*\d", text[start:end])
    ]
    notes += [f"I read '{words}' as a range of the quotient." for words in ratios]
    listed = [one for one in factors.parameters if one["kind"] == "categorical"]
    if _FACTORIAL.search(text) and all(one["kind"] != "mixture" for one in factors.parameters):
        levels = {one["name"]: one.get("values") or [one["low"], one["high"]] for one in factors.parameters}
        call = [
            "factorial_design",
            {"factors": levels, "random_seed": parts.goal.seed},
            "Every combination, in random order.",
        ]
        if len(listed) < len(factors.parameters):
            notes.append("A factor with a range is taken at its two ends.")
    else:
        space = {"parameters": list(factors.parameters), "objectives": [{"name": name, "goal": goal}]}
        arguments = {"space": space, "batch": max(1, min(count, MOST_RUNS)), "random_seed": parts.goal.seed}
        call = ["suggest_experiments", arguments, "A first round that spreads over the settings."]
        notes.append(
            f"{name.replace('_', ' ').capitalize()} is what is measured, to {goal}; with the results, `gedanken "
            f"campaign` "
            "proposes the next round."
        )
        if not asked:
            notes.append(f"The goal gives no number of experiments, so I plan {count}.")
        if count > MOST_RUNS:
            notes.append(f"One round holds {MOST_RUNS} experiments at most, so I plan that many of the {count}.")
    return Filling(
        options={"task": "factors", "calls": [call]},
        notes=(*notes, *_unused(parts)),
        claimed=_claimed(parts, spans),
        settled=tuple(
            note
            for note in parts.notes
            if note.startswith("I cannot work toward") or (note.startswith("I did not use 'pH") and "pH" in named)
        ),
    )


def _told(one: dict[str, Any]) -> str:
    """A factor as the notes tell it."""
    name = one["name"].replace("_", " ")
    if one["kind"] == "categorical":
        return f"{name} ({', '.join(one['values'])})"
    if one["kind"] == "discrete":
        unit = "" if one["unit"] == "1" else f" {one['unit']}"
        return f"{name} ({', '.join(f'{value:g}' for value in one['values'])}{unit})"
    if one["kind"] == "mixture":
        return f"the shares of {', '.join(part['name'] for part in one['components'])} (each at least 5 %)"
    unit = "" if one["unit"] == "1" else f" {one['unit']}"
    return f"{name} {one['low']:g} to {one['high']:g}{unit}"
