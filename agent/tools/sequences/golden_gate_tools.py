"""Tool that designs a Golden Gate assembly of given parts."""

from __future__ import annotations

from typing import Any

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import cloning, golden_gate, primers, restriction, text
from agent.tools.sequences.common import dna_candidate
from agent.units import counted

_FLANK = "TTGA"
"""Bases before the recognition site, so that the enzyme can sit on the end of a PCR product."""


@tool("biology", engines=("biopython",), seconds=180)
def design_golden_gate(
    parts: list[str],
    names: list[str] = [],
    enzyme: str = "BsaI",
    circular: bool = False,
    outer: list[str] = [],
    tm: float = 60.0,
) -> Result:
    """Design primers that join DNA parts in order by Golden Gate, without scars, and test the assembly in silico.

    Args:
        parts: DNA of each part, in order and orientation.
        names: Their names; empty for part 1, part 2, ...
        enzyme: Type IIS enzyme that leaves 4-base 5' overhangs: BsaI, BsmBI, BbsI, ...
        circular: Whether the last part is joined to the first (the vector is one of the parts).
        outer: The two outer overhangs for the destination vector, of a linear assembly; empty for GGAG and CGCT.
        tm: Wished melting temperature of the annealing parts, in degC.

    Returns:
        ``data``: overhangs (junction, bases), primers (part, forward, reverse, Tm), product, internal_sites (part:
        positions); primers and product as candidates; empty when no overhangs can be told apart.

    Source:
        Engler et al., PLoS ONE 3 (2008) e3647; rules for overhangs: Potapov et al., ACS Synth. Biol. 7 (2018) 2665.
    """
    chosen = restriction.enzymes([enzyme])
    site, spacer = _shape(chosen[0])
    pieces = [text.dna(one, f"parts[{n}]") for n, one in enumerate(parts)]
    named = names if len(names) == len(pieces) else [f"part {n}" for n in range(1, len(pieces) + 1)]
    if len(pieces) < 2 or min(map(len, pieces)) < 20:
        raise RepairableToolError("Two parts or more of 20 bases or more are needed.", remedy="Give all parts.")
    ends = [text.dna(one, "outer") for one in outer] or list(golden_gate.OUTER)
    if len(ends) != 2 or any(len(one) != 4 for one in ends):
        raise RepairableToolError(f"outer is {outer}.", remedy="Give two overhangs of four bases, or none.")
    inside = {
        name: places
        for name, piece in zip(named, pieces, strict=True)
        if (places := [cut.top for cut in restriction.cuts(piece, chosen)])
    }
    places = golden_gate.junctions(pieces, ends, circular=circular)
    if places is None:
        return empty("No set of overhangs at these junctions can be told apart.", data={"internal_sites": inside})
    rows, overhangs = _rows(pieces, named, places, ends, circular, site + spacer, tm)
    product = "".join(pieces) if circular else ends[0] + "".join(pieces) + ends[1]
    made = _assembled(rows, chosen, ends, circular)
    checked = (
        made is not None and len(made) == len(product) and (made == product if not circular else made in product * 2)
    )
    warnings = [
        f"{name} holds {counted(len(cut), f'{enzyme} site')} (cut at {', '.join(map(str, cut))}): remove it by silent "
        "mutations or take another enzyme, else the assembly is cut again."
        for name, cut in inside.items()
    ]
    if not checked and not inside:
        return empty(
            f"The designed parts do not assemble in silico: a {enzyme} site arises where a tail meets a part. Take "
            "another enzyme or other outer overhangs.",
            data={"overhangs": overhangs, "primers": rows},
        )
    warnings += [f"{row['name']}: {problem}" for row in rows for problem in row["problems"]]
    if not circular and not outer:
        warnings.append(f"The outer overhangs {ends[0]} and {ends[1]} are usual ones: give those of your vector.")
    listed = ", ".join(f"{row['junction']} {row['bases']}" for row in overhangs)
    return ok(
        f"{counted(len(rows), 'primer pair')} for {enzyme}; overhangs {listed}; "
        + ("the assembly gives" if checked else "without the inner sites it would give")
        + f" {'a circle' if circular else 'a piece'} of {len(product)} bases in the order {' - '.join(named)}.",
        values=(Value(name="product_length", value=len(product)), Value(name="junctions", value=len(overhangs))),
        data={"primers": rows, "overhangs": overhangs, "product": product, "internal_sites": inside},
        candidates=[*(draft for row in rows for draft in _drafts(row)), dna_candidate(product, "assembled product")],
        warnings=warnings,
    )


def _shape(enzyme: Any) -> tuple[str, str]:
    """The recognition site of a type IIS enzyme and the bases up to its cut."""
    site, cut = enzyme.site, enzyme.fst5
    if enzyme.is_unknown() or cut is None or cut <= len(site) or enzyme.ovhg != -4:
        raise RepairableToolError(
            f"{enzyme} is no type IIS enzyme that leaves four bases.", remedy="Use BsaI, BsmBI, BbsI or Esp3I."
        )
    return site, "A" * (cut - len(site))


def _rows(
    pieces: list[str], names: list[str], places: list[int], ends: list[str], circular: bool, head: str, tm: float
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """The primers of each part with their tails, and the overhangs."""
    size, rows = len(pieces), []
    bounds = [(n, (n + 1) % size) for n in range(len(places))]
    overhangs = [
        {"junction": f"{names[a]}/{names[b]}", "bases": golden_gate.overhang_at(pieces[a], pieces[b], place)}
        for (a, b), place in zip(bounds, places, strict=True)
    ]
    for n, piece in enumerate(pieces):
        left = places[n - 1] if circular or n else None
        right = places[n] if circular or n < size - 1 else None
        # Bases of the neighbours that the overhangs reach into are brought by the primers' tails.
        before = ends[0] if left is None else pieces[n - 1][len(pieces[n - 1]) + left :] if left < 0 else ""
        after = ends[1] if right is None else pieces[(n + 1) % size][: max(0, right + 4)]
        wish = primers.Wish(tm=tm)
        pair = primers.design(
            piece, 1, len(piece), wish, count=1,
            forward_tail=_FLANK + head + before, reverse_tail=_FLANK + head + text.reverse_complement(after),
        )[0]  # fmt: skip
        rows.append(
            {
                "name": names[n], "forward": pair.forward.sequence, "reverse": pair.reverse.sequence,
                "forward_tm": pair.forward.tm, "reverse_tm": pair.reverse.tm, "problems": list(pair.problems),
                "amplicon": _FLANK + head + before + piece + after
                + text.reverse_complement(_FLANK + head),
            }
        )  # fmt: skip
    return rows, overhangs


def _assembled(rows: list[dict[str, Any]], chosen: list[Any], ends: list[str], circular: bool) -> str | None:
    """What the amplicons give when they are cut and joined; a stand-in for its vector closes a linear assembly."""
    found = [cloning.golden_gate_parts(row["amplicon"], chosen, False, row["name"]) for row in rows]
    if any(len(one) != 1 for one in found):
        return None
    parts = [one[0] for one in found]
    stand_in = ends[1] + "AAAAAAAAAA"
    if not circular:
        made = cloning.annealed(stand_in, text.reverse_complement(stand_in[4:] + ends[0]), "vector")
        if made is None:
            return None
        parts.append(made)
    products = cloning.ligate(parts, need=tuple(part.name.partition(":")[0] for part in parts))
    if len(products) != 1:
        return None
    whole = products[0].sequence
    return whole if circular else whole[: len(whole) - len(stand_in)] + ends[1]


def _drafts(row: dict[str, Any]) -> list[CandidateDraft]:
    return [
        CandidateDraft(
            kind="sequence", structure=row[side], name=f"{row['name']} {side} primer",
            values=(
                Value(name="length", value=len(row[side])),
                Value(name="melting_temperature", value=row[f"{side}_tm"], unit="degC"),
            ),
            labels={"type": "dna"},
        )
        for side in ("forward", "reverse")
    ]  # fmt: skip
