"""Questions on open reading frames, their proteins, and their translation.

A frame begins with ATG, ends with a stop codon, and is read on the strand that is given: a question that shows one
strand and asks for "the" open reading frame asks for that strand. Where frames are counted, each ATG counts: two starts
in one frame encode two proteins.
"""

from __future__ import annotations

from agent.reasoning.questions import matching, wording
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.reading import Asked, sequences

_UNIT = r"(?:AAs?(?![A-Za-z])|amino|residue|codon|개?(?:의)?\s*아미노산|잔기)"
_BASES = r"(?:bp|nt|bases?|base pairs|nucleotides?|염기)"
_MORE = r"(?:greater|more|longer|larger|bigger|higher)\s+than|over|above|exceed(?:s|ing)?|>"
_LEAST = r"at least|(?:a )?minimum(?: of| length(?: of)?)?|not? (?:less|fewer|shorter) than|≥|>="
_OR_MORE = r"or (?:more|longer|larger|greater|above)|이상"
_POSITION = (
    rf"(?:position|residue|number|no\.|codon|{_UNIT})\s*(?:number\s*|no\.\s*)?#",
    r"#\s*(?:st|nd|rd|th)\b",
    r"#\s*번째?",
)


async def translation_efficiency(asked: Asked, desk: Desk) -> Finding | None:
    """Which of several transcripts is translated best: the one with most residues behind starts in a good context."""
    listed = [sequences(choice) for choice in asked.choices]
    if not listed or not (asked.says(wording.EFFICIENCY) or asked.says(wording.INITIATION)):
        return None
    if not all(len(found) == 1 for found in listed):
        raise NotComputable("the choices are not one transcript each")
    organism = "bacterium" if asked.says(wording.BACTERIUM) else "eukaryote"
    lowest = asked.says(wording.LOWEST)
    result = await desk.use("compare_translation", sequences=[found[0] for found in listed], organism=organism)
    residues = [row["favourable_residues"] for row in result.data["rows"]]
    wanted = min(residues) if lowest else max(residues)
    context = "Kozak" if organism == "eukaryote" else "Shine-Dalgarno"
    return Finding(
        f"{wanted} residues stand behind favourable starts.",
        tuple(index for index, value in enumerate(residues) if value == wanted),
        f"residues of complete frames whose start has a favourable {context} context: {residues}",
    )


async def reading_frame(asked: Asked, desk: Desk) -> Finding | None:
    """Count of frames, the longest frame's protein or length, or one residue of it."""
    if not asked.says(wording.FRAME) or len(asked.sequences) != 1:
        return None
    sequence = asked.sequences[0].letters
    strands = "both" if asked.says(wording.BOTH_STRANDS) else "forward"
    if asked.says(wording.COUNT) and not asked.says(rf"how many {_UNIT}"):
        return await _count(asked, desk, sequence, strands)
    position = next((found for shape in _POSITION if (found := asked.number(shape))), None)
    result = await desk.use("find_orfs", sequence=sequence, min_length=1, strands=strands, residue=position or 0)
    if not result.data["orfs"]:
        raise NotComputable(result.summary)
    length = result.data["longest"]["length"]
    # Several frames may be equally long: each of them is a longest one.
    proteins = [row["protein"] for row in result.data["orfs"] if row["length"] == length]
    if position:
        letters = dict.fromkeys(protein[position - 1] for protein in proteins)
        found = {index for letter in letters for index in matching.same_residue(letter, asked.choices)}
        return Finding(" or ".join(letters), tuple(sorted(found)), result.summary)
    if asked.says(rf"how long|length|how many {_UNIT}|길이"):
        return Finding(str(length), tuple(matching.same_number(length, asked.choices)), result.summary)
    if not asked.says(wording.TRANSLATED):
        return None
    agreeing = {index for protein in proteins for index in matching.same_protein(protein, asked.choices)}
    return Finding(" or ".join(proteins), tuple(sorted(agreeing)), result.summary)


async def other_strand(asked: Asked, desk: Desk) -> Finding | None:
    """The other strand of a sequence, 5' to 3'."""
    if len(asked.sequences) != 1 or not asked.says(wording.OTHER_STRAND) or asked.says(wording.FRAME):
        return None
    result = await desk.use("reverse_complement", sequence=asked.sequences[0].letters)
    found = result.data["sequence"]
    agreeing = tuple(n for n, choice in enumerate(asked.choices) if found in sequences(choice))
    return Finding(found, agreeing, result.summary)


async def translated(asked: Asked, desk: Desk) -> Finding | None:
    """The protein of a coding sequence that is given from its start codon."""
    asks = asked.says(wording.TRANSLATION) and not asked.says(wording.FRAME) and not asked.says(wording.EFFICIENCY)
    if len(asked.sequences) != 1 or not asks or asked.says(wording.COUNT):
        return None
    letters = asked.sequences[0].letters
    if not letters.startswith("ATG"):
        return None
    result = await desk.use("translate_dna", sequence=letters, to_stop=True)
    protein = str(result.data["protein"]).rstrip("*")
    return Finding(protein, tuple(matching.same_protein(protein, asked.choices)), result.summary)


async def _count(asked: Asked, desk: Desk, sequence: str, strands: str) -> Finding:
    """How many frames there are; where a bound in bases leaves open whether the stop counts, both have to agree."""
    counts, told = set(), ""
    for least in _thresholds(asked):
        result = await desk.use("find_orfs", sequence=sequence, min_length=least, strands=strands, nested=True)
        counts.add(result.data["count"])
        told = result.summary
    if len(counts) > 1:
        raise NotComputable(f"the count depends on whether the stop codon belongs to the frame's length: {counts}")
    count = counts.pop()
    return Finding(str(count), tuple(matching.same_number(count, asked.choices)), told)


def _thresholds(asked: Asked) -> tuple[int, ...]:
    """The shortest proteins that may be meant, in residues.

    Raises:
        NotComputable: A number is given whose meaning is not clear.
    """
    residues = rf"[\s-]*{_UNIT}"
    # The unit may come later in the sentence: "proteins greater than 10 in length".
    for unit, bases in ((residues, False), (rf"[\s-]*{_BASES}", True), ("", False)):
        bounds = [
            (asked.number(rf"(?:{_LEAST})\s*#{unit}"), 0),
            (asked.number(rf"(?:{_MORE})\s*#{unit}"), 1),
            (asked.number(rf"(?<![A-Za-z])#{unit}[\w\s]{{0,12}}?(?:{_OR_MORE})"), 0),
            (asked.number(rf"(?<![A-Za-z])#{unit}[\w\s]{{0,12}}?(?:보다|초과|넘는)"), 1),
        ]
        found = next(((value, more) for value, more in bounds if value is not None), None)
        if found and bases:
            least = found[0] + found[1]
            return tuple(dict.fromkeys((max(1, -(-least // 3)), max(1, -(-least // 3) - 1))))
        if found:
            return (max(1, found[0] + found[1]),)
    if asked.number(rf"(?<![A-Za-z<])#(?:{residues}|[\s-]*{_BASES})") is not None:
        raise NotComputable("which lengths of frames count was not understood")
    return (1,)


RULES = (translation_efficiency, reading_frame, other_strand, translated)
