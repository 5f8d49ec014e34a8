"""Choosing a playbook: rules first, then the nearest examples, and a question when the margin is small."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.reasoning.understanding.parts import GoalParts
from agent.reasoning.understanding.similarity import Nearness, nearness
from agent.records import Question

CLEAR = 2.0
"""Rule score, and lead over the next playbook, from which rules alone decide."""

BEST_EXAMPLES = 3
"""A playbook is as near as the mean of its nearest examples."""

KEY = "playbook"
"""Key of the question which playbook is meant."""

# What people ask of such an assistant that no playbook plans, in the words of the answer, and what does it instead.
_NOT_YET: tuple[tuple[str, str], ...] = (
    (r"metabolic model|flux balance|knock-?outs?|genome-scale|strain design|대사 모델", "metabolic models"),
    (r"bayesian optimi[sz]ation|self-driving|closed[ -]loop|베이지안", "campaigns (`gedanken campaign` does)"),
    (r"molecular dynamics|\bMD simulation|분자동역학", "molecular dynamics"),
    (r"clinical trial|임상시험", "clinical trials"),
    (
        r"^\W*(?:please\s+)?(?:measure|run (?:the|an?) (?:assay|experiment|measurement|synthesis|sample)"
        r"|titrate|weigh)\b"
        r"|\b(?:measure|synthesi[sz]e|test) (?:it|this|them) for me\b|(?:측정|합성)해\s?(?:줘|주세요)\W*$",
        "work in the laboratory: Gedanken computes and plans, and people or robots measure (name the molecule or "
        "material to have an experiment planned)",
    ),
    (r"protein (?:structure|fold\w*) prediction|alphafold|folding of", "protein structure prediction"),
)


# Questions that no tool computes, whatever minerals, formulas or molecules they name: the whole goal is beyond.
_NOT_COMPUTED: tuple[tuple[str, str], ...] = (
    (r"saturation ind\w+|\b(?:under|over|super)?-?saturated (?:in|with respect to|with)\b|\bspeciation\b|포화\s?지수",
     "the equilibria of waters (saturation indices, speciation): PHREEQC computes them"),
    (r"\b\d{2,3}\s?Pb\b|\bU[-/]Pb\b|\bdiscordan\w+|\bconcordia\b|\bAr[-/]Ar\b|\bisochron\w*|연대\s?측정",
     "ages from isotope ratios: IsoplotR computes them"),
    (r"\b[A-Z]\d{1,4}[A-Z]\b.*stabili|ΔΔG|\bddG\b|\b(?:mutations?|variants?)\b.*\bdestabili[sz]",
     "the effect of mutations on a protein's stability: FoldX or Rosetta compute it from its structure"),
    (r"(?:\b14C\b|carbon-14).*\b(?:old|age|dat\w+|modern)|radiocarbon|\b14C (?:age|dat)\w*"
        r"|calibrated (?:calendar )?age|방사성\s?탄소",
     "the calibration of radiocarbon ages: OxCal or CALIB do, with IntCal20"),
    (r"(?:mineral|structural) formula\b.*\b(?:oxygens?|cations?)\b|\bend[- ]?members?\b.*\bwt\b|단성분",
     "mineral formulae from analyses in wt%"),
    (r"michaelis|\bK_?m\b.*\bv_?max\b|\blineweaver|hydrolysis (?:rate|half|kinetic)\w*"
        r"|(?:degradation|hydrolysis) (?:order|constant)|shelf[- ]?life|first[- ]order (?:kinetic|decay)\w*"
        r"|half[- ]li(?:fe|ves)\b[^.]{0,40}\b(?:pH|buffer|plasma|microsom)\w*"
        r"|\bfit\b.*\b(?:curve|kinetic\w*|isotherm|decay)\b|곡선\s?(?:맞춤|피팅)",
     "fits of curves (kinetics, binding, decay)"),
    (r"(?:green\w*|safer|replac\w*|alternativ\w*|substitut\w*)\b[^.;]{0,50}\bsolvents?\b|\bsolvents?\b[^.;]{0,30}"
        r"\b(?:replac\w*|alternativ\w*|greener)|친환경\s?용매",
     "the choice of solvents by hazard and use: the CHEM21 and ACS GCI guides tabulate them"),
    (r"phylogen\w+|\bclimate model|weather forecast|계통수", "phylogenies, and models of climate or weather"),
    (r"docking.*without.*structure|\bDFT\b|density functional theory|phonon|band structure|범함수",
     "electronic structure and phonons"),
)  # fmt: skip


class Destination(Protocol):
    """What routing has to know of a playbook."""

    name: str
    title: str
    examples: tuple[str, ...]

    def signals(self, parts: GoalParts) -> float:
        """How strongly the goal's own content points here: 0 for nothing, 2 or more for a clear sign.

        Below 0, it lacks what the playbook works on: examples do not count then.
        """
        ...


@dataclass(frozen=True)
class Route:
    """Where a goal goes.

    Attributes:
        name: The playbook, or ``None`` if the researcher has to say.
        how: What decided: ``answer``, ``rules``, ``examples``.
        ranking: Playbooks with their scores, best first.
        question: What to ask where nothing is clear.
        notes: Wishes that this version does not serve.
    """

    name: str | None
    how: str
    ranking: tuple[tuple[str, float], ...]
    question: Question | None = None
    notes: tuple[str, ...] = ()


def route(
    parts: GoalParts, playbooks: Sequence[Destination], answer: str | None = None, near: Nearness | None = None
) -> Route:
    """Choose a playbook for a goal.

    Args:
        parts: The goal as read.
        playbooks: Where it may go.
        answer: What the researcher answered when asked.
        near: The measure of nearness; by default the one that suits the goal's language.

    Returns:
        The choice; without one, the question to ask.
    """
    beyond = tuple(what for pattern, what in _NOT_YET if re.search(pattern, parts.text, re.IGNORECASE))
    notes = tuple(f"No playbook plans {what}; I left that part of the goal out." for what in beyond)
    if answer and (chosen := _named(answer, playbooks)):
        return Route(chosen, "answer", ((chosen, 1.0),), notes=notes)
    never = tuple(what for pattern, what in _NOT_COMPUTED if re.search(pattern, parts.text, re.IGNORECASE))
    rules = _ranked([(book.name, book.signals(parts)) for book in playbooks])
    lead = rules[0][1] - (rules[1][1] if len(rules) > 1 else 0.0)
    if never and not parts.files:
        return Route(None, "question", tuple(rules), _question(parts, playbooks, never, computed=True))
    notes += tuple(f"Nothing here computes {what}; I left that part of the goal out." for what in never)
    if rules[0][1] >= CLEAR and lead >= CLEAR and not (beyond and rules[0][1] < 2 * CLEAR):
        return Route(rules[0][0], "rules", tuple(rules), notes=notes)
    if beyond:
        return Route(None, "question", tuple(rules), _question(parts, playbooks, beyond))
    measure = near or nearness(parts.language)
    scores = {book.name: _mean_of_best(measure(parts.text, book.examples)) for book in playbooks}
    scale = measure.margin / CLEAR  # a rule point weighs half a margin
    by_rules = dict(rules)
    ranking = _ranked([(name, score + scale * by_rules[name]) for name, score in scores.items()])
    lead = ranking[0][1] - (ranking[1][1] if len(ranking) > 1 else 0.0)
    if ranking[0][1] >= measure.threshold and lead >= measure.margin:
        return Route(ranking[0][0], "examples", tuple(ranking), notes=notes)
    return Route(None, "question", tuple(ranking), _question(parts, playbooks, beyond))


def _ranked(scores: list[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(scores, key=lambda pair: -pair[1])


def _mean_of_best(similarities: list[float]) -> float:
    best = sorted(similarities, reverse=True)[:BEST_EXAMPLES]
    return sum(best) / len(best) if best else 0.0


def _named(answer: str, playbooks: Sequence[Destination]) -> str | None:
    wanted = answer.strip().lower()
    for number, book in enumerate(playbooks, start=1):
        if wanted in (book.name, book.title.lower(), str(number)) or book.name.startswith(wanted):
            return book.name
    return None


def _question(
    parts: GoalParts, playbooks: Sequence[Destination], beyond: tuple[str, ...], *, computed: bool = False
) -> Question:
    listed = "; ".join(f"{book.name}: {book.title}" for book in playbooks)
    what = ", ".join(beyond)
    refused = f"{'Nothing here computes' if computed else 'No playbook plans'} {what}. " if beyond else ""
    refused_ko = f"다음은 여기서 {'계산하지' if computed else '계획하지'} 않습니다: {what}. " if beyond else ""
    unsure = "" if computed else "I am not sure what to do with this goal. "
    unsure_ko = "" if computed else "이 목표를 어떻게 다룰지 확실하지 않습니다. "
    text = parts.say(
        f"{refused}{unsure}This version can do the following: {listed}. "
        "Which one is meant? (Or state the goal in other words.)",
        f"{refused_ko}{unsure_ko}이 버전이 할 수 있는 일: {listed}. 어느 것입니까? (또는 목표를 다른 말로 적어 "
        f"주세요.)",
    )
    return Question(key=KEY, text=text, choices=tuple(book.name for book in playbooks))
