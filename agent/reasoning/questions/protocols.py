"""Cloning protocols told in words: plasmids are opened, fragments amplified, and all of it joined in silico."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.reasoning.questions import wording
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.products import Made, read_product
from agent.reasoning.questions.reading import Asked, Mentioned, enzymes
from agent.records import Result

SHORTEST_HOMOLOGY = 15
"""Bases that two ends have to share in a Gibson assembly (Gibson et al., Nature Methods 6 (2009) 343)."""

_OPENED = re.compile(
    r"\b(?:cut|digest|lineari[sz]|open|restrict)\w*\b(?P<what>[^.;?]*?)\b(?:with|using|by)\s+(?P<with>[^.;?]*)",
    re.IGNORECASE,
)
_RESTRICTION = r"restriction|ligat\w+|sticky|\bT4\b|제한효소"


@dataclass(frozen=True)
class Told:
    """A protocol taken apart.

    Attributes:
        vector: The plasmid that is opened.
        vector_enzymes: What opens it.
        amplified: For each PCR the molecules that may be its template, and the two primers.
        pieces: The other linear molecules.
    """

    vector: Mentioned | None
    vector_enzymes: tuple[str, ...]
    amplified: tuple[tuple[tuple[Mentioned, ...], str, str], ...]
    pieces: tuple[Mentioned, ...]


async def gibson_product(asked: Asked, desk: Desk) -> Finding | None:
    """Questions on what a Gibson assembly makes of an opened plasmid, PCR products and fragments."""
    if not asked.says(wording.ASSEMBLY) or not asked.longer:
        return None
    told = take_apart(asked)
    if told.vector is None or not (told.amplified or told.pieces):
        return None
    fragments = [await _amplicon(desk, *one) for one in told.amplified] + [one.letters for one in told.pieces]
    result = await desk.use(
        "assemble_gibson",
        fragments=fragments,
        vector=told.vector.letters,
        vector_enzymes=list(told.vector_enzymes),
        min_overlap=SHORTEST_HOMOLOGY,
    )
    return await _read(asked, desk, result, told.vector)


async def ligation_product(asked: Asked, desk: Desk) -> Finding | None:
    """Questions on what restriction and ligation of a fragment or a PCR product into a plasmid make."""
    if not asked.says(_RESTRICTION) or asked.says(rf"{wording.ASSEMBLY}|{wording.GOLDEN_GATE}") or not asked.longer:
        return None
    told = take_apart(asked)
    if told.vector is None or len(told.amplified) + len(told.pieces) != 1:
        return None
    insert = told.pieces[0].letters if told.pieces else await _amplicon(desk, *told.amplified[0])
    result = await desk.use(
        "clone_by_restriction", vector=told.vector.letters, insert=insert, enzymes=list(told.vector_enzymes)
    )
    return await _read(asked, desk, result, told.vector)


async def _read(asked: Asked, desk: Desk, result: Result, vector: Mentioned) -> Finding | None:
    products = result.data.get("products", [])
    if len(products) != 1:
        raise NotComputable(f"the parts give {len(products)} circles: {result.summary}")
    return await read_product(asked, desk, Made(products[0]["sequence"], result.summary, vector.letters))


def take_apart(asked: Asked) -> Told:
    """The steps that a question tells."""
    numbered = {f"<{number}>": one for number, one in enumerate(asked.sequences, start=1)}
    known = numbered | {one.name: one for one in asked.sequences if one.name}
    vector, cutting = _opened(asked, known)
    amplified, templates = [], set()
    for sentence in re.split(r"(?<=[.;?!])\s+", asked.words):
        if not re.search(wording.AMPLIFIED, sentence, re.IGNORECASE):
            continue
        named = tuple(one for one in _mentioned(sentence, known) if not one.is_oligo)
        for forward, reverse in _pairs(sentence, known):
            step = (named or asked.longer, forward.letters, reverse.letters)
            if step not in amplified:
                amplified.append(step)
                templates |= set(named)
    primers = [one.letters for one in asked.sequences if one.is_oligo]
    others = tuple(one for one in asked.longer if one != vector)
    if not amplified and len(primers) == 2 and len(others) == 1 and asked.says(wording.AMPLIFIED):
        amplified, templates = [(others, primers[0], primers[1])], set(others)
    used = templates | {vector}
    pieces = tuple(one for one in asked.longer if one not in used)
    return Told(vector, cutting, tuple(amplified), pieces)


def _opened(asked: Asked, known: dict[str, Mentioned]) -> tuple[Mentioned | None, tuple[str, ...]]:
    """The plasmid that is opened, and the enzymes; the only plasmid, or the longest sequence, where none is named."""
    for match in _OPENED.finditer(asked.words):
        names = enzymes(match["with"])
        if names:
            named = [one for one in _mentioned(match["what"], known) if not one.is_oligo]
            longest = max(asked.longer, key=lambda one: len(one.letters))
            return (named[0] if named else longest), names
    return None, ()


def _mentioned(text: str, known: dict[str, Mentioned]) -> list[Mentioned]:
    found = [(place, one) for name, one in known.items() if (place := _place(text, name)) >= 0]
    return [one for _, one in sorted(found, key=lambda item: item[0])]


def _place(text: str, name: str) -> int:
    match = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])" if name[0] != "<" else re.escape(name), text)
    return match.start() if match else -1


def _pairs(sentence: str, known: dict[str, Mentioned]) -> list[tuple[Mentioned, Mentioned]]:
    """Pairs of primers that stand side by side in a sentence."""
    places = {name: _place(sentence, name) for name, one in known.items() if one.is_oligo}
    ordered = [known[name] for name in sorted(places, key=lambda name: places[name]) if places[name] >= 0]
    # A primer may be told by its name and its sequence, one after the other.
    unique = list({one.letters: one for one in ordered}.values())
    return [(unique[i], unique[i + 1]) for i in range(0, len(unique) - 1, 2)]


async def _amplicon(desk: Desk, templates: tuple[Mentioned, ...], forward: str, reverse: str) -> str:
    """The one product of a pair of primers on the molecules that may be its template; a circle where that is needed."""
    told, made = "", set()
    for circular in (False, True):
        for template in templates:
            result = await desk.use(
                "amplify", template=template.letters, forward=forward, reverse=reverse, circular=circular
            )
            made |= {product["sequence"] for product in result.data["products"]}
            told = result.summary
        if len(made) == 1:
            return made.pop()
    raise NotComputable(f"a pair of primers gives {len(made)} products: {told}")


RULES = (gibson_product, ligation_product)
