"""What a goal says of plates and dilutions: samples, controls, replicates and doses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.reasoning.understanding.text import Interval

_NUMBER = r"\d+(?:\.\d+)?"


@dataclass(frozen=True)
class Plate:
    """Samples, controls and doses on a plate.

    Attributes:
        samples: Names of what is tested.
        controls: Names of the controls.
        replicates: How often each is there.
        wells: Of the plate.
        doses: Concentrations, the highest first; none where one concentration is meant.
        unit: Of the doses.
        spans: Where the goal says so.
    """

    samples: tuple[str, ...]
    controls: tuple[str, ...]
    replicates: int
    wells: str
    doses: tuple[float, ...]
    unit: str
    spans: tuple[Interval, ...]


_SAMPLES = re.compile(
    r"(?P<count>\d+)\s*(?:[a-z-]+ ){0,2}?(?P<what>compositions?|catalysts?|electrolytes?|formulations?|alloys?|films?"
    r"|materials?|powders?|extracts?|soils?|waters?|compounds?|samples?|drugs?|conditions?|strains?|inhibitors?"
    r"|molecules?|antibodies|variants?|clones?)|(?P<what2>화합물|시료|약물|조건|샘플)\s*(?P<count2>\d+)\s*(?:개|종)"
)
_REPLICATES = re.compile(
    r"(?P<word>duplicate|triplicate|quadruplicate)s?|(?P<count>\d+)\s*(?:technical |biological )?(?:replicates?"
    r"|repeats?|반복)"
    r"|(?P<korean>\d+)\s*반복",
    re.I,
)
_WELLS = re.compile(r"\b(?P<wells>96|384)\s*-?\s*(?:well|웰)", re.I)
_POINTS = re.compile(
    r"(?P<points>\d+)\s*-?\s*(?:point|step|dose|concentration|level|dilution)s?\b|(?P<korean>\d+)\s*(?:단계|점)", re.I
)
_FOLD = re.compile(
    rf"(?P<fold>{_NUMBER})\s*-?\s*(?:fold|x\b|배)|1\s*(?::|in|to)\s*(?P<ratio>{_NUMBER})|\bhalf[- ]?(?P<log>log)\b",
    re.I,
)
_TOP = re.compile(
    rf"(?:from|starting (?:at|from)|top(?: concentration| dose)?(?: of)?|highest(?: concentration)?(?: of)?"
    rf"|최고(?: 농도)?)"
    rf"\s*(?P<value>{_NUMBER})\s?(?P<unit>[munpµ]?M|[mnµu]?g/m?L)(?!\w)"
    rf"|(?P<value2>{_NUMBER})\s?(?P<unit2>[munpµ]?M|[mnµu]?g/m?L)\s*(?:stock|부터|에서)"
)
_CONTROLS = re.compile(
    r"\bDMSO\b|\bpositive controls?\b|\bnegative controls?\b|\bvehicle\b|\bblanks?\b|\buntreated\b|\bno[- ]enzyme\b"
    r"|\b[A-Z][A-Za-z0-9]+ (?:reference|standard)s?\b"
    r"|양성\s?대조|음성\s?대조|공시험|대조군",
    re.I,
)


def find_plate(text: str) -> Plate:
    """What a plate is to hold.

    Args:
        text: Normalised goal text.
    """
    spans: list[Interval] = []
    names: tuple[str, ...] = ()
    if match := _SAMPLES.search(text):
        count, what = int(match["count"] or match["count2"]), (match["what"] or match["what2"])
        what = re.sub(r"ies$", "y", what) if what.endswith("ies") else what.rstrip("s")
        names = tuple(f"{what} {number}" for number in range(1, count + 1))
        spans.append(match.span())
    replicates = 3
    if match := _REPLICATES.search(text):
        words = {"duplicate": 2, "triplicate": 3, "quadruplicate": 4}
        replicates = words.get((match["word"] or "").lower()) or int(match["count"] or match["korean"] or 3)
        spans.append(match.span())
    wells = "96"
    if match := _WELLS.search(text):
        wells = match["wells"]
        spans.append(match.span())
    doses, unit, where = find_doses(text)
    controls = dict.fromkeys(_control(match[0]) for match in _CONTROLS.finditer(text))
    return Plate(names, tuple(controls), replicates, wells, doses, unit, (*spans, *where))


def _control(words: str) -> str:
    return words if re.search(r"[A-Z]", words[1:]) else re.sub(r"(?<=control)s$|(?<=blank)s$", "", words.lower())


def find_doses(text: str) -> tuple[tuple[float, ...], str, tuple[Interval, ...]]:
    """Concentrations of a dilution series from its highest, its factor and its number of points.

    Returns:
        The concentrations, highest first (none where the goal gives no series), their unit, and where it stands.
    """
    points, fold, top = _POINTS.search(text), _FOLD.search(text), _TOP.search(text)
    if not (top and (points or fold)):
        return (), "", ()
    count = int(points["points"] or points["korean"]) if points else 8
    factor = 10**0.5 if fold and fold["log"] else float((fold["fold"] or fold["ratio"]) if fold else 2)
    value, unit = float(top["value"] or top["value2"]), top["unit"] or top["unit2"]
    if factor <= 1 or count < 2 or value <= 0:
        return (), "", ()
    found: Sequence[re.Match[str]] = [match for match in (points, fold, top) if match]
    return (
        tuple(float(f"{value / factor**step:.4g}") for step in range(count)),
        unit,
        tuple(match.span() for match in found),
    )


LAID_OUT = (
    _SAMPLES,
    _REPLICATES,
    _WELLS,
    _POINTS,
    _FOLD,
    _TOP,
    _CONTROLS,
    re.compile(r"\b(?:controls?|plates?|wells?|columns?|rows?|stock|buffers?|media|dos(?:e|es|ing))\b", re.IGNORECASE),
)
"""The words of plates and dilutions, which a plan of experiments serves."""
