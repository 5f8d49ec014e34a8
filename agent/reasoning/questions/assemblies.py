"""Questions on cloning scenarios: plasmids, parts and oligonucleotides are joined in silico, then the product is read.

A product has to exist and be the only one; what is asked of it (its sequence, its digest, the antibiotic and the colour
of its colonies, the polymerase that reads it, a primer that sequences it) follows from its sequence alone.
"""

from __future__ import annotations

import re

from agent.reasoning.questions import wording
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.products import Made, annealed, genes, read_product
from agent.reasoning.questions.reading import Asked, Mentioned, enzyme_list, sequences
from agent.tools.sequences import elements
from agent.tools.sequences.text import reverse_complement

SHORTEST_ANNEALING = 15
"""Bases that a primer has to pair with, and of homology that Gibson assembly needs."""
_REACH = 3000
"""Bases behind a promoter within which its gene is looked for: introns of vectors lie between."""
_TYPE_IIS = frozenset(
    ("BsaI", "Eco31I", "BsmBI", "Esp3I", "BbsI", "BpiI", "SapI", "BspQI", "LguI", "AarI", "PaqCI", "BtgZI", "BfuAI")
)


async def golden_gate(asked: Asked, desk: Desk) -> Finding | None:
    """Questions on a Golden Gate assembly."""
    if not asked.says(wording.GOLDEN_GATE) or not asked.longer:
        return None
    listed = [enzyme_list(choice) for choice in asked.choices]
    if listed and all(listed):
        return await _enzyme_that_assembles(asked, desk, listed)
    # The enzyme of the assembly is named with it; others digest the product.
    named = re.search(rf"(?:{wording.GOLDEN_GATE})[^.?]*?\b(?:with|using|by)\s+(\w+)", asked.words, re.IGNORECASE)
    inside = [name for name in asked.enzymes if named and name == named[1]]
    # Else the only enzyme of type IIS that the question names is the one that assembles.
    inside = inside or [name for name in asked.enzymes if name in _TYPE_IIS]
    if len(inside) != 1:
        return None
    made = await _golden_gate_product(asked, desk, inside[0])
    return await read_product(asked, desk, made)


async def restriction_cloning(asked: Asked, desk: Desk) -> Finding | None:
    """Which enzymes move a fragment into a plasmid; a wished fusion has to be one frame."""
    listed = [enzyme_list(choice) for choice in asked.choices]
    if not listed or not all(listed) or len(asked.longer) != 2 or asked.says(r"Gibson|Golden Gate"):
        return None
    vector, insert = (one.letters for one in _plasmid_first(asked))
    fusion = asked.says(r"fusion|fused|in[- ]frame|tagged")
    promoters = elements.named(asked.words, "promoter")
    fitting, why = [], []
    for index, names in enumerate(listed):
        result = await desk.attempt("clone_by_restriction", vector=vector, insert=insert, enzymes=list(names))
        products = result.data.get("products", [])
        problem = result.summary if len(products) != 1 else ""
        if not problem and result.data.get("insert_pieces", 1) > 1:
            problem = "the enzymes also cut inside the insert"
        if not problem and len(result.data["vector_pieces"]) > len(set(names)):
            problem = "the enzymes cut the plasmid at more places, so that parts of it are lost"
        if not problem and promoters and not await _behind(desk, promoters, insert, products[0]["sequence"]):
            problem = "the insert's gene does not stand behind the promoter"
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
    pairs, _ = annealed(asked.oligos)
    result = await desk.attempt(
        "assemble_golden_gate",
        plasmids=[one.letters for one in asked.longer],
        enzyme=enzyme,
        annealed_oligos=[",".join(both) for both in pairs],
    )
    products = result.data.get("products", [])
    if len(products) != 1:
        raise NotComputable(f"the parts give {len(products)} circles: {result.summary}")
    return Made(products[0]["sequence"], result.summary, cut_with=(enzyme,))


async def _fused(desk: Desk, vector: str, insert: str, product: str) -> bool:
    """Whether the product reads the vector's coloured tag and the insert's protein in one frame, tag first."""
    tags = [gene for gene in await genes(desk, vector) if gene.colour]
    inside = await desk.use("find_orfs", sequence=insert, min_length=30, strands="forward", complete=False)
    made = await desk.use("find_orfs", sequence=product, min_length=30, circular=True)
    ends = [row["protein"][-12:] for row in inside.data["orfs"][:1]]
    return any(
        0 <= protein.find(tag.peptide) < protein.find(end)
        for protein in made.data.get("proteins", [])
        for tag in tags
        for end in ends
    )


async def _behind(desk: Desk, promoters: tuple[elements.Element, ...], insert: str, product: str) -> bool:
    """Whether the insert's longest gene follows one of the promoters on the same strand, before any other gene."""
    inside = await desk.use("find_orfs", sequence=insert, min_length=30, complete=False)
    if not inside.data["orfs"]:
        return True  # no gene to be expressed
    protein = inside.data["orfs"][0]["protein"]
    made = await desk.use("find_orfs", sequence=product, min_length=60, circular=True)
    size = len(product)
    for promoter in promoters:
        for start, strand in elements.places(product, promoter):
            along = [
                ((row["start"] - 1 if strand == "+" else size - row["start"]) - start) % size
                for row in made.data["orfs"]
                if row["strand"] == strand and (protein in row["protein"] or row["protein"] in protein)
            ]
            if along and min(along) <= _REACH:
                return True
    return False


def _plasmid_first(asked: Asked) -> list[Mentioned]:
    """The two long sequences, the longer first: a plasmid is longer than what is put into it."""
    return sorted(asked.longer, key=lambda one: len(one.letters), reverse=True)


RULES = (golden_gate, gibson_opening, gibson_side, restriction_cloning)
