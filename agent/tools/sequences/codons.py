"""Choosing codons: for an organism, without forbidden sites, and with as few changes as the wish needs."""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Sequence
from functools import cache
from itertools import product

from agent.errors import RepairableToolError, TerminalToolError
from agent.tools.sequences.orfs import codon_table
from agent.tools.sequences.text import gc_percent, pattern, reverse_complement

ORGANISMS = {
    "e_coli": ("e_coli_316407", r"E(?:\.|scherichia)?\s*_?coli|bacteri"),
    "h_sapiens": ("h_sapiens_9606", r"human|H(?:\.|omo)\s*sapiens|HEK|HeLa|mammal"),
    "s_cerevisiae": ("s_cerevisiae_4932", r"yeast|S(?:\.|accharomyces)\s*cerevisiae"),
    "m_musculus": ("m_musculus_10090", r"mouse|M(?:\.|us)\s*musculus"),
    "b_subtilis": ("b_subtilis_1423", r"B(?:\.|acillus)\s*subtilis"),
    "d_melanogaster": ("d_melanogaster_7227", r"fruit fly|D(?:\.|rosophila)\s*melanogaster|S2 cells"),
    "c_elegans": ("c_elegans_6239", r"C(?:\.|aenorhabditis)\s*elegans"),
    "g_gallus": ("g_gallus_9031", r"chicken|G(?:\.|allus)\s*gallus"),
}
"""Organisms with a usage table, and how they are called."""

RARE = 0.1
"""Share of its amino acid's codons below which a codon is called rare and not chosen where another will do."""
_ROUNDS = 400
"""Repairs tried before a sequence is said to be impossible; each removes one site."""


@cache
def usage(organism: str) -> dict[str, dict[str, float]]:
    """For each amino acid (one letter, '*' for stop) the share of its codons.

    Raises:
        RepairableToolError: There is no table of that organism.
        TerminalToolError: The package with the tables is not installed.

    Source: Y. Nakamura, T. Gojobori, T. Ikemura, Nucleic Acids Res. 28 (2000) 292 (Kazusa database).
    """
    found = next(
        (name for key, (name, shape) in ORGANISMS.items() if organism == key or re.search(shape, organism, re.I)), None
    )
    if found is None:
        raise RepairableToolError(
            f"There is no codon usage table for '{organism}'.", remedy=f"There are: {', '.join(ORGANISMS)}."
        )
    if importlib.util.find_spec("python_codon_tables") is None:
        raise TerminalToolError("The codon usage tables are not installed.", remedy="pip install 'gedanken[sequences]'")
    import python_codon_tables

    return python_codon_tables.get_codons_table(found)


def back_translate(protein: str, organism: str) -> str:
    """A coding sequence with each residue's most used codon, without a stop."""
    table = usage(organism)
    return "".join(max(table[residue], key=lambda codon: table[residue][codon]) for residue in protein)


def without_sites(coding: str, sites: Sequence[str], organism: str, *, genetic_code: int = 1) -> tuple[str, list[str]]:
    """A coding sequence freed of sites by synonymous codons, with as few changed bases as each site needs.

    Each round takes the first site that is left and tries the synonymous codons that overlap it, singly and then in
    pairs: those that leave fewest sites, change fewest bases and are used most.

    Args:
        coding: Upper-case DNA in frame.
        sites: What must not be there, IUPAC letters, on either strand.
        organism: Whose codon usage is preferred.
        genetic_code: NCBI translation table.

    Returns:
        The sequence, and the sites that could not be removed.
    """
    forward, _, _ = codon_table(genetic_code)
    table = usage(organism)
    shapes = [pattern(one) for site in sites for one in dict.fromkeys((site, reverse_complement(site)))]
    stuck: set[tuple[int, int]] = set()
    text = coding
    for _ in range(_ROUNDS):
        places = [place for place in _places(text, shapes) if place not in stuck]
        if not places:
            break
        begin, stop = places[0]
        better = _repaired(text, begin, stop, shapes, forward, table)
        if better is None:
            stuck.add((begin, stop))
        else:
            text = better
    return text, sorted({text[begin:stop] for begin, stop in _places(text, shapes)})


def _places(text: str, shapes: Sequence[re.Pattern[str]]) -> list[tuple[int, int]]:
    found = {(match.start(), match.start() + len(match[1])) for shape in shapes for match in shape.finditer(text)}
    return sorted(found)


def _repaired(
    text: str,
    begin: int,
    stop: int,
    shapes: Sequence[re.Pattern[str]],
    forward: dict[str, str],
    table: dict[str, dict[str, float]],
) -> str | None:
    """The best synonymous variant in which a site is gone and no other has come; ``None`` if there is none."""
    first = begin - begin % 3
    starts = [place for place in range(first, stop, 3) if text[place : place + 3] in forward]
    now = len(_places(text, shapes))
    tried = []
    for at_once in (1, 2):
        for chosen in (starts[i : i + at_once] for i in range(len(starts) - at_once + 1)):
            choices = [_synonyms(text[place : place + 3], forward) for place in chosen]
            for codons in product(*choices):
                other = text
                for place, codon in zip(chosen, codons, strict=True):
                    other = other[:place] + codon + other[place + 3 :]
                left = len(_places(other, shapes))
                if left < now:
                    changes = sum(a != b for a, b in zip(text, other, strict=True))
                    shares = [table[forward[codon]].get(codon, 0.0) for codon in codons]
                    tried.append((left, min(shares) < RARE, changes, -min(shares), other))
        if tried:
            return min(tried)[-1]
    return None


def _synonyms(codon: str, forward: dict[str, str]) -> list[str]:
    return [other for other, residue in forward.items() if residue == forward[codon]]


def adaptation(coding: str, organism: str) -> float:
    """Geometric mean over codons of the share relative to the amino acid's most used one; at most 1.

    Single-codon amino acids and stops are left out, as in the codon adaptation index (Sharp and Li, Nucleic Acids Res.
    15 (1987) 1281), whose reference set of highly expressed genes is here the organism's whole usage.
    """
    table = usage(organism)
    relative = {
        codon: share / max(codons.values())
        for residue, codons in table.items()
        if residue != "*" and len(codons) > 1
        for codon, share in codons.items()
    }
    logs = [math.log(max(relative[codon], 0.01)) for codon in _codons(coding) if codon in relative]
    return math.exp(sum(logs) / len(logs)) if logs else 1.0


def _codons(coding: str) -> list[str]:
    return [coding[place : place + 3] for place in range(0, len(coding) - 2, 3)]


def rare_codons(coding: str, organism: str) -> list[int]:
    """Numbers, from 1, of the codons that the organism uses rarely."""
    shares = {codon: share for codons in usage(organism).values() for codon, share in codons.items()}
    return [number for number, codon in enumerate(_codons(coding), start=1) if shares.get(codon, 1.0) < RARE]


def longest_run(coding: str) -> int:
    """Length of the longest run of one base."""
    return max((len(match[0]) for match in re.finditer(r"(.)\1*", coding)), default=0)


def balance(coding: str, sites: Sequence[str], organism: str, low: float, high: float) -> str:
    """A coding sequence whose GC was brought between bounds by synonymous codons that are not rare.

    Codons are exchanged one at a time, those that lose least in usage first, and none that brings a site.
    """
    forward, _, _ = codon_table(1)
    table = usage(organism)
    shapes = [pattern(one) for site in sites for one in dict.fromkeys((site, reverse_complement(site)))]
    text = coding
    for _ in range(len(coding)):
        gc = gc_percent(text)
        if low <= gc <= high:
            break
        sign = -1 if gc > high else 1
        options = []
        for place in range(0, len(text) - 2, 3):
            codon = text[place : place + 3]
            if codon not in forward:
                continue
            shares = table[forward[codon]]
            for other in _synonyms(codon, forward):
                gain = sign * (sum(b in "GC" for b in other) - sum(b in "GC" for b in codon))
                if gain > 0 and shares.get(other, 0.0) >= RARE:
                    options.append((shares[codon] - shares[other], place, other))
        now = len(_places(text, shapes))
        for _, place, other in sorted(options):
            changed = text[:place] + other + text[place + 3 :]
            if len(_places(changed, shapes)) <= now:
                text = changed
                break
        else:
            break
    return text
