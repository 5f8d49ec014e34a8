"""Tools about substitutions of a protein: what they change, and the primers that make them."""

from __future__ import annotations

from typing import Literal

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import ok, tool
from agent.tools.sequences import codons, mutagenesis, text, variants
from agent.tools.sequences.common import as_values
from agent.tools.sequences.orfs import translate
from agent.tools.sequences.properties import describe_protein
from agent.units import counted

_VALUES = ("length", "protein_mass", "isoelectric_point", "GRAVY", "instability_index")


@tool("biology", engines=("biopython",))
def assess_variants(protein: str, substitutions: list[str]) -> Result:
    """What amino-acid substitutions change by the residues alone, each and all together; no structure is used.

    Args:
        protein: The protein in one-letter code.
        substitutions: Written as S65T; positions from 1. A numbering that is shifted as a whole is recognised.

    Returns:
        Each variant and their combination as candidates; ``data``: shift, and rows with name, position (in the given
        sequence), blosum62, kind (conservative, moderate, radical), hydropathy, volume (cubic angstrom), charge, flags.

    Source:
        BLOSUM62: Henikoff and Henikoff, PNAS 89 (1992) 10915; Kyte and Doolittle, J. Mol. Biol. 157 (1982) 105; volumes
        of Zamyatnin, Prog. Biophys. Mol. Biol. 24 (1972) 107.
    """
    letters = text.protein(protein, "protein")
    wanted = variants.parse(substitutions)
    shift = variants.shift_of(letters, wanted)
    base = describe_protein(letters)
    rows, drafts, told = [], [], []
    for one in wanted:
        what = variants.change(one)
        rows.append(
            {
                "name": one.name, "position": one.position + shift, "blosum62": what.blosum62, "kind": what.kind,
                "hydropathy": what.hydropathy, "volume": what.volume, "charge": what.charge, "flags": list(what.flags),
            }
        )  # fmt: skip
        told.append(
            f"{one.name} is {what.kind} (BLOSUM62 {what.blosum62:+d}{'; ' * bool(what.flags)}{', '.join(what.flags)})"
        )
        drafts.append(_variant(letters, [one], shift))
    if len(wanted) > 1:
        drafts.append(_variant(letters, wanted, shift))
    whole = describe_protein(variants.mutated(letters, wanted, shift))
    drafts.insert(
        0, CandidateDraft(kind="sequence", structure=letters, name="unchanged", values=as_values(base, _VALUES))
    )
    warnings = [
        "By the residues alone: whether a variant is active, stable or resistant depends on where it lies in the "
        "structure, which is not used here."
    ]
    if shift:
        warnings.insert(0, _shifted(wanted, shift))
    return ok(
        f"{'; '.join(told)}. {'Together they' if len(wanted) > 1 else 'It'} move the isoelectric point from "
        f"{base['isoelectric_point']:.2f} to {whole['isoelectric_point']:.2f}.".replace("It move ", "It moves "),
        values=(Value(name="isoelectric_point", value=whole["isoelectric_point"]),),
        data={"shift": shift, "rows": rows, "sequence": variants.mutated(letters, wanted, shift)},
        candidates=drafts,
        warnings=warnings,
    )


@tool("biology", engines=("biopython", "python-codon-tables"))
def design_mutagenesis_primers(
    coding: str,
    substitutions: list[str],
    method: Literal["overlapping", "back_to_back"] = "overlapping",
    tm: float = 0.0,
    organism: str = "e_coli",
    start: int = 1,
) -> Result:
    """Design primers for site-directed mutagenesis of a coding sequence, one pair for each substitution.

    Args:
        coding: DNA that holds the coding sequence (a whole plasmid may be given, with start).
        substitutions: Written as S65T; positions from 1 of the protein. A shifted numbering is recognised.
        method: 'overlapping': both primers carry the change and pair over their whole length (QuikChange);
            'back_to_back': the forward primer carries it, the reverse one begins right beside it (inverse PCR).
        tm: Least melting temperature in degC; 0 for the method's usual one (78 and 60).
        organism: Whose codon usage decides between equally near codons.
        start: First base of the start codon in the given DNA, from 1.

    Returns:
        ``data.pairs``: name, codon (old and new), position (first base of the codon in the given DNA), forward,
        reverse, Tm, GC, problems; ``data.sequence`` with all changes; primers and product as candidates.

    Source:
        Overlapping: Tm = 81.5 + 0.41 GC% - 675/N - mismatch%, 25 to 45 bases, as the QuikChange manual (Stratagene)
        states it; back to back: nearest neighbour for the part behind the change, as `design_primers`.
    """
    letters = text.dna(coding, "coding")
    if not 1 <= start <= len(letters) - 2:
        raise RepairableToolError(
            f"start is {start}; the DNA has {len(letters)} bases.", remedy="Give the start codon."
        )
    reading = letters[start - 1 :][: (len(letters) - start + 1) // 3 * 3]
    protein = translate(reading, 1).partition("*")[0]
    wanted = variants.parse(substitutions)
    shift = variants.shift_of(protein, wanted)
    made, pairs, drafts = letters, [], []
    for one in wanted:
        place = start - 1 + 3 * (one.position + shift - 1)
        old = letters[place : place + 3]
        new = variants.codon_for(old, one.new, codons.usage(organism)[one.new])
        pair = mutagenesis.pair(letters, place, new, method, tm or mutagenesis.USUAL_TM[method])
        made = made[:place] + new + made[place + 3 :]
        pairs.append({"name": one.name, "old_codon": old, "new_codon": new, "position": place + 1, **pair})
        for side in ("forward", "reverse"):
            values = (
                Value(name="length", value=len(pair[side])),
                Value(name="GC", value=text.gc_percent(pair[side]), unit="percent"),
                Value(name="melting_temperature", value=pair[f"{side}_tm"], unit="degC"),
            )
            drafts.append(
                CandidateDraft(
                    kind="sequence", structure=pair[side], name=f"{one.name} {side} primer", values=values,
                    labels={"type": "dna", "problems": "; ".join(pair["problems"]) or "none"},
                )
            )  # fmt: skip
    if translate(made[start - 1 :][: len(reading)], 1).partition("*")[0] != variants.mutated(protein, wanted, shift):
        raise RuntimeError("the mutated sequence does not encode the wished protein")
    named = "+".join(one.name for one in wanted)
    values = (Value(name="length", value=len(made)), Value(name="GC", value=text.gc_percent(made), unit="percent"))
    drafts.append(
        CandidateDraft(kind="sequence", structure=made, name=f"{named} product", values=values, labels={"type": "dna"})
    )
    first = pairs[0]
    broken = [f"{row['name']}: {problem}" for row in pairs for problem in row["problems"]]
    return ok(
        f"{counted(len(pairs), 'primer pair')} ({method.replace('_', ' ')}): {first['name']} changes "
        f"{first['old_codon']} to {first['new_codon']} with {first['forward']} (Tm {first['forward_tm']:.1f} degC) and "
        f"{first['reverse']} (Tm {first['reverse_tm']:.1f} degC).",
        values=tuple(
            Value(name=f"{side}_tm", value=first[f"{side}_tm"], unit="degC") for side in ("forward", "reverse")
        ),
        data={"pairs": pairs, "sequence": made, "shift": shift, "method": method},
        candidates=drafts,
        warnings=([_shifted(wanted, shift)] if shift else []) + broken,
    )


def _variant(protein: str, wanted: list[variants.Substitution], shift: int) -> CandidateDraft:
    letters = variants.mutated(protein, wanted, shift)
    kinds = ", ".join(variants.change(one).kind for one in wanted)
    return CandidateDraft(
        kind="sequence", structure=letters, name="+".join(one.name for one in wanted),
        values=as_values(describe_protein(letters), _VALUES), labels={"type": "protein", "change": kinds},
    )  # fmt: skip


def _shifted(wanted: list[variants.Substitution], shift: int) -> str:
    one = wanted[0]
    return (
        f"The numbering is shifted by {shift:+d} against the given sequence: {one.name} is taken as residue "
        f"{one.position + shift}."
    )
