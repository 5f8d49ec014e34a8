"""Playbook: molecules designed to a specification from a starting molecule, or described as they are."""

from __future__ import annotations

import re
from typing import Any

from agent.reasoning.playbooks import receptors
from agent.reasoning.playbooks.base import (
    Domain,
    Filling,
    StepWriter,
    for_domain,
    literature_steps,
)
from agent.reasoning.playbooks.enumerations import (
    PARTS,
    add_enumeration,
    find_enumeration,
    not_listed,
    ranking,
    with_named_blocks,
)
from agent.reasoning.playbooks.molecule_review import MAX_SEEDS, MIN_SIMILARITY, WANTED, review_molecules
from agent.reasoning.playbooks.molecule_steps import (
    GENERATED,
    add_design,
    add_docking,
    add_evolution,
    add_resolve,
    by_docking,
    refuse_kept_and_avoided,
)
from agent.reasoning.playbooks.molecule_wishes import named_parts, relative_bounds
from agent.reasoning.playbooks.receptors import DOCK, as_energies, read_docking
from agent.reasoning.playbooks.resolving import ONE_DESCRIBED, Resolved, resolve_molecules
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.records import Brief, Entity, Plan, Review
from agent.vocabulary import by_key, title

_DESIGN = re.compile(
    r"\b(?:design|analog|derivativ|propos|suggest|generat|optimi|improv|modif|invent|create|discover|find"
    r"|bioisoster|replac"
    r"|novel|new|make|redesign|enumerat|similar|variant|candidates?|keep|retain|starting from|based on|tweak"
    r"|like(?!l[iy])"
    r"|lead)\w*"
    r"|설계|유도체|유사체|제안|추천|개선|최적화|변형|후보|찾아|만들",
    re.IGNORECASE,
)
_DESCRIBE = re.compile(
    r"\b(?:describe|analy[sz]e|analysis of|characteri[sz]e|profile|propert(?:y|ies) of|what (?:is|are)"
    r"|which (?:of (?:these|those|the)|one)\b|rank|compute"
    r"|calculate|report|compare"
    r"|assess|evaluate|estimate|predict|tell me)\b|분석|계산|알려|비교|예측|평가|특성",
    re.IGNORECASE,
)
_CHECK = re.compile(
    r"\b(?:check|flag|triage|filter|screen (?:these|those|them|the following)|do(?:es)? (?:it|they|these|those|any)"
    r"|pass(?:es)?|compl(?:y|ies)|obeys?|violat\w+|alerts? in|which of)\b|검사|확인|걸러|위반",
    re.IGNORECASE,
)
"""Words of a goal that judges the molecules that it writes down by bounds, and designs nothing."""
_REFERS = re.compile(
    r"\b(?:analog\w*|derivativ\w*|variants?|congeners?|similar|bioisoster\w*|isosteres?|replac\w*|improv\w*|optimi\w*"
    r"|modif\w*|redesign\w*|tweak\w*|it|its|this|that compound|that molecule|these|those|our|my|their|starting|based on"
    r"|like th\w+|the (?:lead|hit|seed|parent|compound|molecule|drug|scaffold|series|core|inhibitor|ligand))\b"
    r"|keep\w*|retain\w*|maintain\w*|preserv\w*|more \w+ than|less \w+ than"
    r"|유도체|유사|변형|개선|최적화|선도|유지|더\s|이\s*(?:분자|화합물|약물|물질)|보다|우리",
    re.IGNORECASE,
)
"""Words of a goal that has a molecule in mind, so that one has to be asked for if it names none."""

_WORDS = re.compile(
    r"\b(?:analog(?:ue)?s?|derivatives?|molecules?|compounds?|drugs?|drug-like|ligands?|inhibitors?|smiles"
    r"|scaffolds?|bioisosteres?"
    r"|medicinal|admet|agonists?|antagonists?|small[- ]molecules?|leads?|fragments?)\b"
    r"|유도체|유사체|화합물|분자|약물|신약|리간드|저해제",
    re.IGNORECASE,
)


class MoleculeDesign:
    """Analogues of a starting molecule that meet a specification, screened, estimated, and checked for novelty."""

    name = "molecule-design"
    title = "design or describe molecules to a specification"
    domain: Domain = "chemistry"
    trade: tuple[re.Pattern[str], ...] = (_WORDS, _DESIGN, _DESCRIBE, _CHECK, _REFERS, DOCK)
    examples: tuple[str, ...] = (
        "Design soluble analogues of celecoxib with logP between 2 and 4.",
        "Compute the properties of ibuprofen.",
        "Describe paracetamol.",
        "파라세타몰의 물성을 계산해줘.",
        "Propose derivatives of aspirin that are less toxic to the stomach.",
        "I need brain-penetrant analogues of this drug with a lower molecular weight.",
        "Find molecules similar to ibuprofen but with better aqueous solubility.",
        "Improve the drug-likeness of this compound while keeping the sulfonamide.",
        "Suggest bioisosteric replacements for the carboxylic acid of diclofenac.",
        "Optimise the lead compound to reduce hERG liability.",
        "Which changes to this molecule would lower its lipophilicity?",
        "Describe the physicochemical properties and ADMET profile of warfarin.",
        "Make the painkiller dissolve better in water without making it heavier.",
        "Generate candidate inhibitors with fewer than three hydrogen bond donors.",
        "Calculate QED and polar surface area for these SMILES.",
        "Design a drug-like molecule with logP 2 to 3, QED above 0.8 and a sulfonamide, from scratch.",
        "셀레콕시브의 용해도를 높인 유도체를 설계해 주세요.",
        "분자량이 450 이하이고 logP가 2에서 4 사이인 약물 후보를 제안해줘.",
        "아스피린보다 독성이 낮은 유사 화합물을 찾아줘.",
        "이 분자의 물성과 약물 유사성을 분석해줘.",
        "뇌혈관장벽을 통과하는 신약 후보 분자가 필요합니다.",
    )

    def signals(self, parts: GoalParts) -> float:
        """Written molecules, chemical bounds, named groups, and the words of medicinal chemistry."""
        chemical = [
            item for item in (*parts.constraints, *parts.objectives) if by_key()[item.quantity].domain == "chemistry"
        ]
        score = 3.0 if parts.molecules else 0.0
        score += min(4.0, 2.0 * len(chemical)) + (1.0 if parts.groups else 0.0)
        score += 2.0 if _WORDS.search(parts.bare) or ONE_DESCRIBED.fullmatch(parts.bare) else 0.0
        score += 3.0 if find_enumeration(parts) is not None else 0.0
        score += 2.0 if DOCK.search(parts.bare) or any(item.kind == "receptor" for item in parts.files) else 0.0
        return score + (2.0 if any(mention.quantity.domain == "chemistry" for mention in parts.mentions) else 0.0)

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Resolve the molecules that the goal names, and sort bounds and wishes."""
        enumeration = find_enumeration(parts, context.answers.get(PARTS, ""))
        if enumeration is not None:
            enumeration = await with_named_blocks(enumeration, parts, context)
        docking = read_docking(parts, context)
        marked = enumeration is not None and enumeration.kind != "hops"
        resolved = Resolved(none_named=True) if marked else await resolve_molecules(parts, context)
        constraints, objectives, notes = for_domain(parts, "chemistry", "molecules")
        bounds, compared = await relative_bounds(parts, resolved.entities, context)
        named, told_of_parts = await named_parts(parts, resolved.entities, context)
        constraints += bounds
        notes += (*compared, *told_of_parts)
        refuse_kept_and_avoided(parts.groups)
        if docking.options:
            constraints, objectives = as_energies(constraints), receptors.ranking(objectives)
        else:  # the note of `read_docking` says why nothing is docked
            constraints = tuple(bound for bound in constraints if not by_docking(bound))
            objectives = tuple(wish for wish in objectives if not by_docking(wish))
        told = _DESCRIBE.search(parts.bare) or DOCK.search(parts.bare)
        describe = not parts.groups and bool(told) and not _DESIGN.search(parts.bare) and enumeration is None
        describe = describe and not constraints
        if _CHECK.search(parts.bare) and not _DESIGN.search(parts.bare) and enumeration is None:
            describe = describe or bool(parts.molecules) or len(resolved.entities) > 1
        floor = max((b.low for b in constraints if b.quantity == "similarity" and b.low is not None), default=None)
        wanted = parts.wanted or WANTED
        nothing = (
            not describe and enumeration is None and _from_nothing(parts, resolved, bool(constraints or parts.groups))
        )
        if nothing:
            notes += (
                parts.say(
                    "The goal names no molecule to start from: I design from nothing, beginning with approved drugs.",
                    "출발 분자가 없으므로 승인된 약물들에서 시작해 처음부터 설계합니다.",
                ),
            )
        options: dict[str, Any] = {
            "mode": "enumerate" if enumeration else "describe" if describe else "evolve" if nothing else "design",
            "count": max(GENERATED, 3 * wanted),
            "min_similarity": MIN_SIMILARITY if floor is None else floor,
            "random_seed": parts.goal.seed,
            **({"docking": docking.options} if docking.options else {}),
            **dict(parts.counts),
        }
        missing = () if nothing else resolved.missing
        groups = (*parts.groups, *named)
        if enumeration is not None:
            options |= {"enumeration": enumeration.kind, "arguments": dict(enumeration.arguments)}
            notes += enumeration.notes
            groups = not_listed(groups, enumeration)
            if not objectives:
                objectives, said = ranking(enumeration.kind)
                notes += (said,)
            missing = enumeration.missing if marked else resolved.missing
        seeds = [entity for entity in resolved.entities if entity.role == "seed"]
        if len(seeds) > MAX_SEEDS and not describe:
            dropped = ", ".join(entity.text for entity in seeds[MAX_SEEDS:])
            notes += (f"I start from the first {MAX_SEEDS} molecules; I left out {dropped}.",)
        if any(entity.role == "reference" for entity in resolved.entities) and not describe:
            notes += ("Similarity is measured to the starting molecule; others that you name are described beside it.",)
        return Filling(
            entities=(*resolved.entities, *groups, *docking.entities),
            constraints=constraints,
            objectives=objectives,
            options=options,
            missing=(*missing, *docking.missing),
            notes=(*resolved.notes, *notes, *docking.notes),
            claimed=parts.numbers_left if marked or docking.options else (),
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Resolve, then design and judge, or describe."""
        writer = StepWriter(context.catalogue)
        molecules = [entity for entity in brief.entities if entity.kind == "molecule"]
        if brief.options.get("mode") == "describe":
            return self._plan_description(writer, brief, context, molecules)
        if brief.options.get("mode") == "evolve":
            return self._plan_from_nothing(writer, brief, context)
        seeds = [entity for entity in molecules if entity.role == "seed"][:MAX_SEEDS]
        if brief.options.get("mode") == "enumerate":
            add_enumeration(writer, brief, seeds)
            literature_steps(writer, brief, context, _mechanism(brief))
            return Plan(
                steps=tuple(writer.steps),
                rationale="Everything that the parts allow is built and filtered by the bounds, screened for hazards, "
                "and judged by estimated ADMET properties and by novelty.",
            )
        for seed in seeds:
            resolve = add_resolve(writer, seed)
            add_design(
                writer,
                brief,
                f"${{{resolve}.data.smiles}}",
                count=int(brief.options.get("count", GENERATED)),
                min_similarity=float(brief.options.get("min_similarity", MIN_SIMILARITY)),
                random_seed=int(brief.options.get("random_seed", 0)),
            )
        others = [entity.value for entity in molecules if entity.role == "reference"]
        if others:
            writer.add("describe_molecules", {"smiles": others}, "The molecules to compare with.", optional=True)
        literature_steps(writer, brief, context, _mechanism(brief))
        names = " and ".join(seed.text for seed in seeds)
        return Plan(
            steps=tuple(writer.steps),
            rationale=f"Analogues of {names} are made by small published changes so that every rdkit bound holds by "
            "construction, screened for hazards, and judged by estimated ADMET properties and by novelty.",
        )

    def review(self, view: RunView) -> Review:
        """Enough feasible candidates, or another round: wider, larger, and with another random seed."""
        return review_molecules(view)

    def _plan_from_nothing(self, writer: StepWriter, brief: Brief, context: Context) -> Plan:
        add_evolution(writer, brief, estimated="estimate_admet" in context.catalogue)
        literature_steps(writer, brief, context, _mechanism(brief))
        return Plan(
            steps=tuple(writer.steps),
            rationale="No molecule to start from is named: molecules are evolved until they meet every bound, screened "
            "for hazards, and judged by estimated ADMET properties and by novelty.",
        )

    def _plan_description(self, writer: StepWriter, brief: Brief, context: Context, molecules: list[Entity]) -> Plan:
        smiles = [f"${{{add_resolve(writer, molecule)}.data.smiles}}" for molecule in molecules]
        screen = writer.add(
            "screen_candidates", {"structures": smiles, "kind": "molecule"}, "The hazard screen comes first."
        )
        for tool, why, optional in (
            ("describe_molecules", "The molecular properties that the goal asks about.", False),
            ("estimate_admet", "Absorption, safety and metabolism, by the pretrained models.", True),
            ("check_known_molecules", "Which reference sets know the molecule.", True),
            ("find_similar_molecules", "The nearest known drugs.", True),
            ("draw_molecules", "A drawing.", True),
        ):
            writer.add(tool, {"smiles": smiles}, why, optional=optional, needs=(screen,))
        add_docking(writer, brief, smiles, needs=(screen,))
        literature_steps(writer, brief, context, _mechanism(brief))
        return Plan(
            steps=tuple(writer.steps), rationale="The molecules are described as they are; nothing is designed."
        )


def _from_nothing(parts: GoalParts, resolved: Resolved, specified: bool) -> bool:
    """Whether a design has no molecule to start from, and needs none: it is specified, and refers to no molecule."""
    if resolved.entities or not resolved.none_named:
        return False
    return not resolved.missing or (specified and not _REFERS.search(parts.bare))


def _mechanism(brief: Brief) -> str:
    """A search for why a change of structure moves what the goal is about."""
    about = [title(item.quantity) for item in (*brief.objectives, *brief.constraints)]
    seeds = [entity.text for entity in brief.entities if entity.kind == "molecule" and entity.role == "seed"]
    return f"structure-property relationship {' '.join(dict.fromkeys(about))} {' '.join(seeds)}".strip()
