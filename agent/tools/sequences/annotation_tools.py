"""Tool that names what a plasmid carries."""

from __future__ import annotations

from typing import Any

from agent.records import Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import elements, orfs, text, vector_genes
from agent.tools.sequences.common import map_of
from agent.tools.sequences.drawing import Feature

_SHORTEST = 30


@tool("biology", engines=("biopython",))
def annotate_plasmid(sequence: str, circular: bool = True) -> Result:
    """Name the resistance genes, reporters, promoters, operators and recombination sites that a plasmid carries.

    Args:
        sequence: DNA in letters.
        circular: Whether it is a circle.

    Returns:
        ``data.parts``: name, kind, start, end, strand of each; ``data.selects``: antibiotics that select bacteria with
        it; ``data.colours``; ``data.guides``: spacers of guide RNAs; a map as artifact. What is not listed is not
        recognised: an empty result is no proof of absence.

    Source:
        UniProt entries of the genes and the published sequences of the elements, as their tables in this package cite.
    """
    letters = text.dna(sequence)
    rows = [*_genes(letters, circular), *_elements(letters, circular)]
    guides = list(vector_genes.guides(letters))
    rows.sort(key=lambda row: row["start"])
    selects = sorted({drug for row in rows for drug in row.pop("selects", ())})
    colours = sorted({row.pop("colour") for row in rows if row.get("colour")})
    for row in rows:
        row.pop("colour", None)
    data = {"parts": rows, "selects": selects, "colours": colours, "guides": guides}
    if not rows and not guides:
        return empty(
            f"None of the {len(vector_genes.GENES)} genes and {len(elements.ELEMENTS)} elements that are known here "
            f"is in this sequence of {len(letters)} bases.",
            data=data,
        )
    named = ", ".join(f"{row['name']} ({row['start']}-{row['end']}, {row['strand']})" for row in rows[:12])
    resistance = f" It gives resistance to {', '.join(selects)}." if selects else " No known resistance gene was found."
    spacers = f" Guide RNA spacers: {', '.join(guides)}." if guides else ""
    features = [Feature(row["start"], row["end"], row["strand"], row["name"]) for row in rows]
    return ok(
        f"{len(rows)} known parts: {named}{', ...' if len(rows) > 12 else ''}.{resistance}{spacers}",
        values=(Value(name="parts", value=len(rows)),),
        data=data,
        artifacts=(map_of(letters, features, "known parts", 1),),
        warnings=("Only listed genes and elements are recognised: absence here is no proof.",),
    )


def _genes(letters: str, circular: bool) -> list[dict[str, Any]]:
    rows = []
    for orf in orfs.find(letters, orfs.Rules(minimum=_SHORTEST, circular=circular)):
        for gene in vector_genes.genes([orf.protein]):
            start, end = (
                sorted((orf.start, orf.end)) if orf.start < orf.end or orf.strand == "-" else (orf.start, orf.end)
            )
            rows.append(
                {
                    "name": gene.name, "kind": "gene", "start": start, "end": end, "strand": orf.strand,
                    "selects": gene.selects, "colour": gene.colour,
                }
            )  # fmt: skip
    return rows


def _elements(letters: str, circular: bool) -> list[dict[str, Any]]:
    rows, size = [], len(letters)
    for element in elements.ELEMENTS:
        length = len(element.site)
        for place, strand in elements.places(letters, element):
            if not circular and place + length > size:
                continue
            start = place + 1 if strand == "+" else size - place - length + 1
            rows.append(
                {"name": element.name, "kind": element.kind, "start": (start - 1) % size + 1,
                 "end": (start + length - 2) % size + 1, "strand": strand}
            )  # fmt: skip
    # A palindromic core is found on both strands at the same place.
    return list({(row["name"], row["start"]): row for row in rows}.values())
