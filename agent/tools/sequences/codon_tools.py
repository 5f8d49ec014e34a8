"""Tools that choose codons."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import codons, restriction, text
from agent.tools.sequences.orfs import translate
from agent.units import counted

_ENGINE = ("biopython", "python-codon-tables")


@tool("biology", engines=_ENGINE)
def optimise_codons(
    protein: str,
    organism: str = "e_coli",
    avoid: list[str] = [],
    gc_low: float = 30.0,
    gc_high: float = 65.0,
    stop: str = "TAA",
    longest_run: int = 6,
) -> Result:
    """Write a protein's coding sequence in the codons that an organism uses most, without forbidden sites.

    Args:
        protein: Amino acids in one-letter code.
        organism: Such as e_coli, human, yeast, mouse, b_subtilis.
        avoid: Enzymes (EcoRI) or sequences (IUPAC letters) that must not be there, on either strand.
        gc_low: Lowest GC of the whole, in percent.
        gc_high: Highest GC of the whole, in percent.
        stop: Stop codon to end with; empty for none.
        longest_run: Longest run of one base that is left where another codon can break it.

    Returns:
        The sequence as a candidate; ``data``: sequence, adaptation (0 to 1), rare_codons (numbers), longest_run, GC and
        remaining (forbidden sites that could not be removed); it translates back to the protein, which is checked.

    Source:
        Codon usage of the Kazusa database (Nakamura et al., Nucleic Acids Res. 28 (2000) 292); relative adaptiveness of
        Sharp and Li, Nucleic Acids Res. 15 (1987) 1281.
    """
    letters = text.protein(protein, "protein")
    if not 2 <= longest_run <= 20:
        raise RepairableToolError(f"longest_run is {longest_run}.", remedy="Give 2 to 20; 6 is usual.")
    sites = _sites(avoid)
    # Polymerases slip on long runs of one base, so they are broken too where that can be.
    unwanted = [*sites.values(), *(base * (longest_run + 1) for base in "ACGT")]
    begun = codons.back_translate(letters, organism) + _stop(stop)
    cleared, _ = codons.without_sites(begun, unwanted, organism)
    balanced = codons.balance(cleared, unwanted, organism, gc_low, gc_high)
    made, remaining = codons.without_sites(balanced, unwanted, organism)
    return _told(made, letters, organism, sites, remaining, f"{len(letters)} residues in codons of {organism}")


@tool("biology", engines=_ENGINE)
def remove_sites_silently(coding: str, sites: list[str], organism: str = "e_coli", genetic_code: int = 1) -> Result:
    """Remove restriction sites or other motifs from a coding sequence by silent mutations.

    Args:
        coding: The coding sequence in frame, from its start codon.
        sites: Enzymes (EcoRI) or sequences (IUPAC letters) to remove, on either strand.
        organism: Whose codon usage the new codons follow.
        genetic_code: NCBI translation table.

    Returns:
        The sequence as a candidate; ``data``: sequence, changes (position from 1, old and new base, codon number, old
        and new codon), removed and remaining sites; the protein is the same, which is checked.

    Source:
        REBASE, as Biopython ships it; codon usage of the Kazusa database.
    """
    letters = text.dna(coding, "coding")
    if len(letters) % 3:
        raise RepairableToolError(
            f"coding has {len(letters)} bases, which is no whole number of codons.", remedy="Give it in frame."
        )
    named = _sites(sites)
    if not named:
        raise RepairableToolError("sites is empty.", remedy="Name an enzyme, such as EcoRI.")
    before = {name: _count(letters, site) for name, site in named.items()}
    if not any(before.values()):
        return empty(f"None of {', '.join(named)} is in this sequence of {len(letters)} bases: nothing to remove.")
    made, remaining = codons.without_sites(letters, list(named.values()), organism, genetic_code=genetic_code)
    protein = translate(letters, genetic_code)
    changes = [
        {
            "position": place + 1, "old": old, "new": new, "codon": place // 3 + 1,
            "old_codon": letters[place - place % 3 :][:3], "new_codon": made[place - place % 3 :][:3],
        }
        for place, (old, new) in enumerate(zip(letters, made, strict=True))
        if old != new
    ]  # fmt: skip
    told = ", ".join(f"{row['old']}{row['position']}{row['new']}" for row in changes[:12])
    result = _told(
        made,
        protein.rstrip("*"),
        organism,
        named,
        remaining,
        f"{len(changes)} silent changes ({told}{', ...' if len(changes) > 12 else ''}) remove "
        f"{', '.join(f'{name} ({count})' for name, count in before.items() if count)}",
        genetic_code,
    )
    return result.model_copy(update={"data": {**result.data, "changes": changes, "before": before}})


def _stop(stop: str) -> str:
    """A stop codon as given, checked; empty for none."""
    if stop and text.dna(stop, "stop") not in ("TAA", "TAG", "TGA"):
        raise RepairableToolError(f"stop is '{stop}'.", remedy="Give TAA, TAG, TGA or nothing.")
    return text.dna(stop, "stop") if stop else ""


def _sites(names: list[str]) -> dict[str, str]:
    """Sites by name: an enzyme's recognition site, or the sequence itself."""
    found = {}
    for name in names:
        plain = name.strip()
        if plain and set(plain.upper()) <= set("ACGTURYSWKMBDHVN") and len(plain) >= 4:
            found[plain] = text.dna(plain, "sites")
        else:
            found |= {str(item): item.site for item in restriction.enzymes([plain])}
    return found


def _count(letters: str, site: str) -> int:
    shapes = dict.fromkeys((site, text.reverse_complement(site)))
    return sum(len(text.pattern(one).findall(letters)) for one in shapes)


def _told(
    made: str, protein: str, organism: str, sites: dict[str, str], remaining: list[str], what: str, code: int = 1
) -> Result:
    if translate(made, code).rstrip("*") != protein:
        raise RuntimeError("the new coding sequence does not encode the protein")
    gc, rare, run = text.gc_percent(made), codons.rare_codons(made, organism), codons.longest_run(made)
    adapted = codons.adaptation(made, organism)
    left = {name: _count(made, site) for name, site in sites.items()}
    gone = [name for name, count in left.items() if not count]
    values = (Value(name="length", value=len(made)), Value(name="GC", value=gc, unit="percent"))
    draft = CandidateDraft(
        kind="sequence", structure=made, name=f"recoded for {organism}", values=values, labels={"type": "dna"}
    )
    return ok(
        f"{what}: {len(made)} bases, GC {gc:.1f} %, codon adaptation {adapted:.2f}, "
        f"{counted(len(rare), 'rare codon')}, longest run {run}{'; without ' + ', '.join(gone) if gone else ''}.",
        values=values,
        data={
            "sequence": made,
            "adaptation": adapted,
            "rare_codons": rare,
            "longest_run": run,
            "GC": gc,
            "remaining": remaining,
            "sites_left": left,
        },
        candidates=(draft,),
        warnings=[f"{name} could not be removed: {count} left." for name, count in left.items() if count],
    )
