"""Questions on cloning scenarios: plasmids, parts and oligonucleotides are joined in silico, then the product is read.

A product has to exist and be the only one; what is asked of it (its sequence, its digest, the antibiotic and the colour
of its colonies, the polymerase that reads it, a primer that sequences it) follows from its sequence alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.reasoning.questions import features, matching
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.reading import Asked, Mentioned, enzyme_list, enzymes, sequences
from agent.tools.sequences.text import reverse_complement

SHORTEST_ANNEALING = 15
"""Bases that a primer has to pair with, and of homology that Gibson assembly needs."""
# A Sanger read is unreadable near its primer and ends after some 800 bases.
_READ_FROM, _READ_TO = 30, 800


@dataclass(frozen=True)
class Made:
    """A circle that an assembly gives: its sequence, and the tool's sentence on it."""

    sequence: str
    summary: str


async def golden_gate(asked: Asked, desk: Desk) -> Finding | None:
    """Questions on a Golden Gate assembly."""
    if not asked.says(r"Golden Gate") or not asked.longer:
        return None
    listed = [enzyme_list(choice) for choice in asked.choices]
    if listed and all(listed):
        return await _enzyme_that_assembles(asked, desk, listed)
    # The enzyme of the assembly is named with it; others digest the product.
    named = re.search(r"Golden Gate[^.?]*?\b(?:with|using)\s+(\w+)", asked.words, re.IGNORECASE)
    inside = [name for name in asked.enzymes if named and name == named[1]]
    if not inside:
        return None
    made = await _golden_gate_product(asked, desk, inside[0])
    return await _read_product(asked, desk, made)


async def restriction_cloning(asked: Asked, desk: Desk) -> Finding | None:
    """Which enzymes move a fragment into a plasmid; a wished fusion has to be one frame."""
    listed = [enzyme_list(choice) for choice in asked.choices]
    if not listed or not all(listed) or len(asked.longer) != 2 or asked.says(r"Gibson|Golden Gate"):
        return None
    vector, insert = (one.letters for one in _plasmid_first(asked))
    fusion = asked.says(r"fusion|fused|in[- ]frame|tagged")
    fitting, why = [], []
    for index, names in enumerate(listed):
        result = await desk.attempt("clone_by_restriction", vector=vector, insert=insert, enzymes=list(names))
        products = result.data.get("products", [])
        problem = result.summary if len(products) != 1 else ""
        if not problem and result.data.get("insert_pieces", 1) > 1:
            problem = "the enzymes also cut inside the insert"
        if not problem and fusion and not await _fused(desk, vector, insert, products[0]["sequence"]):
            problem = "tag and insert are not one frame"
        why.append(f"{asked.choices[index]}: {problem or 'works'}")
        if not problem:
            fitting.append(index)
    return Finding(f"{len(fitting)} of the choices work.", tuple(fitting), "; ".join(why))


async def gibson_opening(asked: Asked, desk: Desk) -> Finding | None:
    """Which enzymes open a plasmid so that a fragment with given ends joins it by Gibson assembly."""
    listed = [enzyme_list(choice) for choice in asked.choices]
    if not listed or not all(listed) or len(asked.longer) != 2 or not asked.says(r"Gibson"):
        return None
    vector, insert = (one.letters for one in _plasmid_first(asked))
    fitting, why = [], []
    for index, names in enumerate(listed):
        result = await desk.attempt(
            "assemble_gibson", fragments=[insert], vector=vector, vector_enzymes=list(names), min_overlap=15
        )
        if result.status == "ok":
            fitting.append(index)
        why.append(f"{asked.choices[index]}: {result.summary}")
    return Finding(f"{len(fitting)} of the choices close a circle.", tuple(fitting), "; ".join(why))


async def gibson_side(asked: Asked, desk: Desk) -> Finding | None:
    """Which primer makes one side of an insert ready for a wished product: it spans that junction of the product.

    Its 3' part pairs with the insert's end, its 5' tail is the product's sequence beyond it.
    """
    listed = [sequences(choice) for choice in asked.choices]
    side = re.search(r"([35])\s*(?:['’′]|prime)[\s-]*(?:side|end)", asked.words)
    if not (asked.says(r"Gibson") and asked.says(r"primer") and side and len(asked.sequences) >= 3):
        return None
    if not listed or not all(len(found) == 1 for found in listed):
        return None
    ordered = sorted(asked.sequences, key=lambda one: len(one.letters))
    insert = ordered[0].letters
    # Of the two plasmids, the product is the one that the question wants in place of the other: the later one.
    product = [one.letters for one in asked.sequences if one.letters != insert][-1]
    ring = product + product[:200]
    end = insert if side[1] == "3" else reverse_complement(insert)
    strand = ring if side[1] == "3" else reverse_complement(ring)
    fitting = []
    for index, (primer,) in enumerate(listed):
        junction = reverse_complement(primer)
        shared = next((n for n in range(min(len(end), len(junction)), 0, -1) if end.endswith(junction[:n])), 0)
        if junction in strand and shared >= SHORTEST_ANNEALING and len(junction) - shared >= SHORTEST_ANNEALING:
            fitting.append(index)
    reason = f"primers that pair with the insert's {side[1]}' end and run into the backbone of the wished product"
    return Finding(f"{len(fitting)} of the primers do.", tuple(fitting), reason)


async def _enzyme_that_assembles(asked: Asked, desk: Desk, listed: list[tuple[str, ...]]) -> Finding:
    """Choices are enzymes: those with which the parts close exactly one circle."""
    fitting, why = [], []
    for index, names in enumerate(listed):
        try:
            made = await _golden_gate_product(asked, desk, names[0])
        except NotComputable as error:
            why.append(f"{names[0]}: {error}")
            continue
        fitting.append(index)
        why.append(f"{names[0]}: {made.summary}")
    return Finding(f"{len(fitting)} of the enzymes close a circle.", tuple(fitting), "; ".join(why))


async def _golden_gate_product(asked: Asked, desk: Desk, enzyme: str) -> Made:
    pairs, _ = _annealed(asked.oligos)
    result = await desk.attempt(
        "assemble_golden_gate",
        plasmids=[one.letters for one in asked.longer],
        enzyme=enzyme,
        annealed_oligos=[",".join(both) for both in pairs],
    )
    products = result.data.get("products", [])
    if len(products) != 1:
        raise NotComputable(f"the parts give {len(products)} circles: {result.summary}")
    return Made(products[0]["sequence"], result.summary)


def _annealed(oligos: tuple[str, ...]) -> tuple[list[tuple[str, str]], list[str]]:
    """Neighbours that pair to a duplex with overhangs of three or four bases, and the oligonucleotides that do not."""
    pairs: list[tuple[str, str]] = []
    single: list[str] = []
    waiting = list(oligos)
    while waiting:
        top = waiting.pop(0)
        if waiting and any(waiting[0][n:] == reverse_complement(top[n:]) for n in (3, 4)):
            pairs.append((top, waiting.pop(0)))
        else:
            single.append(top)
    return pairs, single


async def _read_product(asked: Asked, desk: Desk, made: Made) -> Finding | None:
    last = asked.last
    primers = _annealed(asked.oligos)[1]
    if len(primers) == 2 and re.search(r"\bPCR\b|amplif", asked.words) and re.search(r"length|size|band|long", last):
        return await _colony_pcr(asked, desk, made, primers)
    if re.search(r"fragment|band|digest", last, re.IGNORECASE):
        cutting = re.search(r"digest\w*(?:\s+\w+)?\s+(?:with|using)\s+([^.?]*)", asked.words, re.IGNORECASE)
        names = enzymes(cutting[1]) if cutting else ()
        if not names:
            return None
        result = await desk.use("digest_dna", sequence=made.sequence, enzymes=list(names), circular=True)
        lengths = result.data["sorted_lengths"]
        return Finding(
            ", ".join(map(str, lengths)), tuple(matching.same_lengths(lengths, asked.choices)), result.summary
        )
    if re.search(r"antibiotic|resistan", last, re.IGNORECASE):
        return await _antibiotic(asked, desk, made)
    if re.search(r"colon\w+|Which ones are", last, re.IGNORECASE) and asked.says(r"green|white|blue|red\b|pink"):
        return await _colour(asked, desk, made)
    if re.search(r"polymerase", last, re.IGNORECASE):
        return _polymerase(asked, made)
    if re.search(r"primer", last, re.IGNORECASE) and asked.says(r"Sanger|sequencing"):
        return await _sequencing_primer(asked, desk, made)
    if re.search(r"purpose|used for", last, re.IGNORECASE):
        return await _purpose(asked, desk, made)
    if re.search(r"sequence", last, re.IGNORECASE):
        return Finding(
            made.sequence, tuple(matching.same_molecule(made.sequence, asked.choices, circular=True)), made.summary
        )
    return None


async def _colony_pcr(asked: Asked, desk: Desk, made: Made, primers: list[str]) -> Finding:
    """The band that a correct clone gives with the primers of the question."""
    result = await desk.use("amplify", template=made.sequence, forward=primers[0], reverse=primers[1], circular=True)
    lengths = result.data["lengths"]
    if len(lengths) != 1:
        raise NotComputable(f"the primers give {len(lengths)} products on the clone: {result.summary}")
    return Finding(str(lengths[0]), tuple(matching.same_number(lengths[0], asked.choices)), result.summary)


async def _antibiotic(asked: Asked, desk: Desk, made: Made) -> Finding:
    """The product's own resistance genes select its transformants."""
    found = await _genes(desk, made.sequence)
    selecting = {drug for gene in found for drug in gene.selects}
    agreeing = [index for index, choice in enumerate(asked.choices) if features.drugs(choice) & selecting]
    told = ", ".join(gene.name for gene in found if gene.selects) or "no known resistance"
    return Finding(", ".join(sorted(selecting)) or "none", tuple(agreeing), f"the product carries {told}")


async def _colour(asked: Asked, desk: Desk, made: Made) -> Finding:
    """A reporter that the product keeps colours its colonies; one that it lost leaves them white."""
    before = {gene.colour for one in asked.longer for gene in await _genes(desk, one.letters) if gene.colour}
    after = {gene.colour for gene in await _genes(desk, made.sequence) if gene.colour}
    if not before:
        raise NotComputable("none of the plasmids carries a known coloured reporter")
    colour = next(iter(sorted(after)), "white")
    agreeing = [index for index, choice in enumerate(asked.choices) if _single_colour(choice) == colour]
    kept = ", ".join(sorted(after)) or "none"
    told = f"coloured reporters of the starting plasmids: {', '.join(sorted(before))}; of the product: {kept}"
    return Finding(colour, tuple(agreeing), told)


def _single_colour(choice: str) -> str:
    found = set(re.findall(r"white|green|red|pink|blue", choice.casefold()))
    return found.pop() if len(found) == 1 else ""


def _polymerase(asked: Asked, made: Made) -> Finding:
    """Small RNAs such as guide RNAs are read by RNA polymerase III from its promoters."""
    if not (features.has_guide(made.sequence) and features.has_polymerase_three_promoter(made.sequence)):
        raise NotComputable("no guide RNA behind a known promoter of RNA polymerase III was recognised")
    agreeing = [
        index for index, choice in enumerate(asked.choices) if re.search(r"RNA pol\w*\s+(?:III|3)\b", choice, re.I)
    ]
    return Finding("RNA polymerase III", tuple(agreeing), "a guide RNA stands behind a promoter of RNA polymerase III")


async def _purpose(asked: Asked, desk: Desk, made: Made) -> Finding:
    """What a product expresses: a guide RNA, Cas9, or both."""
    guide = features.has_guide(made.sequence)
    nuclease = any(gene.name.startswith("Cas9") for gene in await _genes(desk, made.sequence))
    if not (guide or nuclease):
        raise NotComputable("neither a guide RNA nor Cas9 was recognised")
    agreeing = [
        index
        for index, choice in enumerate(asked.choices)
        if bool(re.search(r"guide RNA|gRNA", choice)) == guide and ("Cas9" in choice) == nuclease
    ]
    told = " and ".join(name for name, there in (("a guide RNA", guide), ("Cas9", nuclease)) if there)
    return Finding(f"It expresses {told}.", tuple(agreeing), f"the product carries {told}")


async def _sequencing_primer(asked: Asked, desk: Desk, made: Made) -> Finding:
    """A primer that binds once, points at the insert, and has all of it within one read."""
    listed = [sequences(choice) for choice in asked.choices]
    if not all(len(found) == 1 for found in listed) or not asked.oligos:
        raise NotComputable("the choices are not one primer each, or the insert is not known")
    core = asked.oligos[0]  # its overhang pairs with the vector's, so that the product holds the whole strand
    ring = made.sequence * 2
    fitting, told = [], []
    for index, (primer,) in enumerate(listed):
        distances = []
        for strand in (ring, reverse_complement(ring)):
            place = strand.find(primer)
            target = strand.find(core, place + len(primer)) if place >= 0 else -1
            if target < 0:
                target = strand.find(reverse_complement(core), place + len(primer)) if place >= 0 else -1
            if target >= 0:
                distances.append(target - place - len(primer))
        good = [gap for gap in distances if _READ_FROM <= gap <= _READ_TO - len(core)]
        told.append(f"{primer}: {min(distances) if distances else 'no'} bases before the insert")
        if good:
            fitting.append((good[0], index))
    return Finding(f"{len(fitting)} primers read the insert.", tuple(index for _, index in fitting), "; ".join(told))


async def _fused(desk: Desk, vector: str, insert: str, product: str) -> bool:
    """Whether the product reads the vector's coloured tag and the insert's protein in one frame, tag first."""
    tags = [gene for gene in await _genes(desk, vector) if gene.colour]
    inside = await desk.use("find_orfs", sequence=insert, min_length=30, strands="forward", complete=False)
    made = await desk.use("find_orfs", sequence=product, min_length=30, circular=True)
    ends = [row["protein"][-12:] for row in inside.data["orfs"][:1]]
    return any(
        0 <= protein.find(tag.peptide) < protein.find(end)
        for protein in made.data.get("proteins", [])
        for tag in tags
        for end in ends
    )


async def _genes(desk: Desk, circle: str) -> tuple[features.Gene, ...]:
    result = await desk.use("find_orfs", sequence=circle, min_length=30, circular=True)
    return features.genes(result.data.get("proteins", []))


def _plasmid_first(asked: Asked) -> list[Mentioned]:
    """The two long sequences, the longer first: a plasmid is longer than what is put into it."""
    return sorted(asked.longer, key=lambda one: len(one.letters), reverse=True)


RULES = (golden_gate, gibson_opening, gibson_side, restriction_cloning)
