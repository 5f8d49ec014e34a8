"""Tools that cut and amplify DNA in silico."""

from __future__ import annotations

from typing import Any

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import cloning, restriction, text
from agent.tools.sequences.common import dna_candidate
from agent.tools.sequences.drawing import feature_map
from agent.units import counted

_ENGINE = ("biopython",)


@tool("biology", engines=_ENGINE)
def digest_dna(sequence: str, enzymes: list[str], circular: bool = False) -> Result:
    """Digest DNA with restriction enzymes: number and lengths of the fragments, their ends and sequences.

    Args:
        sequence: DNA in letters.
        enzymes: Names such as EcoRI, BsaI; all cut together, to completion.
        circular: Whether the DNA is a plasmid.

    Returns:
        ``data``: lengths (along the sequence), sorted_lengths, count, fragments (start, end, length, ends, sequence)
        and cuts (enzyme, position after which the given strand is cut); a map as artifact.

    Source:
        Recognition sites and cuts from REBASE (Roberts et al.), as Biopython ships them.
    """
    letters = text.dna(sequence)
    chosen = restriction.enzymes(enzymes)
    found = restriction.cuts(letters, chosen, circular)
    fragments = restriction.digest(letters, chosen, circular)
    names = ", ".join(map(str, chosen))
    lengths = [len(fragment.sequence) for fragment in fragments]
    data = {
        "count": len(fragments),
        "lengths": lengths,
        "sorted_lengths": sorted(lengths),
        "fragments": [_fragment_row(fragment) for fragment in fragments],
        "cuts": [{"enzyme": cut.enzyme, "position": cut.top} for cut in found],
        "cuts_by_enzyme": {str(item): sum(cut.enzyme == str(item) for cut in found) for item in chosen},
        "circular": circular,
    }
    shape = "circle" if circular else "linear molecule"
    unknown = restriction.uncertain(chosen)
    warnings = [f"Where {name} cuts is not known: it is taken to cut before its site." for name in unknown]
    if not found:
        return empty(f"{names} do not cut this {shape} of {len(letters)} bases: it stays whole.", data=data)
    return ok(
        f"{names} cut the {shape} of {len(letters)} bases into {counted(len(fragments), 'fragment')} of "
        f"{', '.join(map(str, lengths))} bases.",
        values=(Value(name="fragments", value=len(fragments)), Value(name="largest_fragment", value=max(lengths))),
        data=data,
        artifacts=(_cut_map(letters, found, f"digest with {names}"),),
        warnings=warnings,
    )


@tool("biology", engines=_ENGINE)
def find_restriction_sites(
    sequence: str,
    enzymes: list[str] = [],
    circular: bool = False,
    only_cuts: int = 0,
) -> Result:
    """Find where restriction enzymes recognise and cut DNA; works on primers too.

    Args:
        sequence: DNA in letters, for instance a plasmid, a gene or a primer.
        enzymes: Enzymes to look for; empty for all that are commercially available.
        circular: Whether the DNA is a plasmid.
        only_cuts: Report only enzymes with exactly this many sites (1: unique cutters); 0 for all that have one.

    Returns:
        ``data.sites``: for each enzyme its recognition sequence, kind of end, and sites (start from 1, strand);
        ``data.absent``: enzymes without a site; ``data.at_start``: enzymes whose site lies in the first 10 bases.

    Source:
        REBASE, as Biopython ships it.
    """
    letters = text.dna(sequence)
    chosen = restriction.enzymes(enzymes) if enzymes else restriction.common_enzymes()
    rows: dict[str, dict[str, Any]] = {}
    absent: list[str] = []
    for item in chosen:
        found = restriction.sites(letters, item, circular)
        if not found:
            absent.append(str(item))
        elif only_cuts in (0, len(found)):
            kind = "blunt" if item.is_blunt() else "5' overhang" if item.is_5overhang() else "3' overhang"
            rows[str(item)] = {
                "recognition": item.site,
                "ends": kind,
                "sites": [{"start": start, "strand": strand} for start, strand in found],
            }
    at_start = [name for name, row in rows.items() if row["sites"][0]["start"] + len(row["recognition"]) <= 11]
    data = {"sites": rows, "absent": absent, "at_start": at_start, "circular": circular}
    many = f" with exactly {only_cuts} sites" if only_cuts else ""
    if not rows:
        return empty(
            f"None of {len(chosen)} enzymes{many} recognises this sequence of {len(letters)} bases.", data=data
        )
    # What most suppliers sell is what most freezers hold: EcoRI and BamHI come before enzymes that few have heard of.
    stocked = {str(item): -len(item.suppl) for item in chosen}
    first = sorted(rows, key=lambda name: (stocked[name], name))[:15]
    named = ", ".join(f"{name} ({len(rows[name]['sites'])})" for name in first)
    return ok(
        f"{len(rows)} of {len(chosen)} enzymes{many} recognise this sequence: {named}"
        f"{', ...' if len(rows) > 15 else ''}.",
        values=(Value(name="enzymes", value=len(rows)),),
        data=data,
    )


@tool("biology")
def amplify(template: str, forward: str, reverse: str, circular: bool = False, min_annealing: int = 15) -> Result:
    """PCR in silico: which products a pair of primers makes on a template, with their lengths and sequences.

    Args:
        template: DNA in letters.
        forward: First primer, 5' to 3'; bases before the annealing part are kept as a tail.
        reverse: Second primer, 5' to 3'.
        circular: Whether the template is a plasmid.
        min_annealing: Bases at the 3' end that have to match exactly.

    Returns:
        Products as candidates, the shortest first; ``data.products`` has length, start, end (template bases, from 1)
        and sequence; empty, with the reason, when there is none.

    Source:
        Exact matching of 3' ends; mispriming with mismatches is not modelled.
    """
    letters = text.dna(template, "template")
    primers = {"forward": text.dna(forward, "forward"), "reverse": text.dna(reverse, "reverse")}
    if min_annealing < 6:
        raise RepairableToolError(f"min_annealing is {min_annealing}; under 6 bases everything anneals.")
    found = cloning.amplify(letters, primers["forward"], primers["reverse"], circular=circular, minimum=min_annealing)
    rows = [
        {"length": len(a.sequence), "start": a.start, "end": a.end, "left_primer": a.left, "sequence": a.sequence}
        for a in found
    ]
    data = {"products": rows, "count": len(rows), "lengths": [row["length"] for row in rows]}
    if not found:
        return empty(
            f"The primers make no product on this template of {len(letters)} bases: "
            f"{_why_none(letters, primers, circular, min_annealing)}.",
            data=data,
        )
    return ok(
        f"The primers make {len(rows)} product{'s' * (len(rows) > 1)} of "
        f"{', '.join(str(row['length']) for row in rows)} bases.",
        values=(Value(name="products", value=len(rows)), Value(name="product_length", value=rows[0]["length"])),
        data=data,
        candidates=tuple(dna_candidate(a.sequence, f"amplicon {a.start}-{a.end}") for a in found),
    )


def _why_none(template: str, primers: dict[str, str], circular: bool, minimum: int) -> str:
    told = []
    for name, primer in primers.items():
        along = len(cloning.binding_sites(template, primer, circular, minimum))
        against = len(cloning.binding_sites(text.reverse_complement(template), primer, circular, minimum))
        told.append(f"the {name} primer binds {along} times along the given strand and {against} times against it")
    return "; ".join(told)


def _fragment_row(fragment: restriction.Fragment) -> dict[str, Any]:
    return {
        "start": fragment.start,
        "end": fragment.end,
        "length": len(fragment.sequence),
        "left": _end_text(fragment.left),
        "right": _end_text(fragment.right),
        "sequence": fragment.sequence,
    }


def _end_text(end: restriction.End) -> str:
    if end.kind == "end":
        return "end of the molecule"
    return f"{end.enzyme}, blunt" if end.kind == "blunt" else f"{end.enzyme}, {end.kind} overhang {end.overhang}"


def _cut_map(letters: str, found: tuple[restriction.Cut, ...], title: str) -> ArtifactContent:
    svg = feature_map(len(letters), [], [(max(1, cut.top), cut.enzyme) for cut in found], title)
    return ArtifactContent(name="digest.svg", media_type="image/svg+xml", content=svg, title=letters)
