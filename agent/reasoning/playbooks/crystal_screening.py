"""Playbook: crystals from given structures, compositions or chemical systems, screened by a pretrained potential."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.reasoning.playbooks.base import (
    Domain,
    Filling,
    StepWriter,
    for_domain,
    literature_steps,
)
from agent.reasoning.playbooks.crystal_inputs import CrystalInputs, crystal_inputs, from_answer
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.files import find_files
from agent.reasoning.understanding.mineral_names import find_minerals
from agent.reasoning.understanding.numbers import NumberTag
from agent.reasoning.understanding.text import normalise
from agent.records import Brief, Entity, Objective, Plan, Question, Review
from agent.vocabulary import by_key, title

STRUCTURES = "structures"
"""Key of the question for structures or compositions."""

PATTERNS = 3
"""For how many structures a diffraction pattern is simulated."""

_WORDS = re.compile(
    r"\b(?:crystals?|cif|poscar|lattice|space group|xrd|diffraction|unit cell|band ?gap|perovskites?|alloys?"
    r"|cathodes?|anodes?|oxides?"
    r"|halides?|nitrides?|carbides?|sulfides?|ceramics?|polymorphs?|bulk modulus|formation energy|hull|materials?"
    r"|solid[- ]state|spinels?"
    r"|electrolytes?|intermetallics?|heuslers?|superhard|minerals?|mineralogy|prototypes?|dop(?:ed|ing|ants?)"
    r"|powder pattern)\b|결정|광물|질화물|탄화물|할라이드|도핑|격자"
    r"|소재|재료|페로브스카이트|합금|산화물|양극재|음극재|회절",
    re.IGNORECASE,
)
_STIFFNESS = re.compile(
    r"\b(?:bulk modul\w+|hard(?:ness|er|est)?|super[- ]?hard|stiff\w*|incompressib\w*|elastic\w*|mechanical\w*)\b"
    r"|경도|탄성|단단",
    re.IGNORECASE,
)
_ENERGY = re.compile(
    r"\b(?:stab\w+|energ\w+|relax\w*|screen\w*|rank\w*|hull|formation|optimi\w+|best|candidates?|propos\w+|suggest\w*|replac\w*|find"
    r"|design|discover|forces?)\b"
    r"|안정|에너지|이완|최적화|후보|탐색|스크리닝",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"\b(?:hexagonal|tetragonal|orthorhombic|monoclinic|triclinic|trigonal)\b|육방정|정방정|사방정|단사정",
    re.IGNORECASE,
)
_RELAX = re.compile(r"\brelax\w*|formation energy|\benerg\w+|이완|에너지", re.IGNORECASE)
_IONS = ("Li", "Na", "K", "Mg", "Zn", "Ca", "Al")
_CAPACITY = re.compile(r"\bcapacit(?:y|ies)\b(?! factor)|mA\s?h\s?/\s?g|mAh|용량", re.IGNORECASE)
_RADIATION = re.compile(r"\b(?P<metal>Cu|Mo|Co|Fe|Cr|Ag)[ -]?K[ -]?(?:α|a(?:lpha)?)(?:1|2)?", re.IGNORECASE)
_ONLY_DESCRIBE = re.compile(
    r"\b(?:analy[sz]e|describe|space group|symmetry|xrd|diffraction|lattice|density|pattern|identify|phase)\b|분석"
    r"|회절|격자|대칭|상 분석",
    re.IGNORECASE,
)


_TRADE = re.compile(
    r"\b(?:dense|densit\w+|simulat\w+|x-?rays?|powders?|scans?|substitut\w*|crystall\w+|theoretical|elements?|cells?"
    r"|systems?|phases?|compounds?|volumes?|parameters?|constants?|batter(?:y|ies)|synthesi[sz]ed?|lowest|highest)\b",
    re.IGNORECASE,
)


class CrystalScreening:
    """Structures analysed, relaxed and ranked; compositions given structures first; patterns matched to phases."""

    name = "crystal-screening"
    title = "screen crystals from structures, compositions or chemical systems"
    domain: Domain = "materials"
    trade: tuple[re.Pattern[str], ...] = (
        _TRADE,
        _WORDS,
        _STIFFNESS,
        _ENERGY,
        _SYSTEM,
        _CAPACITY,
        _RADIATION,
        _ONLY_DESCRIBE,
    )
    examples: tuple[str, ...] = (
        "Screen these CIF files for stability and relax the best ones.",
        "Which perovskites ABX3 with Cs, Pb and halides are stable?",
        "Find stable compositions in the Li-Mn-O system for battery cathodes.",
        "Compare the bulk modulus of TiC, WC and BN.",
        "Relax the structure in POSCAR and simulate its X-ray diffraction pattern.",
        "What is the space group and density of this crystal structure?",
        "Identify the phases in this powder diffraction pattern.",
        "Search for superhard carbides and nitrides.",
        "Estimate the formation energy of MgO and CaO with a machine-learned potential.",
        "Propose new ternary oxides that could be charge balanced.",
        "I am looking for a stiff ceramic that does not compress easily.",
        "Rank candidate solid electrolytes by energy per atom.",
        "이 CIF 파일의 결정 구조를 분석하고 XRD를 계산해줘.",
        "Li-Fe-P-O 계에서 안정한 양극재 조성을 찾아줘.",
        "페로브스카이트 소재 후보를 안정성으로 비교해 주세요.",
        "경도가 높은 탄화물 결정을 탐색해줘.",
        "NaCl과 MgO의 격자 상수와 체적탄성률을 비교해줘.",
    )

    def signals(self, parts: GoalParts) -> float:
        """Structure files, formulas, systems, minerals, and the words of solid-state chemistry."""
        found = parts.compositions
        items = [
            item for item in (*parts.constraints, *parts.objectives) if by_key()[item.quantity].domain == "materials"
        ]
        score = 4.0 if any(item.kind in ("structure", "pattern") for item in parts.files) else 0.0
        score += min(4.0, 2.0 * len(found.formulas)) + (3.0 if found.systems else 0.0)
        score += 2.0 if found.prototypes else 0.0
        score += min(4.0, 2.0 * len(find_minerals(parts.bare)))
        score += min(4.0, 2.0 * len(items)) + (2.0 if _WORDS.search(parts.bare) else 0.0)
        if any(item.kind == "table" for item in parts.files):  # a table of analyses speaks of oxides and minerals too
            score -= 3.0
        return max(score, 0.0)

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Gather structures, compositions and patterns; ask where there are none."""
        inputs = crystal_inputs(parts.bare, parts.files, parts.compositions)
        if not inputs.enough and (answer := context.answers.get(STRUCTURES)):
            text = normalise(answer)
            inputs = from_answer(text, find_files(text, ()))
        constraints, objectives, notes = for_domain(parts, "materials", "crystals")
        notes += tuple(
            f"No tool here computes {by_key()[item.quantity].title}: '{item.text}' stays unchecked, and what is ranked "
            "says nothing of it."
            for item in (*constraints, *objectives)
            if item.quantity == "band_gap"
        )
        bounds = (*constraints, *objectives, *_mentioned(parts))
        stiffness = bool(_STIFFNESS.search(parts.bare)) or any(item.quantity == "bulk_modulus" for item in bounds)
        capacity = bool(_CAPACITY.search(parts.text)) and bool(inputs.formulas or inputs.family)
        energies = stiffness or bool(_ENERGY.search(parts.bare)) or not _ONLY_DESCRIBE.search(parts.bare)
        energies = energies or any(by_key()[item.quantity].engine == "chgnet" for item in bounds)
        energies = (energies or inputs.replacing is not None) and not (capacity and not bounds and not inputs.family)
        if capacity and not any(item.quantity == "capacity" for item in bounds):
            wish = Objective(quantity="capacity", direction="maximise", unit="mA*hour/g", text="capacity")
            objectives = (*objectives, wish)
        if inputs.patterns and not bounds:
            energies = bool(_RELAX.search(parts.bare))
        radiation = _RADIATION.search(parts.text)
        change = inputs.replacing
        return Filling(
            entities=_entities(inputs),
            constraints=constraints,
            objectives=objectives,
            options={"stiffness": stiffness, "energies": energies}
            | _without_empty(
                {
                    "capacity": capacity,
                    "systems": [list(system) for system in inputs.systems],
                    "prototypes": list(inputs.prototypes),
                    "minerals": list(inputs.minerals),
                    "all_minerals": inputs.all_minerals,
                    "without": sorted(inputs.wishes.without),
                    "replace": change.out if change else "",
                    "by": list(change.new) if change else [],
                    "fractions": list(change.fractions) if change else [],
                    "radiation": f"{radiation['metal'].title()}Ka" if radiation else "",
                    **dict(parts.counts),
                }
            ),
            missing=() if inputs.enough else (_question(parts, inputs),),
            notes=(*notes, *inputs.notes, *_symmetry_notes(parts)),
            claimed=_claimed(parts, inputs),
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Structures first (given, or made from compositions), then one chain of analysis for each source."""
        writer = StepWriter(context.catalogue)
        options = brief.options
        given = [entity.value for entity in brief.entities if entity.kind == "structure_file"]
        formulas = [
            entity.value for entity in brief.entities if entity.kind == "composition" and entity.role != "avoid"
        ]
        patterns = [entity.value for entity in brief.entities if entity.kind == "file" and entity.role == "target"]
        sources: list[tuple[Any, list[str]]] = []
        if given:
            sources.append((given, given[:PATTERNS]))
        if options.get("minerals"):
            names = list(options["minerals"])
            found = writer.add("mineral_structures", {"names": names}, "Structures of the minerals that are named.")
            sources.append(_made_by(found, len(names)))
        if formulas and options.get("capacity"):
            ion = next((ion for ion in _IONS if all(re.search(rf"{ion}(?![a-z])", one) for one in formulas)), "Li")
            writer.add(
                "electrode_capacities",
                {"formulas": formulas, "ion": ion},
                "The goal asks for capacities: the theoretical ones follow from the formulas.",
                optional=True,
            )
        if formulas and (options.get("energies", True) or not options.get("capacity")):
            made = writer.add(
                "prototype_structures",
                _prototypes(formulas, options),
                "Candidate structures for the compositions, from known prototypes.",
                optional=bool(options.get("capacity")),
            )
            sources.append(_made_by(made, len(formulas)))
        for elements in options.get("systems", ()):
            found = writer.add(
                "enumerate_compositions",
                {"elements": list(elements)},
                f"Charge-balanced compositions of {'-'.join(elements)}.",
            )
            made = writer.add(
                "prototype_structures",
                {"formulas": f"${{{found}.data.formulas}}"},
                "Candidate structures for them, from known prototypes.",
            )
            sources.append(_made_by(made, 1))
        references = [structures for structures, _ in sources]
        if options.get("by"):
            sources = [self._substitute(writer, options, structures) for structures, _ in sources]
        for structures, singles in sources if not patterns or options.get("energies", True) else ():
            self._chain(writer, brief, structures, singles)
        if patterns and options.get("all_minerals"):
            table = writer.add("mineral_structures", {}, "References for the pattern: common minerals.")
            references.append(f"${{{table}.data.structures}}")
        for pattern in patterns:
            for reference in references or [[]]:
                writer.add(
                    "identify_phases",
                    {"pattern": pattern, "references": reference, "wavelength": options.get("radiation", "CuKa")},
                    "Which of the reference structures explain the measured pattern.",
                )
        literature_steps(writer, brief, context, _mechanism(brief))
        return Plan(
            steps=tuple(writer.steps),
            rationale="Structures are analysed as given, then judged by a pretrained interatomic potential."
            if options.get("energies", True)
            else "Structures are analysed as given; nothing is relaxed.",
        )

    def _substitute(self, writer: StepWriter, options: dict[str, Any], structures: Any) -> tuple[Any, list[str]]:
        """Substituted cells of the hosts, beside the hosts themselves."""
        arguments: dict[str, Any] = {"structures": structures, "by": list(options["by"])}
        if options.get("replace"):
            arguments["replace"] = options["replace"]
        if options.get("fractions"):
            arguments["fractions"] = list(options["fractions"])
        out = options.get("replace") or "the cation that fits best"
        made = writer.add(
            "substitute_elements",
            arguments,
            f"Cells with {out} replaced by {', '.join(options['by'])}, beside the hosts.",
        )
        return _made_by(made, 2)

    def review(self, view: RunView) -> Review:
        """What was found is what there is: other structures would be another goal."""
        broken = [evidence for evidence in view.evidence.values() if evidence.status == "error"]
        crystals = [candidate for candidate in view.candidates if candidate.kind == "crystal"]
        notes = [f"{len(crystals)} crystals are in the table."]
        notes += [f"{item.tool} failed: {item.summary}" for item in broken]
        return Review(enough=True, notes=tuple(notes))

    def _chain(self, writer: StepWriter, brief: Brief, structures: Any, singles: list[str]) -> None:
        writer.add("analyse_structures", {"structures": structures}, "Symmetry, cell and density of the structures.")
        patterns = singles
        if brief.options.get("energies", True):
            writer.add(
                "estimate_energies", {"structures": structures}, "Energies before relaxation, to see the strain."
            )
            relaxed = writer.add(
                "relax_structures", {"structures": structures}, "Cells and positions at the potential's minimum."
            )
            after = f"${{{relaxed}.data.structures}}"
            writer.add(
                "analyse_structures",
                {"structures": after},
                "Symmetry, cell and density after relaxation.",
                optional=True,
            )
            if brief.options.get("stiffness"):
                writer.add("bulk_moduli", {"structures": after}, "The goal asks for stiffness.")
            patterns = [f"${{{relaxed}.data.structures.{index}}}" for index in range(len(singles))]
            structures = after
        writer.add(
            "check_known_crystals",
            {"structures": structures},
            "Which structures and compositions the reference sets know.",
            optional=True,
        )
        for index, single in enumerate(patterns):
            writer.add(
                "simulate_xrd",
                {"structure": single, "wavelength": brief.options.get("radiation", "CuKa")},
                f"The powder pattern of structure {index + 1}, to recognise it in the laboratory.",
                optional=True,
            )


def _made_by(step: str, count: int) -> tuple[str, list[str]]:
    """Structures that a step makes: all of them, and the first few one by one."""
    return f"${{{step}.data.structures}}", [
        f"${{{step}.data.structures.{index}}}" for index in range(min(count, PATTERNS))
    ]


@dataclass(frozen=True)
class _Named:
    """A quantity that the goal names without a bound or a wish."""

    quantity: str


def _mentioned(parts: GoalParts) -> tuple[_Named, ...]:
    return tuple(_Named(mention.key) for mention in parts.mentions if mention.quantity.engine == "chgnet")


def _symmetry_notes(parts: GoalParts) -> tuple[str, ...]:
    """A crystal system that the goal asks for is told, not enforced: which structures there are decides it."""
    match = _SYSTEM.search(parts.bare)
    if match is None or parts.compositions.prototypes:
        return ()
    return (f"'{match[0]}' does not choose the structures; the table shows each one's space group, to pick from.",)


def _without_empty(options: dict[str, Any]) -> dict[str, Any]:
    """The options that say anything."""
    return {name: value for name, value in options.items() if value}


def _prototypes(formulas: list[str], options: dict[str, Any]) -> dict[str, Any]:
    """Arguments for the structures of formulas: fewer for each, the more formulas there are."""
    arguments: dict[str, Any] = {"formulas": formulas}
    if len(formulas) > 3 or options.get("by"):
        arguments["per_formula"] = 1 if len(formulas) > 6 or options.get("by") else 2
    if options.get("prototypes"):
        arguments["prototypes"] = list(options["prototypes"])
    return arguments


def _entities(inputs: CrystalInputs) -> tuple[Entity, ...]:
    found = [item.entity() for item in inputs.structures]
    found += [item.entity().model_copy(update={"role": "target"}) for item in inputs.patterns]
    found += [item.entity() for item in inputs.others]
    source = "usual members of the family" if inputs.family and inputs.family.assumed else "goal"
    found += [
        Entity(kind="composition", text=formula, value=formula, role="input", source=source)
        for formula in inputs.formulas
    ]
    found += [
        Entity(kind="composition", text=words, value=symbol, role="avoid") for symbol, words in inputs.wishes.excluded
    ]
    return tuple(found)


def _claimed(parts: GoalParts, inputs: CrystalInputs) -> tuple[NumberTag, ...]:
    """Numbers that belong to a substitution or to a group of the periodic table."""
    spans = [*(inputs.replacing.spans if inputs.replacing else ()), *inputs.wishes.spans]
    return tuple(tag for tag in parts.numbers_left if any(start < tag.end and tag.start < end for start, end in spans))


def _mechanism(brief: Brief) -> str:
    about = [title(item.quantity) for item in (*brief.objectives, *brief.constraints)] or ["stability"]
    formulas = [entity.value for entity in brief.entities if entity.kind == "composition" and entity.role != "avoid"][
        :4
    ]
    return f"crystal structure {' '.join(dict.fromkeys(about))} {' '.join(formulas)}".strip()


def _question(parts: GoalParts, inputs: CrystalInputs) -> Question:
    wanted = [*inputs.wishes.wanted, *(f"no {symbol}" for symbol in sorted(inputs.wishes.without))]
    understood = f"I understood: {', '.join(wanted)}. " if wanted else ""
    text = parts.say(
        f"{understood}Which crystals should I look at? Give structure files, formulas or a chemical system, for "
        "instance 'structures/MgO.cif', 'NaCl, MgO' or 'Li-Mn-O system'.",
        "어떤 결정을 다룰까요? 구조 파일, 화학식 또는 원소계를 적어 주세요. "
        "예: 'structures/MgO.cif', 'NaCl, MgO', 'Li-Mn-O 계'.",
    )
    return Question(key=STRUCTURES, text=text, takes="structures")
