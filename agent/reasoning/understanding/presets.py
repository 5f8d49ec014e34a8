"""Named rules of medicinal chemistry ("obeys Lipinski") as the bounds that they stand for, with their sources."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.reasoning.understanding.text import Interval
from agent.records import Constraint
from agent.vocabulary import by_key


@dataclass(frozen=True)
class Preset:
    """One published rule.

    Attributes:
        title: Its name.
        pattern: How goals call it.
        highs: Upper bounds (inclusive) by vocabulary key.
        lows: Lower bounds (inclusive) by vocabulary key.
        source: Where it is published.
        remark: What of the rule the vocabulary does not hold.
    """

    title: str
    pattern: str
    highs: dict[str, float]
    lows: dict[str, float]
    source: str
    remark: str = ""


PRESETS: tuple[Preset, ...] = (
    Preset(
        "the rule of three",
        r"rule[ -]of[ -](?:three|3)|\bro3\b|fragment[ -]like|congreve|3의 법칙",
        {"mass": 300, "logP": 3, "HBD": 3, "HBA": 3},
        {},
        "Congreve et al., Drug Discovery Today 2003, 8, 876",
    ),
    Preset(
        "the rule of five",
        r"lipinski(?:'s)?(?: rules?)?(?: of (?:five|5))?|rule[ -]of[ -](?:five|5)|\bro5\b|5의 법칙"
        r"|리핀스키(?:의)?(?: (?:5의 )?법칙| 규칙)?",
        {"mass": 500, "logP": 5, "HBD": 5, "HBA": 10},
        {},
        "Lipinski et al., Adv. Drug Deliv. Rev. 1997, 23, 3",
        "all four bounds are required, where the rule tolerates one violation",
    ),
    Preset(
        "the Veber rule",
        r"veber(?:'s)?(?: (?:rules?|criteria))?|베버(?: 규칙)?",
        {"rotatable_bonds": 10, "TPSA": 140},
        {},
        "Veber et al., J. Med. Chem. 2002, 45, 2615",
    ),
    Preset(
        "the Ghose filter",
        r"ghose(?:'s)?(?: (?:filter|rules?|criteria))?",
        {"mass": 480, "logP": 5.6, "molar_refractivity": 130},
        {"mass": 160, "logP": -0.4, "molar_refractivity": 40},
        "Ghose et al., J. Comb. Chem. 1999, 1, 55",
        "its bound on the count of all atoms is left out",
    ),
    Preset(
        "the Egan filter",
        r"egan(?:'s)?(?: (?:filter|rules?|egg|criteria))?",
        {"TPSA": 131.6, "logP": 5.88},
        {},
        "Egan et al., J. Med. Chem. 2000, 43, 3867",
    ),
    Preset(
        "lead-likeness",
        r"lead[ -]like(?:ness)?|리드 유사",
        {"mass": 350, "logP": 3.5, "rotatable_bonds": 7},
        {"mass": 250},
        "the lead-like subset of ZINC: Irwin et al., J. Chem. Inf. Model. 2012, 52, 1757",
    ),
)

_NOT_MEANT = re.compile(
    r"(?:\bnot\b|n't\b|\bbeyond\b|\bwithout\b|\bignor\w*|\bregardless of\b|\bviolat\w*|\boutside\b)(?:\W+\w+){0,4}\W*$"
    r"|\bb$",
    re.IGNORECASE,
)
_PARTIAL = re.compile(r"violation|위반", re.IGNORECASE)


@dataclass(frozen=True)
class PresetBounds:
    """The presets that a goal names.

    Attributes:
        constraints: Their bounds.
        phrases: Wording of each bound, for messages.
        spans: Where the goal names them; numbers inside are no numbers.
        notes: What was expanded into what, and what was not.
    """

    constraints: tuple[Constraint, ...]
    phrases: tuple[str, ...]
    spans: tuple[Interval, ...]
    notes: tuple[str, ...]


def find_presets(text: str) -> PresetBounds:
    """Expand the named rules of a goal into constraints.

    Args:
        text: Normalised goal text.

    Returns:
        Their bounds and notes; a rule that the goal sets aside ("beyond the rule of five") is noted only.
    """
    constraints: list[Constraint] = []
    phrases: list[str] = []
    spans: list[Interval] = []
    notes: list[str] = []
    for preset in PRESETS:
        match = re.search(preset.pattern, text, re.IGNORECASE)
        if match is None:
            continue
        spans.append(match.span())
        if _NOT_MEANT.search(text[: match.start()]) or _PARTIAL.search(text[match.end() : match.end() + 15]):
            notes.append(f"I did not apply {preset.title} ('{match[0]}'), which the goal sets aside or softens.")
            continue
        made = [_bound(key, preset, match[0]) for key in dict.fromkeys((*preset.lows, *preset.highs))]
        constraints += made
        phrases += [f"{match[0]} ({_in_words(bound)})" for bound in made]
        remark = f"; {preset.remark}" if preset.remark else ""
        notes.append(
            f"I read '{match[0]}' as {', '.join(_in_words(bound) for bound in made)} ({preset.source}{remark})."
        )
    return PresetBounds(tuple(constraints), tuple(phrases), tuple(spans), tuple(notes))


def _bound(key: str, preset: Preset, words: str) -> Constraint:
    low, high = preset.lows.get(key), preset.highs.get(key)
    relation = "between" if low is not None and high is not None else "<=" if high is not None else ">="
    return Constraint(quantity=key, relation=relation, low=low, high=high, unit=by_key()[key].unit, text=words)


def _in_words(bound: Constraint) -> str:
    if bound.relation == "between":
        return f"{bound.low:g} ≤ {bound.quantity} ≤ {bound.high:g}"
    return f"{bound.quantity} ≤ {bound.high:g}" if bound.high is not None else f"{bound.quantity} ≥ {bound.low:g}"
