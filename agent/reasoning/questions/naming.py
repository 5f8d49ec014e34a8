"""Genes that a question names instead of giving their sequence."""

from __future__ import annotations

import re

from agent.reasoning.questions.calls import Desk
from agent.reasoning.questions.reading import Asked

# A bacterial gene is three letters of a phenotype and one of a locus (Demerec et al., Genetics 54 (1966) 61), or a
# systematic name such as b0002.
_SYMBOL = r"[a-z]{3,4}[A-Z]{0,2}\d{0,2}(?:-\d{1,2})?|b\d{4}"
_SPECIES = r"(?:E\.\s*coli|Escherichia coli|대장균)"
_NAMED = (
    re.compile(rf"\b({_SYMBOL})['’]?\s+(?:gene|ORF|CDS|coding sequence|open reading frame)\b"),
    re.compile(rf"\b(?:gene|ORF|CDS|유전자(?:인)?)\s+(?:called\s+|named\s+|encoding\s+)?['\"‘“]?({_SYMBOL})\b"),
    re.compile(rf"\b({_SYMBOL})\s*(?:의\s*)?유전자"),
    re.compile(rf"\b({_SYMBOL})\s*(?:,\s*)?(?:gene\s+)?(?:of|from|in|\()\s*(?:the\s+)?{_SPECIES}"),
    re.compile(rf"{_SPECIES}(?:['’]s|의)?\s+({_SYMBOL})(?![a-zA-Z])"),
    re.compile(rf"\b(?:clon\w+|amplif\w+|assembl\w+(?: of)?|insert\w*)\s+(?:the\s+)?({_SYMBOL})\b"),
    re.compile(r"\b([a-z]{3}[A-Z]\d?|b\d{4})\b"),
)
_ENGLISH = "the this that from with into gene genes same your our for and each them these which was were has"
_NO_SYMBOL = frozenset(_ENGLISH.split())
_ORGANISM = re.compile(r"E(?:\.|scherichia)\s*coli(?:\s+[A-Z][\w:-]*\d[\w:-]*)?|MG1655|\bK-?12\b|대장균")


def gene_names(words: str) -> tuple[str, ...]:
    """Names that may be genes of a bacterium, the likeliest first."""
    found = [name for shape in _NAMED for name in shape.findall(words) if name not in _NO_SYMBOL]
    return tuple(dict.fromkeys(found))


async def gene_sequence(asked: Asked, desk: Desk) -> str | None:
    """The sequence of the gene that a question names, from the genome at hand; ``None`` if it cannot be told.

    Several genes of one name with different sequences are no answer.
    """
    organism = _ORGANISM.search(asked.words)
    if organism is None:
        return None
    for name in gene_names(asked.words):
        result = await desk.attempt("find_gene", name=name, organism=organism[0])
        if result.status == "error":
            return None  # no genome of that organism is at hand
        if result.status == "ok":
            sequences = set(result.data["sequences"])
            return sequences.pop() if len(sequences) == 1 else None
    return None
