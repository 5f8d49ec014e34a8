"""Designs of protein engineers, ecologists and cell biologists: variants, tags, distances, barcodes, siRNAs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.reasoning.playbooks.base import StepWriter
from agent.reasoning.questions.wording import GOLDEN_GATE
from agent.records import Brief

DESIGNS: tuple[tuple[str, str], ...] = (
    (
        "mutate",
        r"mutagen\w*|site[- ]directed|quik-?change|돌연변이\s*(?:유발|도입)|점\s?돌연변이|mutations?\b.*\bprimers?",
    ),
    (
        "distances",
        r"\b(?:pairwise|genetic|evolutionary|phylogenetic|patristic|uncorrected|K2P|Kimura)\b(?:[\w -]{0,25}[\s-])?"
        r"(?:distances?|divergences?|identit\w+)|distance matri\w+|\bK2P\b|phylogen\w+|neighbou?r[- ]joining|\bNJ tree"
        r"|barcod\w+ gap|\b(?:same|separate|different|one) species\b|유전\s?(?:적\s?)?거리|진화\s?거리|쌍별\s?거리"
        r"|계통\s?(?:수|분석)|같은\s?종|동일\s?종",
    ),
    ("barcodes", r"\bbarcodes?\b|\b(?:i5|i7|illumina|sample|sequencing)\s+ind(?:ex\w*|ices)\b|\bUMIs?\b|바코드|인덱스"),
    ("sirna", r"\bsi-?RNAs?\b|\bRNAi\b|RNA interference|\bshRNAs?\b|siRNA|RNA\s?간섭"),
    (
        "signal",
        r"signal[- ](?:peptides?|sequences?)|leader (?:peptides?|sequences?)|\bsecret(?:ed|ion signal)"
        r"|mature (?:protein|form|sequence|peptide)|신호\s?(?:펩타이드|펩티드|서열)|분비\s?신호",
    ),
    ("golden_gate", GOLDEN_GATE),
)
"""Designs and the words that ask for them."""

REPLACED_BY_DESIGNS: dict[str, tuple[str, ...]] = {
    "mutate": ("primers",),
    "golden_gate": ("primers", "digest", "clone", "parts", "sites"),
    "distances": ("align",),
    "sirna": ("primers",),
    "barcodes": ("distances",),
}
"""Tasks that a design includes: its words name them too."""

_WITHOUT_INPUT = frozenset({"barcodes"})
_MODELS = (("p", r"\bp-?dist\w*|uncorrected"), ("JC69", r"JC69|Jukes"), ("K2P", r"K2P|Kimura"))


def designs_in(goal: str, wishes: Mapping[str, Any], *, given: int, protein: bool) -> list[str]:
    """The designs that a goal asks for.

    Args:
        goal: Its text.
        wishes: What was read of it besides (`find_sequence_wishes`).
        given: How many sequences and files it brings.
        protein: Whether one of them is a protein.
    """
    found = [name for name, pattern in DESIGNS if re.search(pattern, goal, re.IGNORECASE)]
    if "barcodes" in found and given:  # sequences that are barcodes themselves (COI, ITS) are compared
        found.remove("barcodes")
    if wishes.get("substitutions"):
        if "mutate" not in found and not protein and re.search(r"\bprimers?\b|프라이머", goal, re.IGNORECASE):
            found.append("mutate")
        if protein and "mutate" in found:
            found.remove("mutate")
        if "mutate" not in found:
            found.append("variants")
    else:
        found = [name for name in found if name != "mutate"]
    if (wishes.get("n_terminal") or wishes.get("c_terminal")) and protein:
        found.append("tags")
    return [name for name in found if given or name in _WITHOUT_INPUT]


def needs_input(tasks: Sequence[str]) -> bool:
    """Whether tasks need a sequence: barcodes are made from nothing."""
    return not tasks or not set(tasks) <= _WITHOUT_INPUT


def design_steps(
    writer: StepWriter,
    brief: Brief,
    tasks: Sequence[str],
    singles: Sequence[tuple[str, str]],
    sets: Sequence[tuple[Any, Any, str]],
) -> None:
    """The steps of these designs.

    Args:
        writer: Writes them.
        brief: With the wishes of the goal among its options.
        tasks: Those that it names.
        singles: Each sequence, or the reference to it, with its kind.
        sets: All sequences of each source, with their names and kind.
    """
    wishes: dict[str, Any] = brief.options.get("wishes", {})
    nucleic = [one for one, kind in singles if kind != "protein"]
    proteins = [one for one, kind in singles if kind == "protein"]
    parts, names = brief.options.get("order", [list(range(len(nucleic))), []])
    gc = {key: value for key, value in _gc(brief).items() if value is not None}
    if "mutate" in tasks and nucleic:
        arguments: dict[str, Any] = {"coding": nucleic[0], "substitutions": wishes["substitutions"]}
        if re.search(r"back[- ]to[- ]back|\bQ5\b|inverse PCR|KLD", brief.goal, re.IGNORECASE):
            arguments["method"] = "back_to_back"
        low = next((b.low for b in brief.constraints if b.quantity == "melting_temperature" and b.low), None)
        arguments |= {"tm": low} if low else {}
        writer.add("design_mutagenesis_primers", arguments, "The primers that carry the change.")
    if "variants" in tasks:
        protein: Any = proteins[0] if proteins else None
        if protein is None:
            read = writer.add("translate_dna", {"sequence": nucleic[0]}, "The protein that is changed.")
            protein = f"${{{read}.data.protein}}"
        arguments = {"protein": protein, "substitutions": wishes["substitutions"]}
        writer.add("assess_variants", arguments, "What the substitutions change, by the residues.")
    if "tags" in tasks:
        ends = {end: wishes[end] for end in ("n_terminal", "c_terminal") if wishes.get(end)}
        tagged = brief.options.get("tagged", 0)  # of several named ones, that which the tag is for
        named = [word for found in brief.options.get("picked", {}).values() for _, word in found]
        called = {"name": named[tagged]} if tagged < len(named) else {}
        for one in proteins[tagged : tagged + 1]:
            writer.add("tag_protein", {"protein": one, **ends, **called}, "What the tag changes.")
    if "signal" in tasks:
        for sequences, names, kind in sets:
            if kind == "protein":
                found = {"proteins": sequences} | ({"names": names} if names else {})
                writer.add("find_signal_peptides", found, "Which are precursors, and where they are cut.")
    if "distances" in tasks:
        model = next((name for name, shape in _MODELS if re.search(shape, brief.goal, re.IGNORECASE)), "")
        wish = ({"model": model} if model else {}) | {k: v for k, v in wishes.items() if k == "threshold"}
        for sequences, names, _ in sets:
            named = {"names": names} if names else {}
            writer.add("pairwise_distances", {"sequences": sequences, **named, **wish}, "How far apart they are.")
    if "barcodes" in tasks:
        wish = {"count": wishes.get("barcodes") or brief.wanted or 12}
        renamed = {
            "oligo_length": "length",
            "least_distance": "min_distance",
            "metric": "metric",
            "longest_run": "longest_run",
        }
        wish |= {name: wishes[key] for key, name in renamed.items() if key in wishes}
        wish |= {"avoid": list(brief.options["avoided"])} if brief.options.get("avoided") else {}
        writer.add("design_barcodes", wish | gc, "A set that reading errors do not confuse.")
    for sequence in nucleic if "sirna" in tasks else ():
        wish = {"start": wishes["skipped"] + 1} if "skipped" in wishes else {}
        wish |= {"count": brief.wanted} if brief.wanted else {}
        writer.add("design_sirnas", {"sequence": sequence} | wish | gc, "Stretches that silence it.")
    if "golden_gate" in tasks and len(nucleic) > 1:
        in_order = [nucleic[place] for place in parts] if len(parts) == len(nucleic) else nucleic
        enzyme = next((name for name in brief.options.get("enzymes", ()) if name in _TYPE_IIS), "BsaI")
        circular = (
            {"circular": True} if re.search(r"\bplasmids?\b|vector|circular|벡터|플라스미드", brief.goal, re.I) else {}
        )
        writer.add(
            "design_golden_gate",
            {
                "parts": in_order,
                **({"names": names} if len(names) == len(nucleic) else {}),
                "enzyme": enzyme,
                **circular,
            },
            "Primers that join the parts.",
        )


_TYPE_IIS = frozenset({"BsaI", "BsmBI", "Esp3I", "BbsI", "BpiI", "Eco31I", "AarI", "PaqCI", "SapI"})


def _gc(brief: Brief) -> dict[str, float | None]:
    """The bounds on the GC content, as the tools take them."""
    bound = next((one for one in brief.constraints if one.quantity == "GC"), None)
    return {"gc_low": bound.low, "gc_high": bound.high} if bound else {}
