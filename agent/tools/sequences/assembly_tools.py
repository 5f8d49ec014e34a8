"""Tools that join DNA in silico."""

from __future__ import annotations

from typing import Any

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import cloning, methods, restriction, text
from agent.tools.sequences.common import dna_candidate
from agent.tools.sequences.drawing import Feature, feature_map

_ENGINE = ("biopython",)


@tool("biology")
def assemble_gibson(
    fragments: list[str],
    min_overlap: int = 15,
    circular: bool = True,
    vector: str = "",
    vector_enzymes: list[str] = [],
) -> Result:
    """Gibson assembly in silico: join fragments by the overlaps of their ends.

    Args:
        fragments: Linear DNA fragments, in any order and orientation; each is used once.
        min_overlap: Shortest overlap that joins, in bases.
        circular: Whether the product has to close to a circle.
        vector: A plasmid to be opened first; its largest piece takes part. Empty for none.
        vector_enzymes: Enzymes that open it. 5' overhangs are chewed away, 3' overhangs stay.

    Returns:
        Products as candidates; ``data.products`` has sequence, length and the parts in order; empty, with the overlaps
        found, when the fragments do not join.

    Source:
        Gibson et al., Nature Methods 6 (2009) 343.
    """
    named = [(f"fragment {n}", text.dna(piece, f"fragments[{n - 1}]")) for n, piece in enumerate(fragments, start=1)]
    if vector:
        opened = restriction.digest(text.dna(vector, "vector"), restriction.enzymes(vector_enzymes), circular=True)
        largest = max(opened, key=lambda fragment: len(fragment.sequence))
        if largest.left.kind == "end":
            raise RepairableToolError(
                f"{', '.join(vector_enzymes)} do not cut the vector.", remedy="Name enzymes that open it."
            )
        named.insert(0, ("vector", cloning.gibson_arm(largest)))
    if not named or (len(named) < 2 and not circular):
        raise RepairableToolError("fragments needs at least two pieces to join.", remedy="Give all of them.")
    found = cloning.gibson(named, minimum=max(6, min_overlap), circular=circular)
    junctions = _overlaps(named)
    data = {"products": [_product_row(product) for product in found], "overlaps": junctions}
    if not found:
        told = "; ".join(f"{j['left']} to {j['right']}: {j['bases']}" for j in junctions) or "none"
        return empty(
            f"The {len(named)} fragments do not join into one {'circle' if circular else 'molecule'} by overlaps of "
            f"{min_overlap} bases or more. Overlaps of 10 bases or more: {told}.",
            data=data,
        )
    return _products(found, f"Gibson assembly of {len(named)} fragments", data)


@tool("biology", engines=_ENGINE)
def assemble_golden_gate(
    plasmids: list[str],
    enzyme: str = "BsaI",
    linear_parts: list[str] = [],
    annealed_oligos: list[str] = [],
) -> Result:
    """Golden Gate assembly in silico: cut with a type IIS enzyme, join what fits, and keep what lost all sites.

    Args:
        plasmids: Circular DNA: the destination vector first, then plasmids that carry parts.
        enzyme: The type IIS enzyme, such as BsaI, BsmBI, BbsI, SapI.
        linear_parts: Linear DNA with sites at its ends, such as PCR products.
        annealed_oligos: Pairs of oligonucleotides with overhangs, each written 'TOP,BOTTOM' (both 5' to 3').

    Returns:
        The circles as candidates, the one with most parts first; ``data.products`` has sequence, length and parts.

    Source:
        Engler et al., PLoS ONE 3 (2008) e3647.
    """
    chosen = restriction.enzymes([enzyme])
    parts: list[cloning.Part] = []
    for n, piece in enumerate(plasmids, start=1):
        cut = cloning.golden_gate_parts(text.dna(piece, f"plasmids[{n - 1}]"), chosen, True, f"plasmid {n}")
        parts.extend(_needed(cut, f"plasmids[{n - 1}]", enzyme))
    for n, piece in enumerate(linear_parts, start=1):
        cut = cloning.golden_gate_parts(text.dna(piece, f"linear_parts[{n - 1}]"), chosen, False, f"linear part {n}")
        parts.extend(_needed(cut, f"linear_parts[{n - 1}]", enzyme))
    for n, pair in enumerate(annealed_oligos, start=1):
        parts.append(_annealed(pair, n))
    if not parts:
        raise RepairableToolError("There are no parts to assemble.", remedy="Give plasmids, linear parts or oligos.")
    found = cloning.ligate(parts, need=tuple({part.name.split(":")[0] for part in parts}))
    rows = [
        {"name": p.name, "left": p.left.overhang, "right": p.right.overhang, "length": len(p.sequence)} for p in parts
    ]
    data = {"products": [_product_row(product) for product in found], "parts": rows}
    if not found:
        told = "; ".join(f"{row['name']} {row['left']}...{row['right']}" for row in rows)
        return empty(f"The parts do not close to a circle that uses all of them; their overhangs: {told}.", data=data)
    return _products(found, f"Golden Gate assembly with {enzyme}", data)


@tool("biology", engines=_ENGINE)
def clone_by_restriction(vector: str, insert: str, enzymes: list[str], insert_circular: bool = False) -> Result:
    """Restriction-ligation cloning in silico: open a plasmid, cut the insert, and ligate the ends that fit.

    Args:
        vector: The plasmid; its largest piece is kept.
        insert: DNA that carries the insert between the same or compatible sites, such as a PCR product.
        enzymes: One or two enzymes, used for both.
        insert_circular: Whether the insert comes from a plasmid (its smallest piece with two cut ends is taken).

    Returns:
        Circles that hold the insert, as candidates; ``data.products`` names the orientation. Two products mean that
        the insert can go in either way.

    Source:
        REBASE, as Biopython ships it.
    """
    chosen = restriction.enzymes(enzymes)
    opened = restriction.digest(text.dna(vector, "vector"), chosen, True)
    cut = restriction.digest(text.dna(insert, "insert"), chosen, insert_circular)
    backbone = max(opened, key=lambda fragment: len(fragment.sequence))
    pieces = [piece for piece in cut if "end" not in (piece.left.kind, piece.right.kind)]
    names = ", ".join(map(str, chosen))
    if backbone.left.kind == "end" or not pieces:
        where = "vector" if backbone.left.kind == "end" else "insert at two places"
        return empty(f"{names} do not cut the {where}: nothing can be ligated.", data={"products": []})
    piece = (
        min(pieces, key=lambda p: len(p.sequence)) if insert_circular else max(pieces, key=lambda p: len(p.sequence))
    )
    parts = [*cloning.parts_of([backbone], "vector"), *cloning.parts_of([piece], "insert")]
    found = cloning.ligate(parts, need=("vector", "insert"))
    data = {
        "products": [_product_row(product) for product in found],
        "insert_pieces": len(pieces),
        "vector_pieces": [len(fragment.sequence) for fragment in opened],
    }
    if not found:
        return empty(f"The ends that {names} leave on vector and insert do not fit each other.", data=data)
    warnings = []
    if len(pieces) > 1 and not insert_circular:
        warnings.append(f"{names} also cut inside the insert: its longest piece was taken, not the whole.")
    if len(opened) > len(chosen):
        warnings.append(f"{names} cut the vector into {len(opened)} pieces: only the largest is in the product.")
    if len(found) > 1:
        warnings.append("The insert fits in both orientations.")
    return _products(found, f"Cloning with {names}", data, warnings)


@tool("biology")
def recombine_gateway(destination: str, entry: str, entry_circular: bool = True) -> Result:
    """Gateway recombination in silico: move what lies between two att sites into a destination plasmid.

    Args:
        destination: A plasmid with att sites 1 and 2 (attP for BP, attR for LR reactions).
        entry: What brings the insert between its att sites 1 and 2 (attB for BP, attL for LR).
        entry_circular: Whether the entry is a plasmid; false for a PCR product.

    Returns:
        The product as a candidate; ``data.products`` has its sequence and length; empty when sites are missing.

    Source:
        Hartley et al., Genome Res. 10 (2000) 1788.
    """
    made = cloning.gateway(
        text.dna(destination, "destination"), text.dna(entry, "entry"), insert_circular=entry_circular
    )
    if not made:
        return empty(
            "Destination and entry do not each carry one att site 1 and one att site 2: nothing recombines.",
            data={"products": []},
        )
    product = cloning.Product(made, True, ("insert", "destination"), (len(made),))
    return ok(
        f"Gateway recombination gives a circle of {len(made)} bases.",
        values=(Value(name="product_length", value=len(made)),),
        data={"products": [_product_row(product)]},
        candidates=(dna_candidate(made, "Gateway product"),),
    )


@tool("biology", engines=_ENGINE)
def compare_cloning_methods(
    vector: str,
    insert: str,
    keep: list[str] = [],
    remove: list[str] = [],
) -> Result:
    """Judge which methods put a linear fragment into a plasmid as both are, with no PCR: each is simulated.

    Args:
        vector: The plasmid.
        insert: The fragment.
        keep: Sequences (IUPAC letters) that the product has to hold, on either strand, such as a promoter.
        remove: Sequences that it must not hold, such as recombination sites of the plasmid.

    Returns:
        ``data.methods``: for Gibson, restriction and ligation, Golden Gate and Gateway: works, enzymes, length of the
        product, reason; products as candidates; empty when none works.

    Source:
        REBASE, as Biopython ships it; Gibson et al., Nature Methods 6 (2009) 343; Engler et al., PLoS ONE 3 (2008)
        e3647.
    """
    judged = methods.ways(
        text.dna(vector, "vector"),
        text.dna(insert, "insert"),
        [text.dna(site, f"keep[{n}]") for n, site in enumerate(keep)],
        [text.dna(site, f"remove[{n}]") for n, site in enumerate(remove)],
    )
    rows = [
        {
            "method": way.method, "works": way.works, "enzymes": list(way.enzymes), "length": len(way.product) or None,
            "reason": way.reason,
        }
        for way in judged
    ]  # fmt: skip
    working = [way for way in judged if way.works]
    data = {"methods": rows, "working": [way.method for way in working]}
    told = "; ".join(
        f"{way.method}: {'works' if way.works else 'no'}{_with(way.enzymes)}, {way.reason}" for way in judged
    )
    if not working:
        return empty(f"None of the methods gives what is wished without PCR. {told}.", data=data)
    return ok(
        f"{len(working)} of {len(judged)} methods work without PCR. {told}.",
        values=(Value(name="methods", value=len(working)),),
        data=data,
        candidates=tuple(dna_candidate(way.product, f"{way.method} product") for way in working),
    )


def _with(names: tuple[str, ...]) -> str:
    return f" with {', '.join(names)}" if names else ""


def _annealed(pair: str, number: int) -> cloning.Part:
    both = pair.split(",")
    if len(both) != 2:
        raise RepairableToolError(f"annealed_oligos[{number - 1}] is not 'TOP,BOTTOM'.", remedy="Give two sequences.")
    top, bottom = (text.dna(part, f"annealed_oligos[{number - 1}]") for part in both)
    made = cloning.annealed(top, bottom, f"oligos {number}")
    if made is None:
        raise RepairableToolError(
            f"annealed_oligos[{number - 1}]: the two do not pair to a duplex with 5' overhangs at both ends.",
            remedy="Both are written 5' to 3', overhang first.",
        )
    return made


def _needed(parts: list[cloning.Part], argument: str, enzyme: str) -> list[cloning.Part]:
    if not parts:
        raise RepairableToolError(
            f"{argument}: {enzyme} leaves no piece of it that is free of {enzyme} sites.",
            remedy="Check the enzyme and the orientation of the sites.",
        )
    return parts


def _overlaps(named: list[tuple[str, str]]) -> list[dict[str, Any]]:
    ends = named + [(f"{name} (reversed)", text.reverse_complement(piece)) for name, piece in named]
    return [
        {"left": left, "right": right, "bases": bases}
        for left, first in ends
        for right, second in ends
        if left.split(" (")[0] != right.split(" (")[0] and (bases := cloning.overlap(first, second, 10, 200))
    ]


def _products(
    found: tuple[cloning.Product, ...], what: str, data: dict[str, Any], warnings: list[str] | None = None
) -> Result:
    best = found[0]
    notes = list(warnings or [])
    if len(found) > 1:
        notes.append(f"There are {len(found)} different products: the assembly is ambiguous.")
    features, place = [], 1
    for name, size in zip(best.parts, best.sizes, strict=True):
        features.append(Feature(place, place + size - 1, "-" if "reversed" in name else "+", name.split(" (")[0]))
        place += size
    svg = feature_map(len(best.sequence), features, title=f"{what}: {len(best.sequence)} bases")
    return ok(
        f"{what} gives {len(found)} product{'s' * (len(found) > 1)}; the first is a "
        f"{'circle' if best.circular else 'linear molecule'} of {len(best.sequence)} bases: {' + '.join(best.parts)}.",
        values=(Value(name="products", value=len(found)), Value(name="product_length", value=len(best.sequence))),
        data=data,
        candidates=tuple(dna_candidate(product.sequence, " + ".join(product.parts)) for product in found),
        artifacts=(ArtifactContent(name="assembly.svg", media_type="image/svg+xml", content=svg, title=best.sequence),),
        warnings=notes,
    )


def _product_row(product: cloning.Product) -> dict[str, Any]:
    return {
        "sequence": product.sequence,
        "length": len(product.sequence),
        "circular": product.circular,
        "parts": list(product.parts),
    }
