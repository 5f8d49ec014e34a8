"""Tools that read and describe sequences."""

from __future__ import annotations

from typing import Any

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import FilePath, ok, progress, tool
from agent.tools.sequences import orfs as orf_core
from agent.tools.sequences import reading, text
from agent.tools.sequences.common import MOST_CANDIDATES, as_values, left_out, map_of
from agent.tools.sequences.drawing import Feature
from agent.tools.sequences.properties import describe_dna, describe_protein, net_charge
from agent.tools.sequences.thermo import Salt
from agent.units import counted

_ENGINE = ("biopython",)


@tool("biology", engines=_ENGINE)
def read_sequences(path: FilePath, reference: bool = False) -> Result:
    """Read a sequence file (FASTA, GenBank or plain letters) and tell DNA, RNA and protein apart.

    Args:
        path: The file; its format is recognised by content.
        reference: Whether the sequences stand beside the table's candidates instead of among them: what is designed
            from them is judged, they are not.

    Returns:
        Candidates of kind sequence with their length; ``data`` has sequences, names, type ('dna', 'rna', 'protein' or
        'mixed'), dna (RNA written with T included), proteins, and records with description, circular and features.

    Source:
        Formats as NCBI documents them; GenBank is parsed by Biopython.
    """
    found = reading.read_file(path)
    types = {sequence.type for sequence in found}
    kind = types.pop() if len(types) == 1 else "mixed"
    total = sum(len(sequence.letters) for sequence in found)
    records = [
        {
            "name": sequence.name,
            "description": sequence.description,
            "type": sequence.type,
            "length": len(sequence.letters),
            "circular": sequence.circular,
            "features": list(sequence.features),
        }
        for sequence in found
    ]
    drafts = [
        CandidateDraft(
            kind="sequence",
            structure=sequence.letters,
            name=sequence.name,
            values=(Value(name="length", value=len(sequence.letters)),),
            labels={"type": sequence.type} | ({"role": "reference"} if reference else {}),
        )
        for sequence in found[:MOST_CANDIDATES]
    ]
    maps = [
        map_of(sequence.letters, _features(sequence), sequence.name, number)
        for number, sequence in enumerate(found, start=1)
        if sequence.features
    ]
    return ok(
        f"{path} holds {counted(len(found), f'{kind} sequence')} with {total} letters in all: "
        f"{', '.join(s.name for s in found[:6])}{', ...' if len(found) > 6 else ''}.",
        values=(Value(name="sequences", value=len(found)), Value(name="letters", value=total)),
        data={
            "type": kind,
            "names": [sequence.name for sequence in found],
            "sequences": [sequence.letters for sequence in found],
            "dna": [s.letters.replace("U", "T") for s in found if s.type != "protein"],
            "proteins": [s.letters.rstrip("*") for s in found if s.type == "protein"],
            "records": records,
        },
        candidates=drafts,
        artifacts=maps,
        warnings=left_out(len(found)),
    )


@tool("biology", engines=_ENGINE)
def analyse_dna(
    sequences: list[str],
    start: int = 1,
    end: int = 0,
    sodium_mM: float = 50.0,
    magnesium_mM: float = 1.5,
    dntp_mM: float = 0.2,
    primer_nM: float = 250.0,
) -> Result:
    """Length, GC percent, melting temperature, composition, codon usage and number of ORFs of DNA or RNA sequences.

    Args:
        sequences: DNA or RNA in letters.
        start: First base looked at, from 1, in every sequence.
        end: Last base looked at; 0 for the whole sequence.
        sodium_mM: Monovalent cations for the melting temperature, in mM.
        magnesium_mM: Magnesium, in mM.
        dntp_mM: dNTPs, in mM (they bind magnesium).
        primer_nM: Concentration of the oligonucleotide, in nM.

    Returns:
        Candidates with length, GC and melting_temperature (nearest neighbour up to 60 bases, a GC formula beyond);
        ``data.rows`` has also composition, codons (where the length is a multiple of three) and orfs (complete, from
        ATG, 30 residues or more, both strands).

    Source:
        Allawi and SantaLucia, Biochemistry 36 (1997) 10581; salt: Owczarzy et al., Biochemistry 47 (2008) 5336; long
        duplexes: von Ahsen et al., Clin. Chem. 47 (2001) 1956.
    """
    salt = _salt(sodium_mM, magnesium_mM, dntp_mM, primer_nM)
    rows: list[dict[str, Any]] = []
    drafts: list[CandidateDraft] = []
    for number, given in enumerate(_some(sequences), start=1):
        whole = text.dna(given, f"sequences[{number - 1}]")
        part = _part(whole, start, end)
        row = describe_dna(part, salt)
        row["orfs"] = len(orf_core.find(part, orf_core.Rules(minimum=30)))
        rows.append({"sequence": part, **row})
        drafts.append(
            CandidateDraft(
                kind="sequence",
                structure=part,
                values=as_values(row, ("length", "GC", "melting_temperature")),
                labels={"type": "dna", "tm_method": row["tm_method"]},
            )
        )
        progress(number / len(sequences), f"{number} of {len(sequences)} described")
    first = rows[0]
    tm = first["melting_temperature"]
    told = f", melting temperature {tm:.1f} degC ({first['tm_method']})" if tm is not None else ""
    return ok(
        f"{counted(len(rows), 'sequence')} described. The first has {first['length']} bases, GC {first['GC']:.2f} %"
        f"{told} and {first['orfs']} ORFs of 30 residues or more.",
        values=as_values(first, ("length", "GC", "melting_temperature")) if len(rows) == 1 else (),
        data={"rows": rows, "conditions": salt.text},
        candidates=drafts[:MOST_CANDIDATES],
        warnings=left_out(len(drafts)),
    )


@tool("biology", engines=_ENGINE)
def analyse_proteins(sequences: list[str], pH: float = 7.0) -> Result:
    """Mass, isoelectric point, hydropathy (GRAVY), instability, extinction coefficients and composition of proteins.

    Args:
        sequences: Proteins in one-letter code; a final '*' is ignored.
        pH: Where their net charge is computed.

    Returns:
        Candidates with length, protein_mass, isoelectric_point, GRAVY, instability_index, extinction_coefficient (280
        nm, cysteines reduced) and extinction_coefficient_oxidised (all paired), labelled with the net charge;
        ``data.rows`` has net_charge and the composition too.

    Source:
        The methods of ExPASy ProtParam (Gasteiger et al. 2005), as Biopython implements them.
    """
    names = (
        "length",
        "protein_mass",
        "isoelectric_point",
        "GRAVY",
        "instability_index",
        "extinction_coefficient",
        "extinction_coefficient_oxidised",
    )
    if not 0 <= pH <= 14:
        raise RepairableToolError(f"pH is {pH}.", remedy="Give 0 to 14.")
    rows: list[dict[str, Any]] = []
    drafts: list[CandidateDraft] = []
    for number, given in enumerate(_some(sequences), start=1):
        sequence = text.protein(given, f"sequences[{number - 1}]")
        row = describe_protein(sequence) | {"net_charge": net_charge(sequence, pH)}
        rows.append({"sequence": sequence, **row})
        charge = f"{row['net_charge']:+.1f} at pH {pH:g}"
        drafts.append(
            CandidateDraft(
                kind="sequence",
                structure=sequence,
                values=as_values(row, names),
                labels={"type": "protein", "net_charge": charge},
            )
        )
        progress(number / len(sequences), f"{number} of {len(sequences)} described")
    first = rows[0]
    return ok(
        f"{counted(len(rows), 'protein')} described. The first has "
        f"{first['length']} residues, {first['protein_mass']:.1f} g/mol, "
        f"pI {first['isoelectric_point']:.2f}, GRAVY {first['GRAVY']:.3f}, "
        f"net charge {first['net_charge']:+.1f} at pH {pH:g}.",
        values=as_values(first, names) if len(rows) == 1 else (),
        data={"rows": rows},
        candidates=drafts[:MOST_CANDIDATES],
        warnings=left_out(len(drafts)),
    )


@tool("biology")
def reverse_complement(sequence: str) -> Result:
    """The other strand of a DNA or RNA sequence, 5' to 3'.

    Args:
        sequence: DNA or RNA in letters; RNA is written as DNA.

    Returns:
        ``data.sequence``; the strand as candidate.
    """
    letters = text.dna(sequence)
    other = text.reverse_complement(letters)
    return ok(
        f"The reverse complement has {len(other)} bases: {text.short(other, 60)}.",
        values=(Value(name="length", value=len(other)),),
        data={"sequence": other, "palindrome": other == letters},
        candidates=(CandidateDraft(kind="sequence", structure=other, labels={"type": "dna"}),),
    )


def _some(sequences: list[str]) -> list[str]:
    if not sequences:
        raise RepairableToolError("sequences is empty.", remedy="Give at least one sequence.")
    return sequences


def _part(whole: str, start: int, end: int) -> str:
    last = end or len(whole)
    if not 1 <= start <= last <= len(whole):
        raise RepairableToolError(
            f"start {start} and end {end} do not lie within the {len(whole)} bases.", remedy="Positions count from 1."
        )
    return whole[start - 1 : last]


def _salt(sodium: float, magnesium: float, dntp: float, primer: float) -> Salt:
    if sodium <= 0 or magnesium < 0 or dntp < 0 or primer <= 0:
        raise RepairableToolError(
            "sodium_mM and primer_nM have to be positive, magnesium_mM and dntp_mM not negative.",
            remedy="The defaults are those of a usual PCR.",
        )
    return Salt(sodium, magnesium, dntp, primer)


def _features(sequence: reading.Sequence) -> list[Feature]:
    return [
        Feature(feature["start"], feature["end"], "-" if feature["strand"] == -1 else "+", str(feature["label"]))
        for feature in sequence.features
    ]
