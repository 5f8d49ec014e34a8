"""What a molecular biologist asks of sequences beyond analysis: guides, codons, silent mutations, assays, cloning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.reasoning.playbooks.base import StepWriter
from agent.reasoning.protocol import Context
from agent.reasoning.questions.naming import gene_names
from agent.reasoning.questions.vectors import cloning_region
from agent.reasoning.questions.wording import ASSEMBLY
from agent.reasoning.understanding import GoalParts
from agent.records import Brief

TASKS: tuple[tuple[str, str], ...] = (
    (
        "guides",
        r"guide RNAs?|\bs?gRNAs?\b|CRISPR|Cas9\b|Cas12|protospacer|\bguides?\s+(?:in|for|against|to|target)|가이드",
    ),
    ("other_strand", r"reverse[- ]complement|complementary strand|other strand|역상보|상보\s*(?:서열|가닥)"),
    (
        "frames",
        r"\b(?:all|every|each|both|six|6|three|3)\b[\w -]{0,20}\bframes?\b|(?:모든|여섯"
        r"|6개)\s*(?:개\s*)?(?:해독\s?)?(?:틀"
        r"|프레임)",
    ),
    (
        "codons",
        r"\bcodons?\b[^.]{0,20}optimi[sz]\w*|codon-?optimi[sz]\w*|optimi[sz]\w* (?:[\w'’-]+ ){0,4}codons?"
        r"|optimi[sz]\w*[^.]{0,60}\bexpress\w+ in\b|\brecod(?:e|ed|ing)\b|codon[- ](?:adapt|harmoni[sz])\w*"
        r"|(?:back|reverse)[- ]?translat\w*|코돈.{0,20}최적화",
    ),
    (
        "silent",
        r"silent(?:ly)?\b|synonymous|domesticat\w+|침묵|동의\s*(?:돌연)?변이"
        r"|(?:remov|eliminat|destroy)\w*[^.]{0,60}\bsites?\b(?=[^.]*(?:protein|amino|coding|without))",
    ),
    ("qpcr", r"\bq-?(?:RT-?)?PCR|RT-qPCR|real[- ]?time PCR|quantitative PCR|정량\s*PCR"),
    ("parts", r"resistan\w+|antibiotic|annotat\w+|promoters?\b|which (?:genes|features)|reporter|항생제|내성"),
    ("gibson", ASSEMBLY),
    (
        "cutters",
        r"which\b.{0,40}\benzymes?\b.{0,40}\bcuts?\b|unique (?:cutters?|sites?)|single[- ]cutters?"
        r"|\bcuts?\b.{0,40}\bonce\b|어떤 (?:제한)?효소",
    ),
    ("clone", r"\bclon(?:e|ed|es|ing)\b|\bsubclon\w+|클로닝"),
)
"""Tasks and the words that ask for them."""

REPLACED: dict[str, tuple[str, ...]] = {
    "guides": ("primers",),
    "frames": ("translate",),
    "codons": ("digest", "sites", "translate"),
    "silent": ("digest", "sites"),
    "qpcr": ("primers",),
    "gibson": ("primers", "digest", "clone", "orfs"),
    "cutters": ("digest", "sites"),
    "clone": ("primers", "digest", "orfs"),
}
"""Tasks that another includes: its words name them too."""

_COLI = "Escherichia coli"


async def genes_named(parts: GoalParts, context: Context) -> list[list[str]]:
    """Genes that a goal names instead of a sequence, each with its organism, as far as a genome at hand has them."""
    organism = next((word for name, word in parts.organisms if name == _COLI), None)
    if organism is None or parts.sequences or "find_gene" not in context.catalogue:
        return []
    found = []
    for name in gene_names(parts.bare)[:3]:
        result = await context.call("find_gene", {"name": name, "organism": "E. coli"})
        if result.status == "ok" and result.data["name"] not in [one for one, _ in found]:
            found.append([result.data["name"], "E. coli"])
    return found


def optimised(
    writer: StepWriter, brief: Brief, tasks: Sequence[str], singles: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The steps that write coding sequences anew, and references to what they make: that is copied and cloned then.

    A vector stays as it is.
    """
    made = []
    insert = (-1 if brief.options.get("genes") or "gibson" in tasks else 0) % max(1, len(singles))
    for place, (sequence, kind) in enumerate(singles):
        if {"clone", "gibson"} & set(tasks) and place != insert:
            made.append((sequence, kind))
            continue
        protein = sequence
        if kind != "protein":
            read = writer.add("translate_dna", {"sequence": sequence}, "The protein whose codons are chosen.")
            protein = f"${{{read}.data.protein}}"
        # The sites that the sequence is cloned by must not be inside it either.
        barred = [*brief.options.get("avoided", ()), *brief.options.get("enzymes", ())]
        wish = {"protein": protein, "avoid": barred} | _organism(brief) | _gc(brief)
        wish |= {"longest_run": run} if (run := brief.options.get("wishes", {}).get("longest_run")) else {}
        step = writer.add("optimise_codons", wish, "Its coding sequence in the organism's codons.", optional=True)
        made.append((f"${{{step}.data.sequence}}", "dna"))
    return made


def special_steps(
    writer: StepWriter,
    brief: Brief,
    tasks: Sequence[str],
    singles: Sequence[tuple[str, str]],
    made: Sequence[tuple[str, str]],
) -> None:
    """The steps of these tasks.

    Args:
        writer: Writes them.
        brief: With the enzymes and organisms of the goal.
        tasks: Those that it names.
        singles: Each sequence, or the reference to it, with its kind.
        made: The same after their codons were chosen anew, where the goal wants that: what is cloned.
    """
    enzymes = list(brief.options.get("enzymes", ()))
    organism = _organism(brief)
    for sequence, kind in singles:
        if kind == "protein":
            continue
        if "silent" in tasks and (sites := list(brief.options.get("avoided", ())) or enzymes):
            wish = {"coding": sequence, "sites": sites} | organism
            writer.add("remove_sites_silently", wish, "The sites removed, the protein kept.", optional=True)
        if "guides" in tasks:
            wish = {"sequence": sequence} | ({"genome": "E. coli"} if _COLI in organism.values() else {})
            wish |= {"pam": pam} if (pam := _pam(brief.goal)) else {}
            wish |= {"count": brief.wanted} if brief.wanted else {}
            wish |= _gc(brief) | ({"near": near} if (near := brief.options.get("wishes", {}).get("near")) else {})
            writer.add("design_guides", wish | part_of(brief), "Where the nuclease can be led.")
        if "other_strand" in tasks:
            writer.add("reverse_complement", {"sequence": sequence}, "The other strand, 5' to 3'.")
        if "frames" in tasks:
            _frames(writer, brief, sequence)
        if "qpcr" in tasks:
            writer.add(
                "design_qpcr_primers",
                {"sequence": sequence, **_product(brief), **primer_melting(brief)},
                "A short amplicon.",
            )
        if "cutters" in tasks:
            once = re.search(r"\bonce\b|unique|single|한 번", brief.goal, re.IGNORECASE)
            wish = {"sequence": sequence, "circular": bool(brief.options.get("circular")), "only_cuts": int(bool(once))}
            writer.add("find_restriction_sites", wish, "Which enzymes cut it, and where.")
        if "parts" in tasks:
            writer.add(
                "annotate_plasmid",
                {"sequence": sequence, "circular": bool(brief.options.get("circular", True))},
                "What it carries.",
            )
    nucleic = [sequence for sequence, kind in made if kind != "protein"]
    if "gibson" in tasks and enzymes:
        _gibson(writer, brief, enzymes, nucleic)
    if "clone" in tasks:
        _restriction(writer, brief, enzymes, nucleic)


def _organism(brief: Brief) -> dict[str, str]:
    """The organism of a goal, as the tools take it."""
    named = [one for one in brief.entities if one.kind == "organism"]
    # Of several the host is the one that something is made in or for, not the one that it comes from.
    hosts = [
        one
        for before in ("in", "for|by")
        for one in named
        if re.search(rf"\b(?:{before})\s+(?:the\s+)?{re.escape(one.text)}", brief.goal)
    ]
    return next(({"organism": str(one.value)} for one in (*hosts, *named)), {})


def _gibson(writer: StepWriter, brief: Brief, enzymes: list[str], nucleic: list[str]) -> None:
    """Primers for an insert: a gene that the goal names, or its last sequence, into the first or a known vector."""
    region = cloning_region(brief.goal)
    if not nucleic or (region is None and len(nucleic) < 2):
        return
    insert, vector = (nucleic[0], nucleic[-1]) if brief.options.get("vector") else (nucleic[-1], nucleic[0])
    known: dict[str, Any] = {"vector": vector} if region is None else {"vector": region, "circular_vector": False}
    wishes = brief.options.get("wishes", {})
    known |= {name: wishes[name] for name in ("overlap", "overlap_tm") if name in wishes}
    writer.add(
        "design_gibson_primers",
        {"insert": insert, "enzymes": enzymes[:2], **known},
        "Primers with the ends of the opened vector.",
    )


def _restriction(writer: StepWriter, brief: Brief, enzymes: list[str], nucleic: list[str]) -> None:
    """Primers that add the sites to an insert, its PCR, and its ligation into the vector.

    The insert is the gene that the goal names, else its first sequence; the vector is the other one.
    """
    insert, vector = (nucleic[-1], nucleic[0]) if brief.options.get("genes") else (nucleic[0], nucleic[-1])
    tails = {"forward_enzyme": enzymes[0], "reverse_enzyme": enzymes[min(1, len(enzymes) - 1)]}
    if (extra := brief.options.get("wishes", {}).get("extra_bases")) is not None:
        tails |= {"forward_overhang": _clamp(extra), "reverse_overhang": _clamp(extra)}
    made = writer.add("design_primers", {"sequence": insert, **tails}, "Primers that add the sites to the insert.")
    pair = f"${{{made}.data.pairs.0"
    amplified = writer.add(
        "amplify",
        {"template": insert, "forward": f"{pair}.forward}}", "reverse": f"{pair}.reverse}}"},
        "The insert with its sites.",
    )
    writer.add(
        "clone_by_restriction",
        {"vector": vector, "insert": f"${{{amplified}.data.products.0.sequence}}", "enzymes": enzymes[:2]},
        "The plasmid that results, and whether the insert can go in either way round.",
    )


def _clamp(extra: int) -> str:
    """So many bases before a site: the usual four are written GCGC."""
    return ("GCGC" * extra)[:extra]


def can_clone(tasks: Sequence[str], enzymes: Sequence[str], molecules: int) -> bool:
    """Whether a goal that speaks of cloning gives what its simulation needs: enzymes, an insert and a vector."""
    return "clone" in tasks and bool(enzymes) and molecules >= 2


def _frames(writer: StepWriter, brief: Brief, sequence: str) -> None:
    """Translations in the three frames of the strand, and of the other one where the goal wants all six."""
    strands = [(sequence, "")]
    if not re.search(r"\b(?:three|3)\b[\w ]{0,20}\bframes?", brief.goal, re.IGNORECASE):
        other = writer.add("reverse_complement", {"sequence": sequence}, "The other strand, for its frames.")
        strands.append((f"${{{other}.data.sequence}}", " of the other strand"))
    for strand, which in strands:
        for frame in (1, 2, 3):
            arguments = {"sequence": strand, "frame": frame, "to_stop": False}
            writer.add("translate_dna", arguments, f"Frame {frame}{which}.", optional=True)


_PAMS = (("NNGRRT", r"\bSaCas9"), ("TTTV", r"Cas12|Cpf1"))


def _pam(goal: str) -> str:
    """The motif of the nuclease that a goal names, where it is not the usual one."""
    written = re.search(r"\bPAM\s*(?:is|=|:|of)?\s*(?P<pam>[ACGTNRYVWSKMBDH]{3,8})\b", goal)
    return written["pam"] if written else next((pam for pam, name in _PAMS if re.search(name, goal, re.I)), "")


def part_of(brief: Brief) -> dict[str, int]:
    """The part of a sequence that a goal is about: "the first 300 bp", "between bases 20 and 180"."""
    if match := PART.search(brief.goal):
        if match["first"]:
            return {"start": 1, "end": int(match["first"])}
        return {"start": int(match["low"]), "end": int(match["high"])}
    return {}


PART = re.compile(
    r"\bfirst\s+(?P<first>\d+)\s*(?:bp|nt|bases|nucleotides)"
    r"|\b(?:positions?|bases?|nucleotides?|region)\s+(?:from\s+)?(?P<low>\d+)\s*(?:-|–|to|and)\s*(?P<high>\d+)",
    re.IGNORECASE,
)
"""Where a goal says which part of a sequence it is about."""


def primer_melting(brief: Brief) -> dict[str, float]:
    """The melting temperature that primers shall have: the goal's target, or the middle of its range."""
    for wish in brief.objectives:
        if wish.quantity == "melting_temperature" and wish.target is not None:
            return {"tm": wish.target}
    bounds = [one for one in brief.constraints if one.quantity == "melting_temperature"]
    both = next(((one.low + one.high) / 2 for one in bounds if one.low is not None and one.high is not None), None)
    return {"tm": both} if both is not None else {}


def _gc(brief: Brief) -> dict[str, float]:
    """The bounds of a goal on the GC content, as the tools take them."""
    bounds = [bound for bound in brief.constraints if bound.quantity == "GC"]
    found = {
        "gc_low": [b.low for b in bounds if b.low is not None],
        "gc_high": [b.high for b in bounds if b.high is not None],
    }
    return {name: values[0] for name, values in found.items() if values}


def _product(brief: Brief) -> dict[str, int]:
    """The lengths of amplicon and primers, where the goal bounds them."""
    spans = re.finditer(r"(\d{2,4})\s*(?:bp|nt)?\s*(?:to|-|–|and|~)\s*(\d{2,4})\s*(?:bp|nt|base|염기)", brief.goal)
    ranges = [(int(one[1]), int(one[2])) for one in spans]
    # Lengths of one kind or the other: a primer has 15 to 35 bases, a product of quantitative PCR 50 and more.
    found: dict[str, int] = {}
    for low, high in ranges:
        names = ("shortest", "longest") if high <= _LONGEST_PRIMER else ("product_low", "product_high")
        found |= dict(zip(names, (low, high), strict=True))
    return found


_LONGEST_PRIMER = 36
"""Bases up to which a length is that of a primer."""
