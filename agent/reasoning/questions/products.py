"""Reading what an assembly made: its sequence, its digest, its colonies, its genes, and what it was made for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.reasoning.questions import comparing, matching, wording
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.reading import Asked, enzymes, sequences
from agent.tools.sequences import vector_genes as features
from agent.tools.sequences.text import reverse_complement
from agent.units import counted

# A Sanger read is unreadable near its primer and ends after some 800 bases.
_READ_FROM, _READ_TO = 30, 800


@dataclass(frozen=True)
class Made:
    """A circle that an assembly gives.

    Attributes:
        sequence: Its bases.
        summary: The tool's sentence on it.
        start: The plasmid that it was made of, where it is one plasmid's change; else empty.
        cut_with: The enzymes of the assembly itself.
    """

    sequence: str
    summary: str
    start: str = ""
    cut_with: tuple[str, ...] = ()


_PURPOSE = r"purpose|used for|\bgoal|\baim\b|accomplish|achiev|목적"
_GUIDE = r"guide RNA|gRNA|\bspacer|protospacer"
_WHOLE = r"plasmid|product|construct|clone|assembl|vector|molecule|플라스미드|산물"
# What a change of a gene is called.
_CHANGES = (
    (r"(?:remov|correct|fix|repair|eliminat)\w*[^.]*(?:premature|nonsense|stop)", "nonsense removed"),
    (r"(?:introduc|add|insert|creat)\w*[^.]*(?:premature|nonsense|stop codon)", "nonsense added"),
    (r"(?:correct|fix|repair|restor)\w*[^.]*frame", "frame restored"),
    (r"(?:introduc|add|creat|caus)\w*[^.]*frame[- ]?shift", "frame shifted"),
    (r"non-?synonymous|missense|point mutation|amino[- ]acid (?:substitution|change|exchange)|substitut", "missense"),
    (r"silent|(?<!non)(?<!non-)synonymous|codon[- ]optim|without changing the protein", "silent"),
    (r"\bdomain|fusion partner|fus(?:e|ing)", "domain added"),
    (r"\btag\b|linker|epitope", "residues added"),
    (r"delet|truncat|remov\w* (?:a |the )?(?:domain|region|residue)", "residues removed"),
    (r"\binver", "inversion"),
    (r"no purpose|no (?:net )?(?:change|effect)|nothing|identical", "none"),
)


async def read_product(asked: Asked, desk: Desk, made: Made) -> Finding | None:
    """What a question asks of the circle that was made; ``None`` where it is none of the known."""
    last = asked.last

    def asks(shape: str) -> bool:
        return re.search(shape, last, re.IGNORECASE) is not None

    primers = annealed(asked.oligos)[1]
    if not made.start and len(primers) == 2 and asked.says(wording.AMPLIFIED) and asks(rf"{wording.LENGTH}|\bband"):
        return await _colony_pcr(asked, desk, made, primers)
    if asks(rf"{wording.FRAGMENTS}|digest"):
        return await _digest(asked, desk, made)
    if asks(r"antibiotic|resistan|\bselect(?:ion|ive)?\b|항생제"):
        return await _antibiotic(asked, desk, made)
    if asks(r"colon(?:y|ies)|which ones|colou?r|콜로니") and asked.says(r"green|white|blue|\bred\b|pink|colou?r"):
        return await _colour(asked, desk, made)
    if asks(r"polymerase"):
        return _polymerase(asked, made)
    if asks(r"primer") and asked.says(r"Sanger|sequencing"):
        return await _sequencing_primer(asked, desk, made)
    if asks(_PURPOSE):
        return await _purpose(asked, desk, made)
    if asks(_GUIDE) and asks(wording.COUNT):
        count = features.guides(made.sequence)
        return Finding(str(len(count)), tuple(matching.same_number(len(count), asked.choices)), made.summary)
    if asks(_GUIDE) and asks(r"sequence|target"):
        return _spacer(asked, made)
    if asks(wording.LENGTH) and asks(_WHOLE):
        length = len(made.sequence)
        return Finding(str(length), tuple(matching.same_length(length, asked.choices)), made.summary)
    if asks(r"sequence|서열"):
        return Finding(
            made.sequence, tuple(matching.same_molecule(made.sequence, asked.choices, circular=True)), made.summary
        )
    return None


async def _digest(asked: Asked, desk: Desk, made: Made) -> Finding | None:
    """The fragments of the product with the enzymes that screen it: those named last, other than the assembly's own."""
    sentences = [asked.last, *reversed(re.split(r"(?<=[.?!;])\s+", asked.words))]
    named = [found for text in sentences if re.search(wording.DIGEST, text, re.I) and (found := enzymes(text))]
    names = next((found for found in named if set(found) - set(made.cut_with)), None)
    if names is None:
        return None
    if not set(names) <= set(enzymes(asked.last)):
        names = tuple(name for name in names if name not in made.cut_with)
    result = await desk.use("digest_dna", sequence=made.sequence, enzymes=list(names), circular=True)
    if re.search(wording.COUNT, asked.last, re.IGNORECASE):
        count = result.data["count"]
        return Finding(str(count), tuple(matching.same_number(count, asked.choices)), result.summary)
    lengths = result.data["sorted_lengths"]
    return Finding(", ".join(map(str, lengths)), tuple(matching.same_lengths(lengths, asked.choices)), result.summary)


def _spacer(asked: Asked, made: Made) -> Finding:
    """The 20 bases before the guide's constant part pair with the target."""
    spacers = features.guides(made.sequence)
    if len(spacers) != 1:
        raise NotComputable(f"the product carries {len(spacers)} guide RNAs")
    spacer = spacers[0]
    agreeing = tuple(
        index
        for index, choice in enumerate(asked.choices)
        if any(len(found) >= 17 and spacer.endswith(found[-20:]) for found in sequences(choice))
    )
    return Finding(spacer, agreeing, "the 20 bases before the constant part of the guide RNA")


async def _colony_pcr(asked: Asked, desk: Desk, made: Made, primers: list[str]) -> Finding:
    """The band that a correct clone gives with the primers of the question."""
    result = await desk.use("amplify", template=made.sequence, forward=primers[0], reverse=primers[1], circular=True)
    lengths = result.data["lengths"]
    if len(lengths) != 1:
        raise NotComputable(f"the primers give {len(lengths)} products on the clone: {result.summary}")
    return Finding(str(lengths[0]), tuple(matching.same_number(lengths[0], asked.choices)), result.summary)


async def _antibiotic(asked: Asked, desk: Desk, made: Made) -> Finding:
    """The product's own resistance genes select its transformants."""
    found = await genes(desk, made.sequence)
    selecting = {drug for gene in found for drug in gene.selects}
    agreeing = [index for index, choice in enumerate(asked.choices) if features.drugs(choice) & selecting]
    told = ", ".join(gene.name for gene in found if gene.selects) or "no known resistance"
    return Finding(", ".join(sorted(selecting)) or "none", tuple(agreeing), f"the product carries {told}")


async def _colour(asked: Asked, desk: Desk, made: Made) -> Finding:
    """A reporter that the product keeps colours its colonies; one that it lost leaves them white."""
    before = {gene.colour for one in asked.longer for gene in await genes(desk, one.letters) if gene.colour}
    after = {gene.colour for gene in await genes(desk, made.sequence) if gene.colour}
    if not before:
        raise NotComputable("none of the plasmids carries a known coloured reporter")
    colour = next(iter(sorted(after)), "white")
    agreeing = [index for index, choice in enumerate(asked.choices) if _single_colour(choice) == colour]
    kept = ", ".join(sorted(after)) or "none"
    told = f"coloured reporters of the starting plasmids: {', '.join(sorted(before))}; of the product: {kept}"
    return Finding(colour, tuple(agreeing), told)


def _single_colour(choice: str) -> str:
    found = set(re.findall(r"white|green|red|pink|blue", choice.casefold()))
    return found.pop() if len(found) == 1 else ""


def _polymerase(asked: Asked, made: Made) -> Finding:
    """Small RNAs such as guide RNAs are read by RNA polymerase III from its promoters."""
    if not (features.has_guide(made.sequence) and features.has_polymerase_three_promoter(made.sequence)):
        raise NotComputable("no guide RNA behind a known promoter of RNA polymerase III was recognised")
    agreeing = [
        index for index, choice in enumerate(asked.choices) if re.search(r"RNA pol\w*\s+(?:III|3)\b", choice, re.I)
    ]
    return Finding("RNA polymerase III", tuple(agreeing), "a guide RNA stands behind a promoter of RNA polymerase III")


async def _purpose(asked: Asked, desk: Desk, made: Made) -> Finding:
    """What a product expresses: a guide RNA, Cas9, or both; else what was changed in the plasmid it was made of."""
    guide = features.has_guide(made.sequence)
    nuclease = any(gene.name.startswith("Cas9") for gene in await genes(desk, made.sequence))
    if not (guide or nuclease):
        return await _changed(asked, desk, made)
    agreeing = [
        index
        for index, choice in enumerate(asked.choices)
        if bool(re.search(r"guide RNA|gRNA", choice)) == guide and ("Cas9" in choice) == nuclease
    ]
    told = " and ".join(name for name, there in (("a guide RNA", guide), ("Cas9", nuclease)) if there)
    return Finding(f"It expresses {told}.", tuple(agreeing), f"the product carries {told}")


async def _changed(asked: Asked, desk: Desk, made: Made) -> Finding:
    region = comparing.aligned(made.start, made.sequence) if made.start else None
    if region is None:
        raise NotComputable("neither a guide RNA nor Cas9 was recognised, nor is it one change of one plasmid")
    kind = await comparing.change(desk, region)
    agreeing = []
    for index, choice in enumerate(asked.choices):
        named = next((change for shape, change in _CHANGES if re.search(shape, choice, re.IGNORECASE)), "")
        if named == kind:
            agreeing.append(index)
    told = f"{len(region.old)} bases after the {region.before} shared ones become {len(region.new)}: {kind}"
    return Finding(kind, tuple(agreeing), told)


async def _sequencing_primer(asked: Asked, desk: Desk, made: Made) -> Finding:
    """A primer that binds once, points at the insert, and has all of it within one read."""
    listed = [sequences(choice) for choice in asked.choices]
    if not all(len(found) == 1 for found in listed) or not asked.oligos:
        raise NotComputable("the choices are not one primer each, or the insert is not known")
    core = asked.oligos[0]  # its overhang pairs with the vector's, so that the product holds the whole strand
    ring = made.sequence * 2
    fitting, told = [], []
    for index, (primer,) in enumerate(listed):
        distances = []
        for strand in (ring, reverse_complement(ring)):
            place = strand.find(primer)
            target = strand.find(core, place + len(primer)) if place >= 0 else -1
            if target < 0:
                target = strand.find(reverse_complement(core), place + len(primer)) if place >= 0 else -1
            if target >= 0:
                distances.append(target - place - len(primer))
        good = [gap for gap in distances if _READ_FROM <= gap <= _READ_TO - len(core)]
        told.append(f"{primer}: {min(distances) if distances else 'no'} bases before the insert")
        if good:
            fitting.append((good[0], index))
    return Finding(
        f"{counted(len(fitting), 'primer')} may read the insert.", tuple(index for _, index in fitting), "; ".join(told)
    )


def annealed(oligos: tuple[str, ...]) -> tuple[list[tuple[str, str]], list[str]]:
    """Neighbours that pair to a duplex with overhangs of three or four bases, and the oligonucleotides that do not."""
    pairs: list[tuple[str, str]] = []
    single: list[str] = []
    waiting = list(oligos)
    while waiting:
        top = waiting.pop(0)
        if waiting and any(waiting[0][n:] == reverse_complement(top[n:]) for n in (3, 4)):
            pairs.append((top, waiting.pop(0)))
        else:
            single.append(top)
    return pairs, single


async def genes(desk: Desk, circle: str) -> tuple[features.Gene, ...]:
    """The known genes of vectors that a circle carries."""
    result = await desk.use("find_orfs", sequence=circle, min_length=30, circular=True)
    return features.genes(result.data.get("proteins", []))
