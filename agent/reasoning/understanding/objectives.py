"""Objectives: what a goal wants more or less of, from verbs, adjectives and idioms in English and Korean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from agent.errors import ConflictError
from agent.reasoning.understanding.mentions import Mention
from agent.reasoning.understanding.text import Interval, boundaries, overlaps
from agent.records import Objective
from agent.vocabulary import by_key

Way = Literal["maximise", "minimise", "better"]

BETTER: dict[str, Literal["maximise", "minimise"]] = {
    "QED": "maximise", "logS_ESOL": "maximise", "solubility_AqSolDB": "maximise", "BBB": "maximise",
    "HIA": "maximise", "bioavailability": "maximise", "Caco2": "maximise", "half_life": "maximise",
    "similarity": "maximise", "bulk_modulus": "maximise", "CAI": "maximise", "hERG": "minimise",
    "AMES": "minimise", "DILI": "minimise", "ClinTox": "minimise", "CYP3A4": "minimise", "CYP2D6": "minimise",
    "Pgp": "minimise", "SA_score": "minimise", "docking_score": "minimise", "alerts": "minimise", "LD50": "minimise",
    "formation_energy": "minimise", "energy_per_atom": "minimise", "max_force": "minimise",
    "instability_index": "minimise",
}  # fmt: skip
"""Which way is better, where there is one (LD50 is reported as log 1/(mol/kg): less is safer)."""

_UP = (
    r"maximi[sz](?:e|es|ing)|increas(?:e|es|ed|ing)|rais(?:e|es|ing)|boost(?:s|ing)?|enhanc(?:e|es|ed|ing)|higher"
    r"|highest|high|greater|larger|largest|more|most|elevat(?:e|ed|ing)|good|strong|excellent"
)
_DOWN = (
    r"minimi[sz](?:e|es|ing)|reduc(?:e|es|ed|ing)|lower(?:s|ing)?|lowest|low|decreas(?:e|es|ed|ing)|less|least"
    r"|cut(?:ting)?|smaller|smallest|avoid(?:ing)?|(?:do(?:es)?\s?n[o'o]?t|not|without|never) (?:hit|inhibit"
    r"|block|bind|touch)(?:s|ing|ting)?|little|poor|diminish(?:ed|ing)?"
)
_BETTER = r"improv(?:e|es|ed|ing)|optimi[sz](?:e|es|ed|ing)|better|best|favou?rable"
_LINK = (
    r"(?:[\s-]+(?:the|its|their|for|in|of|overall|predicted|calculated|estimated|average|on|and|aqueous"
    r"|possible|a))*[\s-]+$"
)

_WORDS_AHEAD: tuple[tuple[Way, str], ...] = (("better", _BETTER), ("minimise", _DOWN), ("maximise", _UP))
_AHEAD: tuple[tuple[Way, re.Pattern[str]], ...] = tuple(
    (way, re.compile(rf"(?P<not>(?:without|not|never|no|n't)\s+)?(?<![A-Za-z])(?:{words}){_LINK}", re.IGNORECASE))
    for way, words in _WORDS_AHEAD
)
_COPULA = r"\s*(?:(?:should|must|to|is|are|be|being|has|have|kept|as|was)\s+)*"
_BEHIND: tuple[tuple[Way, re.Pattern[str]], ...] = (
    ("maximise", re.compile(rf"{_COPULA}(?:maximi[sz]ed|increased|raised|as (?:high|large|great) as possible"
                            rf"|high(?:er)?|large)\b(?!\s*(?:than|or|limit))", re.I)),
    ("minimise", re.compile(rf"{_COPULA}(?:minimi[sz]ed|reduced|lowered|decreased|as (?:low|small"
                            rf"|little) as possible|low(?:er)?|small)\b(?!\s*(?:than|or|limit))", re.I)),
    ("better", re.compile(rf"{_COPULA}(?:improved|optimi[sz]ed|improvement|optimi[sz]ation)\b", re.I)),
    ("minimise", re.compile(r"\s*(?:도|을|를|은|는|이|가)?\s*(?:최대한\s*|더\s*|가능한\s*(?:한\s*)?)?(?:최소화|줄이"
                            r"|줄인|줄여|낮추|낮춘|낮춰|낮은|낮게|낮으|낮고|감소|적은|적게|없는|작은)", re.I)),
    ("maximise", re.compile(r"\s*(?:도|을|를|은|는|이|가)?\s*(?:최대한\s*|더\s*|가능한\s*(?:한\s*)?)?(?:최대화|높이"
                            r"|높인|높여|높은|높게|높으|높고|증가|향상|큰|좋은)", re.I)),
    ("better", re.compile(r"\s*(?:도|을|를|은|는|이|가)?\s*(?:더\s*)?(?:개선|최적화)", re.I)),
)  # fmt: skip
_AND = re.compile(r"\s*(?:,|,?\s*and|&|/|와|과|및)\s*(?:the\s+|its\s+)?", re.IGNORECASE)

_IDIOMS: tuple[tuple[str, Literal["maximise", "minimise"], str], ...] = (
    ("logS_ESOL", "minimise", r"(?:less|lower) soluble|insoluble"),
    ("logS_ESOL", "maximise",
     r"(?:more |better |highly |very |readily |water[ -])?(?:water[ -]?)?soluble|dissolves? better|수용성(?:이|을)?"
     r"|물에 (?:더 )?잘 녹"
     r"|잘 녹는"),
    ("ClinTox", "minimise", r"less[ -]toxic|non[ -]?toxic|low[ -]toxicity|safer|독성이? (?:적|낮|없)"),
    ("BBB", "minimise", r"non[ -]brain[ -]penetra\w+|peripherally restricted|not (?:cross|penetrate"
                        r"|enter) the (?:blood|brain)[\w -]*"),
    ("BBB", "maximise",
     r"(?:brain|cns)[ -]penetra(?:nt|ting|ble)|(?:cross|penetrate|enter)(?:es|s"
     r"|ing)? (?:the )?(?:blood[ -]brain barrier|brain|bbb)"
     r"|cns[ -]active|뇌(?:를|로|에)? ?(?:투과|통과|침투)|혈뇌장벽(?:을|를)? ?(?:투과|통과)"),
    ("logP", "minimise", r"(?:less|lower) lipophilic|more (?:polar|hydrophilic)|less greasy|친수성"),
    ("logP", "maximise", r"more lipophilic|less polar|more hydrophobic"),
    ("QED", "maximise", r"(?:more )?drug[ -]like(?!ness)|약물(?:과|스러|다운)"),
    ("SA_score", "minimise",
     r"(?:easy|easier|simple|simpler) to (?:make|synthesi[sz]e|prepare)|(?:easily |readily )?synthesi[sz]able"
     r"|synthetically (?:accessible|tractable|feasible)"
     r"|합성하기 쉬|합성이 쉬|합성 가능"),
    ("bioavailability", "maximise", r"orally (?:available|bioavailable|active)|경구"),
    ("hERG", "minimise", r"herg[ -](?:safe|clean|free)|cardiac(?:ally)?[ -]safe|less cardiotoxic|non[ -]?cardiotoxic"),
    ("AMES", "minimise", r"non[ -]?mutagenic|less mutagenic|ames[ -]negative"),
    ("DILI", "minimise", r"non[ -]?hepatotoxic|less hepatotoxic|liver[ -]safe"),
    ("Caco2", "maximise", r"(?:more |highly |cell[ -]|membrane[ -])permeable|투과성이? (?:높|좋)"),
    ("half_life", "maximise", r"longer[ -](?:lived|acting)|long[ -]acting|metabolically (?:more )?stable"),
    # A docking score is an energy: stronger binding is a lower one.
    ("docking_score", "minimise",
     r"(?:high(?:er|est)?|strong(?:er|est)?|better|best|improved?|increased?|good|maximi[sz]e|improve|increase|raise)"
     r" (?:the |its |their )?(?:predicted |docking |binding )*(?:affinity|affinities|binding)"
     r"|binds? (?:more )?(?:strongly|tightly)|binds? better|(?:stronger|tighter) binders?|docks? (?:well|better)"
     r"|(?:best|good|better) docking scores?|(?:결합력|(?:결합 )?친화도)(?:을|를|이|가)? ?(?:높|강)"),
    ("rotatable_bonds", "minimise", r"less flexible|more rigid|rigidified"),
    ("mass", "minimise", r"\blighter|smaller molecules?"),
    ("bulk_modulus", "maximise", r"super[ -]?hard|ultra[ -]?hard|incompressible|\bharder|\bhardest|\bstiff(?:er"
                                 r"|est)?\b|경도|초경|단단한"),
    ("formation_energy", "minimise",
     r"(?:most|more|thermodynamically|energetically) stable|stability|lowest[ -]energy|stable (?:phase|polymorph"
     r"|crystal|compound|composition|structure|perovskite|oxide|material)s?"
     r"|안정(?:한|성|적)"),
    ("density", "minimise", r"lightweight|least dense|경량"),
    ("density", "maximise", r"\bdens(?:er|est)\b|most dense|밀도가 (?:더 |가장 |제일 )?(?:높|큰|크)"),
)  # fmt: skip

_NOT_COMPUTABLE: tuple[tuple[str, str], ...] = (
    (r"potent|potency|potencies|IC50|EC50|\bKi\b|\bKd\b|inhibitory activity|more active|활성이|활성을",
     "potency needs assay data; nothing here predicts it"),
    (r"\bpK_?[ab]\b|acid dissociation|산해리\s?상수", "acidity constants are not computed"),
    (r"pro-?drugs?|전구\s?약물",
     "prodrugs (a part that an enzyme or the pH takes off) are not enumerated: what is designed are analogues, and "
     "none of them is known to release the parent"),
    (r"selectiv(?:e|ity)|선택성", "selectivity between targets is not computed"),
    (r"\bcheap(?:er)?|low[ -]cost|inexpensive|저렴", "prices are not known offline"),
    (r"\bcolou?r(?:ed|less)?\b|fluorescen\w+|형광", "optical properties are not computed"),
    (r"magneti[cs]\w*|자성", "magnetic properties are not computed"),
    (r"superconduct\w+|초전도", "superconductivity is not computed"),
    (r"(?:ionic|thermal|electrical|proton) conductivit\w+|전도도", "conductivity is not computed"),
    (r"\b(?:average |open[- ]circuit |cell |discharge )?voltages?\b|redox potentials?|전압|전위",
     "voltages are not computed here; formation energies of the phases with and without the ion bear on them"),
    (r"energ(?:y|ies) above (?:the )?(?:convex )?hull|e[- _]?hull|(?:above|on) the hull|convex hull|헐 에너지",
     "the energy above the hull needs the energies of all competing phases, which are not at hand offline; the "
     "formation energy ranks what is computed here"),
    (r"seebeck|thermoelectric|\bzT\b|열전", "thermoelectric properties are not computed"),
    (r"dielectric|permittivit\w+|piezo\w+|ferroelectric\w*|유전율|압전",
     "dielectric and piezoelectric properties are not computed"),
    (r"refractive ind\w+|굴절률", "optical properties are not computed"),
    (r"glass transition|\bTg\b|유리\s?전이", "glass transition temperatures are not computed"),
    (r"yield strength|fracture toughness|tensile strength|인장 강도|항복 강도",
     "strength and toughness are not computed; the bulk modulus tells only stiffness"),
    (r"thermal expansion|열팽창", "thermal expansion is not computed"),
    (r"catalytic activity|overpotential|turnover frequenc\w+|촉매 활성|과전압", "catalytic activity is not computed"),
    (r"hardness|Vickers|비커스", "hardness itself is not computed; the bulk modulus stands in for stiffness"),
)  # fmt: skip

_DESCRIBES_THE_SEED = re.compile(
    r"(?:poorly|sparingly|barely|slightly|not very)[ -](?:water[ -])?(?:soluble|permeable)", re.I
)


@dataclass(frozen=True)
class Wishes:
    """What a goal wants to push.

    Attributes:
        objectives: In order of appearance, one a quantity.
        notes: Wishes that nothing here computes.
    """

    objectives: tuple[Objective, ...]
    notes: tuple[str, ...]


def find_objectives(text: str, mentions: tuple[Mention, ...], taken: tuple[Interval, ...]) -> Wishes:
    """Find what a goal wants more or less of.

    Args:
        text: Normalised text with identifiers masked.
        mentions: The quantities that it names.
        taken: Spans of numbers with their comparators ("higher than 0.7" is a bound, not a wish).

    Returns:
        Objectives, and notes on wishes that no tool here can measure.

    Raises:
        ConflictError: A quantity is wanted both higher and lower.
    """
    found: list[tuple[int, Objective]] = []
    notes = [
        f"I cannot work toward '{match[0]}': {reason}."
        for pattern, reason in _NOT_COMPUTABLE
        if (match := re.search(pattern, text, re.IGNORECASE))
    ]
    silent = [match.span() for match in _DESCRIBES_THE_SEED.finditer(text)]
    idioms: list[Interval] = []
    for key, direction, pattern in _IDIOMS:
        for match in re.finditer(rf"(?<![A-Za-z-])(?:{pattern})", text, re.IGNORECASE):
            if not overlaps(match.span(), (*silent, *idioms, *taken)):
                idioms.append(match.span())
                found.append((match.start(), _objective(key, direction, match[0])))
    breaks = boundaries(text)
    previous: tuple[Mention, Literal["maximise", "minimise"], bool] | None = None
    for mention in mentions:
        wish = None if overlaps((mention.start, mention.end), idioms) else _around(text, mention, taken, breaks)
        if wish is None and previous and _AND.fullmatch(text[previous[0].end : mention.start]):
            has_number = any(mention.end <= start <= mention.end + 12 for start, _ in taken)
            way = BETTER.get(mention.key) if previous[2] else previous[1]
            wish = None if has_number or way is None else (way, text[mention.start : mention.end])
        if wish is None:
            previous = None
            continue
        # "rank by solubility and hERG", "improve solubility and hERG": each goes its own better way
        better = bool(re.search(rf"{_BETTER}|{_RANKING}", wish[1], re.IGNORECASE)) or bool(previous and previous[2])
        previous = (mention, wish[0], better)
        found.append((mention.start, _objective(mention.key, wish[0], wish[1])))
    return Wishes(_one_each([objective for _, objective in sorted(found, key=lambda item: item[0])]), tuple(notes))


def _objective(key: str, direction: Literal["maximise", "minimise"], words: str) -> Objective:
    return Objective(quantity=key, direction=direction, unit=by_key()[key].unit, text=words.strip())


_RANKING = r"\b(?:rank|sort|order|prioriti[sz]e)\w*\b"
_RANKED = re.compile(
    rf"{_RANKING}[^.;\n]{{0,80}}?\b(?:by|on|according to|in terms of)\s+"
    r"(?:the\s+|their\s+|its\s+|predicted\s+)*$",
    re.IGNORECASE,
)


def _around(
    text: str, mention: Mention, taken: tuple[Interval, ...], breaks: tuple[int, ...]
) -> tuple[Literal["maximise", "minimise"], str] | None:
    """The wish that stands in front of or behind a property."""
    start = max([0, *(edge + 1 for edge in breaks if edge < mention.start)])
    end = min([len(text), *(edge for edge in breaks if edge >= mention.end)])
    if (match := _RANKED.search(text, start, mention.start)) and BETTER.get(mention.key):
        return BETTER[mention.key], text[match.start() : mention.end]
    for way, pattern in _AHEAD:
        match = pattern.search(text, start, mention.start)
        if match and not overlaps(match.span(), taken):
            direction = _settle(way, mention.key, bool(match["not"]))
            return (direction, text[match.start() : mention.end]) if direction else None
    for way, pattern in _BEHIND:
        match = pattern.match(text, mention.end, end)
        if match and not overlaps(match.span(), taken):
            direction = _settle(way, mention.key, False)
            return (direction, text[mention.start : match.end()]) if direction else None
    return None


def _settle(way: Way, key: str, negated: bool) -> Literal["maximise", "minimise"] | None:
    if way == "better":
        return BETTER.get(key)
    if negated:
        return "minimise" if way == "maximise" else "maximise"
    return way


def _one_each(objectives: list[Objective]) -> tuple[Objective, ...]:
    kept: dict[str, Objective] = {}
    for objective in objectives:
        earlier = kept.setdefault(objective.quantity, objective)
        if earlier.direction != objective.direction:
            raise ConflictError(
                f"'{earlier.text}' and '{objective.text}' contradict each other: "
                f"{by_key()[objective.quantity].title} cannot go both ways.",
                remedy="Keep one of the two.",
            )
    return tuple(kept.values())
