"""Questions that compare: ways of cloning, and plasmids that differ."""

from __future__ import annotations

import re

from agent.reasoning.questions import comparing
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.reading import Asked
from agent.tools.sequences import elements
from agent.tools.sequences.text import reverse_complement

_METHODS = (
    ("Gibson", r"Gibson|In-?Fusion|HiFi|SLIC|homology"),
    ("restriction and ligation", r"restriction|ligat"),
    ("Golden Gate", r"Golden[- ]?Gate|\bMoClo\b|type IIS"),
    ("Gateway", r"Gateway|\batt[BPLR]|recombinas"),
    # Its ends come from primers with uracil (Nour-Eldin et al., Nucleic Acids Res. 34 (2006) e122): never without PCR.
    ("USER", r"USER|uracil"),
    ("none", r"not possible|impossible|none of|cannot"),
)
_WITHOUT_PCR = r"without\b[^.?]*\bPCR|no PCR|not (?:use|perform|run)\w*[^.?]*\bPCR"
_REMOVE = r"\b(?:remov\w*|eliminat\w*|los\w+|delet\w*|without|excis\w*|get\w* rid of)\b"
_KEEP = r"\b(?:preserv\w*|keep\w*|retain\w*|maintain\w*|includ\w*|contain\w*)\b"
_PARTS = (
    ("5' UTR", r"5\s*['’′]?\s*-?\s*(?:UTR|untranslated)"),
    ("3' UTR", r"3\s*['’′]?\s*-?\s*(?:UTR|untranslated)"),
    ("polyadenylation", r"poly-?\s?\(?A\)?(?:denyl\w*)?\b"),
    ("promoter", r"promoter"),
    ("protein", r"protein|coding|open reading frame|\bORF|\bgenes?\b"),
)


async def method_of_cloning(asked: Asked, desk: Desk) -> Finding | None:
    """Which method puts a fragment into a plasmid as it is, with what has to be kept and removed."""
    methods = [_only(choice, _METHODS) for choice in asked.choices]
    if len(asked.longer) != 2 or not all(methods) or not asked.says(_WITHOUT_PCR):
        return None
    ordered = sorted(asked.longer, key=lambda one: len(one.letters), reverse=True)
    keep, remove = _wishes(asked.words)
    result = await desk.use(
        "compare_cloning_methods", vector=ordered[0].letters, insert=ordered[1].letters, keep=keep, remove=remove
    )
    working = set(result.data["working"]) or {"none"}
    fitting = tuple(index for index, method in enumerate(methods) if method in working)
    return Finding(", ".join(sorted(working)), fitting, result.summary)


def _wishes(words: str) -> tuple[list[str], list[str]]:
    """Sites of the elements that the product has to hold, and of those that it must not: by the verb before each."""
    keep, remove = [], []
    for part in re.split(r"[.;,?]|\band\b|\bbut\b|\bwhile\b", words):
        verbs = [(match.start(), remove) for match in re.finditer(_REMOVE, part, re.IGNORECASE)]
        verbs += [(match.start(), keep) for match in re.finditer(_KEEP, part, re.IGNORECASE)]
        for one in elements.named(part):
            if verbs:
                max(verbs, key=lambda verb: verb[0])[1].append(one.site)
    return keep, remove


async def difference_of_plasmids(asked: Asked, desk: Desk) -> Finding | None:
    """Which part of an expression plasmid differs between two that are given."""
    parts = [_only(choice, _PARTS) for choice in asked.choices]
    if len(asked.sequences) != 2 or not all(parts) or not re.search(r"differ|distinguish|다른|차이", asked.last, re.I):
        return None
    region = comparing.aligned(asked.sequences[0].letters, asked.sequences[1].letters)
    if region is None:
        raise NotComputable("the two plasmids do not differ in one stretch alone")
    found = {await comparing.place_of_difference(desk, one) for one in (region, _turned(region))} - {""}
    if len(found) != 1:
        raise NotComputable("what the differing stretch is cannot be told from its sequence")
    place = found.pop()
    told = f"after {region.before} shared bases, {len(region.old)} stand against {len(region.new)}: {place}"
    return Finding(place, tuple(index for index, part in enumerate(parts) if part == place), told)


def _turned(region: comparing.Region) -> comparing.Region:
    """The same difference seen on the other strand."""
    return comparing.Region(
        len(region.old_circle) - region.before - len(region.old),
        reverse_complement(region.old),
        reverse_complement(region.new),
        reverse_complement(region.old_circle),
        reverse_complement(region.new_circle),
    )


def _only(choice: str, shapes: tuple[tuple[str, str], ...]) -> str:
    """The first thing of a list that a choice names."""
    return next((name for name, shape in shapes if re.search(shape, choice, re.IGNORECASE)), "")


RULES = (method_of_cloning, difference_of_plasmids)
