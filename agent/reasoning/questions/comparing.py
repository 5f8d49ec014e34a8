"""How two circular molecules differ: where, and what that does to the genes that they carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agent.reasoning.questions.calls import Desk, NotComputable
from agent.tools.sequences import elements
from agent.tools.sequences.text import reverse_complement

Change = Literal[
    "none", "missense", "silent", "nonsense removed", "nonsense added", "frame restored", "frame shifted",
    "domain added", "residues added", "residues removed", "inversion", "outside genes",
]  # fmt: skip
SHORTEST_GENE = 150
"""Residues from which a reading frame of a vector is taken for a gene; random frames are seldom longer."""
_RANDOM = 60
"""Residues from which a frame may be a small gene, so that nothing is concluded."""
_DOMAIN = 25
"""Residues from which an insertion in a protein is a domain, not a tag or a linker."""
_SEED = 40


@dataclass(frozen=True)
class Region:
    """The stretch in which two aligned circles differ: the bases shared before it, and its two versions."""

    before: int
    old: str
    new: str
    old_circle: str
    new_circle: str


def aligned(old: str, new: str) -> Region | None:
    """The one stretch in which two circles differ, wherever they are opened; ``None`` if they share too little.

    The second circle is turned until it begins with bases of the first that both hold once.
    """
    for start in range(0, max(1, len(old) - _SEED), _SEED):
        seed = (old + old[:_SEED])[start : start + _SEED]
        for circle in (new, reverse_complement(new)):
            ring = circle + circle[:_SEED]
            if ring.count(seed) == 1 and (old + old[:_SEED]).count(seed) == 1:
                place = ring.index(seed)
                first, second = old[start:] + old[:start], circle[place:] + circle[:place]
                if (region := _differing(first, second)) is not None:
                    return region
    return None


def _differing(old: str, new: str) -> Region | None:
    before = _shared(old, new)
    after = min(min(len(old), len(new)) - before, _shared(old[::-1], new[::-1]))
    region = Region(before, old[before : len(old) - after], new[before : len(new) - after], old, new)
    # Where less than half is shared, the seed stood in different surroundings.
    return region if before + after >= 0.5 * min(len(old), len(new)) else None


def _shared(first: str, second: str) -> int:
    """How many letters two texts begin with alike."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(first), len(second)))


async def change(desk: Desk, region: Region) -> Change:
    """What the difference does to the proteins of the longest frame that it lies in."""
    if region.old == region.new:
        return "none"
    if len(region.old) > 20 and reverse_complement(region.old) == region.new:
        return "inversion"
    olds, news = await _frames_at(desk, region, old=True), await _frames_at(desk, region, old=False)
    old, new = olds[0] if olds else "", news[0] if news else ""
    # Of a frame that was broken only a part is left, which begins or ends as the whole does.
    old = next((one for one in olds if _akin(one, new)), old) if new else old
    if max(len(old), len(new)) < SHORTEST_GENE:
        if max(len(old), len(new)) >= _RANDOM:
            raise NotComputable("whether the changed reading frame is a gene cannot be told")
        return "outside genes"
    shift = (len(region.new) - len(region.old)) % 3 != 0
    if shift:
        return "frame restored" if len(new) > len(old) else "frame shifted"
    if len(region.new) == len(region.old):
        if len(new) != len(old):
            return "nonsense removed" if len(new) > len(old) else "nonsense added"
        return "silent" if new == old else "missense"
    if len(new) > len(old):
        return "domain added" if len(new) - len(old) >= _DOMAIN else "residues added"
    return "residues removed"


async def _frames_at(desk: Desk, region: Region, old: bool) -> list[str]:
    """Proteins of the frames that overlap the difference, the longest first."""
    circle = region.old_circle if old else region.new_circle
    length = len(region.old if old else region.new)
    result = await desk.use("find_orfs", sequence=circle, min_length=_RANDOM, circular=True)
    inside = []
    for row in result.data.get("orfs", []):
        low, high = sorted((row["start"], row["end"]))
        if low <= region.before + max(1, length) and high >= region.before + 1:
            inside.append(row["protein"])
    return inside


def _akin(first: str, second: str) -> bool:
    """Whether two proteins share their beginning or their end."""
    return first[:10] == second[:10] or first[-10:] == second[-10:]


async def place_of_difference(desk: Desk, region: Region) -> str:
    """Where two plasmids differ, seen from the gene next to it: promoter, 5' UTR, protein, 3' UTR, polyadenylation.

    Empty where the sequence does not tell.
    """
    olds, news = await _frames_at(desk, region, old=True), await _frames_at(desk, region, old=False)
    if olds and news and min(len(olds[0]), len(news[0])) >= SHORTEST_GENE:
        return "protein"
    result = await desk.use("find_orfs", sequence=region.old_circle, min_length=SHORTEST_GENE, circular=True)
    after, before = _neighbours(result.data.get("orfs", []), region)
    promoters = [_promotes(piece) for piece in (region.old, region.new)]
    if after and all(promoters):
        return "promoter"
    if before and any(elements.holds(piece, elements.POLYADENYLATION) for piece in (region.old, region.new)):
        return "polyadenylation"
    upstream = region.old_circle[max(0, region.before - 1500) : region.before]
    if after and not any(promoters) and _promotes(upstream):
        return "5' UTR"
    return ""


def _neighbours(orfs: list[dict], region: Region) -> tuple[bool, bool]:
    """Whether a gene of the given strand begins near behind a difference, and whether one ends near before it."""
    stop = region.before + len(region.old)
    forward = [row for row in orfs if row["strand"] == "+"]
    return (
        any(0 <= row["start"] - 1 - stop <= 1500 for row in forward),
        any(0 <= region.before - row["end"] <= 1500 for row in forward),
    )


def _promotes(piece: str) -> bool:
    """Whether a piece holds a TATA box or a known promoter on its given strand."""
    known = any(elements.holds(piece, one.site) for one in elements.ELEMENTS if one.kind == "promoter")
    return known or elements.holds(piece, elements.TATA_BOX)
