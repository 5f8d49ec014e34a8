"""Questions on primers that carry a gene into a vector, by restriction and ligation or by Gibson assembly.

What can be judged without the vector's or even the gene's sequence is the primers' own consistency:

- each primer begins with its tail: a recognition site (up to six bases of clamp before it), or the end of the opened
  vector (Gibson), so that the two tails differ and put the gene in one orientation;
- the rest anneals to the gene: forward from its start codon (ATG, or the bacterial GTG and TTG), reverse from the
  complement of its stop codon, with no stop codon in frame inside the primer;
- with the gene's sequence at hand, the product has to hold the whole gene between the tails.

Which gene a consistent pair anneals to cannot be seen without the gene's sequence: where two pairs with different
genes are left, the question is not decided.
"""

from __future__ import annotations

from agent.reasoning.questions import wording
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.naming import gene_sequence
from agent.reasoning.questions.reading import Asked, enzyme_list, pair
from agent.reasoning.questions.vectors import cloning_region
from agent.tools.sequences.text import reverse_complement

STARTS = ("ATG", "GTG", "TTG")
STOPS = ("TAA", "TAG", "TGA")
LONGEST_CLAMP = 6
"""Bases that may stand before a recognition site in a primer, so that the enzyme can bind at a product's end."""
SHORTEST_HOMOLOGY = 15
"""Bases of a vector's end that a Gibson primer needs (Gibson et al., Nature Methods 6 (2009) 343)."""


async def primers_with_sites(asked: Asked, desk: Desk) -> Finding | None:
    """Which pair of primers clones a gene with the named enzymes."""
    pairs = _pairs(asked)
    if not pairs or len(asked.enzymes) not in (1, 2) or asked.says(wording.ASSEMBLY):
        return None
    first, second = asked.enzymes[0], asked.enzymes[-1]
    gene = await _gene(asked, desk)
    consistent, why = [], []
    for index, both in enumerate(pairs):
        orders = ((first, second), (second, first))
        tails = [await _tails(desk, both, order) for order in orders]
        fitting = next((cut for cut in tails if cut is not None), None)
        problem = "a primer lacks its site" if fitting is None else await _gene_problem(desk, both, fitting, gene)
        why.append(problem or "consistent")
        if not problem:
            consistent.append(index)
    return _judged(asked, consistent, why, gene)


async def enzymes_for_primers(asked: Asked, desk: Desk) -> Finding | None:
    """Which pair of enzymes cuts the tails of a given pair of primers.

    Two enzymes are preferred to one cutting both ends: equal ends let the insert in either way round.
    """
    listed = [enzyme_list(choice) for choice in asked.choices]
    if not listed or not all(listed) or len(asked.oligos) != 2 or asked.longer:
        return None
    named = sorted({name for names in listed for name in names})
    cutting = []
    for primer in asked.oligos:
        result = await desk.use("find_restriction_sites", sequence=primer, enzymes=named)
        cutting.append(
            {
                name
                for name, row in result.data["sites"].items()
                if any(site["start"] <= LONGEST_CLAMP + 1 for site in row["sites"])
            }
        )
    fitting = [
        index
        for index, names in enumerate(listed)
        if (names[0] in cutting[0] and names[-1] in cutting[1]) or (names[0] in cutting[1] and names[-1] in cutting[0])
    ]
    directional = [index for index in fitting if len(set(listed[index])) == 2]
    told = [", ".join(sorted(found)) or "none" for found in cutting]
    return Finding(
        f"First primer: {told[0]}; second primer: {told[1]}.",
        tuple(directional or fitting),
        f"recognition sites at the 5' ends: {told[0]} on the first primer, {told[1]} on the second",
    )


async def gibson_primers(asked: Asked, desk: Desk) -> Finding | None:
    """Which pair of primers gives a gene the ends of a vector that one enzyme opened."""
    pairs = _pairs(asked)
    if not pairs or not asked.enzymes or not asked.says(wording.ASSEMBLY):
        return None
    gene = await _gene(asked, desk)
    region = cloning_region(asked.words)
    known = [one.letters for one in asked.longer if one.letters != gene]
    vector = region or (known[0] if known else None)
    if vector is None:
        raise NotComputable("the vector is neither given nor one whose cloning region is known")
    left, right = await _opened(desk, vector, asked.enzymes, circular=region is None)
    consistent, why = [], []
    for index, (forward, reverse) in enumerate(pairs):
        problem = "a primer does not begin with the opened vector's end"
        # The insert may stand in either orientation: the ends then change places.
        for before, after in ((left, right), (reverse_complement(right), reverse_complement(left))):
            cut = _homology(forward, before), _homology(reverse, reverse_complement(after))
            if min(cut) >= SHORTEST_HOMOLOGY:
                problem = await _gene_problem(desk, (forward, reverse), cut, gene)
                break
        why.append(problem or "consistent")
        if not problem:
            consistent.append(index)
    return _judged(asked, consistent, why, gene)


def _judged(asked: Asked, consistent: list[int], why: list[str], gene: str | None) -> Finding:
    told = "; ".join(f"{chr(ord('A') + index)}: {text}" for index, text in enumerate(why))
    note = "" if gene or len(consistent) < 2 else " (which of them anneals to the gene named needs its sequence)"
    return Finding(f"{len(consistent)} of {len(asked.choices)} pairs are consistent.", tuple(consistent), told + note)


def _pairs(asked: Asked) -> list[tuple[str, str]]:
    """The choices, if all of them are pairs of primers."""
    pairs = [both for choice in asked.choices if (both := pair(choice))]
    return pairs if len(pairs) == len(asked.choices) else []


async def _gene(asked: Asked, desk: Desk) -> str | None:
    """The sequence of the gene: the given one that reads from a start codon to a stop, or that of the gene named."""
    for one in asked.sequences:
        if one.letters[:3] in STARTS and one.letters[-3:] in STOPS and len(one.letters) % 3 == 0:
            return one.letters
    if len(asked.sequences) == 1:
        return asked.sequences[0].letters
    return None if asked.sequences else await gene_sequence(asked, desk)


async def _tails(desk: Desk, both: tuple[str, str], enzymes: tuple[str, str]) -> tuple[int, int] | None:
    """Where the sites at the primers' 5' ends stop (bases before that); ``None`` if one is missing."""
    stops = []
    for primer, name in zip(both, enzymes, strict=True):
        result = await desk.use("find_restriction_sites", sequence=primer, enzymes=[name])
        row = next(iter(result.data["sites"].values()), None)
        starts = [site["start"] for site in row["sites"] if site["start"] <= LONGEST_CLAMP + 1] if row else []
        if not row or not starts:
            return None
        stops.append(min(starts) - 1 + len(row["recognition"]))
    return stops[0], stops[1]


async def _opened(desk: Desk, vector: str, enzymes: tuple[str, ...], circular: bool) -> tuple[str, str]:
    """The ends of the opened vector that take part in the assembly: what stands left and right of the insert.

    The exonuclease removes 5' ends, so that a 5' overhang is lost; a 3' overhang stays on both ends.
    """
    result = await desk.use("digest_dna", sequence=vector, enzymes=list(enzymes), circular=circular)
    pieces = result.data["fragments"]
    if result.status == "empty" or (not circular and len(pieces) < 2):
        raise NotComputable(f"{', '.join(enzymes)} do not open the vector: {result.summary}")
    backbone = max(pieces, key=lambda piece: piece["length"])
    first, last = (backbone, backbone) if circular else (pieces[0], pieces[-1])
    left, right = first["sequence"], last["sequence"]
    overhang = last["left"].rpartition(" ")[2] if "overhang" in last["left"] else ""
    if "5' overhang" in last["left"]:
        right = right[len(overhang) :]
    elif "3' overhang" in last["left"]:
        right = overhang + right
    return left, right


def _homology(primer: str, end: str) -> int:
    """Bases at the primer's 5' end that are the end of a strand."""
    return next((size for size in range(min(len(primer), len(end)), 0, -1) if end.endswith(primer[:size])), 0)


async def _gene_problem(desk: Desk, both: tuple[str, str], cut: tuple[int, int], gene: str | None) -> str:
    """What is wrong with the annealing parts of a pair; empty if nothing."""
    if gene is not None:
        result = await desk.use("amplify", template=gene, forward=both[0], reverse=both[1], min_annealing=12)
        whole = [product["sequence"] for product in result.data["products"] if gene in product["sequence"]]
        if not whole:
            return "the primers do not amplify the whole gene"
        # A start codon between the tail and the gene would be used first (Kozak's scanning; a ribosome-binding site).
        if "ATG" in whole[0][cut[0] : whole[0].index(gene) + 2]:
            return "another start codon stands before the gene"
        return ""
    return frame_problem(both[0][cut[0] :], both[1][cut[1] :])


def frame_problem(forward: str, reverse: str) -> str:
    """Why annealing parts cannot span a coding sequence from start to stop codon; empty if they can.

    Args:
        forward: Annealing part of the forward primer, 5' to 3'.
        reverse: Annealing part of the reverse primer, 5' to 3'.
    """
    if forward[:3] not in STARTS:
        return "the forward primer does not begin with a start codon"
    if any(forward[i : i + 3] in STOPS for i in range(3, len(forward) - 2, 3)):
        return "a stop codon follows the start in frame"
    end = reverse_complement(reverse)
    if end[-3:] not in STOPS:
        return "the reverse primer does not end the gene with a stop codon"
    if any(end[i : i + 3] in STOPS for i in range(len(end) - 6, -1, -3)):
        return "a stop codon comes before the last in frame"
    return ""


RULES = (gibson_primers, primers_with_sites, enzymes_for_primers)
