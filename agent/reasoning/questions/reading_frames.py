"""Questions on open reading frames, their proteins, and their translation.

A frame begins with ATG, ends with a stop codon, and is read on the strand that is given: a question that shows one
strand and asks for "the" open reading frame asks for that strand. Where frames are counted, each ATG counts: two starts
in one frame encode two proteins.
"""

from __future__ import annotations

from agent.reasoning.questions import matching
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.reading import Asked, sequences

_ORF = r"open reading frame|\bORFs?\b"
_BACTERIUM = r"bacteri|E\. ?coli|Escherichia|prokaryot|Bacillus"


async def translation_efficiency(asked: Asked, desk: Desk) -> Finding | None:
    """Which of several transcripts is translated best: the one with most residues behind starts in a good context."""
    listed = [sequences(choice) for choice in asked.choices]
    if not asked.says(r"translat\w+ efficien|efficient\w* translat|translated (?:most|best)") or not listed:
        return None
    if not all(len(found) == 1 for found in listed):
        raise NotComputable("the choices are not one transcript each")
    organism = "bacterium" if asked.says(_BACTERIUM) else "eukaryote"
    lowest = asked.says(r"\b(?:low|lowest|least|poor)\b")
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
    if not asked.says(_ORF) or len(asked.sequences) != 1:
        return None
    sequence = asked.sequences[0].letters
    strands = "both" if asked.says(r"both strands|six frames|either strand") else "forward"
    if asked.says(r"how many"):
        result = await desk.use(
            "find_orfs", sequence=sequence, min_length=_threshold(asked), strands=strands, nested=True
        )
        count = result.data["count"]
        return Finding(str(count), tuple(matching.same_number(count, asked.choices)), result.summary)
    position = asked.number(r"(?:position|residue|number)\s+#") or asked.number(r"#(?:st|nd|rd|th)\b")
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
    if asked.says(r"how long|length"):
        return Finding(str(length), tuple(matching.same_number(length, asked.choices)), result.summary)
    if not asked.says(r"\bAAs?\b|amino|protein|peptide|encode|translat"):
        return None
    agreeing = {index for protein in proteins for index in matching.same_protein(protein, asked.choices)}
    return Finding(" or ".join(proteins), tuple(sorted(agreeing)), result.summary)


def _threshold(asked: Asked) -> int:
    """The shortest protein that counts, in residues."""
    if (
        more := asked.number(r"(?:greater|more|longer|larger|over)\s+(?:than\s+)?#\s*(?:AA|amino|residue)")
    ) is not None:
        return more + 1
    least = asked.number(r"(?:at least|minimum of|no (?:less|fewer|shorter) than)\s+#\s*(?:AA|amino|residue)")
    return least if least else 1


RULES = (translation_efficiency, reading_frame)
