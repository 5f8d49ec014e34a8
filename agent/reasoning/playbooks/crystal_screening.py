"""Playbook: crystals from given structures, compositions or chemical systems, screened by a pretrained potential."""

from __future__ import annotations

import re
from typing import Any

from agent.reasoning.playbooks.base import (
    Domain,
    Filling,
    StepWriter,
    for_domain,
    literature_steps,
)
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.compositions import Compositions, find_compositions
from agent.reasoning.understanding.files import FoundFile, find_files
from agent.reasoning.understanding.text import normalise
from agent.records import Brief, Entity, Plan, Question, Review
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
    r"|electrolytes?|intermetallics?|superhard|minerals?|prototypes?)\b|결정|격자|소재|재료|페로브스카이트|합금|산화물|양극재|음극재|회절",
    re.IGNORECASE,
)
_STIFFNESS = re.compile(
    r"\b(?:bulk modul\w+|hard(?:ness|er|est)?|super[- ]?hard|stiff\w*|incompressib\w*|elastic\w*|mechanical\w*)\b"
    r"|경도|탄성|단단",
    re.IGNORECASE,
)
_ENERGY = re.compile(
    r"\b(?:stab\w+|energ\w+|relax\w*|screen\w*|rank\w*|hull|formation|optimi\w+|best|candidates?|propos\w+|find"
    r"|design|discover|forces?)\b"
    r"|안정|에너지|이완|최적화|후보|탐색|스크리닝",
    re.IGNORECASE,
)
_ONLY_DESCRIBE = re.compile(
    r"\b(?:analy[sz]e|describe|space group|symmetry|xrd|diffraction|lattice|density|pattern|identify|phase)\b|분석"
    r"|회절|격자|대칭|상 분석",
    re.IGNORECASE,
)


class CrystalScreening:
    """Structures analysed, relaxed and ranked; compositions given structures first; patterns matched to phases."""

    name = "crystal-screening"
    title = "screen crystals from structures, compositions or chemical systems"
    domain: Domain = "materials"
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
        """Structure files, formulas, systems, and the words of solid-state chemistry."""
        found = parts.compositions
        items = [
            item for item in (*parts.constraints, *parts.objectives) if by_key()[item.quantity].domain == "materials"
        ]
        score = 4.0 if any(item.kind in ("structure", "pattern") for item in parts.files) else 0.0
        score += min(4.0, 2.0 * len(found.formulas)) + (3.0 if found.systems else 0.0)
        score += 2.0 if found.prototypes else 0.0
        score += min(4.0, 2.0 * len(items)) + (2.0 if _WORDS.search(parts.bare) else 0.0)
        return score

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Gather structures, compositions and patterns; ask where there are none."""
        files, compositions = list(parts.files), parts.compositions
        if not _has_input(files, compositions) and (answer := context.answers.get(STRUCTURES)):
            text = normalise(answer)
            files += find_files(text, ())
            compositions = find_compositions(text)
        constraints, objectives, notes = for_domain(parts, "materials", "crystals")
        notes += tuple(
            f"No tool here computes {by_key()[item.quantity].title}: '{item.text}' stays unchecked."
            for item in (*constraints, *objectives)
            if item.quantity == "band_gap"
        )
        stiffness = bool(_STIFFNESS.search(parts.bare)) or any(
            item.quantity == "bulk_modulus" for item in (*constraints, *objectives)
        )
        energies = stiffness or bool(_ENERGY.search(parts.bare)) or not _ONLY_DESCRIBE.search(parts.bare)
        energies = energies or any(by_key()[item.quantity].engine == "chgnet" for item in (*constraints, *objectives))
        return Filling(
            entities=_entities(files, compositions),
            constraints=constraints,
            objectives=objectives,
            options={
                "stiffness": stiffness,
                "energies": energies,
                "systems": [list(system) for system in compositions.systems],
                "prototypes": list(compositions.prototypes),
                **dict(parts.counts),
            },
            missing=() if _has_input(files, compositions) else (_question(parts),),
            notes=notes,
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Structures first (given, or made from compositions), then one chain of analysis for each source."""
        writer = StepWriter(context.catalogue)
        given = [entity.value for entity in brief.entities if entity.kind == "structure_file"]
        formulas = [entity.value for entity in brief.entities if entity.kind == "composition"]
        patterns = [entity.value for entity in brief.entities if entity.kind == "file" and entity.role == "target"]
        sources: list[tuple[Any, list[str]]] = []
        if given:
            sources.append((given, given[:PATTERNS]))
        if formulas:
            made = writer.add(
                "prototype_structures",
                {"formulas": formulas},
                "Candidate structures for the compositions, from known prototypes.",
            )
            sources.append(_made_by(made, len(formulas)))
        for elements in brief.options.get("systems", ()):
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
        for structures, singles in sources:
            self._chain(writer, brief, structures, singles)
        for pattern in patterns:
            references = sources[0][0] if sources else []
            writer.add(
                "identify_phases",
                {"pattern": pattern, "references": references},
                "Which of the reference structures explain the measured pattern.",
            )
        literature_steps(writer, brief, context, _mechanism(brief))
        return Plan(
            steps=tuple(writer.steps),
            rationale="Structures are analysed as given, then judged by a pretrained interatomic potential."
            if brief.options.get("energies", True)
            else "Structures are analysed as given; nothing is relaxed.",
        )

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
        for index, single in enumerate(patterns):
            writer.add(
                "simulate_xrd",
                {"structure": single},
                f"The powder pattern of structure {index + 1}, to recognise it in the laboratory.",
                optional=True,
            )


def _made_by(step: str, count: int) -> tuple[str, list[str]]:
    """Structures that a step makes: all of them, and the first few one by one."""
    return f"${{{step}.data.structures}}", [
        f"${{{step}.data.structures.{index}}}" for index in range(min(count, PATTERNS))
    ]


def _has_input(files: list[FoundFile], compositions: Compositions) -> bool:
    structures = any(item.kind == "structure" for item in files)
    return structures or bool(compositions.formulas or compositions.systems)


def _entities(files: list[FoundFile], compositions: Compositions) -> tuple[Entity, ...]:
    found = [
        item.entity().model_copy(update={"role": "target"}) if item.kind == "pattern" else item.entity()
        for item in files
    ]
    found += [
        Entity(kind="composition", text=item.formula, value=item.formula, role="input")
        for item in compositions.formulas
    ]
    return tuple(found)


def _mechanism(brief: Brief) -> str:
    about = [title(item.quantity) for item in (*brief.objectives, *brief.constraints)] or ["stability"]
    formulas = [entity.value for entity in brief.entities if entity.kind == "composition"][:4]
    return f"crystal structure {' '.join(dict.fromkeys(about))} {' '.join(formulas)}".strip()


def _question(parts: GoalParts) -> Question:
    text = parts.say(
        "Which crystals should I look at? Give structure files, formulas or a chemical system, for instance "
        "'structures/MgO.cif', 'NaCl, MgO' or 'Li-Mn-O system'.",
        "어떤 결정을 다룰까요? 구조 파일, 화학식 또는 원소계를 적어 주세요. "
        "예: 'structures/MgO.cif', 'NaCl, MgO', 'Li-Mn-O 계'.",
    )
    return Question(key=STRUCTURES, text=text, takes="structures")
